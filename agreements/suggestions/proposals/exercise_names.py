"""Proper names of exercises and operations: "Exercise Sea Gannet 2024", "RIMPAC"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from agreements.models import Exercise
from agreements.suggestions.proposals.prose import Prose
from agreements.suggestions.spans import Span

Activity = Exercise.Activity

# Runs that are known far and wide, so that their name alone tells.
_KNOWN = (
    "ADMM-Plus,AMAN,Balikatan,Bersama Lima,Bersama Shield,CARAT,Cobra Gold"
    ",CORPAT,Cutlass Express,Garuda Shield,Kakadu,KAKADU,Komodo,KOMODO,La Perouse,MALABAR"
    ",Malabar,MARPOLEX,MILAN,Northern Coasts,Obangame Express,Optima Malindo,Pacific Partnership"
    ",Pacific Vanguard,Phoenix Express,RIMPAC,Sahyog-Kaijin,Sama Sama,Samasama,SAREX,SEACAT"
    ",Sea Dragon,Sea Guardian,SIMBEX,Super Garuda Shield,Talisman Sabre,UNITAS,VINBAX,DiREx"
)
_KNOWN_NAMES = frozenset(_KNOWN.split(","))

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĐ][\w’'-]*"
_NAME = rf"{_CAPITAL}(?:[ -](?:{_CAPITAL}|[IVX]+|(?:de|del|do|da|la|of|the)[ ]{_CAPITAL})){{0,3}}"
_EDITION = r"(?:[ -](?:20)?\d\d(?![\w.,:/-]\d|\w)(?:/\d\d?)?| [’']\d\d)?"
_NAMED = re.compile(
    rf"(?<![\w-])(?:[Ee]xercises?|EXERCISE|Ex|[Oo]peration|OPERATION|[Cc]hiến dịch"
    rf"|[Dd]iễn tập(?: (?:chung|đa phương|hải quân|song phương|quốc tế))*)"
    rf" [“\"‘']?(?P<name>{_NAME})(?P<edition>{_EDITION})"
)
_CALLED = re.compile(
    r"(?:code-?named|dubbed|known as|named|called|titled|mang tên|với tên gọi|mật danh|tên gọi)"
    rf"(?: là)? (?:[Ee]xercise )?[“\"‘']?(?P<name>{_NAME})(?P<edition>{_EDITION})"
)
_ACTIVITY_BEFORE = re.compile(
    r"(?:exercises?|drills?|patrols?|training|manoeuvres|maneuvers|diễn tập|tuần tra|luyện tập)"
    r"[^.]{0,60}\Z",
    re.IGNORECASE,
)
# What stands in capitals after the word in a heading, or is no name.
_NO_NAMES = frozenset(
    "concludes ends begins held with in on off for and to between at boosts strengthens "
    "focuses director area control group joint the starts wraps kicks tests aims vietnam viet "
    "philippine command division commander coordinator officer plan room centre center desk "
    "department office việt nam nhật".split()
)


@lru_cache(maxsize=256)
def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(names | _KNOWN_NAMES, key=lambda each: (-len(each), each))
    listed = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<![\w-])(?:(?:[Ee]xercise|EXERCISE|Ex) )?(?:{listed}){_EDITION}(?![\w])")


def exercise_names(paragraphs: Iterable[str]) -> frozenset[str]:
    """Return the proper names that paragraphs give activities, without the edition."""
    return frozenset(match["name"] for each in paragraphs for match in _introductions(each))


def names_of_exercises(prose: Prose, known: frozenset[str]) -> Iterator[tuple[Span, str]]:
    """Yield (place in the given paragraph, activity) for the proper names in a paragraph.

    ``known`` are those that the text introduces.
    """
    given = prose.passage.paragraph
    for match in _introductions(given):
        begins = match.start() if match.re is _NAMED else match.start("name")
        yield Span(begins, match.end()), _activity(prose, match)
    for match in _pattern(known).finditer(given):
        yield Span(*match.span()), _activity(prose, match)


def _introductions(given: str) -> Iterator[re.Match[str]]:
    for match in _NAMED.finditer(given):
        if _is_name(match["name"]):
            yield match
    for match in _CALLED.finditer(given):
        if _is_name(match["name"]) and _ACTIVITY_BEFORE.search(given, 0, match.start()):
            yield match


def _is_name(words: str) -> bool:
    parts = re.split(r"[ -]", words.lower())
    return len(words) > 2 and not _NO_NAMES.intersection(parts)


def _activity(prose: Prose, match: re.Match[str]) -> str:
    """Tell by the words around a name what is done under it."""
    sentence = prose.sentence_around(Span(*match.span())).of(prose.passage.paragraph).lower()
    words = match[0].lower()
    if "patrol" in sentence or "tuần tra" in sentence or "corpat" in words:
        return Activity.JOINT_PATROL
    if "sarex" in words or "search and rescue exercise" in sentence:
        return Activity.SAR_DRILL
    if words.startswith(("operation", "chiến dịch")):
        return Activity.JOINT_LAW_ENFORCEMENT
    return Activity.JOINT_TRAINING
