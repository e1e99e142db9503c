"""The common page of all records that are approved and published on their own."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as delete_confirmed
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from agreements import quality, workflow
from agreements.admin import steps
from agreements.admin.strict import StrictAdmin
from agreements.models import Publication, Reviewable

_STEP = "_review_step"
PLURALS = {
    "country": "countries",
    "force": "forces",
    "topic": "topics",
    "series": "series",
    "document": "documents",
    "agreement": "agreements",
    "meeting": "meetings",
    "exercise": "exercises",
    "total": "totals",
}


def ever_published(record: Reviewable) -> bool:
    """Whether the ledger has any row of a record, tombstones included."""
    rows = Publication.objects.filter(kind=record.record_kind, slug=record.record_key)
    return record.pk is not None and rows.exists()


def refuse_loop(form: forms.ModelForm, name: str) -> None:
    """Add a form error where a record would stand above itself, at whatever remove."""
    above, seen = form.cleaned_data.get(name), set()
    while above is not None and above.pk not in seen:
        if above.pk == form.instance.pk:
            form.add_error(name, _("Choose another one: this leads back to the record itself."))
            return
        seen.add(above.pk)
        above = getattr(above, name)


class ReviewableAdmin(StrictAdmin):
    """Edits go through the workflow: whatever changes becomes a draft, with a new version."""

    # The key in the API: it never changes once published.
    key_field = "slug"
    key_source: str = "title"
    actions = ["submit_for_review", "approve_and_publish", "return_to_draft", "delete_selected"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        if obj is not None and ever_published(obj):
            return (*readonly, self.key_field)
        return readonly

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        # Once a record exists its key stays, unless somebody writes another one.
        return (
            {} if obj is not None or not self.key_source else {self.key_field: (self.key_source,)}
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not ever_published(obj))

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        if any(ever_published(record) for record in queryset):
            raise PermissionDenied
        super().delete_queryset(request, queryset)

    @admin.action(
        permissions=["delete"], description=_("Delete the selected %(verbose_name_plural)s")
    )
    def delete_selected(self, request: HttpRequest, queryset: models.QuerySet) -> Any:
        """Confirm and delete, unless one of the records was ever published."""
        kept = [str(record) for record in queryset if ever_published(record)]
        if not kept:
            return delete_confirmed(self, request, queryset)
        text = _("Nothing was deleted. Published before, so to be withdrawn instead: %(records)s.")
        self.message_user(request, text % {"records": ", ".join(kept[:5])}, messages.ERROR)
        return None

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool
    ) -> None:
        if not change:
            obj.edited_by = request.user.get_username()
        elif not form.has_changed():
            # Writing back what was read would undo a step that somebody took meanwhile.
            return
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        changed = form.has_changed() or any(formset.has_changed() for formset in formsets)
        if change and changed:
            workflow.record_edit(form.instance, by=request.user.get_username())
        for each in (form, *(row for formset in formsets for row in formset.forms)):
            self.warn_of_fault(request, each)

    def warn_of_fault(self, request: HttpRequest, form: Any) -> None:
        """Say where a quotation that was just written is not in its document's text."""
        fault = getattr(form, "fault", None)
        if fault:
            text = _("Quotation “%(quote)s”, %(locator)s: %(fault)s. It was saved unverified.")
            values = {
                "quote": form.instance.quote,
                "locator": form.instance.locator,
                "fault": fault,
            }
            self.message_user(request, text % values, messages.WARNING)

    # Review

    @admin.action(permissions=["change"], description=steps.SUBMIT.label)
    def submit_for_review(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """Hand drafts to review."""
        self.take_step(request, steps.SUBMIT, list(queryset.values_list("pk", flat=True)))

    @admin.action(permissions=["change"], description=steps.PUBLISH.label)
    def approve_and_publish(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """Approve records in review and publish them."""
        self.take_step(request, steps.PUBLISH, list(queryset.values_list("pk", flat=True)))

    @admin.action(permissions=["change"], description=steps.RETURN.label)
    def return_to_draft(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """Send records back to their analyst."""
        self.take_step(request, steps.RETURN, list(queryset.values_list("pk", flat=True)))

    def take_step(self, request: HttpRequest, step: steps.Step, keys: list[Any]) -> None:
        """Take a step of review with each record, and say what came of it."""
        outcome = steps.take(step, self.model, keys, by=request.user.get_username())
        for record in outcome.taken:
            self.log_change(request, record, str(step.label))
        if outcome.taken:
            values = {"records": outcome.taken[0], "count": len(outcome.taken)}
            self.message_user(request, step.done % values, messages.SUCCESS)
        for _record, reason in outcome.refused:
            self.message_user(request, reason, messages.ERROR)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        self._step_from_page(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self._step_from_page(request, obj)
        return super().response_change(request, obj)

    def _step_from_page(self, request: HttpRequest, obj: Any) -> None:
        step = steps.STEPS.get(request.POST.get(_STEP, ""))
        if step is None or not self.has_change_permission(request, obj):
            return
        self.take_step(request, step, [obj.pk])
        post = request.POST.copy()
        post["_continue"] = "1"
        request.POST = post  # type: ignore[assignment]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        state = Reviewable.ReviewState.DRAFT.value if obj is None else obj.review_state
        context["review_steps"] = (
            [step for step in steps.STEPS.values() if state in step.states]
            if add or self.has_change_permission(request, obj)
            else []
        )
        if obj is not None:
            # From the database: the object at hand may carry what a refused form had.
            record = workflow.for_publication(self.model).get(pk=obj.pk)
            context["review"] = {
                "record": record,
                "lacks": list(quality.problems_of(record)),
                "public_url": self.public_url(record),
                "ledger_url": self.ledger_url(record),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def public_url(self, record: Reviewable) -> str:
        """Return the address of a record in the API, "" where it is not public now."""
        rows = Publication.objects.current().published()
        if not rows.filter(kind=record.record_kind, slug=record.record_key).exists():
            return ""
        return f"{reverse('home')}api/v1/{PLURALS[record.record_kind]}/{record.record_key}/"

    def ledger_url(self, record: Reviewable) -> str:
        """Return the address of the list of a record's publications."""
        query = {"kind__exact": record.record_kind, "q": record.record_key}
        return f"{reverse('admin:agreements_publication_changelist')}?{urlencode(query)}"
