"""What is suggested, as a person reads it: dates in words, countries and forces by their names."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.countries import country_name
from agreements.date_words import in_words
from agreements.dates import PartialDate
from agreements.desk.values import DATES
from agreements.differences import words
from agreements.models import KINDS, Topic
from agreements.suggestions.facts import Fact, proposed_title
from agreements.suggestions.proposals import Event, Proposal


class Wordings:
    """Says values without asking the database for each: `force_names` are by slug."""

    def __init__(self, force_names: Mapping[str, str]):
        self._forces = force_names

    def of_proposal(self, found: Proposal) -> tuple[str, str, bool]:
        """Return a value in words, its code or "", and whether the desk lacks what it names."""
        value = found.value
        if found.type == "date":
            return in_words(PartialDate.parse(value)), value, False
        if found.type == "country":
            return self._country(value), value, False
        if found.type == "force":
            name = self._forces.get(value["slug"] or "", value["name"])
            return f"{name} ({self._country(value['country'])})", "", value["slug"] is None
        said = {
            "instrument": self._instrument,
            "meeting": self._meeting,
            "exercise": self._exercise,
            "person": self._person,
            "count": self._count,
        }[found.type](value)
        return said, "", found.type == "person" and bool(value["name"] and not value["person"])

    @staticmethod
    def _country(code: str) -> str:
        return country_name(code, get_language() or "en")

    @staticmethod
    def _instrument(value: dict[str, Any]) -> str:
        kind = words(KINDS["agreement"], "instrument", value["instrument"])
        return ": ".join(filter(None, (kind, value["title"])))

    @staticmethod
    def _meeting(value: dict[str, Any]) -> str:
        model = KINDS["meeting"]
        named = (words(model, name, value[name]) for name in ("level", "modality"))
        return ", ".join(filter(None, (_numbered(value["ordinal"]), *named)))

    @staticmethod
    def _exercise(value: dict[str, Any]) -> str:
        activity = words(KINDS["exercise"], "activity", value["activity"])
        return ", ".join(filter(None, (activity, _numbered(value["ordinal"]), value["name"])))

    @staticmethod
    def _person(value: dict[str, Any]) -> str:
        named = " ".join(filter(None, (value["rank"], value["name"])))
        return ", ".join(filter(None, (named, value["position"])))

    @staticmethod
    def _count(value: dict[str, Any]) -> str:
        number = value["count"]
        if number is None:
            return str(value["what"])
        counted = f"{number} {value['what']}".strip()
        return _("about %(count)s") % {"count": counted} if value["approximate"] else counted

    def of_fact(self, model: Any, fact: Fact) -> str:
        """Return the value of a fact."""
        if fact.field in DATES:
            return in_words(PartialDate.parse(fact.value))
        if fact.field == "participants":
            code, slug, _role = fact.value
            return self._forces.get(slug or "", "") or self._country(code)
        if fact.field == "location":
            name, code = fact.value
            return ", ".join(filter(None, (name, self._country(code) if code else "")))
        if fact.field == "topics":
            return self._topics.get(fact.value, fact.value)
        return words(model, fact.field, fact.value)

    def of_record(self, record: Any, name: str) -> str:
        """Return what a record says in a field that holds one value."""
        value = getattr(record, name)
        if isinstance(value, PartialDate):
            return in_words(value)
        return words(type(record), name, getattr(value, "code", value))

    @cached_property
    def _topics(self) -> dict[str, str]:
        return dict(Topic.objects.values_list("slug", "name"))

    def title(self, event: Event) -> str:
        """Return what a record of an event would be called."""
        return proposed_title(event.kind, event.facts, self._forces)

    @staticmethod
    def note(text: str) -> str:
        """Return why something is inferred, in the language of the page."""
        return _(text) if text else ""


def _numbered(number: int | None) -> str:
    return _("number %(number)d") % {"number": number} if number else ""
