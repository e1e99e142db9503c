"""A record that is deleted as it was seen, and what came between a page and a post of it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import HttpRequest, QueryDict

from agreements import history, workflow
from agreements.admin.conflicts import VERSION
from agreements.admin.versioned import VersionedAdmin
from agreements.differences import Difference, differences
from agreements.exceptions import Conflict
from agreements.history import Way
from agreements.models import Change, FruitlessSearch
from agreements.snapshots import snapshot
from agreements.versions import claim, token


@dataclass(frozen=True)
class Meanwhile:
    """What became of a record since a page of it was opened."""

    conflict: Conflict
    changes: list[Change]
    differences: list[Difference]


def meanwhile(conflict: Conflict) -> Meanwhile:
    """Return what came between a page and what was asked for on it."""
    record: Any = conflict.record
    if conflict.seen is None or not type(record)._default_manager.filter(pk=record.pk).exists():
        return Meanwhile(conflict, [], [])
    earlier = history.state_of_version(record, conflict.seen)
    now = snapshot(history.fresh(record))
    changes = history.changes_of(record).defer("state")
    return Meanwhile(
        conflict,
        # A step of review leaves the version as it was.
        list(changes.filter(version__gt=conflict.seen) or changes[:1]),
        differences(record.record_kind, earlier, now) if earlier else [],
    )


def reason_of(request: HttpRequest) -> str:
    """Return the reason that a page gives and does not have to, as much of it as is kept."""
    return request.POST.get("reason", "").strip()[: workflow.REASON_LENGTH]


class DeletingAdmin(VersionedAdmin):
    """A page whose record is deleted as it was seen, with a reason for its history."""

    delete_confirmation_template = "admin/agreements/delete.html"

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        # Searches for what is gone go with it, whoever noted them.
        lacking.discard(FruitlessSearch._meta.verbose_name)
        return listed, counts, lacking, protected

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not self.has_delete_permission(request, obj):
            return super().delete_view(request, object_id, extra_context)
        record, status = self.record_of(obj), HTTPStatus.OK
        context = {**(extra_context or {}), "reason": request.POST.get("reason", "")}
        with transaction.atomic():
            if request.method == "POST":
                try:
                    claim(record, request.POST.get(VERSION, ""))
                except Conflict as conflict:
                    if self.get_object(request, unquote(object_id)) is None:
                        # Somebody else deleted it while they were waited for.
                        return super().delete_view(request, object_id, extra_context)
                    context["meanwhile"], status = meanwhile(conflict), HTTPStatus.CONFLICT
                    # Without what was confirmed, Django asks again.
                    request.POST = QueryDict()
            context["version_token"] = token(history.fresh(record))
            response = super().delete_view(request, object_id, context)
        if status != HTTPStatus.OK:
            response.status_code = status
        return response

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        workflow.delete(obj, request.user.get_username(), Way.FORM, reason_of(request))
