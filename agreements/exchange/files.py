"""Files that tables come in and go out as. What a file is, its content tells and not its name."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from agreements.exchange.csv_files import read_csv, write_csv
from agreements.exchange.tables import Row, Table, refuse
from agreements.exchange.xlsx_files import write_xlsx
from agreements.exchange.xlsx_sandbox import read_xlsx

__all__ = ["FORMATS", "MOST_BYTES", "Row", "Table", "content_type", "read", "write"]

MOST_BYTES = 10_000_000
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PACKED = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGES = (b"<!doctype", b"<html", b"<head", b"<body", b"<table", b"<?xml", b"<svg", b"<!--")
_OTHERS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"{\\rtf")
_LONGEST_NAME = 100


def read(name: str, content: bytes, sheet: str = "") -> Table:
    """Return the table that a file holds, every cell as text.

    Of an XLSX file the sheet asked for is read, or the first; its dates come in ISO form, as
    precise as they are shown, and its numbers as plain digits. The name is kept to be shown.
    Raises an ExchangeError that tells row and column.
    """
    if len(content) > MOST_BYTES:
        text = _("The file is too large: at most %(count)d MB are read.")
        raise refuse(text % {"count": MOST_BYTES // 1_000_000})
    name = safe_name(name)
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_PAGES):
        raise refuse(_("This is a web page, not a table. Save the table as CSV or XLSX."))
    if content.startswith(_OLD_OFFICE):
        text = _("This is an old Excel file, or one with a password. Save it as XLSX without one.")
        raise refuse(text)
    if content.startswith(_OTHERS):
        raise refuse(_("This is no table. Bring a CSV or an XLSX file."))
    if content.startswith(_PACKED):
        return read_xlsx(name, content, sheet)
    return read_csv(name, content)


def write(
    form: str, headers: Sequence[str], rows: Iterable[Sequence[str]], title: str = "records"
) -> bytes:
    """Return a file of a form (csv, xlsx) that reads back as the same texts.

    No cell of it is run by a spreadsheet. Raises an ExchangeError where a text cannot be written.
    """
    try:
        if form == "xlsx":
            return write_xlsx(headers, rows, title)
        return "".join(write_csv(headers, rows)).encode()
    except UnicodeEncodeError as error:
        raise refuse(_("A text has half of a character, which no file can hold.")) from error


def stream(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield a CSV file line by line."""
    return (line.encode() for line in write_csv(headers, rows))


def content_type(form: str) -> str:
    """Return the media type of a form."""
    return FORMATS[form]


def safe_name(name: str) -> str:
    """Return the last part of a file's name without what cannot be shown."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable())[:_LONGEST_NAME]
