"""What every public page has in common: one snapshot each, a strong ETag, the reader's language."""

from collections.abc import Collection, Iterator
from contextlib import nullcontext
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from unicodedata import normalize

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, get_language_info
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from agreements import heads, kept
from agreements.catalogue import filters
from agreements.catalogue.asking import moment_of
from agreements.conditional import etag_of, is_held
from agreements.exceptions import BadParameters
from agreements.pages.addresses import in_language, neutral, with_query


class Edition(NamedTuple):
    """A page in one of the languages."""

    language: str
    name: str
    address: str
    current: bool


# Nothing is posted here.
@method_decorator(csrf_exempt, name="dispatch")
class PublicPage(View):
    """Open to everyone; no cookie is read or set.

    A page is read in one snapshot, and its ETag is made of the ledger's head, its address and the
    program: whether a reader has it already is known before any record is read. An `unchanging`
    page depends on its address alone. Subclasses say which `parameters` they take, and `respond`.
    """

    http_method_names = ["get", "head", "options"]
    template_name = ""
    parameters: Collection[str] = ("as_of",)
    reads_ledger = True
    unchanging = False
    moment: datetime | None = None
    ledger_head: heads.Head | None = None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if any("" in values for _, values in request.GET.lists()):
            return self.public(HttpResponseRedirect(self._without_blanks()))
        try:
            filters.check_names(request.GET, self.parameters)
            if "as_of" in self.parameters:
                self.moment = moment_of(request.GET)
            if self.moment is not None:
                heads.settle(self.moment)
            with nullcontext() if self.unchanging else heads.snapshot():
                return self._answer(**kwargs)
        except BadParameters as error:
            return self.public(self.refuse(error))

    def _answer(self, **kwargs: Any) -> HttpResponseBase:
        if self.unchanging:
            heads.require_known()
        elif self.reads_ledger:
            self.ledger_head = heads.head_at(self.moment)
        etag = etag_of(self.request.build_absolute_uri(), self.ledger_head, self.also_on())
        if is_held(self.request, etag):
            response: HttpResponseBase = HttpResponseNotModified()
        else:
            response = self.respond(**kwargs)
        if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            response["ETag"] = etag
            if self.ledger_head is not None and not self.moment and not self.also_on():
                kept.rests_on(response, self.ledger_head)
            if self.unchanging:
                patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
        return self.public(response)

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        """Return the page itself."""
        return self.rendered({})

    def rendered(
        self, context: dict[str, Any], status: int = HTTPStatus.OK, template: str = ""
    ) -> HttpResponse:
        """Return a page with what the frame around it needs."""
        whole = {**self.frame(), **context}
        return render(self.request, template or self.template_name, whole, status=status)

    def refuse(self, error: BadParameters) -> HttpResponseBase:
        """Return the page that says what is wrong with what was asked for."""
        known = {name for name in self.request.GET if name not in error.faults}
        query = self.request.GET.copy()
        for name in set(query) - known:
            del query[name]
        context = {"faults": error.faults, "without": with_query(self.request.path, query)}
        return self.rendered(context, HTTPStatus.BAD_REQUEST, "pages/refused.html")

    def frame(self) -> dict[str, Any]:
        """Return what the frame of a page shows: languages, the moment, where else it is found."""
        request, query = self.request, self.request.GET.copy()
        for name in ("as_of", "cursor"):
            query.pop(name, None)
        path = with_query(neutral(request.path), request.GET)
        return {
            "as_of": request.GET.get("as_of", "") if self.moment else "",
            "moment": self.moment,
            "at_present": with_query(request.path, query),
            "editions": list(self.editions()),
            "canonical": request.build_absolute_uri(),
            "neutral": request.build_absolute_uri(path),
            "unchanging": self.unchanging,
            "section": self.section,
        }

    @property
    def section(self) -> str:
        """The page's place in the navigation."""
        match = self.request.resolver_match
        return self.kwargs.get("kind") or (match.url_name if match else "") or ""

    def editions(self) -> Iterator[Edition]:
        """Yield the same page in every language."""
        match = self.request.resolver_match
        assert match is not None
        for language, _ in settings.LANGUAGES:
            path = in_language(language, match.view_name, match.args, match.kwargs)
            yield Edition(
                language,
                # Django holds that of Vietnamese in pieces, which no search in the page finds.
                normalize("NFC", get_language_info(language)["name_local"]),
                self.request.build_absolute_uri(with_query(path, self.request.GET)),
                language == get_language(),
            )

    @staticmethod
    def public(response: HttpResponseBase) -> HttpResponseBase:
        """Say that anybody may keep an answer, who asks whether it still stands."""
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        return response

    def _without_blanks(self) -> str:
        # A form sends what was not filled in, too; asked for it is nothing.
        query = self.request.GET.copy()
        for name, values in list(query.lists()):
            query.setlist(name, [value for value in values if value])
            if not query.getlist(name):
                del query[name]
        return with_query(self.request.path, query)

    def also_on(self) -> str:
        """Return what else the page depends on: of what is overdue, the day."""
        if "overdue" not in self.request.GET:
            return ""
        return (self.moment or timezone.now()).date().isoformat()
