"""Agreements, meetings and exercises as the public reads them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.models import (
    ActivityStatus,
    Agreement,
    AgreementStatus,
    Delegate,
    EngagementKind,
    EngagementLink,
    Exercise,
    Meeting,
    Participant,
)
from agreements.naming import Key
from agreements.records import belongings
from agreements.representations.fields import (
    COUNTRY_CODE,
    SLUG,
    CitationSerializer,
    CodeOrNull,
    CountryReference,
    ForceReference,
    Lines,
    NameSerializer,
    PartialDateSerializer,
    SeriesReference,
    Shape,
    TextOrNull,
)


class DelegateSerializer(Shape):
    """A person in a delegation; without a name where the document gives only the position."""

    name = serializers.SerializerMethodField(help_text="Of the person, where it is given.")
    names = serializers.SerializerMethodField(help_text="The name in every language held.")
    rank = TextOrNull(help_text="As held then.")
    position = serializers.SerializerMethodField(help_text="Rank and position, as held then.")
    role = CodeOrNull(Delegate.Role.choices)

    @cached_property
    def _name(self) -> NameSerializer:
        return NameSerializer()

    def get_name(self, delegate: Delegate) -> str | None:
        return delegate.person.name if delegate.person else None

    @extend_schema_field(NameSerializer(many=True))
    def get_names(self, delegate: Delegate) -> list[dict]:
        names = belongings(delegate.person, "names") if delegate.person else ()
        return [self._name.to_representation(name) for name in names]

    def get_position(self, delegate: Delegate) -> str | None:
        return ", ".join(filter(None, (delegate.rank, delegate.position))) or None


class ParticipantSerializer(Shape):
    """A country that took part, and the force that acted for it, where that is known."""

    country = CountryReference()
    force = ForceReference(allow_null=True)
    role = serializers.ChoiceField(choices=Participant.Role.choices)
    delegates = DelegateSerializer(source="delegates.all", many=True)


class LocationSerializer(Shape):
    """Where it took place, as far as a document says."""

    name = serializers.CharField(allow_null=True, help_text="As the document gives it.")
    country = serializers.CharField(allow_null=True, help_text=COUNTRY_CODE)


class LinkSerializer(Shape):
    """What this record is to another one: `relation` is read from this record to that."""

    relation = serializers.ChoiceField(choices=EngagementLink.Relation.choices)
    kind = serializers.ChoiceField(EngagementKind.choices, source="target.kind")
    slug = serializers.CharField(source="target.slug", help_text="Of the other record.")
    title = serializers.CharField(source="target.title", help_text="Of the other record.")


class EngagementSerializer(Shape):
    """What the three kinds have in common. Absent is null or [], never a missing key."""

    kind = serializers.ChoiceField(EngagementKind.choices)
    slug = serializers.CharField(help_text=SLUG)
    title = serializers.CharField(help_text="In our own words.")
    summary = TextOrNull(help_text="In our own words.")
    status: serializers.Field = serializers.CharField()
    date = PartialDateSerializer(allow_null=True, help_text="When it took place or was signed.")
    location = serializers.SerializerMethodField()
    participants = ParticipantSerializer(source="participants.all", many=True)
    topics = serializers.SerializerMethodField(help_text="Slugs, in their order.")
    series = SeriesReference(allow_null=True)
    ordinal = serializers.IntegerField(allow_null=True, help_text="Number in the series.")
    links = serializers.SerializerMethodField()

    @cached_property
    def _link(self) -> LinkSerializer:
        return LinkSerializer()

    @extend_schema_field(LocationSerializer(allow_null=True))
    def get_location(self, record: Any) -> dict | None:
        country = record.location_country
        if not record.location_name and country is None:
            return None
        if country is not None:
            self.public.body("country", country.code)
        return {"name": record.location_name or None, "country": country and country.code}

    def get_topics(self, record: Any) -> list[str]:
        slugs = sorted(row.topic.slug for row in belongings(record, "engagement_topics"))
        return [self.public.body("topic", slug)["slug"] for slug in slugs]

    @extend_schema_field(LinkSerializer(many=True))
    def get_links(self, record: Any) -> list[dict]:
        # A link to a record that is not public would tell of it, so it waits until that one is.
        published = self.public
        shown = [
            link
            for link in belongings(record, "links")
            if published.has(link.target.kind, link.target.slug)
        ]
        return [
            {**self._link.to_representation(link), "title": published.title(link.target)}
            for link in shown
        ]

    def renamed(self, data: dict[str, Any], now: Mapping[Key, dict[str, Any]]) -> dict[str, Any]:
        links = [
            {**link, "title": now[target]["title"]}
            if (target := (link["kind"], link["slug"])) in now
            else link
            for link in data["links"]
        ]
        return {**super().renamed(data, now), "links": links}


class AgreementSerializer(EngagementSerializer):
    """An instrument that sides agreed or negotiate, from a treaty to a letter of intent."""

    status = serializers.ChoiceField(choices=AgreementStatus.choices)
    instrument = CodeOrNull(Agreement.Instrument.choices)
    title_as_given = TextOrNull(help_text="As the document gives it, in its language.")
    binding = serializers.BooleanField(
        allow_null=True, help_text="Whether it binds in law; null where no document says."
    )
    ambit = CodeOrNull(Agreement.Ambit.choices)
    entered_into_force = PartialDateSerializer(allow_null=True)
    terminated = PartialDateSerializer(allow_null=True)
    identified = serializers.BooleanField(help_text="False where a document only counts it.")
    citations = CitationSerializer(source="citations.all", many=True)


class MeetingSerializer(EngagementSerializer):
    """Talks, a visit, a conference or a call between sides."""

    status = serializers.ChoiceField(choices=ActivityStatus.choices)
    level = CodeOrNull(Meeting.Level.choices)
    modality = CodeOrNull(Meeting.Modality.choices)
    outcomes = TextOrNull(help_text="What came of it, in our own words.")
    citations = CitationSerializer(source="citations.all", many=True)


class ExerciseSerializer(EngagementSerializer):
    """Something that sides did together: a patrol, a drill, a ship visit, a course."""

    status = serializers.ChoiceField(choices=ActivityStatus.choices)
    activity = serializers.ChoiceField(choices=Exercise.Activity.choices)
    count_stated = TextOrNull(help_text="Where one record stands for many, as the document says.")
    vessels = Lines(help_text="Ships that took part, as the document names them.")
    area = TextOrNull(help_text="The waters, as the document names them.")
    citations = CitationSerializer(source="citations.all", many=True)
