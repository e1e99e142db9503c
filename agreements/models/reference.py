"""Who and what engagements are between and about: countries, forces, people, topics, series."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agreements.countries import country_name, country_table
from agreements.date_fields import DateBoundField, PartialDateField
from agreements.models.constraints import at_most, not_empty, one_of, ordered_bounds
from agreements.models.keys import KeyedManager
from agreements.models.review import Reviewable, Versioned
from agreements.models.rows import Row

LANGUAGE_TAG = RegexValidator(
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("Write a language tag such as en, vi or zh-Hant.")
)
DATE_HELP = _("EDTF: 2015, 2015-09, 2015-09-12, 2023-12-19/2023-12-22, 1998?, 2024~, ../2025.")


class Country(Reviewable):
    """A state, by its ISO 3166 codes. Its names in each language come from CLDR.

    A state that is no more has the four letters of ISO 3166-3, which no other state ever had.
    """

    RECORD_KIND = "country"
    NATURAL_KEY = ("code",)

    code = models.CharField(
        _("alpha-2 code"),
        max_length=4,
        unique=True,
        help_text=_("ISO 3166 alpha-2 code in capitals, such as VN; of a former state, alpha-4."),
    )
    alpha3 = models.CharField(
        _("alpha-3 code"),
        max_length=3,
        unique=True,
        editable=False,
        help_text=_("ISO 3166 alpha-3 code; filled in from the alpha-2 code."),
    )

    objects = KeyedManager()

    class Meta(Reviewable.Meta):
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]
        constraints = [
            *Reviewable.Meta.constraints,
            models.CheckConstraint(
                name="agreements_country_code_length",
                condition=models.Q(code__length=2) | models.Q(code__length=4),
            ),
            models.CheckConstraint(
                name="agreements_country_alpha3_length", condition=models.Q(alpha3__length=3)
            ),
        ]

    def __str__(self) -> str:
        return self.name if self.code in country_table() else self.code

    @property
    def record_key(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The country's name in the language of the page."""
        return country_name(self.code, get_language() or "en")

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    def clean(self) -> None:
        if self.code not in country_table():
            raise ValidationError({"code": _("Write an ISO 3166 alpha-2 code, such as VN.")})
        self.alpha3 = country_table()[self.code]["alpha3"]


class ForceKind(models.TextChoices):
    COAST_GUARD = "coast-guard", _("coast guard")
    NAVY = "navy", _("navy")
    MINISTRY = "ministry", _("ministry")
    AGENCY = "agency", _("agency")
    FUSION_CENTRE = "fusion-centre", _("information fusion centre")
    ENFORCEMENT_CENTRE = "enforcement-centre", _("maritime enforcement centre")
    FISHERIES_ENFORCEMENT = "fisheries-enforcement", _("fisheries enforcement")
    LOCAL_GOVERNMENT = "local-government", _("local government")
    OTHER = "other", _("other")


class Force(Reviewable):
    """A body that acts for a state at sea or in defence: a coast guard, a ministry, a centre."""

    Kind = ForceKind

    RECORD_KIND = "force"
    NATURAL_KEY = ("slug",)

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        help_text=_("Its key in the API; it never changes once published."),
    )
    name = models.CharField(
        _("name"), max_length=200, help_text=_("The name shown, in English where there is one.")
    )
    kind = models.CharField(
        _("kind"), max_length=30, choices=Kind, help_text=_("What sort of body it is.")
    )
    country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        related_name="forces",
        verbose_name=_("country"),
        help_text=_("The state that it acts for."),
    )
    established = PartialDateField(_("established"), null=True, blank=True, help_text=DATE_HELP)
    established_earliest = DateBoundField("established", "earliest")
    established_latest = DateBoundField("established", "latest")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("parent"),
        help_text=_("The body that it is a part of."),
    )
    predecessor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("predecessor"),
        help_text=_("The body that it took over from."),
    )

    objects = KeyedManager()

    class Meta(Reviewable.Meta):
        verbose_name = _("force")
        verbose_name_plural = _("forces")
        ordering = ["name"]
        constraints = [
            *Reviewable.Meta.constraints,
            not_empty("agreements_force_slug_not_empty", "slug"),
            not_empty("agreements_force_name_not_empty", "name"),
            *at_most("agreements_force", slug=100, name=200),
            one_of("agreements_force_kind_known", "kind", ForceKind),
            ordered_bounds("agreements_force_established_bounds", "established"),
            models.CheckConstraint(
                name="agreements_force_not_its_own_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class ForceNameKind(models.TextChoices):
    OFFICIAL = "official", _("official name")
    ACRONYM = "acronym", _("acronym")
    ALIAS = "alias", _("alias")
    TRANSLATION = "translation", _("translation (ours)")


class ForceName(Row):
    """One name, acronym or alias of a force, in one language, as documents write it."""

    Kind = ForceNameKind

    NATURAL_KEY = ("force__slug", "language", "text")

    force = models.ForeignKey(
        Force, on_delete=models.CASCADE, related_name="names", verbose_name=_("force")
    )
    text = models.CharField(
        _("name"), max_length=200, help_text=_("Exactly as the document writes it.")
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        validators=[LANGUAGE_TAG],
        help_text=_("A language tag: en, vi, ja."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Kind,
        default=Kind.OFFICIAL,
        help_text=_("Official name, acronym, alias, or our own translation."),
    )
    period = PartialDateField(_("period of use"), null=True, blank=True, help_text=DATE_HELP)
    period_earliest = DateBoundField("period", "earliest")
    period_latest = DateBoundField("period", "latest")

    objects = KeyedManager()

    class Meta:
        verbose_name = _("name of a force")
        verbose_name_plural = _("names of forces")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["force", "language", "text"], name="agreements_forcename_once"
            ),
            not_empty("agreements_forcename_text_not_empty", "text"),
            not_empty("agreements_forcename_language_not_empty", "language"),
            *at_most("agreements_forcename", text=200, language=35),
            one_of("agreements_forcename_kind_known", "kind", ForceNameKind),
            ordered_bounds("agreements_forcename_period_bounds", "period"),
        ]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str, str, str]:
        return (self.force.slug, self.language, self.text)


class Person(Versioned):
    """Somebody who led, signed or attended. Rank and post belong to each delegation instead."""

    RECORD_KIND = "person"
    NATURAL_KEY = ("slug",)

    slug = models.SlugField(
        _("slug"), max_length=100, unique=True, help_text=_("Their key in readings and fixtures.")
    )
    name = models.CharField(
        _("name"),
        max_length=200,
        help_text=_("The name shown, in the order in which their own language writes it."),
    )

    objects = KeyedManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        constraints = [
            not_empty("agreements_person_slug_not_empty", "slug"),
            not_empty("agreements_person_name_not_empty", "name"),
            *at_most("agreements_person", slug=100, name=200),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class PersonName(Row):
    """A person's name as it is written in one language."""

    NATURAL_KEY = ("person__slug", "language", "text")

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="names", verbose_name=_("person")
    )
    text = models.CharField(
        _("name"), max_length=200, help_text=_("Exactly as the document writes it.")
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        validators=[LANGUAGE_TAG],
        help_text=_("A language tag: en, vi, ja."),
    )

    objects = KeyedManager()

    class Meta:
        verbose_name = _("name of a person")
        verbose_name_plural = _("names of people")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "language", "text"], name="agreements_personname_once"
            ),
            not_empty("agreements_personname_text_not_empty", "text"),
            not_empty("agreements_personname_language_not_empty", "language"),
            *at_most("agreements_personname", text=200, language=35),
        ]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str, str, str]:
        return (self.person.slug, self.language, self.text)


class Topic(Reviewable):
    """A subject of cooperation, such as search and rescue or drug trafficking."""

    RECORD_KIND = "topic"
    NATURAL_KEY = ("slug",)

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        help_text=_("Its key in the API; it never changes once published."),
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("The name shown, in English."))

    objects = KeyedManager()

    class Meta(Reviewable.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]
        constraints = [
            *Reviewable.Meta.constraints,
            not_empty("agreements_topic_slug_not_empty", "slug"),
            not_empty("agreements_topic_name_not_empty", "name"),
            *at_most("agreements_topic", slug=100, name=200),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class TopicLabel(Row):
    """What a topic is called in one language."""

    NATURAL_KEY = ("topic__slug", "language")

    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, related_name="labels", verbose_name=_("topic")
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        validators=[LANGUAGE_TAG],
        help_text=_("A language tag: en, vi, ja."),
    )
    text = models.CharField(_("label"), max_length=200, help_text=_("As readers would search it."))

    objects = KeyedManager()

    class Meta:
        verbose_name = _("label of a topic")
        verbose_name_plural = _("labels of topics")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "language"], name="agreements_topiclabel_once"
            ),
            not_empty("agreements_topiclabel_text_not_empty", "text"),
            not_empty("agreements_topiclabel_language_not_empty", "language"),
            *at_most("agreements_topiclabel", text=200, language=35),
        ]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str, str]:
        return (self.topic.slug, self.language)


class Series(Reviewable):
    """A numbered or recurring run of engagements, such as a yearly conference of two forces."""

    RECORD_KIND = "series"
    NATURAL_KEY = ("slug",)

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        help_text=_("Its key in the API; it never changes once published."),
    )
    title = models.CharField(_("title"), max_length=300, help_text=_("In our own words."))
    summary = models.TextField(
        _("summary"), blank=True, max_length=5000, help_text=_("In our own words.")
    )

    objects = KeyedManager()

    class Meta(Reviewable.Meta):
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["title"]
        constraints = [
            *Reviewable.Meta.constraints,
            not_empty("agreements_series_slug_not_empty", "slug"),
            not_empty("agreements_series_title_not_empty", "title"),
            *at_most("agreements_series", slug=100, title=300, summary=5000),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.slug,)
