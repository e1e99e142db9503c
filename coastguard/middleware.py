"""Rules that hold for every answer: a strict content policy, decodable requests, one language.

The language is of pages alone: what the API answers is the same for everyone.
"""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import set_response_etag

# 'data:' images are the icons inside Swagger's and the admin's own style sheets.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

API = "/api/"
Handler = Callable[[HttpRequest], HttpResponse]


class LanguageOfPages(LocaleMiddleware):
    """Pages come in the reader's language; the API in English, so no answer varies by it."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.path_info.startswith(API):
            super().process_request(request)
            return
        translation.activate("en")
        request.LANGUAGE_CODE = "en"

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not request.path_info.startswith(API):
            return super().process_response(request, response)
        response.headers.setdefault("Content-Language", "en")
        return response


class ConditionalUnlessAnswered(ConditionalGetMiddleware):
    """Answers conditional requests, but leaves what a view has answered so, with its headers."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.status_code in (HTTPStatus.NOT_MODIFIED, HTTPStatus.PRECONDITION_FAILED):
            if response.status_code == HTTPStatus.NOT_MODIFIED:
                # It would speak of the answer that was not sent.
                response.headers.pop("Content-Length", None)
            return response
        return super().process_response(request, response)


def content_security_policy(get_response: Handler) -> Handler:
    """Send the one content security policy with every answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return middleware


def refuse_undecodable(get_response: Handler) -> Handler:
    """Answer 400 where the query holds NUL or is not UTF-8, which databases answer with 500."""

    def middleware(request: HttpRequest) -> HttpResponse:
        parameter = _undecodable(request.META.get("QUERY_STRING", ""))
        if parameter is None:
            return get_response(request)
        response = JsonResponse(
            {
                "type": "about:blank",
                "title": HTTPStatus.BAD_REQUEST.phrase,
                "status": HTTPStatus.BAD_REQUEST,
                "detail": "The query is not valid: send UTF-8 text without NUL.",
                "errors": [{"parameter": parameter, "detail": "Send UTF-8 text without NUL."}],
            },
            status=HTTPStatus.BAD_REQUEST,
            content_type="application/problem+json",
            # As on the API's own refusals, so that web pages elsewhere can read why.
            headers={
                "Access-Control-Allow-Origin": "*",
                "Cache-Control": "public, max-age=0, must-revalidate",
            },
        )
        set_response_etag(response)
        return response

    return middleware


def _undecodable(query: str) -> str | None:
    """Return the name of the first parameter with NUL or bytes that are not UTF-8."""
    # WSGI hands bytes over as Latin-1 text.
    sent = query.encode("latin-1", errors="replace")
    for pair in sent.split(b"&"):
        raw = unquote_to_bytes(pair.replace(b"+", b" "))
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = "\0"
        # format=%00 is left to content negotiation, which answers 404 as for any unknown format.
        name = pair.partition(b"=")[0]
        if "\0" in text and name != b"format":
            return unquote_to_bytes(name).decode(errors="replace").replace("\0", "�")
    return None
