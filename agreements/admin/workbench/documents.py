"""What is done to the document itself from its workbench."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from agreements import history, workflow
from agreements.admin.conflicts import VERSION
from agreements.admin.workbench.answers import Answer
from agreements.admin.workbench.changes import Change, errors_of
from agreements.admin.workbench.forms import record_form
from agreements.admin.workbench.panel import Notice, may
from agreements.admin.workbench.views import record_named
from agreements.history import Way
from agreements.models import Document
from agreements.versions import claim


class DocumentChange(Change):
    """A post that changes the document; the record that is worked on stays open."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not may(request.user, "change", "document"):
            raise PermissionDenied
        return super().post(request, **kwargs)

    def kept(self) -> Any:
        return record_named(self.request.POST.get("open", ""), self.request.user)

    def claimed(self) -> Document:
        """Return the document, locked and as the database has it. Raises a Conflict."""
        claim(self.document, self.request.POST.get(VERSION, ""))
        return history.fresh(self.document)


class SaveDocument(DocumentChange):
    """POST particulars of the document by their names: those that were changed."""

    def change(self, request: HttpRequest) -> Answer:
        with transaction.atomic():
            document = self.claimed()
            form = record_form(Document)(posted=request.POST, instance=document)
            if form.is_valid():
                if form.has_changed():
                    form.save()
                    workflow.record_edit(document, self.by, Way.WORKBENCH)
                return Answer(self.kept(), Notice(text=_("Saved.")), show="document-particulars")
        reason = _("Not saved: %(reason)s") % {"reason": errors_of(form)}
        return Answer(self.kept(), Notice("refused", reason), document_form=form)


class SubmitDocument(DocumentChange):
    """POST: hand the document itself to review."""

    def change(self, request: HttpRequest) -> Answer:
        with transaction.atomic():
            workflow.submit(self.claimed(), self.by, Way.WORKBENCH)
        return Answer(self.kept(), Notice(text=_("The document was submitted for review.")))
