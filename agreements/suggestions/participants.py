"""Who took part: the countries and forces that a passage names, and their roles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext_noop

from agreements.countries import country_table
from agreements.suggestions import vocabulary
from agreements.suggestions.names import FoundForceName, FoundName
from agreements.suggestions.passage import Passage
from agreements.suggestions.places import Place, place_in
from agreements.suggestions.spans import Span

ELSEWHERE = gettext_noop("Named in another sentence of the paragraph.")
THE_TWO_SIDES = gettext_noop("Taken for the two forces that the document names most.")
ROLE_FROM_PLACE = gettext_noop("Both sides are named; host and guest are inferred from the place.")


@dataclass(frozen=True)
class Side:
    """A participant: alpha-2 code, force slug or None where none is named or the database lacks it.

    ``inferred`` and ``note`` as in a citation.
    """

    country: str
    force: str | None
    role: str
    span: Span
    inferred: bool = False
    note: str = ""


def sides_in(passage: Passage, place: Place | None, hosted: bool) -> list[Side]:
    """Return who took part, in the order of the text.

    Those whom the selection names; where that is one country, those of its sentences too, and
    after them as many more of the paragraph as make two, or the two whom the document tells of
    where the passage says "the two sides". With ``hosted``, the one that the place
    is in was host and the others guests.
    """
    sides: list[Side] = []
    for scope in (passage.selection, passage.sentences):
        if _countries(sides) < 2:
            sides = _added(sides, passage, scope, place)
    if _countries(sides) < 2:
        for side in _added([], passage, passage.whole, place):
            if _countries(sides) < 2 and side.country not in {each.country for each in sides}:
                sides.append(replace(side, inferred=True, note=ELSEWHERE))
    if _countries(sides) < 2:
        sides += _both_sides(passage, {side.country for side in sides})
    return _with_roles(sides, place) if hosted else sides


def _both_sides(passage: Passage, known: set[str]) -> Iterator[Side]:
    """Those whom "the two sides" stand for, where the document was read for them."""
    for scope in (passage.selection, passage.sentences):
        match = passage.match(vocabulary.BOTH_SIDES, scope)
        if match is not None:
            span = passage.folded.span(*match.span())
            for body in passage.gazetteer.pair:
                if body.country not in known:
                    force = None if match["states"] else body.slug or None
                    yield Side(body.country, force, "party", span, True, THE_TWO_SIDES)
            return


def sides_named(passage: Passage, scope: Span) -> list[Side]:
    """Return the participants that the words of one scope name."""
    return _added([], passage, scope, place_in(passage, scope))


def _countries(sides: list[Side]) -> int:
    return len({side.country for side in sides})


def _added(sides: list[Side], passage: Passage, scope: Span, place: Place | None) -> list[Side]:
    """Sides with those that a scope names besides: forces, and countries without one."""
    forces = passage.names_in(scope, "force", "new-force")
    sides = list(sides)
    for name in forces:
        side = _of_force(passage, name)
        # A body of the European Union is no state's, and takes part for none.
        if side.country not in country_table():
            continue
        if (side.country, side.force) not in {(each.country, each.force) for each in sides}:
            sides.append(side)
    with_force = {side.country for side in sides}
    for name in passage.names_in(scope, "country"):
        at_place = place is not None and place.span.contains(name.span)
        if name.key not in with_force and not at_place:
            with_force.add(name.key)
            sides.append(Side(name.key, None, "party", name.span))
    return sorted(sides, key=lambda side: side.span)


def _of_force(passage: Passage, name: FoundName) -> Side:
    if isinstance(name, FoundForceName):
        return Side(name.country, None, "party", name.span)
    return Side(passage.gazetteer.country_of(name.key), name.key, "party", name.span)


def _with_roles(sides: list[Side], place: Place | None) -> list[Side]:
    """Make the side at home the host, where that is one side of several countries."""
    countries = {side.country for side in sides}
    if place is None or place.country not in countries or len(countries) < 2:
        return sides
    return list(_hosted(sides, place.country))


def _hosted(sides: list[Side], home: str) -> Iterator[Side]:
    for side in sides:
        role = "host" if side.country == home else "guest"
        note = side.note if side.note else ROLE_FROM_PLACE
        yield replace(side, role=role, inferred=True, note=note)
