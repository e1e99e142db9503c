"""Dates that are told from the day of publication: "last year", "yesterday", "hôm qua"."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

from agreements.suggestions import numerals
from agreements.suggestions.anchor import Anchor
from agreements.suggestions.date_patterns import MONTHS, PLANS, SEASONS
from agreements.suggestions.folded import Folded
from agreements.suggestions.spans import Span, without_overlaps
from agreements.suggestions.stated_dates import Day

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday hai",
            "tuesday ba",
            "wednesday tư",
            "thursday năm",
            "friday sáu",
            "saturday bảy bẩy",
            "sunday chủ_nhật",
        )
    )
    for name in names.split()
}
_STEPS = {"last": -1, "previous": -1, "this past": -1, "this": 0, "the current": 0}
_STEPS |= {"current": 0, "next": 1, "the coming": 1, "coming": 1, "this coming": 1}
_STEPS |= dict.fromkeys(("trước", "qua", "ngoái", "vừa qua", "vừa rồi", "rồi"), -1)
_STEPS |= {"này": 0, "nay": 0, "tới": 1, "sau": 1}
_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "last night": -1}
_DAYS |= {"hôm nay": 0, "hôm qua": -1, "hôm kia": -2, "ngày mai": 1}
_COUNTS = numerals.ENGLISH | numerals.VIETNAMESE | {"a": 1, "an": 1}
_UNITS = {"ngày": "day", "tuần": "week", "tháng": "month", "năm": "year"}

_MONTH_NAMES = "|".join(sorted((n for n in MONTHS if n.isascii() and n.isalpha()), key=len)[::-1])
_WEEKDAY_NAMES = "|".join(name for name in _WEEKDAYS if name.endswith("day"))
_STEP_EN = (
    r"(?P<step>this\s+past|this\s+coming|last|previous|this|next|(?:the\s+)?(?:current|coming))"
)
_STEP_VI = r"(?P<step>vừa\s+qua|vừa\s+rồi|trước|qua|ngoái|này|nay|tới|sau|rồi)"
_PART = r"(?:(?:earlier|later|early|late|mid|the\s+(?:beginning|start|middle|end)\s+of)[\s-]+)?"
_COUNT_EN = rf"(?P<count>\d{{1,2}}|a|an|{numerals.alternatives(numerals.ENGLISH)})"
_COUNT_VI = rf"(?P<count>\d{{1,2}}|{numerals.alternatives(numerals.VIETNAMESE)})"

_SAID = re.compile(r"\b(?:said|told|reported|announced|stated|added|confirmed)\b")
# "in the last year", "50 năm qua", "lần thứ Hai": how long or which, not when.
_NOT_MEANT_AFTER = re.compile(
    r"(?:\bthe|\bevery|\d"
    r"|\b(?:những|nhiều|các|mấy|vài|hằng|hàng|một|hai|ba|bốn|năm|mười|lần))\s+\Z"
)
# In which month each season is over.
_LAST_MONTHS = {21: 5, 22: 8, 23: 11, 24: 2}

Reader = Callable[[re.Match[str], Anchor, bool], str | None]


def relative_dates(folded: Folded, anchor: Anchor) -> list[tuple[Span, str]]:
    """Return (place in the given text, EDTF text) of each, in order, without overlaps."""
    found: dict[Span, str] = {}
    for pattern, reader in _READERS:
        for match in pattern.finditer(folded.text):
            edtf = reader(match, anchor, _in_plans(folded.text, match.start()))
            if edtf is not None and _is_meant(folded, match):
                found.setdefault(folded.span(*match.span()), edtf)
    return [(span, found[span]) for span in without_overlaps(list(found))]


def _in_plans(text: str, at: int) -> bool:
    """Whether the sentence up to an offset tells of plans, and not of who said so when."""
    sentence = re.split(r"[.;:!?]\s", text[max(0, at - 250) : at])[-1]
    return PLANS.search(sentence) is not None and not _SAID.search(sentence.split(",")[-1])


def _is_meant(folded: Folded, match: re.Match[str]) -> bool:
    """Whether the words stand for a time of their own: names of days and months need capitals."""
    for group in ("weekday", "name"):
        if group in match.re.groupindex and not folded.is_capital(match.start(group)):
            return False
    return _NOT_MEANT_AFTER.search(folded.text[: match.start()][-12:]) is None


def _step(match: re.Match[str]) -> int:
    return _STEPS[" ".join(match["step"].split())]


def _unit(match: re.Match[str], anchor: Anchor, plans: bool) -> str | None:
    unit = _UNITS.get(match["unit"], match["unit"])
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


def _days_away(match: re.Match[str], anchor: Anchor, plans: bool) -> str | None:
    return _moved(anchor, "day", _DAYS[" ".join(match[0].split())])


def _part_of_day(match: re.Match[str], anchor: Anchor, plans: bool) -> str | None:
    return _moved(anchor, "day", {"nay": 0, "qua": -1, "mai": 1, "this": 0}[match["when"]])


def _ago(match: re.Match[str], anchor: Anchor, plans: bool) -> str | None:
    count = numerals.number(match["count"], _COUNTS)
    unit = _UNITS.get(match["unit"], match["unit"])
    if count is None:
        return None
    if unit == "week":
        around = _moved(anchor, "day", -7 * count)
        return f"{around}~" if around else None
    return _moved(anchor, unit, -count)


def _weekday(match: re.Match[str], anchor: Anchor, plans: bool) -> str | None:
    """The latest such day up to the publication; in a plan, or with "next", the first after it.

    With "last week" or "tuần tới" after it, that of the week named.
    """
    if anchor.day is None:
        return None
    weekday = _WEEKDAYS["_".join(match["weekday"].split())]
    groups = match.groupdict()
    if groups.get("week"):
        days = 7 * _STEPS[" ".join(match["week"].split())] + weekday - anchor.day.weekday()
    elif groups.get("step") == "next" or (plans and groups.get("step") != "last"):
        days = (weekday - anchor.day.weekday() - 1) % 7 + 1
    else:
        days = -((anchor.day.weekday() - weekday) % 7)
        if days == 0 and groups.get("step") == "last":
            days = -7
    return (anchor.day + datetime.timedelta(days=days)).isoformat()


def _month_named(match: re.Match[str], anchor: Anchor, plans: bool) -> str | None:
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


def _season(match: re.Match[str], anchor: Anchor, plans: bool) -> str | None:
    """ "Last summer": the latest that is over, as seasons run in the north."""
    if anchor.month is None:
        return None
    year, month = anchor.month
    season, step = SEASONS[match["season"]], _step(match)
    over = month > _LAST_MONTHS[season]
    return Day(year + step + (step < 0 and over), season).edtf()


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{text})(?![\w-])")


_READERS: list[tuple[re.Pattern[str], Reader]] = [
    (_pattern(rf"{_PART}{_STEP_EN}\s+(?P<unit>week|month|year)"), _unit),
    (_pattern(rf"(?:(?:đầu|giữa|cuối)\s+)?(?P<unit>tuần|tháng|năm)\s+{_STEP_VI}"), _unit),
    (_pattern(r"yesterday|today(?!'s)|tonight|tomorrow|last\s+night"), _days_away),
    (_pattern(r"hôm\s+nay|hôm\s+qua|hôm\s+kia|ngày\s+mai"), _days_away),
    (_pattern(r"(?P<when>this)\s+(?:morning|afternoon|evening)"), _part_of_day),
    (_pattern(r"(?:sáng|trưa|chiều|tối|đêm)\s+(?P<when>nay|qua|mai)"), _part_of_day),
    (_pattern(rf"{_COUNT_EN}\s+(?P<unit>day|week|month|year)s?\s+ago"), _ago),
    (_pattern(rf"cách\s+đây\s+{_COUNT_VI}\s+(?P<unit>ngày|tuần|tháng|năm)"), _ago),
    (_pattern(rf"(?:(?P<step>last|this|next)\s+)?(?P<weekday>{_WEEKDAY_NAMES})"), _weekday),
    (
        _pattern(rf"(?P<weekday>{_WEEKDAY_NAMES})\s+(?:of\s+)?(?P<week>last|this|next)\s+week"),
        _weekday,
    ),
    (
        _pattern(
            r"thứ\s+(?P<weekday>hai|ba|tư|năm|sáu|bảy|bẩy)(?:\s+tuần\s+(?P<week>trước|này|tới))?"
        ),
        _weekday,
    ),
    (_pattern(r"(?P<weekday>chủ\s+nhật)(?:\s+tuần\s+(?P<week>trước|này|tới))?"), _weekday),
    (_pattern(rf"{_STEP_EN}\s+(?P<name>{_MONTH_NAMES})"), _month_named),
    (_pattern(rf"{_STEP_EN}\s+(?P<season>{'|'.join(SEASONS)})"), _season),
]
