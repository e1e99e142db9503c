"""Sorts of forces: finer than the kinds of the database, since "other" holds many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agreements.text import fold


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of force: its kind, how one of a country is called, and words of such names.

    Without ``words`` every force of the kind is of the sort.
    """

    kind: str
    label: str
    words: tuple[str, ...] = ()


SORTS = {
    "coast-guard": Sort("coast-guard", "{country} Coast Guard"),
    "navy": Sort("navy", "{country} Navy"),
    "ministry": Sort(
        "ministry", "Ministry of Defence of {country}", ("defence", "defense", "quoc phong")
    ),
    "fisheries-enforcement": Sort("fisheries-enforcement", "{country} Fisheries Surveillance"),
    "border-guard": Sort(
        "other", "{country} Border Guard", ("border guard", "border police", "bien phong")
    ),
    "armed-forces": Sort(
        "other",
        "Armed Forces of {country}",
        ("armed forces", "defence force", "defense force", "vu trang"),
    ),
    "air-force": Sort("other", "{country} Air Force", ("air force", "khong quan")),
    "army": Sort("other", "{country} Army", (" army",)),
    "marines": Sort("other", "{country} Marine Corps", ("marine corps",)),
    "maritime-safety": Sort(
        "agency",
        "Maritime Administration of {country}",
        ("maritime safety", "maritime administration", "maritime authority", "hang hai"),
    ),
}


def is_of_sort(sort: str, kind: str, names: Iterable[str]) -> bool:
    """Return whether a force of a kind, with its names, is of a sort."""
    wanted = SORTS[sort]
    if kind != wanted.kind:
        return False
    folded = " ".join(map(fold, names))
    return not wanted.words or any(word in folded for word in wanted.words)
