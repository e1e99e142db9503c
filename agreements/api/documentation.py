"""The OpenAPI description and the page that shows it, as strict as the rest of the API."""

from typing import Any

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.api.public import PublicView
from agreements.catalogue import filters


class SchemaView(PublicView, SpectacularAPIView):
    schema = None
    reads_ledger = False

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        filters.check_names(request.query_params, {"format"})
        return super().get(request, *args, **kwargs)


class DocsView(PublicView, SpectacularSwaggerSplitView):
    """Swagger UI; with `script`, which it asks for itself, the script that starts it."""

    schema = None
    reads_ledger = False
    template_name = "agreements/api_docs.html"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        query = request.query_params.copy()
        query.pop("script", None)
        filters.check_names(query, {"format"})
        return super().get(request, *args, **kwargs)
