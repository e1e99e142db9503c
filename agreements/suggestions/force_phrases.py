"""Forces that a text names by what they are and whose: "the Japanese coast guard".

English puts the country before ("Japan's coast guard", "the Indian Navy") or after "of";
Vietnamese after ("Cảnh sát biển Ấn Độ"). Two countries may share one word: "the Vietnamese and
Chinese coast guards".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from agreements.suggestions.country_names import CountryAt
from agreements.suggestions.spans import Span
from agreements.suggestions.words import Index, Word, name, one_name, words_of
from agreements.text import fold

# By sort (`force_sorts`).
_ENGLISH = {
    "coast-guard": "coast guard|coastguard|coastal guard|coast guard service|coast guard command"
    "|maritime police|marine police|maritime security agency|maritime enforcement agency"
    "|maritime law enforcement agency|coast guard administration",
    "navy": "navy|naval force|naval forces|maritime self-defense force|maritime self-defence force",
    "ministry": "ministry of national defence|ministry of national defense|ministry of defence"
    "|ministry of defense|national defence ministry|national defense ministry|defence ministry"
    "|defense ministry|department of national defense|department of defense|defense department",
    "fisheries-enforcement": "fisheries surveillance|fisheries resources surveillance"
    "|fisheries agency|fisheries surveillance force|fisheries patrol",
    "border-guard": "border guard|border guard service|border police|border service",
    "armed-forces": "armed forces|defence force|defense force|self-defense forces",
    "air-force": "air force",
    "army": "army",
    "marines": "marine corps",
    "maritime-safety": "maritime safety administration|maritime safety authority"
    "|maritime administration|maritime authority|maritime safety agency",
}
_ENGLISH_PLURALS = {
    "coast-guard": "coast guards|coastguards|coast guard forces|coast guard agencies"
    "|maritime security agencies|maritime police forces",
    "navy": "navies",
    "ministry": "defence ministries|defense ministries|ministries of defence|ministries of defense"
    "|ministries of national defence|ministries of national defense",
    "border-guard": "border guards",
}
_VIETNAMESE = {
    "coast-guard": "cảnh sát biển|bảo vệ bờ biển|bảo vệ biển|tuần duyên|phòng vệ bờ biển"
    "|hải cảnh|csb|tuần tra bờ biển|cảnh sát hàng hải|thực thi pháp luật hàng hải"
    "|thực thi pháp luật biển|thực thi pháp luật trên biển|thực thi luật biển"
    "|an ninh hàng hải|an ninh biển|an ninh trên biển|cảnh vệ bờ biển"
    "|bảo an trên biển|cảnh sát bờ biển",
    "navy": "hải quân|tự vệ trên biển|tự vệ biển|tự vệ bờ biển|phòng vệ biển|phòng vệ trên biển",
    "ministry": "bộ quốc phòng",
    "fisheries-enforcement": "kiểm ngư|nghề cá|thủy sản",
    "border-guard": "bộ đội biên phòng|biên phòng",
    "armed-forces": "lực lượng vũ trang",
    "air-force": "không quân",
    "maritime-safety": "an toàn hàng hải|hàng hải",
}
# Names of forces only with one of these before them.
_VIETNAMESE_NEEDING = frozenset(
    (
        "thực thi pháp luật hàng hải|thực thi pháp luật biển|thực thi pháp luật trên biển"
        "|thực thi luật biển|bảo vệ biển|an ninh hàng hải|an ninh biển|an ninh trên biển"
        "|tự vệ trên biển|tự vệ biển|tự vệ bờ biển|phòng vệ biển|phòng vệ trên biển|cảnh vệ bờ biển"
        "|bảo an trên biển|nghề cá|thủy sản|an toàn hàng hải|hàng hải"
    ).split("|")
)
# Parts of a force's name whatever their case; of the others only with a capital.
_OWN_PREFIX = {"bảo vệ bờ biển", "tuần duyên", "phòng vệ bờ biển", *_VIETNAMESE_NEEDING}
_PREFIXES = [
    name(each, None).words
    for each in (
        "lực lượng",
        "bộ tư lệnh",
        "quân chủng",
        "cơ quan",
        "tổng cục",
        "cục",
        "btl",
        "ban",
    )
]
_BETWEEN_ENGLISH = frozenset("s people national royal federal state".split())
_BETWEEN_VIETNAMESE = frozenset("quoc gia nhan dan hoang lien bang cua".split())
_COUNTED = frozenset("hai ba cac 2 3".split())
_LINKS = frozenset("and the va".split())
_JOINTS = frozenset([",", "and", ", and", "-", "–", "&", "va"])


@dataclass(frozen=True, slots=True)
class Head:
    """The words for a sort of force; ``text`` as in the tables above."""

    sort: str
    text: str
    plural: bool = False
    vietnamese: bool = False


@dataclass(frozen=True, slots=True)
class ForcePhrase:
    """A force that a text names by its kind and country.

    ``shared``: of several countries with one word for their forces, one that stands apart from
    it; the span is then that of the country.
    """

    span: Span
    country: str
    sort: str
    shared: bool = False


@cache
def _heads() -> Index[Head]:
    heads = [
        Head(sort, text, table is _ENGLISH_PLURALS, table is _VIETNAMESE)
        for table in (_ENGLISH, _ENGLISH_PLURALS, _VIETNAMESE)
        for sort, texts in table.items()
        for text in texts.split("|")
    ]
    return Index(name(head.text, head) for head in heads)


def force_phrases(text: str, words: list[Word], countries: list[CountryAt]) -> list[ForcePhrase]:
    """Return the forces named by kind and country, given the countries of the text."""
    return list(_Reader(text, words, countries).read())


def heads_in(text: str, words: list[Word]) -> Iterator[tuple[int, int, Head]]:
    """Yield (number of the first word, of the word after, what it is) of all words for forces."""
    for at, found in _heads().find(text, words):
        yield at, at + len(found.words), found.target


@cache
def says_only_kind(text: str) -> bool:
    """Return whether a name says what a force is and not whose: "Coast Guard", "Bộ Quốc phòng"."""
    words = words_of(text)
    for at, found in _heads().find(text, words):
        return _prefix(words, at) == 0 and at + len(found.words) == len(words)
    return False


class _Reader:
    def __init__(self, text: str, words: list[Word], countries: list[CountryAt]):
        self._text = text
        self._words = words
        self._from = {country.first: country for country in countries}
        self._to = {country.after: country for country in countries}

    def read(self) -> Iterator[ForcePhrase]:
        for at, found in _heads().find(self._text, self._words):
            after = at + len(found.words)
            if found.target.vietnamese:
                yield from self._vietnamese(found.target, at, after)
            else:
                yield from self._country_before(found.target, at, after)
                yield from self._country_after(found.target, at, after)

    def _country_before(self, head: Head, at: int, after: int) -> Iterator[ForcePhrase]:
        first = at
        while first and self._words[first - 1].bare in _BETWEEN_ENGLISH and self._close(first):
            first -= 1
        country = self._to.get(first)
        if country is None or not self._close(first):
            return
        start = country.first
        if start and self._words[start - 1].bare == "royal":
            start -= 1
        yield self._phrase(head, country, start, after)
        while head.plural and (country := self._listed_before(country.first)):
            yield ForcePhrase(country.span, country.code, head.sort, shared=True)

    def _country_after(self, head: Head, at: int, after: int) -> Iterator[ForcePhrase]:
        if self._bare(after) != "of" or not self._close(after):
            return
        country = self._from.get(after + 2 if self._bare(after + 1) == "the" else after + 1)
        if country is None:
            return
        yield self._phrase(head, country, at, country.after)
        while head.plural and (country := self._listed_after(country.after)):
            yield ForcePhrase(country.span, country.code, head.sort, shared=True)

    def _vietnamese(self, head: Head, at: int, after: int) -> Iterator[ForcePhrase]:
        prefix = _prefix(self._words, at)
        if head.text in _VIETNAMESE_NEEDING and prefix == at:
            return
        at = with_prefix(self._words, at, head)
        while self._bare(after) in _BETWEEN_VIETNAMESE and self._close(after):
            after += 1
        of_several = self._bare(after) in _COUNTED and self._bare(after + 1) == "nuoc"
        if of_several:
            after += 2
        elif self._bare(after) == "nuoc":
            after += 1
        country = self._from.get(after)
        if country is None or not self._close(after):
            return
        yield self._phrase(head, country, at, country.after)
        while (listed := self._listed_after(country.after)) and (
            of_several or "," not in self._text[country.span.end : listed.span.start]
        ):
            country = listed
            yield ForcePhrase(country.span, country.code, head.sort, shared=True)

    def _phrase(self, head: Head, country: CountryAt, first: int, after: int) -> ForcePhrase:
        end = max(self._words[after - 1].end, country.span.end)
        return ForcePhrase(Span(self._words[first].start, end), country.code, head.sort)

    def _bare(self, at: int) -> str:
        return self._words[at].bare if at < len(self._words) else ""

    def _close(self, at: int) -> bool:
        """Whether a word and the one before it may belong to one name."""
        return 0 < at < len(self._words) and one_name(
            self._text, self._words[at - 1], self._words[at]
        )

    def _listed_before(self, first: int) -> CountryAt | None:
        last = first
        while last and self._words[last - 1].bare in _LINKS:
            last -= 1
        return self._if_listed(self._to.get(last), self._from.get(first))

    def _listed_after(self, after: int) -> CountryAt | None:
        first = after
        while first < len(self._words) and self._words[first].bare in _LINKS:
            first += 1
        following = self._from.get(first)
        return following if self._if_listed(self._to.get(after), following) else None

    def _if_listed(self, one: CountryAt | None, other: CountryAt | None) -> CountryAt | None:
        """The first of two countries where a comma, a dash or "and" joins them, and no more."""
        if one is None or other is None:
            return None
        between = self._text[one.span.end : other.span.start].replace(" the ", " ").strip()
        return one if between in _JOINTS or fold(between).strip() in _JOINTS else None


def with_prefix(words: list[Word], at: int, head: Head) -> int:
    """The number of the first word of a Vietnamese name, with what leads it where that is its own.

    "Lực lượng" is with a capital, or where the rest is no name without it.
    """
    prefix = _prefix(words, at)
    return prefix if head.text in _OWN_PREFIX or words[prefix].given[0].isupper() else at


def _prefix(words: list[Word], at: int) -> int:
    """The number of the first word of what leads a Vietnamese name, or the same number."""
    for prefix in _PREFIXES:
        first = at - len(prefix)
        led = words[first:at] if first >= 0 else []
        if len(led) == len(prefix) and all(
            word.spelled in (mine.spelled, mine.bare)
            for word, mine in zip(led, prefix, strict=True)
        ):
            return first
    return at
