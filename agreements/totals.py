"""Claimed against recorded: how many published records match what a document counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value

from agreements.joined import Joined, parted
from agreements.models import EngagementKind, Publication, PublicationFacet

_KINDS = {
    "agreements": [EngagementKind.AGREEMENT],
    "meetings": [EngagementKind.MEETING],
    "exercises": [EngagementKind.EXERCISE],
    "engagements": list(EngagementKind),
    "countries": list(EngagementKind),
}
# Statuses of what is not said to have come about; a claim is about what did.
NOT_HAPPENED = ("planned", "under-negotiation", "postponed", "cancelled", "unconfirmed")


def recorded(totals: Iterable[dict[str, Any]], standing: QuerySet[Publication]) -> dict[str, int]:
    """Return, for the public bodies of totals, how many of the standing records match each.

    Not counted: what is only planned or under negotiation, and records that stand for many
    themselves (`count_stated`). With a force, its partners are any of the countries named;
    without one, all of them took part. At most four queries, whatever the number of totals: the
    records of each side are read once for all totals about it, and none of them is kept.
    """
    given = list(totals)
    forces = {total["force"]["slug"] for total in given if total["force"]}
    home = _homes(standing, forces) if forces else {}
    tallies = [_Tally(total, home) for total in given]
    by_side: dict[tuple[str, str], list[_Tally]] = defaultdict(list)
    for tally in tallies:
        by_side[tally.facet, tally.side].append(tally)
    for facet in ("force", "country", ""):
        sides = {side for each, side in by_side if each == facet}
        if sides:
            for side, *record in _records(standing, facet, sides):
                for tally in by_side[facet, side]:
                    tally.take(*record)
    return {tally.slug: tally.number for tally in tallies}


def matching(
    total: dict[str, Any], standing: QuerySet[Publication]
) -> tuple[QuerySet[Publication], list[str] | None]:
    """Return the standing records that match the public body of a total, in no order.

    Where it counts countries, also the codes of those that are counted.
    """
    records, partners = _matching(total, standing)
    if partners is None:
        return records, None
    codes = partners.order_by("value").values_list("value", flat=True).distinct()
    found = Publication.objects.filter(pk__in=partners.values("publication"))
    return found, list(codes) if total["criteria"]["counts"] == "countries" else None


def _matching(
    total: dict[str, Any], standing: QuerySet[Publication]
) -> tuple[QuerySet[Publication], QuerySet[PublicationFacet] | None]:
    """Return the records, and where it is partners that match, these, among those records."""
    criteria = total["criteria"]
    records = _countable(standing).filter(_bounds(total), kind__in=_KINDS[criteria["counts"]])
    for name in ("instrument", "activity"):
        if criteria[name]:
            records = records.filter(**{name: criteria[name]})
    force, codes = total["force"], total["countries"]
    countries = criteria["counts"] == "countries"
    if force:
        records = records.filter(facets__facet="force", facets__value=force["slug"])
        home = (
            standing.filter(kind="force", slug=force["slug"])
            .filter(facets__facet="country")
            .values("facets__value")
        )
        partners = PublicationFacet.objects.filter(
            facet="country", publication__in=records
        ).exclude(value__in=home)
        if codes:
            partners = partners.filter(value__in=codes)
        return records, partners if codes or countries else None
    for code in codes:
        records = records.filter(facets__facet="country", facets__value=code)
    if countries:
        return records, PublicationFacet.objects.filter(facet="country", publication__in=records)
    return records, None


def _bounds(total: dict[str, Any]) -> Q:
    """Records that can lie in the claim's period, and are not certain to come after the claim."""
    within = Q()
    as_of, period = total["as_of"], total["criteria"]["period"]
    if as_of and as_of["latest"]:
        within &= Q(earliest__isnull=True) | Q(earliest__lte=as_of["latest"])
    if period:
        within &= Q(undated=False)
        if period["earliest"]:
            within &= Q(latest__isnull=True) | Q(latest__gte=period["earliest"])
        if period["latest"]:
            within &= Q(earliest__isnull=True) | Q(earliest__lte=period["latest"])
    return within


class _Tally:
    """How many records match a total: of those of one side, or of all where it names none."""

    def __init__(self, total: dict[str, Any], home: dict[str, frozenset[str]]):
        criteria, period = total["criteria"], total["criteria"]["period"] or {}
        self.slug = total["slug"]
        self.kinds = _KINDS[criteria["counts"]]
        self.instrument, self.activity = criteria["instrument"], criteria["activity"]
        self.until = _day((total["as_of"] or {}).get("latest"))
        self.dated = bool(criteria["period"])
        self.first, self.last = _day(period.get("earliest")), _day(period.get("latest"))
        self.countries = criteria["counts"] == "countries"
        codes = frozenset(total["countries"])
        self.all_of = self.any_of = self.home = frozenset[str]()
        if total["force"]:
            self.facet, self.side = "force", total["force"]["slug"]
            self.home, self.any_of = home.get(self.side, frozenset()), codes
        else:
            self.all_of = codes
            self.facet, self.side = ("country", min(codes)) if codes else ("", "")
        self.matched = 0
        self.partners: set[str] = set()

    @property
    def number(self) -> int:
        return len(self.partners) if self.countries else self.matched

    def take(
        self,
        kind: str,
        instrument: str,
        activity: str,
        earliest: date | None,
        latest: date | None,
        undated: bool,
        named: str | None,
    ) -> None:
        """Count a record, by its columns, if it matches."""
        if (
            kind not in self.kinds
            or (self.instrument and instrument != self.instrument)
            or (self.activity and activity != self.activity)
            or (self.until and earliest and earliest > self.until)
            or (self.dated and undated)
            or (self.first and latest and latest < self.first)
            or (self.last and earliest and earliest > self.last)
        ):
            return
        partners = parted(named) - self.home
        if self.any_of:
            partners &= self.any_of
            if not partners:
                return
        if self.all_of <= partners:
            self.matched += 1
            if self.countries:
                self.partners |= partners


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _homes(standing: QuerySet[Publication], forces: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the countries of forces, which are no partners of theirs."""
    rows = standing.filter(kind="force", slug__in=forces, facets__facet="country").order_by()
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for slug, code in rows.values_list("slug", "facets__value"):
        found[slug] |= {code}
    return found


def _records(
    standing: QuerySet[Publication], facet: str, sides: Collection[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield a side and the columns of a record of it, for all records that totals can count."""
    records = _countable(standing).filter(kind__in=EngagementKind.values)
    side: Any = Value("")
    if facet:
        records = records.filter(facets__facet=facet, facets__value__in=sides)
        side = F("facets__value")
    # Of the few facets of a record: SQLite would look for one among all that are of countries.
    facets = PublicationFacet.objects.filter(publication=OuterRef("pk")).order_by()
    countries = Joined("value", filter=Q(facet="country"))
    joined = facets.values("publication").annotate(named=countries).values("named")
    rows = records.order_by().annotate(side=side, named=Subquery(joined))
    columns = ("kind", "instrument", "activity", "earliest", "latest", "undated", "named")
    return rows.values_list("side", *columns).iterator(chunk_size=2000)


def _countable(standing: QuerySet[Publication]) -> QuerySet[Publication]:
    published: QuerySet[Publication] = standing.published()  # type: ignore[attr-defined]
    return published.filter(stands_for_many=False).exclude(status__in=NOT_HAPPENED)
