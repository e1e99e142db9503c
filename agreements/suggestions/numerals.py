"""Numbers in words, cardinal and ordinal, in English and Vietnamese."""

import re

_UNITS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()
_UNITS += "fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_IRREGULAR = {"one": "first", "two": "second", "three": "third", "five": "fifth"}
_IRREGULAR |= {"eight": "eighth", "nine": "ninth", "twelve": "twelfth"}
_DIGITS_VI = "một hai ba bốn năm sáu bảy tám chín".split()


def _english_cardinals() -> dict[str, int]:
    words = {word: number for number, word in enumerate(_UNITS, 1)}
    for number, tens in enumerate(_TENS, 2):
        words[tens] = number * 10
        words |= {f"{tens}-{unit}": number * 10 + n for n, unit in enumerate(_UNITS[:9], 1)}
    return words | {"a dozen": 12, "dozen": 12}


def _ordinal(cardinal: str) -> str:
    tens, dash, unit = cardinal.rpartition("-")
    if unit in _IRREGULAR:
        return tens + dash + _IRREGULAR[unit]
    return tens + dash + (f"{unit[:-1]}ieth" if unit.endswith("y") else f"{unit}th")


def _vietnamese_cardinals() -> dict[str, int]:
    words = {word: number for number, word in enumerate(_DIGITS_VI, 1)}
    units = {1: "một mốt", 4: "bốn tư", 5: "lăm năm", 7: "bảy bẩy"}
    words |= {"bẩy": 7, "mười": 10}
    for tens in range(1, 10):
        head = "mười" if tens == 1 else f"{_DIGITS_VI[tens - 1]} mươi"
        words[head] = tens * 10
        for unit in range(1, 10):
            for word in units.get(unit, _DIGITS_VI[unit - 1]).split():
                words[f"{head} {word}"] = tens * 10 + unit
    return words


ENGLISH = _english_cardinals()
ENGLISH_ORDINALS = {_ordinal(word): n for word, n in ENGLISH.items() if "dozen" not in word}
VIETNAMESE = _vietnamese_cardinals()
VIETNAMESE_ORDINALS = VIETNAMESE | {"nhất": 1, "nhì": 2, "tư": 4}


def alternatives(words: dict[str, int]) -> str:
    """Return a pattern that matches the longest of the words; spaces in them match any run."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(
        re.escape(word).replace(r"\ ", r"\s+").replace(r"\-", "[- ]") for word in longest_first
    )


def number(text: str, words: dict[str, int]) -> int | None:
    """Return the number that digits or words stand for, or None."""
    if text.isdecimal():
        return int(text)
    plain = " ".join(text.split())
    return words.get(plain, words.get(plain.replace(" ", "-")))
