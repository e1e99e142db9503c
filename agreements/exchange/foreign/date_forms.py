"""Dates of foreign files, read by forms that the user names: "1980-01-xx" is January 1980.

Nothing is guessed: a cell that no form fits is refused, and so is one that two forms read
differently, unless their order was said to decide.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.dates import PartialDate, PartialDateError

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_FIRST_SERIAL = datetime.date(1899, 12, 30)
_SERIALS = range(10_000, 80_000)
_YOUNGEST_OF_1900 = 50
_CLOCK = r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?"


class ForeignDateError(ValueError):
    """A cell that is no date by the forms that were named, and what would be one."""


@dataclass(frozen=True)
class Form:
    """A form of dates: its name, an example, and its pattern, where Y, M, D and N are parts.

    Y is a year of four digits, y of two, N a month's name.
    """

    name: Any
    pattern: str


FORMS: dict[str, Form] = {
    "Y-M-D": Form("YYYY-MM-DD (1980-01-31)", "Y-M-D" + _CLOCK),
    "Y/M/D": Form("YYYY/MM/DD (1980/01/31)", "Y/M/D"),
    "Y.M.D": Form("YYYY.MM.DD (1980.01.31)", r"Y\.M\.D"),
    "YMD": Form("YYYYMMDD (19800131)", "YMMDD"),
    "D/M/Y": Form("DD/MM/YYYY (31/01/1980)", "D/M/Y" + _CLOCK),
    "M/D/Y": Form("MM/DD/YYYY (01/31/1980)", "M/D/Y" + _CLOCK),
    "D-M-Y": Form("DD-MM-YYYY (31-01-1980)", "D-M-Y"),
    "M-D-Y": Form("MM-DD-YYYY (01-31-1980)", "M-D-Y"),
    "D.M.Y": Form("DD.MM.YYYY (31.01.1980)", r"D\.M\.Y"),
    "D N Y": Form(gettext_lazy("D Month YYYY (31 January 1980, 31-Jan-1980)"), "D[ -]?N[ ,-]*Y"),
    "N D Y": Form(gettext_lazy("Month D, YYYY (January 31, 1980)"), "N ?D,? ?Y"),
    "Y N D": Form(gettext_lazy("YYYY Month D (1980-Jan-31)"), "Y[ -]?N[ -]?D"),
    "Y-M": Form("YYYY-MM (1980-01)", "Y-M"),
    "Y/M": Form("YYYY/MM (1980/01)", "Y/M"),
    "M/Y": Form("MM/YYYY (01/1980)", "M/Y"),
    "YM": Form("YYYYMM (198001)", "YMM"),
    "N Y": Form(gettext_lazy("Month YYYY (January 1980, Jan-1980)"), "N[ ,-]*Y"),
    "Y": Form("YYYY (1980)", "Y"),
    "D/M/y": Form(gettext_lazy("DD/MM/YY (31/01/80: 50 to 99 are 1950 to 1999)"), "D/M/y"),
    "M/D/y": Form(gettext_lazy("MM/DD/YY (01/31/80: 50 to 99 are 1950 to 1999)"), "M/D/y"),
    "D-N-y": Form(gettext_lazy("D-Mon-YY (31-Jan-80: 50 to 99 are 1950 to 1999)"), "D[ -]N[ -]y"),
    "serial": Form(gettext_lazy("A spreadsheet’s number of the day (29251)"), ""),
    "edtf": Form(gettext_lazy("EDTF (1980-01, 1980?, 1979/1980)"), ""),
}


def read_date(
    cell: str, forms: Sequence[str], unknown: Sequence[str] = (), in_order: bool = False
) -> str:
    """Return the EDTF of a cell by the first form that fits, or by all that do; "" of xxxx-xx-xx.

    `unknown` are the marks of unknown parts, such as xx. Raises a ForeignDateError.
    """
    found: dict[str, str] = {}
    for form in forms:
        for edtf in _readings(form, cell.strip(), tuple(unknown)):
            found.setdefault(edtf, form)
    names = ", ".join(str(FORMS[form].name) for form in forms)
    if not found:
        text = _("“%(cell)s” is no date in the forms that were named: %(forms)s.")
        raise ForeignDateError(text % {"cell": cell[:60], "forms": names or "–"})
    if len(found) > 1 and not in_order:
        text = _("“%(cell)s” can be %(first)s or %(second)s; say which form comes first.")
        first, second, *_others = found
        raise ForeignDateError(text % {"cell": cell[:60], "first": first, "second": second})
    return next(iter(found))


def date_of_parts(
    year: str, month: str, day: str, unknown: Sequence[str] = (), whole: str = ""
) -> str:
    """Return the EDTF of a year, a month (number or name) and a day; "" where nothing is known.

    What is empty or an unknown mark is not known; a day of no month is left aside. Raises a
    ForeignDateError; `whole` is the cell that it quotes.
    """
    marks = {mark.casefold() for mark in unknown}
    parts = ["" if _is_unknown(part, marks) else part.strip() for part in (year, month, day)]
    known_year, known_month, known_day = (_whole_number(part) for part in parts)
    number = _month_number(known_month)
    quoted = (whole or " ".join(filter(None, (year, month, day))))[:60]
    wrong = ForeignDateError(_("“%(cell)s” is not in the calendar.") % {"cell": quoted})
    if known_year and not re.fullmatch("[0-9]{4}", known_year):
        raise wrong
    if known_month and number is None:
        raise wrong
    if known_day and not re.fullmatch("[0-9]{1,2}", known_day):
        raise wrong
    if number is None:
        return known_year
    text = f"{known_year or 'XXXX'}-{number:02}" + (f"-{int(known_day):02}" if known_day else "")
    try:
        return PartialDate(text).edtf
    except PartialDateError as error:
        raise wrong from error


def interval(first: str, last: str, open_end: bool) -> str:
    """Return the EDTF from one date to another, either of which may be "".

    Raises a ForeignDateError where the last is before the first.
    """
    if first == last or not last:
        return f"{first}/" if open_end and first and not last else first
    text = f"{first}/{last}"
    try:
        return PartialDate(text).edtf
    except PartialDateError as error:
        raise ForeignDateError(str(error)) from error


def _readings(form: str, cell: str, unknown: tuple[str, ...]) -> list[str]:
    """Return what a cell means in a form, or nothing."""
    if form == "serial":
        number = int(cell) if re.fullmatch("[0-9]{5}", cell) else 0
        days = datetime.timedelta(days=number)
        return [(_FIRST_SERIAL + days).isoformat()] if number in _SERIALS else []
    try:
        if form == "edtf":
            return [PartialDate(cell).edtf]
        found = _pattern(form, unknown).fullmatch(cell)
        if found is None:
            return []
        parts = found.groupdict(default="")
        year = parts.get("Y") or _of_two_digits(parts.get("y", ""))
        month = parts.get("N") or parts.get("M", "")
        return [date_of_parts(year, month, parts.get("D", ""), unknown, cell)]
    except (PartialDateError, ForeignDateError):
        return []


@cache
def _pattern(form: str, unknown: tuple[str, ...]) -> re.Pattern[str]:
    marks = "|".join(re.escape(mark) for mark in sorted(unknown, key=len, reverse=True) if mark)
    either = f"|{marks}" if marks else ""
    names = "|".join(f"{name}|{name[:3]}\\.?" for name in _MONTHS) + r"|sept\.?"
    parts = {
        "YMMDD": f"(?P<Y>[0-9]{{4}}{either})(?P<M>[0-9]{{2}}{either})(?P<D>[0-9]{{2}}{either})",
        "YMM": f"(?P<Y>[0-9]{{4}}{either})(?P<M>[0-9]{{2}}{either})",
        "Y": f"(?P<Y>[0-9]{{4}}{either})",
        "y": f"(?P<y>[0-9]{{2}}{either})",
        "M": f"(?P<M>[0-9]{{1,2}}{either})",
        "D": f"(?P<D>[0-9]{{1,2}}{either})",
        "N": f"(?P<N>{names}{either})",
    }
    plain = FORMS[form].pattern
    clock = plain.endswith(_CLOCK)
    plain = plain.removesuffix(_CLOCK) if clock else plain
    text = re.sub("YMMDD|YMM|[YyMDN]", lambda found: parts[found[0]], plain)
    return re.compile(text + (_CLOCK if clock else ""), re.IGNORECASE)


def _is_unknown(part: str, marks: set[str]) -> bool:
    text = part.strip().casefold()
    return not text or text in marks or not text.strip("x?")


def _whole_number(part: str) -> str:
    return re.sub(r"\.0+\Z", "", part)


def _month_number(part: str) -> int | None:
    if re.fullmatch("[0-9]{1,2}", part):
        return int(part)
    start = part.casefold().rstrip(".")
    for number, name in enumerate(_MONTHS, 1):
        if len(start) >= 3 and (name.startswith(start) or (number == 9 and start == "sept")):
            return number
    return None


def _of_two_digits(part: str) -> str:
    if not re.fullmatch("[0-9]{2}", part):
        return part
    return ("19" if int(part) >= _YOUNGEST_OF_1900 else "20") + part
