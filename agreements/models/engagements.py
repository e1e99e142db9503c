"""What sides did, agreed or announced together: agreements, meetings and exercises."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.date_fields import DateBoundField, PartialDateField
from agreements.models.constraints import at_most, not_empty, one_of, ordered_bounds
from agreements.models.keys import KeyedManager
from agreements.models.reference import DATE_HELP, Country, Series, Topic
from agreements.models.review import Reviewable
from agreements.models.rows import Row


class AgreementStatus(models.TextChoices):
    UNDER_NEGOTIATION = "under-negotiation", _("under negotiation")
    SIGNED = "signed", _("signed")
    IN_FORCE = "in-force", _("in force")
    TERMINATED = "terminated", _("terminated")
    SUPERSEDED = "superseded", _("superseded")
    UNKNOWN = "unknown", _("unknown")


class ActivityStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    ONGOING = "ongoing", _("ongoing")
    POSTPONED = "postponed", _("postponed")
    CANCELLED = "cancelled", _("cancelled")
    UNCONFIRMED = "unconfirmed", _("unconfirmed")


class EngagementKind(models.TextChoices):
    AGREEMENT = "agreement", _("agreement")
    MEETING = "meeting", _("meeting")
    EXERCISE = "exercise", _("exercise")


STATUSES = {
    EngagementKind.AGREEMENT: AgreementStatus,
    EngagementKind.MEETING: ActivityStatus,
    EngagementKind.EXERCISE: ActivityStatus,
}


class Engagement(Reviewable):
    """Anything that sides did, agreed or announced together. Each row has one row of its kind."""

    NATURAL_KEY = ("slug",)

    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=EngagementKind,
        editable=False,
        help_text=_("Agreement, meeting or exercise."),
    )
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
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=[*AgreementStatus.choices, *ActivityStatus.choices],
        help_text=_("What the documents say: what they plan is planned, not held."),
    )
    date = PartialDateField(_("date"), null=True, blank=True, help_text=DATE_HELP)
    # Ordered by in the indexes below.
    date_earliest = DateBoundField("date", "earliest", db_index=False)
    date_latest = DateBoundField("date", "latest")
    location_name = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("City, port or sea area.")
    )
    location_country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("country of the place"),
        help_text=_("The country that the place is in."),
    )
    series = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="engagements",
        verbose_name=_("series"),
        help_text=_("The run that it belongs to."),
    )
    ordinal = models.PositiveSmallIntegerField(
        _("number in its series"),
        null=True,
        blank=True,
        help_text=_("8 for an eighth meeting; empty where the documents give none."),
    )
    topics: models.ManyToManyField = models.ManyToManyField(
        Topic, through="EngagementTopic", related_name="engagements", verbose_name=_("topics")
    )

    objects = KeyedManager()

    class Meta(Reviewable.Meta):
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ["-date_earliest", "slug"]
        constraints = [
            *Reviewable.Meta.constraints,
            not_empty("agreements_engagement_slug_not_empty", "slug"),
            not_empty("agreements_engagement_title_not_empty", "title"),
            *at_most("agreements_engagement", slug=100, title=300, summary=5000, location_name=200),
            one_of("agreements_engagement_kind_known", "kind", EngagementKind),
            models.CheckConstraint(
                name="agreements_engagement_status_of_kind",
                condition=models.Q(kind="agreement", status__in=AgreementStatus.values)
                | models.Q(kind__in=["meeting", "exercise"], status__in=ActivityStatus.values),
                violation_error_message=_("This kind of record cannot have this status."),
            ),
            ordered_bounds("agreements_engagement_date_bounds", "date"),
            models.CheckConstraint(
                name="agreements_engagement_ordinal_in_series",
                condition=models.Q(ordinal__isnull=True)
                | models.Q(ordinal__gte=1, series__isnull=False),
                violation_error_message=_("A number needs a series, and starts at 1."),
            ),
            models.UniqueConstraint(
                fields=["series", "ordinal"],
                name="agreements_engagement_ordinal_once",
                violation_error_message=_("This series has a record with this number already."),
            ),
        ]
        indexes = [
            # The lists of the desk: of one kind or of all, as they come or by title, and by what
            # most are narrowed to.
            models.Index(
                fields=["kind", "-date_earliest", "slug"], name="engagement_of_kind_by_date"
            ),
            models.Index(fields=["-date_earliest", "slug"], name="engagement_by_date"),
            models.Index(fields=["kind", "title"], name="engagement_of_kind_by_title"),
            models.Index(
                fields=["review_state", "-date_earliest", "slug"],
                name="engagement_of_state_by_date",
            ),
            models.Index(
                fields=["status", "-date_earliest", "slug"], name="engagement_of_status_by_date"
            ),
            # What is planned and past waits in a queue.
            models.Index(
                fields=["date_latest"],
                name="engagement_planned",
                condition=models.Q(status="planned"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        if self.RECORD_KIND:
            self.kind = self.RECORD_KIND
        super().save(*args, **kwargs)

    @property
    def record_kind(self) -> str:
        return self.kind

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def clean(self) -> None:
        if self.RECORD_KIND:
            self.kind = self.RECORD_KIND
        allowed = STATUSES[EngagementKind(self.kind)]
        if self.status and self.status not in allowed.values:
            raise ValidationError(
                {
                    "status": _("Choose one of: %(choices)s.")
                    % {"choices": ", ".join(str(label) for label in allowed.labels)}
                }
            )


class EngagementTopic(Row):
    """That an engagement is about a topic."""

    NATURAL_KEY = ("engagement__slug", "topic__slug")

    engagement = models.ForeignKey(
        Engagement,
        on_delete=models.CASCADE,
        related_name="engagement_topics",
        verbose_name=_("engagement"),
    )
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="engagement_topics", verbose_name=_("topic")
    )

    objects = KeyedManager()

    class Meta:
        verbose_name = _("topic of an engagement")
        verbose_name_plural = _("topics of engagements")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "topic"], name="agreements_engagementtopic_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.topic_id)

    def natural_key(self) -> tuple[str, str]:
        return (self.engagement.slug, self.topic.slug)


class AgreementInstrument(models.TextChoices):
    TREATY = "treaty", _("treaty")
    AGREEMENT = "agreement", _("agreement")
    MEMORANDUM = "memorandum-of-understanding", _("memorandum of understanding")
    PROTOCOL = "protocol", _("protocol")
    HOTLINE = "hotline-arrangement", _("hotline arrangement")
    LETTER_OF_INTENT = "letter-of-intent", _("letter of intent")
    JOINT_STATEMENT = "joint-statement", _("joint statement")
    PARTNERSHIP = "partnership", _("partnership")
    DIPLOMATIC_RELATIONS = "diplomatic-relations", _("establishment of diplomatic relations")
    OTHER = "other", _("other")


class AgreementAmbit(models.TextChoices):
    BILATERAL = "bilateral", _("bilateral")
    MULTILATERAL = "multilateral", _("multilateral")


class Agreement(Engagement):
    """An instrument that sides agreed or negotiate, from a treaty to a letter of intent."""

    Instrument = AgreementInstrument
    Ambit = AgreementAmbit

    RECORD_KIND: ClassVar[str] = "agreement"

    instrument = models.CharField(
        _("type of instrument"),
        max_length=40,
        choices=Instrument,
        blank=True,
        help_text=_("Empty where the documents do not say."),
    )
    title_as_given = models.CharField(
        _("title as given"),
        max_length=300,
        blank=True,
        help_text=_("The title that the document gives it, in its language."),
    )
    binding = models.BooleanField(
        _("legally binding"),
        null=True,
        blank=True,
        help_text=_("Unknown unless a document says so."),
    )
    ambit = models.CharField(
        _("ambit"),
        max_length=12,
        choices=Ambit,
        blank=True,
        help_text=_("Bilateral, or among more sides."),
    )
    entered_into_force = PartialDateField(
        _("entered into force"), null=True, blank=True, help_text=DATE_HELP
    )
    entered_into_force_earliest = DateBoundField("entered_into_force", "earliest")
    entered_into_force_latest = DateBoundField("entered_into_force", "latest")
    terminated = PartialDateField(_("terminated"), null=True, blank=True, help_text=DATE_HELP)
    terminated_earliest = DateBoundField("terminated", "earliest")
    terminated_latest = DateBoundField("terminated", "latest")
    identified = models.BooleanField(
        _("identified"),
        default=True,
        help_text=_("Off where a document only counts it: no type, title or date is known."),
    )

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        indexes = [
            models.Index(fields=["instrument"], name="agreement_instrument"),
            models.Index(
                fields=["engagement_ptr"],
                name="agreement_unidentified",
                condition=models.Q(identified=False),
            ),
        ]
        constraints = [
            *at_most("agreements_agreement", title_as_given=300),
            one_of(
                "agreements_agreement_instrument_known",
                "instrument",
                AgreementInstrument,
                blank=True,
            ),
            one_of("agreements_agreement_ambit_known", "ambit", AgreementAmbit, blank=True),
            ordered_bounds("agreements_agreement_force_bounds", "entered_into_force"),
            ordered_bounds("agreements_agreement_end_bounds", "terminated"),
            models.CheckConstraint(
                name="agreements_agreement_unidentified_bare",
                condition=models.Q(identified=True)
                | models.Q(instrument="", title_as_given="", entered_into_force__isnull=True),
                violation_error_message=_("An unidentified agreement has no type, title or date."),
            ),
        ]


class MeetingLevel(models.TextChoices):
    HEAD_OF_STATE = "head-of-state", _("head of state")
    HEAD_OF_GOVERNMENT = "head-of-government", _("head of government")
    MINISTER = "minister", _("minister")
    HIGH = "high-level", _("high level (leaders of the forces)")
    REGIONAL = "regional", _("regional or sub-regional commands")
    WORKING = "working", _("working level")


class MeetingModality(models.TextChoices):
    IN_PERSON = "in-person", _("in person")
    ONLINE = "online", _("online")


class Meeting(Engagement):
    """Talks, a visit, a conference or a call between sides."""

    Level = MeetingLevel
    Modality = MeetingModality

    RECORD_KIND: ClassVar[str] = "meeting"

    level = models.CharField(
        _("level"),
        max_length=20,
        choices=Level,
        blank=True,
        db_index=True,
        help_text=_("Of the highest delegates, where the documents tell."),
    )
    modality = models.CharField(
        _("modality"),
        max_length=10,
        choices=Modality,
        blank=True,
        help_text=_("In person or online, where the documents tell."),
    )
    outcomes = models.TextField(
        _("outcomes"),
        blank=True,
        max_length=5000,
        help_text=_("What was agreed, in our own words."),
    )

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            *at_most("agreements_meeting", outcomes=5000),
            one_of("agreements_meeting_level_known", "level", MeetingLevel, blank=True),
            one_of("agreements_meeting_modality_known", "modality", MeetingModality, blank=True),
        ]


class ExerciseActivity(models.TextChoices):
    JOINT_PATROL = "joint-patrol", _("joint patrol")
    JOINT_LAW_ENFORCEMENT = "joint-law-enforcement", _("joint law enforcement")
    SAR_DRILL = "search-and-rescue-drill", _("search and rescue drill")
    JOINT_TRAINING = "joint-training", _("joint training")
    SHIP_VISIT = "ship-visit", _("ship visit")
    UNIT_VISIT = "unit-visit", _("visit to units")
    TRAINING_COURSE = "training-course", _("training course")
    EXCHANGE_PROGRAMME = "exchange-programme", _("exchange programme")
    LIAISON_DEPLOYMENT = "liaison-deployment", _("liaison deployment")
    INFORMATION_EXCHANGE = "information-exchange", _("information exchange")
    CAPACITY_BUILDING = "capacity-building", _("capacity building")
    PEACEKEEPING = "peacekeeping", _("peacekeeping")
    OTHER = "other", _("other")


class Exercise(Engagement):
    """Something done together: a patrol, a drill, a ship visit, a course, a deployment."""

    Activity = ExerciseActivity

    RECORD_KIND: ClassVar[str] = "exercise"

    activity = models.CharField(
        _("activity"), max_length=30, choices=Activity, help_text=_("What was done together.")
    )
    count_stated = models.CharField(
        _("count as stated"),
        max_length=100,
        blank=True,
        help_text=_("Where one record stands for many: “eight patrol ships”, “several”."),
    )
    vessels = models.TextField(
        _("vessels"), blank=True, max_length=2000, help_text=_("One name a line.")
    )
    area = models.CharField(
        _("area"), max_length=200, blank=True, help_text=_("The sea area, where it is named.")
    )

    class Meta:
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        indexes = [models.Index(fields=["activity"], name="exercise_activity")]
        constraints = [
            *at_most("agreements_exercise", count_stated=100, vessels=2000, area=200),
            one_of("agreements_exercise_activity_known", "activity", ExerciseActivity),
        ]


KINDS: dict[str, type[Engagement]] = {
    model.RECORD_KIND: model for model in (Agreement, Meeting, Exercise)
}
