"""What search engines ask for: where the pages are, in each language."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from agreements.catalogue.records import standing_at
from agreements.models import Publication
from agreements.models.publications import PublicationQuerySet
from agreements.pages.addresses import address
from agreements.pages.page import PublicPage


class RecordSitemap(Sitemap):
    """Every published record in every language."""

    i18n = True
    alternates = True
    limit = 20_000

    def items(self) -> PublicationQuerySet:
        rows = standing_at(None).published().order_by("sequence")
        return rows.only("kind", "slug", "published_at", "sequence")

    def location(self, item: Publication) -> str:
        return address("record", item.kind, item.slug)

    def lastmod(self, item: Publication) -> Any:
        return item.published_at


class SitemapPage(PublicPage):
    """The addresses of all records."""

    parameters = ("p",)

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        response = sitemap(self.request, {"records": RecordSitemap})
        response.render()
        return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Return what crawlers may read: all that is public."""
    where = request.build_absolute_uri(reverse("sitemap"))
    text = f"User-agent: *\nDisallow: /admin/\nDisallow: /i18n/\n\nSitemap: {where}\n"
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    PublicPage.public(response)
    return response


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", SitemapPage.as_view(), name="sitemap"),
]
