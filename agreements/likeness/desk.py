"""Records of the desk as they are compared, read with a number of queries that never grows."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from agreements.dates import PartialDate
from agreements.likeness.candidate import Candidate
from agreements.likeness.comparing import Comparable
from agreements.likeness.days import bounds
from agreements.models import (
    Citation,
    Engagement,
    EngagementLink,
    Force,
    ForceName,
    Participant,
)
from agreements.text import fold

# So many rows are looked at for one record: those without days first, then the latest.
_MOST = 300
_COLUMNS = {
    "pk": "pk",
    "kind": "kind",
    "slug": "slug",
    "title": "title",
    "date": "date",
    "location_name": "location_name",
    "location_country": "location_country__code",
    "series": "series__slug",
    "ordinal": "ordinal",
    "title_as_given": "agreement__title_as_given",
    "instrument": "agreement__instrument",
    "level": "meeting__level",
    "activity": "exercise__activity",
}
_MAY_BE_NULL = ("location_country", "series", "title_as_given", "instrument", "level", "activity")
# The days by which a qualified date may reach beyond its bounds, at most.
_REACH = datetime.timedelta(days=366)
_COPY = re.compile(r"(.+?)-[0-9]{1,2}")
_COPIES = 5


def standing() -> QuerySet[Engagement]:
    """Return the records that can be merged with others: all but the withdrawn ones."""
    return Engagement.objects.exclude(review_state=Engagement.ReviewState.WITHDRAWN).order_by()


def worth_comparing(one: Comparable) -> list[int]:
    """Return the numbers of records worth comparing with one: by kind, sides and days, or number.

    Of several hundred, those without days and the latest.
    """
    mine = one.candidate
    wanted = Q(pk__in=())
    if one.countries:
        sides = Participant.objects.filter(country__code__in=one.countries).order_by()
        counted = sides.values("engagement").annotate(shared=Count("country", distinct=True))
        among = counted.filter(shared__gte=min(2, len(one.countries))).values("engagement")
        wanted |= Q(pk__in=among) & _on_days_of(mine.date)
    if mine.series and mine.ordinal:
        wanted |= Q(series__slug=mine.series, ordinal=mine.ordinal)
    if mine.slug:
        wanted |= Q(slug__in=_copies(mine.slug))
    rows = standing().filter(wanted, kind=mine.kind).exclude(pk=mine.pk or 0)
    rows = rows.order_by(F("date_earliest").desc(nulls_first=True), "-pk")
    return list(rows.values_list("pk", flat=True)[:_MOST])


def _on_days_of(date: PartialDate | None) -> Q:
    """Rows that may be of the days of a date; a date that is qualified reaches further."""
    first, last = bounds(date)
    wanted = Q()
    reaching = Q(date__contains="?") | Q(date__contains="~") | Q(date__contains="%")
    if last is not None:
        near = Q(date_earliest__lte=_moved(last, _REACH)) & reaching
        wanted &= Q(date_earliest__isnull=True) | Q(date_earliest__lte=last) | near
    if first is not None:
        near = Q(date_latest__gte=_moved(first, -_REACH)) & reaching
        wanted &= Q(date_latest__isnull=True) | Q(date_latest__gte=first) | near
    return wanted


def _moved(day: datetime.date, by: datetime.timedelta) -> datetime.date:
    try:
        return day + by
    except OverflowError:
        return day


def _copies(slug: str) -> list[str]:
    """Return a slug and those that its copies would have: "talks-2" is one of "talks"."""
    match = _COPY.fullmatch(slug)
    bases = {slug, match[1]} if match else {slug}
    return sorted({*bases, *(f"{base}-{n}" for base in bases for n in range(2, _COPIES))})


class Forces:
    """Forces by their slugs: of which country each is, a part of which, and the words of its names.

    Two queries, however many there are.
    """

    def __init__(self) -> None:
        rows = Force.objects.order_by().values_list("slug", "country__code", "parent__slug", "name")
        self._countries: dict[str, str] = {}
        self._superiors: dict[str, str] = {}
        self._words: dict[str, set[str]] = defaultdict(set)
        for slug, code, parent, name in rows:
            self._countries[slug] = code
            self._words[slug].update(fold(name).split())
            if parent:
                self._superiors[slug] = parent

    @cached_property
    def _named(self) -> dict[str, set[str]]:
        for slug, text in ForceName.objects.order_by().values_list("force__slug", "text"):
            self._words[slug].update(fold(text).split())
        return self._words

    def comparable(self, candidate: Candidate, **more: Any) -> Comparable:
        """Return a candidate with the forces that acted for each of its countries."""
        sides: dict[str, set[str]] = {code: set() for code in candidate.countries}
        words = set(fold(candidate.location_name).split())
        for slug in candidate.forces:
            if slug in self._countries:
                sides.setdefault(self._countries[slug], set()).add(slug)
                words |= self._named[slug]
        superiors = {(slug, self._superiors.get(slug, "")) for slug in candidate.forces}
        return Comparable(
            candidate,
            {code: frozenset(forces) for code, forces in sides.items()},
            frozenset(words),
            frozenset(pair for pair in superiors if pair[1]),
            **more,
        )


def comparables(rows: QuerySet[Engagement], forces: Forces) -> list[Comparable]:
    """Return records of the desk as they are compared; four queries, however many there are."""
    keys = rows.order_by().values("pk")
    sides = Participant.objects.filter(engagement__in=keys).order_by()
    countries: dict[int, set[str]] = defaultdict(set)
    bodies: dict[int, set[str]] = defaultdict(set)
    for number, code, slug in sides.values_list("engagement", "country__code", "force__slug"):
        countries[number].add(code)
        if slug:
            bodies[number].add(slug)
    linked, wholes = _links(keys)
    documents = _documents(keys)
    found = []
    for values in rows.order_by().values_list(*_COLUMNS.values()):
        named = dict(zip(_COLUMNS, values, strict=True))
        named |= {name: named[name] or "" for name in _MAY_BE_NULL}
        number = named["pk"]
        candidate = Candidate(**named, countries=countries[number], forces=bodies[number])
        found.append(
            forces.comparable(
                candidate,
                linked=frozenset(linked[number]),
                wholes=frozenset(wholes[number]),
                documents=frozenset(documents[number]),
            )
        )
    return found


def _links(keys: Any) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    linked: dict[int, set[int]] = defaultdict(set)
    wholes: dict[int, set[int]] = defaultdict(set)
    rows = EngagementLink.objects.filter(Q(source__in=keys) | Q(target__in=keys)).order_by()
    for source, relation, target in rows.values_list("source", "relation", "target"):
        linked[source].add(target)
        linked[target].add(source)
        if relation == EngagementLink.Relation.PART_OF:
            wholes[source].add(target)
    return linked, wholes


def _documents(keys: Any) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = Citation.objects.filter(engagement__in=keys).order_by()
    for number, document in rows.values_list("engagement", "document").distinct():
        found[number].add(document)
    return found


def numbered(numbers: Collection[int]) -> QuerySet[Engagement]:
    """Return the records of some numbers that can be merged with others."""
    return standing().filter(pk__in=numbers)
