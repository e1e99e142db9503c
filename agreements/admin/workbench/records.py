"""What is done to a record from the workbench: its fields, its sides, its topics, its review."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from agreements.admin.workbench.answers import Answer
from agreements.admin.workbench.changes import RecordChange, errors_of
from agreements.admin.workbench.forms import record_form
from agreements.admin.workbench.panel import Notice, may
from agreements.desk import alike, drafting, sides
from agreements.desk.submitting import submit_with_named
from agreements.desk.undoing import undo
from agreements.models import Topic


class Save(RecordChange):
    """POST fields of the record by their names: those that were changed."""

    def change(self, request: HttpRequest) -> Answer:
        with transaction.atomic():
            record = self.claimed()
            form = record_form(type(record))(posted=request.POST, instance=record)
            if form.is_valid():
                if form.has_changed():
                    form.save()
                    self.noted(record)
                return Answer(record, Notice(text=_("Saved.")))
            # What was refused is shown, and nothing of it was saved.
            refused = Notice("refused", _("Not saved: %(reason)s") % {"reason": errors_of(form)})
        return Answer(self.record, refused, form=form)

    def typed(self, request: HttpRequest, record: Any) -> list[tuple[str, str]]:
        form = record_form(type(record))(posted=request.POST, instance=record)
        return [(str(bound.label), bound.data) for bound in form if bound.name in request.POST]


class AddSide(RecordChange):
    """POST side ("force-12", "country-PH"), role: one more participant."""

    def change(self, request: HttpRequest) -> Answer:
        with transaction.atomic():
            record = self.as_engagement(self.claimed())
            country, force = sides.side_of(request.POST.get("side", ""), self.by)
            side = sides.name_side(record, country, force, request.POST.get("role", ""))
            self.noted(record)
        text = _("%(side)s was added.") % {"side": side.force or side.country}
        return Answer(record, Notice(text=text), focus="id_add_side")


class Side(RecordChange):
    """POST role, or remove: a participant gets another role, or goes."""

    def change(self, request: HttpRequest) -> Answer:
        with transaction.atomic():
            record = self.as_engagement(self.claimed())
            row = sides.row_of(record.participants, self.kwargs["side"])
            if "remove" in request.POST:
                row.delete()
            else:
                sides.change_role(row, request.POST.get("role", ""))
            self.noted(record)
        return Answer(record, Notice(text=_("Saved.")), show="field-participants")


class Topics(RecordChange):
    """POST topic, or remove: one topic more or less."""

    def change(self, request: HttpRequest) -> Answer:
        with transaction.atomic():
            record = self.as_engagement(self.claimed())
            if "remove" in request.POST:
                sides.row_of(record.engagement_topics, self.number("remove")).delete()
            else:
                sides.add_topic(record, sides.row_of(Topic.objects, self.number("topic")))
            self.noted(record)
        return Answer(record, Notice(text=_("Saved.")), focus="id_add_topic")


class Undo(RecordChange):
    """POST: take back one's own last change."""

    def change(self, request: HttpRequest) -> Answer:
        undo(self.record, self.by, self.token)
        return Answer(self.record, Notice(text=_("Undone.")))


class Discard(RecordChange):
    """POST: delete a draft that is one's own."""

    def change(self, request: HttpRequest) -> Answer:
        if not may(request.user, "delete", self.record.record_kind):
            raise PermissionDenied
        drafting.discard(self.record, self.by, self.token)
        return Answer(None, Notice(text=_("The draft was discarded.")))


class HandOver(RecordChange):
    """POST other: what is cited for a draft goes to a record of the same event, the draft goes."""

    def change(self, request: HttpRequest) -> Answer:
        if not may(request.user, "delete", self.record.record_kind):
            raise PermissionDenied
        self.as_engagement(self.record)
        other = alike.hand_over(self.record, self.number("other"), self.by, self.token)
        text = _("The passages are cited for “%(record)s” now, and the draft is gone.")
        return Answer(other, Notice(text=text % {"record": other}))


class Submit(RecordChange):
    """POST: hand a draft to review, with the drafts that it names."""

    def change(self, request: HttpRequest) -> Answer:
        with transaction.atomic():
            done = submit_with_named(self.claimed(), self.by)
        notice = Notice(text=_("Submitted for review."))
        return Answer(done.record, notice, context={"submitted": done})
