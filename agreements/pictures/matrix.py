"""Partners by years: how often one country or force did something with each of the others."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, F
from django.db.models.functions import ExtractYear
from django.db.models.query import QuerySet

from agreements.pictures.selection import Selection
from agreements.pictures.sides import Side, country_side, forces, taking_part

# Columns beside the years: those before the first shown, dates that are certain and cross a new
# year, and all dates that are not certain.
EARLIER, ACROSS, UNCERTAIN = "earlier", "across", "uncertain"
MOST_ROWS = 60
MOST_YEARS = 24
# So many years are shown one after the other; of more, only those that have a record.
WHOLE_YEARS = 14
Column = int | str


@dataclass
class Row:
    """A partner with its counts: {column: {kind: number of records}}. No side: nobody is named."""

    side: Side | None
    cells: dict[Column, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def number(self, column: Column) -> int:
        return self.cells[column].total() if column in self.cells else 0

    @property
    def total(self) -> Counter[str]:
        return sum(self.cells.values(), Counter())


@dataclass(frozen=True)
class Matrix:
    """What the picture and its table show: the partners of `centre`, each in its row.

    A country's row counts all records that it takes part in; the rows of its forces follow it.
    `years` are columns, with the others among `columns`. `sums` counts each record once, also
    where it has several partners. `others`: rows that are left out, having fewest.
    `selection` is what was asked for, narrowed to the centre.
    """

    selection: Selection
    centre: Side | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sums: Row
    others: int = 0

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(column for column in self.columns if isinstance(column, int))


def centre_of(selection: Selection) -> Side | None:
    """Return the country or force that the matrix is of: the one asked for, else the busiest."""
    standing = selection.standing()
    if selection.forces:
        return forces(standing, selection.forces[:1]).get(selection.forces[0])
    if selection.countries:
        return country_side(selection.countries[0])
    for facet in ("force", "country"):
        sides = taking_part(selection, facet).order_by().values("side").annotate(number=Count("pk"))
        first = sides.order_by("-number", "side").values_list("side", flat=True).first()
        if first is not None:
            return forces(standing, [first]).get(first) if facet == "force" else country_side(first)
    return None


def matrix(selection: Selection) -> Matrix:
    """Read the matrix of what is selected. At most nine queries, however many records."""
    centre = centre_of(selection)
    within = selection.narrowed(**{_parameter(centre): [centre.key]}) if centre else None
    if centre is None or within is None:
        return Matrix(selection, None, (), (), Row(None))
    records = within.records()
    partners = taking_part(within, "country").exclude(side=centre.country)
    abroad = _rows(_grouped(partners, "side", "publication__"))
    bodies = _rows(_grouped(taking_part(within, "force"), "side", "publication__"))
    alone = records.exclude(pk__in=partners.values("publication"))
    unpartnered = _rows(_grouped(alone, "state"))
    sums = next(iter(_rows(_grouped(records, "state")).values()), Row(None))
    known = forces(within.standing(), bodies) if bodies else {}
    rows = list(_ordered(abroad, bodies, known))
    if unpartnered:
        rows += unpartnered.values()
    shown = rows[:MOST_ROWS]
    columns = _columns(sums)
    for row in (*shown, sums):
        _fold_earlier(row, columns)
    return Matrix(within, centre, columns, tuple(shown), sums, len(rows) - len(shown))


def _parameter(side: Side) -> str:
    return "country" if side.is_country else "force"


_Group = tuple[str, Column, str, int]


def _grouped(rows: QuerySet, by: str, above: str = "") -> Iterator[_Group]:
    """Count in SQL; yield (value of `by`, column, kind, number)."""
    found = (
        rows.order_by()
        .annotate(
            group=F(by),
            sort=F(f"{above}kind"),
            certain=F(f"{above}date_certain"),
            first=ExtractYear(f"{above}earliest"),
            last=ExtractYear(f"{above}latest"),
        )
        .values("group", "sort", "certain", "first", "last")
        .annotate(number=Count("pk"))
        .values_list("group", "sort", "certain", "first", "last", "number")
    )
    for value, kind, certain, first, last, number in found:
        yield value, (first if first == last else ACROSS) if certain else UNCERTAIN, kind, number


def _rows(groups: Iterable[_Group]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for value, column, kind, number in groups:
        rows.setdefault(value, Row(None)).cells[column][kind] += number
    return rows


def _ordered(
    abroad: dict[str, Row], bodies: dict[str, Row], known: dict[str, Side]
) -> Iterator[Row]:
    """Yield each country's row, most records first, followed by the rows of its forces."""
    below: dict[str, list[Row]] = defaultdict(list)
    for slug, row in bodies.items():
        if slug in known:
            row.side = known[slug]
            below[row.side.country].append(row)
    for code, row in abroad.items():
        row.side = country_side(code)
    for row in sorted(abroad.values(), key=_by_size):
        yield row
        yield from sorted(below[row.side.key] if row.side else (), key=_by_size)


def _by_size(row: Row) -> tuple[int, str, str]:
    assert row.side is not None
    return -row.total.total(), row.side.name, row.side.key


def _columns(sums: Row) -> tuple[Column, ...]:
    years = sorted(column for column in sums.cells if isinstance(column, int))
    if years and years[-1] - years[0] < WHOLE_YEARS:
        years = list(range(years[0], years[-1] + 1))
    earlier = [EARLIER] if len(years) > MOST_YEARS else []
    others = [column for column in (ACROSS, UNCERTAIN) if column in sums.cells]
    return (*earlier, *years[-MOST_YEARS:], *others)


def _fold_earlier(row: Row, columns: tuple[Column, ...]) -> None:
    """Gather the years that have no column of their own."""
    for column in [each for each in row.cells if each not in columns]:
        row.cells[EARLIER] += row.cells.pop(column)
