"""What takes a database too long is given up and answered so: 504, with what to do."""

import json
import logging
from collections.abc import Iterator
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from agreements.api.problems import CONTENT_TYPE
from agreements.api.public import EXPOSED
from agreements.time_limits import limited, took_too_long
from coastguard.middleware import Handler

_log = logging.getLogger(__name__)


class LimitQueries:
    """Gives the databases so many seconds for each statement: more on the desk than in public.

    A table that is sent as it is read may take as long as it takes, if no piece of it is late.
    """

    def __init__(self, get_response: Handler):
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_desk = request.path_info.startswith("/admin/")
        seconds = settings.DESK_QUERY_SECONDS if is_desk else settings.QUERY_SECONDS
        with limited(seconds):
            response: HttpResponseBase = self._get_response(request)
        if response.streaming:
            pieces = iter(response.streaming_content)  # type: ignore[attr-defined]
            response.streaming_content = _each_limited(pieces, seconds)  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return too_slow(request, error) if took_too_long(error) else None


def _each_limited(pieces: Iterator[bytes], seconds: float) -> Iterator[bytes]:
    while True:
        with limited(seconds):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def too_slow(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Return the answer to a request that was given up, as a problem or as a page.

    Not 503, which invites the same request again.
    """
    _log.warning("%s: given up: %s", request.path, error)
    status, headers = HTTPStatus.GATEWAY_TIMEOUT, {"Cache-Control": "no-store"}
    if not request.path_info.startswith("/api/"):
        page = render_to_string("pages/too_slow.html", request=request)
        return HttpResponse(page, status=status, headers=headers)
    problem = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status,
        "detail": _(
            "This took the database too long and was given up; ask for less, such as fewer "
            "words or a shorter time."
        ),
    }
    headers |= {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
    return HttpResponse(
        json.dumps(problem), status=status, content_type=CONTENT_TYPE, headers=headers
    )
