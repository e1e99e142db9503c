"""What is not a record: the root, the change feed, and addresses where there is nothing."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import resolve, reverse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from agreements import ledger
from agreements.api import filters, shapes
from agreements.api.pagination import SEQUENCE, page_of
from agreements.api.parameters import WholeNumber
from agreements.api.problems import BadParameters
from agreements.api.public import PLURALS, PublicView, moved, record_path
from agreements.api.rendering import page_text, to_json
from agreements.api.schema import page_parameters
from agreements.models import Publication


class ChangesView(PublicView):
    """The ledger's rows in the order in which they were written."""

    answer = shapes.ChangeSerializer
    parameters = (
        OpenApiParameter(
            "since",
            {"type": "integer", "minimum": 0},
            description="Only what was written after the row with this sequence.",
        ),
        OpenApiParameter(
            "kind",
            str,
            enum=Publication.Kind.values,
            description="Only what was written of records of this kind.",
        ),
        *page_parameters(),
    )

    def get(self, request: Request) -> Response:
        query = request.query_params
        filters.check_names(query, {"since", "kind", "cursor", "page_size", "count", "format"})
        rows = Publication.objects.all()
        if "since" in query:
            try:
                rows = rows.filter(sequence__gt=WholeNumber(0, 10**18 - 1).clean(query["since"]))
            except ValidationError as error:
                raise BadParameters({"since": " ".join(error.messages)}) from error
        if "kind" in query:
            if query["kind"] not in Publication.Kind.values:
                kinds = ", ".join(Publication.Kind.values)
                raise BadParameters({"kind": f"Write one of: {kinds}."})
            rows = rows.filter(kind=query["kind"])
        page = page_of(rows.defer("body", "search_text"), request, SEQUENCE)
        texts = [to_json(self._change(row, request)) for row in page.rows]
        return Response(page_text(texts, page.next, page.previous, page.count))

    @staticmethod
    def _change(row: Publication, request: Request) -> dict[str, Any]:
        change: str = row.state
        if row.state == Publication.State.PUBLISHED and row.revision > 1:
            change = "revised"
        return {
            "sequence": row.sequence,
            "change": change,
            "kind": row.kind,
            "slug": row.slug,
            "title": row.title,
            "revision": row.revision,
            "published_at": ledger.instant(row.published_at),
            "reason": row.reason or None,
            "merged_into": row.successor or None,
            "sha256": row.sha256,
            "url": request.build_absolute_uri(record_path(row.kind, row.slug)),
        }


class RootView(PublicView):
    """What there is to read."""

    def get(self, request: Request) -> Response:
        filters.check_names(request.query_params, {"format"})
        names: Iterable[str] = (*PLURALS.values(), "engagements", "changes", "schema", "docs")
        root = request.build_absolute_uri(reverse("api-root"))
        return Response({name: f"{root}{name}/" for name in names})


class NothingHereView(PublicView):
    """404 as a problem, for every address that is none."""

    schema = None

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        path = f"{request.path}/"
        # Addresses end in a slash; whoever leaves it out is sent on.
        if not request.path.endswith("/") and resolve(path).func != resolve(request.path).func:
            return moved(request, path)
        raise Http404
