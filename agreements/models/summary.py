"""How many published records there are, counted as they are published.

All of it can be counted again from the ledger, which is what it is verified against.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ColumnCount(models.Model):
    """How many records stand that have these values in their columns, and lie in this year.

    Year 0 is of those whose date can be in several or has none. Of what is no agreement, meeting
    or exercise, the kind alone is told apart.
    """

    kind = models.CharField(_("kind"), max_length=10)
    status = models.CharField(_("status"), max_length=20, blank=True)
    instrument = models.CharField(_("instrument"), max_length=40, blank=True)
    activity = models.CharField(_("activity"), max_length=30, blank=True)
    level = models.CharField(_("level"), max_length=20, blank=True)
    series = models.CharField(_("series"), max_length=100, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.IntegerField(_("how many"))

    class Meta:
        verbose_name = _("count of records by their columns")
        verbose_name_plural = _("counts of records by their columns")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "status", "instrument", "activity", "level", "series", "year"],
                name="agreements_columncount_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.number}"


class FacetCount(models.Model):
    """How many agreements, meetings or exercises stand that have a facet, by kind and year.

    Facets are those of `PublicationFacet` that statistics are made of, each with the value "" for
    the records without; `pair`, of two countries in the order of their codes; and `alone`, of
    the country that is the only one of a record. Year 0 is as in the counts by columns, and of
    forces, which are counted without their years.
    """

    facet = models.CharField(_("facet"), max_length=12)
    value = models.CharField(_("value"), max_length=120, blank=True)
    other = models.CharField(_("other country"), max_length=4, blank=True)
    kind = models.CharField(_("kind"), max_length=10)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.IntegerField(_("how many"))

    class Meta:
        verbose_name = _("count of records by their facets")
        verbose_name_plural = _("counts of records by their facets")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["facet", "value", "other", "kind", "year"],
                name="agreements_facetcount_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["other"], condition=~models.Q(other=""), name="facetcount_by_other"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facet} {self.value} {self.other}: {self.number}"


class CountedUntil(models.Model):
    """The last row of the ledger that the counts know of. There is one row, or none."""

    sequence = models.PositiveBigIntegerField(_("sequence"))

    class Meta:
        verbose_name = _("what is counted")
        verbose_name_plural = _("what is counted")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.sequence)
