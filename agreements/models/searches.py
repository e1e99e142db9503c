"""Searches that found nothing, kept so that nobody has to repeat them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models.constraints import at_most, not_empty
from agreements.models.engagements import Engagement
from agreements.models.keys import KeyedManager
from agreements.models.reference import Series
from agreements.models.totals import ReportedTotal


class FruitlessSearch(models.Model):
    """That somebody looked for something missing, where and when, and did not find it.

    It is about a total that claims more than is recorded, a number that a series lacks, or a
    planned event of which nothing tells whether it was held.
    """

    NATURAL_KEY = ("uid",)

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    total = models.ForeignKey(
        ReportedTotal,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="searches",
        verbose_name=_("reported total"),
        help_text=_("The total whose missing records were looked for."),
    )
    series = models.ForeignKey(
        Series,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="searches",
        verbose_name=_("series"),
        help_text=_("The series that lacks a number."),
    )
    ordinal = models.PositiveSmallIntegerField(
        _("number in its series"),
        null=True,
        blank=True,
        help_text=_("The number that was looked for."),
    )
    engagement = models.ForeignKey(
        Engagement,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="searches",
        verbose_name=_("planned event"),
        help_text=_("The event of which it is not known whether it was held."),
    )
    sought = models.CharField(
        _("what was looked for"), max_length=300, help_text=_("In our own words.")
    )
    places = models.TextField(
        _("where"),
        max_length=2000,
        help_text=_("The sites, archives and indexes, and the words that were searched for."),
    )
    searched_on = models.DateField(_("when"), help_text=_("The day of the search."))
    by = models.CharField(
        _("by"), max_length=150, editable=False, help_text=_("Who looked for it.")
    )
    noted_at = models.DateTimeField(
        _("noted at"), auto_now_add=True, help_text=_("When this was written down.")
    )

    objects = KeyedManager()

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")
        ordering = ["-searched_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="agreements_fruitlesssearch_one_target",
                condition=models.Q(
                    total__isnull=False,
                    series__isnull=True,
                    ordinal__isnull=True,
                    engagement__isnull=True,
                )
                | models.Q(
                    total__isnull=True,
                    series__isnull=False,
                    ordinal__gte=1,
                    engagement__isnull=True,
                )
                | models.Q(
                    total__isnull=True,
                    series__isnull=True,
                    ordinal__isnull=True,
                    engagement__isnull=False,
                ),
                violation_error_message=_(
                    "Name one: a total, a series with the number that it lacks, or an event."
                ),
            ),
            not_empty("agreements_fruitlesssearch_sought_not_empty", "sought"),
            not_empty("agreements_fruitlesssearch_places_not_empty", "places"),
            *at_most("agreements_fruitlesssearch", sought=300, places=2000, by=150),
        ]

    def __str__(self) -> str:
        return self.sought

    def natural_key(self) -> tuple[str]:
        return (str(self.uid),)
