"""The keys of a record that are found when it is read, since they depend on other records.

They are not part of the stored body: a document's `records`, a total's `recorded` and `gap`.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from agreements import totals
from agreements.models import Publication, PublicationFacet
from agreements.models.publications import PublicationQuerySet

# By slug, the keys of a record that are found when it is read.
Found = dict[str, dict[str, Any]]


def nothing(rows: Sequence[Publication], standing: PublicationQuerySet) -> Found:
    return {}


def citing_records(rows: Sequence[Publication], standing: PublicationQuerySet) -> Found:
    """Return which of the standing records cite each document."""
    slugs = [row.slug for row in rows]
    citing = (
        PublicationFacet.objects.filter(
            facet="document", value__in=slugs, publication__in=standing.published()
        )
        .order_by("publication__sequence")
        .values_list("value", "publication__kind", "publication__slug", "publication__title")
    )
    found: Found = {slug: {"records": []} for slug in slugs}
    for value, kind, slug, title in citing:
        found[value]["records"].append({"kind": kind, "slug": slug, "title": title})
    return found


def claimed_against_recorded(rows: Sequence[Publication], standing: PublicationQuerySet) -> Found:
    """Return how many of the standing records match each total."""
    bodies = [orjson.loads(row.body) for row in rows]
    matching = totals.recorded(bodies, standing)
    return {
        body["slug"]: {
            "recorded": matching.get(body["slug"], 0),
            "gap": body["count"] - matching.get(body["slug"], 0),
        }
        for body in bodies
    }
