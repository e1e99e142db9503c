"""Releases: frozen data sets that were made of the ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models.constraints import at_most, not_empty
from agreements.models.keys import KeyedManager


class Release(models.Model):
    """One published version of the data: the ledger up to its head, written out as files.

    Rows are only ever added, each in the same step as its folder of files (see
    `agreements.releases.making`). `files` holds, by name, `bytes`, `sha256` and `media_type`.
    """

    NATURAL_KEY = ("version",)

    version = models.CharField(
        _("version"), max_length=20, unique=True, help_text=_("Such as 1.2.0 or 2026.11.")
    )
    head_sequence = models.PositiveBigIntegerField(
        _("head"), help_text=_("The last row of the ledger that is part of it.")
    )
    head_sha256 = models.CharField(
        _("SHA-256 of the head"), max_length=64, help_text=_("Of that row and all before it.")
    )
    published_at = models.DateTimeField(
        _("state of"), help_text=_("When the head was published: the date of the data.")
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    notes = models.TextField(_("notes"), blank=True, max_length=2000)
    previous = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="following",
        verbose_name=_("previous release"),
        help_text=_("The release from which the differences are told."),
    )
    files: models.JSONField = models.JSONField(_("files"), default=dict)
    counts: models.JSONField = models.JSONField(
        _("counts"), default=dict, help_text=_("Rows of each table.")
    )

    objects = KeyedManager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        default_permissions = ("view",)
        ordering = ["-id"]
        constraints = [
            not_empty("agreements_release_version_not_empty", "version"),
            *at_most("agreements_release", version=20, notes=2000),
            models.CheckConstraint(
                name="agreements_release_head",
                condition=models.Q(head_sequence__gte=1, head_sha256__length=64),
            ),
        ]

    def __str__(self) -> str:
        return self.version

    def natural_key(self) -> tuple[str]:
        return (self.version,)
