"""Countries in a text: every ISO country, by the names and adjectives that articles use."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agreements.countries import country_table
from agreements.suggestions.country_traps import is_within_a_name, start_with_style
from agreements.suggestions.folded import spelling
from agreements.suggestions.spans import Span
from agreements.suggestions.words import Index, Name, Word, name

# Words that are names of countries only with a capital.
_ORDINARY = frozenset("turkey polish jersey guernsey guinea emirates swede dane pole turk".split())
# Not countries, though a country's name is a part of them.
_OTHERS = (
    "Korean Peninsula|bán đảo Triều Tiên|bán đảo Hàn Quốc|Latin American|Latin America|Mỹ Latinh"
    "|Mỹ La-tinh|South American|South America|Central American|Central America|North American"
    "|North America|Bắc Mỹ|Nam Mỹ|châu Mỹ|African American|Native American|West Indian"
    "|American Indian|New Mexico|New Jersey|New England|New South Wales|British Columbia"
    "|North Pole|South Pole|Panama Canal|kênh đào Panama|Indian Ocean|Ấn Độ Dương|Lào Cai"
    "|New Guinea|contact us|about us|follow us|join us|Thủ Đức|Georgia Tech|Pháp luân công"
    "|Vietnam News Agency|Viet Nam News Agency|Vietnam News|Viet Nam News|Voice of Vietnam"
    "|VietnamPlus|Thông tấn xã Việt Nam|Đài Tiếng nói Việt Nam|Đài Truyền hình Việt Nam"
    "|Japan Times|China Daily|Korea Herald|Korea Times|Times of India|Press Trust of India"
    "|Hindustan Times|Philippine Star|Philippine News Agency|Philippine Daily Inquirer"
    "|Philippine Information Agency|Straits Times|Voice of America|South China Morning Post"
).split("|")
# The name of this former state is that of two states of today.
_SEVERAL_STATES = frozenset(["CSXX"])
# In Vietnamese these stand for a country only beside another: "Việt - Trung", "Mỹ, Nhật, Hàn".
_PAIRED = {
    "Việt": "VN",
    "Trung": "CN",
    "Hàn": "KR",
    "Ấn": "IN",
    "Thái": "TH",
    "Triều": "KP",
}
_SHORT = {"Mỹ": "US", "Anh": "GB", "Nhật": "JP", "Ý": "IT"}
# What makes of a Vietnamese name of one syllable a part of another word.
_NOT_BEFORE = {
    "Mỹ": "tho đình sơn khê thuận lai hào đức lộc xuyên thuật phẩm thạnh long phước hưng tân",
    "Anh": "em hùng sơn trai chị văn ngữ",
    "Pháp": "luật lệnh y chế danh lý nhân vân",
    "Đức": "thọ phổ trọng linh cơ huệ hòa hoà",
    "Ý": "kiến nghĩa tưởng thức chí yên định muốn đồ",
    "Nga": "sơn",
    "Áo": "dài phao môn",
    "Nhật": "ký báo trình thực tân tảo lệ",
    "Bỉ": "ổi",
    "Thái": "bình nguyên độ lan tử",
}
_NOT_AFTER = {
    "Nhật": "chủ sinh tiếng",
    "Mỹ": "trung",
    "Hàn": "tiếng",
    "Anh": "tiếng cô chị chú bà ông em bé bác",
    "Pháp": "tiếng",
    "Đức": "tiếng",
    "Nga": "tiếng",
}
# With a capital before such a syllable these still make no name of it: "Hải Quân Mỹ", "Tàu Mỹ".
_INSTITUTIONS = (
    "quân phòng giao biển duyên gia phủ nước thống tướng sứ hội đội tàu phía hãng người lính báo "
    "tại ở từ với theo sau do về và cả nếu khi giới bang bên vì để còn được bị đối cùng giữa trước"
)
# At the start of a sentence these are other words ("Anh cho biết …").
_SELDOM_FIRST = frozenset(["Anh", "Ý", "Áo"])
_DASH = re.compile(r"\s?[-‐‑–—]\s?")


@dataclass(frozen=True, slots=True)
class Country:
    """What a name of a country is: its code ("" for a name that only holds one), and what kind."""

    code: str
    adjective: bool = False
    syllable: bool = False
    paired: bool = False
    stop: bool = False


@dataclass(frozen=True, slots=True)
class CountryAt:
    """A country found: the numbers of its first word and of the word after it, and its place."""

    first: int
    after: int
    code: str
    span: Span
    adjective: bool


def written_names(code: str) -> list[str]:
    """Return the names, besides those of CLDR, that texts in English or Vietnamese give a state."""
    own = _words().get(code, {})
    return [*own.get("en", ()), *own.get("vi", ())]


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return json.loads(Path(__file__).with_name("country_words.json").read_text(encoding="utf-8"))


@cache
def _index() -> Index[Country]:
    words = _words()
    names: dict[tuple[str, str], Name[Country]] = {}
    for code, row in country_table().items():
        if code in _SEVERAL_STATES:
            continue
        own = words.get(code, {})
        english = [*_of_cldr(row["names"]["en"]), *own.get("en", ())]
        vietnamese = [*_of_cldr(row["names"]["vi"]), *own.get("vi", ())]
        adjectives = [form for word in own.get("adjectives", ()) for form in _with_plural(word)]
        for text in vietnamese:
            names[text, code] = _vietnamese(text, code)
        for text in english:
            names[text, code] = _english(text, Country(code, stop=text.endswith(".")))
        for text in adjectives:
            names[text, code] = _english(text, Country(code, adjective=True))
    # "Burma" and "East Timor" were states of those names, and are other names of states of today.
    today = {text for text, code in names if len(code) == 2}
    index = Index(
        each for (text, code), each in names.items() if len(code) == 2 or text not in today
    )
    for text, code in _SHORT.items():
        index.add(name(text, Country(code, syllable=True), exact=True))
    for text, code in _PAIRED.items():
        index.add(name(text, Country(code, syllable=True, paired=True), exact=True))
    for text in _OTHERS:
        index.add(name(text, Country("")))
    return index


def _of_cldr(text: str) -> list[str]:
    """The name as prose has it: not "Hong Kong SAR China" or "Myanmar (Burma)"."""
    if "SAR" in text or "(" in text or "Đặc khu" in text or " - " in text:
        return []
    return [text, text.replace("&", "and")] if "&" in text else [text]


def _with_plural(adjective: str) -> list[str]:
    plural = not adjective.endswith(("ese", "sh", "ch", "ss", "s", "men", "man"))
    return [adjective, f"{adjective}s"] if plural else [adjective]


def _english(text: str, country: Country) -> Name[Country]:
    acronym = text.replace(".", "").isupper() and len(text) <= 6
    short = len(text) < 5 or text.lower() in _ORDINARY
    return name(text, country, exact=acronym, capital=short or text[0].islower())


def _vietnamese(text: str, code: str) -> Name[Country]:
    syllable = " " not in text and "-" not in text and (not text.isascii() or len(text) < 4)
    country = Country(code, syllable=syllable and not text.isupper())
    return name(text, country, exact=syllable or text == "Nam Phi", capital=True)


def countries_in(text: str, words: list[Word], vietnamese: bool) -> list[CountryAt]:
    """Return the countries that the words of a text name, in order.

    Adjectives are English and count in English text only; Vietnamese names of one syllable in
    Vietnamese text only.
    """
    found = {
        at: each
        for at, each in _index().find(text, words)
        if not (each.target.adjective if vietnamese else each.target.syllable)
    }
    return [
        _at(text, words, at, each)
        for at, each in found.items()
        if each.target.code
        and (not each.target.syllable or _is_country(text, words, at, found))
        and (each.target.adjective or not is_within_a_name(text, words, at, len(each.words)))
    ]


def _at(text: str, words: list[Word], at: int, found: Name[Country]) -> CountryAt:
    after = at + len(found.words)
    end = words[after - 1].end
    end += found.target.stop and text[end : end + 1] == "."
    span = Span(start_with_style(text, words[at].start), end)
    return CountryAt(at, after, found.target.code, span, found.target.adjective)


def _is_country(text: str, words: list[Word], at: int, found: dict[int, Name[Country]]) -> bool:
    """Whether a Vietnamese word of one syllable stands for a country, by the words around it."""
    before = text[words[at - 1].end : words[at].start] if at else "."
    after = text[words[at].end : words[at + 1].start] if at + 1 < len(words) else "."
    ends = {start + len(each.words) for start, each in found.items()}
    if (at in ends and _DASH.fullmatch(before)) or (at + 1 in found and _DASH.fullmatch(after)):
        return True
    listed = (at in ends and before == ", ") or (at + 1 in found and after == ", ")
    listed |= at + 2 in found and words[at + 1].spelled == spelling("và")
    if found[at].target.paired:
        return listed
    word = words[at].given.capitalize()
    if after == " " and words[at + 1].spelled in _spelled(_NOT_BEFORE.get(word, "")):
        return False
    if before == " ":
        other = words[at - 1].spelled in _spelled(_NOT_AFTER.get(word, ""))
        return not other and not _makes_a_name(words[at - 1])
    return listed or word not in _SELDOM_FIRST


@cache
def _spelled(given: str) -> frozenset[str]:
    return frozenset(map(spelling, given.split()))


def _makes_a_name(before: Word) -> bool:
    """Whether a word makes a person's or a place's name of what follows ("Nguyễn Tuấn Anh")."""
    return before.is_title and before.spelled not in _spelled(_INSTITUTIONS)
