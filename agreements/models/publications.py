"""The ledger's tables: append-only, and all that the public API reads."""

from datetime import datetime
from typing import Any

import orjson
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models.constraints import at_most, not_empty, one_of
from agreements.models.keys import KeyedManager
from agreements.models.lookups import BeginWords


class PublicationQuerySet(models.QuerySet):
    """Which rows of the ledger stand, now or at some past moment."""

    def current(self) -> "PublicationQuerySet":
        """The newest row of every record, tombstones included."""
        return self.filter(superseded_at__isnull=True)

    def standing_at(self, moment: datetime | None) -> "PublicationQuerySet":
        """The row of every record that was the newest at a moment; without one, that is now."""
        if moment is None:
            return self.current()
        return self.filter(published_at__lte=moment).filter(
            models.Q(superseded_at__isnull=True) | models.Q(superseded_at__gt=moment)
        )

    def published(self) -> "PublicationQuerySet":
        """Without the tombstones."""
        return self.filter(state=Publication.State.PUBLISHED)


class PublicationState(models.TextChoices):
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MERGED = "merged", _("merged")


class PublicationKind(models.TextChoices):
    COUNTRY = "country", _("country")
    FORCE = "force", _("force")
    TOPIC = "topic", _("topic")
    SERIES = "series", _("series")
    DOCUMENT = "document", _("document")
    AGREEMENT = "agreement", _("agreement")
    MEETING = "meeting", _("meeting")
    EXERCISE = "exercise", _("exercise")
    TOTAL = "total", _("reported total")


models.TextField.register_lookup(BeginWords)

CURRENT = models.Q(superseded_at__isnull=True)


class Publication(models.Model):
    """One published revision of one record, or the tombstone of a withdrawn or merged one.

    `body` is the public JSON without its last three keys (revision, published_at, sha256), which
    are this row's own columns. The other columns are copies from the body for filtering;
    `verify_ledger` recomputes them.
    """

    State = PublicationState
    Kind = PublicationKind

    NATURAL_KEY = ("kind", "slug", "revision")

    sequence = models.PositiveBigIntegerField(_("sequence"), unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    slug = models.CharField(_("slug"), max_length=100)
    revision = models.PositiveIntegerField(_("revision"))
    state = models.CharField(_("state"), max_length=10, choices=State)
    body = models.TextField(_("public JSON"))
    published_at = models.DateTimeField(_("published at"))
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True)
    author = models.CharField(_("author"), max_length=150)
    approver = models.CharField(_("approver"), max_length=150)
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    successor = models.CharField(_("merged into"), max_length=100, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    title = models.CharField(_("title"), max_length=300)
    title_key = models.CharField(_("title, folded"), max_length=300)
    status = models.CharField(_("status"), max_length=20, blank=True)
    earliest = models.DateField(_("earliest day"), null=True, blank=True)
    latest = models.DateField(_("latest day"), null=True, blank=True)
    date_certain = models.BooleanField(_("date certain"), default=False)
    undated = models.BooleanField(_("undated"), default=True)
    date_key = models.DateField(_("day to order by"))
    wide = models.BooleanField(_("may be over a year from that day"), default=False)
    series = models.CharField(_("series"), max_length=100, blank=True)
    ordinal = models.PositiveIntegerField(_("ordinal"), null=True, blank=True)
    instrument = models.CharField(_("instrument"), max_length=40, blank=True)
    activity = models.CharField(_("activity"), max_length=30, blank=True)
    level = models.CharField(_("level"), max_length=20, blank=True)
    stands_for_many = models.BooleanField(_("stands for many"), default=False)
    disputed = models.BooleanField(_("disputed"), default=False)
    search_text = models.TextField(_("words searched"))

    objects = KeyedManager.from_queryset(PublicationQuerySet)()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        default_permissions = ("view",)
        # Held by those who approve: publishing and withdrawing are what makes these rows.
        permissions = [
            ("approve_publication", _("Can approve, return and publish records")),
            ("withdraw_publication", _("Can withdraw and merge published records")),
        ]
        ordering = ["sequence"]
        constraints = [
            # Not `unique=True`, which costs PostgreSQL a second index, for LIKE.
            models.UniqueConstraint(fields=["sha256"], name="agreements_publication_sha256_once"),
            models.UniqueConstraint(
                fields=["kind", "slug", "revision"], name="agreements_publication_revision_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "slug"],
                condition=models.Q(superseded_at__isnull=True),
                name="agreements_publication_one_current",
            ),
            one_of("agreements_publication_kind_known", "kind", PublicationKind),
            one_of("agreements_publication_state_known", "state", PublicationState),
            not_empty("agreements_publication_slug_not_empty", "slug"),
            not_empty("agreements_publication_body_not_empty", "body"),
            *at_most("agreements_publication", slug=100, title=300, title_key=300, reason=2000),
            models.CheckConstraint(
                name="agreements_publication_sequence_from_one",
                condition=models.Q(sequence__gte=1, revision__gte=1),
            ),
            models.CheckConstraint(
                name="agreements_publication_merged_into",
                condition=models.Q(state="merged") ^ models.Q(successor=""),
            ),
        ]
        # docs/indexes.md says which question each of these is for; bench/indexes.py holds it.
        indexes = [
            # By date, the newest first, of one kind and of all. Past rows are in them as well, for
            # what is asked as of a moment.
            models.Index(
                fields=["kind", "undated", "-date_key", "sequence"], name="publication_kind_by_date"
            ),
            models.Index(fields=["undated", "-date_key", "sequence"], name="publication_by_date"),
            *(
                models.Index(fields=fields, condition=CURRENT, name=f"publication_{name}")
                for name, fields in {
                    "kind_by_date_up": ["kind", "undated", "date_key", "sequence"],
                    "by_date_up": ["undated", "date_key", "sequence"],
                    "kind_by_title": ["kind", "title_key", "sequence"],
                    "by_title": ["title_key", "sequence"],
                    "kind_by_sequence": ["kind", "sequence"],
                    "status_by_date": ["status", "undated", "-date_key", "sequence"],
                }.items()
            ),
            # What few records have, or one kind alone.
            *(
                models.Index(
                    fields=[name, "undated", "-date_key", "sequence"],
                    condition=CURRENT & ~models.Q(**{name: ""}),
                    name=f"publication_{name}_by_date",
                )
                for name in ("instrument", "activity", "level", "series")
            ),
            models.Index(
                fields=["kind", "undated", "-date_key", "sequence"],
                condition=CURRENT & models.Q(disputed=True),
                name="publication_disputed_by_date",
            ),
            # For ranges of dates: what may be after its day to order by, and what has no first or
            # no last day. The columns behind the order are looked at in the index.
            models.Index(
                fields=["wide", "undated", "-date_key", "sequence", "latest", "kind"],
                condition=models.Q(earliest__lt=models.F("latest")),
                name="publication_spread_by_date",
            ),
            *(
                models.Index(
                    fields=["undated", "-date_key", "sequence", "kind"],
                    condition=models.Q(**{f"{name}__isnull": True}, undated=False),
                    name=f"publication_{called}_by_date",
                )
                for name, called in {"earliest": "no_first", "latest": "no_last"}.items()
            ),
            models.Index(fields=["published_at", "sequence"], name="publication_by_time"),
            # The few rows that are no records now, for the list on the desk.
            models.Index(
                fields=["state", "sequence"],
                condition=models.Q(state__in=["withdrawn", "merged"]),
                name="publication_gone",
            ),
            models.Index(
                fields=["sequence"],
                condition=models.Q(superseded_at__isnull=False),
                name="publication_past",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.slug} r{self.revision}"

    @property
    def body_data(self) -> dict[str, Any]:
        """The body, parsed."""
        return orjson.loads(self.body)

    def natural_key(self) -> tuple[str, str, int]:
        return (self.kind, self.slug, self.revision)


class PublicationFacetFacet(models.TextChoices):
    COUNTRY = "country", _("country")
    COUNTRY_PAIR = "country-pair", _("pair of countries")
    FORCE = "force", _("force")
    ROLE = "role", _("role")
    COUNTRY_ROLE = "country-role", _("country and role")
    FORCE_ROLE = "force-role", _("force and role")
    TOPIC = "topic", _("topic")
    DOCUMENT = "document", _("document")
    PLACE = "place", _("place")


class PublicationFacet(models.Model):
    """A value that a publication is found by and may have many of: country, force, role, topic.

    Facets `country-role` and `force-role` hold pairs ("VN:host"), so that a role can be asked of
    a country or a force and not only of the record. `country-pair` holds each two countries of a
    record in the order of their codes ("CN:VN"), so that what they have in common is one stretch
    of an index. Facet `place` holds where it was, as
    `agreements.places` has it. Kind, date and sequence are the publication's, so that the
    publications with a value stand in an index in their order. `dumpdata` leaves these out.
    """

    Facet = PublicationFacetFacet

    NATURAL_KEY = (
        "publication__kind",
        "publication__slug",
        "publication__revision",
        "facet",
        "value",
    )

    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        related_name="facets",
        # The first column of the unique constraint.
        db_index=False,
        verbose_name=_("publication"),
    )
    facet = models.CharField(_("facet"), max_length=12, choices=Facet)
    value = models.CharField(_("value"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=PublicationKind, serialize=False)
    undated = models.BooleanField(_("undated"), serialize=False)
    date_key = models.DateField(_("day to order by"), serialize=False)
    sequence = models.PositiveBigIntegerField(_("sequence"), serialize=False)

    objects = KeyedManager()

    class Meta:
        verbose_name = _("facet of a publication")
        verbose_name_plural = _("facets of publications")
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "facet", "value"], name="agreements_publicationfacet_once"
            ),
            one_of("agreements_publicationfacet_facet_known", "facet", PublicationFacetFacet),
            not_empty("agreements_publicationfacet_value_not_empty", "value"),
        ]
        indexes = [
            # The last two columns for what is found in the index alone.
            models.Index(
                fields=[
                    *("facet", "value", "undated", "-date_key", "sequence"),
                    *("kind", "publication"),
                ],
                name="facet_by_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facet}: {self.value}"

    def natural_key(self) -> tuple[str, str, int, str, str]:
        return (*self.publication.natural_key(), self.facet, self.value)
