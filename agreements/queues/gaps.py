"""What should be on record and is not: to be looked for, unless somebody did so in vain."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agreements.models import ActivityStatus, Engagement, FruitlessSearch, ReportedTotal, Series
from agreements.queues import numbers
from agreements.queues.claims import Excess, excesses
from agreements.queues.queue import Link, Missing, Narrowed, Queue, Reader, Waiting
from agreements.queues.searches import last_search, sought, sought_numbers
from agreements.queues.tables import WITHDRAWN, named

# More numbers than these of one series are not listed one by one.
MOST_NUMBERS = 12


class Overdue(Queue):
    """Planned, and the last day that its date allows is past."""

    key = "overdue"
    name = gettext_lazy("Planned but past")
    about = gettext_lazy("Planned, and the last day is past. Look for a report of it.")
    kinds = ("meeting", "exercise")

    def found(self, reader: Reader, asked: Narrowed) -> QuerySet[Engagement]:
        planned = Engagement.objects.filter(
            named(Engagement, asked.words),
            status=ActivityStatus.PLANNED,
            date_latest__lt=timezone.localdate(),
            kind__in=asked.kinds,
        )
        return planned.exclude(review_state=WITHDRAWN).order_by()

    def rows(self, reader: Reader, asked: Narrowed) -> QuerySet[Engagement]:
        rows = self.found(reader, asked).annotate(last=last_search("engagement"))
        # First what nobody looked for, then what was looked for longest ago.
        return rows.order_by(F("last").asc(nulls_first=True), "date_latest", "pk")

    def shown(self, rows: Iterable[Any]) -> list[Waiting]:
        given = list(rows)
        searches = sought("engagement", [row.pk for row in given])
        return [
            Waiting(
                row.kind,
                str(row),
                _("Planned for %(date)s.") % {"date": row.date},
                Link(row.kind, row.pk),
                row.date_latest,
                target={"engagement": row.pk},
                sought=searches.get(row.pk),
            )
            for row in given
        ]


class MissingNumbers(Queue):
    """Series in which a number is recorded and one below it is not."""

    key = "numbers"
    name = gettext_lazy("Series that lack a number")
    about = gettext_lazy("A later number is recorded, and one before it is not.")
    kinds = ("series",)

    def found(self, reader: Reader, asked: Narrowed) -> QuerySet[Series]:
        return numbers.with_gaps(Series.objects.filter(named(Series, asked.words))).order_by()

    def rows(self, reader: Reader, asked: Narrowed) -> QuerySet[Series]:
        rows = numbers.with_searches(self.found(reader, asked))
        all_sought = When(sought__gte=F("missing"), then=F("last"))
        rows = rows.annotate(quiet_since=Case(all_sought, default=None))
        left = F("missing") - Coalesce(F("sought"), 0)
        # First where a number is missing that nobody looked for, and fewest are: those are near.
        return rows.order_by(F("quiet_since").asc(nulls_first=True), left.asc(), "title", "pk")

    def shown(self, rows: Iterable[Any]) -> list[Waiting]:
        given = list(rows)
        keys = [row.pk for row in given]
        recorded, searches = numbers.recorded_numbers(keys), sought_numbers(keys)
        found = []
        for row in given:
            missing = numbers.missing_among(recorded[row.pk])
            listed = (Missing(each, searches.get((row.pk, each))) for each in missing)
            found.append(
                Waiting(
                    "series",
                    str(row),
                    _lacks(missing, recorded[row.pk]),
                    Link("series", row.pk),
                    missing=tuple(listed)[:MOST_NUMBERS],
                    missing_more=max(0, len(missing) - MOST_NUMBERS),
                    target={"series": row.pk},
                )
            )
        return found


def _lacks(missing: list[int], recorded: list[int]) -> str:
    text = ngettext(
        "No. %(missing)s of %(top)d is missing; recorded: %(recorded)s.",
        "No. %(missing)s of %(top)d are missing; recorded: %(recorded)s.",
        len(missing),
    )
    return text % {
        "missing": numbers.runs(missing),
        "top": recorded[-1],
        "recorded": numbers.runs(recorded),
    }


class Exceeding(Queue):
    """Published totals that claim more than the published records that match them."""

    key = "totals"
    name = gettext_lazy("Totals that claim more")
    about = gettext_lazy("A document counts more than the published records that match its count.")
    kinds = ("total",)

    def found(self, reader: Reader, asked: Narrowed) -> Sequence[Excess]:
        words = asked.words.casefold()
        return [each for each in excesses() if words in each.title.casefold()]

    def rows(self, reader: Reader, asked: Narrowed) -> list[tuple[Any, Excess]]:
        found = {each.slug: each for each in self.found(reader, asked)}
        held = ReportedTotal.objects.filter(slug__in=found).annotate(last=last_search("total"))
        rows: list[tuple[Any, Excess]] = [(total, found[total.slug]) for total in held]
        rows.sort(key=lambda row: (row[0].last or date.min, -row[1].gap, row[1].slug))
        return rows

    def shown(self, rows: Iterable[Any]) -> list[Waiting]:
        given = list(rows)
        searches = sought("total", [total.pk for total, _excess in given])
        return [
            Waiting(
                "total",
                str(total),
                _compared(excess),
                Link("total", total.pk),
                target={"total": total.pk},
                sought=searches.get(total.pk),
            )
            for total, excess in given
        ]


def _compared(excess: Excess) -> str:
    text = _("Claims %(claimed)d, recorded %(recorded)d: compared with published %(counts)s.")
    counts = ReportedTotal.Counts(excess.counts).label
    return text % {"claimed": excess.claimed, "recorded": excess.recorded, "counts": counts}


def sought_words(search: FruitlessSearch) -> str:
    """Return, in words for a form, what a search for something missing would look for."""
    if search.total is not None:
        return _("What is counted by: %(total)s") % {"total": search.total}
    if search.series is not None and search.ordinal is not None:
        values = {"number": search.ordinal, "series": search.series}
        return _("No. %(number)d of: %(series)s") % values
    if search.engagement is not None:
        return _("Whether it was held: %(event)s") % {"event": search.engagement}
    return ""
