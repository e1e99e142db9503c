"""Where places lie, by their names: from GeoNames (see tools/gazetteer_table.py).

Only towns of 50,000 people or more are known. A name that may mean several of a country places
nothing, unless they lie beside each other or one is far larger than all others.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from math import cos, hypot, radians
from pathlib import Path

from agreements.text import fold

_TABLE = Path(__file__).with_name("gazetteer.tsv")
# So many times as large as the next, a town is the one that is meant.
_FAR_LARGER = 10
# Kilometres within which two entries are one place: a town and its district.
_BESIDE = 40
_DEGREE = 111.2


@dataclass(frozen=True)
class Town:
    """A place of the gazetteer; degrees north and east to two decimals, about a kilometre."""

    name: str
    latitude: float
    longitude: float
    inhabitants: int
    names: frozenset[str]

    def beside(self, other: "Town") -> bool:
        north = (self.latitude - other.latitude) * _DEGREE
        east = (self.longitude - other.longitude) * _DEGREE * cos(radians(self.latitude))
        return hypot(north, east) <= _BESIDE


def pressed(name: str) -> str:
    """Return a name as names are compared: folded, and without what is between its words."""
    return fold(name).replace(" ", "")


def town_of(country: str, name: str) -> Town | None:
    """Return the town in a country (alpha-2) that a name means; None where that is not certain.

    Of "Tien Sa port, Da Nang" the gazetteer may know the last part alone: that is where it lies.
    What stands between commas goes from the smaller to the larger.
    """
    for part in (name, *name.split(",")):
        found = _named(country, pressed(part))
        if found is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def _named(country: str, key: str) -> Town | None:
    towns = _towns(country)
    # What is called so itself, before what is also called so.
    found = [town for town in towns if pressed(town.name) == key]
    found += [town for town in towns if key in town.names]
    if not found:
        return None
    first, *rest = found
    apart = [town for town in rest if not first.beside(town)]
    if all(first.inhabitants >= _FAR_LARGER * town.inhabitants for town in apart):
        return first
    return None


@cache
def _towns(country: str) -> tuple[Town, ...]:
    """Return the towns of a country, the largest first."""
    found = []
    with _TABLE.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(f"{country}\t"):
                _code, name, north, east, people, names = line.rstrip("\n").split("\t")
                others = frozenset(names.split())
                found.append(Town(name, float(north), float(east), int(people), others))
    return tuple(sorted(found, key=lambda town: -town.inhabitants))
