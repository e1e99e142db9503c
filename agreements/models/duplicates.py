"""Pairs of records that may be of the same event, until somebody has judged them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models.constraints import at_most
from agreements.models.engagements import Engagement


class PossibleDuplicate(models.Model):
    """Two records of one kind that may be of the same event.

    The program proposes a pair; a person merges the two, or says that they are not the same, and
    then the pair is not proposed again.
    """

    first = models.ForeignKey(
        Engagement,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("record"),
        help_text=_("The record that was on the desk first."),
    )
    second = models.ForeignKey(
        Engagement,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("other record"),
        help_text=_("The record that came later."),
    )
    because = models.JSONField(
        _("because"), default=dict, help_text=_("What is alike in the two, for a line about it.")
    )
    nearness = models.PositiveSmallIntegerField(
        _("nearness"), help_text=_("How near the two are, from 0 to 100; the nearest come first.")
    )
    told_apart_by = models.CharField(
        _("told apart by"),
        max_length=150,
        blank=True,
        help_text=_("Who said that they are not the same; empty where nobody did."),
    )
    told_apart_at = models.DateTimeField(
        _("told apart at"), null=True, blank=True, help_text=_("When that was said.")
    )
    reason = models.CharField(
        _("reason"), max_length=300, blank=True, help_text=_("Why they are not the same.")
    )

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-nearness", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], name="agreements_possibleduplicate_once"
            ),
            models.CheckConstraint(
                name="agreements_possibleduplicate_in_order",
                condition=models.Q(first__lt=models.F("second")),
            ),
            models.CheckConstraint(
                name="agreements_possibleduplicate_nearness",
                condition=models.Q(nearness__lte=100),
            ),
            *at_most("agreements_possibleduplicate", told_apart_by=150, reason=300),
        ]
        indexes = [
            models.Index(
                fields=["-nearness", "id"],
                name="agreements_duplicates_open",
                condition=models.Q(told_apart_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"
