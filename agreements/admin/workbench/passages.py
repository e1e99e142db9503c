"""Words cited from the workbench: for a new record, for a field, or somewhere else than before."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from agreements.admin.conflicts import VERSION
from agreements.admin.selects import is_key
from agreements.admin.workbench.answers import Answer
from agreements.admin.workbench.changes import Change, RecordChange, errors_of
from agreements.admin.workbench.fields import field_label, inputs_of
from agreements.admin.workbench.forms import CitationDetails
from agreements.admin.workbench.panel import BEGUN_HERE, Notice, may
from agreements.admin.workbench.views import record_named
from agreements.desk import citing, drafting, sides
from agreements.desk.passages import Selection
from agreements.desk.proposed import ProposedText, facts_for, reading_of
from agreements.desk.values import OWN_WORDS, UNREAD, in_short
from agreements.exceptions import DeskError
from agreements.models import Citation
from agreements.suggestions.proposals import Proposal


class Begin(Change):
    """POST kind, paragraph, start, end: a new record from selected words."""

    def change(self, request: HttpRequest) -> Answer:
        kind = request.POST.get("kind", "")
        if kind not in BEGUN_HERE:
            raise DeskError(_("Begin an agreement, a meeting or an exercise."))
        if not may(request.user, "add", kind):
            raise PermissionDenied
        selection = self.selection(request.POST)
        return answer_to_begun(drafting.begin(kind, selection, self.by), selection)


def answer_to_begun(begun: drafting.Begun, selection: Selection) -> Answer:
    """Return what to answer to a new draft."""
    fields = dict.fromkeys(fact.field for fact in begun.filled)
    labels = ", ".join(field_label(type(begun.record), name).lower() for name in fields)
    text = _("A draft was begun; cited: %(fields)s.") if fields else _("A draft was begun.")
    return Answer(
        begun.record,
        Notice(text=text % {"fields": labels}),
        context={"selection": selection, "new_forces": begun.new_forces},
    )


def suggestion(posted: Any, selection: Selection) -> Proposal:
    """Return the suggestion that a post means, read anew. Raises a DeskError."""
    read = ProposedText(selection.document, selection.text)
    return read.proposal(posted.get("type", ""), selection, posted.get("reading", ""))


class Cite(RecordChange):
    """POST field, paragraph, start, end: selected words for a field of the record."""

    def change(self, request: HttpRequest) -> Answer:
        name = request.POST.get("field", "")
        selection = self.selection(request.POST)
        return answer_to(citing.cite(self.record, name, selection, self.by, self.token), selection)

    def typed(self, request: HttpRequest, record: Any) -> list[tuple[str, str]]:
        try:
            words = self.selection(request.POST).words
        except DeskError:
            return []
        return [(field_label(type(record), request.POST.get("field", "")), words)]


def answer_to(done: citing.Cited, selection: Selection, found: Proposal | None = None) -> Answer:
    """Return what to answer to a citation; `found` is the suggestion that it came of, if any."""
    model, name = type(done.record), done.citation.field
    values = {"field": field_label(model, name)}
    answer = Answer(done.record, show=f"in-panel-citation-{done.citation.pk}")
    if done.other and done.citation.stance == Citation.Stance.DISPUTES:
        text = _("Cited for %(field)s: the words dispute the value of the record.")
    elif done.other:
        stated = values["stated"] = in_short(model, done.other[0])
        text = _("Cited for %(field)s. The record says something else than “%(stated)s”.")
        answer.context = {"difference": done, "selection": selection, "stated": stated}
        answer.context |= {"suggestion": found, "reading": found and reading_of(found)}
    elif done.refused:
        text = _("Cited for %(field)s. Its value was not taken over: %(reason)s")
        values["reason"] = done.refused
    elif done.filled:
        values["value"] = ", ".join(in_short(model, fact) for fact in done.filled)
        text = _("Cited for %(field)s: %(value)s.")
    else:
        text = _("Cited for %(field)s.")
        answer.focus = "" if found else _input(done.record, name)
    answer.notice = Notice(text=text % values)
    return answer


def _input(record: Any, name: str) -> str:
    """Return the id of the input to write the value in; "" where there is one already."""
    inputs = inputs_of(name)
    if not inputs:
        return ""
    value = getattr(record, inputs[0])
    unread = UNREAD.get(record.record_kind, {}).get(name)
    if name not in OWN_WORDS and value not in (None, "", unread):
        return ""
    return f"id_{record.record_kind}_{inputs[0]}"


class UseValue(RecordChange):
    """POST field, paragraph, start, end: what the words say, in place of the record's value.

    With type and reading, what the suggestion says that is meant by these.
    """

    def change(self, request: HttpRequest) -> Answer:
        name = request.POST.get("field", "")
        selection = self.selection(request.POST)
        facts = None
        if "type" in request.POST:
            words = selection.words
            suggested = facts_for(self.record, suggestion(request.POST, selection), words)
            facts = [each for each in suggested if each.field == name]
        fact = citing.use_value(self.record, name, selection, self.by, self.token, facts)
        value = in_short(type(self.record), fact)
        text = _("%(field)s is %(value)s now.")
        label = field_label(type(self.record), name)
        return Answer(
            self.record,
            Notice(text=text % {"field": label, "value": value}),
            show=f"field-{name}",
        )


class MakeForce(RecordChange):
    """POST force (a slug), paragraph, start, end: a force that the desk lacks becomes a draft."""

    def change(self, request: HttpRequest) -> Answer:
        if not may(request.user, "add", "force"):
            raise PermissionDenied
        self.as_engagement(self.record)
        slug, selection = request.POST.get("force", ""), self.selection(request.POST)
        force = drafting.make_force(self.record, slug, selection, self.by, self.token)
        text = _("%(force)s is a draft on the desk now, and takes part.") % {"force": force}
        return Answer(
            self.record,
            Notice(text=text),
            show="field-participants",
            context=self._others(selection),
        )

    @staticmethod
    def _others(selection: Selection) -> dict[str, Any]:
        forces = drafting.Reader(selection).new_forces()
        return {"selection": selection, "new_forces": forces}


class ChangeCitation(RecordChange):
    """POST details, dispute or remove: how a passage bears its field."""

    def change(self, request: HttpRequest) -> Answer:
        citation = self.kwargs["citation"]
        if "remove" in request.POST:
            citing.remove(self.record, citation, self.by, self.token)
            return Answer(self.record, Notice(text=_("The citation was removed.")))
        if "dispute" in request.POST:
            citing.dispute(self.record, citation, self.by, self.token)
            text = _("The words dispute the value of the record.")
            return Answer(self.record, Notice(text=text), show=f"in-panel-citation-{citation}")
        with transaction.atomic():
            record = self.claimed()
            row: Citation = sides.row_of(record.citations, citation)
            form = CitationDetails(_laid_over(CitationDetails(instance=row), request), instance=row)
            if not form.is_valid():
                raise ValidationError(errors_of(form))
            form.save()
            self.noted(record)
        return Answer(record, Notice(text=_("Saved.")))


def _laid_over(form: Any, request: HttpRequest) -> dict[str, Any]:
    """Return what a form holds, with what was posted of it."""
    values = {bound.name: bound.value() for bound in form}
    return values | {name: request.POST[name] for name in values if name in request.POST}


class Move(Change):
    """POST: a quotation that is not where it says is cited where its words stand now."""

    def change(self, request: HttpRequest) -> Answer:
        quotation = self._quotation(self.kwargs["passage"])
        self.record = quotation.target if isinstance(quotation, Citation) else quotation
        if not may(request.user, "change", self.record.record_kind):
            raise PermissionDenied
        number = citing.move(self.record, quotation, self.by, request.POST.get(VERSION, ""))
        text = _("Cited in paragraph %(number)d now.") % {"number": number}
        open_key = request.POST.get("open", "")
        return Answer(record_named(open_key, request.user), Notice(text=text))

    def _quotation(self, passage: str) -> Any:
        kind, _dash, number = passage.partition("-")
        rows: Any = {"citation": self.document.citations, "total": self.document.totals}.get(kind)
        if rows is None or not is_key(number):
            raise Http404
        found = rows.filter(pk=number).first()
        if found is None:
            raise Http404
        return found
