"""What is answered while a database cannot be reached: 503, and when to try again."""

import json
import logging
import sys
from http import HTTPStatus

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from agreements.api.problems import CONTENT_TYPE
from agreements.api.public import EXPOSED
from agreements.time_limits import took_too_long
from coastguard.middleware import Handler
from coastguard.slow import too_slow

# Seconds: a restart takes about as long.
RETRY_AFTER = 5

_log = logging.getLogger(__name__)


class Unavailable(HttpResponse):
    """503: the database went away, and the same request may find it again."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE


class AnswerUnavailable:
    """Answers 503 where a view lost its database."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return unavailable(request, error) if database_is_gone(error) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what went wrong outside of views: 503 or 504 where it is the database, else 500."""
    error = sys.exc_info()[1]
    if took_too_long(error):
        return too_slow(request, error)
    if database_is_gone(error):
        return unavailable(request, error)
    return defaults.server_error(request)


def database_is_gone(error: BaseException | None) -> bool:
    """Return whether an error is of a PostgreSQL that cannot be reached, or cannot answer now.

    One that was told to give up can.
    """
    if took_too_long(error):
        return False
    if isinstance(error, OperationalError | InterfaceError):
        error = error.__cause__
    # Closing a cursor raises psycopg's own.
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def unavailable(request: HttpRequest, error: BaseException | None) -> Unavailable:
    """Return the answer to a request whose database is gone, as a problem or as a page."""
    _log.warning("%s: %s", request.path, error)
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    if not request.path_info.startswith("/api/"):
        page = render_to_string("pages/unavailable.html", request=request)
        return Unavailable(page, headers=headers)
    problem = {
        "type": "about:blank",
        "title": HTTPStatus.SERVICE_UNAVAILABLE.phrase,
        "status": HTTPStatus.SERVICE_UNAVAILABLE,
        "detail": f"The database cannot be reached; ask again in {RETRY_AFTER} seconds.",
    }
    headers |= {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
    return Unavailable(json.dumps(problem), content_type=CONTENT_TYPE, headers=headers)
