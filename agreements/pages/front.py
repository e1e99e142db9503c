"""The first page."""

from typing import Any

from django.http.response import HttpResponseBase

from agreements.catalogue.asking import question
from agreements.catalogue.changes import changes
from agreements.catalogue.listings import BY_KIND
from agreements.catalogue.names import names_of
from agreements.catalogue.pages import page_of
from agreements.catalogue.records import how_many, standing_at
from agreements.catalogue.statistics import statistics
from agreements.pages.changes import change_entries
from agreements.pages.page import PublicPage
from agreements.pages.words import kinds_in_words, language_now

_NEWEST = "-published_at"
_SHOWN = 8


class HomePage(PublicPage):
    """What there is, what was published last, and the ways in."""

    template_name = "pages/home.html"

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        query = question(as_of=self.request.GET.get("as_of"), page_size=_SHOWN)
        newest = page_of(changes(query), query, "", _NEWEST).rows
        counts = how_many(self.moment)
        return self.rendered(
            {
                "counts": [
                    {"kind": kind, "text": kinds_in_words(kind), "count": counts.get(kind, 0)}
                    for kind in BY_KIND
                ],
                "changes": change_entries(newest),
                "pairs": self._pairs(),
            }
        )

    def _pairs(self) -> list[dict[str, Any]]:
        """Return the pairs of countries with the most records."""
        asked = question(by="country,partner", as_of=self.request.GET.get("as_of"))
        # Each pair is counted from both of its sides; one is enough.
        rows = [
            row
            for row in statistics(asked).rows
            if row["partner"] and row["country"] < row["partner"]
        ]
        rows.sort(key=lambda row: (-row["count"], row["country"], row["partner"]))
        codes = {code for row in rows[:_SHOWN] for code in (row["country"], row["partner"])}
        keys = [("country", code) for code in codes]
        names = names_of(standing_at(self.moment), keys, language_now())
        return [
            {
                "codes": (row["country"], row["partner"]),
                "names": [names.of("country", row[side]) for side in ("country", "partner")],
                "count": row["count"],
            }
            for row in rows[:_SHOWN]
        ]
