"""A line for each request, of how it was answered, and the id by which its lines are found.

It tells the path that was asked for, never the words in a query, a cookie or what was posted: what
somebody looks for, or is about to publish, is theirs.
"""

import logging
import re
import time
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from coastguard.client_address import client_address
from coastguard.middleware import Handler
from coastguard.probes import PROBES
from coastguard.request_ids import LONGEST, Asked, answering

HEADER = "X-Request-ID"
# What a proxy may call a request.
_SANE = re.compile(r"[A-Za-z0-9-]{1,64}")
# Named so that no line tells who is logged in: a preview of an import is kept under such a key.
_KEY = re.compile(r"(?<=/)[a-z0-9]{32}(?=/|$)")

_access = logging.getLogger("coastguard.access")


def log_requests(get_response: Handler) -> Handler:
    """Give each request an id, and write a line of how it was answered, probes excepted.

    Who asks is told the id with every page of the desk, and where something failed. All else may
    be kept by caches, and is the same for everybody: an id has no place in it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info in PROBES:
            return get_response(request)
        asked = Asked(_id_of(request), (request.method or "")[:20], _path(request))
        began = time.perf_counter()
        with answering(asked):
            response = get_response(request)
            if request.path_info.startswith("/admin/") or _failed(response):
                response.headers[HEADER] = asked.request_id
            line = _AccessLine(asked, began, request, response.status_code)
            if response.streaming and getattr(response, "file_to_stream", None) is None:
                response.streaming_content = _Pieces(response.streaming_content, line)  # type: ignore[attr-defined]
            else:
                line.write()
        return response

    return middleware


class _AccessLine:
    """How a request was answered, once that is over."""

    def __init__(self, asked: Asked, began: float, request: HttpRequest, status: int):
        self.asked, self.began, self.request, self.status = asked, began, request, status

    def write(self, **more: Any) -> None:
        if not _access.isEnabledFor(logging.INFO):
            return
        with answering(self.asked):
            _access.info(
                "answered",
                extra={
                    "status": self.status,
                    "ms": round((time.perf_counter() - self.began) * 1000, 1),
                    "client": client_address(self.request),
                    "user": _user(self.request),
                    **more,
                },
            )


class _Pieces:
    """The pieces of a long answer, with the line that is written when it ends or breaks off."""

    def __init__(self, pieces: Iterable[bytes], line: _AccessLine):
        self._pieces, self._line = iter(pieces), line
        self._over = self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with answering(self._line.asked):
            try:
                return next(self._pieces)
            except StopIteration:
                self._over = True
                raise

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._line.write(whole=self._over)


def _id_of(request: HttpRequest) -> str:
    """Return what a declared proxy calls a request; anybody else is not believed."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    if settings.TRUSTED_PROXIES and _SANE.fullmatch(given):
        return str(given)
    return token_hex(16)


def _path(request: HttpRequest) -> str:
    return _KEY.sub("…", request.path)[:LONGEST]


def _failed(response: HttpResponse | HttpResponseBase) -> bool:
    return response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR


def _user(request: HttpRequest) -> Any:
    """Return the number of who is logged in, where that was asked for in any case."""
    # Who has just logged in, then who came; neither is looked up for this.
    known: tuple[Any, ...] = (vars(request).get("user"), getattr(request, "_cached_user", None))
    for user in known:
        if issubclass(type(user), AbstractBaseUser):
            return user.pk
    return None
