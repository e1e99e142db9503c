"""Lists of records: the timeline, which is the search, and those of each kind."""

from collections.abc import Collection
from http import HTTPStatus
from typing import Any

from django.http import QueryDict
from django.http.response import HttpResponseBase

from agreements.catalogue.asking import ask
from agreements.catalogue.changes import ChangeFilterSet
from agreements.catalogue.filters import LIST_PARAMETERS
from agreements.catalogue.listings import BY_KIND, ENGAGEMENTS, Listing
from agreements.catalogue.names import every_name
from agreements.catalogue.records import standing_at
from agreements.exceptions import BadParameters
from agreements.pages.addresses import address, api_path, with_query
from agreements.pages.asked import form_of, kinds_named
from agreements.pages.entries import found_entries
from agreements.pages.page import PublicPage
from agreements.pages.words import kinds_in_words, language_now

# Where one is in a list, and how much of it is shown: not what is asked.
_OF_PAGES = ("cursor", "page_size", "count")


class ListPage(PublicPage):
    """Records as the API lists them, with its filters as a form."""

    template_name = "pages/list.html"

    @property
    def listing(self) -> Listing:
        return BY_KIND[self.kwargs["kind"]] if "kind" in self.kwargs else ENGAGEMENTS

    @property
    def parameters(self) -> Collection[str]:  # type: ignore[override]
        known = {*self.listing.filters.base_filters, *LIST_PARAMETERS}
        return known - {"fields", "format"}

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        query = self.request.GET
        answer = ask(self.listing, query)
        counted = query.copy()
        counted["count"] = "true"
        page = answer.page(counted, self.request.build_absolute_uri())
        names = every_name(answer.standing, kinds_named(self.listing), language_now())
        return self.rendered(
            {
                "form": form_of(self.listing, query, names),
                "page": page,
                "entries": found_entries(answer, page.rows),
            }
        )

    def refuse(self, error: BadParameters) -> HttpResponseBase:
        standing = standing_at(self.moment)
        names = every_name(standing, kinds_named(self.listing), language_now())
        form = form_of(self.listing, self.request.GET, names, error.faults)
        return self.rendered({"form": form}, HTTPStatus.BAD_REQUEST)

    def frame(self) -> dict[str, Any]:
        kind = self.kwargs.get("kind", "")
        question = self.request.GET.copy()
        for name in _OF_PAGES:
            question.pop(name, None)
        path = self.request.build_absolute_uri(api_path(self.listing.name))
        return {
            **super().frame(),
            "kind": kind,
            "title": kinds_in_words(kind) if kind else "",
            "in_api": with_query(path, question),
            "forms": {form: in_form(path, question, form) for form in ("json", "csv", "ndjson")},
            "feed": self._feed(kind, question),
        }

    @staticmethod
    def _feed(kind: str, question: QueryDict) -> str:
        asked = {
            name: values
            for name, values in question.lists()
            if name in ChangeFilterSet.base_filters
        }
        return address("feed", **({"kind": kind} if kind else {}), **asked)


def in_form(path: str, question: QueryDict, form: str) -> str:
    """Return where the API answers a question in a form."""
    query = question.copy()
    if form != "json":
        query["format"] = form
    return with_query(path, query)
