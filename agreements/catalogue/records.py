"""One record: as it stands, as it stood at a moment, or as one of its revisions has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Count

from agreements import databases, planned
from agreements.catalogue import counted
from agreements.catalogue.listings import Listing
from agreements.catalogue.texts import JSONText, record_text
from agreements.models import Publication
from agreements.models.publications import PublicationQuerySet

# What is read of a record's row; the other columns are there to find it by.
_READ = (
    "id",
    "kind",
    "slug",
    "revision",
    "state",
    "body",
    "published_at",
    "reason",
    "successor",
    "sha256",
)
_FIELDS: list[Any] = [Publication._meta.get_field(name) for name in _READ]


@dataclass(frozen=True)
class Record:
    """A row of the ledger, and the rows of all kinds that stood beside it.

    Its state says whether the record is published by it, or withdrawn or merged.
    """

    listing: Listing
    row: Publication
    standing: PublicationQuerySet

    @property
    def published(self) -> bool:
        return self.row.state == Publication.State.PUBLISHED

    @property
    def merged(self) -> bool:
        return self.row.state == Publication.State.MERGED

    def heir(self) -> Publication:
        """Return the record that a merged one leads to, which may be merged itself by now."""
        row = self.row
        while row.state == Publication.State.MERGED:
            row = self.standing.get(kind=row.kind, slug=row.successor)
        return row

    def text(self, fields: Any = None) -> JSONText:
        """Return the public JSON, with what is found at reading; or only some of its fields."""
        more = self.listing.found([self.row], self.standing).get(self.row.slug)
        return record_text(self.row, fields, more)

    def data(self) -> dict[str, Any]:
        """Return the public JSON, parsed."""
        return self.text().parsed()


def standing_at(moment: datetime | None) -> PublicationQuerySet:
    """Return the rows of all kinds that stood at a moment, or stand; tombstones included."""
    return Publication.objects.standing_at(moment)


def record_at(listing: Listing, slug: str, moment: datetime | None) -> Record | None:
    """Return a record as it stood at a moment, or stands; None where it never was published."""
    standing = standing_at(moment)
    if moment is None:
        statement, parameters = _standing_record(tuple(listing.kinds))
        database = databases.connection_to_read()
        found = planned.first_row(database, statement, [*parameters, slug], _FIELDS)
        row = Publication.from_db(database.alias, _READ, found) if found else None
    else:
        row = standing.filter(kind__in=listing.kinds, slug=slug).first()
    return Record(listing, row, standing) if row else None


@cache
def _standing_record(kinds: tuple[str, ...]) -> tuple[str, Sequence[str]]:
    """Return the statement that finds a record that stands, and its parameters but for the slug.

    It is written once for each kind: to write it costs more than to ask it.
    """
    rows = standing_at(None).filter(kind__in=kinds, slug="").values_list(*_READ)[:1]
    statement, parameters = rows.query.sql_with_params()
    return statement, parameters[:-1]


def revisions_of(listing: Listing, slug: str, moment: datetime | None) -> list[Publication]:
    """Return all rows of a record up to a moment, the first one first."""
    rows = listing.records().filter(slug=slug).order_by("revision")
    return list(rows.filter(published_at__lte=moment) if moment is not None else rows)


def revision_of(listing: Listing, slug: str, number: int) -> Record | None:
    """Return a revision with the records that stood beside it when it was published."""
    row = listing.records().filter(slug=slug, revision=number).first()
    # What is found at reading is found as of that revision, so that it never changes either.
    return Record(listing, row, standing_at(row.published_at)) if row else None


def how_many(moment: datetime | None) -> dict[str, int]:
    """Return how many published records of each kind there were at a moment, or are."""
    known = counted.by_kind() if moment is None else None
    if known is not None:
        return known
    rows = standing_at(moment).published().order_by()
    return dict(rows.values_list("kind").annotate(Count("pk")))
