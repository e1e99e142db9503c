"""Names of countries in a file, matched to codes: what is certain, and what is a guess."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from agreements.exchange.foreign.known_names import (
    Meaning,
    correlates,
    known_codes,
    known_names,
    looks_like_code,
    plain,
)
from agreements.exchange.foreign.mapping import NO_COUNTRY, TO_NOTE

# Guesses from here on are confirmed together, where no other country comes near.
GOOD = 90
# Below this a guess is shown, and is not chosen before somebody chooses it.
_LIKELY = 80
_FAIR = 60
_NEAR = 8
_SHOWN = 3
_ORGANISATIONS = frozenset(
    "nato eu un asean au african union ecowas csto sco gcc osce oas interpol europol frontex uno "
    "european union united nations anzus seato warsaw pact isaf kfor eufor unifil".split()
)
_NOBODY = re.compile(r"(?i)(?:multiple|various|several|others?|none|unknown|n/?a|tbd|etc)\b.*")
_BRACKETS = re.compile(r"([^()\[\]]+?)\s*[(\[]([^()\[\]]+)[)\]]\s*")


@dataclass(frozen=True)
class Guess:
    """What a name may be: a code, or that it is no country, and how like it is, in per cent."""

    code: str
    score: int


@dataclass(frozen=True)
class Match:
    """What a name may be, the likeliest first. `exact` needs nobody's word."""

    name: str
    guesses: tuple[Guess, ...] = ()
    exact: bool = False
    remark: str = ""

    @property
    def best(self) -> str:
        """The code that it is likeliest to be; "" where nothing is like it enough."""
        return self.guesses[0].code if self.guesses and not 0 < self.score < _LIKELY else ""

    @property
    def score(self) -> int:
        """How like its best guess it is, in per cent."""
        return self.guesses[0].score if self.guesses else 0

    @property
    def good(self) -> bool:
        """Whether it can be confirmed together with others: like one country, and no other."""
        return bool(self.guesses) and self.score >= GOOD and not self.remark


def match_all(names: Iterable[str]) -> list[Match]:
    """Return what each name may be. Codes are read together: one list of codes wrote them."""
    every = list(names)
    codes = [name for name in every if looks_like_code(name)]
    foreign = any(name not in known_codes() and plain(name) not in known_names() for name in codes)
    return [_match(name, foreign) for name in every]


def _match(name: str, foreign: bool) -> Match:
    meaning = known_names().get(plain(name))
    of_project = correlates().get(name) if looks_like_code(name) else None
    if of_project and (foreign or name.isdecimal()):
        return _of_project(name, of_project)
    if name in known_codes():
        return Match(name, (Guess(known_codes()[name], 100),), True)
    if meaning is not None:
        guesses = tuple(Guess(code, 100) for code in meaning.codes)
        return Match(name, guesses, meaning.sure, str(meaning.remark))
    return _in_brackets(name) or _organisation(name) or _alike(name)


def _of_project(name: str, code: str) -> Match:
    remark = _("By the codes of the Correlates of War project.")
    guesses = [Guess(code, 100)]
    if code == "RU":
        remark += " " + _("They have one for Russia and the Soviet Union.")
        guesses.append(Guess("SUHH", 100))
    other = known_codes().get(name)
    if other and other != code:
        remark += " " + _("In ISO 3166 it is another country.")
        guesses.append(Guess(other, 50))
    return Match(name, tuple(guesses), False, remark)


def _in_brackets(name: str) -> Match | None:
    found = _BRACKETS.fullmatch(name)
    if found is None:
        return None
    parts = [known_names().get(plain(part)) for part in found.groups()]
    meanings: list[Meaning] = [part for part in parts if part is not None]
    if not meanings:
        return None
    codes = dict.fromkeys(code for meaning in meanings for code in meaning.codes)
    remark = str(meanings[0].remark) or _("Part of it stands in brackets.")
    return Match(name, tuple(Guess(code, GOOD - 1) for code in codes), False, remark)


def _organisation(name: str) -> Match | None:
    words = plain(name).split()
    if words and all(word in _ORGANISATIONS for word in words):
        return Match(name, (Guess(TO_NOTE, 0),), False, _("It looks like an organisation."))
    if _NOBODY.fullmatch(name.strip()):
        return Match(name, (Guess(NO_COUNTRY, 0),), False, _("It looks like no country."))
    return None


def _alike(name: str) -> Match:
    wanted, names = plain(name), known_names()
    scores: dict[str, float] = {}
    if len(wanted) > 2:
        for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
            for found, score, _at in process.extract(wanted, list(names), scorer=scorer, limit=20):
                for code in names[found].codes:
                    scores[code] = max(scores.get(code, 0), score)
    best = sorted(scores.items(), key=lambda each: (-each[1], len(each[0]), each[0]))
    guesses = tuple(Guess(code, int(score)) for code, score in best if score >= _FAIR)[:_SHOWN]
    near_by = len(guesses) > 1 and guesses[0].score - guesses[1].score < _NEAR
    remark = _("More than one country is like it.") if near_by else ""
    return Match(name, guesses, False, remark)
