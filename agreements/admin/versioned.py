"""Pages of records that are changed as a whole: no update is lost, each one is noted."""

from typing import Any

from django import forms
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from agreements import history, workflow
from agreements.admin.conflicts import VERSION, Conflicted, Overlay, anew, overlaid
from agreements.admin.history import HistoryAdmin
from agreements.exceptions import Conflict
from agreements.presence import note_presence, others_present
from agreements.versions import claim, read_token, token

_CONFLICT = "_conflict"


class VersionedAdmin(HistoryAdmin):
    """A page whose changes are claimed under a lock, and noted in the history of the record."""

    change_form_template = "admin/agreements/change_form.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            obj = self.get_object(request, unquote(object_id))
            told = read_token(request.POST.get(VERSION, ""))
            if obj is not None and self.has_change_permission(request, obj):
                try:
                    claim(self.record_of(obj), request.POST.get(VERSION, ""))
                except Conflict as conflict:
                    # Somebody may have deleted it while their change was waited for.
                    obj = self.get_object(request, unquote(object_id))
                    if obj is not None:
                        record = self.record_of(obj)
                        self._overlay(request, overlaid(self, request, obj, record, conflict))
            if obj is None and told is not None and self.has_add_permission(request):
                self._overlay(request, anew(self, request, told))
                object_id, form_url = None, reverse(f"admin:agreements_{self.opts.model_name}_add")
            response = super().changeform_view(request, object_id, form_url, extra_context)
        if hasattr(request, _CONFLICT):
            response.status_code = 409
        return response

    def _overlay(self, request: HttpRequest, outcome: Overlay) -> None:
        request.POST = outcome.post  # type: ignore[assignment]
        setattr(request, _CONFLICT, outcome)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        conflict = getattr(request, _CONFLICT, None)
        if conflict is None:
            return form
        # Refused as any form is that has an error, so that the page comes back with what it held.
        return type(form.__name__, (Conflicted, form), {"conflict": conflict})

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool
    ) -> None:
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        record, by = self.record_of(form.instance), request.user.get_username()
        if not change:
            workflow.record_creation(record, by, history.Way.FORM)
        elif form.has_changed() or any(formset.has_changed() for formset in formsets):
            reason = request.POST.get("_reason", "").strip()[: workflow.REASON_LENGTH]
            workflow.record_edit(record, by, history.Way.FORM, reason)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        workflow.delete(obj, request.user.get_username(), history.Way.FORM)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context["conflict"] = getattr(request, _CONFLICT, None)
        # Of a form that was refused, it is typed too.
        context["reason"] = request.POST.get("_reason", "")
        if obj is not None:
            record = self.record_of(obj)
            context["version_token"] = token(record)
            if self.has_change_permission(request, obj):
                note_presence(request.user, record)
            context["present"] = others_present(request.user, record)
            context["record"] = record
        return super().render_change_form(request, context, add, change, form_url, obj)
