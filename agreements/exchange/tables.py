"""A table as a file holds it: a header and rows of texts, whatever the file's format."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.exceptions import ExchangeError, ExchangeProblem

MOST_ROWS = 100_000
MOST_COLUMNS = 200
LONGEST_NAME = 1000


@dataclass(frozen=True)
class Row:
    """A row of a table: its number in the file (the header is 1), and a text for each header."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """What a file holds. `sheet` is the sheet that was read, of `sheets`; a CSV has none."""

    headers: list[str]
    rows: list[Row]
    name: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)


def refuse(message: str, row: int = 0, column: str = "") -> ExchangeError:
    """Return the error of a file with one fault."""
    return ExchangeError([ExchangeProblem(row, column, message)])


def table_of(lines: list[Row], ragged: bool, **particulars: object) -> Table:
    """Return lines, the first of them the header, as a table. Raises an ExchangeError.

    Lines without any text are left out. With `ragged`, lines may be shorter than the header, as a
    sheet's are; in a CSV file they have lost a delimiter, and nobody knows which.
    """
    full = [line for line in lines if any(cell.strip() for cell in line.cells)]
    if not full:
        raise refuse(_("The file is empty."))
    if full[0].number != 1:
        raise refuse(_("Write the names of the columns in the first row."), 1)
    headers = _headers(full[0])
    problems: list[ExchangeProblem] = []
    rows = [_row(line, headers, ragged, problems) for line in full[1:]]
    if problems:
        raise ExchangeError(problems)
    return Table(headers, rows, **particulars)  # type: ignore[arg-type]


def check_size(number: int, width: int) -> None:
    """Raise an ExchangeError where a table has more rows or columns than are read."""
    if number > MOST_ROWS + 1:
        text = _("The file has over %(count)d rows; bring it in parts.")
        raise refuse(text % {"count": MOST_ROWS}, number)
    if width > MOST_COLUMNS:
        text = _("The file has over %(count)d columns.")
        raise refuse(text % {"count": MOST_COLUMNS}, number)


def letter(number: int) -> str:
    """Return what a spreadsheet calls a column, counted from 1."""
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _headers(line: Row) -> list[str]:
    headers = [cell.strip() for cell in line.cells]
    while headers and not headers[-1]:
        headers.pop()
    problems = [
        ExchangeProblem(1, letter(number), _("This column has no name."))
        for number, header in enumerate(headers, 1)
        if not header
    ]
    text = _("This name has over %(count)d characters; write a short one.")
    problems += [
        ExchangeProblem(1, letter(number), text % {"count": LONGEST_NAME})
        for number, header in enumerate(headers, 1)
        if len(header) > LONGEST_NAME
    ]
    problems += [
        ExchangeProblem(1, header, _("This name stands twice in the first row."))
        for number, header in enumerate(headers)
        if header and header in headers[:number]
    ]
    if problems:
        raise ExchangeError(problems)
    return headers


def _row(line: Row, headers: list[str], ragged: bool, problems: list[ExchangeProblem]) -> Row:
    width, cells = len(headers), line.cells
    for number, cell in enumerate(cells[width:], width + 1):
        if cell.strip():
            text = _("There is a value here, but no name in the first row.")
            problems.append(ExchangeProblem(line.number, letter(number), text))
    if len(cells) < width and not ragged:
        text = ngettext(
            "This row has %(cells)d cell, and the first row %(headers)d names.",
            "This row has %(cells)d cells, and the first row %(headers)d names.",
            len(cells),
        )
        values = {"cells": len(cells), "headers": width}
        problems.append(ExchangeProblem(line.number, "", text % values))
    return Row(line.number, (cells + [""] * width)[:width])
