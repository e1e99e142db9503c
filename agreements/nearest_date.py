"""An accepted text near a refused one, for the message that refuses.

It may find none, but it does not choose between two readings, and never offers more than the
text says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from agreements.edtf import MAX_LENGTH, Refusal, read

_DASH = re.compile("[\u2010-\u2015\u2212]")
_DAY_MONTH_YEAR = re.compile("([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")
# With a long or a spaced dash, 2001-04 may be April 2001 or four years; 01/02/03 is anything.
_UNORDERED = re.compile(
    "[0-9]{4}(?: ?[\u2012-\u2015] ?| - )[0-9]{2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}"
)
_EMPTY = re.compile(r"(?:UNKNOWN|N\.D\.|[XU]{4}(?:-[XU]{2}){0,2})?")
_OTHER_EDTF = re.compile(r"[\[{].*[\]}]|Y?-?[0-9]+E?[0-9]*[ES][0-9]+|[?~%].*")
_MONTH_NAMES = [
    *("JANUARY JAN", "FEBRUARY FEB", "MARCH MAR", "APRIL APR", "MAY", "JUNE JUN", "JULY JUL"),
    *("AUGUST AUG", "SEPTEMBER SEPT SEP", "OCTOBER OCT", "NOVEMBER NOV", "DECEMBER DEC"),
]
_MONTHS = {
    name: f"{number:02}" for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()
}
_MONTHS |= {"SPRING": "21", "SUMMER": "22", "AUTUMN": "23", "WINTER": "24"}
_NAME = "(" + "|".join(_MONTHS) + r")\.?"
# 19 to 22 December 2023
_DAYS = re.compile(f"([0-9]{{1,2}})(?: ?[-/] ?| TO | ĐẾN )([0-9]{{1,2}}) {_NAME}(?: ([0-9]{{4}}))?")
_SEPARATORS = tuple(
    re.compile(pattern)
    for pattern in (
        "(?<=[^ ]) - (?=[^ ])| TO | ĐẾN ",
        " ?/ ?",
        "(?<=[^ ]) ?[\u2010-\u2015\u2212] ?(?=[^ ])",
        "(?<=^[0-9]{4})-(?=[0-9]{4}$)",
    )
)


def _join(year: str, month: str = "", day: str = "") -> str:
    """Join the parts, padded; 00 is left out, and so is XX where the part before is unknown."""
    year, month, day = (part.replace("U", "X") for part in (year, month, day))
    month, day = (part * 2 if part == "X" else part and part.zfill(2) for part in (month, day))
    if month in ("", "00") or (month == "XX" and "X" in year):
        return year
    if day in ("", "00") or (day == "XX" and year == "XXXX"):
        return f"{year}-{month}"
    return f"{year}-{month}-{day}"


def _named(day: str, name: str, year: str) -> str:
    return _join(year or "XXXX", _MONTHS[name], day)


def _unordered(one: str, other: str, year: str) -> str:
    return _join(year, other, one) if int(one) > 12 else _join(year, one, other)


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[..., str]], ...] = tuple(
    (re.compile(pattern.replace("NAME", _NAME)), build)
    for pattern, build in (
        # Level 2 seasons, by hemisphere
        (
            "([0-9]{4})-(2[5-9]|3[0-2])",
            lambda year, season: f"{year}-{21 + (int(season) - 25) % 4}",
        ),
        # 2023/2/1, 2023-02-01 10:00, 199u, 2004-uu, 2015-09-00
        (
            "([0-9XU]{4})(?: ?[-/.] ?([0-9XU]{1,2})(?: ?[-/.] ?([0-9XU]{1,2})"
            "(?:[T ][0-9]+:[0-9:.,Z+-]*)?)?)?",
            _join,
        ),
        ("([12][0-9]{3})([0-9]{2})([0-9]{2})", _join),
        ("--([0-9]{2})-?([0-9]{2})", lambda month, day: _join("XXXX", month, day)),
        ("([0-9]{1,2})[-/.]([0-9]{4})", lambda month, year: _join(year, month)),
        (_DAY_MONTH_YEAR.pattern, _unordered),
        ("(?:([0-9]{1,2})(?:ST|ND|RD|TH)?(?: OF)? )?NAME(?:,? ([0-9]{4}))?", _named),
        (
            "NAME ([0-9]{1,2})(?:ST|ND|RD|TH)?,? ([0-9]{4})",
            lambda name, day, year: _named(day, name, year),
        ),
        # The same in Vietnamese: ngày 12 tháng 9 năm 2015
        (
            "(?:(?:NGÀY )?([0-9]{1,2}) )?THÁNG ([0-9]{1,2})(?:(?: NĂM |, | |/)([0-9]{4}))?",
            lambda day, month, year: _join(year or "XXXX", month, day),
        ),
        # The 2010s; the 1900s may be a decade or a century.
        ("([0-9]{2}[1-9])0'?S", "{}X".format),
        ("-0000|Y(-?[0-9]{4})", lambda year: year or "0000"),
    )
)


def finer_code(text: str, code: str) -> str:
    tidy = _tidy(text)
    if match := _DAY_MONTH_YEAR.fullmatch(tidy):
        one, other = int(match[1]), int(match[2])
        return "ambiguous" if one != other and max(one, other) <= 12 else code
    if _UNORDERED.fullmatch(tidy):
        return "ambiguous"
    if code == "syntax" and _OTHER_EDTF.fullmatch(tidy):
        return "unsupported"
    return "empty" if _EMPTY.fullmatch(tidy) else code


def nearest_to(text: str, code: str) -> str | None:
    if code == "reversed":
        start, _, end = text.partition("/")
        return f"{end}/{start}"
    if code in ("empty", "ambiguous"):
        return None
    for candidate in _repairs(_tidy(text)):
        try:
            read(candidate)
        except Refusal:
            continue
        if len(candidate) <= MAX_LENGTH:
            return candidate
    return None


def _tidy(text: str) -> str:
    """In capitals, with single spaces, ASCII digits and compatibility forms resolved."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split()).upper()
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)


def _repairs(tidy: str) -> Iterator[str]:
    plain = _DASH.sub("-", tidy)
    repaired = _repair(plain)
    yield repaired
    # 30 February is some day of that month.
    if re.fullmatch("([0-9]{4}|XXXX)-[0-9]{2}-(29|30|31)", repaired):
        yield repaired[:7]
    if match := _DAYS.fullmatch(plain):
        stem = _join(match[4] or "XXXX", _MONTHS[match[3]])
        yield f"{stem}-{match[1]:0>2}/{stem}-{match[2]:0>2}"
    for separator in _SEPARATORS:
        start, found, end = separator.sub("\n", tidy).partition("\n")
        if found and "\n" not in end:
            yield _repair_interval(_DASH.sub("-", start), _DASH.sub("-", end))


def _repair_interval(start: str, end: str) -> str:
    first = _repair(start)
    # ISO 8601 lets the end leave out what it shares with the start: 2023-12-19/22.
    if len(first) == 10 and re.fullmatch("([0-9]{2}-)?[0-9]{2}", end):
        end = first[: -len(end)] + end
    last = _repair(end)
    # In "19 December to 22 December 2023" the year is said once for both.
    if first.startswith("XXXX") and "X" not in start and first[4:] <= last[4:]:
        first = last[:4] + first[4:]
    return f"{first}/{last}"


def _repair(text: str) -> str:
    """One date in the form that its pattern suggests, or as it was when none does."""
    text = re.sub(r"\?~|~\?", "%", text)
    text = re.sub(r"^(?:C\.|CA\.?|CIRCA|ABOUT) ?(.+)", r"\1~", text)
    text = re.sub("^([?~%])(....)", r"\2\1", text)
    if re.fullmatch(r"OPEN|\.\.+", text):
        return ".."
    if text == "UNKNOWN":
        return ""
    if match := re.fullmatch(r"(.*[^?~%])([?~%]?)", text):
        for pattern, build in _PATTERNS:
            if parts := pattern.fullmatch(match[1]):
                return build(*parts.groups("")) + match[2]
    return text
