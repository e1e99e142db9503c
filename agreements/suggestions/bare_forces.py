"""Forces that a text names by what they are alone: "the Coast Guard", "Hải quân".

Which one is meant, the rest of the text tells: the only one of its sort, the one that the passage
named before, the one that the text is mostly of, or the one of a country that it is mostly of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_noop

from agreements.suggestions.force_names import Body
from agreements.suggestions.force_phrases import Head, heads_in, with_prefix
from agreements.suggestions.force_sorts import SORTS, is_of_sort
from agreements.suggestions.force_units import unit_around
from agreements.suggestions.spans import Span
from agreements.suggestions.words import Word, one_name

BY_CONTEXT = gettext_noop(
    "The words say only what sort of force it is; which one, the text around them tells."
)
UNIT = gettext_noop("A unit of this force.")

_SORTS = frozenset(SORTS) - {"armed-forces", "army", "marines"}
# In Vietnamese press these alone are Vietnam's, where the text is of Vietnam at all.
_AT_HOME = frozenset(
    (
        "cảnh sát biển|csb|hải quân|bộ quốc phòng|kiểm ngư|bộ đội biên phòng|biên phòng|không quân"
    ).split("|")
)
# Vietnamese words that are these forces only with a country, and would be too much without.
_NEVER_ALONE = frozenset(
    (
        "bảo vệ biển|nghề cá|thủy sản|an toàn hàng hải|hàng hải|an ninh hàng hải|an ninh biển"
        "|an ninh trên biển|lực lượng vũ trang|thực thi pháp luật biển|thực thi luật biển"
        "|phòng vệ biển|tự vệ biển"
    ).split("|")
)
# English words that are these forces only with a country, or in another name.
_NEVER_ALONE |= frozenset(
    "naval force|naval forces|coast guard command|coast guard administration|fisheries agency"
    "|fisheries patrol|border service|maritime security agency|maritime enforcement agency"
    "|maritime law enforcement agency|maritime administration|maritime authority"
    "|maritime safety authority|maritime safety agency".split("|")
)
# Before or after these the words are a part of another name, or of several forces.
_NOT_AFTER = frozenset(
    "asian asean global european union pacific world a an each every any no own other another "
    "hai ba cac nhieu".split()
)
_NOT_BEFORE = frozenset(
    "agencies agency forum functions summit forces heads global meeting meetings guards "
    "cooperation diplomacy hai ba cac nuoc asean chau khu 2 3 hoang quoc".split()
)


@dataclass
class NamedForces:
    """The forces that a text names outright, in its order, each as often as it does.

    ``bare_first`` are the sorts that it first names without saying whose.
    """

    bodies: list[Body] = field(default_factory=list)
    bare_first: frozenset[str] = frozenset()

    def of_sort(self, sort: str) -> Counter[Body]:
        return Counter(body for body in self.bodies if is_of_sort(sort, body.kind, [body.name]))

    def main(self, sort: str) -> Body | None:
        """The force of a sort that is named most; of several the first."""
        counts = self.of_sort(sort)
        return max(counts, key=lambda body: counts[body], default=None)

    def country(self) -> str | None:
        """The country of most of the forces, if it is that of at least half."""
        counts = Counter(body.country for body in self.bodies).most_common(1)
        return counts[0][0] if counts and counts[0][1] * 2 >= len(self.bodies) else None


OfSort = Callable[[str, str], Body | None]


def bare_heads(
    text: str, words: list[Word], taken: Iterable[Span], vietnamese: bool
) -> Iterator[tuple[Span, Head]]:
    """Yield the words that name a force by its sort alone, where nothing has been found."""
    found = list(taken)
    for first, after, head in heads_in(text, words):
        span = Span(words[first].start, words[after - 1].end)
        if head.plural or head.sort not in _SORTS or head.vietnamese != vietnamese:
            continue
        if head.text in _NEVER_ALONE or any(span.overlaps(each) for each in found):
            continue
        unit = unit_around(text, span, vietnamese)
        if vietnamese and unit is None:
            span = Span(words[with_prefix(words, first, head)].start, span.end)
        if _is_alone(text, words, first, after, head, unit is not None):
            yield span, head


def _is_alone(text: str, words: list[Word], first: int, after: int, head: Head, unit: bool) -> bool:
    before = words[first - 1] if first and one_name(text, words[first - 1], words[first]) else None
    following = words[after] if after < len(words) else None
    if following is not None and not one_name(text, words[after - 1], following):
        following = None
    if before is not None and before.bare in _NOT_AFTER:
        return False
    if following is not None and not unit:
        if following.bare == "of" and head.sort != "maritime-safety":
            return False
        if following.bare in _NOT_BEFORE or following.given.isdecimal():
            return False
    if unit and head.vietnamese:
        return True
    if words[first].given[0].isupper():
        return not (head.vietnamese and head.text == "biên phòng" and words[first].given.isupper())
    return not head.vietnamese and before is not None and before.bare == "the"


def meant(
    head: Head,
    named: NamedForces,
    before: list[Body],
    of_sort: OfSort,
    home: str | None,
    seen: frozenset[str],
) -> Body | None:
    """Return the force that bare words mean, or None where the text does not tell.

    ``before`` are the forces that the passage named before them; ``home`` the country whose press
    calls its own forces so; ``seen`` the countries that the text names.
    """
    if home and head.text in _AT_HOME:
        return of_sort(home, head.sort)
    if head.vietnamese and head.text not in _AT_HOME:
        # Vietnamese press calls no force of Vietnam so.
        named = replace(named, bodies=[body for body in named.bodies if body.country != "VN"])
        before = [body for body in before if body.country != "VN"]
    counts = named.of_sort(head.sort)
    if len(counts) == 1:
        return next(iter(counts))
    if counts and head.sort in named.bare_first:
        return named.main(head.sort)
    here = [body for body in before if is_of_sort(head.sort, body.kind, [body.name])]
    if here:
        return here[-1] if len(set(here)) == 1 else named.main(head.sort)
    if counts:
        return named.main(head.sort)
    country = named.country() or (before[-1].country if before else None)
    if not named.bodies and len(seen) == 1:
        country = next(iter(seen))
    return of_sort(country, head.sort) if country and head.sort in SORTS else None
