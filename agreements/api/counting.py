"""Statistics: how many records there are, by one thing or by two."""

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from agreements.api.examples import COUNTS
from agreements.api.lists import Listed, ListView
from agreements.api.schema import AS_OF, filter_parameter
from agreements.catalogue.cells import plain_columns
from agreements.catalogue.filters import StatisticsFilterSet
from agreements.catalogue.pages import Page
from agreements.catalogue.shapes import StatisticsSerializer
from agreements.catalogue.statistics import DEFAULT, DIMENSIONS, statistics
from agreements.catalogue.texts import to_json

_BY = (
    "What to count by: one, or two with a comma between. A record with several partners, "
    "countries, forces, topics, roles or documents counts once for each, and null stands for "
    "those with none. A partner is a country other than those that `country` asks for and than "
    "those of the forces that `force` asks for; beside `country` or `force`, other than that "
    "one. A record has a year where its date can be in no other."
)


class StatisticsView(ListView):
    """Counts of agreements, meetings and exercises."""

    summary = "Count engagements"
    shape = StatisticsSerializer
    examples = (COUNTS,)
    parameters = (
        OpenApiParameter(
            "by",
            {"type": "string", "pattern": "^[a-z]+(,[a-z]+)?$", "default": DEFAULT},
            description=f"{_BY} One of: {', '.join(DIMENSIONS)}.",
        ),
        *(filter_parameter(name, each) for name, each in StatisticsFilterSet.base_filters.items()),
        AS_OF,
    )

    def get(self, request: Request) -> HttpResponseBase:
        found = statistics(request.query_params)
        return self.listed(
            Listed(
                page=lambda: Page(found.values, None, None, None),
                everything=lambda: [found.values],
                texts=lambda values: map(to_json, found.named(values)),
                columns=lambda: plain_columns(found.keys),
                about={"by": found.by, "total": found.total},
            )
        )
