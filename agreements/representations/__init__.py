"""The public JSON of each kind of record, rendered once, when it is published.

What a record says of another one (a force's name, a document's title) is taken from what was
published of that one, never from the desk, so that no unapproved edit reaches the public.
"""

from agreements.representations.engagements import (
    AgreementSerializer,
    ExerciseSerializer,
    MeetingSerializer,
)
from agreements.representations.published import Published
from agreements.representations.reference import (
    CountrySerializer,
    DocumentSerializer,
    ForceSerializer,
    SeriesSerializer,
    TopicSerializer,
    TotalSerializer,
)
from agreements.representations.search import searchable

SERIALIZERS = {
    "country": CountrySerializer,
    "topic": TopicSerializer,
    "force": ForceSerializer,
    "series": SeriesSerializer,
    "document": DocumentSerializer,
    "agreement": AgreementSerializer,
    "meeting": MeetingSerializer,
    "exercise": ExerciseSerializer,
    "total": TotalSerializer,
}


def represent(record, published: Published) -> dict:
    """Return a desk record's public form, without revision, published_at and sha256.

    Raises NotPublished where it names a record that is not public.
    """
    serializer = SERIALIZERS[record.record_kind]
    return serializer(record, context={"published": published}).data


__all__ = ["SERIALIZERS", "Published", "represent", "searchable"]
