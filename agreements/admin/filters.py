"""The admin's lists, and the filters of those of engagements."""

import copy
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import build_q_object_from_lookup_parameters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.admin.long_lists import (
    MOST_CHOICES,
    BoundedPaginator,
    is_long,
    led_to,
    note,
    of_index,
    ordered_aside,
    reversed_order,
)
from agreements.models import STATUSES, ActivityStatus, EngagementKind


class FilteredList(ChangeList):
    """A list that makes its filters once, instead of anew to count what each of them offers.

    Where it is long, it stays within the bounds of `long_lists`.
    """

    model_admin: Any
    paginator: BoundedPaginator

    def __init__(self, request: HttpRequest, model: type[Model], *args: Any) -> None:
        self._filters: Any = None
        self.is_long = is_long(request, model)
        super().__init__(request, model, *args)
        if self.is_long:
            self.search_help_text = self.model_admin.long_search_help

    def get_filters(self, request: HttpRequest) -> Any:
        if self._filters is None:
            specs, has, left, duplicates, active = super().get_filters(request)
            # A long list's filters find each row once.
            self._filters = specs, has, left, duplicates and not self.is_long, active
        return self._filters

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        if not self.is_long:
            return super().get_ordering(request, queryset)
        orders = {
            str(number): self.model_admin.long_orders.get(name)
            for number, name in enumerate(self.list_display)
        }
        # By the first column alone: no index has two that somebody chose.
        for column in self.params.pop(ORDER_VAR, "").split("."):
            order = orders.get(column.removeprefix("-"))
            if order:
                self.params[ORDER_VAR] = column
                return list(reversed_order(order) if column[0] == "-" else order)
        return super().get_ordering(request, queryset)

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet:
        return ordered_aside(request, super().get_queryset(request, exclude_parameters))

    def get_results(self, request: HttpRequest) -> None:
        if len(self.get_filters_params()) + bool(self.query) != 1:
            note(request, None)
        super().get_results(request)
        if self.paginator.more or not (self.has_active_filters or self.query):
            # Beside the search stands only what is counted of more than that.
            self.full_result_count = self.result_count
        self.show_admin_actions = bool(self.result_count)
        self.add_facets = self.add_facets and not self.is_long


class LookedUp(admin.FieldListFilter):
    """A filter by what is in another table than the list's order; see `long_lists.led_to`."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        asked: Any = self.used_parameters
        if not asked or not is_long(request, queryset.model):
            return super().queryset(request, queryset)
        try:
            condition = build_q_object_from_lookup_parameters(asked)
            through, _separator, _name = str(self.field_path).rpartition("__")
            if through:
                # Without those that lead nowhere, which are found by reading all rows alone.
                condition &= Q(**{f"{through}__isnull": False})
            return led_to(request, queryset, condition)
        except (ValueError, ValidationError) as fault:
            raise IncorrectLookupParameters from fault


class OwnChoiceFilter(LookedUp, admin.ChoicesFieldListFilter):
    """The values of a column that a kind has in its own table."""


class OwnFlagFilter(LookedUp, admin.BooleanFieldListFilter):
    """Yes or no, in a column that a kind has in its own table."""


class RelationFilter(LookedUp, admin.RelatedOnlyFieldListFilter):
    """The records that rows of the list lead to, each with the number of those rows.

    On a long list, the first of those that any row leads to, and no numbers.
    """

    def __init__(
        self, field: Any, request: Any, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        self.is_long = is_long(request, model)
        super().__init__(field, request, params, model, model_admin, field_path)

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> list[Any]:
        if not self.is_long:
            return super().field_choices(field, request, model_admin)
        many = field.many_to_many
        leading = field.remote_field.through if many else field.model
        name = field.m2m_reverse_field_name() if many else field.name
        led_to_any = Exists(leading._default_manager.filter(**{name: OuterRef("pk")}))
        records = field.remote_field.model._default_manager.filter(led_to_any)
        ordered = records.order_by(*self.field_admin_ordering(field, request, model_admin))
        return [(record.pk, str(record)) for record in ordered[:MOST_CHOICES]]

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
        condition = conditions.get(self.value() or "")
        if condition is None:
            return queryset
        if is_long(request, queryset.model):
            return of_index(request, queryset, condition)
        return queryset.filter(condition)
