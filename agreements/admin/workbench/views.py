"""The pages of the workbench, and what its scripts ask of them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import View

from agreements.admin.selects import is_key
from agreements.admin.workbench.answers import Answer, Marked
from agreements.admin.workbench.forms import SelectionForm
from agreements.admin.workbench.lookups import LOOKUPS, look_up
from agreements.admin.workbench.panel import WORKED_ON, Panel, may
from agreements.admin.workbench.republication import republication
from agreements.admin.workbench.toolbar import Toolbar
from agreements.desk.cited import CitedText, key_of
from agreements.desk.passages import Selection, selection
from agreements.exceptions import DeskError
from agreements.models import Document
from agreements.presence import note_presence
from agreements.records import KINDS_OF_RECORD


class OfDocument(View):
    """A view of one document, for whoever may read it. Anything else is not found or refused."""

    document: Document

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may(request.user, "view", "document"):
            raise PermissionDenied
        self.document = found(Document, kwargs.pop("document"))
        return super().dispatch(request, *args, **kwargs)

    @property
    def by(self) -> str:
        return self.request.user.get_username()

    def selection(self, values: Any) -> Selection:
        """Return the words that a form stands for; raise a DeskError where they are not there."""
        form = SelectionForm(values)
        if not form.is_valid():
            raise DeskError(_("Select some words of one paragraph."))
        if form.cleaned_data["text"] != (self.document.sha256 or ""):
            raise DeskError(_("The text was replaced meanwhile; load the page again."))
        given = form.cleaned_data
        return selection(self.document, given["paragraph"], given["start"], given["end"])


def found(model: Any, key: Any) -> Any:
    """Return a row by its number, or raise a Http404."""
    row = model._default_manager.filter(pk=key).first() if is_key(str(key)) else None
    if row is None:
        raise Http404
    return row


def record_named(key: str, user: Any) -> Any:
    """Return the record that a key such as `meeting-12` names, None where it names none.

    Raises PermissionDenied where the user may not read it.
    """
    kind, _dash, number = key.partition("-")
    if kind not in WORKED_ON or not is_key(number):
        return None
    if not may(user, "view", kind):
        raise PermissionDenied
    return KINDS_OF_RECORD[kind]._default_manager.filter(pk=number).first()


class TextPage(OfDocument):
    """GET: the text beside the panel; `?record=meeting-12` opens that record in the panel."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        record = record_named(request.GET.get("record", ""), request.user)
        if record is not None and may(request.user, "change", record.record_kind):
            note_presence(request.user, record)
        cited = CitedText(self.document)
        panel = Panel(cited, request.user, record)
        current = key_of(record) if record is not None else ""
        context = {
            **admin.site.each_context(request),
            "title": self.document.title,
            "subtitle": _("Workbench"),
            "opts": Document._meta,
            "document": self.document,
            "panel": panel,
            "paragraphs": [
                (number, [Marked(each, cited, current) for each in segments])
                for number, segments in cited.paragraphs()
            ],
            "republication": republication(self.document, request.user),
            "may_cite": any(may(request.user, "change", kind) for kind in WORKED_ON),
        }
        return render(request, "admin/agreements/workbench/page.html", context)


class RecordPage(OfDocument):
    """GET: the panel with a record opened, as an answer to scripts."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, key: str = "") -> HttpResponse:
        record = record_named(key, request.user)
        if key and record is None:
            raise Http404
        return Answer(record).response(request, self.document)


class Find(View):
    """GET ?of=…&q=…: `{"results": [{"key", "label", "hint"}]}`, of what the user may read."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        of = request.GET.get("of", "")
        if of not in LOOKUPS:
            return JsonResponse({"results": []}, status=400)
        return JsonResponse({"results": look_up(request, of, request.GET.get("q", ""))})


class Offer(OfDocument):
    """GET ?paragraph=…&start=…&end=…&record=…: `{"toolbar": html, "said"}` for selected words."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        record = record_named(request.GET.get("record", ""), request.user)
        if record is not None and not may(request.user, "change", record.record_kind):
            record = None
        try:
            toolbar = Toolbar(self.selection(request.GET), record, request.user)
        except DeskError as error:
            return JsonResponse({"toolbar": "", "said": str(error)}, status=400)
        context = {"toolbar": toolbar, "across": bool(request.GET.get("across"))}
        html = render_to_string("admin/agreements/workbench/toolbar.html", context, request=request)
        return JsonResponse({"toolbar": html, "said": toolbar.said})
