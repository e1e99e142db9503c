"""A post from the workbench that changes one thing, and what is answered when it cannot."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from agreements import history, workflow
from agreements.admin.conflicts import VERSION
from agreements.admin.selects import is_key
from agreements.admin.workbench.answers import Answer
from agreements.admin.workbench.panel import Again, Notice, may
from agreements.admin.workbench.views import OfDocument, record_named
from agreements.desk import sides
from agreements.desk.cited import key_of
from agreements.differences import differences
from agreements.exceptions import AgreementsError, Conflict, DeskError, QualityError
from agreements.history import Way
from agreements.models import Engagement
from agreements.records import whole
from agreements.snapshots import snapshot
from agreements.versions import claim, token

_UNTOLD = {VERSION, "csrfmiddlewaretoken"}


class Change(OfDocument):
    """A post that changes something. What goes wrong is answered in the panel, with its reason."""

    http_method_names = ["post"]
    record: Any = None

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            answer = self.change(request)
        except Conflict as conflict:
            answer = self.conflicted(request, conflict)
        except (AgreementsError, ValidationError) as error:
            answer = Answer(self.kept(), Notice("refused", _reason(error)))
        return self.answered(request, answer)

    def answered(self, request: HttpRequest, answer: Answer) -> HttpResponse:
        """Return what came of it, as whoever asked can take it."""
        return answer.response(request, self.document)

    def change(self, request: HttpRequest) -> Answer:
        """Do what is asked, and return what to answer."""
        raise NotImplementedError

    def kept(self) -> Any:
        """Return the record to go on showing after a refusal, None where it is gone."""
        return self.record and _found(self.record)

    def conflicted(self, request: HttpRequest, conflict: Conflict) -> Answer:
        """Show what was saved meanwhile beside what was asked for here, to be asked for again."""
        notice = Notice("conflict", str(conflict))
        record = _found(conflict.record)
        if record is not None:
            now = snapshot(record)
            before = conflict.seen and history.state_of_version(record, conflict.seen)
            notice.meanwhile = differences(record.record_kind, before or now, now)
            posted = request.POST.lists()
            notice.again = Again(
                request.path,
                token(record),
                key_of(record),
                [
                    (name, value)
                    for name, values in posted
                    if name not in _UNTOLD
                    for value in values
                ],
            )
            notice.typed = self.typed(request, record)
        return Answer(self.kept(), notice)

    def typed(self, request: HttpRequest, record: Any) -> list[tuple[str, str]]:
        """Return what was typed for the change that came second, each with its label."""
        return []


def _found(record: Any) -> Any:
    """Return a record as the database has it, None where it was deleted."""
    return whole(type(record)).filter(pk=record.pk).first()


def _reason(error: Exception) -> str:
    if isinstance(error, QualityError):
        return " ".join(error.problems)
    return sides.messages_of(error) if isinstance(error, ValidationError) else str(error)


class RecordChange(Change):
    """A post that changes one record, which the user must be allowed to change."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.record = record_named(self.kwargs["key"], request.user)
        if self.record is None:
            raise Http404
        if not may(request.user, "change", self.record.record_kind):
            raise PermissionDenied
        return super().post(request, **kwargs)

    @property
    def token(self) -> str:
        return self.request.POST.get(VERSION, "")

    def claimed(self) -> Any:
        """Return the record, locked and as the database has it. Raises a Conflict."""
        claim(self.record, self.token)
        return history.fresh(self.record)

    def noted(self, record: Any) -> None:
        """Note that the record was changed."""
        workflow.record_edit(record, self.by, Way.WORKBENCH)

    def number(self, name: str) -> int:
        """Return a posted number of a row; raise a DeskError where it cannot be one."""
        text = self.request.POST.get(name, "")
        if not is_key(text):
            raise DeskError(_("This is no longer a part of the record."))
        return int(text)

    def as_engagement(self, record: Any) -> Engagement:
        """Return a record that has sides and topics; raise a DeskError for any other."""
        if not isinstance(record, Engagement):
            raise DeskError(_("This kind of record has no such field."))
        return record


def errors_of(form: Any) -> str:
    """Return every message of a refused form, in one line."""
    return " ".join(message for messages in form.errors.values() for message in messages)
