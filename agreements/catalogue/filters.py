"""What lists can be asked for. Whatever is not declared here is refused."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from itertools import starmap
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.db.models import Choices, FilteredRelation, Q, QuerySet
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.constants import EMPTY_VALUES  # type: ignore[import-untyped]

from agreements import ledger
from agreements.catalogue import parameters
from agreements.exceptions import BadParameters
from agreements.models import (
    ActivityStatus,
    Agreement,
    AgreementStatus,
    EngagementKind,
    Exercise,
    Meeting,
    Participant,
    Publication,
    PublicationFacet,
)
from agreements.representations.fields import COUNTRY_CODE
from agreements.totals import NOT_HAPPENED

_OWN_COLUMNS = (
    *("kind", "status", "series", "ordinal", "instrument", "activity", "level", "disputed"),
)
# Read by the views themselves, on every list.
REPEATABLE = frozenset({"country", "force", "place"})
ONCE = gettext_lazy("Give it once.")
# A facet and its value.
Facet = tuple[str, str]
# Sorts of facets, those first of which one value is in the fewest records.
RARE_FIRST = (
    *("document", "country-pair", "force-role", "force"),
    *("country-role", "topic", "country", "role"),
)
LEAD = "lead"
LIST_PARAMETERS = ("as_of", "cursor", "page_size", "count", "ordering", "fields", "format")


class Parameter(django_filters.Filter):
    """A parameter with its form field; the filter set applies all of them together."""

    def __init__(self, field: forms.Field, **kwargs: Any):
        super().__init__(**kwargs)
        self._form_field = field
        field.required = False
        field.help_text = kwargs.get("help_text", "")

    @property
    def field(self) -> forms.Field:
        return self._form_field

    def __deepcopy__(self, memo: dict[int, Any]) -> "Parameter":
        # It holds nothing of a request, and copies for each took a fifth of a page's time.
        return self


class Choice(Parameter):
    def __init__(self, *choices: type[Choices], **kwargs: Any):
        # Values, and what people call them.
        self.labels: dict[str, Any] = {
            value: label for each in choices for value, label in each.choices
        }
        self.choices = list(self.labels)
        super().__init__(
            forms.ChoiceField(
                choices=[(value, value) for value in self.choices],
                error_messages={
                    "invalid_choice": format_lazy(
                        gettext_lazy("Write one of: {choices}."), choices=", ".join(self.choices)
                    )
                },
            ),
            **kwargs,
        )


class LedgerFilterSet(django_filters.FilterSet):
    """Narrows the standing rows of the ledger. `moment` is the time that is asked about."""

    moment: datetime
    facets: list[Facet]

    q = Parameter(
        parameters.WordsField(),
        help_text="Words that all begin a word of the record, in any case and without diacritics.",
    )

    class Meta:
        model = Publication
        fields: list[str] = []

    def get_form_class(self) -> type[forms.Form]:
        """Return a form of what is asked; of the rest there is nothing to check."""
        asked = {name: each.field for name, each in self.filters.items() if name in self.data}
        return type(f"{type(self).__name__}Form", (self._meta.form,), asked)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        asked = {
            name: value
            for name, value in self.form.cleaned_data.items()
            if value not in EMPTY_VALUES
        }
        terms = asked.pop("q", ())
        if terms:
            queryset = queryset.filter(search_text__begin_words=terms)
        self.facets = list(self.having(asked))
        self._narrowed = self.apply(queryset, asked)
        return _having(self._narrowed, self.facets)

    def apply(self, queryset: QuerySet, asked: dict[str, Any]) -> QuerySet:
        """Return the rows whose own columns are as asked."""
        return queryset

    def having(self, asked: dict[str, Any]) -> Iterator[Facet]:
        """Yield the facets that each row must have."""
        for name in ("topic", "document"):
            if name in asked:
                yield name, asked[name]
        codes = sorted(set(asked.get("country", ())))
        yield from starmap(ledger.pair_of, zip(codes[::2], codes[1::2], strict=False))
        if len(codes) % 2:
            yield "country", codes[-1]
        for slug in asked.get("force", ()):
            yield "force", slug

    def led(self, facet: Facet) -> QuerySet:
        """Return the rows that `qs` has, with LEAD for a way to a facet that they have.

        They are not narrowed to those that have it before something is asked of LEAD, all of it
        in one call of `filter`: each call is a join of its own.
        """
        others = [each for each in self.facets if each != facet]
        name, value = facet
        way = FilteredRelation("facets", condition=Q(facets__facet=name, facets__value=value))
        return _having(self._narrowed, others).annotate(**{LEAD: way})


def _having(queryset: QuerySet, facets: Iterable[Facet]) -> QuerySet:
    """Return the publications with facets; each is a join of its own."""
    for facet, value in facets:
        queryset = queryset.filter(facets__facet=facet, facets__value=value)
    return queryset


def check_names(query: QueryDict, known: Collection[str]) -> None:
    """Raise BadParameters on names that are unknown, stand twice and may not, or say nothing."""
    faults = {}
    for name in query:
        shown = name[:50]
        if name not in known:
            faults[shown] = _("Unknown here. Known: %(known)s.") % {
                "known": ", ".join(sorted(known))
            }
        elif len(query.getlist(name)) > 1 and name not in REPEATABLE:
            faults[shown] = str(ONCE)
        elif "" in query.getlist(name):
            faults[shown] = _("Give it a value, or leave it out.")
        if len(faults) == 10:
            break
    if faults:
        raise BadParameters(faults)


class ForceFilterSet(LedgerFilterSet):
    country = Parameter(
        parameters.RepeatedField(parameters.CountryCode()),
        help_text=COUNTRY_CODE,
    )
    document = Parameter(parameters.SlugParameter(), help_text="Slug of a document cited.")


class SeriesFilterSet(LedgerFilterSet):
    document = Parameter(parameters.SlugParameter(), help_text="Slug of a document cited.")


class TotalFilterSet(ForceFilterSet):
    force = Parameter(
        parameters.RepeatedField(parameters.SlugParameter()), help_text="Slug of a force."
    )


class DatedFilterSet(LedgerFilterSet):
    """Lists of what has a date."""

    date_from = Parameter(
        parameters.DayField(last=False),
        help_text="Could be on this day or later: YYYY, YYYY-MM or YYYY-MM-DD.",
    )
    date_to = Parameter(
        parameters.DayField(last=True),
        help_text="Could be on this day or earlier: YYYY, YYYY-MM or YYYY-MM-DD.",
    )
    date_certain = Parameter(
        parameters.TruthField(),
        help_text="true: must lie within the range, and its date is neither uncertain nor "
        "approximate nor open. false: the others.",
    )
    undated = Parameter(
        parameters.TruthField(),
        help_text="true: only records whose day, month and year leave no bounds, such as an "
        "unknown year; these are never in a range. false: the others.",
    )

    def apply(self, queryset: QuerySet, asked: dict[str, Any]) -> QuerySet:
        queryset = super().apply(queryset, asked)
        first, last = asked.get("date_from"), asked.get("date_to")
        certain = asked.get("date_certain")
        if first and last and first > last:
            raise BadParameters({"date_to": _("It lies before date_from.")})
        if asked.get("undated") and (first or last):
            raise BadParameters(
                {"undated": _("Records without bounds are in no range; ask for one.")}
            )
        if "undated" in asked:
            queryset = queryset.filter(undated=asked["undated"])
        if certain is not None:
            queryset = queryset.filter(date_certain=certain)
        if first or last:
            queryset = queryset.filter(self._range(first, last, bool(certain)), undated=False)
        return queryset

    @staticmethod
    def _range(first: date | None, last: date | None, certain: bool) -> Q:
        condition = Q()
        if certain:
            if first:
                condition &= Q(earliest__gte=first)
            if last:
                condition &= Q(latest__lte=last)
            return condition
        if first:
            condition &= Q(latest__isnull=True) | Q(latest__gte=first)
        if last:
            condition &= Q(earliest__isnull=True) | Q(earliest__lte=last)
        return condition


class DocumentFilterSet(DatedFilterSet):
    """Documents, by what they say of themselves; dates are those of publication."""


class EngagementFilterSet(DatedFilterSet):
    """The three kinds together: the timeline."""

    kind: Choice | None = Choice(EngagementKind, help_text="Kind of the record.")
    country = Parameter(
        parameters.RepeatedField(parameters.CountryCode()),
        help_text="ISO 3166 alpha-2 of a participant (of a former state, alpha-4); "
        "repeat it for all of several.",
    )
    force = Parameter(
        parameters.RepeatedField(parameters.SlugParameter()),
        help_text="Slug of a participating force; repeat it for all of several.",
    )
    role = Choice(
        Participant.Role,
        help_text="Role of each country and force that is asked for, or of anyone.",
    )
    status = Choice(AgreementStatus, ActivityStatus, help_text="Status of the record.")
    happened = Parameter(
        parameters.TruthField(),
        help_text="true: said to have come about; neither planned nor under negotiation, "
        "postponed, cancelled or unconfirmed. false: the others.",
    )
    place = Parameter(
        parameters.RepeatedField(parameters.PlaceParameter()),
        help_text="Where it was: VN (anywhere in the country), VN:Hanoi (that place, as records "
        "name it, in any case and without diacritics), VN: (no place named), :Gulf of Thailand "
        "(no country); repeat it for any of several.",
    )
    topic = Parameter(parameters.SlugParameter(), help_text="Slug of a topic.")
    document = Parameter(parameters.SlugParameter(), help_text="Slug of a document cited.")
    series = Parameter(parameters.SlugParameter(), help_text="Slug of a series.")
    ordinal = Parameter(parameters.WholeNumber(1, 32767), help_text="Number in its series.")
    instrument: Choice | None = Choice(Agreement.Instrument, help_text="Type of an agreement.")
    activity: Choice | None = Choice(Exercise.Activity, help_text="Activity of an exercise.")
    level: Choice | None = Choice(Meeting.Level, help_text="Level of a meeting.")
    disputed = Parameter(
        parameters.TruthField(), help_text="true: a citation disputes a value. false: none does."
    )
    overdue: Parameter | None = Parameter(
        parameters.TruthField(),
        help_text="true: planned, and its latest day is past (at as_of, where given).",
    )

    def having(self, asked: dict[str, Any]) -> Iterator[Facet]:
        role = asked.get("role")
        if role:
            named = [
                (facet, value) for facet in ("country", "force") for value in asked.get(facet, ())
            ]
            yield from ((f"{facet}-role", f"{value}:{role}") for facet, value in named)
            if not named:
                yield "role", role
        yield from super().having(asked)

    def apply(self, queryset: QuerySet, asked: dict[str, Any]) -> QuerySet:
        queryset = super().apply(queryset, asked)
        for name in _OWN_COLUMNS:
            if name in asked:
                queryset = queryset.filter(**{name: asked[name]})
        if "happened" in asked:
            did_not = Q(status__in=NOT_HAPPENED)
            queryset = queryset.exclude(did_not) if asked["happened"] else queryset.filter(did_not)
        if "place" in asked:
            there = PublicationFacet.objects.filter(facet="place", value__in=asked["place"])
            queryset = queryset.filter(pk__in=there.values("publication"))
        if "overdue" in asked:
            late = Q(status=ActivityStatus.PLANNED, latest__lt=self.moment.date())
            queryset = queryset.filter(late) if asked["overdue"] else queryset.exclude(late)
        return queryset


class StatisticsFilterSet(EngagementFilterSet):
    """What is counted: the timeline, narrowed as its list is."""


class AgreementFilterSet(EngagementFilterSet):
    kind = None
    status = Choice(AgreementStatus, help_text="Status of the agreement.")
    activity = None
    level = None
    overdue = None


class MeetingFilterSet(EngagementFilterSet):
    kind = None
    status = Choice(ActivityStatus, help_text="Status of the meeting.")
    instrument = None
    activity = None


class ExerciseFilterSet(EngagementFilterSet):
    kind = None
    status = Choice(ActivityStatus, help_text="Status of the exercise.")
    instrument = None
    level = None
