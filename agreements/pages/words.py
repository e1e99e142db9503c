"""Values of public records in the reader's words."""

import re
from typing import Any

from django.utils.translation import get_language, get_language_info, gettext, gettext_lazy

from agreements.catalogue.names import Name
from agreements.date_words import describe, in_words
from agreements.dates import PartialDate
from agreements.differences import words
from agreements.models import Publication
from agreements.records import KINDS_OF_RECORD

# What a status says of the world, and what it leaves open.
_MEANINGS = {
    "under-negotiation": gettext_lazy("Nothing has been signed, as far as the sources say."),
    "signed": gettext_lazy("Whether it is in force is not recorded."),
    "in-force": gettext_lazy("A source says that it applies."),
    "terminated": gettext_lazy("It applies no longer."),
    "superseded": gettext_lazy("Another instrument has taken its place."),
    "unknown": gettext_lazy("The sources do not say how it stands."),
    "planned": gettext_lazy("It was announced. Whether it took place is not recorded."),
    "held": gettext_lazy("It took place."),
    "ongoing": gettext_lazy("It was under way when the source was written."),
    "postponed": gettext_lazy("It was put off; a new day is recorded only where one is stated."),
    "cancelled": gettext_lazy("It did not take place."),
    "unconfirmed": gettext_lazy("It is reported, and nothing confirms it."),
}
_PLURALS = {
    "country": gettext_lazy("Countries"),
    "force": gettext_lazy("Forces"),
    "topic": gettext_lazy("Topics"),
    "series": gettext_lazy("Series"),
    "document": gettext_lazy("Documents"),
    "agreement": gettext_lazy("Agreements"),
    "meeting": gettext_lazy("Meetings"),
    "exercise": gettext_lazy("Exercises"),
    "total": gettext_lazy("Claimed and recorded"),
}
_PARAGRAPHS = re.compile(r"paragraphs? ([0-9]+(?:[-–, ]+(?:and )?[0-9]+)*)")
_NOT_YET = ("planned", "under-negotiation")


def language_now() -> str:
    """Return the language of the page."""
    return (get_language() or "en").partition("-")[0]


def kind_in_words(kind: str) -> str:
    """Return what one record of a kind is called."""
    return str(Publication.Kind(kind).label)


def kinds_in_words(kind: str) -> str:
    """Return what the records of a kind are called together."""
    return str(_PLURALS[kind])


def status_in_words(kind: str, status: str) -> str:
    return words(KINDS_OF_RECORD[kind], "status", status)


def meaning_of(status: str) -> str:
    """Return what a status means; "" for one that is unknown here."""
    return str(_MEANINGS.get(status, ""))


def is_to_come(status: str) -> bool:
    """Return whether a status says that nothing has come about yet."""
    return status in _NOT_YET


def short_date(value: dict[str, Any] | None) -> str:
    """Return a public date in words, without the days that it can mean; "" for none."""
    if not value:
        return ""
    date = PartialDate.parse(value["edtf"])
    text = in_words(date)
    return text if date.year_known else gettext("%(date)s, year unknown") % {"date": text}


def whole_date(value: dict[str, Any] | None) -> str:
    """Return a public date in words with the days that it can mean; "" for none."""
    return describe(PartialDate.parse(value["edtf"])) if value else ""


def locator_in_words(locator: str) -> str:
    """Return where in a document a passage is; what is not counted in paragraphs, as it stands."""
    match = _PARAGRAPHS.fullmatch(locator)
    if match is None:
        return locator
    return gettext("paragraph %(number)s") % {"number": match[1].replace(" and ", ", ")}


def language_in_words(tag: str) -> str:
    """Return the name of a language; where it is not known here, its tag."""
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag


def foreign(name: Name) -> str:
    """Return the language of a name where it is another than the page's, else ""."""
    if not name.language or name.language.partition("-")[0] == language_now():
        return ""
    return name.language
