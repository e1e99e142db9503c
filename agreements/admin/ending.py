"""The pages by which a published record ends: withdrawn, or merged into another one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agreements import history, merging, workflow
from agreements.admin.addresses import desk_address, public_address
from agreements.admin.conflicts import VERSION
from agreements.admin.deleting import DeletingAdmin, meanwhile
from agreements.admin.review_page import hindrance
from agreements.admin.selects import KnownSelect, is_key
from agreements.admin.strict import LinesField
from agreements.exceptions import AgreementsError, Conflict
from agreements.history import Way
from agreements.models import Reviewable, Versioned
from agreements.naming import key_of, public_keys
from agreements.records import REVIEWABLE
from agreements.roles import WITHDRAW, holders
from agreements.versions import claim, token

State = Reviewable.ReviewState
_WINNERS_VERSION = "_winners_version"
_PLAN = "_plan"
_A_PAGE = 20
_LONGEST_TERM = 200
_DEPENDENTS = 50


class ReasonForm(forms.Form):
    """Why a record ends."""

    reason = LinesField(
        label=gettext_lazy("Reason"),
        max_length=workflow.REASON_LENGTH,
        widget=forms.Textarea({"rows": 3}),
    )


class RecordSelect(KnownSelect):
    """A select with search in which nothing is chosen when it is shown."""

    def __init__(self, model: Any, admin_site: Any, url: str):
        super().__init__(model._meta.pk, admin_site)
        self.url = url

    def get_url(self) -> str:
        return self.url

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return [(None, [self.create_option(name, "", "", False, 0)], 0)]


class WinnerField(forms.ModelChoiceField):
    """The record that stays; what cannot be a key is a form error, as any unknown one is."""

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not is_key(str(value)):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


@dataclass(frozen=True)
class Named:
    """A published record that names another one, and where it is on the desk."""

    name: str
    url: str


def named(dependents: Iterable[str]) -> list[Named]:
    """Return published records, given as `kind/key`, by their names on the desk."""
    keys: dict[str, list[str]] = {}
    for each in dependents:
        kind, _slash, key = each.partition("/")
        keys.setdefault(kind, []).append(key)
    found = []
    for kind, known in keys.items():
        model: Any = REVIEWABLE[kind]
        rows = model._default_manager.filter(**{f"{model.NATURAL_KEY[0]}__in": known})
        found += [Named(str(row), desk_address(kind, row.pk)) for row in rows]
    return found


@dataclass(frozen=True)
class Shown:
    """A record that a merge changes, where it is on the desk, and what becomes of it."""

    record: Any
    url: str
    becomes_draft: bool
    moves: list[merging.Move]


def shown(changes: Iterable[merging.Changed]) -> list[Shown]:
    """Return the records that a merge changes as its page lists them."""
    return [
        Shown(
            each.record,
            desk_address(each.record.record_kind, each.record.pk),
            each.becomes_draft,
            each.moves,
        )
        for each in changes
    ]


def hindrances(record: Reviewable, by: str) -> list[str]:
    """Return, in words, why somebody cannot withdraw a record; nothing where they can."""
    if not public_keys([key_of(record)]):
        return [_("It is not public, so there is nothing to withdraw.")]
    return list(filter(None, [hindrance(record, by)]))


def who_else_may_end(record: Reviewable, by: str) -> list[str]:
    """Return who may withdraw or merge a record where somebody may not, having edited it last."""
    return holders(WITHDRAW, besides=record.edited_by) if hindrance(record, by) else []


class EndingAdmin(DeletingAdmin):
    """Pages on which a published record is withdrawn, or merged into one that stays."""

    def get_urls(self) -> list[Any]:
        start = f"{self.opts.app_label}_{self.opts.model_name}"
        pages: list[tuple[str, str, Any]] = [("withdraw/", "withdraw", self.withdraw_view)]
        if self.merges:
            pages += [
                ("merge/", "merge", self.merge_view),
                ("merge/records/", "merge_records", self.winners_view),
            ]
        wrap = self.admin_site.admin_view
        own = [
            path(f"<path:object_id>/{end}", wrap(view), name=f"{start}_{name}")
            for end, name, view in pages
        ]
        return [*own, *super().get_urls()]

    @property
    def merges(self) -> bool:
        """Whether records of this kind can be merged."""
        return self.model.RECORD_KIND in merging.MERGEABLE

    def has_withdraw_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(WITHDRAW) and self.has_view_permission(request, obj)

    def has_merge_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = self.merges and self.has_change_permission(request, obj)
        return allowed and self.has_withdraw_permission(request, obj)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None:
            context["may_withdraw"] = self.has_withdraw_permission(request, obj)
            context["may_merge"] = self.has_merge_permission(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Withdrawing

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say what withdrawing a record means and what stands in its way; on POST, withdraw it."""
        record = self._record(request, object_id)
        if not self.has_withdraw_permission(request, record):
            raise PermissionDenied
        form = ReasonForm(request.POST or None)
        context: dict[str, Any] = {}
        if request.method == "POST" and form.is_valid():
            try:
                _withdraw(record, request, form.cleaned_data["reason"])
            except Conflict as conflict:
                context["meanwhile"] = meanwhile(conflict)
                record = self._record(request, object_id)
            except AgreementsError as error:
                form.add_error(None, str(error))
            else:
                text = _("%(record)s was withdrawn.") % {"record": record}
                self.message_user(request, text, messages.SUCCESS)
                return HttpResponseRedirect(desk_address(record.record_kind, record.pk))
        by = request.user.get_username()
        hindered = hindrances(record, by)
        context |= {
            "title": _("Withdraw “%(record)s”") % {"record": record},
            "form": form,
            "version_token": token(record),
            "hindrances": hindered,
            "others": who_else_may_end(record, by),
            "dependents": [] if hindered else named(workflow.dependents_of(record, _DEPENDENTS)),
            "address": public_address(*key_of(record)),
        }
        return self._page(request, "withdraw", record, context)

    # Merging

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask which record stays, then say what a merge would move; on POST, take its next step."""
        loser = self._record(request, object_id)
        if not self.has_merge_permission(request, loser):
            raise PermissionDenied
        into = self._winner_form(request, loser)
        title = _("Merge “%(record)s”") % {"record": loser}
        if not into.is_valid():
            return self._page(request, "merge", loser, {"title": title, "into": into})
        winner = history.fresh(into.cleaned_data["into"])
        form = ReasonForm(request.POST or None)
        context: dict[str, Any] = {}
        if request.method == "POST" and form.is_valid():
            try:
                outcome = _merge(loser, winner, request, form.cleaned_data["reason"])
            except Conflict as conflict:
                context["meanwhile"] = meanwhile(conflict)
                loser, winner = self._record(request, object_id), history.fresh(winner)
            except AgreementsError as error:
                form.add_error(None, str(error))
            else:
                return self._merged(request, loser, winner, outcome)
        by = request.user.get_username()
        plan = merging.plan_of(loser, winner, by)
        context |= {
            "title": title,
            "winner": winner,
            "form": form,
            "plan": plan,
            "version_token": token(plan.loser),
            "winners_token": token(plan.winner),
            "mentions": shown(plan.changes(plan.mentions)),
            "belongings": shown(plan.changes(plan.belongings)),
            "dependents": named(plan.dependents),
            "others": who_else_may_end(loser, by) if plan.was_published else [],
            "address": public_address(*key_of(loser)),
            "winners_address": public_address(*key_of(winner)),
        }
        return self._page(request, "merge", loser, context)

    def winners_view(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """Answer the select with search, as Django's own: the records that can stay."""
        loser = self._record(request, object_id)
        if not self.has_merge_permission(request, loser):
            raise PermissionDenied
        term = request.GET.get("term", "")[:_LONGEST_TERM]
        rows, repeated = self.get_search_results(request, self._winners(loser), term)
        page = Paginator(rows.distinct() if repeated else rows, _A_PAGE).get_page(
            request.GET.get("page")
        )
        found = [{"id": str(row.pk), "text": f"{row} ({row.record_key})"} for row in page]
        return JsonResponse({"results": found, "pagination": {"more": page.has_next()}})

    def _winners(self, loser: Reviewable) -> QuerySet[Any]:
        rows = self.model._default_manager.exclude(pk=loser.pk)
        return rows.exclude(review_state=State.WITHDRAWN)

    def _winner_form(self, request: HttpRequest, loser: Reviewable) -> forms.Form:
        url = desk_address(loser.record_kind, loser.pk, "merge_records")
        field = WinnerField(
            self._winners(loser),
            label=_("Record that stays"),
            widget=RecordSelect(self.model, self.admin_site, url),
        )
        made: Any = type("WinnerForm", (forms.Form,), {"into": field})
        return made(request.GET if "into" in request.GET else None)

    def _merged(
        self, request: HttpRequest, loser: Any, winner: Any, outcome: merging.Outcome
    ) -> HttpResponse:
        """Say what a step of a merge left, and lead to where the work goes on."""
        if outcome.stage == merging.Stage.MENTIONS:
            text = _("Once the drafts are published, complete the merge on this page.")
            url = request.get_full_path()
        else:
            text = _("“%(loser)s” was merged into “%(winner)s”.")
            text %= {"loser": loser, "winner": winner}
            url = desk_address(winner.record_kind, winner.pk)
        if outcome.drafts:
            count = len(outcome.drafts)
            drafts = ngettext(
                "%(count)d record is a draft now.", "%(count)d records are drafts now.", count
            )
            text = f"{text} {drafts % {'count': count}}"
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(url)

    def _record(self, request: HttpRequest, object_id: str) -> Any:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        return obj

    def _page(
        self, request: HttpRequest, name: str, record: Any, context: dict[str, Any]
    ) -> HttpResponse:
        status = HTTPStatus.CONFLICT if "meanwhile" in context else HTTPStatus.OK
        shared = {**self.admin_site.each_context(request), "object": record, "opts": self.opts}
        template = f"admin/agreements/{name}.html"
        return TemplateResponse(request, template, shared | context, status=status)


@transaction.atomic
def _withdraw(record: Versioned, request: HttpRequest, reason: str) -> None:
    claim(record, request.POST.get(VERSION, ""))
    by = request.user.get_username()
    workflow.withdraw(history.fresh(record), by, reason, way=Way.FORM)


@transaction.atomic
def _merge(loser: Any, winner: Any, request: HttpRequest, reason: str) -> merging.Outcome:
    tokens = {loser.pk: VERSION, winner.pk: _WINNERS_VERSION}
    # In one order for everybody, so that two merges never wait for each other.
    for record in sorted((loser, winner), key=lambda each: each.pk):
        claim(record, request.POST.get(tokens[record.pk], ""))
    by, agreed = request.user.get_username(), request.POST.get(_PLAN, "")
    if not agreed:
        raise Conflict(loser, None, _("Nothing tells what you agreed to move."))
    loser, winner = history.fresh(loser), history.fresh(winner)
    return merging.merge(loser, winner, by, reason, Way.FORM, agreed)
