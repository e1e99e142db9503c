"""The common page of all records that are approved and published on their own."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from agreements import history, quality
from agreements.admin import steps
from agreements.admin.addresses import page_address, public_address
from agreements.admin.conflicts import VERSION
from agreements.admin.deleting import Meanwhile, meanwhile
from agreements.admin.ending import EndingAdmin
from agreements.admin.exchange import ExchangingAdmin
from agreements.admin.review_page import reviews
from agreements.admin.searches import searches_box
from agreements.ledger import ever_published
from agreements.models import Change, Reviewable
from agreements.naming import key_of, public_keys
from agreements.roles import APPROVE, holders
from agreements.versions import lock

State = Reviewable.ReviewState
_STEP = "_review_step"


def refuse_loop(form: forms.ModelForm, name: str) -> None:
    """Add a form error where a record would stand above itself, at whatever remove."""
    above, seen = form.cleaned_data.get(name), set()
    while above is not None and above.pk not in seen:
        if above.pk == form.instance.pk:
            form.add_error(name, _("Choose another one: this leads back to the record itself."))
            return
        seen.add(above.pk)
        above = getattr(above, name)


class ReviewableAdmin(EndingAdmin, ExchangingAdmin):
    """Edits go through the workflow: whatever changes becomes a draft, with a new version."""

    # The key in the API: it never changes once published.
    key_field = "slug"
    key_source: str = "title"
    actions = [
        "submit_for_review",
        "approve_and_publish",
        "return_to_draft",
        "carry_name",
        "withdraw_selected",
        "delete_selected",
        "export_as_csv",
        "export_as_xlsx",
    ]

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

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
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

    # Steps with rows of the list

    def has_approve_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(APPROVE)

    @admin.action(permissions=["change"], description=steps.SUBMIT.label)
    def submit_for_review(self, request: HttpRequest, queryset: QuerySet) -> Any:
        """Hand drafts to review."""
        return self.confirm(request, steps.SUBMIT, queryset)

    @admin.action(permissions=["approve"], description=steps.PUBLISH.label)
    def approve_and_publish(self, request: HttpRequest, queryset: QuerySet) -> Any:
        """Approve records in review and publish them."""
        return self.confirm(request, steps.PUBLISH, queryset)

    @admin.action(permissions=["approve"], description=steps.RETURN.label)
    def return_to_draft(self, request: HttpRequest, queryset: QuerySet) -> Any:
        """Send records back to their analyst."""
        return self.confirm(request, steps.RETURN, queryset)

    @admin.action(permissions=["approve"], description=steps.CARRY.label)
    def carry_name(self, request: HttpRequest, queryset: QuerySet) -> Any:
        """Publish again what names the records, with their names as they are public now."""
        return self.confirm(request, steps.CARRY, queryset)

    @admin.action(permissions=["withdraw"], description=steps.WITHDRAW.label)
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet) -> Any:
        """Take records out of the public eye."""
        return self.confirm(request, steps.WITHDRAW, queryset)

    # Review of one record

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.review_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_review"
        return [path("<path:object_id>/review/", view, name=name), *super().get_urls()]

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what would become public of a record; on POST, approve it or return it."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        changed: list[Meanwhile] = []
        if request.method == "POST":
            if not self.has_approve_permission(request):
                raise PermissionDenied
            step = steps.RETURN if request.POST.get(_STEP) == steps.RETURN.name else steps.PUBLISH
            changed, taken = self._answered(request, obj, step)
            if taken:
                return HttpResponseRedirect(request.path)
        return self._review_page(request, obj, changed)

    @transaction.atomic
    def _answered(
        self, request: HttpRequest, obj: Reviewable, step: steps.Step
    ) -> tuple[list[Meanwhile], bool]:
        """Take a step with a record; return what changed since its review was shown, or done."""
        if lock(obj) is None:
            raise Http404
        tokens = request.POST.getlist(VERSION)
        changed = [meanwhile(each) for each in steps.conflicts(step, history.fresh(obj), tokens)]
        if changed:
            return changed, False
        return [], bool(self.take_step(request, step, [obj], history.Way.FORM).taken)

    def _review_page(
        self, request: HttpRequest, obj: Reviewable, changed: list[Meanwhile]
    ) -> HttpResponse:
        record = history.fresh(obj)
        (first,), along = reviews([record], request.user.get_username())
        every = [first, *along]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Review of “%(record)s”") % {"record": record},
            "opts": self.opts,
            "object": record,
            "review": first,
            "along": along,
            "changed": changed,
            "reason": request.POST.get("reason", ""),
            "tokens": steps.tokens_of(each.record for each in every),
            "may_approve": self.has_approve_permission(request),
            "hindrance": next(filter(None, (each.hindrance for each in every)), ""),
            "approvers": holders(APPROVE, besides=record.edited_by),
            "public_url": self.public_url(record),
        }
        status = HTTPStatus.CONFLICT if changed else HTTPStatus.OK
        return TemplateResponse(request, "admin/agreements/review.html", context, status=status)

    # The page of a record

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        self._submit_from_page(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self._submit_from_page(request, obj)
        return super().response_change(request, obj)

    def _submit_from_page(self, request: HttpRequest, obj: Any) -> None:
        if request.POST.get(_STEP) != steps.SUBMIT.name:
            return
        post = request.POST.copy()
        post["_continue"] = "1"
        # What was just saved is what is submitted.
        post.setlist(VERSION, steps.tokens_of([history.fresh(obj)]))
        request.POST = post  # type: ignore[assignment]
        self.take_step(request, steps.SUBMIT, [obj], history.Way.FORM)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        # Also where nothing is a draft yet: what is edited and submitted at once becomes one.
        context["may_submit"] = add or self.has_change_permission(request, obj)
        if obj is not None:
            # From the database: the object at hand may carry what a refused form had.
            record = history.fresh(obj)
            public_url = self.public_url(record)
            context["review"] = {
                "record": record,
                "lacks": list(quality.problems_of(record)),
                "advice": list(quality.advice_of(record)),
                "returned": _returned(record),
                "public_url": public_url,
                # A key that came past the program may be none that a page can have.
                "page_url": page_address(*key_of(record)) if public_url else "",
                "ledger_url": self.ledger_url(record),
            }
            context["searches"] = searches_box(record, request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def public_url(self, record: Reviewable) -> str:
        """Return the address of a record in the API, "" where it is not public now."""
        if not public_keys([key_of(record)]):
            return ""
        return public_address(*key_of(record))

    def ledger_url(self, record: Reviewable) -> str:
        """Return the address of the list of a record's publications."""
        query = {"kind__exact": record.record_kind, "q": record.record_key}
        return f"{reverse('admin:agreements_publication_changelist')}?{urlencode(query)}"


def _returned(record: Reviewable) -> Change | None:
    """Return the change by which a draft came back from review, where nothing came after it."""
    if record.review_state != State.DRAFT:
        return None
    last = history.changes_of(record).defer("state").first()
    return last if last and last.step == Change.Step.RETURNED else None
