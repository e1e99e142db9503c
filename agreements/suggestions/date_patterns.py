"""How dates are written in English and Vietnamese, as patterns over folded text.

The groups are the same in all patterns: d, m and y for day, month and year, 1 for the only or
first date and 2 for the last one of a range, r for a year told from the publication ("last year").
A group `pair` joins two dates by "and"; `s` is where the date begins, when words stand before it
that only show it to be one; `about` stands where a date is approximate; c takes the year from the
date before ("of that year"), and `week` makes of a day the week that it lies in.
"""

import re
from functools import cache

from agreements.suggestions.folded import unmarked

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january một 1",
            "feb february hai 2",
            "mar march ba 3",
            "apr april tư 4",
            "may năm 5",
            "jun june sáu 6",
            "jul july bảy bẩy 7",
            "aug august tám 8",
            "sep sept september chín 9",
            "oct october mười 10",
            "nov november mười_một 11",
            "dec december mười_hai 12",
        ),
        1,
    )
    for name in names.split()
}
MONTHS |= {unmarked(name): number for name, number in MONTHS.items()}
# How many years from that of the publication.
YEAR_OFFSETS = {"last": -1, "previous": -1, "this": 0, "next": 1}
YEAR_OFFSETS |= {"ngoái": -1, "trước": -1, "qua": -1, "nay": 0, "này": 0, "tới": 1, "sau": 1}
YEAR_OFFSETS |= {"sang": 1}
YEAR_OFFSETS |= {unmarked(word): step for word, step in YEAR_OFFSETS.items()}
# And from that of the date before.
YEARS_AFTER = {"the following": 1, "the next": 1, "the previous": -1}

_YEAR = r"(?:19|20)\d\d(?![\d.,]*\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_NUMBER = r"(?:0?[1-9]|1[0-2])"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?:\.(?=[\s,-]*\d))?(?!\w)"
)
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+(?:the\s+)?)?"
_TO = r"(?:\s*[-/]\s*|,?\s+(?:to|until|till|through|thru|up\s+to)\s+(?:the\s+)?)"
_AND = r"(?P<pair>\s+(?:and|&)\s+)"
_BETWEEN = r"(?:(?P<between>between)\s+(?:the\s+)?(?P<s>))?"
_PART_OF = r"(?:the\s+)?(?:beginning|start|middle|end)\s+of"
_EARLY = rf"(?:(?:early|mid|late|{_PART_OF})[\s-]+)?"
_EARLY_MONTH = (
    rf"(?:(?:early(?:\s+in)?|mid|late(?:\s+in)?|{_PART_OF}"
    r"|(?:the\s+)?(?:first|second)\s+half\s+of)[\s-]+)?"
)
_ABOUT = r"(?:(?P<about>around|about|circa|approximately|roughly|khoảng)\s+)?"
_NGAY = r"(?:(?:ngày|mùng|mồng)\s+)"
# What shows a bare 15-11 to be a date, in a range.
_TU = r"(?:(?:ngày|mùng|mồng)\s+|(?<=từ )|(?<=trong ))"
_DEN = r"(?:\s*-\s*|\s+(?:đến|tới)\s+(?:hết\s+)?)"
_VA = r"(?P<pair>\s+và\s+|\s*,\s*)"
_DAU = r"(?:(?:đầu|giữa|cuối|(?:thượng|trung|hạ)\s+tuần)\s+)?"


def _d(n: int) -> str:
    return rf"(?P<d{n}>{_DAY})(?!\d)"


def _dth(n: int) -> str:
    return rf"(?P<d{n}>{_DAY})(?:st|nd|rd|th)?(?!\w)"


def _m(n: int) -> str:
    return rf"(?P<m{n}>{_MONTH})"


def _number(n: int) -> str:
    return rf"(?P<m{n}>{_NUMBER})(?!\d)"


def _thang(n: int) -> str:
    words = r"mười\s+một|mười\s+hai|một|hai|ba|tư|năm|sáu|bảy|bẩy|tám|chín|mười"
    return rf"tháng\s+(?P<m{n}>(?:{words})(?!\w)|{_NUMBER}(?!\d))"


def a_year(n: int) -> str:
    """A pattern of a year, as the group y and a number."""
    return rf"(?P<y{n}>{_YEAR})"


_y = a_year


def _of(n: int) -> str:
    """The year after an English day or month, if it is there."""
    return (
        rf"(?:(?:,?\s+(?:(?:of|in)\s+)?|-){_y(n)}"
        rf"|,?\s+(?:of\s+)?(?P<r{n}>last|this|next|previous)\s+year"
        rf"|,?\s+(?:(?:of|in)\s+)?(?P<c{n}>that|(?:the\s+)?same"
        rf"|the\s+following|the\s+next|the\s+previous)\s+year)?"
    )


def _nam(n: int) -> str:
    """The year after a Vietnamese day or month, if it is there."""
    return (
        rf"(?:(?:\s*[/.-]\s*|,?\s+năm\s+){_y(n)}"
        rf"|,?\s+(?:năm\s+(?P<r{n}>nay|ngoái|trước|qua|tới|sau)(?!\w)"
        rf"|(?P<q{n}>sang)\s+năm(?!\w)"
        rf"|(?P<c{n}>năm\s+(?:ấy|đó)|cùng\s+năm)(?!\w)))?"
    )


def _short_year(n: int) -> str:
    """A year of two digits, where what follows shows that it counts nothing."""
    after = r"[,.;)]|\s*\Z|\s+(?:at|in|as|to|by|and|on|off|for|with|from)\b"
    return rf"(?P<y{n}>\d\d)(?={after})"


_WEEK_OF = (
    r"(?P<week>the\s+week\s+(?:of|beginning|starting|commencing|from)(?:\s+on)?\s+)"
    r"(?:the\s+)?"
)


def pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern of something that is not a part of a longer number or word."""
    return re.compile(rf"(?<![\w/])(?<!\d[.,:-])(?:{text})(?![\w/]|[.,:]\d|-\d)")


RANGES = [
    # December 30, 2023 to January 2, 2024; December 16-21, 2024; December 16 and 17
    pattern(
        rf"{_BETWEEN}{_WEEKDAY}{_m(1)}\s*{_dth(1)}(?:,?\s+{_y(1)},?)?(?:{_TO}|{_AND})"
        rf"(?:{_WEEKDAY}{_m(2)}\s*)?{_dth(2)}{_of(2)}"
    ),
    # 30 December 2023 - 2 January 2024; 16-21 December 2024; between 16 and 21 December
    pattern(
        rf"{_BETWEEN}{_WEEKDAY}{_dth(1)}(?:(?:\s+of)?[\s-]+{_m(1)}(?:,?[\s-]+{_y(1)})?)?"
        rf"(?:{_TO}|{_AND}){_WEEKDAY}{_dth(2)}(?:\s+of)?[\s-]+{_m(2)}{_of(2)}"
    ),
    # September-October 2015; from March to May 2024
    pattern(
        rf"{_BETWEEN}{_EARLY_MONTH}{_m(1)}(?:,?\s+{_y(1)})?(?:{_TO}|{_AND})"
        rf"{_EARLY_MONTH}{_m(2)}{_of(2)}"
    ),
    # 15-19 Dec 23
    pattern(rf"{_dth(1)}(?:{_TO}|{_AND}){_dth(2)}\s+{_m(2)}\s+{_short_year(2)}"),
    # 2015-2020, 2022-25; giai đoạn 2022 - 2025; từ năm 2015 đến năm 2020
    pattern(
        rf"(?:năm\s+)?{_y(1)}(?:\s*-\s*|\s+(?:to|until|through|đến|tới)\s+)"
        rf"(?:năm\s+)?(?P<y2>{_YEAR}|[2-9]\d)"
    ),
    pattern(rf"between\s+(?P<s>){_y(1)}\s+and\s+{_y(2)}"),
    # cuối 2024, đầu 2025
    pattern(rf"cuối\s+(?:năm\s+)?{_y(1)}(?:\s*,\s*|\s*-\s*|\s+)đầu\s+(?:năm\s+)?{_y(2)}"),
    # 19-22/12; 19 đến 22-12-2023; ngày 19 và 20 tháng 12
    pattern(rf"{_NGAY}?{_d(1)}(?:{_DEN}|{_VA}){_NGAY}?{_d(2)}\s?[/.]\s?{_number(2)}{_nam(2)}"),
    pattern(rf"{_NGAY}?{_d(1)}(?:{_DEN}|{_VA}){_NGAY}?{_d(2)},?\s+{_thang(2)}{_nam(2)}"),
    pattern(
        rf"{_TU}{_d(1)}\s+(?:-|(?:đến|tới)(?:\s+hết)?|(?P<pair>và))\s+{_NGAY}?{_d(2)}-{_number(2)}{_nam(2)}"
    ),
    # 16/12-21/12/2024; 16/12 đến ngày 21/12; ngày 30-12-2023 đến 2-1-2024
    pattern(
        rf"{_NGAY}?{_d(1)}/{_number(1)}(?:/{_y(1)})?(?:{_DEN}|{_VA})"
        rf"{_NGAY}?{_d(2)}/{_number(2)}{_nam(2)}"
    ),
    pattern(
        rf"{_TU}{_d(1)}[-.]{_number(1)}(?:[-.]{_y(1)})?"
        rf"\s+(?:-|(?:đến|tới)(?:\s+hết)?|(?P<pair>và))\s+"
        rf"{_NGAY}?{_d(2)}[-.]{_number(2)}{_nam(2)}"
    ),
    # 30 tháng 12 năm 2023 đến 2 tháng 1 năm 2024
    pattern(
        rf"{_NGAY}?{_d(1)}\s+{_thang(1)}(?:\s+năm\s+{_y(1)})?(?:{_DEN}|{_VA})"
        rf"{_NGAY}?{_d(2)}\s+{_thang(2)}{_nam(2)}"
    ),
    # tháng 3 đến tháng 5/2024; tháng 3 - 5/2024
    pattern(rf"{_DAU}{_thang(1)}(?:{_DEN}|{_VA})(?:{_thang(2)}|(?P<m3>{_NUMBER})(?=/)){_nam(2)}"),
    # 2023-12-19/2023-12-22
    pattern(
        r"(?P<y1>(?:19|20)\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)(?:/|\s*-\s*|\s+(?:to|đến)\s+)"
        r"(?P<y2>(?:19|20)\d\d)-(?P<m2>\d\d)-(?P<d2>\d\d)"
    ),
]
_PART_OF_DAY = r"(?:sáng|trưa|chiều|tối|đêm|hôm|khuya|sớm)\s+"
# ngày 5, 7 và 9-8
DAY_LIST = pattern(
    rf"{_NGAY}(?P<days>{_DAY}(?:\s*,\s*{_DAY})+)(?:\s+và\s+|\s*,\s*){_NGAY}?{_d(1)}"
    rf"\s?[/.-]\s?{_number(1)}{_nam(1)}"
)
SINGLES = [
    pattern(rf"{_ABOUT}{_WEEKDAY}{_m(1)}\s*{_dth(1)}{_of(1)}"),
    pattern(rf"{_ABOUT}{_WEEKDAY}{_dth(1)}(?:\s+of)?[\s-]+{_m(1)}{_of(1)}"),
    pattern(rf"{_ABOUT}{_EARLY_MONTH}{_m(1)}{_of(1)}"),
    # 06 Jul 20; Jul '20
    pattern(rf"(?P<d1>0[1-9]|[12]\d|3[01])\s+{_m(1)}\s+{_short_year(1)}"),
    pattern(rf"{_m(1)}\s+'(?P<y1>\d\d)"),
    # the week of March 4
    pattern(rf"{_WEEK_OF}{_WEEKDAY}{_m(1)}\s*{_dth(1)}{_of(1)}"),
    pattern(rf"{_WEEK_OF}{_WEEKDAY}{_dth(1)}(?:\s+of)?[\s-]+{_m(1)}{_of(1)}"),
    pattern(r"(?P<y1>(?:19|20)\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)(?:t\d\d:\d\d\S*)?"),
    # ngày 24/7/2015, ngày 24-7, 24 tháng 7 năm 2015
    pattern(rf"{_NGAY}{_d(1)}\s?[/.-]\s?{_number(1)}{_nam(1)}"),
    pattern(rf"{_NGAY}{_d(1)},?\s+{_thang(1)}{_nam(1)}"),
    pattern(rf"{_d(1)}\s+{_thang(1)}\s+năm\s+{_y(1)}"),
    # sáng 24-7, chiều 24.7; sáng 24/7; thứ Năm (24/7); trước 2/9
    pattern(rf"{_PART_OF_DAY}(?P<s>){_d(1)}[.-]{_number(1)}{_nam(1)}"),
    pattern(
        rf"(?:{_PART_OF_DAY}|(?:từ|đến|tới|trước|sau|dịp|lễ|vào|nay|qua|mai)\s+"
        rf"|(?:thứ\s+\w+|chủ nhật),?\s+)\(?(?P<s>){_d(1)}/{_number(1)}{_nam(1)}"
    ),
    pattern(
        r"(?:thứ\s+\w+|chủ nhật|nay|qua|mai)\s*\((?:ngày\s+)?"
        rf"(?P<s>){_d(1)}[.-]{_number(1)}{_nam(1)}"
    ),
    pattern(rf"{_ABOUT}{_DAU}{_thang(1)}{_nam(1)}"),
    pattern(rf"{_ABOUT}{_DAU}năm\s+{_y(1)}"),
    pattern(rf"(?:đầu|giữa|cuối)\s+{_y(1)}"),
    pattern(rf"{_ABOUT}{_EARLY}{_y(1)}"),
]
# A day and a month in brackets, and one that cannot be a fraction, need no word before them.
BARE_DAYS = [
    re.compile(r"(?<=\()(?P<d1>3[01]|[12]\d|0?[1-9])/(?P<m1>1[0-2]|0?[1-9])(?=\))"),
    pattern(rf"(?P<d1>1[3-9]|2\d|3[01])/{_number(1)}"),
]
MONTH_AND_YEAR = pattern(rf"{_number(1)}/{_y(1)}")
NUMERIC = re.compile(
    r"(?:ngày\s+)?(?<![\w/.-])(?P<a>\d{1,2})\s?(?P<mark>[/.-])\s?(?P<b>\d{1,2})(?P=mark)\s?"
    r"(?P<y1>(?:19|20)\d\d)(?![\w/-]|\.\d)"
)
DECADE = pattern(
    r"(?:(?:early|mid|late)[\s-]+)?(?P<decade>(?:19|20)\d)0'?s"
    r"|(?:đầu\s+|cuối\s+)?(?:thập niên|thập kỷ|những năm)\s+(?:đầu\s+|cuối\s+)?"
    r"(?P<decade_vi>(?:(?:19|20)\d)|[5-9](?=0\s+(?:của\s+)?thế kỷ (?:trước|xx|20)|0\b))0"
)
SEASON = pattern(rf"(?P<season>spring|summer|autumn|fall|winter)(?:\s+of|,)?\s+{_y(1)}")
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
# What may stand between dates that share a year.
JOINED = re.compile(r"\s*(?:,|-|(?:,\s*)?\b(?:and|to|or|và|đến)\b|&)\s*")


@cache
def without_marks(given: re.Pattern[str]) -> re.Pattern[str]:
    """Return a pattern as it matches Vietnamese that is written without diacritics."""
    return re.compile(unmarked(given.pattern), given.flags)
