"""Files that were made to break what reads them: refused as such, and soon."""

import zipfile
from io import BytesIO

import pytest

from agreements.exceptions import ExchangeError
from agreements.exchange import files
from agreements.exchange.foreign.mapping import Mapping
from agreements.exchange.foreign.profile import profile
from agreements.exchange.foreign.proposing import propose
from tests.bounded import bounded

pytestmark = pytest.mark.anywhere

HEADERS = ["slug", "title"]
SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
RELATIONS, TYPES = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
MANY = 200_000


def book() -> bytes:
    return files.write("xlsx", HEADERS, [["talks", "words"]])


def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(book())) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in members.items():
            package.writestr(name, part)
    return content.getvalue()


def with_sheet(change, name: str = SHEET) -> bytes:
    members = parts()
    return packed({**members, name: change(members[name])})


def why(content: bytes, name: str = "records.xlsx") -> str:
    with pytest.raises(ExchangeError) as error, bounded(10):
        files.read(name, content)
    return str(error.value)


class TestPackages:
    def test_a_byte_that_was_changed_on_the_way_is_told_or_harmless(self):
        content = bytearray(book())
        outcomes = set()
        for at in range(4, len(content), 23):
            changed = bytearray(content)
            changed[at] ^= 0x5A
            try:
                outcomes.add(len(files.read("records.xlsx", bytes(changed)).rows))
            except ExchangeError as error:
                outcomes.add(str(error))
        assert any("broken" in str(each) for each in outcomes)

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_other_ways_of_packing_that_are_broken_are_told(self, method):
        content = BytesIO()
        with zipfile.ZipFile(content, "w", method) as package:
            for name, part in parts().items():
                package.writestr(name, part)
        broken = bytearray(content.getvalue())
        for at in range(60, 120):
            broken[at] ^= 0xFF
        assert "broken" in why(bytes(broken))

    @pytest.mark.parametrize("encoding", ["nonsense", "base64", "rot13", "zlib"])
    def test_a_part_in_an_encoding_that_is_none(self, encoding):
        begun = f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
        assert "broken" in why(with_sheet(lambda part: begun + part))

    def test_definitions_in_an_encoding_that_hides_them(self):
        begun = b'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
        hidden = with_sheet(lambda part: (begun + part).decode().encode("utf-16-le"))
        assert "definitions" in why(hidden)

    def test_definitions_in_a_part_of_another_name(self):
        members = parts()
        sheet = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + members.pop(SHEET)
        for name in (RELATIONS, TYPES):
            members[name] = members[name].replace(b"sheet1.xml", b"sheet1.png")
        assert "definitions" in why(packed({**members, "xl/worksheets/sheet1.png": sheet}))


class TestCells:
    @pytest.mark.parametrize(
        ("written", "told"),
        [("_xD800_", "half of a character"), ("_xDE00__xD83D_", "half"), ("a_x0000_", "NUL")],
    )
    def test_what_no_text_can_hold_is_refused_at_its_cell(self, written, told):
        said = why(with_sheet(lambda part: part.replace(b">words<", f">{written}<".encode())))
        assert told in said
        assert said.startswith("2, title")

    def test_two_halves_are_one_character(self):
        changed = with_sheet(lambda part: part.replace(b">words<", b">_xD83D__xDE00_<"))
        assert files.read("", changed).rows[0].cells == ["talks", "\U0001f600"]


class TestTime:
    """A file of some kilobytes that is searched for one sign after the other, over and over."""

    @pytest.mark.parametrize("opened", [b"<c ", b"<row ", b"<mergeCell ", b"<x:c r ", b"<a"])
    def test_marks_that_never_close(self, opened):
        comment = b"</sheetData><!--" + opened * MANY + b"-->"
        content = with_sheet(lambda part: part.replace(b"</sheetData>", comment))
        with bounded(10):
            assert files.read("", content).rows[0].cells == ["talks", "words"]

    @pytest.mark.parametrize("sign", ["[", "&#91;", "&quot;[", "[h"])
    def test_the_form_of_a_number_that_never_ends(self, sign):
        form = f'<numFmts count="1"><numFmt numFmtId="164" formatCode="{sign * MANY}"/></numFmts>'
        content = with_sheet(
            lambda part: part.replace(b"<fonts", form.encode() + b"<fonts", 1), STYLES
        )
        assert "broken" in why(content)

    @pytest.mark.parametrize("word", ["location ", "end ", "in force ", "host ", "start date "])
    def test_a_name_of_a_column_that_is_a_text(self, word):
        name = word * 10_000
        for content in (
            f"{name},b\n2001,2\n".encode(),
            with_sheet(lambda part: part.replace(b">title<", f">{name}<".encode())),
        ):
            assert "over 1000 characters" in why(content)
        longest = (word * 1000)[:1000].rstrip()
        table = files.read("data.csv", f"{longest},b\n2001,2\n".encode())
        with bounded(10):
            propose(Mapping("exercise", "data"), profile(table), table.headers)

    def test_a_cell_that_takes_in_the_rest_of_the_file(self):
        content = b'slug,title\n"talks,' + b"words\n" * 30_000
        assert "2: A cell has over 131072 characters" in why(content)


class TestQuotes:
    @pytest.mark.parametrize("sign", [",", ";", "\t"])
    def test_names_in_quotes_are_cut_by_the_sign_between_them(self, sign):
        content = sign.join(['"slug"', '"title, or; name"']) + f'\n"talks"{sign}"words"\n'
        table = files.read("records.csv", content.encode())
        assert table.headers == ["slug", "title, or; name"]
        assert table.rows[0].cells == ["talks", "words"]

    def test_quotes_that_no_sign_closes_are_refused(self):
        assert "do not close" in why(b'"slug"x,"title"y\n1,2\n')
