"""What records rest on: documents, the passages cited from them, and the totals they claim."""

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.date_fields import DateBoundField, PartialDateField
from agreements.models.constraints import at_most, not_empty, one_of, ordered_bounds
from agreements.models.engagements import Engagement
from agreements.models.keys import KeyedManager
from agreements.models.reference import DATE_HELP, LANGUAGE_TAG, Force, Series
from agreements.models.review import Reviewable
from agreements.models.rows import Row
from agreements.text import word_count

QUOTE_WORDS = 20

_ENGAGEMENT_FIELDS = (
    "title",
    "summary",
    "status",
    "date",
    "location",
    "participants",
    "delegates",
    "topics",
    "series",
    "ordinal",
    "links",
)
# What a citation can be evidence for: the keys of the public record, by its kind.
CITABLE_FIELDS: dict[str, tuple[str, ...]] = {
    "agreement": (
        *_ENGAGEMENT_FIELDS,
        "instrument",
        "title_as_given",
        "binding",
        "ambit",
        "entered_into_force",
        "terminated",
        "identified",
    ),
    "meeting": (*_ENGAGEMENT_FIELDS, "level", "modality", "outcomes"),
    "exercise": (*_ENGAGEMENT_FIELDS, "activity", "count_stated", "vessels", "area"),
    "force": ("name", "names", "kind", "country", "established", "parent", "predecessor"),
    "series": ("title", "summary"),
}
ALL_CITABLE_FIELDS = sorted({name for names in CITABLE_FIELDS.values() for name in names})

SHA256 = RegexValidator(r"^[0-9a-f]{64}$", _("Write a SHA-256 as 64 hexadecimal digits."))


class Document(Reviewable):
    """A source that was read, or one that is known because another republishes it."""

    RECORD_KIND = "document"
    NATURAL_KEY = ("slug",)

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        help_text=_("Its key in the API; it never changes once published."),
    )
    title = models.CharField(_("title"), max_length=300, help_text=_("As the document gives it."))
    publisher = models.CharField(
        _("publisher"), max_length=200, blank=True, help_text=_("Empty where it is not stated.")
    )
    author = models.CharField(
        _("author"), max_length=200, blank=True, help_text=_("As its by-line or signature says.")
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        validators=[LANGUAGE_TAG],
        help_text=_("A language tag: en, vi, ja."),
    )
    published = PartialDateField(_("published"), null=True, blank=True, help_text=DATE_HELP)
    published_earliest = DateBoundField("published", "earliest")
    published_latest = DateBoundField("published", "latest")
    url = models.URLField(
        _("address"), max_length=500, blank=True, help_text=_("Where it was found, if known.")
    )
    sha256 = models.CharField(
        _("SHA-256 of the text"),
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        validators=[SHA256],
        help_text=_("Of the text's bytes; empty where no text was read."),
    )
    origin = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="republications",
        verbose_name=_("origin"),
        help_text=_("The document that this one republishes: both count as one source."),
    )
    note = models.TextField(
        _("note"), blank=True, max_length=2000, help_text=_("In our own words.")
    )

    objects = KeyedManager()

    class Meta(Reviewable.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["title"]
        indexes = [
            # The list of documents, as it comes and by what most are narrowed to.
            models.Index(fields=["title"], name="document_by_title"),
            models.Index(fields=["review_state", "title"], name="document_of_state_by_title"),
        ]
        constraints = [
            *Reviewable.Meta.constraints,
            not_empty("agreements_document_slug_not_empty", "slug"),
            not_empty("agreements_document_title_not_empty", "title"),
            *at_most(
                "agreements_document",
                slug=100,
                title=300,
                publisher=200,
                author=200,
                language=35,
                url=500,
                note=2000,
            ),
            models.CheckConstraint(
                name="agreements_document_sha256_length",
                condition=models.Q(sha256__isnull=True) | models.Q(sha256__length=64),
                violation_error_message=_("Write a SHA-256 as 64 hexadecimal digits."),
            ),
            ordered_bounds("agreements_document_published_bounds", "published"),
            models.CheckConstraint(
                name="agreements_document_not_its_own_origin",
                condition=models.Q(origin__isnull=True) | ~models.Q(origin=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def clean(self) -> None:
        self.sha256 = self.sha256 or None


class DocumentText(models.Model):
    """The text of a document, where the operator holds it. Never exported: it is copyrighted."""

    document = models.OneToOneField(
        Document,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="held_text",
        verbose_name=_("document"),
    )
    text = models.TextField(_("text"))
    attached_at = models.DateTimeField(_("attached at"), auto_now=True)

    class Meta:
        verbose_name = _("text of a document")
        verbose_name_plural = _("texts of documents")

    def __str__(self) -> str:
        return str(self.document_id)


class TextShingle(models.Model):
    """One of the hashes by which a text that stands in two documents is found again."""

    held_text = models.ForeignKey(
        DocumentText, on_delete=models.CASCADE, related_name="shingles", verbose_name=_("text")
    )
    value = models.BigIntegerField(_("value"))

    class Meta:
        verbose_name = _("hash of a text")
        verbose_name_plural = _("hashes of texts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["value", "held_text"], name="agreements_textshingle_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.value)


class Passage(Row):
    """A place in a document, in at most a few quoted words, and whether it was found there."""

    document: models.ForeignKey

    locator = models.CharField(
        _("locator"),
        max_length=100,
        help_text=_("paragraph 3 is the third line that is not blank."),
    )
    quote = models.CharField(
        _("quotation"),
        max_length=300,
        blank=True,
        help_text=_("At most 20 words, exactly as in the text, never a whole sentence."),
    )
    verified_against = models.CharField(
        _("verified against"),
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 of the text in which the quotation was found."),
    )
    note = models.TextField(
        _("note"), blank=True, max_length=2000, help_text=_("In our own words.")
    )

    class Meta:
        abstract = True

    @property
    def verified(self) -> bool:
        """Whether the quotation was found in the text that the document has now."""
        return bool(self.verified_against) and self.verified_against == self.document.sha256

    def clean(self) -> None:
        if word_count(self.quote) > QUOTE_WORDS:
            raise ValidationError(
                {"quote": _("Quote at most %(words)d words.") % {"words": QUOTE_WORDS}}
            )


class CitationStance(models.TextChoices):
    SUPPORTS = "supports", _("supports")
    DISPUTES = "disputes", _("disputes")


class CitationConfidence(models.TextChoices):
    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class Citation(Passage):
    """That a document, at a locator, in a few words, supports or disputes a field of a record."""

    Stance = CitationStance
    Confidence = CitationConfidence

    NATURAL_KEY = ("uid",)
    TARGETS = ("engagement", "force", "series")

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    engagement = models.ForeignKey(
        Engagement,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="citations",
        verbose_name=_("engagement"),
        help_text=_("The record that it is evidence for."),
    )
    force = models.ForeignKey(
        Force,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="citations",
        verbose_name=_("force"),
        help_text=_("The force that it is evidence for."),
    )
    series = models.ForeignKey(
        Series,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="citations",
        verbose_name=_("series"),
        help_text=_("The series that it is evidence for."),
    )
    document = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        related_name="citations",
        verbose_name=_("document"),
        help_text=_("Where it is said."),
    )
    field = models.CharField(
        _("field"),
        max_length=30,
        choices=[(name, name) for name in ALL_CITABLE_FIELDS],
        help_text=_("The name of the field in the public record, such as status or date."),
    )
    stance = models.CharField(
        _("stance"),
        max_length=10,
        choices=Stance,
        default=Stance.SUPPORTS,
        help_text=_("Whether the passage supports the value or disputes it."),
    )
    stated_value = models.CharField(
        _("value as stated"),
        max_length=200,
        blank=True,
        help_text=_("What the document says, where the record's value differs."),
    )
    inferred = models.BooleanField(
        _("inferred"),
        default=False,
        help_text=_("The document implies it and does not say it."),
    )
    confidence = models.CharField(
        _("confidence"),
        max_length=6,
        choices=Confidence,
        default=Confidence.HIGH,
        help_text=_("How surely the passage bears the value."),
    )

    objects = KeyedManager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="agreements_citation_one_target",
                condition=models.Q(
                    engagement__isnull=False, force__isnull=True, series__isnull=True
                )
                | models.Q(engagement__isnull=True, force__isnull=False, series__isnull=True)
                | models.Q(engagement__isnull=True, force__isnull=True, series__isnull=False),
                violation_error_message=_("A citation is for exactly one record."),
            ),
            models.CheckConstraint(
                name="agreements_citation_field_known",
                condition=models.Q(field__in=ALL_CITABLE_FIELDS),
            ),
            not_empty("agreements_citation_locator_not_empty", "locator"),
            *at_most(
                "agreements_citation",
                locator=100,
                quote=300,
                stated_value=200,
                verified_against=64,
                note=2000,
            ),
            one_of("agreements_citation_stance_known", "stance", CitationStance),
            one_of("agreements_citation_confidence_known", "confidence", CitationConfidence),
        ]
        indexes = [
            # What is disputed waits in a queue.
            models.Index(
                fields=["field"],
                name="citation_disputing",
                condition=models.Q(stance="disputes"),
            ),
            # So do quotations that were verified against another text than the document has.
            models.Index(fields=["document", "verified_against"], name="citation_verified"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.locator}"

    def natural_key(self) -> tuple[str]:
        return (str(self.uid),)

    @property
    def target(self) -> Engagement | Force | Series:
        """The one record that it is evidence for."""
        target = self.engagement or self.force or self.series
        assert target is not None
        return target

    def clean(self) -> None:
        super().clean()
        target = self.engagement or self.force or self.series
        if target is None or not self.field:
            return
        citable = CITABLE_FIELDS[target.record_kind]
        if self.field not in citable:
            raise ValidationError(
                {"field": _("Choose one of: %(choices)s.") % {"choices": ", ".join(citable)}}
            )
