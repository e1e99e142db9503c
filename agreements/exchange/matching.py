"""Rows that a cell gives, matched with those that a record has, so that what is alike stays."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from agreements.snapshots import Snapshot

# What rows of a relation are known by, the surest first: all that a cell gives, then ever less.
ALIKE: dict[str, tuple[tuple[str, ...], ...]] = {
    "participants": (("country", "force", "role"), ("country", "force"), ("country",)),
    "delegates": (("person", "role", "rank", "position"), ("person", "position"), ("person",)),
    "citations": (
        (
            "document",
            "field",
            "locator",
            "quote",
            "stance",
            "stated_value",
            "inferred",
            "confidence",
            "note",
        ),
        ("document", "field", "locator"),
        ("document", "field"),
    ),
    "topics": (("topic",),),
    "links": (("relation", "target"),),
    "names": (("text", "language"),),
    "labels": (("language",),),
}
# What a new row has before other cells say more.
_BELOW: dict[str, Snapshot] = {"participants": {"delegates": []}}


def matched(name: str, held: Sequence[Snapshot], given: Sequence[Snapshot]) -> list[Snapshot]:
    """Return the rows of a relation as they become: those that stay in their order, then new ones.

    What a row has and no cell gives (its identifier, its delegates) it keeps.
    """
    mates = _mates(name, held, given)
    staying = {held_at: {**held[held_at], **given[given_at]} for given_at, held_at in mates.items()}
    new = [{**_BELOW.get(name, {}), **row} for at, row in enumerate(given) if at not in mates]
    return [staying[held_at] for held_at in sorted(staying)] + new


def _mates(name: str, held: Sequence[Snapshot], given: Sequence[Snapshot]) -> dict[int, int]:
    mates: dict[int, int] = {}
    for names in ALIKE[name]:
        for given_at, held_at in _pairs(_key(names), held, given, mates):
            mates[given_at] = held_at
    return mates


def _pairs(
    key: Callable[[Snapshot], tuple[Any, ...]],
    held: Sequence[Snapshot],
    given: Sequence[Snapshot],
    mates: dict[int, int],
) -> Iterator[tuple[int, int]]:
    taken, free = set(mates.values()), dict[tuple[Any, ...], list[int]]()
    for held_at, row in enumerate(held):
        if held_at not in taken:
            free.setdefault(key(row), []).append(held_at)
    for given_at, row in enumerate(given):
        waiting = free.get(key(row)) if given_at not in mates else None
        if waiting:
            yield given_at, waiting.pop(0)


def _key(names: tuple[str, ...]) -> Callable[[Snapshot], tuple[Any, ...]]:
    return lambda row: tuple(row.get(name) for name in names)
