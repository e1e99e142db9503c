"""Records, alone and in lists: every answer comes from the ledger, and from nothing else."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agreements import ledger
from agreements.api.lists import Listed, ListView
from agreements.api.pagination import LedgerPagination
from agreements.api.problems import Gone
from agreements.api.public import LICENSE, link, moved, record_path
from agreements.api.rendering import LIST_RENDERERS, StoredJSONRenderer
from agreements.catalogue import filters, listings
from agreements.catalogue.asking import ask, fields_of, moment_of
from agreements.catalogue.cells import columns_of, plain_columns
from agreements.catalogue.listings import Listing
from agreements.catalogue.pages import Page
from agreements.catalogue.records import record_at, revision_of, revisions_of
from agreements.catalogue.shapes import RevisionSerializer
from agreements.catalogue.texts import to_json
from agreements.models import Publication


class LedgerViewSet(ListView, viewsets.GenericViewSet):
    """Records of one kind: the list, one record, its past."""

    listing: Listing
    pagination_class = LedgerPagination
    lookup_field = "slug"
    lookup_value_regex = "[A-Za-z0-9_-]{1,100}"
    queryset = Publication.objects.none()

    @property
    def unchanging(self) -> bool:  # type: ignore[override]
        # A revision is never changed, so whoever has it may keep it.
        return self.action == "revision"

    def get_serializer_class(self) -> Any:
        return self.listing.shapes[0]

    def get_renderers(self) -> list[Any]:
        if self.action in ("retrieve", "revision"):
            return [StoredJSONRenderer()]
        return [each() for each in LIST_RENDERERS]

    def list(self, request: Request) -> HttpResponseBase:
        query = request.query_params
        answer = ask(self.listing, query)
        return self.listed(
            Listed(
                page=lambda: answer.page(query, request.build_absolute_uri()),
                # What depends on other records is found while the rows are read.
                everything=lambda: answer.everything(alone=not self.listing.finds_more),
                texts=answer.texts,
                columns=lambda: columns_of(answer.fields or self.listing.keys),
            )
        )

    def retrieve(self, request: Request, slug: str) -> Any:
        query = request.query_params
        filters.check_names(query, {"as_of", "fields", "format"})
        moment, fields = moment_of(query), fields_of(self.listing, query)
        record = record_at(self.listing, slug, moment)
        if record is None:
            raise Http404
        if record.merged:
            heir = record.heir()
            return moved(request, record_path(heir.kind, heir.slug))
        _refuse_withdrawn(record.row)
        response = Response(record.text(fields))
        response["Link"] = ", ".join(self._links_of(record.row))
        return response

    @action(detail=True)
    def revisions(self, request: Request, slug: str) -> HttpResponseBase:
        filters.check_names(request.query_params, {"as_of", "format"})
        moment = moment_of(request.query_params)
        found = [self._past(row, moment) for row in revisions_of(self.listing, slug, moment)]
        if not found:
            raise Http404
        return self.listed(
            Listed(
                page=lambda: Page(found, None, None, None),
                everything=lambda: [found],
                texts=lambda some: map(to_json, some),
                columns=lambda: plain_columns(RevisionSerializer().fields),
            )
        )

    @action(detail=True, url_path=r"revisions/(?P<revision>[1-9][0-9]{0,8})")
    def revision(self, request: Request, slug: str, revision: str) -> Response:
        filters.check_names(request.query_params, {"fields", "format"})
        fields = fields_of(self.listing, request.query_params)
        record = revision_of(self.listing, slug, int(revision))
        if record is None:
            raise Http404
        _refuse_withdrawn(record.row)
        response = Response(record.text(fields))
        response["Link"] = ", ".join(self._links_of(record.row, latest=False))
        return response

    def _past(self, row: Publication, moment: datetime | None) -> dict[str, Any]:
        superseded = row.superseded_at
        if moment is not None and superseded is not None and superseded > moment:
            superseded = None
        return {
            "revision": row.revision,
            "state": row.state,
            "published_at": ledger.instant(row.published_at),
            "superseded_at": superseded and ledger.instant(superseded),
            "reason": row.reason or None,
            "merged_into": row.successor or None,
            "sha256": row.sha256,
            "url": self._address(row, f"revisions/{row.revision}/"),
        }

    def _links_of(self, row: Publication, latest: bool = True) -> Iterator[str]:
        """Where a record belongs, and where it came from (RFC 5829)."""
        yield link(self._address(row), "canonical" if latest else "latest-version")
        yield link(self._address(row, "revisions/"), "version-history")
        if row.revision > 1:
            yield link(self._address(row, f"revisions/{row.revision - 1}/"), "predecessor-version")
        yield link(self.request.build_absolute_uri(record_path(row.kind, "")[:-1]), "collection")
        if latest:
            for each in row.body_data.get("links", ()):
                address = self.request.build_absolute_uri(record_path(each["kind"], each["slug"]))
                yield link(address, "related")
        yield link(self.request.build_absolute_uri(reverse("schema")), "describedby")
        yield link(LICENSE, "license")

    def _address(self, row: Publication, below: str = "") -> str:
        return self.request.build_absolute_uri(f"{record_path(row.kind, row.slug)}{below}")


def _refuse_withdrawn(row: Publication) -> None:
    if row.state != Publication.State.PUBLISHED:
        reason = row.reason or f"merged into {row.successor}"
        raise Gone(reason, ledger.instant(row.published_at))


class CountryViewSet(LedgerViewSet):
    """States, by their ISO 3166 alpha-2 codes; former states by the four letters of ISO 3166-3."""

    listing = listings.COUNTRIES


class ForceViewSet(LedgerViewSet):
    """Bodies that act for a state: coast guards, ministries, agencies, centres."""

    listing = listings.FORCES


class TopicViewSet(LedgerViewSet):
    """What the cooperation is about."""

    listing = listings.TOPICS


class SeriesViewSet(LedgerViewSet):
    """Numbered or recurring runs of engagements."""

    listing = listings.SERIES


class DocumentViewSet(LedgerViewSet):
    """Particulars of the sources, never their texts."""

    listing = listings.DOCUMENTS


class TotalViewSet(LedgerViewSet):
    """Counts that documents claim, against the published records that match them."""

    listing = listings.TOTALS


class EngagementViewSet(LedgerViewSet):
    """Agreements, meetings and exercises together: the timeline."""

    listing = listings.ENGAGEMENTS


class AgreementViewSet(LedgerViewSet):
    """Instruments that sides agreed or negotiate."""

    listing = listings.AGREEMENTS


class MeetingViewSet(LedgerViewSet):
    """Talks, conferences and visits at every level."""

    listing = listings.MEETINGS


class ExerciseViewSet(LedgerViewSet):
    """What was done together: patrols, drills, ship visits, courses."""

    listing = listings.EXERCISES
