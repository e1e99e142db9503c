"""Releases: which there are, what is in each, and their files."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import quote_etag
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from agreements import heads
from agreements.api.lists import Listed, ListView
from agreements.api.public import LICENSE, PublicView, link
from agreements.api.ranges import FilePart, asked_range
from agreements.api.rendering import StoredJSONRenderer
from agreements.api.schema import JSON_TYPE, PROBLEM_TYPE, problem
from agreements.catalogue import filters
from agreements.catalogue.cells import plain_columns
from agreements.catalogue.pages import Page
from agreements.catalogue.shapes import MovedSerializer
from agreements.catalogue.texts import to_json
from agreements.conditional import etag_of
from agreements.ledger import instant
from agreements.models import Release
from agreements.releases.files import MEDIA_TYPES, FileFacts
from agreements.releases.shapes import ReleaseManifestSerializer, ReleaseSerializer

VERSION = OpenApiParameter(
    "version",
    str,
    OpenApiParameter.PATH,
    description="A release.",
    examples=[OpenApiExample("A release", value="1.0.0")],
)
FILE = OpenApiParameter(
    "file",
    str,
    OpenApiParameter.PATH,
    description="A name that the release gives in `files`.",
    examples=[OpenApiExample("A table", value="meetings.csv")],
)
# Text is described as text: generated clients read the first of these, and would take it for bytes.
_SHAPES = {
    each.partition(";")[0]: OpenApiTypes.STR if each.startswith("text/") else OpenApiTypes.BINARY
    for each in MEDIA_TYPES.values()
}


def _release(version: str) -> Release:
    found = Release.objects.select_related("previous").filter(version=version).first()
    if found is None:
        raise Http404
    return found


def _path(release: Release, file: str = "") -> str:
    return f"{reverse('release', args=[release.version])}{file}"


def _told(request: Request, release: Release) -> dict[str, Any]:
    return {
        "version": release.version,
        "published_at": instant(release.published_at),
        "made_at": instant(release.made_at),
        "head_sequence": release.head_sequence,
        "head_sha256": release.head_sha256,
        "previous": release.previous and release.previous.version,
        "notes": release.notes or None,
        "license": LICENSE,
        "url": request.build_absolute_uri(_path(release)),
    }


class ReleasesView(ListView):
    """Every release, the newest first: data sets that never change."""

    summary = "List releases"
    reads_ledger = False
    answer = ReleaseSerializer

    def etag_for(self, request: Request, moment: datetime | None) -> str:
        # Read in the snapshot of the answer, so that the two cannot differ.
        self.reading.enter_context(heads.snapshot())
        newest = Release.objects.values_list("version", flat=True).first() or ""
        media_type = request.accepted_renderer.media_type
        return etag_of(request.build_absolute_uri(), None, media_type, newest)

    def get(self, request: Request) -> HttpResponseBase:
        filters.check_names(request.query_params, {"format"})
        rows = Release.objects.select_related("previous").defer("files", "counts")
        return self.listed(
            Listed(
                page=lambda: Page(list(rows), None, None, None),
                everything=lambda: [list(rows)],
                texts=lambda some: [to_json(_told(request, each)) for each in some],
                columns=lambda: plain_columns(ReleaseSerializer().fields),
            )
        )


class LatestReleaseView(PublicView):
    """Leads to the newest release."""

    summary = "Where the newest release is"
    reads_ledger = False
    operation = "latest"
    answers = {
        (302, JSON_TYPE): OpenApiResponse(
            MovedSerializer, description="It is at `Location`, until the next is made."
        )
    }

    def get(self, request: Request, file: str = "") -> Response:
        filters.check_names(request.query_params, {"format"})
        newest = Release.objects.first()
        if newest is None or (file and file not in newest.files):
            raise Http404
        target = request.build_absolute_uri(_path(newest, file))
        return Response({"url": target}, HTTPStatus.FOUND, headers={"Location": target})


class LatestFileView(LatestReleaseView):
    """Leads to a file of the newest release."""

    summary = "Where a file of the newest release is"
    operation = "latest_file"
    parameters = (FILE,)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # What the reader accepts is for the file itself to meet.
        force = force or "format" not in request.query_params
        return super().perform_content_negotiation(request, force)


class ReleaseView(PublicView):
    """One release, with its files."""

    summary = "Read one release"
    unchanging = True
    operation = "manifest"
    parameters = (VERSION,)
    answers = {(200, JSON_TYPE): ReleaseManifestSerializer}

    def get(self, request: Request, version: str) -> Response:
        filters.check_names(request.query_params, {"format"})
        release = _release(version)
        files = [
            {
                "name": name,
                "media_type": facts["media_type"],
                "bytes": facts["bytes"],
                "sha256": facts["sha256"],
                "url": request.build_absolute_uri(_path(release, name)),
            }
            for name, facts in sorted(release.files.items())
        ]
        body = {**_told(request, release), "counts": dict(sorted(release.counts.items()))}
        response = Response({**body, "files": files})
        response["Link"] = ", ".join(self._links(release))
        return response

    def _links(self, release: Release) -> Sequence[str]:
        def to(path: str, relation: str) -> str:
            return link(self.request.build_absolute_uri(path), relation)

        found = [
            to(_path(release), "canonical"),
            to(reverse("releases"), "collection"),
            to(_path(release, "datapackage.json"), "describedby"),
            to(_path(release, "CITATION.cff"), "cite-as"),
            link(LICENSE, "license"),
        ]
        if release.previous is not None:
            found.append(to(_path(release.previous), "predecessor-version"))
        return found


class ReleaseFileView(PublicView):
    """A file of a release, whole or a part of it. Its ETag is its SHA-256."""

    summary = "Read a file of a release"
    unchanging = True
    operation = "file"
    has_formats = False
    parameters = (
        VERSION,
        FILE,
        OpenApiParameter(
            "Range",
            str,
            OpenApiParameter.HEADER,
            description="One range of bytes, such as bytes=0-99; others are passed over.",
            examples=[OpenApiExample("A part", value="bytes=0-99")],
        ),
    )
    answers = {
        **{(200, each): shape for each, shape in _SHAPES.items()},
        **{(206, each): shape for each, shape in _SHAPES.items()},
        (416, PROBLEM_TYPE): problem("The range lies outside of the file."),
    }

    def get_renderers(self) -> list[Any]:
        """Return what stands for the file in content negotiation: its own media type."""
        facts = self._facts
        media_type = facts["media_type"].partition(";")[0] if facts else "application/json"
        kind = Path(self.kwargs.get("file", "")).suffix.removeprefix(".") or "txt"
        return [type("File", (StoredJSONRenderer,), {"media_type": media_type, "format": kind})()]

    @property
    def _facts(self) -> FileFacts | None:
        if "file" not in self.kwargs:
            return None
        if not hasattr(self, "_files"):
            released = Release.objects.filter(version=self.kwargs["version"])
            self._files = released.values_list("files", flat=True).first() or {}
        return self._files.get(self.kwargs["file"])

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # What is not there comes in no form, whatever the reader accepts.
        if self._facts is None and not force:
            raise NotFound("There is no such release or file.")
        return super().perform_content_negotiation(request, force)

    def etag_for(self, request: Request, moment: datetime | None) -> str:
        facts = self._facts
        return quote_etag(facts["sha256"]) if facts else ""

    def get(self, request: Request, version: str, file: str) -> HttpResponseBase:
        filters.check_names(request.query_params, {"format"})
        facts = self._facts
        # Only names that the release itself told: no other path is ever opened.
        path = settings.RELEASES_DIR / version / file
        if facts is None or not path.is_file():
            raise Http404
        size = facts["bytes"]
        part = asked_range(request, size, self.etag)
        start, stop = part or (0, size)
        response: HttpResponseBase = HttpResponse(content_type=facts["media_type"])
        if request.method == "GET":
            response = StreamingHttpResponse(
                FilePart(path, start, stop),
                status=HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK,
                content_type=facts["media_type"],
            )
        response["Content-Length"] = str(stop - start)
        response["Accept-Ranges"] = "bytes"
        response["Content-Disposition"] = f'attachment; filename="{file}"'
        if part:
            response["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
        return response
