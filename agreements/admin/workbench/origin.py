"""That a document republishes another one, said by a click."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements import history, workflow
from agreements.admin.conflicts import VERSION
from agreements.admin.workbench.changes import errors_of
from agreements.admin.workbench.forms import record_form
from agreements.admin.workbench.panel import may
from agreements.admin.workbench.views import OfDocument
from agreements.exceptions import AgreementsError, DeskError
from agreements.history import Way
from agreements.models import Document
from agreements.versions import claim


class SetOrigin(OfDocument):
    """POST origin, back ("change"): the document republishes another one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if not may(request.user, "change", "document"):
            raise PermissionDenied
        try:
            document = self._set(request)
        except AgreementsError as error:
            messages.error(request, str(error))
        else:
            text = _("“%(origin)s” is the origin now; both count as one source.")
            messages.success(request, text % {"origin": document.origin})
        page = "change" if request.POST.get("back") == "change" else "text"
        return HttpResponseRedirect(
            reverse(f"admin:agreements_document_{page}", args=[self.document.pk])
        )

    @transaction.atomic
    def _set(self, request: HttpRequest) -> Document:
        claim(self.document, request.POST.get(VERSION, ""))
        document = history.fresh(self.document)
        posted = request.POST.copy()
        for name in set(posted) - {"origin"}:
            del posted[name]
        form = record_form(Document)(posted=posted, instance=document)
        if not form.is_valid() or form.cleaned_data["origin"] is None:
            reason = errors_of(form) or _("Choose a document.")
            raise DeskError(_("Not saved: %(reason)s") % {"reason": reason})
        form.save()
        workflow.record_edit(document, self.by, Way.WORKBENCH)
        return document
