"""CSV files: in UTF-8, with a comma, a semicolon or a tab between cells."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from django.utils.translation import gettext as _

from agreements.exceptions import ExchangeError
from agreements.exchange.formulas import guarded, unguarded
from agreements.exchange.tables import Row, Table, check_size, refuse, table_of

BYTE_ORDER_MARK = "\ufeff"
DELIMITERS = (",", ";", "\t")
# Characters. The library has one bound for all of a process, which others may have moved.
_LONGEST_CELL = 131_072
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def read_csv(name: str, content: bytes) -> Table:
    """Return the table in a CSV file. Raises an ExchangeError."""
    text = _decoded(content)
    delimiter, skipped = _delimiter(text)
    lines = []
    for number, cells in enumerate(_lines(text, delimiter), 1):
        if number <= skipped:
            continue
        check_size(number - skipped, len(cells))
        lines.append(Row(number - skipped, [unguarded(cell) for cell in cells]))
    return _renumbered(table_of(lines, ragged=False, name=name), skipped)


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a CSV file, the first with a byte-order mark, for spreadsheets."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    line.write(BYTE_ORDER_MARK)
    for cells in chain([headers], rows):
        writer.writerow([guarded(cell) for cell in cells])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _decoded(content: bytes) -> str:
    if content.startswith(_OTHER_ENCODINGS) or b"\x00" in content:
        raise refuse(_("The file is in UTF-16, or not a text. Save it as “CSV UTF-8”."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        text = _("Line %(line)d is not in UTF-8. Save the file as “CSV UTF-8”.")
        raise refuse(text % {"line": line}) from error


def _delimiter(text: str) -> tuple[str, int]:
    """Return what stands between cells, told by the first row, and how many rows come before it."""
    first = text.splitlines()[0].strip() if text.strip() else ""
    if first.lower().startswith("sep=") and first[4:] in DELIMITERS:
        # So does a spreadsheet say what it wrote.
        return first[4:], 1
    widths = {each: _width(text, each) for each in DELIMITERS}
    widest = max(widths.values())
    found = [each for each in DELIMITERS if widths[each] == widest]
    if widest > 1 and len(found) > 1:
        text = _("The first row can be cut in several ways. Put names with signs in quotes.")
        raise refuse(text, 1)
    return found[0], 0


def _width(text: str, delimiter: str) -> int:
    """Return how many cells the first row has; 0 where its quotes leave another sign behind."""
    try:
        return len(next(_lines(text, delimiter), []))
    except ExchangeError:
        return 0


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    csv.field_size_limit(_LONGEST_CELL)
    try:
        for cells in reader:
            number += 1
            yield cells
    except csv.Error as error:
        if "field larger" in str(error):
            text = _("A cell has over %(count)d characters; do its quotes close as they should?")
            raise refuse(text % {"count": _LONGEST_CELL}, number + 1) from error
        text = _("The quotes of this row do not close as they should (%(error)s).")
        raise refuse(text % {"error": error}, number + 1) from error


def _renumbered(table: Table, skipped: int) -> Table:
    rows = [Row(row.number + skipped, row.cells) for row in table.rows] if skipped else table.rows
    return Table(table.headers, rows, table.name)
