"""The form of a list: the API's filters, as a reader fills them in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from agreements.catalogue import filters, parameters
from agreements.catalogue.listings import Listing
from agreements.catalogue.names import Name
from agreements.catalogue.pages import ORDERS
from agreements.countries import code_of

_LABELS = {
    "q": gettext_lazy("words"),
    "kind": gettext_lazy("kind"),
    "country": gettext_lazy("country"),
    "force": gettext_lazy("force"),
    "role": gettext_lazy("role"),
    "status": gettext_lazy("status"),
    "happened": gettext_lazy("came about"),
    "place": gettext_lazy("place"),
    "topic": gettext_lazy("topic"),
    "document": gettext_lazy("document"),
    "series": gettext_lazy("series"),
    "ordinal": gettext_lazy("number in the series"),
    "instrument": gettext_lazy("type of agreement"),
    "activity": gettext_lazy("activity"),
    "level": gettext_lazy("level of a meeting"),
    "date_from": gettext_lazy("from"),
    "date_to": gettext_lazy("to"),
    "date_certain": gettext_lazy("surely in that time"),
    "undated": gettext_lazy("without a date"),
    "disputed": gettext_lazy("with a disputed value"),
    "overdue": gettext_lazy("planned, and its day is past"),
    "ordering": gettext_lazy("order"),
    "as_of": gettext_lazy("as published at"),
}
_AGAIN = {
    "country": gettext_lazy("and country"),
    "force": gettext_lazy("and force"),
    "place": gettext_lazy("or place"),
}
_ORDERS = {
    "date": gettext_lazy("oldest first"),
    "-date": gettext_lazy("newest first"),
    "published_at": gettext_lazy("published first"),
    "-published_at": gettext_lazy("published last"),
    "title": gettext_lazy("title, A to Z"),
    "-title": gettext_lazy("title, Z to A"),
}
_HELP = {
    "q": gettext_lazy("Each begins a word of the record; accents do not matter."),
    "place": gettext_lazy("VN for the country, VN:Hanoi for a place in it."),
    "date_from": gettext_lazy("2023, 2023-12 or 2023-12-19"),
    "date_to": gettext_lazy("2023, 2023-12 or 2023-12-19"),
    "as_of": gettext_lazy("A past day, such as 2026-11-22: everything as it was then."),
}
# Shown at once; the others are unfolded.
_FIRST = ("q", "kind", "country")
# Records whose keys a filter takes.
NAMED = ("country", "force", "topic", "document", "series")

Names = Mapping[str, list[tuple[str, Name]]]


@dataclass(frozen=True)
class Option:
    value: str
    text: str
    chosen: bool


@dataclass(frozen=True)
class Control:
    """One place to fill in. Without options it is a line of text."""

    name: str
    label: str
    value: str
    number: int = 1
    help: str = ""
    fault: str = ""
    options: list[Option] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"id_{self.name}" + (f"_{self.number}" if self.number > 1 else "")

    @property
    def kind(self) -> str:
        return "search" if self.name == "q" else "text"

    @property
    def described_by(self) -> str:
        """The ids of what is said about it."""
        said = [f"{self.id}_fault"] * bool(self.fault) + [f"{self.id}_help"] * bool(self.help)
        return " ".join(said)


@dataclass(frozen=True)
class Form:
    """The places of a list's form; `more` are unfolded where one of them is filled in."""

    first: list[Control]
    more: list[Control]
    others: dict[str, str]

    @property
    def unfolded(self) -> bool:
        return any(control.value or control.fault for control in self.more)


def kinds_named(listing: Listing) -> list[str]:
    """Return the kinds of records among which a list's form lets readers choose."""
    return [name for name in NAMED if name in listing.filters.base_filters]


def form_of(
    listing: Listing, query: QueryDict, names: Names, faults: Mapping[str, str] | None = None
) -> Form:
    """Return a list's form as a query fills it in, with what is wrong at each place.

    `others` are faults of what has no place in it, such as a parameter that is unknown.
    """
    faults = faults or {}
    controls = list(_controls(listing, query, names, faults))
    placed = {control.name for control in controls}
    first = [control for control in controls if control.name in _FIRST]
    more = [control for control in controls if control.name not in _FIRST]
    return Form(first, more, {name: text for name, text in faults.items() if name not in placed})


def _controls(
    listing: Listing, query: QueryDict, names: Names, faults: Mapping[str, str]
) -> Iterator[Control]:
    for name, each in listing.filters.base_filters.items():
        values = query.getlist(name)
        least = 2 if _many(listing, name) else 1
        repeats = max(least, len(values)) if name in _AGAIN else 1
        for number in range(1, repeats + 1):
            value = values[number - 1] if number <= len(values) else ""
            label = _LABELS[name] if number == 1 else _AGAIN[name]
            yield Control(
                name,
                capfirst(str(label)),
                value,
                number,
                str(_HELP.get(name, "")),
                faults.get(name, "") if number == 1 else "",
                _options(name, each, value, names),
            )
    ordering = query.get("ordering", "")
    if ordering == listing.ordering:
        ordering = ""
    yield Control(
        "ordering",
        capfirst(str(_LABELS["ordering"])),
        ordering,
        fault=faults.get("ordering", ""),
        options=_choices(_orders(listing), ordering),
    )
    yield Control(
        "as_of",
        capfirst(str(_LABELS["as_of"])),
        query.get("as_of", ""),
        help=str(_HELP["as_of"]),
        fault=faults.get("as_of", ""),
    )


def _many(listing: Listing, name: str) -> bool:
    """Whether records of a list can have several of what a filter asks for."""
    if name == "country" and "countries" in listing.keys:
        return True
    return name in ("country", "force") and "participants" in listing.keys


def _options(name: str, each: filters.Parameter, value: str, names: Names) -> list[Option]:
    if isinstance(each, filters.Choice):
        return _choices({"": gettext("any"), **each.labels}, value)
    if isinstance(each.field, parameters.TruthField):
        return _choices({"": gettext("any"), "true": gettext("yes"), "false": gettext("no")}, value)
    if name in NAMED:
        known = {key: text for key, (text, _) in names.get(name, ())}
        if name == "country":
            value = code_of(value) or value
        return _choices({"": gettext("any"), **known}, value)
    return []


def _choices(texts: Mapping[str, object], value: str) -> list[Option]:
    found = [Option(each, str(text), each == value) for each, text in texts.items()]
    if value and value not in texts:
        found.append(Option(value, value, True))
    return found


def _orders(listing: Listing) -> dict[str, object]:
    """Return the orders of a list. Its own is asked for by asking for none."""
    dated = "date" in listing.keys or "published" in listing.keys
    known = {name: _ORDERS[name] for name in ORDERS if dated or not name.endswith("date")}
    return {"": known.pop(listing.ordering), **known}
