"""Filters of the lists of engagements."""

import copy
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import STATUSES, ActivityStatus, EngagementKind


class FilteredList(ChangeList):
    """A list that makes its filters once, instead of anew to count what each of them offers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._filters: Any = None
        super().__init__(*args, **kwargs)

    def get_filters(self, request: HttpRequest) -> Any:
        if self._filters is None:
            self._filters = super().get_filters(request)
        return self._filters


class RelationFilter(admin.RelatedOnlyFieldListFilter):
    """The records that rows of the list lead to, each with the number of those rows."""

    def get_facet_queryset(self, changelist: Any) -> dict[str, int]:
        # Counted by group: Django makes a column of each choice, and databases limit those. A row
        # that leads twice to one record, as by two sides of a country, counts once; and all that
        # it leads to counts, not only what the other filters and the search found it by.
        found = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters())
        rows = changelist.root_queryset.filter(pk__in=found.order_by().values("pk"))
        number = Count(changelist.pk_attname, distinct=True)
        counts = dict(rows.order_by().values_list(self.field_path).annotate(number))
        return {f"{key}__c": counts.get(key, 0) for key, _label in self.lookup_choices} | {
            "__c": counts.get(None, 0)
        }


class KindStatusFilter(admin.ChoicesFieldListFilter):
    """The statuses that the kind of the list can have."""

    def __init__(
        self, field: Any, request: Any, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        field = copy.copy(field)
        field.choices = STATUSES[EngagementKind(model.RECORD_KIND)].choices
        super().__init__(field, request, params, model, model_admin, field_path)


class WhenFilter(admin.SimpleListFilter):
    """Where a record's days stand to today."""

    title = _("date")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("coming", _("still to come")),
            ("overdue", _("planned, and its last day is past")),
            ("undated", _("without a date")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        conditions = {
            "coming": Q(date_latest__gte=today),
            "overdue": Q(status=ActivityStatus.PLANNED, date_latest__lt=today),
            "undated": Q(date_earliest__isnull=True, date_latest__isnull=True),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))
