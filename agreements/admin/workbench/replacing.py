"""Another text for a document: what becomes of its quotations is shown first."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agreements.admin.conflicts import VERSION
from agreements.admin.workbench.panel import may
from agreements.admin.workbench.reading import TextForm
from agreements.admin.workbench.republication import shown
from agreements.admin.workbench.views import OfDocument
from agreements.desk.cited import CitedText
from agreements.exceptions import AgreementsError, DeskError
from agreements.history import Way
from agreements.intake.alike import Alike, held_alike
from agreements.intake.extraction import Extracted
from agreements.intake.texts import replace_text
from agreements.models import Document
from agreements.versions import claim, token
from agreements.workflow import REASON_LENGTH


class ReplaceText(OfDocument):
    """GET: the page to bring another text to. POST: show what it loses; `replace`: keep it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may(request.user, "change", "document"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, TextForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        brought = TextForm(request.POST, request.FILES)
        try:
            extracted = brought.extracted()
            if "replace" in request.POST:
                self._replace(request, extracted)
                page = reverse("admin:agreements_document_text", args=[self.document.pk])
                return HttpResponseRedirect(page)
        except AgreementsError as error:
            brought.add_error(None, str(error))
            return self._page(request, brought, status=400)
        cited = CitedText(self.document, extracted.text)
        form = TextForm(initial={"text": extracted.text})
        alike = held_alike(extracted.text, besides=self.document, file_sha256=extracted.sha256)
        return self._page(request, form, cited, alike)

    @transaction.atomic
    def _replace(self, request: HttpRequest, extracted: Extracted) -> None:
        reason = request.POST.get("reason", "").strip()
        if not reason or len(reason) > REASON_LENGTH:
            raise DeskError(
                _("Give the reason, in at most %(length)d characters: it stays with the record.")
                % {"length": REASON_LENGTH}
            )
        claim(self.document, request.POST.get(VERSION, ""))
        by = request.user.get_username()
        replace_text(self.document, extracted.text, by, Way.WORKBENCH, reason, extracted.sha256)

    def _page(
        self,
        request: HttpRequest,
        brought: TextForm,
        cited: CitedText | None = None,
        alike: Iterable[Alike] = (),
        status: int = 200,
    ) -> HttpResponse:
        context = {
            **admin.site.each_context(request),
            "title": _("Replace the text"),
            "opts": Document._meta,
            "document": self.document,
            "brought": brought,
            "cited": cited,
            "alike": shown(alike, self.document.published),
            "reason": request.POST.get("reason", ""),
            "version_token": token(self.document),
        }
        return render(request, "admin/agreements/workbench/replace.html", context, status=status)
