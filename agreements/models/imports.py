"""How files that were not made for us are read, remembered for the next file of the same form."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models.constraints import at_most, not_empty, one_of
from agreements.models.engagements import EngagementKind
from agreements.models.evidence import Document


class ImportMapping(models.Model):
    """What the columns and the values of a data set's files mean, as an analyst confirmed it."""

    name = models.CharField(
        _("name"), max_length=100, unique=True, help_text=_("What the mapping is called.")
    )
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=EngagementKind,
        help_text=_("What each row of the file is."),
    )
    document = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("document"),
        help_text=_("The data set, as the document that the imported records cite."),
    )
    headers = models.CharField(
        _("headers"),
        max_length=64,
        db_index=True,
        editable=False,
        help_text=_("SHA-256 of the header row, by which a file of the same form is known again."),
    )
    settings = models.JSONField(
        _("settings"),
        default=dict,
        help_text=_("Columns, date forms, unknown marks and countries."),
    )
    edited_by = models.CharField(_("last edited by"), max_length=150, blank=True, editable=False)
    edited_at = models.DateTimeField(_("last edited at"), auto_now=True)

    class Meta:
        verbose_name = _("import mapping")
        verbose_name_plural = _("import mappings")
        ordering = ["name"]
        constraints = [
            not_empty("agreements_importmapping_name_not_empty", "name"),
            one_of("agreements_importmapping_kind_known", "kind", EngagementKind),
            *at_most("agreements_importmapping", name=100, headers=64, edited_by=150),
        ]

    def __str__(self) -> str:
        return self.name
