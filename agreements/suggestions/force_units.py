"""Units of forces, by the words beside the force's name: "Coast Guard District 14"."""

from __future__ import annotations

import re

from agreements.suggestions.spans import Span

_NAME = r"(?!Command|Chief|Head)[A-Z][\w'’-]+"
_AFTER = re.compile(
    r"\s+(?:Regions?|District|Sector|Station|Base|Zone)"
    rf"[\s-]+(?:\d{{1,2}}\b|[IVX]+\b|{_NAME}(?:\s{_NAME})?)"
    r"(?:\s+(?:Command|Headquarters))?"
    r"|\s+(?:Pacific|Atlantic)\s+Area\b"
)
_BEFORE = re.compile(r"(?<!\w)(?:\d{1,2}|[A-Z][a-z]+)(?:st|nd|rd|th)\s+(?:Regional\s+)?\Z")
_DISTRICT = re.compile(r"\s+(?:District|Region|Regional\s+Headquarters|Headquarters)\b")
_AFTER_VI = re.compile(
    r"\s+(?:số\s+\d{1,2}|[Vv]ùng\s+(?:\d|[IVX]+\b)"
    r"|(?:tỉnh|thành phố|TP\.?)\s+[A-ZĐ]\w+(?:\s+[A-ZĐ]\w+){0,2})"
)
_PROVINCE_VI = re.compile(r"(?!\s+Việt\s+Nam)(?:\s+[A-ZĐ]\w+){1,2}")
_NUMBER_VI = re.compile(r"\s+(?:\d{1,2}|[IVX]{1,3})(?![\w/.-]*\d|\w)")
_COMMAND_VI = r"(?:(?:Bộ\s+Tư\s+lệnh|Bộ\s+Chỉ\s+huy|BTL|BCH|Ban\s+Chỉ\s+huy)\s+)?"
_ZONE_VI = re.compile(rf"{_COMMAND_VI}[Vv]ùng\s+\Z")
_NUMBERED_VI = re.compile(
    rf"{_COMMAND_VI}(?:[Vv]ùng|Hải\s+đoàn|Hải\s+đội|Lữ\s+đoàn)\s+(?:\d{{1,3}}|[IVX]{{1,3}})\s+\Z"
)
_SUBUNIT_VI = re.compile(r"(?:Chi\s+đội|Chi\s+cục|Đồn|Hải\s+đội|Hải\s+đoàn)\s+\Z")
_LED_VI = re.compile(r"(?:Bộ\s+Chỉ\s+huy|BCH|Ban\s+Chỉ\s+huy)\s+\Z")


def unit_around(text: str, span: Span, vietnamese: bool) -> Span | None:
    """Return where the whole name of a unit stands, given that of its force; or None."""
    return _vietnamese(text, span) if vietnamese else _english(text, span)


def _english(text: str, span: Span) -> Span | None:
    if after := _AFTER.match(text, span.end):
        return Span(span.start, after.end())
    before = _BEFORE.search(text, max(0, span.start - 25), span.start)
    district = _DISTRICT.match(text, span.end)
    return Span(before.start(), district.end()) if before and district else None


def _vietnamese(text: str, span: Span) -> Span | None:
    begins = max(0, span.start - 30)
    zone = _ZONE_VI.search(text, begins, span.start)
    number = _NUMBER_VI.match(text, span.end)
    if zone and number:
        return Span(zone.start(), number.end())
    after = _AFTER_VI.match(text, span.end)
    end = after.end() if after else span.end
    for pattern in (_NUMBERED_VI, _SUBUNIT_VI, _LED_VI):
        if before := pattern.search(text, begins, span.start):
            if pattern is _LED_VI and not after:
                end = _of_province(text, end)
            return Span(before.start(), end)
    return Span(span.start, end) if after else None


def _of_province(text: str, at: int) -> int:
    """Where the name of a province ends that stands there, or the same place."""
    name = _PROVINCE_VI.match(text, at)
    return name.end() if name else at
