"""The texts of documents: recognised, kept, never shipped, and every quotation looked up."""

import hashlib
import json
import shutil
import unicodedata
from pathlib import Path

import pytest
from django.apps import apps

from agreements.management.commands import build_fixtures
from agreements.models import (
    Change,
    Citation,
    ColumnCount,
    CountedUntil,
    Document,
    DocumentText,
    FacetCount,
    FruitlessSearch,
    ImportMapping,
    Meeting,
    PossibleDuplicate,
    Presence,
    Publication,
    Release,
    TextShingle,
)
from agreements.readings import read_batch
from tests.readings import READING, of_text, refused, run, tables, write

pytestmark = pytest.mark.django_db

TEXT = """\
HÀ NỘI – Representatives of the Vietnam Coast Guard and of the Japan Coast Guard
the Vietnam Coast Guard and the Japan Coast Guard met on 16 December 2024 for talks.

The guests were  hosted by the   commander, Lê Quang Đạo, near the port.
"""
QUOTED = (
    READING.replace('at: paragraph 1, quote: "the', 'at: paragraph 2, quote: "the')
    .replace('at: paragraph 1, quote: "met', 'at: paragraph 2, quote: "met')
    .replace('at: paragraph 2, quote: "hosted', 'at: paragraph 3, quote: "hosted')
)


def hold(folder: Path, text: str = TEXT, name: str = "talks.txt") -> Path:
    (folder / name).write_bytes(text.encode())
    return folder


def load(folder: Path, reading: str = QUOTED, text: str = TEXT) -> Path:
    path = write(folder, of_text(reading, text))
    run("load_readings", path)
    return path


def test_a_text_is_recognised_by_its_sha_256(tmp_path):
    load(tmp_path)

    told = run("attach_texts", hold(tmp_path))

    assert "talks.txt: talks-report: 6 quotation(s) verified, 0 not found." in told
    assert DocumentText.objects.get().document.slug == "talks-report"
    assert all(row.verified for row in Citation.objects.all())


def test_other_texts_are_left_alone(tmp_path):
    load(tmp_path)
    hold(tmp_path, TEXT + "\nAn edit.\n", "talks-edited.txt")

    told = run("attach_texts", tmp_path)

    assert "talks-edited.txt: no document has this SHA-256; left alone." in told
    assert "talks-report: no text attached." in told
    assert not DocumentText.objects.exists()


def test_attaching_twice_changes_nothing(tmp_path):
    load(tmp_path)
    hold(tmp_path)
    run("attach_texts", tmp_path)
    before = tables()
    run("attach_texts", tmp_path)
    after = tables()
    # When it was attached last is all that is new.
    assert after.pop("agreements.DocumentText") != before.pop("agreements.DocumentText")
    assert after == before


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_composition_and_white_space_make_no_difference(tmp_path, form):
    text = unicodedata.normalize(form, TEXT)
    other = unicodedata.normalize("NFD" if form == "NFC" else "NFC", "commander, Lê Quang Đạo")
    load(tmp_path, QUOTED.replace("hosted by the commander", f"hosted by the {other}"), text)
    assert "6 quotation(s) verified, 0 not found." in run("attach_texts", hold(tmp_path, text))


def test_a_text_with_a_byte_order_mark_is_read(tmp_path):
    text = "\ufeff" + TEXT
    load(tmp_path, QUOTED, text)
    assert "6 quotation(s) verified" in run("attach_texts", hold(tmp_path, text))


def test_a_quotation_elsewhere_is_told_with_where_it_stands(tmp_path):
    load(tmp_path, QUOTED.replace("at: paragraph 3", "at: paragraph 2"))

    told = refused("attach_texts", hold(tmp_path))

    assert (
        "meeting eighth-meeting, participants: paragraph 2: it stands in paragraph 3: "
        "“hosted by the commander”"
    ) in told
    assert "2 quotation(s) are not where they say." in told
    assert Citation.objects.get(field="status").verified
    assert not Citation.objects.get(field="participants").verified


def test_a_quotation_that_is_nowhere_is_told(tmp_path):
    load(tmp_path, QUOTED.replace("hosted by the commander", "welcomed by the commander"))
    assert "paragraph 3: not in the text: “welcomed by" in refused("attach_texts", hold(tmp_path))


def test_a_paragraph_that_is_not_there_is_told(tmp_path):
    load(tmp_path, QUOTED.replace("at: paragraph 3", "at: paragraph 9"))
    assert "paragraph 9: the text has only 3 paragraphs" in refused("attach_texts", hold(tmp_path))


def test_case_makes_a_difference(tmp_path):
    load(tmp_path, QUOTED.replace("hosted by the commander", "Hosted by the commander"))
    assert "not in the text" in refused("attach_texts", hold(tmp_path))


def test_a_text_that_is_not_utf_8_attaches_nothing(tmp_path):
    raw = TEXT.encode("utf-16")
    reading = of_text(QUOTED, TEXT)
    run("load_readings", write(tmp_path, reading))
    Document.objects.update(sha256=hashlib.sha256(raw).hexdigest())
    (tmp_path / "talks.txt").write_bytes(raw)
    assert "talks.txt: not UTF-8; nothing was attached." in refused("attach_texts", tmp_path)
    assert not DocumentText.objects.exists()


def test_what_is_no_folder_is_refused(tmp_path):
    assert "nowhere is not a folder." in refused("attach_texts", tmp_path / "nowhere")


def test_published_records_wait_to_be_published_with_their_verification(tmp_path):
    load(tmp_path)
    run("publish", "--all")

    told = run("attach_texts", hold(tmp_path))

    assert "Eighth meeting of the two coast guards: to be published again." in told
    meeting = Meeting.objects.get()
    assert (meeting.review_state, meeting.approved_by) == ("approved", "reviewer")
    assert "meeting: 1 published" in run("publish", "--all")
    row = Publication.objects.current().get(kind="meeting")
    assert row.revision == 2
    assert all(citation["verified"] for citation in json.loads(row.body)["citations"])


def test_a_draft_is_not_told_to_be_published_again(tmp_path):
    load(tmp_path)
    assert "to be published again" not in run("attach_texts", hold(tmp_path))


def test_another_version_of_the_text_takes_the_old_one_away(tmp_path):
    load(tmp_path)
    run("attach_texts", hold(tmp_path))

    load(tmp_path, QUOTED, TEXT + "A correction.\n")

    assert not DocumentText.objects.exists()
    assert not any(row.verified for row in Citation.objects.all())


# What is about a text, about the desk, or about who is on it; and what is made of the ledger.
NOT_SHIPPED = {
    *(DocumentText, TextShingle, Change, Presence),
    *(PossibleDuplicate, FruitlessSearch, ImportMapping, Release),
    *(ColumnCount, FacetCount, CountedUntil),
}


def test_texts_are_in_no_fixture():
    shipped = {model for kinds in build_fixtures.FILES.values() for model in kinds}
    every = {
        model for model in apps.get_app_config("agreements").get_models() if not model._meta.proxy
    }
    assert shipped == every - NOT_SHIPPED


def test_verified_readings_say_so_themselves(tmp_path):
    path = write(tmp_path, of_text(QUOTED, TEXT))

    told = run("verify_readings", path, "--texts", hold(tmp_path))

    assert f"{path}: 4 of 4 quotations verified." in told
    (reading,) = read_batch([path]).readings
    assert reading.verified_against == reading.item["document"]["sha256"]
    run("load_readings", path)
    assert all(row.verified for row in Citation.objects.all())


def test_verifying_readings_twice_changes_nothing(tmp_path):
    path = write(tmp_path, of_text(QUOTED, TEXT))
    hold(tmp_path)
    run("verify_readings", path, "--texts", tmp_path)
    first = path.read_bytes()
    run("verify_readings", path, "--texts", tmp_path)
    assert path.read_bytes() == first


def test_verification_changes_nothing_else_in_the_file(tmp_path):
    before = of_text(QUOTED, TEXT) + "# A note at the end\n"
    path = write(tmp_path, before)
    run("verify_readings", path, "--texts", hold(tmp_path))
    after = path.read_text(encoding="utf-8")
    block = after[after.index("verified:\n") : after.index("read_by:")]
    assert after.replace(block, "") == before


def test_an_old_block_at_the_end_of_a_file_is_replaced(tmp_path):
    text = of_text(QUOTED, TEXT)
    sha256 = "c" * 64
    block = f"verified: {{sha256: {sha256}, quotations: 1, digest: {sha256}}}"
    path = write(tmp_path, text + block)
    run("verify_readings", path, "--texts", hold(tmp_path))
    assert path.read_text(encoding="utf-8").count("verified:") == 1
    assert read_batch([path]).readings[0].verified_against


def test_a_reading_with_a_false_quotation_is_not_marked(tmp_path):
    path = write(tmp_path, of_text(QUOTED.replace("met on 16", "met on the 16"), TEXT))
    before = path.read_bytes()
    told = refused("verify_readings", path, "--texts", hold(tmp_path))
    assert "talks.yaml:42: paragraph 2: not in the text: “met on the 16 December 2024”" in told
    assert path.read_bytes() == before


def test_a_reading_that_cannot_be_marked_is_told(tmp_path):
    text = of_text(QUOTED, TEXT).replace("read_by:", '"read_by":')
    path = write(tmp_path, text)
    told = refused("verify_readings", path, "--texts", hold(tmp_path))
    assert "begin a line with read_by: to have it marked." in told
    assert path.read_text(encoding="utf-8") == text


def test_a_reading_without_its_text_is_left_as_it_is(tmp_path):
    path = write(tmp_path)
    told = run("verify_readings", path, "--texts", hold(tmp_path))
    assert f"{path}: no text with its SHA-256; left as it is." in told


def test_texts_of_other_encodings_are_no_hindrance(tmp_path):
    path = write(tmp_path, of_text(QUOTED, TEXT))
    (tmp_path / "another.txt").write_bytes("Cảnh sát".encode("utf-16"))
    assert "4 of 4" in run("verify_readings", path, "--texts", hold(tmp_path))


def test_a_changed_quotation_outdates_the_mark(tmp_path):
    path = write(tmp_path, of_text(QUOTED, TEXT))
    run("verify_readings", path, "--texts", hold(tmp_path))
    path.write_text(path.read_text().replace("met on 16 December 2024", "met on 16 December"))
    assert f"quotations not verified as they stand: {path}" in run("load_readings", path)


def test_every_quotation_of_the_shipped_readings_stands_in_its_text(texts, tmp_path):
    for path in texts.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.yaml")}

    told = run("verify_readings", tmp_path, "--texts", texts)

    assert "no text with its SHA-256" not in told
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.yaml")} == before


def test_the_shipped_records_are_verified_by_their_texts(texts, shipped):
    told = run("attach_texts", texts)
    assert "to be published again" not in told
    assert DocumentText.objects.count() == len(list(texts.glob("*.txt")))
    assert not Publication.objects.filter(body__contains=DocumentText.objects.first().text[:200])


def test_a_held_text_does_not_reach_the_ledger(tmp_path):
    load(tmp_path)
    run("attach_texts", hold(tmp_path))
    run("publish", "--all")
    assert Publication.objects.filter(kind="document").exists()
    assert not Publication.objects.filter(body__contains="near the port").exists()
