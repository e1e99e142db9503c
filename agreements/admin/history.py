"""The history of a record as its page shows it, and the way back to an earlier state."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements import history, workflow
from agreements.admin.conflicts import VERSION
from agreements.admin.strict import StrictAdmin
from agreements.differences import Difference, differences
from agreements.exceptions import AgreementsError
from agreements.models import Change, Versioned
from agreements.records import KINDS_OF_RECORD
from agreements.snapshots import restore, snapshot
from agreements.versions import claim, token

_A_PAGE = 25


@dataclass(frozen=True)
class Entry:
    """A change, what it changed, and whether its state can be come back to."""

    change: Change
    differences: list[Difference]
    restorable: bool


def entries(changes: list[Change], older: Change | None) -> list[Entry]:
    """Return the entries of changes, newest first; `older` is the last state before them."""
    found = []
    before = older.state if older else None
    for change in reversed(changes):
        if change.state is None:
            found.append(Entry(change, [], False))
            continue
        found.append(Entry(change, differences(change.kind, before, change.state), True))
        before = change.state
    return found[::-1]


class HistoryAdmin(StrictAdmin):
    """Pages of a record's history, for the admin of every kind of record."""

    def record_of(self, obj: Any) -> Versioned:
        """Return the record that an object of this page belongs to."""
        return obj

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.restore_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_restore"
        return [
            path("<path:object_id>/restore/<int:change>/", view, name=name),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self._object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        record = self.record_of(obj)
        changes = history.changes_of(record)
        page: Page[Change] = Paginator(changes, _A_PAGE).get_page(request.GET.get("p"))
        shown = list(page)
        older = changes.filter(id__lt=shown[-1].pk, state__isnull=False).first() if shown else None
        now = snapshot(history.fresh(record))
        last = changes.filter(state__isnull=False).first()
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of “%(record)s”") % {"record": obj},
            "object": obj,
            "opts": self.opts,
            "page": page,
            "entries": entries(shown, older),
            "current": now,
            # What no change was noted for came about behind the program's back.
            "unnoted": differences(record.record_kind, last.state, now) if last else [],
            "may_restore": self.has_change_permission(request, obj),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/agreements/history.html", context)

    def restore_view(self, request: HttpRequest, object_id: str, change: int) -> HttpResponse:
        """Show what going back to the state after a change would change; on POST, go back."""
        obj = self._object(request, object_id)
        if obj is None or not self.has_change_permission(request, obj):
            raise PermissionDenied
        record = history.fresh(self.record_of(obj))
        earlier = history.changes_of(record).filter(pk=change, state__isnull=False).first()
        if earlier is None:
            raise Http404
        page = reverse(f"admin:agreements_{self.opts.model_name}_change", args=[obj.pk])
        status = HTTPStatus.OK
        if request.method == "POST":
            try:
                _restore(record, earlier, request)
            except AgreementsError as error:
                self.message_user(request, str(error), messages.ERROR)
                status = HTTPStatus.CONFLICT
                if self.get_object(request, unquote(object_id)) is None:
                    return HttpResponseRedirect(
                        reverse(f"admin:agreements_{self.opts.model_name}_changelist")
                    )
                record = history.fresh(record)
            else:
                text = _("%(record)s is again what it was; review it and submit it.")
                self.message_user(request, text % {"record": record}, messages.SUCCESS)
                return HttpResponseRedirect(page)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Restore “%(record)s”") % {"record": obj},
            "object": obj,
            "opts": self.opts,
            "change": earlier,
            "differences": differences(record.record_kind, snapshot(record), earlier.state),
            "version_token": token(record),
            "reason": request.POST.get("reason", ""),
        }
        template = "admin/agreements/restore.html"
        return TemplateResponse(request, template, context, status=status)

    def _object(self, request: HttpRequest, object_id: str) -> Any:
        obj = self.get_object(request, unquote(object_id))
        if obj is not None and not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        return obj


@transaction.atomic
def _restore(record: Versioned, earlier: Change, request: HttpRequest) -> None:
    claim(record, request.POST.get(VERSION, ""))
    restore(record, earlier.state)
    reason = request.POST.get("reason", "").strip() or _("As it was in version %(version)d") % {
        "version": earlier.version
    }
    workflow.record_edit(
        record,
        request.user.get_username(),
        history.Way.FORM,
        reason[: workflow.REASON_LENGTH],
        step=history.Step.RESTORED,
    )


class KindOfRecordFilter(admin.SimpleListFilter):
    """The kinds of record that there are, whether or not any was changed."""

    title = gettext_lazy("kind")
    parameter_name = "kind__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(kind, model._meta.verbose_name) for kind, model in KINDS_OF_RECORD.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        kind = self.value()
        return queryset.filter(kind=kind) if kind in KINDS_OF_RECORD else queryset


@admin.register(Change)
class ChangeAdmin(StrictAdmin):
    """Every change of the desk, to read: also of records that were deleted."""

    actions = None
    list_display = ["at", "by", "record", "step", "way", "version", "reason"]
    list_display_links = ["at"]
    list_filter = [KindOfRecordFilter, "step", "way"]
    search_fields = ["key", "by"]
    long_search_help = gettext_lazy("This list is long: write the whole key of a record.")
    ordering = ["-id"]
    fieldsets = [
        (None, {"fields": [("kind", "key", "version"), ("step", "way"), ("by", "at"), "reason"]}),
        (gettext_lazy("What it changed"), {"fields": ["what_changed"]}),
    ]
    readonly_fields = ["what_changed", "at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # What a change left is shown on its own page, and may be long.
        return super().get_queryset(request).defer("state")

    def search_long(self, request: HttpRequest, queryset: QuerySet, words: list[str]) -> QuerySet:
        return queryset.filter(key__in=words)

    @admin.display(description=gettext_lazy("record"))
    def record(self, change: Change) -> str:
        """Return a link to the history of the record."""
        model = KINDS_OF_RECORD[change.kind]
        url = reverse(f"admin:agreements_{model._meta.model_name}_history", args=[change.record_id])
        return format_html('<a href="{}">{}/{}</a>', url, change.kind, change.key)

    @admin.display(description=gettext_lazy("what it changed"))
    def what_changed(self, change: Change) -> str:
        """Return the differences from the state before."""
        if change.state is None:
            return _("It left the record as it was.")
        before = Change.objects.filter(
            kind=change.kind, record_id=change.record_id, id__lt=change.pk, state__isnull=False
        ).first()
        found = differences(change.kind, before.state if before else None, change.state)
        return render_to_string("agreements/differences.html", {"differences": found})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
