"""What there is to list: records of one kind, or of several together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rest_framework.serializers import Serializer

from agreements.catalogue import filters as filter_sets
from agreements.catalogue import found as at_reading
from agreements.catalogue import shapes as forms
from agreements.models import Publication
from agreements.models.publications import PublicationQuerySet


@dataclass(frozen=True)
class Listing:
    """Records as readers list them.

    `shapes` are the public forms of `kinds`, in their order. `found` returns the keys that depend
    on other records.
    """

    name: str
    kinds: tuple[str, ...]
    shapes: tuple[type[Serializer], ...]
    filters: type[filter_sets.LedgerFilterSet] = filter_sets.LedgerFilterSet
    ordering: str = "title"
    found: Callable[[Sequence[Publication], PublicationQuerySet], at_reading.Found] = (
        at_reading.nothing
    )

    @cached_property
    def keys(self) -> list[str]:
        """The keys of a record."""
        return list(dict.fromkeys(str(name) for each in self.shapes for name in each().fields))

    @property
    def finds_more(self) -> bool:
        """Whether records have keys that depend on others."""
        return self.found is not at_reading.nothing

    def records(self) -> PublicationQuerySet:
        """Return all rows of these kinds, past ones and tombstones included."""
        return Publication.objects.filter(kind__in=self.kinds)


COUNTRIES = Listing("countries", ("country",), (forms.PublishedCountry,))
FORCES = Listing("forces", ("force",), (forms.PublishedForce,), filter_sets.ForceFilterSet)
TOPICS = Listing("topics", ("topic",), (forms.PublishedTopic,))
SERIES = Listing("series", ("series",), (forms.PublishedSeries,), filter_sets.SeriesFilterSet)
DOCUMENTS = Listing(
    "documents",
    ("document",),
    (forms.PublishedDocument,),
    filter_sets.DocumentFilterSet,
    found=at_reading.citing_records,
)
TOTALS = Listing(
    "totals",
    ("total",),
    (forms.PublishedTotal,),
    filter_sets.TotalFilterSet,
    found=at_reading.claimed_against_recorded,
)
AGREEMENTS = Listing(
    "agreements",
    ("agreement",),
    (forms.PublishedAgreement,),
    filter_sets.AgreementFilterSet,
    "-date",
)
MEETINGS = Listing(
    "meetings", ("meeting",), (forms.PublishedMeeting,), filter_sets.MeetingFilterSet, "-date"
)
EXERCISES = Listing(
    "exercises", ("exercise",), (forms.PublishedExercise,), filter_sets.ExerciseFilterSet, "-date"
)
# The three together: the timeline.
ENGAGEMENTS = Listing(
    "engagements",
    ("agreement", "meeting", "exercise"),
    (forms.PublishedAgreement, forms.PublishedMeeting, forms.PublishedExercise),
    filter_sets.EngagementFilterSet,
    "-date",
)
# One for each kind of record.
BY_KIND: dict[str, Listing] = {
    each.kinds[0]: each
    for each in (
        COUNTRIES,
        FORCES,
        AGREEMENTS,
        MEETINGS,
        EXERCISES,
        SERIES,
        TOPICS,
        DOCUMENTS,
        TOTALS,
    )
}
