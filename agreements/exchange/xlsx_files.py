"""XLSX files: one sheet, its cells as text, and nothing in it run or guessed."""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from agreements.exceptions import ExchangeError, ExchangeProblem
from agreements.exchange.formulas import guarded
from agreements.exchange.tables import Row, Table, check_size, letter, refuse, table_of

MOST_UNPACKED = 100_000_000
_MOST_MEMBERS = 1000
# A spreadsheet takes no more in a cell, and the library would cut the rest off silently.
LONGEST_CELL = 32_767
_BROKEN = (
    AssertionError,
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff")
# What may stand before the first sign of a part that is read as XML whatever it is called.
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
# No spreadsheet has forms of cells that are so long; the library takes ages to read them.
_LONG_FORM = re.compile(rb"""formatCode\s{0,9}=\s{0,9}(?:"[^"<]{1000}|'[^'<]{1000})""")
# No spreadsheet has such columns or rows; the library would make room for all before them.
_FAR = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^<>]*?\br\s*=\s*["'](?:[A-Z]{4,}|[A-Z]{0,3}\d{8,})""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\b[^<>]*\bref\s*=\s*["']([A-Z]+)(\d+):?""")
# How a spreadsheet writes what XML cannot hold, and what would be read as such.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\[\]]*\]|\\.|_.')


def read_xlsx(name: str, content: bytes, sheet: str = "") -> Table:
    """Return the table in a sheet of an XLSX file, or in its first. Raises an ExchangeError."""
    try:
        return _read(name, content, sheet)
    except ExchangeError:
        raise
    except _BROKEN as error:
        raise refuse(_("The file is broken, or no XLSX file. Save it again.")) from error


def write_xlsx(headers: Sequence[str], rows: Iterable[Sequence[str]], title: str) -> bytes:
    """Return an XLSX file of one sheet, in which every cell is text.

    Raises an ExchangeError where a text is too long for a cell.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    try:
        sheet.append([_cell(sheet, header, 1, header) for header in headers])
        for number, row in enumerate(rows, 2):
            cells = zip(headers, row, strict=True)
            sheet.append([_cell(sheet, text, number, name) for name, text in cells])
    except ExchangeError:
        sheet.close()
        raise
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(sheet: Any, text: str, row: int, column: str) -> Any:
    if not text:
        return None
    value = _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    if len(value) > LONGEST_CELL:
        message = _("A cell of an XLSX file holds at most %(count)d characters. Use CSV.")
        raise refuse(message % {"count": LONGEST_CELL}, row, column)
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    if guarded(text) != text:
        # As if it were typed after an apostrophe, so that it stays a text when it is edited.
        cell.quotePrefix = True
    return cell


def _read(name: str, content: bytes, sheet: str) -> Table:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        _check_package(packed)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        names = [each.title for each in book.worksheets]
        if not names or (sheet and sheet not in names):
            text = _("The file has no such sheet; it has: %(names)s.")
            raise refuse(text % {"names": ", ".join(names)})
        chosen: Any = book[sheet or names[0]]
        problems = list(_merged(packed.read(chosen._worksheet_path)))
    # What the file says of its size may be wrong.
    chosen.reset_dimensions()
    lines = list(_lines(chosen, problems))
    if problems:
        raise ExchangeError(problems)
    return table_of(lines, ragged=True, name=name, sheet=chosen.title, sheets=names)


def _check_package(packed: zipfile.ZipFile) -> None:
    """Raise an ExchangeError for what is no plain XLSX file, or too large, without unpacking it."""
    members = packed.infolist()
    names = {each.filename for each in members}
    if len(members) > _MOST_MEMBERS or sum(each.file_size for each in members) > MOST_UNPACKED:
        text = _("The file is too large once it is unpacked; bring it in parts.")
        raise refuse(text)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise refuse(_("The file has macros. Save it as XLSX, without them."))
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise refuse(_("This kind of spreadsheet is not read. Save it as XLSX or CSV."))
    if "[Content_Types].xml" not in names:
        raise refuse(_("The file is packed, and no XLSX file. Bring the XLSX or CSV file itself."))
    for member in members:
        # Reading stops at the size that the package tells, whatever it holds.
        part = packed.read(member)
        # Any part can be named as one of those that are read as XML.
        if part.lstrip(_BEFORE_XML).startswith(b"<"):
            # XML has no NUL; in a wider encoding, what is looked for here would not be found.
            if _ENTITIES.search(part) or b"\x00" in part or part[:2] in _WIDE:
                raise refuse(
                    _("The file has definitions that no spreadsheet needs. Save it again.")
                )
            if _FAR.search(part) or _LONG_FORM.search(part):
                raise refuse(_("The file is broken, or no XLSX file. Save it again."))


def _merged(text: bytes) -> Iterator[ExchangeProblem]:
    for found in _MERGED.finditer(text):
        message = _("Cells are merged here; separate them, and write the value in each.")
        yield ExchangeProblem(int(found[2]), found[1].decode(), message)


def _lines(sheet: Any, problems: list[ExchangeProblem]) -> Iterator[Row]:
    headers: list[str] = []
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = []
        for position, cell in enumerate(row):
            place = headers[position] if position < len(headers) else letter(position + 1)
            cells.append(_text(cell, number, place, problems))
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            check_size(number, len(cells))
            headers = headers or cells
            yield Row(number, cells)
        elif number > 1_100_000:
            raise refuse(_("The file is broken, or no XLSX file. Save it again."))


def _text(cell: Any, row: int, column: str, problems: list[ExchangeProblem]) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        text = _("This is a formula. Copy the column and paste its values in its place.")
        problems.append(ExchangeProblem(row, column, text))
        return ""
    if cell.data_type == "e":
        text = _("This is an error of the spreadsheet: %(value)s.") % {"value": value}
        problems.append(ExchangeProblem(row, column, text))
        return ""
    if isinstance(value, str):
        return _unescaped(value, row, column, problems)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return _day(value, str(cell.number_format))
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(int(value)) if float(value).is_integer() else repr(value)


def _unescaped(text: str, row: int, column: str, problems: list[ExchangeProblem]) -> str:
    found = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    try:
        # Two halves that stand beside each other are one character.
        found = found.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        told = _("A text has half of a character, which no file can hold.")
        problems.append(ExchangeProblem(row, column, told))
    if "\x00" in found:
        told = _("The text holds NUL characters, so it is not plain text.")
        problems.append(ExchangeProblem(row, column, told))
    return found


def _day(value: datetime | date, shown_as: str) -> str:
    """Return a date as precisely as its cell shows it: a sheet keeps a month as its first day."""
    form = _NOT_SHOWN.sub("", shown_as.lower())
    if "d" not in form:
        if "m" in form and "y" in form and "h" not in form:
            return f"{value:%Y-%m}"
        if "y" in form and "m" not in form:
            return f"{value:%Y}"
    if isinstance(value, datetime):
        whole = value.time() == time(0) or "h" not in form
        return value.date().isoformat() if whole else value.isoformat(timespec="seconds")
    return value.isoformat()
