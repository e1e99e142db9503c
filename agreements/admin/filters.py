"""Filters of the lists of engagements."""

import copy
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import STATUSES, ActivityStatus, EngagementKind


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
