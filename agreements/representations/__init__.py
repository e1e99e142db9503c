"""The public JSON of each kind of record, rendered once, when it is published.

What a record says of another one (a force's name, a document's title) is taken from what was
published of that one, never from the desk, so that no unapproved edit reaches the public.
"""

from collections.abc import Mapping

from agreements.naming import Key
from agreements.representations.engagements import (
    AgreementSerializer,
    ExerciseSerializer,
    MeetingSerializer,
)
from agreements.representations.fields import Shape
from agreements.representations.published import Published
from agreements.representations.reference import (
    CountrySerializer,
    DocumentSerializer,
    ForceSerializer,
    SeriesSerializer,
    TopicSerializer,
    TotalSerializer,
)
from agreements.representations.search import keys_searched, searchable

SERIALIZERS: dict[str, type[Shape]] = {
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
    return _serializer(record.record_kind, published).to_representation(record)


def renamed(kind: str, body: dict, now: Mapping[Key, dict], published: Published) -> dict:
    """Return a public form with what it says of some other records as these are public `now`.

    All else stays as it was published.
    """
    return _serializer(kind, published).renamed(body, now)


def _serializer(kind: str, published: Published) -> Shape:
    if kind not in published.serializers:
        published.serializers[kind] = SERIALIZERS[kind](context={"published": published})
    return published.serializers[kind]


__all__ = ["SERIALIZERS", "Published", "keys_searched", "renamed", "represent", "searchable"]
