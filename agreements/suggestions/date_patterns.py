"""How dates are written in English and Vietnamese, as patterns over folded text.

The groups are the same in all patterns: d, m and y for day, month and year, 1 for the only or
first date and 2 for the last one of a range, r for a year told from the publication ("last year").
A group `pair` joins two dates by "and"; `s` is where the date begins, when words stand before it
that only show it to be one; `about` stands where a date is approximate.
"""

import re

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
# How many years from that of the publication.
YEAR_OFFSETS = {"last": -1, "previous": -1, "this": 0, "next": 1}
YEAR_OFFSETS |= {"ngoái": -1, "trước": -1, "qua": -1, "nay": 0, "này": 0, "tới": 1, "sau": 1}

_YEAR = r"(?:19|20)\d\d(?![\d.,]*\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_NUMBER = r"(?:0?[1-9]|1[0-2])"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?:\.(?=[\s,-]*\d))?(?!\w)"
)
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+(?:the\s+)?)?"
_TO = r"(?:\s*[-/]\s*|\s+(?:to|until|till|through|thru)\s+(?:the\s+)?)"
_AND = r"(?P<pair>\s+(?:and|&)\s+)"
_EARLY = r"(?:(?:early|mid|late|(?:the\s+)?(?:beginning|start|middle|end)\s+of)[\s-]+)?"
_ABOUT = r"(?:(?P<about>around|about|circa|approximately|roughly|khoảng)\s+)?"
_NGAY = r"(?:(?:ngày|mùng|mồng)\s+)"
_DEN = r"(?:\s*-\s*|\s+(?:đến|tới)\s+(?:hết\s+)?)"
_VA = r"(?P<pair>\s+và\s+|\s*,\s*)"
_DAU = r"(?:(?:đầu|giữa|cuối)\s+)?"


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


def _y(n: int) -> str:
    return rf"(?P<y{n}>{_YEAR})"


def _of(n: int) -> str:
    """The year after an English day or month, if it is there."""
    return (
        rf"(?:(?:,?\s+(?:(?:of|in)\s+)?|-){_y(n)}"
        rf"|,?\s+(?:of\s+)?(?P<r{n}>last|this|next|previous)\s+year)?"
    )


def _nam(n: int) -> str:
    """The year after a Vietnamese day or month, if it is there."""
    return (
        rf"(?:(?:\s*[/.-]\s*|,?\s+năm\s+){_y(n)}"
        rf"|,?\s+năm\s+(?P<r{n}>nay|ngoái|trước|qua|tới|sau)(?!\w))?"
    )


def _pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern of something that is not a part of a longer number or word."""
    return re.compile(rf"(?<![\w/])(?<!\d[.,:-])(?:{text})(?![\w/]|[.,:]\d|-\d)")


RANGES = [
    # December 30, 2023 to January 2, 2024; December 16-21, 2024; December 16 and 17
    _pattern(
        rf"{_WEEKDAY}{_m(1)}\s*{_dth(1)}(?:,?\s+{_y(1)})?(?:{_TO}|{_AND})"
        rf"(?:{_WEEKDAY}{_m(2)}\s*)?{_dth(2)}{_of(2)}"
    ),
    # 30 December 2023 - 2 January 2024; 16-21 December 2024; between 16 and 21 December
    _pattern(
        rf"(?:(?P<between>between)\s+(?:the\s+)?(?P<s>))?"
        rf"{_WEEKDAY}{_dth(1)}(?:(?:\s+of)?[\s-]+{_m(1)}(?:,?[\s-]+{_y(1)})?)?"
        rf"(?:{_TO}|{_AND}){_WEEKDAY}{_dth(2)}(?:\s+of)?[\s-]+{_m(2)}{_of(2)}"
    ),
    # September-October 2015; from March to May 2024
    _pattern(rf"{_EARLY}{_m(1)}(?:,?\s+{_y(1)})?(?:{_TO}|{_AND}){_EARLY}{_m(2)}{_of(2)}"),
    # 2015-2020, 2022-25; giai đoạn 2022 - 2025; từ năm 2015 đến năm 2020
    _pattern(
        rf"(?:năm\s+)?{_y(1)}(?:\s*-\s*|\s+(?:to|until|through|đến|tới)\s+)"
        rf"(?:năm\s+)?(?P<y2>{_YEAR}|[2-9]\d)"
    ),
    _pattern(rf"between\s+(?P<s>){_y(1)}\s+and\s+{_y(2)}"),
    # 19-22/12; 19 đến 22-12-2023; ngày 19 và 20 tháng 12
    _pattern(rf"{_NGAY}?{_d(1)}(?:{_DEN}|{_VA}){_NGAY}?{_d(2)}\s?[/.]\s?{_number(2)}{_nam(2)}"),
    _pattern(rf"{_NGAY}?{_d(1)}(?:{_DEN}|{_VA}){_NGAY}?{_d(2)},?\s+{_thang(2)}{_nam(2)}"),
    _pattern(rf"{_NGAY}{_d(1)}\s+(?:đến|tới|(?P<pair>và))\s+{_NGAY}?{_d(2)}-{_number(2)}{_nam(2)}"),
    # 16/12-21/12/2024; 16/12 đến ngày 21/12; ngày 30-12-2023 đến 2-1-2024
    _pattern(
        rf"{_NGAY}?{_d(1)}/{_number(1)}(?:/{_y(1)})?(?:{_DEN}|{_VA})"
        rf"{_NGAY}?{_d(2)}/{_number(2)}{_nam(2)}"
    ),
    _pattern(
        rf"{_NGAY}{_d(1)}[-.]{_number(1)}(?:[-.]{_y(1)})?\s+(?:đến|tới|(?P<pair>và))\s+"
        rf"{_NGAY}?{_d(2)}[-.]{_number(2)}{_nam(2)}"
    ),
    # 30 tháng 12 năm 2023 đến 2 tháng 1 năm 2024
    _pattern(
        rf"{_NGAY}?{_d(1)}\s+{_thang(1)}(?:\s+năm\s+{_y(1)})?(?:{_DEN}|{_VA})"
        rf"{_NGAY}?{_d(2)}\s+{_thang(2)}{_nam(2)}"
    ),
    # tháng 3 đến tháng 5/2024; tháng 3 - 5/2024
    _pattern(rf"{_DAU}{_thang(1)}(?:{_DEN}|{_VA})(?:{_thang(2)}|(?P<m3>{_NUMBER})(?=/)){_nam(2)}"),
    # 2023-12-19/2023-12-22
    _pattern(
        r"(?P<y1>(?:19|20)\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)(?:/|\s*-\s*|\s+(?:to|đến)\s+)"
        r"(?P<y2>(?:19|20)\d\d)-(?P<m2>\d\d)-(?P<d2>\d\d)"
    ),
]
SINGLES = [
    _pattern(rf"{_ABOUT}{_WEEKDAY}{_m(1)}\s*{_dth(1)}{_of(1)}"),
    _pattern(rf"{_ABOUT}{_WEEKDAY}{_dth(1)}(?:\s+of)?[\s-]+{_m(1)}{_of(1)}"),
    _pattern(rf"{_ABOUT}{_EARLY}{_m(1)}{_of(1)}"),
    _pattern(r"(?P<y1>(?:19|20)\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)(?:t\d\d:\d\d\S*)?"),
    # ngày 24/7/2015, ngày 24-7, 24 tháng 7 năm 2015
    _pattern(rf"{_NGAY}{_d(1)}\s?[/.-]\s?{_number(1)}{_nam(1)}"),
    _pattern(rf"{_NGAY}{_d(1)},?\s+{_thang(1)}{_nam(1)}"),
    _pattern(rf"{_d(1)}\s+{_thang(1)}\s+năm\s+{_y(1)}"),
    # sáng 24-7, chiều 24.7; sáng 24/7; thứ Năm (24/7); trước 2/9
    _pattern(
        r"(?:sáng|trưa|chiều|tối|đêm|hôm|khuya)\s+"
        rf"(?P<s>){_d(1)}[.-]{_number(1)}{_nam(1)}"
    ),
    _pattern(
        r"(?:(?:sáng|trưa|chiều|tối|đêm|hôm|khuya|từ|đến|tới|trước|sau|dịp|lễ|vào|nay|qua|mai)\s+"
        rf"|(?:thứ\s+\w+|chủ nhật),?\s+)\(?(?P<s>){_d(1)}/{_number(1)}{_nam(1)}"
    ),
    _pattern(rf"{_ABOUT}{_DAU}{_thang(1)}{_nam(1)}"),
    _pattern(rf"{_ABOUT}{_DAU}năm\s+{_y(1)}"),
    _pattern(rf"{_ABOUT}{_EARLY}{_y(1)}"),
]
# A day and a month in brackets, and one that cannot be a fraction, need no word before them.
BARE_DAYS = [
    re.compile(r"(?<=\()(?P<d1>3[01]|[12]\d|0?[1-9])/(?P<m1>1[0-2]|0?[1-9])(?=\))"),
    _pattern(rf"(?P<d1>1[3-9]|2\d|3[01])/{_number(1)}"),
]
MONTH_AND_YEAR = _pattern(rf"{_number(1)}/{_y(1)}")
NUMERIC = re.compile(
    r"(?:ngày\s+)?(?<![\w/.-])(?P<a>\d{1,2})\s?(?P<mark>[/.-])\s?(?P<b>\d{1,2})(?P=mark)\s?"
    r"(?P<y1>(?:19|20)\d\d)(?![\w/-]|\.\d)"
)
DECADE = _pattern(
    r"(?:(?:early|mid|late)[\s-]+)?(?P<decade>(?:19|20)\d)0'?s"
    r"|(?:đầu\s+|cuối\s+)?(?:thập niên|thập kỷ|những năm)\s+(?P<decade_vi>(?:19|20)\d)0"
)
# Parts of a year, and the months that each runs over (or the season's code in EDTF).
_NTH = {"1": 0, "i": 0, "first": 0, "2": 1, "ii": 1, "second": 1, "3": 2, "iii": 2, "third": 2}
_NTH |= {"4": 3, "iv": 3, "fourth": 3, "đầu": 0, "cuối": 1}
QUARTER = _pattern(
    rf"q(?P<n1>[1-4])(?:[\s/,-]*|\s+of\s+){_y(1)}"
    rf"|(?P<n2>first|second|third|fourth)\s+quarter\s+(?:of\s+)?(?:the\s+year\s+)?{_y(2)}"
    rf"|quý\s+(?P<n3>iv|i{{1,3}}|[1-4])(?:\s*[/-]\s*|,?\s+(?:năm\s+)?){_y(3)}"
)
HALF = _pattern(
    rf"(?P<n1>first|second)\s+half\s+of\s+{_y(1)}"
    rf"|(?:6|sáu)\s+tháng\s+(?P<n2>đầu|cuối)\s+(?:năm\s+)?{_y(2)}"
    rf"|nửa\s+(?P<n3>đầu|cuối)\s+năm\s+{_y(3)}"
)
SEASON = _pattern(rf"(?P<season>spring|summer|autumn|fall|winter)(?:\s+of|,)?\s+{_y(1)}")
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}


def part_of_year(match: re.Match[str], months: int) -> tuple[str, int, int]:
    """Return (year, first month, last month) of a quarter (3 months) or half year (6 months)."""
    groups = match.groupdict()
    number = next(groups[f"n{n}"] for n in "123" if groups[f"n{n}"])
    year = next(groups[f"y{n}"] for n in "123" if groups[f"y{n}"])
    return year, _NTH[number] * months + 1, (_NTH[number] + 1) * months


# Words that hold a number like a date's, over folded text.
NOT_DATES = re.compile(
    r"\b(?:số|no\.|nos\.|resolution|decree|directive|circular|article|section|chapter|flight"
    r"|hull number|pennant|nghị quyết|nghị định|thông tư|quyết định|chỉ thị|điều|khoản)"
    r"\s*(?:số\s*)?\d[\w/.-]*"
    r"|\b(?:csb|kn|plh?|kd|hq|ba|brp|w[hm]ec|wmsl|mrrv|ccg|kcg|icgs|tàu|ship|vessel|hull)"
    r"[\s-]*\d{2,5}(?!\d|\s*(?:tháng|/))"
    r"|[$€£¥]\s*\d[\d.,]*"
    r"|(?:hoạt động|liên tục|trực|hỗ trợ|suốt)\s+24/7|\b24/24\b"
    r"|\d{1,2}(?::|h\s?)\d\d\b"
)
# Years that name a convention, over the text as given (its capitals tell where the name ends).
CONVENTIONS = re.compile(
    r"(?:19|20)\d\d\s+(?:(?:[A-Z][\w'’-]*|of|the|on|for)\s+){0,6}"
    r"(?:Convention|UNCLOS|SOLAS|MARPOL|COLREG)"
    r"|\b(?:[Cc]onvention|UNCLOS|SOLAS|MARPOL|COLREGS?)"
    r"(?:\s+(?:on|of|for|the|and|to|at|by|[A-Z][\w-]*|\([^)]*\))){0,16}[\s,(]*(?:19|20)\d\d"
    r"|[Cc]ông ước(?:(?!\bvào\b|ngày|tháng|ký|phê chuẩn|tham gia|\btừ\b)[^.;:\d]){0,80}"
    r"(?:19|20)\d\d"
)
# A number of four digits that counts something is not a year.
COUNTED = re.compile(
    r"(?:-|\s+)(?:tonnes?|tons?|tấn|nautical|miles?|km|met(?:er|re)s?|mét|hải lý|people|persons"
    r"|personnel|soldiers|officers|sailors|troops|crew|passengers|fishermen|ships|vessels|boats"
    r"|tàu|người|cán bộ|ngư dân|triệu|tỷ|million|billion|usd|dollars|đồng|kg|lit(?:er|re)s?"
    r"|hours|giờ|members|participants|delegates|square)\b|\s?%"
)
YEAR_SHOWN = re.compile(r"(?:\b(?:in|năm|of|since|by|until|during|for|from|early|late)\s+)\Z")
# Before a month that is also another word.
MONTH_SHOWN = re.compile(
    r"\b(?:in|of|since|until|till|by|from|to|during|before|after|last|next|this|early|late|mid"
    r"|and|through|between|past)[\s-]+\Z"
)
# Just after a day or month: which of the years is meant.
AFTERWARDS = re.compile(r"\s+(?:tới|sắp tới|tới đây)\b")
PLANS = re.compile(
    r"\b(?:will|would|plans? to|planned|scheduled|expected|upcoming|forthcoming|to be held|slated"
    r"|sẽ|dự kiến|sắp)\b"
)
JOINED = re.compile(r"\s*(?:,|-|(?:,\s*)?\b(?:and|to|or|và|đến)\b|&)\s*")
