"""What is not a record: the root, the change feed, and addresses where there is nothing."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import URLField

from agreements import ledger
from agreements.api.examples import CHANGES
from agreements.api.lists import Listed, ListView
from agreements.api.public import PublicView, moved, record_path
from agreements.api.schema import AS_OF, filter_parameter, page_parameters
from agreements.catalogue import filters, shapes
from agreements.catalogue.asking import batched
from agreements.catalogue.cells import plain_columns
from agreements.catalogue.changes import ChangeFilterSet, change_of, changes
from agreements.catalogue.listings import BY_KIND
from agreements.catalogue.pages import SEQUENCE, page_of
from agreements.catalogue.texts import JSONText, to_json
from agreements.databases import in_time
from agreements.models import Publication

# Rows of the ledger read together where all are written.
_AT_A_TIME = 500
# What the root names besides the records of each kind.
_OTHERS = ("engagements", "stats", "changes", "releases", "schema", "docs")


class ChangesView(ListView):
    """The ledger's rows in the order in which they were written."""

    answer = shapes.ChangeSerializer
    examples = (CHANGES,)
    parameters = (
        OpenApiParameter(
            "since",
            {"type": "integer", "minimum": 0},
            description="Only what was written after the row with this sequence.",
        ),
        *(filter_parameter(name, each) for name, each in ChangeFilterSet.base_filters.items()),
        AS_OF,
        *page_parameters(),
    )

    def get(self, request: Request) -> HttpResponseBase:
        query = request.query_params
        rows = changes(query).defer("body", "search_text")
        return self.listed(
            Listed(
                page=lambda: page_of(rows, query, request.build_absolute_uri(), SEQUENCE),
                everything=lambda: batched(
                    in_time(rows.order_by(SEQUENCE).iterator(chunk_size=_AT_A_TIME), _AT_A_TIME)
                ),
                texts=self._texts,
                columns=lambda: plain_columns(shapes.ChangeSerializer().fields),
            )
        )

    def _texts(self, rows: Sequence[Publication]) -> Iterable[JSONText]:
        return (to_json(self._change(row)) for row in rows)

    def _change(self, row: Publication) -> dict[str, Any]:
        return {
            "sequence": row.sequence,
            "change": change_of(row),
            "kind": row.kind,
            "slug": row.slug,
            "title": row.title,
            "revision": row.revision,
            "published_at": ledger.instant(row.published_at),
            "reason": row.reason or None,
            "merged_into": row.successor or None,
            "sha256": row.sha256,
            "url": self.request.build_absolute_uri(record_path(row.kind, row.slug)),
        }


class RootView(PublicView):
    """Addresses of everything that there is to read."""

    summary = "What there is to read"
    shape = inline_serializer(
        "Root", {name: URLField() for name in (*(each.name for each in BY_KIND.values()), *_OTHERS)}
    )
    reads_ledger = False

    def get(self, request: Request) -> Response:
        filters.check_names(request.query_params, {"format"})
        root = request.build_absolute_uri(reverse("api-root"))
        return Response({name: f"{root}{name}/" for name in self.shape.fields})


class NothingHereView(PublicView):
    """404 as a problem, for every address that is none."""

    schema = None
    reads_ledger = False

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        path = f"{request.path}/"
        # Addresses end in a slash; whoever leaves it out is sent on.
        if not request.path.endswith("/") and resolve(path).func != resolve(request.path).func:
            return moved(request, path)
        raise Http404
