"""Countries, forces, people and topics that a text names."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.text import slugify

from agreements.countries import country_table
from agreements.suggestions.areas import areas_in
from agreements.suggestions.bare_forces import (
    BY_CONTEXT,
    UNIT,
    NamedForces,
    bare_heads,
    meant,
)
from agreements.suggestions.country_names import countries_in
from agreements.suggestions.folded import is_vietnamese
from agreements.suggestions.force_names import Body, ForceNames
from agreements.suggestions.force_phrases import force_phrases
from agreements.suggestions.force_units import unit_around
from agreements.suggestions.register import Register
from agreements.suggestions.spans import Span, without_overlaps
from agreements.suggestions.words import Index, Name, name, words_of

# What follows in brackets: (JCG), (hereinafter KCG).
_INTRODUCED = re.compile(r"\s?\((?:[\w\s]{1,20}\s)?[\"“']?([A-Z]\w*[A-Z]\w*)[\"”']?\)")


@dataclass(frozen=True)
class FoundName:
    """A name in a text: where, what of ("country", "force", "person", "topic"), and its key.

    The key is a country's code, or a slug. ``why`` says how it is known where the words do not
    say it, in English that is marked for translation, and is empty otherwise.
    """

    span: Span
    kind: str
    key: str
    why: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class FoundForceName(FoundName):
    """A force that the database lacks; ``kind`` is "new-force", ``key`` the slug to propose."""

    country: str
    name: str
    force_kind: str


class Gazetteer:
    """Finds in texts what the database names, all countries, and forces known to exist.

    Made anew for each request, since the database changes; seven queries, or none where a
    register is given. ``force_names`` gives the name shown of each force of the database by its
    slug; ``places`` the country that records put a place in, or "".
    """

    def __init__(self, register: Register | None = None):
        register = Register.from_database() if register is None else register
        self.places = register.places
        self.force_names = {force.slug: force.names[0] for force in register.forces}
        self._countries = {force.slug: force.country for force in register.forces}
        self._kinds = {force.slug: force.kind for force in register.forces}
        self._forces = ForceNames(register)
        self._people = Index(_people_names(register))
        self._topics = Index(_topic_names(register))
        self._seen: frozenset[str] = frozenset()
        self._introduced: dict[str, Body] = {}
        self._named: NamedForces | None = None
        self.pair: tuple[Body, ...] = ()

    def for_text(self, text: str, language: str = "") -> Gazetteer:
        """Return one that reads parts of this text in its light.

        It knows the acronyms that the text introduces in brackets, the countries that it names, its
        forces, of which "the Coast Guard" is one, and its ``pair``: the forces of two countries
        that it names most, if it does, where "the two sides" stand for them.
        """
        reading = _Reading(self, text, is_vietnamese(text, language))
        forces = reading.forces()
        mine = copy.copy(self)
        mine._seen = reading.seen
        mine._introduced = self._introduced | reading.introduced(forces)
        forces = reading.forces(mine._introduced)
        mine._named = reading.named(forces)
        mine.pair = _pair(forces.values())
        return mine

    def country_of(self, slug: str) -> str:
        """Return the alpha-2 code of the country of a force of the database."""
        return self._countries[slug]

    def kind_of(self, slug: str) -> str:
        """Return the kind of a force of the database."""
        return self._kinds[slug]

    def find(self, text: str, language: str = "") -> list[FoundName]:
        """Return the names in a text, in order.

        Of names of one kind none overlap, and the longest stand. A country within a force's name
        ("Japan Coast Guard") or a sea's ("South China Sea") is not given for itself.
        """
        reading = _Reading(self, text, is_vietnamese(text, language))
        forces = reading.forces()
        introduced = self._introduced | reading.introduced(forces)
        forces = reading.forces(introduced)
        found: list[FoundName] = [
            _found(span, body, why)
            for span, body, why in reading.in_context(forces, self._named or reading.named(forces))
        ]
        found += reading.countries({name.span for name in found})
        found += reading.plain("person", self._people)
        found += reading.plain("topic", self._topics)
        return sorted(found, key=lambda each: (each.span, each.kind))


class _Reading:
    """One text as it is read: its words, countries and phrases, each found once."""

    def __init__(self, gazetteer: Gazetteer, text: str, vietnamese: bool):
        self._gazetteer = gazetteer
        self._text = text
        self._words = words_of(text)
        self._vietnamese = vietnamese
        areas = areas_in(text, self._words)
        self._countries = [
            country
            for country in countries_in(text, self._words, vietnamese)
            if not any(area.contains(country.span) for area in areas)
        ]
        self._phrases = force_phrases(text, self._words, self._countries)
        self.seen = gazetteer._seen | {country.code for country in self._countries}

    def forces(self, introduced: dict[str, Body] | None = None) -> dict[Span, Body]:
        """The forces: by an acronym introduced, by name, or by kind and country."""
        found: dict[Span, Body | None] = {}
        for word in self._words:
            if introduced and (body := introduced.get(word.given)):
                found[word.span] = body
        names = self._gazetteer._forces
        for span, body in names.find(self._text, self._words, self._vietnamese, self.seen):
            found.setdefault(span, body)
        for phrase in self._phrases:
            found.setdefault(phrase.span, names.of_sort(phrase.country, phrase.sort))
        return {span: body for span in without_overlaps(list(found)) if (body := found[span])}

    def introduced(self, forces: dict[Span, Body]) -> dict[str, Body]:
        """The acronyms that follow forces in brackets."""
        found = {}
        for span, body in forces.items():
            match = _INTRODUCED.match(self._text, span.end)
            if match and _abbreviates(match[1], f"{span.of(self._text)} {body.name}"):
                found[match[1]] = body
        return found

    def named(self, forces: dict[Span, Body]) -> NamedForces:
        """The forces that the text names outright, and of which sorts it does so late."""
        bodies = [body for _, body in sorted(forces.items())]
        late = set()
        for span, head in bare_heads(self._text, self._words, forces, self._vietnamese):
            earlier = [body for each, body in forces.items() if each < span]
            if not NamedForces(earlier).of_sort(head.sort):
                late.add(head.sort)
        return NamedForces(bodies, frozenset(late))

    def in_context(
        self, forces: dict[Span, Body], named: NamedForces
    ) -> Iterator[tuple[Span, Body, str]]:
        """The forces with those that the text calls by their sort alone, and with units."""
        of_sort = self._gazetteer._forces.of_sort
        home = "VN" if self._vietnamese else None
        whys = dict.fromkeys(forces, "")
        found = dict(forces)
        for span, head in bare_heads(self._text, self._words, forces, self._vietnamese):
            before = [body for each, body in sorted(forces.items()) if each < span]
            if body := meant(head, named, before, of_sort, home, self.seen):
                found[span], whys[span] = body, BY_CONTEXT
        for span, body in found.items():
            unit = unit_around(self._text, span, self._vietnamese)
            if unit is None or any(unit.overlaps(other) for other in found if other != span):
                yield span, body, whys[span]
            elif stored := self._gazetteer._forces.named(unit.of(self._text)):
                yield unit, stored, ""
            else:
                yield unit, body, UNIT

    def countries(self, forces: Iterable[Span]) -> Iterator[FoundName]:
        """The countries but those within a force's name."""
        shared = {phrase.span for phrase in self._phrases if phrase.shared}
        covering = [span for span in forces if span not in shared]
        for country in self._countries:
            if not any(span.overlaps(country.span) for span in covering):
                yield FoundName(country.span, "country", country.code)

    def plain(self, kind: str, index: Index[str]) -> Iterator[FoundName]:
        """The names of an index; a name that two records have is given for neither."""
        found: dict[Span, set[str]] = {}
        for at, each in index.find(self._text, self._words):
            span = Span(self._words[at].start, self._words[at + len(each.words) - 1].end)
            found.setdefault(span, set()).add(each.target)
        for span, keys in found.items():
            if len(keys) == 1:
                yield FoundName(span, kind, keys.pop())


def _pair(named: Iterable[Body]) -> tuple[Body, ...]:
    """The two forces named most, each the first of its country, and oftener than any third."""
    counts = Counter(body for body in named if body.country in country_table()).most_common()
    first: dict[str, tuple[Body, int]] = {}
    for body, count in counts:
        first.setdefault(body.country, (body, count))
    ranked = [*first.values()]
    clear = len(ranked) == 2 or (len(ranked) > 2 and ranked[1][1] > ranked[2][1])
    return tuple(body for body, _ in ranked[:2]) if clear else ()


def _abbreviates(acronym: str, words: str) -> bool:
    """Whether each letter of an acronym begins one of the words."""
    initials = {word.bare[:1] for word in words_of(words)}
    return all(letter.lower() in initials for letter in acronym if letter.isalpha())


def _found(span: Span, body: Body, why: str) -> FoundName:
    if body.slug:
        return FoundName(span, "force", body.slug, why=why)
    slug = slugify(body.name)
    return FoundForceName(span, "new-force", slug, body.country, body.name, body.kind, why=why)


def _people_names(register: Register) -> Iterator[Name[str]]:
    for slug, texts in register.people.items():
        for text in _as_articles_write(texts):
            yield name(text, slug, capital=True, bare=True)


def _as_articles_write(texts: Iterable[str]) -> dict[str, None]:
    """Names of two words in both orders: "Kishi Nobuo" is "Nobuo Kishi" abroad."""
    names = {text: None for text in texts if len(words_of(text)) > 1}
    for text in list(names):
        words = text.split()
        if len(words) == 2:
            names[" ".join(reversed(words))] = None
    return names


def _topic_names(register: Register) -> Iterator[Name[str]]:
    """Labels, and the words of slugs, each also in the other number ("joint patrol")."""
    for slug, texts in register.topics.items():
        names = dict.fromkeys([*texts, slug.replace("-", " ")])
        for text in list(names):
            if text.isascii() and not text.endswith(("ing", "ss", "y")):
                names[text.removesuffix("s") if text.endswith("s") else f"{text}s"] = None
        for text in names:
            yield name(text, slug)
