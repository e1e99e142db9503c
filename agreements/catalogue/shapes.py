"""What answers look like: the records' public forms with their stamp, and what goes around them."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from agreements.models import (
    ActivityStatus,
    Agreement,
    AgreementStatus,
    EngagementKind,
    Exercise,
    Meeting,
    Participant,
    Publication,
)
from agreements.representations.engagements import (
    AgreementSerializer,
    ExerciseSerializer,
    MeetingSerializer,
)
from agreements.representations.fields import COUNTRY_CODE, CodeOrNull
from agreements.representations.reference import (
    CountrySerializer,
    DocumentSerializer,
    ForceSerializer,
    SeriesSerializer,
    TopicSerializer,
    TotalSerializer,
)


class Published(serializers.Serializer):
    """When a record was published, and how often."""

    revision = serializers.IntegerField(help_text="Counts the record's publications, from 1.")
    published_at = serializers.DateTimeField(help_text="When this revision was published.")


class Stamp(Published):
    """What the ledger adds to every record."""

    sha256 = serializers.CharField(help_text="Of this row of the ledger and all before it.")


class RecordName(serializers.Serializer):
    """Which record, by its kind and slug, and what it is called."""

    kind = serializers.ChoiceField(choices=Publication.Kind.choices)
    slug = serializers.CharField()
    title = serializers.CharField()


class PublishedCountry(CountrySerializer, Stamp):
    pass


class PublishedTopic(TopicSerializer, Stamp):
    pass


class PublishedForce(ForceSerializer, Stamp):
    pass


class PublishedSeries(SeriesSerializer, Stamp):
    pass


class PublishedDocument(DocumentSerializer, Published):
    records = RecordName(many=True, help_text="The published records that cite it now.")
    ledger_sha256 = serializers.CharField(
        help_text="Of this row of the ledger and all before it; sha256 is the text's."
    )


class PublishedAgreement(AgreementSerializer, Stamp):
    kind = serializers.ChoiceField(choices=["agreement"])


class PublishedMeeting(MeetingSerializer, Stamp):
    kind = serializers.ChoiceField(choices=["meeting"])


class PublishedExercise(ExerciseSerializer, Stamp):
    kind = serializers.ChoiceField(choices=["exercise"])


class PublishedTotal(TotalSerializer, Stamp):
    recorded = serializers.IntegerField(
        help_text="Published records that match it now; what is only planned does not count."
    )
    gap = serializers.IntegerField(help_text="Claimed less recorded.")


class RevisionSerializer(serializers.Serializer):
    """One row of a record's past."""

    revision = serializers.IntegerField(help_text="Counts the record's publications, from 1.")
    state = serializers.ChoiceField(choices=Publication.State.choices)
    published_at = serializers.DateTimeField(help_text="Or when it was withdrawn or merged.")
    superseded_at = serializers.DateTimeField(allow_null=True, help_text="By the next; or null.")
    reason = serializers.CharField(allow_null=True, help_text="Of a withdrawal or merger.")
    merged_into = serializers.CharField(allow_null=True, help_text="Slug.")
    sha256 = serializers.CharField(help_text="Of this row of the ledger and all before it.")
    url = serializers.URLField(help_text="The revision itself, immutable.")


# Clients name their variables after shapes, so none is called as one of its own keys is.
@extend_schema_serializer(component_name="ChangeEntry")
class ChangeSerializer(serializers.Serializer):
    """One row of the ledger, in the order in which it was written."""

    sequence = serializers.IntegerField(help_text="Without gaps; the next `since`.")
    change = serializers.ChoiceField(choices=["published", "revised", "withdrawn", "merged"])
    kind = serializers.ChoiceField(choices=Publication.Kind.choices)
    slug = serializers.CharField(help_text="Of the record; of a country, its code.")
    title = serializers.CharField(help_text="Of the record.")
    revision = serializers.IntegerField(help_text="Of the record.")
    published_at = serializers.DateTimeField(help_text="When this row was written.")
    reason = serializers.CharField(allow_null=True, help_text="Of a withdrawal or merger.")
    merged_into = serializers.CharField(allow_null=True, help_text="Slug.")
    sha256 = serializers.CharField(help_text="Of this row of the ledger and all before it.")
    url = serializers.URLField(help_text="The record as it stands now.")


@extend_schema_serializer(component_name="Counted")
class CountSerializer(serializers.Serializer):
    """How many records there are with certain values; only the keys that were asked for."""

    partner = serializers.CharField(required=False, allow_null=True)
    partner_name = serializers.CharField(required=False, allow_null=True)
    country = serializers.CharField(required=False, allow_null=True, help_text=COUNTRY_CODE)
    country_name = serializers.CharField(required=False, allow_null=True)
    force = serializers.CharField(required=False, allow_null=True, help_text="Slug.")
    force_name = serializers.CharField(required=False, allow_null=True)
    topic = serializers.CharField(required=False, allow_null=True, help_text="Slug.")
    topic_name = serializers.CharField(required=False, allow_null=True)
    document = serializers.CharField(required=False, allow_null=True, help_text="Slug.")
    document_name = serializers.CharField(required=False, allow_null=True)
    series = serializers.CharField(required=False, allow_null=True, help_text="Slug.")
    series_name = serializers.CharField(required=False, allow_null=True)
    year = serializers.IntegerField(
        required=False, allow_null=True, help_text="null: no year, or more than one."
    )
    kind = serializers.ChoiceField(EngagementKind.choices, required=False)
    status = serializers.ChoiceField(
        [*AgreementStatus.choices, *ActivityStatus.choices], required=False
    )
    instrument = CodeOrNull(Agreement.Instrument.choices, required=False)
    activity = CodeOrNull(Exercise.Activity.choices, required=False)
    level = CodeOrNull(Meeting.Level.choices, required=False)
    role = CodeOrNull(Participant.Role.choices, required=False)
    count = serializers.IntegerField(help_text="Records that have these values.")


class StatisticsSerializer(serializers.Serializer):
    """Counts of published records."""

    by = serializers.ListField(child=serializers.CharField(), help_text="What they are counted by.")
    total = serializers.IntegerField(help_text="All records asked for, each counted once.")
    next = serializers.URLField(allow_null=True, help_text="Always null: all groups are here.")
    previous = serializers.URLField(allow_null=True)
    results = CountSerializer(many=True)


class MovedSerializer(serializers.Serializer):
    """Where the record is that another one was merged into."""

    url = serializers.URLField(help_text="As `Location` has it.")


class FaultSerializer(serializers.Serializer):
    """One parameter at fault, and what would be accepted."""

    parameter = serializers.CharField(help_text="Its name, as it was sent.")
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """A refusal (RFC 9457)."""

    type = serializers.CharField(help_text="about:blank: the status says all.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong, for people.")
    errors = FaultSerializer(  # type: ignore[assignment]
        many=True, required=False, help_text="Each parameter at fault, for programs."
    )
    reason = serializers.CharField(required=False, help_text="Why a record was withdrawn.")
    withdrawn_at = serializers.DateTimeField(required=False)
