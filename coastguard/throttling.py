"""How often an address may ask: as many requests a minute as THROTTLE says, in each process.

Each address has a bucket of that many tokens, which fills up within a minute; whole tables and
files that are brought in take more than one. What is refused costs no look at a database, and an
answer that is given says nothing of it: it is the same for all.
"""

import json
import math
import time
from http import HTTPStatus
from threading import Lock

from cachetools import LRUCache
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from agreements.api.problems import CONTENT_TYPE
from agreements.api.public import EXPOSED
from coastguard.client_address import client_address
from coastguard.middleware import Handler

# Addresses that are counted at a time, those that asked last: some megabytes at most.
_MOST = 20_000
_MINUTE = 60.0
# What is read or written whole takes as much as so many pages.
_WHOLE = 10
_WHOLE_FORMS = {"csv", "ndjson"}


class Buckets:
    """What each address has left, as (tokens, when that was).

    `most` is what a bucket holds, and what flows into it in a minute.
    """

    def __init__(self, most: int):
        self.most = most
        self._rate = most / _MINUTE
        self._left: LRUCache[str, tuple[float, float]] = LRUCache(_MOST)
        self._lock = Lock()

    def take(self, address: str, tokens: int, now: float) -> float:
        """Take tokens, and return 0; or nothing, and return after how many seconds there are."""
        tokens = min(tokens, self.most)
        with self._lock:
            left, before = self._left.get(address, (float(self.most), now))
            left = min(self.most, left + (now - before) * self._rate)
            if left >= tokens:
                self._left[address] = (left - tokens, now)
                return 0.0
            self._left[address] = (left, now)
            return (tokens - left) / self._rate


class Throttle:
    """Refuses an address that asks too often, until its bucket has filled up: 429."""

    def __init__(self, get_response: Handler):
        if not settings.THROTTLE:
            raise MiddlewareNotUsed
        self._get_response = get_response
        self._buckets = Buckets(settings.THROTTLE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wait = self._buckets.take(client_address(request), price(request), time.monotonic())
        return self._get_response(request) if not wait else refused(request, math.ceil(wait))


def price(request: HttpRequest) -> int:
    """Return how many tokens a request takes."""
    if request.method == "POST":
        uploads = request.META.get("CONTENT_TYPE", "").startswith("multipart/form-data")
        return _WHOLE if uploads and request.path_info.startswith("/admin/") else 1
    # Looked for where there can be one: reading a query costs more than all the rest.
    query = request.META.get("QUERY_STRING", "")
    if "format=" in query and "page_size=" not in query:
        return _WHOLE if request.GET.get("format") in _WHOLE_FORMS else 1
    return 1


def refused(request: HttpRequest, seconds: int) -> HttpResponse:
    """Return the answer to an address that has to wait, as a problem or as a page."""
    status = HTTPStatus.TOO_MANY_REQUESTS
    headers = {
        "Retry-After": str(seconds),
        "Cache-Control": "no-store",
        # draft-ietf-httpapi-ratelimit-headers-10
        "RateLimit-Policy": f'"address";q={settings.THROTTLE};w={_MINUTE:.0f}',
        "RateLimit": f'"address";r=0;t={seconds}',
    }
    if request.path_info.startswith("/api/"):
        # Programs are answered in English; what this thread spoke last is somebody else's.
        with translation.override("en"):
            detail = ngettext(
                "Too many requests from your address; ask again in %(seconds)d second.",
                "Too many requests from your address; ask again in %(seconds)d seconds.",
                seconds,
            ) % {"seconds": seconds}
        problem = {
            "type": "about:blank",
            "title": status.phrase,
            "status": status,
            "detail": detail,
        }
        headers |= {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
        return HttpResponse(
            json.dumps(problem), status=status, content_type=CONTENT_TYPE, headers=headers
        )
    with translation.override(translation.get_language_from_request(request, check_path=True)):
        page = render_to_string("pages/throttled.html", {"seconds": seconds}, request)
    return HttpResponse(page, status=status, headers=headers)
