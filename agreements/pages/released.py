"""Frozen data sets to take away: each release with its files, as the API serves them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import reverse

from agreements.models import Release
from agreements.pages.page import PublicPage

# Those that begin the list: what most readers take.
_FIRST = ("everything", "README.md", "codebook.md", "datapackage.json", "CITATION.cff")


class ReleasesPage(PublicPage):
    """Every release, the newest first."""

    template_name = "pages/releases.html"
    # A publication changes no release.
    reads_ledger = False

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        return self.rendered({"releases": [_told(release) for release in self._made()]})

    def also_on(self) -> str:
        return self._made().values_list("version", flat=True).first() or ""

    def _made(self) -> QuerySet[Release]:
        if self.moment is None:
            return Release.objects.all()
        return Release.objects.filter(made_at__lte=self.moment)


def _told(release: Release) -> dict[str, Any]:
    return {
        "release": release,
        "records": release.counts.get("records", 0),
        "manifest": reverse("release", args=[release.version]),
        "files": sorted(_files(release), key=_place),
    }


def _files(release: Release) -> Iterator[dict[str, Any]]:
    for name, facts in release.files.items():
        address = reverse("release-file", args=[release.version, name])
        yield {"name": name, "bytes": facts["bytes"], "address": address}


def _place(file: dict[str, Any]) -> tuple[int, str]:
    """The whole comes first, then what tells about it, then the rest by name."""
    name = "everything" if file["name"].endswith(".zip") else file["name"]
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)
