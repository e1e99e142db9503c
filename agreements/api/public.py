"""What every public view has in common: conditional answers, one snapshot each, headers."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agreements import heads, kept
from agreements.api.problems import PreconditionFailed, UnknownFormat
from agreements.api.rendering import StoredJSONRenderer
from agreements.catalogue.asking import moment_of
from agreements.catalogue.listings import BY_KIND
from agreements.conditional import etag_of, is_held

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
EXPOSED = (
    "ETag, Link, Ledger-Head, Replica-Lag, Retry-After, X-Total-Count, Content-Disposition, "
    "Accept-Ranges, Content-Range"
)
AT_LEAST = 64 * 1024
_FOUND = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED)


class NotModified(Exception):
    """The reader has the answer already."""


class Stream:
    """An answer that is written piece by piece, with what must be closed behind it."""

    def __init__(self, pieces: Iterable[str], reading: ExitStack):
        self._pieces = pieces
        self._reading = reading

    def __iter__(self) -> Iterator[bytes]:
        gathered: list[str] = []
        size = 0
        for piece in self._pieces:
            gathered.append(piece)
            size += len(piece)
            if size >= AT_LEAST:
                yield "".join(gathered).encode()
                gathered, size = [], 0
        if gathered:
            yield "".join(gathered).encode()

    def close(self) -> None:
        self._reading.close()


class PublicView(APIView):
    """Open to everyone, with an ETag on every answer and readable from any web page.

    With `reads_ledger`, an answer is read in one snapshot and its ETag is made of the ledger's
    head, of the question, and of what program answers: whether a reader has it already is known
    before any record is read. An `unchanging` answer depends on the question alone.
    """

    reads_ledger = True
    unchanging = False

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with ExitStack() as self.reading:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.ledger_head: heads.Head | None = None
        self.rests_on: heads.Head | None = None
        self.etag = ""
        if request.method not in ("GET", "HEAD"):
            return
        moment = None
        if self.unchanging:
            heads.require_known()
        elif self.reads_ledger:
            moment = moment_of(request.query_params)
            if moment is not None:
                heads.settle(moment)
            self.reading.enter_context(heads.snapshot())
            self.ledger_head = heads.head_at(moment)
            self.rests_on = self.ledger_head if moment is None else heads.head_at()
        self.etag = self.etag_for(request, moment)
        if is_held(request, self.etag):
            raise NotModified

    def etag_for(self, request: Request, moment: datetime | None) -> str:
        """Return the ETag of what is asked for, found without reading it."""
        return etag_of(
            request.build_absolute_uri(),
            self.ledger_head,
            request.accepted_renderer.media_type,
            self._day(request, moment),
        )

    @staticmethod
    def _day(request: Request, moment: datetime | None) -> str:
        # What is overdue depends on the day besides.
        if "overdue" not in request.query_params:
            return ""
        return (moment or timezone.now()).date().isoformat()

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, NotModified):
            return HttpResponseNotModified()
        return super().handle_exception(exc)

    def streamed(self, pieces: Iterable[str], content_type: str) -> HttpResponseBase:
        """Return an answer that is written as it is read, from the snapshot that is open."""
        known = get_conditional_response(self.request, etag=self.etag)
        if known is not None and known.status_code == HTTPStatus.PRECONDITION_FAILED:
            raise PreconditionFailed
        if known is not None:
            return known
        return StreamingHttpResponse(
            Stream(pieces, self.reading.pop_all()), content_type=content_type
        )

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        try:
            return super().perform_content_negotiation(request, force)
        except Http404 as error:
            raise UnknownFormat(each.format for each in self.renderer_classes) from error

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = self._if_wanted(request, response)
        response = super().finalize_response(request, response, *args, **kwargs)
        refused = response.status_code >= HTTPStatus.BAD_REQUEST
        if refused or request.method == "OPTIONS":
            # Refusals are JSON, whatever the view's own answers are.
            response.accepted_renderer = StoredJSONRenderer()
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = EXPOSED
        if request.method == "OPTIONS":
            response["Access-Control-Allow-Methods"] = response["Allow"]
            response["Access-Control-Allow-Headers"] = "Accept, If-None-Match, If-Range, Range"
            response["Access-Control-Max-Age"] = "86400"
        if not response.has_header("Cache-Control"):
            if self.unchanging and not refused:
                patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
            else:
                patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        self._mark(response)
        return response

    def _if_wanted(self, request: Request, response: Any) -> Any:
        """Return an answer unless `If-Match` or `If-None-Match: *` speak against it.

        Both are about what is found, so they are looked at last; a stream has looked by itself.
        """
        etag = getattr(self, "etag", "")
        if response.status_code != HTTPStatus.OK or response.streaming or not etag:
            return response
        known = get_conditional_response(request, etag=etag, response=response)
        if known is not None and known.status_code == HTTPStatus.PRECONDITION_FAILED:
            return self.handle_exception(PreconditionFailed())
        return known

    def _mark(self, response: Any) -> None:
        """Give an answer its ETag: what the question makes it, or of what it says itself."""
        # Unset where a request was refused before it was looked at.
        etag, head = getattr(self, "etag", ""), getattr(self, "ledger_head", None)
        found = response.status_code in _FOUND
        if found and etag:
            response["ETag"] = etag
            if head is not None:
                response["Ledger-Head"] = str(head.sequence)
            # What is overdue is so on a day.
            if self.rests_on is not None and "overdue" not in self.request.GET:
                kept.rests_on(response, self.rests_on)
        elif isinstance(response, Response):
            response.add_post_render_callback(set_response_etag)
        else:
            set_response_etag(response)


def link(address: str, relation: str, **more: str) -> str:
    """Return one link as the `Link` header holds it (RFC 8288)."""
    attributes = "".join(f'; {name}="{value}"' for name, value in more.items())
    return f'<{address}>; rel="{relation}"{attributes}'


def record_path(kind: str, slug: str) -> str:
    """Return the path of a record."""
    return f"{reverse('api-root')}{BY_KIND[kind].name}/{slug}/"


def moved(request: Request, path: str) -> Response:
    """Redirect to a record, asking it what was asked here."""
    query = request.query_params.urlencode()
    target = request.build_absolute_uri(f"{path}?{query}" if query else path)
    return Response(
        {"url": target}, status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": target}
    )
