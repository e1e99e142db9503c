"""What every public view has in common, and where records are found."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.cache import patch_cache_control, set_response_etag
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agreements.api.problems import UnknownFormat
from agreements.api.rendering import StoredJSONRenderer

PLURALS = {
    "country": "countries",
    "force": "forces",
    "agreement": "agreements",
    "meeting": "meetings",
    "exercise": "exercises",
    "series": "series",
    "topic": "topics",
    "document": "documents",
    "total": "totals",
}


class PublicView(APIView):
    """Open to everyone, with an ETag on every answer and readable from any web page."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        try:
            return super().perform_content_negotiation(request, force)
        except Http404 as error:
            formats = ", ".join(each.format for each in self.renderer_classes)
            raise UnknownFormat({"format": f"Write one of: {formats}."}) from error

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code >= status.HTTP_400_BAD_REQUEST or request.method == "OPTIONS":
            # Refusals are JSON, whatever the view's own answers are.
            response.accepted_renderer = StoredJSONRenderer()
        response["Access-Control-Allow-Origin"] = "*"
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        if hasattr(response, "add_post_render_callback"):
            response.add_post_render_callback(set_response_etag)
        return response


def record_path(kind: str, slug: str) -> str:
    """Return the path of a record."""
    return f"{reverse('api-root')}{PLURALS[kind]}/{slug}/"


def moved(request: Request, path: str) -> Response:
    """Redirect to a record, asking it what was asked here."""
    query = request.query_params.urlencode()
    target = request.build_absolute_uri(f"{path}?{query}" if query else path)
    return Response(
        {"url": target}, status=status.HTTP_301_MOVED_PERMANENTLY, headers={"Location": target}
    )
