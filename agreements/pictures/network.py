"""Who acts with whom: forces, and countries where no force is known, tied by what they did."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from django.db.models import Count

from agreements.joined import parted
from agreements.pictures.selection import Selection
from agreements.pictures.sides import Side, country_side, forces, named_together

MOST_NODES = 24
# More lines than these hide each other.
MOST_TIES = 60


@dataclass
class Tie:
    """Two sides of different countries, and how many records name both, by kind.

    `naming_both` counts the records that name both in any way: a country also where a force of
    its own is named. So many a list finds that asks for the two.
    """

    one: Side
    other: Side
    kinds: Counter[str] = field(default_factory=Counter)
    naming_both: int = 0

    @property
    def weight(self) -> int:
        return self.kinds.total()


@dataclass(frozen=True)
class Network:
    """What the picture and its table show.

    `weights`: of each side, how many records tie it to one abroad. `ties` are those between the
    `sides`, most records first, and no more than a reader can tell apart. `records` counts the
    selected records, and `one_sided` those of them that name sides of one country alone.
    `others` and `other_ties` are left out, having fewest records.
    """

    selection: Selection
    sides: tuple[Side, ...]
    weights: dict[Side, int]
    ties: tuple[Tie, ...]
    records: int
    one_sided: int
    others: int = 0
    other_ties: int = 0


class Company(NamedTuple):
    """Who is named together: countries by code, forces by slug; in `number` records of a kind."""

    kind: str
    countries: frozenset[str]
    forces: frozenset[str]
    number: int


class _Cast:
    """Every side that takes part, by number: there may be very many companies."""

    def __init__(self, known: dict[str, Side]):
        self.bodies = {slug: number for number, slug in enumerate(known)}
        self.all = list(known.values())
        self.states: dict[str, int] = {}

    def state(self, code: str) -> int:
        if code not in self.states:
            self.states[code] = len(self.all)
            self.all.append(country_side(code))
        return self.states[code]

    def of(self, company: Company) -> list[int]:
        """Return the forces, and each country that is named without one of its forces."""
        bodies = [self.bodies[slug] for slug in company.forces if slug in self.bodies]
        homes = {self.all[number].country for number in bodies}
        return bodies + [self.state(code) for code in company.countries - homes]

    def pairs(self, numbers: list[int]) -> list[tuple[int, int]]:
        """Return each two of different countries."""
        return [
            pair if pair[0] < pair[1] else pair[::-1]
            for pair in combinations(numbers, 2)
            if self.all[pair[0]].country != self.all[pair[1]].country
        ]


def network(selection: Selection, most: int = MOST_NODES) -> Network:
    """Read the network of what is selected. Two queries, however many records."""
    cast = _Cast(forces(selection.standing()))
    companies = list(_companies(selection))
    kinds: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    numbers: Counter[int] = Counter()
    records = one_sided = 0
    for company in companies:
        records += company.number
        pairs = cast.pairs(cast.of(company))
        one_sided += 0 if pairs else company.number
        for number in {number for pair in pairs for number in pair}:
            numbers[number] += company.number
        for pair in pairs:
            kinds[pair][company.kind] += company.number
    weights = {cast.all[number]: weight for number, weight in numbers.items()}
    ranked = sorted(weights, key=lambda side: (-weights[side], side))
    shown = set(ranked[:most])
    ties = []
    for pair, each in kinds.items():
        one, other = sorted(cast.all[number] for number in pair)
        if one in shown and other in shown:
            ties.append(Tie(one, other, each))
    ties.sort(key=lambda tie: (-tie.weight, tie.one, tie.other))
    kept = ties[:MOST_TIES]
    _count_all_naming(kept, companies)
    return Network(
        selection,
        tuple(ranked[:most]),
        {side: weights[side] for side in ranked[:most]},
        tuple(kept),
        records,
        one_sided,
        others=len(ranked) - len(shown),
        other_ties=len(kinds) - len(kept),
    )


def _count_all_naming(ties: Iterable[Tie], companies: Iterable[Company]) -> None:
    """Count, for each tie, the records that name both in any way."""
    of_state: dict[str, list[tuple[Tie, Side]]] = defaultdict(list)
    for tie in ties:
        if tie.one.is_country:
            of_state[tie.one.key].append((tie, tie.other))
        elif tie.other.is_country:
            of_state[tie.other.key].append((tie, tie.one))
        else:
            tie.naming_both = tie.weight
    for company in companies:
        for code in of_state.keys() & company.countries:
            for tie, other in of_state[code]:
                if other.key in (company.countries if other.is_country else company.forces):
                    tie.naming_both += company.number


def _companies(selection: Selection) -> Iterator[Company]:
    """Yield each company that records name. They are grouped by it in SQL."""
    records = selection.records().order_by()
    rows = records.annotate(
        countries=named_together(selection, "country"), forces=named_together(selection, "force")
    )
    grouped = rows.values("kind", "countries", "forces").annotate(number=Count("pk"))
    found: Counter[tuple[str, frozenset[str], frozenset[str]]] = Counter()
    for kind, codes, slugs, number in grouped.values_list("kind", "countries", "forces", "number"):
        # Joined in any order, so that one company may come several times.
        found[kind, parted(codes), parted(slugs)] += number
    for (kind, codes, slugs), number in found.items():
        yield Company(kind, codes, slugs, number)
