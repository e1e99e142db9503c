"""What holds for every page: decodable requests, conditional answers, one language."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers, set_response_etag

Handler = Callable[[HttpRequest], HttpResponse]


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


class LanguageMiddleware(LocaleMiddleware):
    """The language of the address; without one, of the reader. Programs are answered in English.

    So no answer to them varies with who asks, and shared caches keep one of each.
    """

    def process_request(self, request: HttpRequest) -> None:
        if not _is_for_programs(request):
            return super().process_request(request)
        translation.activate("en")
        request.LANGUAGE_CODE = "en"
        return None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if _is_for_programs(request):
            return response
        answer = super().process_response(request, response)
        if not translation.get_language_from_path(request.path_info):
            # The cookie that chooses a language was looked at.
            patch_vary_headers(answer, ("Cookie",))
        return answer


def _is_for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith(("/api/", "/robots.txt", "/sitemap.xml"))


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
