"""Claimed against recorded: how many published records match what a document counts."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Value

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
    without one, all of them took part. One query, whatever the number of totals.
    """
    queries = [_query(total, standing) for total in totals]
    if not queries:
        return {}
    first, *others = queries
    rows = first.union(*others, all=True) if others else first
    return {row["slug_"]: row["matching"] for row in rows}


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


def _query(total: dict[str, Any], standing: QuerySet[Publication]) -> QuerySet:
    records, partners = _matching(total, standing)
    if partners is None:
        return _counted(records, total, "pk")
    countries = total["criteria"]["counts"] == "countries"
    return _counted(partners, total, "value" if countries else "publication")


def _matching(
    total: dict[str, Any], standing: QuerySet[Publication]
) -> tuple[QuerySet[Publication], QuerySet[PublicationFacet] | None]:
    """Return the records, and where it is partners that match, these, among those records."""
    criteria = total["criteria"]
    records = standing.published().filter(  # type: ignore[attr-defined]
        _bounds(total), kind__in=_KINDS[criteria["counts"]], stands_for_many=False
    )
    records = records.exclude(status__in=NOT_HAPPENED)
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


def _counted(rows: QuerySet, total: dict[str, Any], column: str) -> QuerySet:
    return (
        rows.order_by()
        .annotate(slug_=Value(total["slug"], output_field=CharField()))
        .values("slug_")
        .annotate(matching=Count(column, distinct=True))
    )


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
