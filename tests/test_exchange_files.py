"""Tables read from files and written to them: exact, harmless, and refused with row and column."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula

from agreements.exceptions import ExchangeError
from agreements.exchange import files, xlsx_files
from agreements.exchange.cells import read_lines, write_lines
from agreements.exchange.formulas import guarded, unguarded
from agreements.exchange.tables import MOST_COLUMNS, MOST_ROWS

pytestmark = pytest.mark.anywhere

HEADERS = ["slug", "title", "note"]
# Every character that a file can hold, and those that spreadsheets and formats trip over.
TEXT = st.text(
    st.one_of(
        st.sampled_from("=+-@＝＋－＠'\"\t\r\n ,;|\\_x0041_1.đ\x01\x0b\x1f\ufffe\uffff"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=12,
)
FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    "\u00a0+1",
]


def refused(content: bytes, name: str = "records.csv", sheet: str = "") -> list[tuple[int, str]]:
    with pytest.raises(ExchangeError) as error:
        files.read(name, content, sheet)
    return [(each.row, each.column) for each in error.value.problems]


def why(content: bytes, name: str = "records.csv", sheet: str = "") -> str:
    with pytest.raises(ExchangeError) as error:
        files.read(name, content, sheet)
    return str(error.value)


def workbook(*rows, title: str = "Sheet") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def packed(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(content: bytes, change=lambda name, text: text, **members: bytes) -> bytes:
    """The same package with members changed or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for each in old.namelist():
            new.writestr(each, change(each, old.read(each)))
        for name, text in members.items():
            new.writestr(name, text)
    return made.getvalue()


class TestRoundTrip:
    @settings(max_examples=300)
    @given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=4))
    def test_csv_reads_back_as_it_was_written(self, rows):
        self.check("csv", rows)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=4))
    def test_xlsx_reads_back_as_it_was_written(self, rows):
        self.check("xlsx", rows)

    def check(self, form, rows):
        # A row without any text is no row.
        told = [list(row) for row in rows if any(cell.strip() for cell in row)]
        table = files.read("", files.write(form, HEADERS, told))
        assert table.headers == HEADERS
        assert [row.cells for row in table.rows] == told

    @given(TEXT)
    def test_reading_takes_away_what_writing_added_and_nothing_else(self, text):
        assert unguarded(guarded(text)) == text

    @given(st.lists(st.lists(TEXT, min_size=2, max_size=4), min_size=1, max_size=3))
    def test_lines_of_parts_read_back_as_they_were_written(self, lines):
        told = [line for line in lines if line[1].strip()]
        padded = [[*line, "", ""][:4] for line in told]
        assert read_lines(write_lines(told), 2, 4, "") == padded


class TestFormulas:
    @pytest.mark.parametrize("text", FORMULAS)
    def test_csv_holds_none(self, text):
        content = files.write("csv", HEADERS, [["a", text, "c"]])
        assert f"'{text.lstrip()[0]}".encode() in content or b"'" + text.encode() in content
        assert files.read("", content).rows[0].cells[1] == text

    @pytest.mark.parametrize("text", FORMULAS)
    def test_xlsx_holds_them_as_text(self, text):
        content = files.write("xlsx", HEADERS, [["a", text, "c"]])
        cell = openpyxl.load_workbook(io.BytesIO(content)).active["B2"]
        assert cell.data_type == "s"
        assert cell.quotePrefix
        assert files.read("", content).rows[0].cells[1] == text

    @pytest.mark.parametrize("number", ["-9", "-9.5", "8", "2023-12-19/2023-12-22"])
    def test_plain_numbers_and_dates_stay_as_they_are(self, number):
        assert guarded(number) == number

    def test_a_quotation_mark_of_a_text_is_not_taken_for_an_escape(self):
        table = files.read("", b"slug,title\na,'tis an old name\n")
        assert table.rows[0].cells[1] == "'tis an old name"

    def test_a_formula_of_a_sheet_is_refused(self):
        book = workbook(HEADERS, ["a", "=1+1", "c"], ["b", None, "c"])
        book.active["B3"] = ArrayFormula("B3:B3", "=SUM(1)")
        assert refused(packed(book)) == [(2, "title"), (3, "title")]
        assert "paste its values" in why(packed(book))

    def test_a_text_that_looks_like_a_formula_is_none(self):
        book = workbook(HEADERS, ["a", "b", "c"])
        book.active["B2"] = "=1+1"
        book.active["B2"].data_type = "s"
        assert files.read("", packed(book)).rows[0].cells[1] == "=1+1"


class TestCSV:
    def test_a_byte_order_mark_is_no_part_of_the_first_name(self):
        table = files.read("", "\ufeffslug,title\na,Hải cảnh\n".encode())
        assert (table.headers, table.rows[0].cells) == (["slug", "title"], ["a", "Hải cảnh"])

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    def test_other_encodings_are_named(self, encoding):
        assert "UTF-16" in why("slug,title\na,b\n".encode(encoding))

    def test_mixed_encodings_are_refused_with_their_line(self):
        content = "slug,title\na,Hải cảnh\n".encode() + "b,garde-côte\n".encode("latin-1")
        assert "Line 3 is not in UTF-8" in why(content)

    def test_a_nul_is_refused(self):
        assert "UTF-16, or not a text" in why(b"slug,title\na,\0b\n")

    @pytest.mark.parametrize("sign", [",", ";", "\t"])
    def test_the_first_row_tells_what_stands_between_cells(self, sign):
        content = f'slug{sign}title\na{sign}"one, two; three"\n'
        assert files.read("", content.encode()).rows[0].cells == ["a", "one, two; three"]

    def test_a_spreadsheet_may_say_what_stands_between_cells(self):
        table = files.read("", b"sep=;\r\nslug;title\r\na;b,c\r\n")
        assert (table.headers, table.rows[0].cells, table.rows[0].number) == (
            ["slug", "title"],
            ["a", "b,c"],
            3,
        )

    def test_a_first_row_that_can_be_cut_in_two_ways_is_refused(self):
        assert refused(b"slug;first,name\na;b,c\n") == [(1, "")]

    def test_cells_may_hold_line_breaks_quotes_and_delimiters(self):
        table = files.read("", b'slug,title\r\na,"one\r\ntwo ""three"", four"\r\nb,c\r\n')
        assert table.rows[0].cells[1] == 'one\r\ntwo "three", four'
        assert [row.number for row in table.rows] == [2, 3]

    @pytest.mark.parametrize("text", ['slug,title\na,"b\n', 'slug,title\na,"b"c\n'])
    def test_quotes_that_do_not_close_are_refused(self, text):
        assert refused(text.encode()) == [(2, "")]

    def test_rows_of_other_lengths_are_refused(self):
        content = b"slug,title,note\na,b\nc,d,e\nf,g,h,i\nj,k,l,,\n"
        assert refused(content) == [(2, ""), (4, "D")]

    def test_trailing_empty_rows_and_columns_are_nothing(self):
        table = files.read("", b"slug,title,,\na,b,,\n\n,,,\n   ,\t,,\n")
        assert (table.headers, [row.cells for row in table.rows]) == (
            ["slug", "title"],
            [["a", "b"]],
        )

    def test_names_of_columns_stand_once_and_are_there(self):
        assert refused(b"slug,title,slug\na,b,c\n") == [(1, "slug")]
        assert refused(b"slug,,title\na,b,c\n") == [(1, "B")]
        assert refused(b"\nslug,title\na,b\n") == [(1, "")]
        assert "empty" in why(b"")
        assert "empty" in why(b" \n ,,\n")

    def test_a_file_has_a_size(self, monkeypatch):
        monkeypatch.setattr(files, "MOST_BYTES", 30)
        assert "too large" in why(b"slug,title\n" + b"a,b\n" * 8)
        wide = ",".join(f"c{n}" for n in range(MOST_COLUMNS + 1)).encode()
        monkeypatch.setattr(files, "MOST_BYTES", 10_000_000)
        assert f"over {MOST_COLUMNS} columns" in why(wide)
        assert f"over {MOST_ROWS} rows" in why(b"slug\n" + b"a\n" * (MOST_ROWS + 1))


class TestXLSX:
    def test_cells_come_as_they_are_shown(self):
        book = workbook(
            ["kind", "value"],
            ["day", date(2024, 12, 16)],
            ["midnight", datetime(2024, 12, 16)],  # noqa: DTZ001
            ["moment", datetime(2024, 12, 16, 8, 30)],  # noqa: DTZ001
            ["time", time(8, 30)],
            ["whole", 8.0],
            ["number", 8.25],
            ["large", 20240101123],
            ["minus", -9],
            ["truth", True],
            ["span", timedelta(hours=2)],
            ["text", "1980-01-xx"],
            ["spaces", "  in between  "],
        )
        table = files.read("", packed(book))
        assert dict(row.cells for row in table.rows) == {
            "day": "2024-12-16",
            "midnight": "2024-12-16",
            "moment": "2024-12-16T08:30:00",
            "time": "08:30:00",
            "whole": "8",
            "number": "8.25",
            "large": "20240101123",
            "minus": "-9",
            "truth": "true",
            "span": "2:00:00",
            "text": "1980-01-xx",
            "spaces": "  in between  ",
        }

    @pytest.mark.parametrize(
        ("form", "shown"),
        [
            ("mmm-yy", "1980-01"),
            ("yyyy-mm", "1980-01"),
            ("yyyy", "1980"),
            ('"day" mmmm yyyy', "1980-01"),
            ("dd/mm/yyyy", "1980-01-01"),
            ("[$-409]d-mmm-yy", "1980-01-01"),
        ],
    )
    def test_a_date_says_no_more_than_its_cell_shows(self, form, shown):
        book = workbook(["slug", "date"], ["a", date(1980, 1, 1)])
        book.active["B2"].number_format = form
        assert files.read("", packed(book)).rows[0].cells[1] == shown

    def test_the_first_sheet_is_read_or_the_one_asked_for(self):
        book = workbook(["slug"], ["first"], title="One")
        other = book.create_sheet("Two")
        other.append(["slug"])
        other.append(["second"])
        table = files.read("", packed(book))
        assert (table.sheet, table.sheets, table.rows[0].cells) == (
            "One",
            ["One", "Two"],
            ["first"],
        )
        assert files.read("", packed(book), "Two").rows[0].cells == ["second"]
        assert "One" in why(packed(book), sheet="Three")

    def test_merged_cells_and_errors_are_refused_where_they_are(self):
        book = workbook(HEADERS, ["a", "b", "c"], ["d", "#REF!", "f"])
        book.active["B3"].data_type = "e"
        book.active.merge_cells("B2:C2")
        assert refused(packed(book)) == [(2, "B"), (3, "title")]

    def test_duplicate_and_missing_names_and_values_without_one_are_refused(self):
        assert refused(packed(workbook(["slug", "slug"], ["a", "b"]))) == [(1, "slug")]
        assert refused(packed(workbook(["slug", None, "note"], ["a", "b"]))) == [(1, "B")]
        assert refused(packed(workbook(["slug", "title"], ["a", "b", "c"]))) == [(2, "C")]

    def test_short_rows_empty_rows_and_formatted_cells_are_nothing(self):
        book = workbook(HEADERS, ["a"], [], ["b", "c"])
        book.active["A900"].number_format = "0.00"
        book.active["Z3"].number_format = "0.00"
        table = files.read("", packed(book))
        assert [(row.number, row.cells) for row in table.rows] == [
            (2, ["a", "", ""]),
            (4, ["b", "c", ""]),
        ]

    def test_a_package_that_unpacks_to_too_much_is_refused_unread(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("[Content_Types].xml", "<Types/>")
            package.writestr("xl/workbook.xml", b" " * (xlsx_files.MOST_UNPACKED + 1))
        assert len(bomb.getvalue()) < files.MOST_BYTES
        assert "too large once it is unpacked" in why(bomb.getvalue())

    def test_a_package_of_very_many_members_is_refused(self):
        names = {f"xl/part-{n}.xml": b"" for n in range(1001)}
        assert "too large" in why(repacked(packed(workbook(["slug"])), **names))

    def test_entities_are_refused(self):
        def with_entity(name, text):
            if not name.endswith("sheet1.xml"):
                return text
            bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
            return text.replace(b"<worksheet", bomb + b"<worksheet", 1)

        assert "definitions" in why(repacked(packed(workbook(["slug"], ["a"])), with_entity))

    @pytest.mark.parametrize("place", [b'r="ZZZZZZZ2"', b'r="A99999999"'])
    def test_cells_where_no_sheet_reaches_are_refused(self, place):
        content = repacked(
            packed(workbook(["slug"], ["a"])), lambda _name, text: text.replace(b'r="A2"', place)
        )
        assert "broken" in why(content)

    @pytest.mark.parametrize("end", [10, 500, -30])
    def test_a_truncated_file_is_refused(self, end):
        assert "broken" in why(packed(workbook(["slug"], ["a"]))[:end])

    def test_a_file_that_lacks_its_parts_is_refused(self):
        content = repacked(
            packed(workbook(["slug"])), lambda name, text: b"" if "sheet" in name else text
        )
        assert "broken" in why(content)

    def test_a_text_too_long_for_a_cell_is_refused_and_not_cut(self):
        with pytest.raises(ExchangeError) as error:
            files.write("xlsx", HEADERS, [["a", "b", "x" * 32_768]])
        assert error.value.problems[0][:2] == (2, "note")

    def test_half_a_character_cannot_be_written(self):
        with pytest.raises(ExchangeError):
            files.write("csv", HEADERS, [["a", "b", "\ud800"]])


class TestWhatAFileIs:
    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"<!DOCTYPE html><table><tr><td>slug</table>", "web page"),
            (b"\xef\xbb\xbf  <html><body>", "web page"),
            (b"<table><tr><td>slug</td></tr></table>", "web page"),
            (b'<?xml version="1.0"?><svg/>', "web page"),
            (b"%PDF-1.7\n", "no table"),
            (b"\x89PNG\r\n\x1a\n", "no table"),
            (b"\x1f\x8b\x08", "no table"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel file"),
            (b"PK\x03\x04 and nothing else", "broken"),
        ],
    )
    @pytest.mark.parametrize("name", ["records.csv", "records.xlsx"])
    def test_its_content_tells(self, content, told, name):
        assert told in why(content, name)

    def test_macros_are_refused(self):
        content = repacked(packed(workbook(["slug"])), **{"xl/vbaProject.bin": b"x"})
        assert "macros" in why(content, "records.xlsx")

    def test_other_packages_are_refused(self):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as package:
            package.writestr("records.csv", "slug\na\n")
        assert "no XLSX file" in why(made.getvalue())
        content = repacked(packed(workbook(["slug"])), **{"content.xml": b"<x/>"})
        assert "Save it as XLSX or CSV" in why(content)

    def test_a_table_is_read_whatever_its_name_says(self):
        assert files.read("records.xlsx", b"slug\na\n").rows[0].cells == ["a"]
        assert files.read("records.csv", packed(workbook(["slug"], ["a"]))).rows[0].cells == ["a"]

    @pytest.mark.parametrize(
        "name", ["../../etc/passwd", "C:\\secret\\passwd", "/passwd", "a/\u202epasswd", "pass\nwd"]
    )
    def test_a_path_in_its_name_leads_nowhere(self, name):
        assert files.read(name, b"slug\na\n").name == "passwd"
