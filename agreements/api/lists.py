"""A list in each of its forms: pages of JSON, or CSV and JSON lines of everything at once."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.response import Response

from agreements.api.public import LICENSE, PublicView, link
from agreements.api.rendering import LIST_RENDERERS, page_text
from agreements.catalogue.asking import batched
from agreements.catalogue.cells import Column, csv_lines
from agreements.catalogue.pages import Page
from agreements.catalogue.texts import JSONText

# Lists in these forms come whole, unless a page is asked for.
_WHOLE = ("csv", "ndjson")
_LINES = 25
_CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}


@dataclass(frozen=True)
class Listed:
    """What a list holds. `texts` returns rows as JSON; `everything` yields all, some at a time;
    `columns` are those of a table of them."""

    page: Callable[[], Page]
    everything: Callable[[], Iterable[Sequence[Any]]]
    texts: Callable[[Sequence[Any]], Iterable[JSONText]]
    columns: Callable[[], Sequence[Column]]
    # What a JSON answer says of the list besides.
    about: dict[str, Any] = field(default_factory=dict)


class ListView(PublicView):
    """A view that answers with a list."""

    renderer_classes = LIST_RENDERERS

    def listed(self, found: Listed) -> HttpResponseBase:
        """Return a list in the form that was asked for."""
        form = self.request.accepted_renderer.format
        query = self.request.query_params
        whole = form in _WHOLE and not {"page_size", "cursor"} & set(query)
        # Of what is written whole, a page is read for its count alone.
        page = found.page() if not whole or "count" in query else None
        if whole:
            # Closed before the snapshot is, also where the reader goes away.
            batches = self.reading.enter_context(closing(_each(found.everything())))
            # Read before the answer begins, so that a fault can still be one.
            first = list(next(batches, ()))
            texts = chain.from_iterable(found.texts(rows) for rows in chain([first], batches))
            response = self.streamed(_written(form, texts, found.columns), _CONTENT_TYPES[form])
        else:
            assert page is not None
            response = self._paged(form, page, found)
        response["Link"] = ", ".join(self._links(None if whole else page))
        if page is not None and page.count is not None:
            response["X-Total-Count"] = str(page.count)
        if form == "csv":
            name = self.request.path.strip("/").rpartition("/")[2]
            response["Content-Disposition"] = f'inline; filename="{name}.csv"'
        return response

    @staticmethod
    def _paged(form: str, page: Page, found: Listed) -> HttpResponseBase:
        texts = found.texts(page.rows)
        if form in _WHOLE:
            written = "".join(_written(form, texts, found.columns))
            return HttpResponse(written, content_type=_CONTENT_TYPES[form])
        return Response(page_text(texts, page.next, page.previous, page.count, found.about))

    def _links(self, page: Page | None) -> Iterator[str]:
        if page is not None and page.next:
            yield link(page.next, "next")
        if page is not None and page.previous:
            yield link(page.previous, "prev")
        for renderer in self.renderer_classes:
            if renderer.format != self.request.accepted_renderer.format:
                yield link(self.elsewhere(renderer.format), "alternate", type=renderer.media_type)
        yield link(LICENSE, "license")

    def elsewhere(self, form: str) -> str:
        """Return where the same list is found in another form."""
        query = self.request.query_params.copy()
        query["format"] = form
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")


def _each(batches: Iterable[Sequence[Any]]) -> Generator[Sequence[Any], None, None]:
    yield from batches


def _written(
    form: str, texts: Iterable[JSONText], columns: Callable[[], Sequence[Column]]
) -> Iterator[str]:
    if form == "csv":
        return csv_lines(columns(), map(JSONText.parsed, texts))
    # Some lines together, since each piece is passed on by several hands.
    return ("\n".join(lines) + "\n" for lines in batched(texts, _LINES))
