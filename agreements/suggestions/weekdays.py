"""Days of the week and weekends, told from the day of publication: "on Monday", "thứ Năm"."""

from __future__ import annotations

import datetime
import re

from agreements.suggestions.anchor import Anchor
from agreements.suggestions.date_patterns import pattern
from agreements.suggestions.relative_words import GONE, STEPS, TO_COME, WEEKDAYS, plain
from agreements.suggestions.tense import Tense

_NAMES = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DAY = r"(?:hai|ba|tư|năm|sáu|bảy|bẩy)"
_WEEK_VI = (
    r"(?:\s+tuần\s+(?P<week>trước|qua|này|tới|sau)"
    r"|\s+(?P<step>này|tới|vừa\s+qua|vừa\s+rồi))?"
)

ONE = [
    pattern(rf"(?:(?P<step>last|this|next|this\s+past|this\s+coming)\s+)?(?P<weekday>{_NAMES})"),
    pattern(rf"(?P<weekday>{_NAMES})\s+(?:of\s+)?(?P<week>last|this|next)\s+week"),
    pattern(rf"(?P<week>last|next)\s+week\s+(?:on\s+)?(?P<weekday>{_NAMES})"),
    pattern(rf"thứ\s+(?P<weekday>{_DAY}){_WEEK_VI}"),
    pattern(rf"(?P<weekday>chủ\s+nhật){_WEEK_VI}"),
]
SEVERAL = [
    pattern(rf"(?P<weekday>{_NAMES})\s*(?:to|through|until|till|-)\s*(?P<last>{_NAMES})"),
    pattern(rf"thứ\s+(?P<weekday>{_DAY})\s+(?:đến|tới)\s+(?P<last>thứ\s+{_DAY}|chủ\s+nhật)"),
]
WEEKENDS = [
    pattern(r"(?:(?P<step>last|this\s+past|this|next|the\s+past|the\s+coming)\s+|the\s+)weekend"),
    pattern(r"cuối\s+tuần\s+(?P<step>trước|qua|vừa\s+qua|vừa\s+rồi|này|tới|sau)"),
]


def weekday(match: re.Match[str], anchor: Anchor, tense: Tense) -> str | None:
    """The latest such day up to the publication; in a plan, or with "next", the first after it.

    With "last week" or "tuần tới" beside it, that of the week named.
    """
    if anchor.day is None:
        return None
    number, groups = _number(match["weekday"]), match.groupdict()
    step = plain(groups.get("step") or "")
    if groups.get("week"):
        days = 7 * STEPS[plain(groups["week"])] + number - anchor.day.weekday()
    elif step in TO_COME or (tense is Tense.AHEAD and step not in GONE):
        days = (number - anchor.day.weekday() - 1) % 7 + 1
    else:
        days = -((anchor.day.weekday() - number) % 7)
        if days == 0 and step in GONE:
            days = -7
    return (anchor.day + datetime.timedelta(days=days)).isoformat()


def weekdays(match: re.Match[str], anchor: Anchor, tense: Tense) -> str | None:
    """From one day to another of the week that is under way, that is past, or that is to come."""
    if anchor.day is None:
        return None
    first = datetime.date.fromisoformat(weekday(match, anchor, tense) or "")
    last = first + datetime.timedelta(days=(_number(match["last"]) - first.weekday()) % 7)
    if last == first:
        return None
    return f"{first.isoformat()}/{last.isoformat()}"


def weekend(match: re.Match[str], anchor: Anchor, tense: Tense) -> str | None:
    """The Saturday and the Sunday of a week; "the weekend" is past unless the sentence plans."""
    if anchor.day is None:
        return None
    step = match.groupdict().get("step")
    weeks = STEPS[plain(step)] if step else -int(tense is not Tense.AHEAD)
    if weeks <= 0 and not step and anchor.day.weekday() > 4:
        weeks = 0
    saturday = anchor.day + datetime.timedelta(days=7 * weeks + 5 - anchor.day.weekday())
    return f"{saturday.isoformat()}/{(saturday + datetime.timedelta(days=1)).isoformat()}"


def _number(words: str) -> int:
    plain_words = plain(words)
    return WEEKDAYS[plain_words.replace("chủ ", "chủ_").replace("chu ", "chu_").split()[-1]]
