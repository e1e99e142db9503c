"""The OpenAPI description: parameters from the filter sets, answers, headers, refusals."""

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

from agreements.api import headers
from agreements.api.examples import GONE, PROBLEM, RECORDS, REVISIONS, TABLES
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
    {"type": "string", "pattern": "^[0-9]{4}-?[0-9]{2}-?[0-9]{2}(T.+)?$"},
    description=(
        "Answer as the ledger stood then: a time such as 2026-11-22T12:00:00Z, or a date, which "
        "means its end in UTC; a time without a zone is in UTC. Before the first publication "
        "there is nothing; the future is refused."
    ),
)
FIELDS = OpenApiParameter(
    "fields",
    {"type": "string", "pattern": "^[a-z0-9_]+(,[a-z0-9_]+)*$"},
    description=(
        "Only these keys of each record, separated by commas, such as `slug,title,date`. The "
        "schema of the answer is that of whole records, so what it calls required is only there "
        "where it is asked for: read such answers as plain JSON, not with a generated client's "
        "types."
    ),
)
SLUG = OpenApiParameter(
    "slug",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,100}$"},
    OpenApiParameter.PATH,
    description="As lists give it; of a country its code, such as VN.",
)
REVISION = OpenApiParameter(
    "revision",
    {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    OpenApiParameter.PATH,
    description="Which of the record's publications, from 1.",
)


def list_parameters(ordering: str) -> list[OpenApiParameter]:
    """Return the parameters that every list of records takes."""
    return [
        OpenApiParameter(
            "ordering",
            str,
            enum=list(ORDERS),
            description=f"{ordering} where it is not given. Records without a date come last in "
            "both orders by date; the order is whole, so pages lose and repeat nothing.",
        ),
        AS_OF,
        FIELDS,
        *page_parameters(),
    ]


def page_parameters() -> list[OpenApiParameter]:
    """Return the parameters of every list that comes in pages.

    They name no default: clients that are generated would send it, and then get pages of CSV.
    """
    return [
        OpenApiParameter("cursor", str, description="As `next` and `previous` give it."),
        OpenApiParameter(
            "page_size",
            {"type": "integer", "minimum": 1, "maximum": MAX_SIZE},
            description=f"Records a page; {DEFAULT_SIZE} where it is not given.",
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
    elif isinstance(field, parameters.SlugParameter):
        shape = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,100}$"}
    elif isinstance(field, parameters.DayField):
        shape = {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}
    elif isinstance(field, parameters.WordsField):
        shape = {"type": "string", "minLength": 1, "maxLength": parameters.MAX_QUERY}
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


def problem(description: str, example: OpenApiExample | None = None) -> OpenApiResponse:
    """Return the description of a refusal."""
    return OpenApiResponse(
        ProblemSerializer, description=description, examples=[example] if example else []
    )


class LedgerSchema(AutoSchema):
    """Describes a view by what it declares: its filter set, its action, its kinds."""

    view: Any

    @property
    def action(self) -> str:
        """What is read: a list, a record, its revisions, one revision; or what the view says."""
        if hasattr(self.view, "answer"):
            return "list"
        return str(getattr(self.view, "action", None) or getattr(self.view, "operation", "read"))

    def get_operation_id(self) -> str:
        return f"{self.get_tags()[0]}_{self.action}"

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0] or "root"]

    def get_auth(self) -> list[Any]:
        # Nobody needs a key: without this, each operation would say that a key may be none.
        return []

    def get_summary(self) -> str:
        several = self.get_tags()[0]
        kinds: tuple[str, ...] = getattr(getattr(self.view, "listing", None), "kinds", ())
        one = kinds[0] if len(kinds) == 1 else "engagement"
        return {
            "list": f"List {several}",
            "retrieve": f"Read one {one}",
            "revisions": f"The past of one {one}",
            "revision": f"One revision of one {one}",
        }.get(self.action) or self.view.summary

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name}List"

    def get_override_parameters(self) -> list[Any]:
        action = getattr(self.view, "action", None)
        several = len(self.view.get_renderers()) > 1
        formats = OpenApiParameter(
            "format",
            str,
            enum=[each.format for each in self.view.get_renderers()],
            description="What the answer is written in, json where it is not given; goes before "
            "`Accept`." + (" Without a page_size, csv and ndjson are whole." if several else ""),
        )
        own = {
            "list": lambda: [
                *(
                    filter_parameter(name, each)
                    for name, each in self.view.listing.filters.base_filters.items()
                ),
                *list_parameters(self.view.listing.ordering),
            ],
            "retrieve": lambda: [SLUG, AS_OF, FIELDS],
            "revisions": lambda: [SLUG, AS_OF],
            "revision": lambda: [SLUG, REVISION, FIELDS],
        }.get(action or "", lambda: list(getattr(self.view, "parameters", ())))()
        # A file comes in its own form only.
        taken = [formats] if getattr(self.view, "has_formats", True) else []
        return [*own, *taken, *headers.described(self.view, self.action)]

    def get_response_serializers(self) -> Any:
        action = getattr(self.view, "action", None)
        # A view that declares its answers gives no others, but for the refusals of all.
        declared = getattr(self.view, "answers", None)
        if declared:
            serializer: Any = None
        elif action is None:
            serializer = self.view.shape if self.action == "read" else paged(self.view.answer)
        elif action == "revisions":
            serializer = paged(RevisionSerializer)
        else:
            serializer = super().get_response_serializers()
        if action in {"list", "retrieve", "revision"} and len(self.view.listing.kinds) > 1:
            kinds = zip(self.view.listing.kinds, self.view.listing.shapes, strict=True)
            serializer = PolymorphicProxySerializer("PublishedEngagement", dict(kinds), "kind")
        found: dict[Any, Any] = dict(
            declared
            or {(200, JSON_TYPE): OpenApiResponse(serializer, description="What was asked.")}
        )
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
        if action == "retrieve":
            found[301, JSON_TYPE] = OpenApiResponse(
                MovedSerializer, description="Merged into the record at `Location`."
            )
        leads_on = 200 not in {status for status, _ in declared or {(200, JSON_TYPE): None}}
        if not leads_on:
            found[304] = OpenApiResponse(description="`If-None-Match` names the answer's `ETag`.")
        found[400, PROBLEM_TYPE] = problem(
            "A parameter is unknown, repeated or out of range.", PROBLEM
        )
        found[404, PROBLEM_TYPE] = problem(nothing)
        found[406, PROBLEM_TYPE] = problem("No format is one that `Accept` names.")
        if action in {"retrieve", "revision"}:
            found[410, PROBLEM_TYPE] = problem("The record was withdrawn, with the reason.", GONE)
        if not leads_on:
            found[412, PROBLEM_TYPE] = problem("`If-Match` names another `ETag` than the answer's.")
        return found

    def get_examples(self) -> list[OpenApiExample]:
        action = getattr(self.view, "action", None)
        if action is None:
            return list(getattr(self.view, "examples", ()))
        if action == "revisions":
            return [REVISIONS]
        several = TABLES.values() if self.get_tags()[0] == "meetings" and action == "list" else ()
        return [*RECORDS[self.get_tags()[0]], *several]
