"""Public answers, kept in the memory of a server for as long as the ledger stays as it was.

What is public changes with the ledger's head and with nothing else, so an answer holds for as long
as the head that it was read under. A view says so with `rests_on`; the middleware then gives the
same answer again, whole or as a 304, for one look at the head. It is Django's cache of a site with
the head in the place of a time-out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock

from cachetools import LRUCache
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase

from agreements import heads
from agreements.conditional import is_held

# Larger ones are seldom asked for twice.
_LARGEST = 1024 * 1024
# About what an answer takes up besides its body: its address and its headers.
_OVERHEAD = 2048
# They speak of the body, which a 304 has not.
_OF_THE_BODY = {
    *("content-type", "content-length", "content-disposition", "last-modified"),
    *("link", "x-total-count"),
}
_KEPT = "_rests_on"

Key = tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """An answer under a head; without a body where only a 304 was given so far."""

    head: str
    etag: str
    headers: dict[str, str]
    body: bytes | None

    @property
    def size(self) -> int:
        return _OVERHEAD + len(self.body or b"")


class Answers:
    """The answers that were asked for last, up to a number of bytes."""

    def __init__(self, most: int):
        self._kept: LRUCache[Key, Kept] = LRUCache(most, getsizeof=lambda kept: kept.size)
        self._lock = Lock()

    def get(self, key: Key) -> Kept | None:
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: Key, answer: Kept) -> None:
        if answer.size <= min(_LARGEST, self._kept.maxsize):
            with self._lock:
                self._kept[key] = answer

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


answers = Answers(settings.KEPT_ANSWERS_BYTES)


def rests_on(response: HttpResponseBase, head: heads.Head) -> None:
    """Say that an answer is the same for as long as the ledger's newest row is this one."""
    setattr(response, _KEPT, head.sha256)


def kept_answers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give the answers that are kept; keep those that rest on the ledger's head alone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or _is_about_what_is_found(request):
            return get_response(request)
        key = _key(request)
        kept = answers.get(key)
        if kept is not None and kept.head == heads.newest():
            if is_held(request, kept.etag):
                return _not_modified(kept)
            if kept.body is not None:
                return HttpResponse(kept.body, headers=kept.headers)
        response = get_response(request)
        head = getattr(response, _KEPT, None)
        if head is not None and not response.cookies:
            _keep(key, head, response)
        return response

    return middleware


def _is_about_what_is_found(request: HttpRequest) -> bool:
    """Return whether a request depends on what is found, which only the view can tell."""
    meta = request.META
    return "HTTP_IF_MATCH" in meta or meta.get("HTTP_IF_NONE_MATCH", "").strip() == "*"


def _key(request: HttpRequest) -> Key:
    meta = request.META
    return (
        request.scheme or "",
        meta.get("HTTP_HOST", ""),
        request.path,
        meta.get("QUERY_STRING", ""),
        meta.get("HTTP_ACCEPT", ""),
    )


def _keep(key: Key, head: str, response: HttpResponse) -> None:
    if response.streaming or not response.has_header("ETag"):
        return
    if response.status_code == HTTPStatus.OK:
        body = response.content
    elif response.status_code == HTTPStatus.NOT_MODIFIED:
        held = answers.get(key)
        if held is not None and held.head == head:
            return
        body = None
    else:
        return
    answers.keep(key, Kept(head, response["ETag"], dict(response.items()), body))


def _not_modified(kept: Kept) -> HttpResponse:
    response = HttpResponseNotModified()
    for name, value in kept.headers.items():
        if name.lower() not in _OF_THE_BODY:
            response[name] = value
    return response
