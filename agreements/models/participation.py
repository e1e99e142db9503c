"""Who took part in an engagement, and how engagements stand to each other."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models.constraints import at_most, one_of
from agreements.models.engagements import Engagement
from agreements.models.keys import KeyedManager
from agreements.models.reference import Country, Force, Person
from agreements.models.rows import Row


class ParticipantRole(models.TextChoices):
    PARTY = "party", _("party")
    HOST = "host", _("host")
    GUEST = "guest", _("guest")
    SIGNATORY = "signatory", _("signatory")
    WITNESS = "witness", _("witness")
    OBSERVER = "observer", _("observer")


class Participant(Row):
    """A country, and where known the force that acted for it, in one role in an engagement."""

    Role = ParticipantRole

    NATURAL_KEY = ("uid",)

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    engagement = models.ForeignKey(
        Engagement,
        on_delete=models.CASCADE,
        related_name="participants",
        verbose_name=_("engagement"),
    )
    country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        related_name="participations",
        verbose_name=_("country"),
        help_text=_("The state that took part."),
    )
    force = models.ForeignKey(
        Force,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("force"),
        help_text=_("The body that acted for it, where known."),
    )
    role = models.CharField(
        _("role"),
        max_length=10,
        choices=Role,
        default=Role.PARTY,
        help_text=_("Host and guest for meetings, party for agreements."),
    )

    objects = KeyedManager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["id"]
        constraints = [
            one_of("agreements_participant_role_known", "role", ParticipantRole),
            models.UniqueConstraint(
                fields=["engagement", "force", "role"], name="agreements_participant_force_once"
            ),
            models.UniqueConstraint(
                fields=["engagement", "country", "role"],
                condition=models.Q(force__isnull=True),
                name="agreements_participant_country_once",
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()

    def natural_key(self) -> tuple[str]:
        return (str(self.uid),)

    def clean(self) -> None:
        if self.force is not None and self.force.country_id != self.country_id:
            raise ValidationError({"force": _("This force belongs to another country.")})


class DelegateRole(models.TextChoices):
    HEAD = "head", _("head of delegation")
    MEMBER = "member", _("member")
    SIGNATORY = "signatory", _("signatory")
    WITNESS = "witness", _("witness")
    OBSERVER = "observer", _("observer")


class Delegate(Row):
    """A person in a participant's delegation, with rank and position as held then."""

    Role = DelegateRole

    NATURAL_KEY = ("uid",)

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    participant = models.ForeignKey(
        Participant,
        on_delete=models.CASCADE,
        related_name="delegates",
        verbose_name=_("participant"),
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
        verbose_name=_("person"),
        help_text=_("Empty where only the position is given."),
    )
    rank = models.CharField(
        _("rank"), max_length=100, blank=True, help_text=_("As held then, as the document says.")
    )
    position = models.CharField(
        _("position"),
        max_length=200,
        blank=True,
        help_text=_("As held then, as the document says."),
    )
    role = models.CharField(
        _("role"),
        max_length=10,
        choices=Role,
        blank=True,
        help_text=_("Empty where the document does not say."),
    )

    objects = KeyedManager()

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering = ["id"]
        constraints = [
            *at_most("agreements_delegate", rank=100, position=200),
            one_of("agreements_delegate_role_known", "role", DelegateRole, blank=True),
            models.CheckConstraint(
                name="agreements_delegate_somebody",
                condition=models.Q(person__isnull=False) | ~models.Q(position=""),
                violation_error_message=_("Give the person, or at least the position."),
            ),
            models.UniqueConstraint(
                fields=["participant", "person"], name="agreements_delegate_once"
            ),
        ]

    def __str__(self) -> str:
        return self.position or self.rank or self.get_role_display()

    def natural_key(self) -> tuple[str]:
        return (str(self.uid),)


class EngagementLinkRelation(models.TextChoices):
    IMPLEMENTS = "implements", _("implements")
    RENEWS = "renews", _("renews")
    SUPERSEDES = "supersedes", _("supersedes")
    ANNOUNCES = "announces", _("announces")
    HELD_UNDER = "held-under", _("held under")
    PART_OF = "part-of", _("part of")


class EngagementLink(Row):
    """How one engagement stands to another: it implements, renews, announces it, and so on."""

    Relation = EngagementLinkRelation

    NATURAL_KEY = ("source__slug", "relation", "target__slug")

    source = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="links", verbose_name=_("record")
    )
    relation = models.CharField(
        _("relation"),
        max_length=12,
        choices=Relation,
        help_text=_("Read it as: this record … the other."),
    )
    target = models.ForeignKey(
        Engagement,
        on_delete=models.PROTECT,
        related_name="linked_from",
        verbose_name=_("other record"),
        help_text=_("The record that it refers to."),
    )

    objects = KeyedManager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["id"]
        constraints = [
            one_of("agreements_engagementlink_relation_known", "relation", EngagementLinkRelation),
            models.UniqueConstraint(
                fields=["source", "relation", "target"], name="agreements_engagementlink_once"
            ),
            models.CheckConstraint(
                name="agreements_engagementlink_not_itself",
                condition=~models.Q(source=models.F("target")),
                violation_error_message=_("A record cannot be linked to itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_relation_display()

    def natural_key(self) -> tuple[str, str, str]:
        return (self.source.slug, self.relation, self.target.slug)
