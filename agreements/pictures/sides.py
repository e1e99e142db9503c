"""The countries and forces that pictures name, as the ledger has them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left, Length
from django.utils.translation import get_language

from agreements.catalogue.names import name_of
from agreements.countries import country_name, country_table
from agreements.joined import Joined
from agreements.models import PublicationFacet
from agreements.models.publications import PublicationQuerySet
from agreements.pictures.selection import Selection

COUNTRY = "country"


@dataclass(frozen=True, order=True)
class Side:
    """A country, or a force of one: `kind` is "country" or the kind of force, `key` its key."""

    country: str
    kind: str
    name: str
    key: str

    @property
    def is_country(self) -> bool:
        return self.kind == COUNTRY

    @property
    def country_name(self) -> str:
        return named(self.country)


def named(code: str) -> str:
    """Return a country's name in the language now active; its code where the table lacks it."""
    if code not in country_table():
        return code
    return country_name(code, get_language() or "en")


def country_side(code: str) -> Side:
    return Side(code, COUNTRY, named(code), code)


def forces(standing: PublicationQuerySet, slugs: Iterable[str] | None = None) -> dict[str, Side]:
    """Return {slug: force} of the published forces, or of those named. One query."""
    rows = standing.filter(kind="force")
    if slugs is not None:
        rows = rows.filter(slug__in=set(slugs))
    language = get_language() or "en"
    found = {}
    for slug, body in rows.values_list("slug", "body"):
        record = orjson.loads(body)
        name = name_of(record, language).text
        found[slug] = Side(record["country"]["code"], record["kind"], name, slug)
    return found


def sides_of(selection: Selection, facet: str) -> QuerySet:
    """Return who takes part in any record, by "country" or "force": `side` is a code or a slug.

    Where the selection asks for a role, only those that have it: so the catalogue reads a role
    together with a country or a force.
    """
    condition, side = _sides(selection, facet)
    return PublicationFacet.objects.filter(condition).annotate(side=side)


def _sides(selection: Selection, facet: str) -> tuple[Q, Any]:
    """Return which facets say who takes part, and what of them is the code or the slug."""
    if not selection.role:
        return Q(facet=facet), F("value")
    ending = f":{selection.role}"
    side = Left("value", Length("value") - len(ending))
    return Q(facet=f"{facet}-role", value__endswith=ending), side


def named_together(selection: Selection, facet: str) -> Subquery:
    """Return, for the rows of a query of publications, whom each names, joined; null for nobody."""
    condition, side = _sides(selection, facet)
    # Of the few facets of a record: SQLite would look for one among all of a sort.
    facets = PublicationFacet.objects.filter(publication=OuterRef("pk")).order_by()
    joined = facets.values("publication").annotate(named=Joined(side, filter=condition))
    return Subquery(joined.values("named"))


def taking_part(selection: Selection, facet: str, records: QuerySet | None = None) -> QuerySet:
    """Return who takes part in the records selected, or in some of them; see `sides_of`."""
    within = selection.records() if records is None else records
    return sides_of(selection, facet).filter(publication__in=within.order_by().values("pk"))
