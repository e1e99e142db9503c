"""What a reading may look like, and that everything else is refused where it stands."""

import pytest

from agreements.exceptions import ReadingError
from agreements.readings import read_batch
from tests.readings import HEADER, READING, is_empty, refused, write

pytestmark = pytest.mark.django_db


def problems(tmp_path, text: str | bytes) -> list[str]:
    """Every fault of a reading, as `line: field: message`."""
    path = tmp_path / "talks.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ReadingError) as refusal:
        read_batch([path])
    return [str(each).removeprefix(f"{path}:") for each in refusal.value.problems]


def problem(tmp_path, text: str | bytes) -> str:
    (only,) = problems(tmp_path, text)
    return only


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_an_anchor_is_refused(tmp_path):
    text = READING.replace("title: Eighth", "title: &title Eighth")
    at = line_of(text, "&title")
    assert problem(tmp_path, text) == (
        f"{at}: file: Anchors and aliases are not read; write the value out."
    )


def test_laughs_are_not_multiplied(tmp_path):
    text = "a: &a [ha, ha]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
    assert problem(tmp_path, text).startswith("1: file: Anchors")


def test_an_alias_without_an_anchor_is_refused(tmp_path):
    assert problem(tmp_path, HEADER + "topics: *all\n").startswith("6: file: Anchors")


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!str", "!own", "!"])
def test_a_tag_is_refused(tmp_path, tag):
    text = HEADER.replace("read_by: analyst", f"read_by: {tag} analyst")
    assert problem(tmp_path, text) == "3: file: Tags (!) are not read; write plain values."


def test_a_key_that_stands_twice_is_refused(tmp_path):
    text = READING.replace("    status: held\n", "    status: held\n    status: planned\n")
    at = line_of(text, "status: planned")
    assert problem(tmp_path, text) == (
        f"{at}: meetings[0].status: This key stands twice; keep one."
    )


def test_a_merge_key_is_an_unknown_key(tmp_path):
    assert problem(tmp_path, HEADER + "<<: {topics: []}\n").startswith("6: '<<': Unknown key;")


def test_a_tab_as_indentation_is_refused(tmp_path):
    fault = problem(tmp_path, HEADER + "topics:\n\t- {slug: a, name: b}\n")
    assert fault.startswith("7: file: Not YAML: ")
    assert "tab" in fault or "\\t" in fault


def test_deep_nesting_is_refused(tmp_path):
    assert problem(tmp_path, HEADER + f"topics: {'[' * 5000}\n") == (
        "6: file: Nested deeper than 12 levels."
    )


def test_a_second_document_in_the_file_is_refused(tmp_path):
    assert "another document" in problem(tmp_path, READING + "---\nformat: 1\n")


def test_a_list_where_a_mapping_belongs_is_refused(tmp_path):
    fault = problem(tmp_path, READING.replace("    date: 2024-12-16", "    location: [Hanoi, VN]"))
    assert "meetings[0].location: Write a mapping here, with: name, country." in fault


def test_a_mapping_where_a_list_belongs_is_refused(tmp_path):
    fault = problem(tmp_path, HEADER + "topics: {slug: a}\n")
    assert fault == "6: topics: Write a list here."


def test_a_list_where_a_value_belongs_is_refused(tmp_path):
    fault = problem(tmp_path, READING.replace("status: held", "status: [held]"))
    assert "meetings[0].status: Write one value here, not a list or a mapping." in fault


@pytest.mark.parametrize(
    "slug", ["Eighth", "a--b", "-a", "a_b", "số-tám", "a" * 101, "a\\0b", "x y"]
)
def test_what_is_no_slug_is_refused(tmp_path, slug):
    fault = problem(tmp_path, HEADER + f'topics: [{{slug: "{slug}", name: Any}}]\n')
    assert "topics[0].slug: " in fault
    assert "small letters, digits and single hyphens" in fault


def test_a_number_where_a_slug_belongs_is_text(tmp_path):
    path = write(tmp_path, HEADER + "topics: [{slug: 2024, name: The year}]\n")
    batch = read_batch([path])
    assert ("topic", "2024") in batch.records


def test_a_decimal_number_where_a_slug_belongs_is_refused(tmp_path):
    fault = problem(tmp_path, HEADER + "topics: [{slug: 20.24, name: The year}]\n")
    assert fault.startswith("6: topics[0].slug: '20.24': write a slug")


def test_an_unknown_key_is_refused_with_what_is_known(tmp_path):
    text = READING.replace("    status: held", "    state: held")
    faults = problems(tmp_path, text)
    at = line_of(text, "state: held")
    assert faults[0].startswith(f"{at}: meetings[0].state: Unknown key; write one of slug, title,")


def test_an_unknown_key_is_shown_without_what_it_could_do_to_a_terminal(tmp_path):
    fault = problem(tmp_path, HEADER + '"\\e[2J\\n' + "x" * 200 + '": 1\n')
    assert "\x1b" not in fault
    assert "\n" not in fault
    assert "x" * 100 not in fault.partition("Unknown key")[0]


def test_a_byte_order_mark_is_accepted(tmp_path):
    path = tmp_path / "talks.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + READING.encode())
    assert ("meeting", "eighth-meeting") in read_batch([path]).records


def test_line_ends_of_any_kind_are_accepted(tmp_path):
    path = tmp_path / "talks.yaml"
    path.write_bytes(READING.replace("\n", "\r\n").encode())
    assert ("meeting", "eighth-meeting") in read_batch([path]).records


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_refused_by_name(tmp_path, encoding):
    assert problem(tmp_path, READING.encode(encoding)) == (
        "1: file: The file is not UTF-8 (it looks like UTF-16); save it as UTF-8."
    )


def test_mixed_encodings_are_refused_at_their_line(tmp_path):
    text = READING.encode() + "# ghi chú\n".encode() + "# chú\n".encode("latin-1")
    at = READING.count("\n") + 2
    assert problem(tmp_path, text) == f"{at}: file: The file is not UTF-8; save it as UTF-8."


def test_a_nul_is_refused(tmp_path):
    text = READING.replace("Eighth meeting", "Eighth\0meeting")
    at = line_of(text, "\0")
    assert problem(tmp_path, text) == f"{at}: file: A character that YAML does not allow."


@pytest.mark.parametrize("escape", ["\\0", "\\ud800", "\\a", "\\x1b[31m"])
def test_a_character_that_text_does_not_have_is_refused(tmp_path, escape):
    text = READING.replace(
        "title: Eighth meeting of the two coast guards", f'title: "Eighth{escape} meeting"'
    )
    at = line_of(text, 'title: "Eighth')
    assert problem(tmp_path, text) == (
        f"{at}: meetings[0].title: Leave out the control characters."
    )


def test_a_file_that_is_too_large_is_refused(tmp_path):
    assert problem(tmp_path, READING + "#" * 2_000_000) == (
        "1: file: The file is larger than 2,000,000 bytes."
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "- format: 1\n", "format\n"])
def test_a_file_without_a_mapping_is_refused(tmp_path, text):
    assert problem(tmp_path, text) == "1: file: A reading is a mapping: format, document, …"


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(ReadingError, match=r"nowhere.yaml:1: file: The file cannot be read"):
        read_batch([tmp_path / "nowhere.yaml"])


def test_a_folder_without_readings_is_refused(tmp_path):
    with pytest.raises(ReadingError, match="No \\*.yaml file in this folder"):
        read_batch([tmp_path])


def test_another_format_is_refused(tmp_path):
    assert problem(tmp_path, HEADER.replace("format: 1", "format: 2")) == (
        "1: format: '2': write 1, the format that this program reads."
    )


def test_norway_stays_norway(tmp_path):
    text = READING.replace("country: JP", "country: NO").replace("japan", "norway")
    batch = read_batch([write(tmp_path, text)])
    assert set(batch.countries()) == {"VN", "NO"}


def test_a_year_stays_text(tmp_path):
    batch = read_batch([write(tmp_path, READING.replace("date: 2024-12-16", "date: 2024"))])
    assert batch.records["meeting", "eighth-meeting"].item["date"].edtf == "2024"


@pytest.mark.parametrize("value", ["VNM", "vn", "XX", "UK", "Vietnam"])
def test_what_is_no_country_is_refused(tmp_path, value):
    text = READING.replace(
        "name: Japan Coast Guard\n    kind: coast-guard\n    country: JP",
        f"name: Japan Coast Guard\n    kind: coast-guard\n    country: {value}",
    )
    assert "write an ISO 3166 alpha-2 code, such as VN" in problem(tmp_path, text)


@pytest.mark.parametrize(
    "date", ["03/04/2023", "2023-02-30", "2023-13", "23-09-12", "xx", "12 September 2015"]
)
def test_an_ambiguous_or_impossible_date_is_refused(tmp_path, date):
    text = READING.replace("date: 2024-12-16", f"date: {date}")
    assert f"{line_of(text, 'date: ' + date)}: meetings[0].date: " in problem(tmp_path, text)


@pytest.mark.parametrize("moment", ["2026-11-22", "2026-11-22T12:00:00", "today"])
def test_a_time_without_a_zone_is_refused(tmp_path, moment):
    text = HEADER.replace("2026-11-22T12:00:00Z", moment)
    assert problem(tmp_path, text).startswith("5: approved_at: ")


def test_a_time_out_of_reach_is_refused(tmp_path):
    text = HEADER.replace("2026-11-22T12:00:00Z", "0001-01-01T00:00:00+14:00")
    assert problem(tmp_path, text).startswith("5: approved_at: ")


def test_text_over_its_length_is_refused(tmp_path):
    text = READING.replace("title: Eighth meeting of the two coast guards", f"title: {'x' * 301}")
    assert "meetings[0].title: Write at most 300 characters; these are 301." in problem(
        tmp_path, text
    )


def test_blank_text_counts_as_missing(tmp_path):
    text = HEADER.replace("read_by: analyst", 'read_by: " "')
    assert problem(tmp_path, text) == "3: read_by: Missing; it is required here."


def test_a_number_that_no_series_reaches_is_refused(tmp_path):
    text = READING + "    series: conference\n    ordinal: 40000\n"
    assert any("meetings[0].ordinal: " in fault for fault in problems(tmp_path, text))


def test_a_citation_of_no_field_is_refused(tmp_path):
    text = READING.replace("fields: [status, date]", "fields: []")
    assert any("name the fields" in fault.lower() for fault in problems(tmp_path, text))


def test_a_stated_value_of_several_fields_is_refused(tmp_path):
    text = READING.replace("fields: [status, date]", "fields: [status, date], stated: in 2023")
    assert any("Say it of one field" in fault for fault in problems(tmp_path, text))


def test_every_fault_of_every_file_is_told_at_once(tmp_path):
    write(tmp_path, READING.replace("status: held", "status: done"), "one.yaml")
    write(tmp_path, HEADER + "topics: [{name: No slug}]\nfleets: []\n", "two.yaml")
    (tmp_path / "three.yaml").write_bytes(b"\xff\xfe")

    told = refused("load_readings", tmp_path)

    assert "one.yaml:34: meetings[0].status: 'done': write one of planned, held," in told
    assert "two.yaml:6: topics[0].slug: Missing; it is required here." in told
    assert "two.yaml:7: fleets: Unknown key; write one of format, document," in told
    assert "three.yaml:1: file: The file is not UTF-8" in told
    assert "4 error(s); nothing was stored." in told
    assert is_empty()
