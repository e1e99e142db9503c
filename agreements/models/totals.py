"""Counts that documents claim."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.date_fields import DateBoundField, PartialDateField
from agreements.models.constraints import at_most, not_empty, one_of, ordered_bounds
from agreements.models.engagements import Agreement, Exercise
from agreements.models.evidence import Document, Passage
from agreements.models.keys import KeyedManager
from agreements.models.reference import DATE_HELP, Country, Force
from agreements.models.review import Reviewable


class ReportedTotalCounts(models.TextChoices):
    AGREEMENTS = "agreements", _("agreements")
    MEETINGS = "meetings", _("meetings")
    EXERCISES = "exercises", _("exercises")
    ENGAGEMENTS = "engagements", _("engagements of every kind")
    COUNTRIES = "countries", _("partner countries")


class ReportedTotal(Passage, Reviewable):
    """A count that a document claims, so that claimed and recorded can be compared."""

    Counts = ReportedTotalCounts

    RECORD_KIND = "total"
    NATURAL_KEY = ("slug",)

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        help_text=_("Its key in the API; it never changes once published."),
    )
    title = models.CharField(_("title"), max_length=300, help_text=_("In our own words."))
    what = models.CharField(_("what is counted"), max_length=300, help_text=_("In our own words."))
    count = models.PositiveIntegerField(_("count"), help_text=_("The number that it claims."))
    approximate = models.BooleanField(
        _("approximate"), default=False, help_text=_("Such as “over 500”.")
    )
    as_of = PartialDateField(_("as of"), null=True, blank=True, help_text=DATE_HELP)
    as_of_earliest = DateBoundField("as_of", "earliest")
    as_of_latest = DateBoundField("as_of", "latest")
    force = models.ForeignKey(
        Force,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="totals",
        verbose_name=_("force"),
        help_text=_("The force whose records it counts."),
    )
    countries: models.ManyToManyField = models.ManyToManyField(
        Country,
        blank=True,
        related_name="totals",
        verbose_name=_("countries"),
        help_text=_("With a force: its partners among these. Without one: all of these took part."),
    )
    counts = models.CharField(
        _("compared with"),
        max_length=12,
        choices=Counts,
        help_text=_("Which published records the claim is compared with."),
    )
    instrument = models.CharField(
        _("only this type of instrument"),
        max_length=40,
        blank=True,
        choices=Agreement.Instrument,
        help_text=_("Leave empty to count every type."),
    )
    activity = models.CharField(
        _("only this activity"),
        max_length=30,
        blank=True,
        choices=Exercise.Activity,
        help_text=_("Leave empty to count every activity."),
    )
    period = PartialDateField(_("only in this period"), null=True, blank=True, help_text=DATE_HELP)
    period_earliest = DateBoundField("period", "earliest")
    period_latest = DateBoundField("period", "latest")
    document = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        related_name="totals",
        verbose_name=_("document"),
        help_text=_("Where it is said."),
    )

    objects = KeyedManager()

    class Meta(Reviewable.Meta):
        verbose_name = _("reported total")
        verbose_name_plural = _("reported totals")
        ordering = ["title"]
        constraints = [
            *Reviewable.Meta.constraints,
            not_empty("agreements_reportedtotal_slug_not_empty", "slug"),
            not_empty("agreements_reportedtotal_title_not_empty", "title"),
            not_empty("agreements_reportedtotal_locator_not_empty", "locator"),
            *at_most(
                "agreements_reportedtotal",
                slug=100,
                title=300,
                what=300,
                locator=100,
                quote=300,
                verified_against=64,
                note=2000,
            ),
            one_of("agreements_reportedtotal_counts_known", "counts", ReportedTotalCounts),
            one_of(
                "agreements_reportedtotal_instrument_known",
                "instrument",
                Agreement.Instrument,
                blank=True,
            ),
            one_of(
                "agreements_reportedtotal_activity_known", "activity", Exercise.Activity, blank=True
            ),
            ordered_bounds("agreements_reportedtotal_as_of_bounds", "as_of"),
            ordered_bounds("agreements_reportedtotal_period_bounds", "period"),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)
