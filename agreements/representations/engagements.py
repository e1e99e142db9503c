"""Agreements, meetings and exercises as the public reads them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.models import (
    ActivityStatus,
    Agreement,
    AgreementStatus,
    Delegate,
    EngagementLink,
    Exercise,
    Meeting,
    Participant,
)
from agreements.representations.fields import (
    COUNTRY_CODE,
    CitationSerializer,
    CountryReference,
    ForceReference,
    Lines,
    NameSerializer,
    PartialDateSerializer,
    SeriesReference,
    TextOrNull,
)


class DelegateSerializer(serializers.Serializer):
    name = serializers.CharField(source="person.name", default=None, allow_null=True)
    names = NameSerializer(source="person.names.all", many=True, default=list)
    rank = TextOrNull(help_text="As held then.")
    position = serializers.SerializerMethodField(help_text="Rank and position, as held then.")
    role = serializers.ChoiceField(choices=Delegate.Role.choices, allow_null=True)

    def get_position(self, delegate: Delegate) -> str | None:
        return ", ".join(filter(None, (delegate.rank, delegate.position))) or None

    def to_representation(self, instance: Delegate) -> dict:
        return {**super().to_representation(instance), "role": instance.role or None}


class ParticipantSerializer(serializers.Serializer):
    country = CountryReference()
    force = ForceReference(allow_null=True)
    role = serializers.ChoiceField(choices=Participant.Role.choices)
    delegates = DelegateSerializer(source="delegates.all", many=True)


class LocationSerializer(serializers.Serializer):
    name = serializers.CharField(allow_null=True)
    country = serializers.CharField(allow_null=True, help_text=COUNTRY_CODE)


class LinkSerializer(serializers.Serializer):
    relation = serializers.ChoiceField(choices=EngagementLink.Relation.choices)
    kind = serializers.CharField(source="target.kind")
    slug = serializers.CharField(source="target.slug")
    title = serializers.CharField(source="target.title")


class EngagementSerializer(serializers.Serializer):
    """What the three kinds have in common. Absent is null or [], never a missing key."""

    kind = serializers.ChoiceField(choices=["agreement", "meeting", "exercise"])
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = TextOrNull()
    status: serializers.Field = serializers.CharField()
    date = PartialDateSerializer(allow_null=True)
    location = serializers.SerializerMethodField()
    participants = ParticipantSerializer(source="participants.all", many=True)
    topics = serializers.SerializerMethodField(help_text="Slugs.")
    series = SeriesReference(allow_null=True)
    ordinal = serializers.IntegerField(allow_null=True, help_text="Number in the series.")
    links = serializers.SerializerMethodField()

    @extend_schema_field(LocationSerializer(allow_null=True))
    def get_location(self, record: Any) -> dict | None:
        country = record.location_country
        if not record.location_name and country is None:
            return None
        if country is not None:
            self.context["published"].body("country", country.code)
        return {"name": record.location_name or None, "country": country and country.code}

    def get_topics(self, record: Any) -> list[str]:
        slugs = sorted(row.topic.slug for row in record.engagement_topics.all())
        return [self.context["published"].body("topic", slug)["slug"] for slug in slugs]

    @extend_schema_field(LinkSerializer(many=True))
    def get_links(self, record: Any) -> list[dict]:
        # A link to a record that is not public would tell of it, so it waits until that one is.
        published = self.context["published"]
        shown = [
            link for link in record.links.all() if published.has(link.target.kind, link.target.slug)
        ]
        return [
            {**LinkSerializer(link).data, "title": published.title(link.target)} for link in shown
        ]


class AgreementSerializer(EngagementSerializer):
    status = serializers.ChoiceField(choices=AgreementStatus.choices)
    instrument = serializers.ChoiceField(choices=Agreement.Instrument.choices, allow_null=True)
    title_as_given = TextOrNull(help_text="As the document gives it, in its language.")
    binding = serializers.BooleanField(allow_null=True)
    ambit = serializers.ChoiceField(choices=Agreement.Ambit.choices, allow_null=True)
    entered_into_force = PartialDateSerializer(allow_null=True)
    terminated = PartialDateSerializer(allow_null=True)
    identified = serializers.BooleanField(help_text="False where a document only counts it.")
    citations = CitationSerializer(source="citations.all", many=True)

    def to_representation(self, instance: Agreement) -> dict:
        data = super().to_representation(instance)
        return {**data, "instrument": instance.instrument or None, "ambit": instance.ambit or None}


class MeetingSerializer(EngagementSerializer):
    status = serializers.ChoiceField(choices=ActivityStatus.choices)
    level = serializers.ChoiceField(choices=Meeting.Level.choices, allow_null=True)
    modality = serializers.ChoiceField(choices=Meeting.Modality.choices, allow_null=True)
    outcomes = TextOrNull()
    citations = CitationSerializer(source="citations.all", many=True)

    def to_representation(self, instance: Meeting) -> dict:
        data = super().to_representation(instance)
        return {**data, "level": instance.level or None, "modality": instance.modality or None}


class ExerciseSerializer(EngagementSerializer):
    status = serializers.ChoiceField(choices=ActivityStatus.choices)
    activity = serializers.ChoiceField(choices=Exercise.Activity.choices)
    count_stated = TextOrNull(help_text="Where one record stands for many, as the document says.")
    vessels = Lines()
    area = TextOrNull()
    citations = CitationSerializer(source="citations.all", many=True)
