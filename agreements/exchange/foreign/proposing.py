"""What the columns of a file may mean, by their names and by what they hold: a start to mend."""

import re
from collections.abc import Iterable

from agreements.exchange.foreign import uses
from agreements.exchange.foreign.date_forms import FORMS, ForeignDateError, read_date
from agreements.exchange.foreign.mapping import Mapping
from agreements.exchange.foreign.profile import (
    COUNTRIES,
    COUNTRY,
    DATES,
    EMPTY,
    KEYS,
    NUMBERS,
    WORDS,
    Column,
    Profile,
)

_ANY = (DATES, COUNTRY, COUNTRIES, NUMBERS, KEYS, WORDS)
_TEXT = (WORDS, KEYS)
_DAYS = (DATES, NUMBERS, KEYS, WORDS)
# The use of a column, by the words of its name, and what it has to hold for that.
_BY_NAME: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (uses.IDENTIFIER, r"(.* )?(id|uid|key|identifier)|\w*id|no|number|nr", (KEYS, NUMBERS)),
    ("last_year", r"(end|last|stop|to) ?(year|yr)|ey(ea)?r|e year", (NUMBERS, KEYS)),
    ("last_month", r"(end|last|stop|to) ?(month|mon|mo)|emo(nth)?", _DAYS),
    ("last_day", r"(end|last|stop|to) ?day|eday", (NUMBERS, KEYS)),
    ("year", r"((start|begin|first|from|signed|signature) ?)?(year|yr)|sy(ea)?r", (NUMBERS, KEYS)),
    ("month", r"((start|begin|first|from|signed) ?)?(month|mon|mo)|smo(nth)?", _DAYS),
    ("day", r"((start|begin|first|from|signed) ?)?day|sday", (NUMBERS, KEYS)),
    ("entered_into_force", r".*(in(to)? force|eif|entry|effective).*", (DATES, NUMBERS)),
    ("terminated", r".*(terminat|expir).*", (DATES, NUMBERS)),
    (uses.FIRST_DAY, r".*(start|begin|from|first|commenc).*", (DATES,)),
    (uses.LAST_DAY, r".*(end|stop|until|last|finish|to)\b.*", (DATES,)),
    (uses.WHOLE_DATE, r".*(date|day|signed|signature|when|year).*", (DATES,)),
    ("host", r".*\bhost.*", (COUNTRY, COUNTRIES)),
    (uses.PLACE_COUNTRY, r".*(location|place|where|site).*(country|state).*", (COUNTRY,)),
    (uses.PLACE, r".*(location|place|where|site|venue|city).*", _TEXT),
    ("activity", r".*(activity|type|kind|purpose|category).*", _ANY),
    ("instrument", r".*(instrument|type|kind|category).*", _ANY),
    ("level", r".*level.*", _ANY),
    ("status", r".*status.*", _ANY),
    ("area", r".*(area|region|sea|theat(er|re)).*", _TEXT),
    ("vessels", r".*(vessel|ship).*", _TEXT),
    (uses.TITLE, r".*(title|name|exercise|treaty|agreement).*", _TEXT),
)
_MOST_FORMS = 23
_OF_A_SHAPE = 60


def propose(mapping: Mapping, found: Profile, headers: list[str]) -> None:
    """Write into a mapping what a profile suggests, in the order of the headers."""
    known, taken, chosen = uses.known_uses(mapping.kind), set[str](), dict[str, str]()
    for column in found.columns:
        use = _use(mapping.kind, column, known - (taken - uses.SHARED))
        if use:
            taken.add(use)
        chosen |= dict.fromkeys(column.headers, use)
    _one_kind_of_date(chosen)
    _one_identifier(chosen)
    mapping.columns = {name: chosen[name] for name in headers if chosen.get(name)}
    mapping.missing, mapping.unknown = list(found.missing), list(found.unknown)
    mapping.separators = list(found.separators)
    mapping.constants.setdefault("status", "held" if mapping.kind != "agreement" else "signed")


def forms_of(cells: Iterable[str], unknown: list[str]) -> list[str]:
    """Return forms that together read cells: ever the one that reads the most of what is left.

    Where two read the same ones, both are given, so that the user sees that they have to say.
    """
    left, chosen = _sample(cells), list[str]()
    while left and len(chosen) < _MOST_FORMS:
        reads = {form: [cell for cell in left if _reads(form, cell, unknown)] for form in FORMS}
        best = max(len(read) for read in reads.values())
        if not best:
            break
        equal = [form for form in FORMS if len(reads[form]) == best and form != "edtf"] or ["edtf"]
        same = [form for form in equal if reads[form] == reads[equal[0]]]
        chosen += [
            form for form in same if form == same[0] or _differs(form, same[0], reads, unknown)
        ]
        read = set(reads[equal[0]])
        left = [cell for cell in left if cell not in read]
    return chosen


def _sample(cells: Iterable[str]) -> list[str]:
    """Return cells of each shape, as many as tell days from months."""
    shapes: dict[str, list[str]] = {}
    for cell in dict.fromkeys(cells):
        shapes.setdefault(re.sub("[0-9]", "9", cell), []).append(cell)
    return [
        cell
        for alike in shapes.values()
        for cell in alike[:: max(1, len(alike) // _OF_A_SHAPE)][: 2 * _OF_A_SHAPE]
    ]


def _use(kind: str, column: Column, free: set[str]) -> str:
    words = re.sub(r"[\W_]+", " ", re.sub(r"([a-z])([A-Z])", r"\1 \2", column.name)).lower().strip()
    if column.looks == EMPTY:
        return uses.LEFT_OUT
    for use, pattern, looks in _BY_NAME:
        if use in free and column.looks in looks and re.fullmatch(pattern, words):
            return use
    if column.looks in (COUNTRY, COUNTRIES) or (
        len(column.headers) > 1
        and re.match("(party|partner|state|country|ccode|participant)", words)
    ):
        return "party"
    if (
        re.match("(cc|ccode|country|state|party|partner|stateabb|side)", words)
        and column.distinct > 1
    ):
        return "party"
    return uses.LEFT_OUT


def _one_kind_of_date(chosen: dict[str, str]) -> None:
    """Leave a file one way of telling its dates: from and to, else the date, else its parts."""
    held = set(chosen.values())
    ways = (
        (uses.FIRST_DAY, uses.LAST_DAY),
        (uses.WHOLE_DATE,),
        (*uses.FIRST_PARTS, *uses.LAST_PARTS),
    )
    best = next((way for way in ways if way[0] in held), ())
    others = {use for way in ways if way != best for use in way}
    for header, use in chosen.items():
        if use in others:
            chosen[header] = uses.LEFT_OUT


def _one_identifier(chosen: dict[str, str]) -> None:
    """Leave a file its first identifier: several together are for a person to choose."""
    for header in [name for name, use in chosen.items() if use == uses.IDENTIFIER][1:]:
        chosen[header] = uses.LEFT_OUT


def _reads(form: str, cell: str, unknown: list[str]) -> bool:
    try:
        read_date(cell, [form], unknown)
    except ForeignDateError:
        return False
    return True


def _differs(form: str, other: str, reads: dict[str, list[str]], unknown: list[str]) -> bool:
    return any(
        read_date(cell, [form], unknown) != read_date(cell, [other], unknown)
        for cell in reads[form]
    )
