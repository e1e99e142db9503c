"""Records, alone and in lists: every answer comes from the ledger, and from nothing else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.cache import patch_cache_control
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from agreements import ledger, totals
from agreements.api import filters, shapes
from agreements.api.pagination import ORDERS, LedgerPagination, page_of
from agreements.api.parameters import MomentField
from agreements.api.problems import BadParameters, Gone
from agreements.api.public import PublicView, moved, record_path
from agreements.api.rendering import page_text, record_text
from agreements.models import Publication, PublicationFacet

# By slug, the keys of a record that are found when it is read.
Found = dict[str, dict[str, Any]]
ROW_COLUMNS = ("body", "revision", "published_at", "sha256", "kind", "slug", "state")
ORDER_COLUMNS = ("sequence", "undated", "date_key", "title_key")


class LedgerViewSet(PublicView, viewsets.GenericViewSet):
    """Records of one kind: the list, one record, its past."""

    kinds: tuple[str, ...] = ()
    default_ordering = "title"
    filterset_class: type[filters.LedgerFilterSet] = filters.LedgerFilterSet
    field_serializers: tuple[type[BaseSerializer], ...] = ()
    pagination_class = LedgerPagination
    lookup_field = "slug"
    lookup_value_regex = "[A-Za-z0-9_-]{1,100}"
    queryset = Publication.objects.none()

    def list(self, request: Request) -> Response:
        query = request.query_params
        known = {*self.filterset_class.base_filters, *filters.LIST_PARAMETERS}
        filters.check_names(query, known)
        moment, fields = self._moment(), self._fields()
        ordering = query.get("ordering", self.default_ordering)
        if ordering not in ORDERS:
            raise BadParameters({"ordering": f"Write one of: {', '.join(ORDERS)}."})
        standing = self._standing(moment)
        filterset = self.filterset_class(data=query, queryset=standing.published())
        filterset.moment = moment or timezone.now()
        if not filterset.is_valid():
            raise BadParameters(_faults(filterset.form.errors.get_json_data()))
        rows = filterset.qs.only(*ROW_COLUMNS, *ORDER_COLUMNS)
        page = page_of(rows, request, ordering)
        if not page.rows:
            self._refuse_unknown(filterset.form.cleaned_data)
        more = self.more(page.rows, moment)
        texts = [record_text(row, fields, more.get(row.slug)) for row in page.rows]
        return Response(page_text(texts, page.next, page.previous, page.count))

    def retrieve(self, request: Request, slug: str) -> Any:
        filters.check_names(request.query_params, {"as_of", "fields", "format"})
        moment, fields = self._moment(), self._fields()
        row = self._standing(moment).filter(slug=slug).first()
        if row is None:
            raise Http404
        if row.state == Publication.State.MERGED:
            heir = self._heir(row, moment)
            return moved(request, record_path(heir.kind, heir.slug))
        _refuse_withdrawn(row)
        return Response(record_text(row, fields, self.more([row], moment).get(slug)))

    @action(detail=True)
    def revisions(self, request: Request, slug: str) -> Response:
        filters.check_names(request.query_params, {"format"})
        rows = list(self._records().filter(slug=slug).order_by("revision"))
        if not rows:
            raise Http404
        found = [
            {
                "revision": row.revision,
                "state": row.state,
                "published_at": ledger.instant(row.published_at),
                "superseded_at": row.superseded_at and ledger.instant(row.superseded_at),
                "reason": row.reason or None,
                "merged_into": row.successor or None,
                "sha256": row.sha256,
                "url": request.build_absolute_uri(
                    f"{record_path(row.kind, row.slug)}revisions/{row.revision}/"
                ),
            }
            for row in rows
        ]
        return Response({"next": None, "previous": None, "results": found})

    @action(detail=True, url_path=r"revisions/(?P<revision>[1-9][0-9]{0,8})")
    def revision(self, request: Request, slug: str, revision: str) -> Response:
        filters.check_names(request.query_params, {"fields", "format"})
        row = self._records().filter(slug=slug, revision=int(revision)).first()
        if row is None:
            raise Http404
        _refuse_withdrawn(row)
        # What is found at reading is found as of that revision, so that it never changes either.
        more = self.more([row], row.published_at).get(slug)
        response = Response(record_text(row, self._fields(), more))
        # A revision is never changed, so whoever has it may keep it.
        patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
        return response

    def more(self, rows: Sequence[Publication], moment: datetime | None) -> Found:
        """Return, by slug, the keys that are found when a record is read."""
        return {}

    def _heir(self, row: Publication, moment: datetime | None) -> Publication:
        """Return the record that a merged one leads to, which may be merged itself by now."""
        while row.state == Publication.State.MERGED:
            row = self._standing(moment).get(kind=row.kind, slug=row.successor)
        return row

    def _records(self) -> QuerySet[Publication]:
        return Publication.objects.filter(kind__in=self.kinds)

    def _standing(self, moment: datetime | None) -> Any:
        return self._records().standing_at(moment)  # type: ignore[attr-defined]

    def _moment(self) -> datetime | None:
        try:
            return MomentField().clean(self.request.query_params.get("as_of"))
        except ValidationError as error:
            raise BadParameters({"as_of": " ".join(error.messages)}) from error

    def _fields(self) -> Sequence[str] | None:
        asked = self.request.query_params.get("fields")
        if asked is None:
            return None
        serializers = self.field_serializers or (self.get_serializer_class(),)
        known = list(dict.fromkeys(name for each in serializers for name in field_names(each)))
        names = asked.split(",")
        unknown = [name[:50] for name in names if name not in known]
        if unknown:
            raise BadParameters(
                {"fields": f"Unknown: {', '.join(unknown[:5])}. Known: {', '.join(known)}."}
            )
        if len(set(names)) < len(names):
            raise BadParameters({"fields": "Name each once."})
        return names

    def _refuse_unknown(self, asked: dict[str, Any]) -> None:
        """An empty answer to a slug that never was published is a typing error: say so."""
        for name in ("force", "topic", "series", "document"):
            values = asked.get(name) or []
            for slug in [values] if isinstance(values, str) else values:
                if not Publication.objects.filter(kind=name, slug=slug).exists():
                    raise BadParameters({name: f"No {name} {slug} was ever published."})


def field_names(serializer: type[BaseSerializer]) -> list[str]:
    """Return the keys of a public record."""
    return list(serializer().fields)  # type: ignore[attr-defined]


def _refuse_withdrawn(row: Publication) -> None:
    if row.state != Publication.State.PUBLISHED:
        reason = row.reason or f"merged into {row.successor}"
        raise Gone(reason, ledger.instant(row.published_at))


def _faults(errors: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {name: " ".join(each["message"] for each in found) for name, found in errors.items()}


class CountryViewSet(LedgerViewSet):
    """States, by their ISO 3166 alpha-2 codes; former states by the four letters of ISO 3166-3."""

    kinds = ("country",)
    serializer_class = shapes.PublishedCountry


class ForceViewSet(LedgerViewSet):
    """Bodies that act for a state: coast guards, ministries, agencies, centres."""

    kinds = ("force",)
    filterset_class = filters.ForceFilterSet
    serializer_class = shapes.PublishedForce


class TopicViewSet(LedgerViewSet):
    """What the cooperation is about."""

    kinds = ("topic",)
    serializer_class = shapes.PublishedTopic


class SeriesViewSet(LedgerViewSet):
    """Numbered or recurring runs of engagements."""

    kinds = ("series",)
    filterset_class = filters.SeriesFilterSet
    serializer_class = shapes.PublishedSeries


class DocumentViewSet(LedgerViewSet):
    """Particulars of the sources, never their texts."""

    kinds = ("document",)
    filterset_class = filters.DocumentFilterSet
    serializer_class = shapes.PublishedDocument

    def more(self, rows: Sequence[Publication], moment: datetime | None) -> Found:
        slugs = [row.slug for row in rows]
        standing = Publication.objects.standing_at(moment)
        citing = (
            PublicationFacet.objects.filter(
                facet="document", value__in=slugs, publication__in=standing.published()
            )
            .order_by("publication__sequence")
            .values_list("value", "publication__kind", "publication__slug", "publication__title")
        )
        found: Found = {slug: {"records": []} for slug in slugs}
        for value, kind, slug, title in citing:
            found[value]["records"].append({"kind": kind, "slug": slug, "title": title})
        return found


class TotalViewSet(LedgerViewSet):
    """Counts that documents claim, against the published records that match them."""

    kinds = ("total",)
    filterset_class = filters.TotalFilterSet
    serializer_class = shapes.PublishedTotal

    def more(self, rows: Sequence[Publication], moment: datetime | None) -> Found:
        standing = Publication.objects.standing_at(moment)
        bodies = [row.body_data for row in rows]
        matching = totals.recorded(bodies, standing)
        return {
            body["slug"]: {
                "recorded": matching.get(body["slug"], 0),
                "gap": body["count"] - matching.get(body["slug"], 0),
            }
            for body in bodies
        }


class EngagementViewSet(LedgerViewSet):
    """Agreements, meetings and exercises together: the timeline."""

    kinds = ("agreement", "meeting", "exercise")
    default_ordering = "-date"
    filterset_class = filters.EngagementFilterSet
    serializer_class = shapes.PublishedAgreement
    field_serializers = (
        shapes.PublishedAgreement,
        shapes.PublishedMeeting,
        shapes.PublishedExercise,
    )


class AgreementViewSet(LedgerViewSet):
    """Instruments that sides agreed or negotiate."""

    kinds = ("agreement",)
    default_ordering = "-date"
    filterset_class = filters.AgreementFilterSet
    serializer_class = shapes.PublishedAgreement


class MeetingViewSet(LedgerViewSet):
    """Talks, conferences and visits at every level."""

    kinds = ("meeting",)
    default_ordering = "-date"
    filterset_class = filters.MeetingFilterSet
    serializer_class = shapes.PublishedMeeting


class ExerciseViewSet(LedgerViewSet):
    """What was done together: patrols, drills, ship visits, courses."""

    kinds = ("exercise",)
    default_ordering = "-date"
    filterset_class = filters.ExerciseFilterSet
    serializer_class = shapes.PublishedExercise
