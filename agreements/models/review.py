"""What the records of the desk have in common: a version, and the state of their review."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models.rows import Row


class Versioned(Row):
    """A desk record that is changed as a whole, with all that belongs to it.

    RECORD_KIND names it in its history; `record_key` is its key: a slug, or a country's code.
    """

    RECORD_KIND: ClassVar[str] = ""
    NATURAL_KEY: ClassVar[tuple[str, ...]] = ()

    edited_by = models.CharField(
        _("last edited by"),
        max_length=150,
        blank=True,
        editable=False,
        help_text=_("Who changed this record last. Somebody else must approve it."),
    )
    version = models.PositiveIntegerField(
        _("version"), default=1, editable=False, help_text=_("Counts the changes on the desk.")
    )
    loaded_version = models.PositiveIntegerField(
        _("version as loaded"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The version that a reading or a fixture left; later ones are edits by hand."),
    )

    class Meta:
        abstract = True

    @property
    def record_kind(self) -> str:
        return self.RECORD_KIND

    @property
    def record_key(self) -> str:
        return self.slug  # type: ignore[attr-defined]

    @property
    def edited_since_load(self) -> bool:
        """Whether somebody changed by hand what a reading or a fixture had loaded."""
        return self.loaded_version is None or self.version != self.loaded_version


class Reviewable(Versioned):
    """A desk record that is approved and published on its own, under its key in the ledger."""

    class ReviewState(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in-review", _("in review")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    review_state = models.CharField(
        _("review state"),
        max_length=10,
        choices=ReviewState,
        default=ReviewState.DRAFT,
        editable=False,
        help_text=_("Draft, in review, approved, published or withdrawn."),
    )
    approved_by = models.CharField(
        _("approved by"),
        max_length=150,
        blank=True,
        editable=False,
        help_text=_("Who approved the record as it stands."),
    )

    class Meta:
        abstract = True
        # What waits for a step of its review is looked for in every table.
        indexes = [models.Index(fields=["review_state"], name="%(class)s_review_state")]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_review_state_known",
                condition=models.Q(
                    review_state__in=["draft", "in-review", "approved", "published", "withdrawn"]
                ),
            ),
        ]
