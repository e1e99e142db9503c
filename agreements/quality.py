"""What a record must have before it can be published."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from agreements.exceptions import QualityError
from agreements.models import Agreement, Citation, Engagement, Exercise, Force, Meeting, Reviewable

# Values that are the analyst's own arrangement need no passage; these are the documents' facts.
_EVIDENCED = {
    Engagement: (
        "status",
        "date",
        "ordinal",
        "participants",
        "delegates",
        "location",
    ),
    Agreement: ("instrument", "title_as_given", "binding", "entered_into_force", "terminated"),
    Meeting: ("outcomes",),
    Exercise: ("activity", "count_stated", "vessels", "area"),
    Force: ("name", "established"),
}


def check(record: Reviewable) -> None:
    """Raise a QualityError that lists everything that the record lacks."""
    problems = list(problems_of(record))
    if problems:
        raise QualityError(record, problems)


def problems_of(record: Reviewable) -> Iterator[str]:
    """Yield what keeps a record from publication, a sentence each."""
    if isinstance(record, Engagement):
        yield from _engagement_problems(record)
    names = [
        name for model, fields in _EVIDENCED.items() if isinstance(record, model) for name in fields
    ]
    if not names:
        return
    citations = record.citations.all()  # type: ignore[attr-defined]
    cited = {row.field for row in citations if row.stance == Citation.Stance.SUPPORTS}
    for name in names:
        if name not in cited and asserts(record, name):
            yield _("Cite a passage for %(field)s.") % {"field": name}


def asserts(record: Reviewable, name: str) -> bool:
    """Return whether a record says anything in a field of its public form."""
    if name == "location":
        return bool(record.location_name or record.location_country_id)  # type: ignore[attr-defined]
    if name == "participants":
        return True
    if name == "delegates":
        return any(row.delegates.all() for row in record.participants.all())  # type: ignore[attr-defined]
    value = getattr(record, name)
    return value is not None and value != ""


def _engagement_problems(record: Engagement) -> Iterator[str]:
    participants = list(record.participants.all())
    if not participants:
        yield _("Name at least one participant.")
    if isinstance(record, Agreement):
        if len({row.country_id for row in participants}) < 2:
            yield _("Name the parties of at least two countries.")
        if not record.identified and record.date is not None:
            yield _(
                "An agreement that is only counted has no date; clear it or mark it identified."
            )
