"""Dates that are told from the day of publication: "last year", "yesterday", "hôm qua"."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator

from agreements.suggestions import numerals
from agreements.suggestions.anchor import Anchor
from agreements.suggestions.date_patterns import MONTHS, SEASONS, pattern, without_marks
from agreements.suggestions.folded import Folded
from agreements.suggestions.not_dates import EVERY_WEEK
from agreements.suggestions.relative_words import (
    COUNT_EN,
    COUNT_VI,
    COUNTS,
    DAYS,
    STEP_EN,
    STEP_VI,
    STEPS,
    UNITS,
    plain,
)
from agreements.suggestions.spans import Span
from agreements.suggestions.stated_dates import Day
from agreements.suggestions.tense import Tense, Tenses
from agreements.suggestions.weekdays import ONE, SEVERAL, WEEKENDS, weekday, weekdays, weekend

_MONTH_NAMES = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_PART = (
    r"(?:(?:earlier|later|early|late|mid|(?:the\s+)?(?:beginning|start|middle|end)\s+of)[\s-]+)?"
)

# "in the last year", "50 năm qua", "lần thứ Hai": how long or which, not when.
_NOT_MEANT_AFTER = re.compile(
    r"(?:\bthe|\bevery|\d"
    r"|\b(?:những|nhiều|các|mấy|vài|hằng|hàng|một|hai|ba|bốn|năm|mười|lần))\s+\Z"
)
_DATE_IN_BRACKETS = re.compile(r"\s*\((?:ngày\s+)?\d")
# In which month each season is over.
_LAST_MONTHS = {21: 5, 22: 8, 23: 11, 24: 2}

Reader = Callable[[re.Match[str], Anchor, Tense], str | None]


def relative_dates(folded: Folded, anchor: Anchor, tenses: Tenses) -> Iterator[tuple[Span, str]]:
    """Yield (place in the given text, EDTF text) of each; they may overlap."""
    for each, reader in _READERS:
        fitting = without_marks(each) if folded.unmarked else each
        for match in fitting.finditer(folded.text):
            if _is_meant(folded, match):
                span = folded.span(*match.span())
                if edtf := reader(match, anchor, tenses.around(span)):
                    yield span, edtf


def _is_meant(folded: Folded, match: re.Match[str]) -> bool:
    """Whether the words stand for a time of their own: names of days and months need capitals."""
    groups, before = match.groupdict(), folded.text[: match.start()]
    if groups.get("name") and not folded.is_capital(match.start("name")):
        return False
    if groups.get("weekday"):
        if not folded.is_capital(match.start("weekday")) and not _is_day(folded, match):
            return False
        if EVERY_WEEK.search(before[-40:]):
            return False
    return _NOT_MEANT_AFTER.search(before[-12:]) is None


def _is_day(folded: Folded, match: re.Match[str]) -> bool:
    """Whether "thứ hai" is Monday, and not the second, in small letters."""
    return bool(
        match["weekday"].startswith("ch")
        or match.groupdict().get("week")
        or folded.text[: match.start()].endswith(("hôm ", "hom "))
        or _DATE_IN_BRACKETS.match(folded.text, match.end())
    )


def _step(match: re.Match[str]) -> int:
    return STEPS[plain(match["step"])]


def _unit(match: re.Match[str], anchor: Anchor, tense: Tense) -> str | None:
    unit = UNITS.get(match["unit"], match["unit"])
    return _moved(anchor, unit, _step(match))


def _moved(anchor: Anchor, unit: str, step: int) -> str | None:
    """The year, month, week or day that is so many from that of the publication."""
    if unit == "year":
        return Day(anchor.year + step).edtf() if anchor.year else None
    if unit == "month":
        if anchor.month is None:
            return None
        months = anchor.month[0] * 12 + anchor.month[1] - 1 + step
        return Day(months // 12, months % 12 + 1).edtf()
    if anchor.day is None:
        return None
    if unit == "day":
        return (anchor.day + datetime.timedelta(days=step)).isoformat()
    monday = anchor.day + datetime.timedelta(days=7 * step - anchor.day.weekday())
    return f"{monday.isoformat()}/{(monday + datetime.timedelta(days=6)).isoformat()}"


def _days_away(match: re.Match[str], anchor: Anchor, tense: Tense) -> str | None:
    return _moved(anchor, "day", DAYS[plain(match["when"])])


def _of_this(match: re.Match[str], anchor: Anchor, tense: Tense) -> str | None:
    """ "The end of the year", "cuối tháng": of that in which the text was published."""
    return _moved(anchor, UNITS.get(match["unit"], match["unit"]), 0)


def _following(match: re.Match[str], anchor: Anchor, tense: Tense) -> str | None:
    return _moved(anchor, "year", 1)


def _quarter(match: re.Match[str], anchor: Anchor, tense: Tense) -> str | None:
    """ "Next quarter": the three months after those of the publication."""
    if anchor.month is None:
        return None
    quarters = anchor.month[0] * 4 + (anchor.month[1] - 1) // 3 + _step(match)
    year, quarter = divmod(quarters, 4)
    return f"{Day(year, quarter * 3 + 1).edtf()}/{Day(year, quarter * 3 + 3).edtf()}"


def _ago(match: re.Match[str], anchor: Anchor, tense: Tense) -> str | None:
    count = numerals.number(match["count"], COUNTS)
    unit = UNITS.get(match["unit"], match["unit"])
    if count is None:
        return None
    if match.groupdict().get("ahead"):
        count = -count
    if unit == "week":
        around = _moved(anchor, "day", -7 * count)
        return f"{around}~" if around else None
    return _moved(anchor, unit, -count)


def _month_named(match: re.Match[str], anchor: Anchor, tense: Tense) -> str | None:
    """ "Last November": the latest that is past; "next May": the first to come."""
    month, step = MONTHS[match["name"]], _step(match)
    if anchor.month is None:
        return None
    year, current = anchor.month
    if step < 0:
        year -= month >= current
    elif step > 0:
        year += month <= current
    return Day(year, month).edtf()


def _season(match: re.Match[str], anchor: Anchor, tense: Tense) -> str | None:
    """ "Last summer": the latest that is over, as seasons run in the north."""
    if anchor.month is None:
        return None
    year, month = anchor.month
    season, step = SEASONS[match["season"]], _step(match)
    over = month > _LAST_MONTHS[season]
    return Day(year + step + (step < 0 and over), season).edtf()


_READERS: list[tuple[re.Pattern[str], Reader]] = [
    *((each, weekend) for each in WEEKENDS),
    (pattern(rf"{_PART}{STEP_EN}\s+(?P<unit>week|month|year)"), _unit),
    (pattern(rf"(?:(?:đầu|giữa|cuối)\s+)?(?P<unit>tuần|tháng|năm)\s+{STEP_VI}"), _unit),
    (
        pattern(
            r"(?:(?:earlier|later|late|early)\s+in|(?:the\s+)?(?:beginning|start|middle|end)\s+of)"
            r"\s+the\s+(?P<unit>week|month|year)"
        ),
        _of_this,
    ),
    (pattern(r"(?P<unit>year)(?:[\s-]+end|'s\s+end)"), _of_this),
    (pattern(r"(?:đầu|giữa|cuối)\s+(?P<unit>tháng|năm)(?!\s+học)"), _of_this),
    (pattern(r"sang\s+năm(?!\s+\d)"), _following),
    (pattern(rf"{STEP_EN}\s+quarter"), _quarter),
    (pattern(r"quý\s+(?P<step>trước|này|tới|sau)"), _quarter),
    (pattern(r"(?P<when>yesterday|today(?!'s)|tonight|tomorrow|last\s+night)"), _days_away),
    (
        pattern(r"(?:ngày\s+)?(?P<when>hôm\s+nay|hôm\s+qua|hôm\s+kia|ngày\s+mai)"),
        _days_away,
    ),
    (pattern(r"(?P<when>this)\s+(?:morning|afternoon|evening)"), _days_away),
    (pattern(r"(?:sáng|trưa|chiều|tối|đêm)\s+(?P<when>nay|qua|mai)"), _days_away),
    (pattern(rf"{COUNT_EN}\s+(?P<unit>day|week|month|year)s?\s+ago"), _ago),
    (pattern(rf"cách\s+đây\s+{COUNT_VI}\s+(?P<unit>ngày|tuần|tháng|năm)"), _ago),
    (
        pattern(
            rf"{COUNT_VI}\s+(?P<unit>ngày|tuần|tháng|năm)\s+(?:trước(?!\s+(?:khi|đó))|(?P<ahead>nữa))"
        ),
        _ago,
    ),
    *((each, weekday) for each in ONE),
    *((each, weekdays) for each in SEVERAL),
    (pattern(rf"{STEP_EN}\s+(?P<name>{_MONTH_NAMES})"), _month_named),
    (pattern(rf"{STEP_EN}\s+(?P<season>{'|'.join(SEASONS)})"), _season),
]
