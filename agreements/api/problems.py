"""Every refusal is `application/problem+json` (RFC 9457) and names the parameter at fault."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from agreements.api.ranges import NotInFile
from agreements.exceptions import BadParameters

CONTENT_TYPE = "application/problem+json"


class UnknownFormat(exceptions.NotFound):
    """A format that answers do not come in: 404, as for any address that is none."""

    def __init__(self, known: Iterable[str]):
        self.faults = {"format": f"Write one of: {', '.join(known)}."}
        super().__init__(f"format: {self.faults['format']}")


class PreconditionFailed(exceptions.APIException):
    """The reader wants the answer with one ETag only, and it has another: 412."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = "If-Match: the answer has another ETag by now; ask without it."


class Gone(exceptions.APIException):
    """A record that was withdrawn: 410, with the reason."""

    status_code = HTTPStatus.GONE

    def __init__(self, reason: str, withdrawn_at: str):
        self.reason = reason
        self.withdrawn_at = withdrawn_at
        super().__init__(f"This record was withdrawn: {reason}")


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception into a problem response; None leaves it to Django as a fault of ours."""
    extra: dict[str, Any] = {}
    headers = {}
    if isinstance(error, Http404):
        error = exceptions.NotFound("There is nothing at this address.")
    elif isinstance(error, SuspiciousOperation):
        error = BadParameters({"query": "Send fewer and shorter parameters."})
    if isinstance(error, (BadParameters, UnknownFormat)):
        extra["errors"] = [
            {"parameter": name, "detail": text} for name, text in error.faults.items()
        ]
    if isinstance(error, BadParameters):
        error = exceptions.ParseError(str(error))
    if not isinstance(error, exceptions.APIException):
        return None
    if isinstance(error, NotInFile):
        headers["Content-Range"] = f"bytes */{error.size}"
    if isinstance(error, Gone):
        extra |= {"reason": error.reason, "withdrawn_at": error.withdrawn_at}
    status = HTTPStatus(error.status_code)
    if isinstance(error, exceptions.MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": str(error.detail),
        **extra,
    }
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)
