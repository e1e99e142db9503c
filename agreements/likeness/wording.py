"""What is alike in two records, in a line for whoever judges them."""

from collections.abc import Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.countries import country_name
from agreements.date_words import in_words
from agreements.dates import PartialDate, PartialDateError
from agreements.models import Agreement, Exercise, Meeting

# More countries than these are counted.
_NAMED = 4
_CHOICES: dict[str, Any] = {
    "activity": Exercise.Activity,
    "instrument": Agreement.Instrument,
    "level": Meeting.Level,
}


def explained(because: dict[str, Any]) -> str:
    """Return a line such as "Same parties (Vietnam, Japan), days that overlap (…), titles 87 %
    alike", in the language now active, of what `Likely.because` holds.

    What it holds that is of no known form is left out.
    """
    return capfirst(", ".join(filter(None, _parts(because))))


def _parts(because: dict[str, Any]) -> Iterator[str]:
    if because.get("number"):
        yield _("number %(number)s in a series") % {"number": because["number"]}
    yield _parties(because.get("countries") or [], because.get("sides") or 0)
    yield _days(because.get("dates") or [])
    if because.get("place"):
        yield _("same place (%(place)s)") % {"place": because["place"]}
    for name, choices in _CHOICES.items():
        if because.get(name) in choices.values:
            yield str(choices(because[name]).label)
    if because.get("titles"):
        yield _("titles %(percent)s %% alike") % {"percent": because["titles"]}
    if because.get("words"):
        yield _("titles in two languages, %(percent)s %% alike") % {"percent": because["words"]}


def _parties(codes: list[str], every: int) -> str:
    if not codes:
        return ""
    if len(codes) > _NAMED:
        counts = {"shared": len(codes), "all": every}
        if len(codes) == every:
            return _("same %(all)d parties") % counts
        return _("%(shared)d of %(all)d parties in common") % counts
    names = {"names": ", ".join(_country(code) for code in codes)}
    if len(codes) == every:
        return _("same parties (%(names)s)") % names
    return _("parties in common (%(names)s)") % names


def _country(code: str) -> str:
    try:
        return country_name(code, get_language() or "en")
    except KeyError:
        return code


def _days(dates: list[str]) -> str:
    words = [_date(each) for each in dates]
    if len(words) < 2:
        return ""
    if dates[0] == dates[1]:
        return _("same date (%(date)s)") % {"date": words[0]}
    return _("dates that overlap (%(one)s; %(other)s)") % {"one": words[0], "other": words[1]}


def _date(edtf: str) -> str:
    try:
        return in_words(PartialDate(edtf))
    except PartialDateError:
        return edtf
