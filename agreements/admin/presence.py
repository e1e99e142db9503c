"""The answer to a page that tells it is open."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View

from agreements.models import Versioned
from agreements.presence import note_presence, others_present
from agreements.records import KINDS_OF_RECORD


@method_decorator(staff_member_required, name="dispatch")
class PresenceView(View):
    """POST: `{"others": ["reviewer"], "version": 3, "by": "reviewer"}`; 404 for what is not there.

    `version` and `by` are the record's last change, so that an open page can tell of it.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest, kind: str, pk: int) -> JsonResponse:
        record = self._record(request, kind, pk)
        note_presence(request.user, record)
        return JsonResponse(
            {
                "others": others_present(request.user, record),
                "version": record.version,
                "by": record.edited_by,
            }
        )

    def _record(self, request: HttpRequest, kind: str, pk: int) -> Versioned:
        model = KINDS_OF_RECORD.get(kind)
        # What may not be changed is not being edited; no more is told of it than that.
        if model is None or not request.user.has_perm(
            f"agreements.change_{model._meta.model_name}"
        ):
            raise Http404
        record = model._default_manager.filter(pk=pk).first() if pk < 2**63 else None
        if record is None:
            raise Http404
        return record
