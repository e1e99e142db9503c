"""The OpenAPI description: parameters from the filter sets, problems, examples."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from agreements.api import filters, parameters
from agreements.api.examples import EXAMPLES, PROBLEM
from agreements.api.pagination import DEFAULT_SIZE, MAX_SIZE, ORDERS
from agreements.api.shapes import ProblemSerializer

PROBLEM_TYPE = "application/problem+json"
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
        shape = {"type": "string", "pattern": "^[A-Za-z]{2}$"}
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

    def get_operation_id(self) -> str:
        name = self.view.basename if hasattr(self.view, "basename") else type(self.view).__name__
        return f"{name}_{getattr(self.view, 'action', 'read')}"

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0] or "root"]

    def get_override_parameters(self) -> list[Any]:
        action = getattr(self.view, "action", None)
        if action == "list":
            return [
                *(
                    filter_parameter(name, each)
                    for name, each in self.view.filterset_class.base_filters.items()
                ),
                *list_parameters(self.view.default_ordering),
            ]
        if action == "retrieve":
            return [AS_OF, FIELDS]
        if action == "revision":
            return [FIELDS]
        return []

    def get_response_serializers(self) -> Any:
        serializer = super().get_response_serializers()
        action = getattr(self.view, "action", None)
        if isinstance(serializer, dict):
            return serializer
        found: dict[Any, Any] = {200: serializer}
        if action in {"list", "retrieve", "revision"}:
            found[400, PROBLEM_TYPE] = problem("A parameter is unknown, repeated or out of range.")
        if action in {"retrieve", "revision", "revisions"}:
            found[404, PROBLEM_TYPE] = problem("There is no such published record.")
        if action == "retrieve":
            found[301] = OpenApiResponse(description="Merged into the record at `Location`.")
            found[410, PROBLEM_TYPE] = problem("The record was withdrawn, with the reason.")
        return found

    def get_examples(self) -> list[OpenApiExample]:
        if getattr(self.view, "action", None) in {"list", "retrieve"}:
            example = EXAMPLES.get(self.view.kinds[-1])
            return [example] if example else []
        return []
