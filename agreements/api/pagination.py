"""What pages look like, for the OpenAPI description; `catalogue.pages` makes them."""

from typing import Any

from rest_framework.pagination import BasePagination


class LedgerPagination(BasePagination):
    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {
            "type": ["string", "null"],
            "format": "uri",
            "example": "https://example.org/api/v1/meetings/?cursor=WyJ0aXRsZSJd",
        }
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": address,
                "previous": address,
                "count": {
                    "type": "integer",
                    "description": "Only with count=true.",
                    "example": 1,
                },
                "results": schema,
            },
        }

    def get_results(self, data: dict[str, Any]) -> Any:
        return data["results"]
