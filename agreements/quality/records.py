"""What a record says, held against itself and against the days on which it was reported."""

import datetime
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.models import ActivityStatus, Agreement, AgreementStatus, Document, Engagement
from agreements.quality.dossier import Dossier, origin_of
from agreements.records import belongings

# What nobody can report before it came to be.
_COME_TO_PASS = {
    ActivityStatus.HELD,
    ActivityStatus.ONGOING,
    AgreementStatus.SIGNED,
    AgreementStatus.IN_FORCE,
    AgreementStatus.TERMINATED,
    AgreementStatus.SUPERSEDED,
}


def no_participant(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """P1: a record names who took part."""
    record = dossier.record
    if isinstance(record, Engagement) and not belongings(record, "participants"):
        yield "participants", _("Name at least one participant.")


def one_country(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """A1: an agreement has parties of two countries."""
    record = dossier.record
    if isinstance(record, Agreement):
        countries = {row.country_id for row in belongings(record, "participants")}
        if len(countries) < 2:
            yield "participants", _("Name the parties of at least two countries.")


def dated_count(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """A2: an agreement that is only counted has no date. Its type and title are constraints."""
    record = dossier.record
    if isinstance(record, Agreement) and not record.identified and record.date is not None:
        yield (
            "date",
            _("An agreement that is only counted has no date; clear it or mark it identified."),
        )


def told_too_early(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """S2: what came to pass was reported by a document that appeared after it began."""
    record = dossier.record
    if not isinstance(record, Engagement) or record.status not in _COME_TO_PASS:
        return
    first = record.date_earliest
    appeared = [_last_day_of_appearance(row.document) for row in dossier.support_of("status")]
    if first and appeared and all(day is not None and day < first for day in appeared):
        yield (
            "status",
            _("Every document cited for the status appeared before the first day of the date."),
        )


def overdue(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """S3: what is planned lies ahead."""
    record = dossier.record
    if not isinstance(record, Engagement) or record.status != ActivityStatus.PLANNED:
        return
    if record.date_latest and record.date_latest < timezone.localdate():
        yield "status", _("Planned, and its last day is past: look for a report of it.")


def _last_day_of_appearance(document: Document) -> datetime.date | None:
    # A reprint without a date says what its origin had said.
    return document.published_latest or origin_of(document).published_latest
