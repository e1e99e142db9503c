"""What is answered while a database cannot be reached, or has no room for what was to be stored.

503 and when to try again, or 507: then nothing was stored, and somebody has to make room.
"""

import json
import logging
import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.views import defaults

from agreements.api.problems import CONTENT_TYPE
from agreements.api.public import EXPOSED
from agreements.outages import Outage, outage_of
from agreements.time_limits import took_too_long
from coastguard.middleware import Handler
from coastguard.request_ids import request_id
from coastguard.slow import too_slow

# Seconds: a restart takes about as long.
RETRY_AFTER = 5

_log = logging.getLogger(__name__)


class Unavailable(HttpResponse):
    """503: the database went away, and the same request may find it again."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE


class NoRoom(HttpResponse):
    """507: nothing was stored, and the same request finds no room before somebody makes it."""

    status_code = HTTPStatus.INSUFFICIENT_STORAGE


class AnswerUnavailable:
    """Answers 503 where a view lost its database, and 507 where there was no room."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer_to_outage(request, error)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what went wrong outside of views: 503, 504 or 507 for the database, else 500."""
    return answer_to_outage(request, sys.exc_info()[1]) or failed(request)


def failed(request: HttpRequest) -> HttpResponse:
    """Return 500, with the id under which it is written down, as a problem or as a page."""
    headers = {"Cache-Control": "no-store"}
    number = request_id()
    if request.path_info.startswith("/api/"):
        problem = {
            "type": "about:blank",
            "title": HTTPStatus.INTERNAL_SERVER_ERROR.phrase,
            "status": HTTPStatus.INTERNAL_SERVER_ERROR,
            "detail": "Something went wrong here, and is written down.",
            "request_id": number,
        }
        headers |= {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
        return HttpResponseServerError(
            json.dumps(problem), content_type=CONTENT_TYPE, headers=headers
        )
    try:
        page = render_to_string("pages/failed.html", {"request_id": number}, request)
    except Exception:
        # What went wrong may be what every page is made with.
        _log.exception("the page that tells of a failure failed")
        return defaults.server_error(request)
    return HttpResponseServerError(page, headers=headers)


def answer_to_outage(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Return the answer where a database or its disk failed a request; None where none did."""
    if took_too_long(error):
        return too_slow(request, error)
    outage = outage_of(error)
    if outage is None:
        return None
    if outage is Outage.FULL:
        return no_room(request, error)
    return unavailable(request, error)


def unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Return the answer to a request whose database is gone, as a problem or as a page."""
    headers = {"Retry-After": str(RETRY_AFTER)}
    detail = f"The database cannot be reached; ask again in {RETRY_AFTER} seconds."
    _log.warning("%s: %s", request.path, error)
    return _answer(request, Unavailable, "pages/unavailable.html", detail, headers)


def no_room(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Return the answer to a request that could not be stored, as a problem or as a page."""
    _log.error("%s: the disk is full or cannot be written: %s", request.path, error)
    detail = "The server's disk is full or cannot be written; nothing was stored."
    return _answer(request, NoRoom, "pages/no_room.html", detail, {})


def _answer(
    request: HttpRequest,
    answer: type[HttpResponse],
    template: str,
    detail: str,
    headers: dict[str, str],
) -> HttpResponse:
    headers = {"Cache-Control": "no-store", **headers}
    if not request.path_info.startswith("/api/"):
        return answer(render_to_string(template, request=request), headers=headers)
    status = HTTPStatus(answer.status_code)
    problem = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status,
        "detail": detail,
    }
    headers |= {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
    return answer(json.dumps(problem), content_type=CONTENT_TYPE, headers=headers)
