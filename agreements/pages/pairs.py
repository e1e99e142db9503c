"""Two countries: what they did together, year by year."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase

from agreements.catalogue.asking import question
from agreements.catalogue.listings import COUNTRIES, ENGAGEMENTS
from agreements.catalogue.names import name_of
from agreements.catalogue.records import record_at
from agreements.pages.addresses import address, api_path, with_query
from agreements.pages.lists import in_form
from agreements.pages.page import PublicPage
from agreements.pages.timelines import counts_by_kind, timeline
from agreements.pages.words import language_now


class PairPage(PublicPage):
    """The timeline of two countries, whose codes stand in alphabetical order."""

    template_name = "pages/pair.html"
    parameters = ("as_of", "cursor")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        given = [kwargs["one"], kwargs["other"]]
        codes = sorted({code.upper() for code in given})
        if codes != given:
            name, args = ("pair", codes) if len(codes) > 1 else ("record", ["country", *codes])
            path = address(name, *args)
            return self.public(HttpResponsePermanentRedirect(with_query(path, request.GET)))
        return super().get(request, **kwargs)

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        codes = [kwargs["one"], kwargs["other"]]
        found = [record_at(COUNTRIES, code, self.moment) for code in codes]
        countries = [record for record in found if record and record.published]
        if len(countries) < len(codes):
            raise Http404
        names = [name_of(record.row.body_data, language_now()) for record in countries]
        as_of = self.request.GET.get("as_of", "")
        asked = question(country=codes, as_of=as_of)
        cursor = self.request.GET.get("cursor", "")
        path = self.request.build_absolute_uri(api_path(ENGAGEMENTS.name))
        return self.rendered(
            {
                "title": " – ".join(name.text for name in names),
                "countries": list(zip(codes, names, strict=True)),
                "timeline": timeline(asked, cursor, self.request.build_absolute_uri()),
                "counts": counts_by_kind(asked),
                "asked": {"country": codes},
                "in_api": with_query(path, asked),
                "forms": {form: in_form(path, asked, form) for form in ("json", "csv", "ndjson")},
                "feed": address("feed", country=codes),
            }
        )
