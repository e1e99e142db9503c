"""The countries and forces that pictures name, as the ledger has them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, JSONField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import get_language

from agreements.countries import country_name, country_table
from agreements.models import PublicationFacet
from agreements.models.publications import PublicationQuerySet

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
    rows = standing.filter(kind="force", facets__facet="country")
    if slugs is not None:
        rows = rows.filter(slug__in=set(slugs))
    rows = rows.annotate(
        home=F("facets__value"),
        sort=KeyTextTransform("kind", Cast("body", JSONField())),
    )
    found = rows.order_by("title_key", "slug").values_list("slug", "title", "home", "sort")
    return {slug: Side(home, sort, title, slug) for slug, title, home, sort in found}


def countries(records: PublicationQuerySet) -> list[str]:
    """Return the codes of the countries that take part in records, in the order of their names."""
    taking_part = PublicationFacet.objects.filter(facet="country", publication__in=records)
    codes = taking_part.order_by().values_list("value", flat=True).distinct()
    return sorted(codes, key=named)
