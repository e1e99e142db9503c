"""Which published records a picture is of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from agreements.models import EngagementKind, Publication
from agreements.models.publications import PublicationQuerySet

KINDS: tuple[str, ...] = tuple(EngagementKind.values)
NOT_YET = ("planned", "under-negotiation")
CALLED_OFF = ("postponed", "cancelled")
IN_DOUBT = ("unconfirmed",)
NOT_HAPPENED = (*NOT_YET, *CALLED_OFF, *IN_DOUBT)
# What is published changes with the ledger; how it is drawn, with this number.
DRAWING = 1


def version() -> str:
    """Return what changes whenever a picture may: the ledger's last row, and how we draw."""
    last = Publication.objects.order_by("-sequence").values_list("sha256", flat=True).first()
    return f"{DRAWING}-{last or 'empty'}"


@dataclass(frozen=True)
class Selection:
    """What is asked for; nothing narrows unless it is given.

    `country` is an alpha-2 code and `force` a slug, of a participant. The years are those that a
    record's date could be in, first and last included. With `happened`, only what is said to have
    come about. `as_of` is a moment in the past at which the ledger is read.
    """

    country: str = ""
    force: str = ""
    kinds: tuple[str, ...] = KINDS
    first_year: int | None = None
    last_year: int | None = None
    happened: bool = False
    as_of: datetime | None = None

    @property
    def in_years(self) -> bool:
        """Whether it asks for years, which leaves out what has no date."""
        return self.first_year is not None or self.last_year is not None

    def standing(self) -> PublicationQuerySet:
        """Return the published rows of every kind of record, now or at the moment asked about."""
        return Publication.objects.standing_at(self.as_of).published()

    def records(self) -> PublicationQuerySet:
        """Return the agreements, meetings and exercises that are asked for."""
        rows = self.standing().filter(kind__in=self.kinds)
        for facet, value in (("country", self.country), ("force", self.force)):
            if value:
                rows = rows.filter(facets__facet=facet, facets__value=value)
        if self.happened:
            rows = rows.exclude(status__in=NOT_HAPPENED)
        return rows.filter(self._years())

    def _years(self) -> Q:
        if not self.in_years:
            return Q()
        condition = Q(undated=False)
        if self.first_year is not None:
            first = date(self.first_year, 1, 1)
            condition &= Q(latest__isnull=True) | Q(latest__gte=first)
        if self.last_year is not None:
            last = date(self.last_year, 12, 31)
            condition &= Q(earliest__isnull=True) | Q(earliest__lte=last)
        return condition

    def query(self, narrowed: dict[str, Any]) -> dict[str, Any] | None:
        """Return the parameters by which the public API lists the same records, narrowed further.

        `narrowed` holds parameters: `country` and `force` (lists) come on top of those asked for,
        others instead. None where the API has no such list: of several statuses, or of two kinds
        of the three. The kind is not among the parameters; it is in the list's address.
        """
        if self.happened or len(self.kinds) not in (1, len(KINDS)):
            return None
        given = {
            "date_from": f"{self.first_year:04}" if self.first_year is not None else "",
            "date_to": f"{self.last_year:04}" if self.last_year is not None else "",
            "as_of": self.as_of.isoformat().replace("+00:00", "Z") if self.as_of else "",
            **narrowed,
            "country": [self.country] * bool(self.country) + narrowed.get("country", []),
            "force": [self.force] * bool(self.force) + narrowed.get("force", []),
        }
        return {name: value for name, value in given.items() if value}
