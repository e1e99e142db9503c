"""Who acts with whom: forces, and countries where no force is known, tied by what they did."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from django.db.models import Aggregate, Count, OuterRef, Subquery, TextField

from agreements.pictures.selection import Selection
from agreements.pictures.sides import COUNTRY, Side, country_side, forces, sides_of

MOST_NODES = 24
# More lines than these hide each other.
MOST_TIES = 60
_BETWEEN = " "


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


@dataclass(frozen=True)
class Company:
    """Who is named together: countries by code, forces by slug; in `number` records of a kind."""

    kind: str
    countries: frozenset[str]
    forces: frozenset[str]
    number: int

    def sides(self, known: dict[str, Side]) -> list[Side]:
        """Return the forces, and each country that is named without one of its forces."""
        bodies = {known[slug] for slug in self.forces if slug in known}
        homes = {side.country for side in bodies}
        return sorted(bodies | {country_side(code) for code in self.countries - homes})

    def names(self, side: Side) -> bool:
        return side.key in (self.countries if side.is_country else self.forces)


def network(selection: Selection, most: int = MOST_NODES) -> Network:
    """Read the network of what is selected. Two queries, however many records."""
    known = forces(selection.standing())
    companies = list(_companies(selection))
    ties: dict[tuple[Side, Side], Tie] = {}
    weights: Counter[Side] = Counter()
    records = one_sided = 0
    for company in companies:
        records += company.number
        sides = company.sides(known)
        pairs = [pair for pair in combinations(sides, 2) if pair[0].country != pair[1].country]
        one_sided += 0 if pairs else company.number
        for side in {side for pair in pairs for side in pair}:
            weights[side] += company.number
        for pair in pairs:
            ties.setdefault(pair, Tie(*pair)).kinds[company.kind] += company.number
    ranked = sorted(weights, key=lambda side: (-weights[side], side))
    shown = set(ranked[:most])
    ordered = sorted(ties.values(), key=lambda tie: (-tie.weight, tie.one, tie.other))
    kept = [tie for tie in ordered if {tie.one, tie.other} <= shown][:MOST_TIES]
    for tie in kept:
        tie.naming_both = _naming_both(tie, companies)
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


def _naming_both(tie: Tie, companies: Iterable[Company]) -> int:
    if COUNTRY not in (tie.one.kind, tie.other.kind):
        return tie.weight
    both = (each for each in companies if each.names(tie.one) and each.names(tie.other))
    return sum(each.number for each in both)


class _Joined(Aggregate):
    """The texts of a group as one, in any order."""

    function = "STRING_AGG"
    template = f"%(function)s(%(expressions)s, '{_BETWEEN}')"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def _companies(selection: Selection) -> Iterator[Company]:
    """Yield each company that records name. They are grouped by it in SQL."""
    records = selection.records().order_by()
    rows = records.annotate(
        countries=_named(selection, "country"), forces=_named(selection, "force")
    )
    grouped = rows.values("kind", "countries", "forces").annotate(number=Count("pk"))
    found: Counter[tuple[str, frozenset[str], frozenset[str]]] = Counter()
    for kind, codes, slugs, number in grouped.values_list("kind", "countries", "forces", "number"):
        # Joined in any order, so that one company may come several times.
        found[kind, _split(codes), _split(slugs)] += number
    for (kind, codes, slugs), number in found.items():
        yield Company(kind, codes, slugs, number)


def _named(selection: Selection, facet: str) -> Subquery:
    """Who a record names, joined; nothing where it names nobody."""
    rows = sides_of(selection, facet).filter(publication=OuterRef("pk")).order_by()
    return Subquery(rows.values("publication").annotate(named=_Joined("side")).values("named"))


def _split(text: str | None) -> frozenset[str]:
    return frozenset(text.split(_BETWEEN) if text else ())
