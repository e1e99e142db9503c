"""The OpenAPI description: parameters from the filter sets, problems, examples."""

from functools import cache
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    inline_serializer,
)
from rest_framework.serializers import IntegerField, Serializer, URLField

from agreements.api.examples import EXAMPLES, PROBLEM
from agreements.catalogue import filters, parameters
from agreements.catalogue.pages import DEFAULT_SIZE, MAX_SIZE, ORDERS
from agreements.catalogue.shapes import MovedSerializer, ProblemSerializer, RevisionSerializer

JSON_TYPE = "application/json"
PROBLEM_TYPE = "application/problem+json"
TABLE_TYPES = {
    "text/csv": "All records as CSV, or one page where page_size or cursor is given.",
    "application/x-ndjson": "All records, one JSON object a line, or one page likewise.",
}
AS_OF = OpenApiParameter(
    "as_of",
    str,
    description=(
        "Answer as the ledger stood then: a time such as 2026-11-22T12:00:00Z, or a date, which "
        "means its end in UTC; a time without a zone is in UTC. Before the first publication "
        "there is nothing; the future is refused."
    ),
)
FIELDS = OpenApiParameter(
    "fields", str, description="Only these keys of each record, separated by commas."
)


def list_parameters(ordering: str) -> list[OpenApiParameter]:
    """Return the parameters that every list of records takes."""
    return [
        OpenApiParameter(
            "ordering",
            str,
            enum=list(ORDERS),
            default=ordering,
            description="Records without a date come last in both orders by date.",
        ),
        AS_OF,
        FIELDS,
        *page_parameters(),
    ]


def page_parameters() -> list[OpenApiParameter]:
    """Return the parameters of every list that comes in pages."""
    return [
        OpenApiParameter("cursor", str, description="As `next` and `previous` give it."),
        OpenApiParameter(
            "page_size",
            {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE},
            description="Records a page.",
        ),
        OpenApiParameter(
            "count", bool, description="true: say in `count` how many records match in all."
        ),
    ]


@cache
def paged(serializer: type[Serializer]) -> Serializer:
    """Return the shape of a page of what is not a record."""
    return inline_serializer(
        f"{serializer.__name__.removesuffix('Serializer')}List",
        {
            "next": URLField(allow_null=True),
            "previous": URLField(allow_null=True),
            "count": IntegerField(required=False, help_text="Only with count=true."),
            "results": serializer(many=True),
        },
    )


def filter_parameter(name: str, each: filters.Parameter) -> OpenApiParameter:
    """Return the description of one filter."""
    field, many = each.field, False
    shape: dict[str, Any] = {"type": "string"}
    if isinstance(field, parameters.RepeatedField):
        many, field = True, field.item
    if isinstance(field, parameters.TruthField):
        shape = {"type": "boolean"}
    elif isinstance(field, parameters.WholeNumber):
        shape = {"type": "integer", "minimum": field.low, "maximum": field.high}
    elif isinstance(field, parameters.CountryCode):
        shape = {"type": "string", "pattern": "^([A-Za-z]{2}){1,2}$"}
    elif isinstance(field, parameters.WordsField):
        shape = {"type": "string", "maxLength": parameters.MAX_QUERY}
    if isinstance(each, filters.Choice):
        shape = {"type": "string", "enum": each.choices}
    if many:
        shape = {"type": "array", "items": shape, "maxItems": parameters.MAX_REPEATS}
    return OpenApiParameter(
        name,
        shape,
        style="form" if many else None,
        explode=True if many else None,
        description=each.extra.get("help_text", ""),
    )


def problem(description: str) -> OpenApiResponse:
    """Return the description of a refusal."""
    return OpenApiResponse(ProblemSerializer, description=description, examples=[PROBLEM])


class LedgerSchema(AutoSchema):
    """Describes a view by what it declares: its filter set, its action, its kinds."""

    view: Any

    def get_operation_id(self) -> str:
        operation = getattr(self.view, "operation", "read")
        return f"{self.get_tags()[0]}_{getattr(self.view, 'action', operation)}"

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0] or "root"]

    def get_override_parameters(self) -> list[Any]:
        action = getattr(self.view, "action", None)
        formats = OpenApiParameter(
            "format",
            str,
            enum=[each.format for each in self.view.get_renderers()],
            description="What the answer is written in.",
        )
        if action == "list":
            return [
                *(
                    filter_parameter(name, each)
                    for name, each in self.view.listing.filters.base_filters.items()
                ),
                *list_parameters(self.view.listing.ordering),
                formats,
            ]
        if action == "retrieve":
            return [AS_OF, FIELDS, formats]
        if action == "revision":
            return [FIELDS, formats]
        # A file comes in its own form only.
        taken = [formats] if getattr(self.view, "has_formats", True) else []
        return [*getattr(self.view, "parameters", ()), *taken]

    def get_response_serializers(self) -> Any:
        action = getattr(self.view, "action", None)
        if action is None:
            answer = getattr(self.view, "answer", None)
            shape = getattr(self.view, "shape", None)
            serializer: Any = paged(answer) if answer else shape or OpenApiTypes.OBJECT
        elif action == "revisions":
            serializer = paged(RevisionSerializer)
        else:
            serializer = super().get_response_serializers()
        if action in {"list", "retrieve", "revision"} and len(self.view.listing.kinds) > 1:
            kinds = zip(self.view.listing.kinds, self.view.listing.shapes, strict=True)
            serializer = PolymorphicProxySerializer("PublishedEngagement", dict(kinds), "kind")
        # A view that declares its answers gives no others, but for the refusals of all.
        declared = getattr(self.view, "answers", None)
        found: dict[Any, Any] = dict(declared or {(200, JSON_TYPE): serializer})
        for renderer in () if declared else self.view.get_renderers():
            if renderer.media_type in TABLE_TYPES:
                found[200, renderer.media_type] = OpenApiResponse(
                    OpenApiTypes.STR, description=TABLE_TYPES[renderer.media_type]
                )
        nothing = "There is no such format."
        if action in {"retrieve", "revision", "revisions"}:
            nothing = "There is no such published record, or no such format."
        elif declared:
            nothing = "There is no such release or file, or no such format."
        found[400, PROBLEM_TYPE] = problem("A parameter is unknown, repeated or out of range.")
        found[404, PROBLEM_TYPE] = problem(nothing)
        found[406, PROBLEM_TYPE] = problem("No format is one that `Accept` names.")
        if action == "retrieve":
            found[301, JSON_TYPE] = OpenApiResponse(
                MovedSerializer, description="Merged into the record at `Location`."
            )
        if action in {"retrieve", "revision"}:
            found[410, PROBLEM_TYPE] = problem("The record was withdrawn, with the reason.")
        return found

    def get_examples(self) -> list[OpenApiExample]:
        if getattr(self.view, "action", None) in {"list", "retrieve"}:
            example = EXAMPLES.get(self.view.listing.kinds[-1])
            return [example] if example else []
        return []
