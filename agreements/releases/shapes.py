"""What releases look like in the API."""

from rest_framework import serializers


class ReleaseSerializer(serializers.Serializer):
    """A release: a frozen data set."""

    version = serializers.CharField(help_text="Such as 1.2.0 or 2026.11.")
    published_at = serializers.DateTimeField(
        help_text="When its last record was published: the date of the data. As `as_of` it asks "
        "the API for the same records."
    )
    made_at = serializers.DateTimeField(help_text="When the release was made.")
    head_sequence = serializers.IntegerField(help_text="The last row of the ledger in it.")
    head_sha256 = serializers.CharField(help_text="Of that row and all before it.")
    previous = serializers.CharField(
        allow_null=True, help_text="The release from which its changes are told."
    )
    notes = serializers.CharField(allow_null=True)
    license = serializers.URLField()
    url = serializers.URLField(help_text="The release, with its files.")


class ReleaseFileSerializer(serializers.Serializer):
    """A file of a release."""

    name = serializers.CharField()
    media_type = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the file; also its ETag.")
    url = serializers.URLField()


class ReleaseManifestSerializer(ReleaseSerializer):
    """A release with its files."""

    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="Rows of each table."
    )
    files = ReleaseFileSerializer(many=True)
