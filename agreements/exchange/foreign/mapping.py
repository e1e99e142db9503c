"""What a foreign file means, as JSON keeps it in `ImportMapping.settings`."""

from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from hashlib import sha256
from typing import Any

from agreements.exchange.foreign import uses

# What a name of a country is instead of a country.
NO_COUNTRY, TO_NOTE = "-", "+"


@dataclass
class Mapping:
    """What the columns, dates, values and names of a file mean.

    - `columns`: the use of each column (see uses.py); those that are not in it are left out;
    - `missing`: cells that say nothing; `unknown`: what stands for an unknown part of a date;
    - `separators`: what stands between several names in a cell;
    - `forms`: the forms of dates (see dates.py), and whether their order decides between two that
      fit; `open_end`: a first day without a last one has an end that is unknown;
    - `values`: {field: {cell: our value, or "" for none}}; `otherwise`: our value for cells not in
      it; `constants`: what every record has;
    - `countries`: {name: code, NO_COUNTRY or TO_NOTE}, as somebody confirmed it.
    """

    kind: str
    document: str
    columns: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    separators: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    in_order: bool = False
    open_end: bool = False
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    otherwise: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what JSON keeps: all but the kind and the document, which have columns."""
        told = asdict(self)
        return {name: told[name] for name in _KEPT}

    @classmethod
    def from_json(cls, kind: str, document: str, told: Any) -> "Mapping":
        """Return the mapping that JSON kept. What is not of the right type is as if not said."""
        found = cls(kind, document)
        for each in fields(cls):
            value = told.get(each.name) if isinstance(told, dict) else None
            if each.name in _KEPT and _fits(getattr(found, each.name), value):
                setattr(found, each.name, value)
        known = uses.known_uses(kind)
        found.columns = {name: use for name, use in found.columns.items() if use in known}
        return found

    def column(self, use: str) -> str:
        """Return the column that has a use, "" where none has."""
        return next((name for name, other in self.columns.items() if other == use), "")

    def columns_of(self, *of: str) -> list[str]:
        """Return the columns that have one of several uses, in the order of the file."""
        return [name for name, use in self.columns.items() if use in of]

    def value(self, cell: str) -> str:
        """Return a cell without the spaces around it; "" where it says nothing."""
        text = cell.strip()
        return "" if text.casefold() in _folded(tuple(self.missing)) else text


_KEPT = [each.name for each in fields(Mapping) if each.name not in ("kind", "document")]


def digest_of_headers(headers: list[str]) -> str:
    """Return what tells a file's form: the SHA-256 of its header row."""
    return sha256("\x1f".join(headers).encode()).hexdigest()


@lru_cache(maxsize=64)
def _folded(marks: tuple[str, ...]) -> frozenset[str]:
    return frozenset(mark.casefold() for mark in marks)


def _fits(empty: Any, value: Any) -> bool:
    if type(value) is not type(empty):
        return False
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    if isinstance(value, dict):
        return all(isinstance(each, str) or _fits({}, each) for each in value.values())
    return True
