"""Partial dates in words, in the reader's language."""

from __future__ import annotations

from django.utils.dates import MONTHS
from django.utils.translation import gettext, gettext_lazy

from agreements.dates import PartialDate
from agreements.edtf import Point

_QUALIFIED = {
    "?": gettext_lazy("%(date)s, uncertain"),
    "~": gettext_lazy("about %(date)s"),
    "%": gettext_lazy("about %(date)s, uncertain"),
}
_YEAR_QUALIFIED = {
    "?": gettext_lazy("%(date)s, year uncertain"),
    "~": gettext_lazy("%(date)s, year approximate"),
    "%": gettext_lazy("%(date)s, year approximate and uncertain"),
}
_MONTH_QUALIFIED = {
    "?": gettext_lazy("%(date)s, year and month uncertain"),
    "~": gettext_lazy("%(date)s, year and month approximate"),
    "%": gettext_lazy("%(date)s, year and month approximate and uncertain"),
}
_SEASONS = {
    "21": gettext_lazy("spring %(year)s"),
    "22": gettext_lazy("summer %(year)s"),
    "23": gettext_lazy("autumn %(year)s"),
    "24": gettext_lazy("winter %(year)s"),
}


def describe(value: PartialDate) -> str:
    """A value in words with the days it can mean, in the language now active.

    "September 2015: 1 to 30 September 2015"
    """
    reading = in_words(value)
    if not value.year_known:
        reading = gettext("%(date)s, year unknown") % {"date": reading}
    first, last = value.earliest, value.latest
    if first and last:
        if all(point and point.day.isdecimal() for point in value.ends):
            return reading
        days = _days(str(first.year), first.month, first.day, str(last.year), last.month, last.day)
        return gettext("%(date)s: %(days)s") % {"date": reading, "days": days}
    if first:
        return gettext("%(date)s: first day %(day)s, no last day") % {
            "date": reading,
            "day": _date(str(first.day), first.month, str(first.year)),
        }
    if last:
        return gettext("%(date)s: no first day, last day %(day)s") % {
            "date": reading,
            "day": _date(str(last.day), last.month, str(last.year)),
        }
    return gettext("%(date)s: no bounds") % {"date": reading}


def in_words(value: PartialDate) -> str:
    """A value in words, without the days it can mean: "September 2015"."""
    start, end = value.ends[0], value.ends[-1]
    if len(value.ends) == 1:
        return _point(start)
    if start is None:
        if value.edtf.startswith(".."):
            return gettext("until %(date)s") % {"date": _point(end)}
        return gettext("from an unknown day until %(date)s") % {"date": _point(end)}
    if end is None:
        if value.edtf.endswith(".."):
            return gettext("from %(date)s on") % {"date": _point(start)}
        return gettext("from %(date)s until an unknown day") % {"date": _point(start)}
    if start.day.isdecimal() and end.day.isdecimal() and not value.qualified:
        years = ["" if point.year == "XXXX" else point.year for point in (start, end)]
        return _days(
            *(years[0], int(start.month), int(start.day)),
            *(years[1], int(end.month), int(end.day)),
        )
    ends = {"first": _point(start), "last": _point(end)}
    if value.qualified:
        return gettext("from %(first)s; to %(last)s") % ends
    return gettext("%(first)s to %(last)s") % ends


def _point(point: Point | None) -> str:
    if point is None:
        return ""
    text = _unqualified(point)
    whole = point.qualifiers[2 if point.day else 1 if point.month else 0]
    if point.month and point.qualifiers[0]:
        text = _YEAR_QUALIFIED[point.qualifiers[0]] % {"date": text}
    if point.day and point.qualifiers[1]:
        text = _MONTH_QUALIFIED[point.qualifiers[1]] % {"date": text}
    return _QUALIFIED[whole] % {"date": text} if whole else text


def _unqualified(point: Point) -> str:
    year = "" if point.year == "XXXX" else point.year.lstrip("Y")
    if "X" in year:
        first, last = year.replace("X", "0"), year.replace("X", "9")
        return gettext("a year from %(first)s to %(last)s") % {"first": first, "last": last}
    if not point.month:
        return year if len(year) == 4 else gettext("the year %(year)s") % {"year": year}
    if point.month in _SEASONS:
        return str(_SEASONS[point.month]) % {"year": year}
    if point.month == "XX":
        if point.day:
            return gettext("an unknown day of %(year)s") % {"year": year}
        return gettext("an unknown month of %(year)s") % {"year": year}
    month = int(point.month)
    if point.day == "XX":
        return gettext("an unknown day of %(month)s") % {"month": _date("", month, year)}
    day = _date(point.day.lstrip("0"), month, year)
    if point.time:
        return gettext("%(day)s at %(time)s") % {"day": day, "time": point.time.lstrip("T")}
    return day


def _date(day: str, month: int, year: str) -> str:
    """A day or, where that is "", a month; without a year where that is ""."""
    parts = {"day": day, "month": MONTHS[month], "year": year}
    if day and year:
        return gettext("%(day)s %(month)s %(year)s") % parts
    if day:
        return gettext("%(day)s %(month)s") % parts
    if year:
        return gettext("%(month)s %(year)s") % parts
    return str(MONTHS[month])


def _days(
    first_year: str, first_month: int, first: int, last_year: str, last_month: int, last: int
) -> str:
    """From one day to another, saying once what they share; a year may be ""."""
    start, end = _date(str(first), first_month, first_year), _date(str(last), last_month, last_year)
    if start == end:
        return start
    if first_year != last_year or (first_month != last_month and not first_year):
        return gettext("%(first)s to %(last)s") % {"first": start, "last": end}
    if first_month != last_month:
        return gettext("%(first)s to %(last)s %(year)s") % {
            "first": _date(str(first), first_month, ""),
            "last": _date(str(last), last_month, ""),
            "year": first_year,
        }
    month = _date("", first_month, first_year)
    return gettext("%(first)s to %(last)s %(month)s") % {
        "first": first,
        "last": last,
        "month": month,
    }
