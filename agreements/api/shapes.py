"""What answers look like: the records' public forms with their stamp, and what goes around them."""

from rest_framework import serializers

from agreements.models import Publication
from agreements.representations import SERIALIZERS


class Stamp(serializers.Serializer):
    """What the ledger adds to every record."""

    revision = serializers.IntegerField(help_text="Counts the record's publications, from 1.")
    published_at = serializers.DateTimeField(help_text="When this revision was published.")
    sha256 = serializers.CharField(help_text="Of this row of the ledger and all before it.")


class RecordName(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Publication.Kind)
    slug = serializers.CharField()
    title = serializers.CharField()


class PublishedCountry(SERIALIZERS["country"], Stamp):  # type: ignore[misc]
    pass


class PublishedTopic(SERIALIZERS["topic"], Stamp):  # type: ignore[misc]
    pass


class PublishedForce(SERIALIZERS["force"], Stamp):  # type: ignore[misc]
    pass


class PublishedSeries(SERIALIZERS["series"], Stamp):  # type: ignore[misc]
    pass


class PublishedDocument(SERIALIZERS["document"], Stamp):  # type: ignore[misc]
    records = RecordName(many=True, help_text="The published records that cite it now.")


class PublishedAgreement(SERIALIZERS["agreement"], Stamp):  # type: ignore[misc]
    pass


class PublishedMeeting(SERIALIZERS["meeting"], Stamp):  # type: ignore[misc]
    pass


class PublishedExercise(SERIALIZERS["exercise"], Stamp):  # type: ignore[misc]
    pass


class PublishedTotal(SERIALIZERS["total"], Stamp):  # type: ignore[misc]
    recorded = serializers.IntegerField(
        help_text="Published records that match it now; what is only planned does not count."
    )
    gap = serializers.IntegerField(help_text="Claimed less recorded.")


class RevisionSerializer(serializers.Serializer):
    """One row of a record's past."""

    revision = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Publication.State)
    published_at = serializers.DateTimeField()
    superseded_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_null=True, help_text="Of a withdrawal or merger.")
    merged_into = serializers.CharField(allow_null=True, help_text="Slug.")
    sha256 = serializers.CharField()
    url = serializers.URLField(help_text="The revision itself, immutable.")


class ChangeSerializer(serializers.Serializer):
    """One row of the ledger, in the order in which it was written."""

    sequence = serializers.IntegerField()
    change = serializers.ChoiceField(choices=["published", "revised", "withdrawn", "merged"])
    kind = serializers.ChoiceField(choices=Publication.Kind)
    slug = serializers.CharField()
    title = serializers.CharField()
    revision = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_null=True)
    merged_into = serializers.CharField(allow_null=True, help_text="Slug.")
    sha256 = serializers.CharField()
    url = serializers.URLField()


class FaultSerializer(serializers.Serializer):
    parameter = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FaultSerializer(many=True, required=False)
    reason = serializers.CharField(required=False, help_text="Why a record was withdrawn.")
    withdrawn_at = serializers.DateTimeField(required=False)
