"""What each row of a foreign file is known by, the same each time that the file comes."""

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256

from django.utils.text import slugify
from django.utils.translation import gettext as _

from agreements.exceptions import ExchangeProblem
from agreements.exchange.foreign import uses
from agreements.exchange.foreign.mapping import Mapping
from agreements.exchange.tables import Row, Table
from agreements.text import fold

_LONGEST = 100
_OF_DOCUMENT = 60
_DIGITS = 10


@dataclass(frozen=True)
class Key:
    """The slug of a row's record, and where the file has it: `record 1234`, or `row 17`."""

    slug: str
    locator: str


class Keys:
    """The keys of a table's rows: by its identifiers, or else by all that a row says.

    Rows that say the same are numbered in their order.
    """

    def __init__(self, table: Table, mapping: Mapping) -> None:
        self.mapping = mapping
        self.columns = mapping.columns_of(uses.IDENTIFIER)
        self.places = [table.headers.index(name) for name in self.columns if name in table.headers]
        self.start = mapping.document[:_OF_DOCUMENT].strip("-")
        self.first: dict[str, int] = {}
        self.alike: Counter[str] = Counter()

    def next(self, row: Row) -> tuple[Key, ExchangeProblem | None]:
        """Return the key of the next row, and what is wrong with it."""
        if not self.places:
            return self._by_content(row), None
        parts = [self.mapping.value(row.cells[place]) for place in self.places]
        told = " ".join(filter(None, parts))
        end = slugify(fold(told))[: _LONGEST - len(self.start) - 1].strip("-")
        key = Key(f"{self.start}-{end}", f"record {told}")
        message = ""
        if not all(parts) or not end:
            message = _("The identifier is missing.")
        elif (first := self.first.setdefault(key.slug, row.number)) != row.number:
            text = _("Row %(row)d has this identifier, “%(id)s”, too.")
            message = text % {"row": first, "id": told[:60]}
        column = ", ".join(self.columns)
        return key, ExchangeProblem(row.number, column, message) if message else None

    def _by_content(self, row: Row) -> Key:
        told = "\x1f".join(cell.strip() for cell in row.cells)
        end = sha256(told.encode()).hexdigest()[:_DIGITS]
        self.alike[end] += 1
        again = f"-{self.alike[end]}" if self.alike[end] > 1 else ""
        return Key(f"{self.start}-{end}{again}", f"row {row.number}")
