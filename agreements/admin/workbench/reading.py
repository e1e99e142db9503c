"""A new document from its text: pasted or in a file, with its particulars proposed."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from agreements.admin.workbench.forms import form_field
from agreements.admin.workbench.panel import may
from agreements.admin.workbench.republication import shown
from agreements.dates import PartialDate, PartialDateError
from agreements.exceptions import IntakeError
from agreements.history import Way
from agreements.intake.alike import Alike, held_alike
from agreements.intake.extraction import Extracted, extract, pasted
from agreements.intake.particulars import Particulars, propose
from agreements.intake.texts import create_document
from agreements.models import Document

_PROPOSED = ("title", "publisher", "author", "language", "published", "url", "slug")


class TextForm(forms.Form):
    """A text, pasted or in a file."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 12, "autofocus": True}),
    )
    file = forms.FileField(
        label=_("or a file"),
        required=False,
        allow_empty_file=True,
        help_text=_("Plain text, a web page (HTML), a Word document (DOCX) or a PDF with text."),
        widget=forms.FileInput({"accept": ".txt,.html,.htm,.docx,.pdf"}),
    )

    def extracted(self) -> Extracted:
        """Return what was brought. Raises an IntakeError where it cannot be read."""
        if not self.is_valid():
            messages = (str(each) for errors in self.errors.values() for each in errors)
            raise IntakeError(" ".join(messages))
        file = self.cleaned_data["file"]
        if file:
            return extract(file.name, file.read())
        return pasted(self.cleaned_data["text"])


class ParticularsForm(forms.ModelForm):
    """What a new document is, as far as it is known."""

    class Meta:
        model = Document
        fields = [*_PROPOSED, "origin"]
        formfield_callback = form_field

    def particulars(self) -> Particulars:
        """Return the values of a valid form."""
        values = {name: str(self.cleaned_data[name] or "") for name in _PROPOSED}
        return Particulars(**values)


def proposed(extracted: Extracted) -> dict[str, str]:
    """Return what a document seems to be; one without a title of its own gets one of ours."""
    found = propose(extracted.text, extracted)
    values = asdict(found)
    if not found.title:
        known = ("Untitled text", found.publisher, found.published)
        values["title"] = ", ".join(filter(None, known))
    return values


class OfNewDocument(View):
    """A view for whoever may add documents."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may(request.user, "add", "document"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ReadDocument(OfNewDocument):
    """GET: the page to bring a text to. POST: propose its particulars, or make the document.

    The first post without scripts proposes; with `proposed` in it, the document is made and opens.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, TextForm(), ParticularsForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        brought = TextForm(request.POST, request.FILES)
        try:
            extracted = brought.extracted()
        except IntakeError as error:
            brought.add_error(None, str(error))
            return self._page(request, brought, ParticularsForm(request.POST), status=400)
        filled = request.POST.copy()
        filled["text"] = extracted.text
        if "proposed" not in filled:
            for name, value in proposed(extracted).items():
                if not filled.get(name):
                    filled[name] = value
        form = ParticularsForm(filled)
        if "proposed" in filled and form.is_valid():
            try:
                document = create_document(
                    form.particulars(),
                    extracted.text,
                    request.user.get_username(),
                    Way.WORKBENCH,
                    form.cleaned_data["origin"],
                )
            except (IntakeError, ValidationError) as error:
                form.add_error(None, error if isinstance(error, ValidationError) else str(error))
            else:
                page = reverse("admin:agreements_document_text", args=[document.pk])
                return HttpResponseRedirect(page)
        alike = held_alike(extracted.text, file_sha256=extracted.sha256)
        status = 400 if form.errors and "proposed" in filled else 200
        return self._page(request, TextForm(initial=filled.dict()), form, alike, status)

    def _page(
        self,
        request: HttpRequest,
        brought: TextForm,
        form: ParticularsForm,
        alike: Iterable[Alike] = (),
        status: int = 200,
    ) -> HttpResponse:
        context = {
            **admin.site.each_context(request),
            "title": _("Read a document"),
            "opts": Document._meta,
            "brought": brought,
            "form": form,
            "alike": shown(alike, _published(form["published"].value())),
            "proposed": form.is_bound,
        }
        return render(request, "admin/agreements/workbench/read.html", context, status=status)


class Propose(OfNewDocument):
    """POST text or file: `{"values": {name: text}, "text", "alike": html, "held": bool}`.

    A text that cannot be read: `{"error"}`, with status 400.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            extracted = TextForm(request.POST, request.FILES).extracted()
        except IntakeError as error:
            return JsonResponse({"error": str(error)}, status=400)
        alike = held_alike(extracted.text, file_sha256=extracted.sha256)
        values = proposed(extracted)
        held = shown(alike, _published(values["published"]))
        return JsonResponse(
            {
                "values": values,
                "text": extracted.text if request.FILES else "",
                "alike": render_to_string(
                    "admin/agreements/workbench/alike.html", {"alike": held}, request
                ),
                "held": any(each.exact for each in alike),
            }
        )


def _published(text: Any) -> PartialDate | None:
    try:
        return PartialDate(str(text)) if text else None
    except PartialDateError:
        return None
