"""Suggestions for a text: shown to whoever may read it, entered by whoever may change records."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.admin.workbench.answers import Answer
from agreements.admin.workbench.changes import Change, RecordChange
from agreements.admin.workbench.fields import field_label
from agreements.admin.workbench.panel import BEGUN_HERE, Notice, may
from agreements.admin.workbench.passages import answer_to, answer_to_begun, suggestion
from agreements.admin.workbench.suggested import Suggestions
from agreements.admin.workbench.views import OfDocument, record_named
from agreements.desk import accepting, drafting
from agreements.desk.cited import CitedText, key_of
from agreements.desk.citing import Cited, Differing
from agreements.desk.delegations import described
from agreements.desk.passages import Selection
from agreements.desk.proposed import ProposedText
from agreements.desk.sides import row_of
from agreements.desk.values import in_short
from agreements.exceptions import DeskError
from agreements.models import Document, Person, Series
from agreements.suggestions.facts import Fact
from agreements.suggestions.proposals import Event, Proposal

NEW = "new"


class Proposals(OfDocument):
    """GET ?record=meeting-12: what is suggested for the text, and for that record.

    Scripts get `{"html", "places", "said", "record"}`; a place is `{"id", "type", "paragraph",
    "start", "end", "hint"}`, of those suggestions that nobody has accepted.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        cited = CitedText(self.document)
        record = record_named(request.GET.get("record", ""), request.user)
        found = Suggestions(cited, request.user, record) if cited.held else None
        context: dict[str, Any] = {"suggestions": found, "document": self.document}
        if _asked_by_a_script(request):
            return JsonResponse(self._answer(request, context, found))
        context |= {
            **admin.site.each_context(request),
            "title": _("Suggestions"),
            "subtitle": self.document.title,
            "opts": Document._meta,
            "alone": True,
        }
        return render(request, "admin/agreements/workbench/suggestions_page.html", context)

    @staticmethod
    def _answer(
        request: HttpRequest, context: dict[str, Any], found: Suggestions | None
    ) -> dict[str, Any]:
        total = found.total if found else 0
        said = ngettext("%(total)d suggestion", "%(total)d suggestions", total)
        template = "admin/agreements/workbench/suggestions.html"
        return {
            "html": render_to_string(template, context, request=request),
            "places": [
                {
                    "id": item.id,
                    "type": item.found.type,
                    "paragraph": item.found.number,
                    "start": item.found.span.start,
                    "end": item.found.span.end,
                    "hint": f"{item.type_name}: {item.value}",
                }
                for item in (found.items if found else ())
                if not item.is_done
            ],
            "said": said % {"total": total},
            "record": found.key if found else "",
        }


def _asked_by_a_script(request: HttpRequest) -> bool:
    """Whether an answer is for the scripts of the workbench, and not a page for a person."""
    return "text/html" not in request.headers.get("Accept", "")


class _Accepting(Change):
    """A post that accepts what is suggested. Without scripts it leads back to the suggestions."""

    def answered(self, request: HttpRequest, answer: Answer) -> HttpResponse:
        if _asked_by_a_script(request):
            return super().answered(request, answer)
        tone = messages.SUCCESS if answer.notice.tone == "done" else messages.ERROR
        messages.add_message(request, tone, answer.notice.text)
        page = reverse("admin:agreements_document_proposals", args=[self.document.pk])
        record = f"?record={key_of(answer.record)}" if answer.record is not None else ""
        return HttpResponseRedirect(page + record)

    def event(self, selection: Selection) -> Event:
        """Return the event that a post means, read anew. Raises a DeskError."""
        posted = self.request.POST
        read = ProposedText(self.document, selection.text)
        return read.event(posted.get("kind", ""), selection, posted.get("reading", ""))


class Accept(_Accepting, RecordChange):
    """POST type, paragraph, start, end, reading, field: a suggestion fills a field and is cited.

    `differing` ("use", "dispute") says what becomes of another value; `series` (a number, or
    "new" with `series_title`) goes with the number of a record that is in no series; `side` and
    `person` (a number, or "new") with somebody's name.
    """

    def change(self, request: HttpRequest) -> Answer:
        selection = self.selection(request.POST)
        found = suggestion(request.POST, selection)
        name = request.POST.get("field", "")
        if name == "delegates":
            return self._person(found, selection)
        if found.type == "force" and found.value["slug"] is None:
            self._must_add("force")
        if name == "ordinal" and request.POST.get("series"):
            done = self._number(found, selection)
        else:
            differing = Differing(_one_of(Differing, request.POST.get("differing", "")))
            done = accepting.accept(
                self.record, found, name, selection, self.by, self.token, differing
            )
        return answer_to(done, selection, found)

    def _number(self, found: Proposal, selection: Selection) -> Cited:
        series = None
        if self.request.POST["series"] == NEW:
            self._must_add("series")
        else:
            series = row_of(Series.objects, self.number("series"))
        title = self.request.POST.get("series_title", "")
        return accepting.accept_number(
            self.record, found, series, title, selection, self.by, self.token
        )

    def _person(self, found: Proposal, selection: Selection) -> Answer:
        person = None
        if self.request.POST.get("person", NEW) == NEW:
            self._must_add("person")
        else:
            person = row_of(Person.objects, self.number("person"))
        side = self.number("side")
        met = accepting.accept_person(
            self.record, found, side, person, selection, self.by, self.token
        )
        text = _("%(person)s was added to the delegation.")
        if met.is_new:
            text = _("%(person)s was added to the delegation, and is new on the desk.")
        values = {"person": described(met.row)}
        return Answer(self.record, Notice(text=text % values), show="field-delegates")

    def _must_add(self, kind: str) -> None:
        if not may(self.request.user, "add", kind):
            raise PermissionDenied

    def typed(self, request: HttpRequest, record: Any) -> list[tuple[str, str]]:
        try:
            words = self.selection(request.POST).words
        except DeskError:
            return []
        return [(field_label(type(record), request.POST.get("field", "")), words)]


def _one_of(choices: Any, value: str) -> str:
    """Return a value that is among some choices, else the first of these."""
    return value if value in set(choices) else next(iter(choices))


class AcceptEvent(_Accepting):
    """POST kind, paragraph, start, end, reading: a draft of the event that these words tell of."""

    def change(self, request: HttpRequest) -> Answer:
        kind = request.POST.get("kind", "")
        if kind not in BEGUN_HERE:
            raise DeskError(_("Begin an agreement, a meeting or an exercise."))
        if not may(request.user, "add", kind):
            raise PermissionDenied
        selection = self.selection(request.POST)
        event = self.event(selection)
        return answer_to_begun(drafting.begin(kind, selection, self.by, event.facts), selection)


class CiteEvent(_Accepting, RecordChange):
    """POST kind, paragraph, start, end, reading: what is told of an event, for a record of it."""

    def change(self, request: HttpRequest) -> Answer:
        selection = self.selection(request.POST)
        event = self.event(selection)
        done = accepting.cite_event(self.record, event, selection, self.by, self.token)
        model = type(done.record)
        text = _("Cited for %(record)s: %(fields)s.")
        values = {"record": done.record, "fields": _fields(model, done.cited)}
        if done.other:
            text = _("Cited for %(record)s: %(fields)s. It says something else of: %(other)s.")
            said = (f"{_fields(model, [each])} ({in_short(model, each)})" for each in done.other)
            values["other"] = ", ".join(said)
        return Answer(done.record, Notice(text=text % values))


def _fields(model: Any, facts: list[Fact]) -> str:
    names = dict.fromkeys(fact.field for fact in facts)
    return ", ".join(field_label(model, name).lower() for name in names)
