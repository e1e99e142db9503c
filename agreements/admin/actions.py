"""Steps that are taken with rows of a list, each confirmed on a page that shows the records."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements import history
from agreements.admin import steps
from agreements.admin.conflicts import VERSION
from agreements.admin.deleting import DeletingAdmin
from agreements.admin.review_page import reviews
from agreements.ledger import named_as_before
from agreements.naming import key_of
from agreements.records import whole

_CONFIRMED = "_confirmed"


class ActingAdmin(DeletingAdmin):
    """A list whose rows take a step together, as they were seen on the page that asks."""

    actions = ["delete_selected"]

    @admin.action(permissions=["delete"], description=steps.DELETE.label)
    def delete_selected(self, request: HttpRequest, queryset: QuerySet) -> Any:
        """Delete records that were never published."""
        return self.confirm(request, steps.DELETE, queryset)

    def confirm(self, request: HttpRequest, step: steps.Step, queryset: QuerySet) -> Any:
        """Show what a step would be taken with; once that was confirmed, take it."""
        confirmed = _CONFIRMED in request.POST
        if confirmed:
            # What was shown, also where the list's filter leaves some of it out by now.
            keys = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
            queryset = self.get_queryset(request).filter(pk__in=keys)
        if queryset.count() > steps.MOST_RECORDS:
            text = _("Select at most %(count)d records at a time.")
            values = {"count": steps.MOST_RECORDS}
            return self.message_user(request, text % values, messages.ERROR)
        rows = whole(self.model).filter(pk__in=queryset.values("pk"))
        records = list(rows.order_by(*self.get_ordering(request)))
        if confirmed:
            self._say_what_is_gone(request, len(keys) - len(records))
            outcome = self.take_step(request, step, records, history.Way.ACTION)
            refused = [record.pk for record, _why in outcome.refused]
            if not (refused and request.POST.get("reason", "").strip()):
                return None
            # Why it was to be done was typed: it is asked again, with that.
            records = list(rows.filter(pk__in=refused).order_by(*self.get_ordering(request)))
            return self._step_page(request, step, records, HTTPStatus.CONFLICT)
        return self._step_page(request, step, records)

    def _step_page(
        self,
        request: HttpRequest,
        step: steps.Step,
        records: list[Any],
        status: int = HTTPStatus.OK,
    ) -> TemplateResponse:
        by = request.user.get_username()
        shown, along = reviews(records, by) if step is steps.PUBLISH else ([], [])
        context = {
            **self.admin_site.each_context(request),
            "title": step.label,
            "opts": self.opts,
            "step": step,
            "action": request.POST.get("action"),
            "records": records,
            "reason": request.POST.get("reason", ""),
            "reviews": shown,
            "along": along,
            "tokens": steps.tokens_of([*records, *(each.record for each in along)]),
        }
        template = "admin/agreements/step.html"
        return TemplateResponse(request, template, context, status=status)

    def _say_what_is_gone(self, request: HttpRequest, count: int) -> None:
        if count:
            text = ngettext(
                "%(count)d of the records was deleted meanwhile.",
                "%(count)d of the records were deleted meanwhile.",
                count,
            )
            self.message_user(request, text % {"count": count}, messages.ERROR)

    def take_step(
        self, request: HttpRequest, step: steps.Step, records: list[Any], way: str
    ) -> steps.Outcome:
        """Take a step with records as the page showed them, and say what came of it."""
        reason = request.POST.get("reason", "").strip()
        order = steps.Order(request.user.get_username(), way, reason)
        outcome = steps.take(step, records, request.POST.getlist(VERSION), order)
        if outcome.taken:
            values = {"records": outcome.taken[0], "count": len(outcome.taken)}
            self.message_user(request, step.done % values, messages.SUCCESS)
        for _record, why in outcome.refused:
            self.message_user(request, why, messages.ERROR)
        for record in outcome.taken if step is steps.PUBLISH else ():
            self._say_what_names_it_as_before(request, record)
        return outcome

    def _say_what_names_it_as_before(self, request: HttpRequest, record: Any) -> None:
        count = named_as_before(*key_of(record))
        if count:
            text = ngettext(
                "%(count)d published record names %(record)s as it was called before; the action "
                "“%(action)s” of its list publishes it again.",
                "%(count)d published records name %(record)s as it was called before; the action "
                "“%(action)s” of its list publishes them again.",
                count,
            )
            values = {"count": count, "record": record, "action": steps.CARRY.label}
            self.message_user(request, text % values, messages.WARNING)
