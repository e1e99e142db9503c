"""Who acts with whom: forces, and countries where no force is known, tied by what they did."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from agreements.models import PublicationFacet
from agreements.models.publications import PublicationQuerySet
from agreements.pictures.selection import Selection
from agreements.pictures.sides import Side, country_side, forces

MOST_NODES = 24
# More lines than these hide each other.
MOST_TIES = 60


@dataclass
class Tie:
    """Two sides of different countries, and how many records name both, by kind."""

    one: Side
    other: Side
    kinds: Counter[str] = field(default_factory=Counter)

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


def network(selection: Selection, most: int = MOST_NODES) -> Network:
    """Read the network of what is selected. Three queries, however many records."""
    known = forces(selection.standing())
    ties: dict[tuple[Side, Side], Tie] = {}
    weights: Counter[Side] = Counter()
    records = one_sided = 0
    for kind, sides, number in _meetings_of_sides(selection.records(), known):
        records += number
        pairs = [pair for pair in combinations(sides, 2) if pair[0].country != pair[1].country]
        one_sided += 0 if pairs else number
        for side in {side for pair in pairs for side in pair}:
            weights[side] += number
        for pair in pairs:
            ties.setdefault(pair, Tie(*pair)).kinds[kind] += number
    ranked = sorted(weights, key=lambda side: (-weights[side], side))
    shown = set(ranked[:most])
    ordered = sorted(ties.values(), key=lambda tie: (-tie.weight, tie.one, tie.other))
    kept = [tie for tie in ordered if {tie.one, tie.other} <= shown][:MOST_TIES]
    return Network(
        selection,
        tuple(ranked[:most]),
        {side: weights[side] for side in ranked[:most]},
        tuple(kept),
        records,
        one_sided,
        others=len(ranked) - len(shown),
        other_ties=len(ordered) - len(kept),
    )


def _meetings_of_sides(
    records: PublicationQuerySet, known: dict[str, Side]
) -> Iterator[tuple[str, list[Side], int]]:
    """Yield (kind, sides, number of records) for each company that records name."""
    # Apart from the sides, since a join would read each record as often as it has sides.
    kinds: dict[int, str] = dict(records.order_by().values_list("pk", "kind"))
    taking_part: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = PublicationFacet.objects.filter(
        facet__in=("country", "force"), publication__in=records.order_by().values("pk")
    ).order_by()
    found = rows.values_list("publication_id", "facet", "value")
    for number, facet, value in found.iterator(chunk_size=5000):
        taking_part[number].append((facet, value))
    companies = Counter(
        (kinds[number], tuple(sorted(each))) for number, each in taking_part.items()
    )
    for (kind, values), count in sorted(companies.items()):
        yield kind, sorted(_sides(values, known)), count


def _sides(values: Iterable[tuple[str, str]], known: dict[str, Side]) -> set[Side]:
    """The forces, and each country that is named without one of its forces."""
    bodies = {known[value] for facet, value in values if facet == "force" and value in known}
    homes = {side.country for side in bodies}
    codes = {value for facet, value in values if facet == "country"} - homes
    return bodies | {country_side(code) for code in codes}
