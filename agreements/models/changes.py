"""What happened on the desk, and who is looking at what: the history of every record."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models.constraints import at_most, not_empty, one_of


class ChangeStep(models.TextChoices):
    CREATED = "created", _("created")
    LOADED = "loaded", _("loaded")
    EDITED = "edited", _("edited")
    SUBMITTED = "submitted", _("submitted for review")
    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("returned to draft")
    PUBLISHED = "published", _("published")
    VERIFIED = "verified", _("quotations verified again")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MERGED = "merged", _("merged")
    RESTORED = "restored", _("restored")
    DELETED = "deleted", _("deleted")


class ChangeWay(models.TextChoices):
    FORM = "form", _("form")
    ACTION = "action", _("action")
    WORKBENCH = "workbench", _("workbench")
    IMPORT = "import", _("reading")
    FILE = "file", _("imported file")
    FIXTURE = "fixture", _("fixture")
    COMMAND = "command", _("command")


class Change(models.Model):
    """One change of one record of the desk: who, when, by which way, why, and what it left.

    `state` is the record as `agreements.snapshots` writes it, relations and citations included;
    null where the step left them as they were. Rows are only ever added.
    """

    Step = ChangeStep
    Way = ChangeWay

    kind = models.CharField(_("kind"), max_length=10)
    record_id = models.PositiveBigIntegerField(_("number of the record"))
    key = models.CharField(_("key"), max_length=100)
    version = models.PositiveIntegerField(_("version"))
    step = models.CharField(_("step"), max_length=10, choices=Step)
    way = models.CharField(_("way"), max_length=10, choices=Way)
    by = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    state: models.JSONField = models.JSONField(_("state"), null=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        default_permissions = ("view",)
        ordering = ["-id"]
        constraints = [
            one_of("agreements_change_step_known", "step", ChangeStep),
            one_of("agreements_change_way_known", "way", ChangeWay),
            not_empty("agreements_change_kind_not_empty", "kind"),
            *at_most("agreements_change", key=100, by=150, reason=2000),
        ]
        indexes = [
            models.Index(fields=["kind", "record_id", "-id"], name="change_of_record"),
            # The list of all changes, by what it is narrowed to; it is ordered by the number.
            models.Index(fields=["key", "-id"], name="change_by_key"),
            models.Index(fields=["step", "-id"], name="change_by_step"),
            models.Index(fields=["way", "-id"], name="change_by_way"),
            # What was returned to its analyst waits in a queue.
            models.Index(
                fields=["kind", "record_id"],
                name="change_returned",
                condition=models.Q(step="returned"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key} v{self.version} {self.step}"


class Presence(models.Model):
    """That somebody had the page of a record open, and when that was last heard of."""

    user: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("user"),
    )
    kind = models.CharField(_("kind"), max_length=10)
    record_id = models.PositiveBigIntegerField(_("number of the record"))
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "record_id", "user"], name="agreements_presence_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}/{self.record_id}"
