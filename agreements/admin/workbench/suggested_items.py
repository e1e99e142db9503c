"""What is suggested, as the list shows it: values with what they can fill, and whole records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agreements.admin.workbench.wordings import Wordings
from agreements.desk.passages import Selection
from agreements.desk.proposed import reading_of
from agreements.desk.values import DATES, Standing
from agreements.records import KINDS_OF_RECORD
from agreements.suggestions.proposals import Event, Proposal

EVENTS = "event"
TYPE_NAMES = {
    EVENTS: _("Events"),
    "date": _("Dates"),
    "country": _("Countries"),
    "force": _("Forces"),
    "instrument": _("Instruments"),
    "meeting": _("Meetings"),
    "exercise": _("Activities"),
    "person": _("People"),
    "count": _("Counts"),
}
ONE_OF_TYPE = {
    "date": _("Date"),
    "country": _("Country"),
    "force": _("Force"),
    "instrument": _("Instrument"),
    "meeting": _("Meeting"),
    "exercise": _("Activity"),
    "person": _("Person"),
    "count": _("Count"),
}
# For which fields a passage shows that a value was read out of the text already.
FILLED = {
    "date": DATES,
    "country": ("participants", "location", "country"),
    "force": ("participants", "name", "names"),
    "instrument": ("instrument", "title_as_given"),
    "meeting": ("ordinal", "level", "modality"),
    "exercise": ("activity",),
    "person": ("delegates",),
    "count": ("count_stated", ""),
}


@dataclass(frozen=True)
class Offer:
    """A field that a suggestion can fill: how the record stands to it, and what it says now."""

    name: str
    label: str
    value: str
    stands: Standing
    record_says: str = ""
    is_cited: bool = False
    # Whether it says what the record says already, by other words of the text.
    is_known: bool = False
    role: str = ""

    @property
    def is_open(self) -> bool:
        return self.stands is Standing.OPEN

    @property
    def differs(self) -> bool:
        return self.stands is Standing.OTHER


@dataclass
class Item:
    """A value read out of the text, as the list shows it."""

    found: Proposal
    words: str
    value: str
    selection: Selection
    code: str = ""
    is_new: bool = False
    offers: list[Offer] = field(default_factory=list)
    cited_for: list[str] = field(default_factory=list)
    # Whether the list has had the same value before.
    again: bool = False
    people: list[Any] = field(default_factory=list)
    side: int | None = None

    @property
    def type_name(self) -> Any:
        return ONE_OF_TYPE[self.found.type]

    @property
    def id(self) -> str:
        """Its name on the page: its type and its place."""
        span = self.found.span
        return f"suggested-{self.found.type}-{self.found.number}-{span.start}-{span.end}"

    @property
    def reading(self) -> str:
        return reading_of(self.found)

    @property
    def is_count(self) -> bool:
        return self.found.type == "count"

    @property
    def total_page(self) -> str:
        """The form of a new total that the document claims, with what these words say of it."""
        told = self.found.value
        values = {
            "document": self.selection.document.pk,
            "locator": self.selection.locator,
            "quote": self.selection.quote(self.found.span),
            "count": told["count"] or "",
            "approximate": "True" if told["approximate"] else "",
        }
        given = {name: value for name, value in values.items() if value != ""}
        return f"{reverse('admin:agreements_reportedtotal_add')}?{urlencode(given)}"

    @property
    def note(self) -> str:
        """Why it is inferred, in the language of the page."""
        return Wordings.note(self.found.note)

    @property
    def is_done(self) -> bool:
        """Whether the record has all that it could fill, or another record is cited to it."""
        if not self.offers:
            return bool(self.cited_for)
        return all(offer.is_cited or offer.is_known for offer in self.offers)

    @property
    def waiting(self) -> list[Offer]:
        return [offer for offer in self.offers if not offer.is_cited]


@dataclass
class EventItem:
    """A record that could be begun, as the list shows it: what it would say, and what is like it.

    `values` are (label, value, whether inferred, why); `alike` are records, each with its name on
    the workbench, its token, and why it may be the same.
    """

    event: Event
    words: str
    title: str
    selection: Selection
    values: list[tuple[str, str, bool, str]]
    cited_as: list[Any] = field(default_factory=list)
    alike: list[tuple[Any, str, str, str]] = field(default_factory=list)

    @property
    def id(self) -> str:
        span = self.event.span
        return f"suggested-{EVENTS}-{self.event.kind}-{self.event.number}-{span.start}-{span.end}"

    @property
    def reading(self) -> str:
        return reading_of(self.event)

    @property
    def notes(self) -> list[tuple[str, str]]:
        """Why values are inferred: what each is called, and the reason."""
        return [(label, note) for label, _value, _inferred, note in self.values if note]

    @property
    def kind_name(self) -> str:
        return str(KINDS_OF_RECORD[self.event.kind]._meta.verbose_name)

    @property
    def is_done(self) -> bool:
        return bool(self.cited_as)
