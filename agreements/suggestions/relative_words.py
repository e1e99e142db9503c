"""The words by which dates are told from the day of publication, and what they stand for."""

from agreements.suggestions import numerals
from agreements.suggestions.folded import unmarked


def _also_unmarked(words: dict[str, int]) -> dict[str, int]:
    return words | {unmarked(word): value for word, value in words.items()}


WEEKDAYS = _also_unmarked(
    {
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
)
_BACK: tuple[str, ...] = ("last", "previous", "this past", "past", "the past", "the previous")
_BACK += ("trước", "qua", "ngoái", "vừa qua", "vừa rồi", "rồi")
_HERE: tuple[str, ...] = ("this", "the current", "current", "này", "nay")
_ON: tuple[str, ...] = (
    "next",
    "the coming",
    "coming",
    "this coming",
    "tới",
    "sau",
    "tới đây",
    "sắp tới",
)
GONE = frozenset(_BACK) | frozenset(map(unmarked, _BACK))
TO_COME = frozenset(_ON) | frozenset(map(unmarked, _ON))
STEPS = _also_unmarked(dict.fromkeys(_BACK, -1) | dict.fromkeys(_HERE, 0) | dict.fromkeys(_ON, 1))
DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "last night": -1}
DAYS |= {"hôm nay": 0, "hôm qua": -1, "hôm kia": -2, "ngày mai": 1, "mai": 1, "nay": 0, "qua": -1}
DAYS = _also_unmarked(DAYS | {"this": 0})
COUNTS = _also_unmarked(numerals.ENGLISH | numerals.VIETNAMESE | {"a": 1, "an": 1})
UNITS = {"ngày": "day", "tuần": "week", "tháng": "month", "năm": "year"}
UNITS |= {unmarked(word): unit for word, unit in UNITS.items()}

STEP_EN = (
    r"(?P<step>this\s+past|this\s+coming|last|previous|this|next|(?:the\s+)?(?:current|coming))"
)
STEP_VI = r"(?P<step>vừa\s+qua|vừa\s+rồi|sắp\s+tới|tới\s+đây|trước|qua|ngoái|này|nay|tới|sau|rồi)"
COUNT_EN = rf"(?P<count>\d{{1,2}}|a|an|{numerals.alternatives(numerals.ENGLISH)})"
COUNT_VI = rf"(?P<count>\d{{1,2}}|{numerals.alternatives(numerals.VIETNAMESE)})"


def plain(words: str) -> str:
    """Words with one space between each two, as they stand in the tables."""
    return " ".join(words.split())
