"""The small shapes that records are made of."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from operator import attrgetter
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.dates import PartialDate
from agreements.naming import Key
from agreements.records import belongings
from agreements.representations.published import Published

COUNTRY_CODE = "ISO 3166 alpha-2; of a former state, alpha-4."
SLUG = "Names the record in addresses, and never changes."


class Shape(serializers.Serializer):
    """A serializer that only writes, and finds out once how each of its fields is read.

    What it makes is what a Serializer makes of the same fields. A source is an attribute, the
    rows of a relation (`participants.all`), or the record itself (`*`).
    """

    @cached_property
    def public(self) -> Published:
        """The records that are public, as the one who renders knows them."""
        return self.context["published"]

    @cached_property
    def _values(self) -> "_Values":
        """The fields that are of the record alone, which are read together."""
        return _Values([field for field in self._readable_fields if _is_value(field)])

    @cached_property
    def _readers(self) -> list[tuple[str, Callable[[Any], Any]]]:
        """The other fields: what reads each."""
        others = (field for field in self._readable_fields if not _is_value(field))
        return [(str(field.field_name), self._reader(field)) for field in others]

    @cached_property
    def _blank(self) -> dict[str, Any]:
        """All fields, in their order."""
        return dict.fromkeys(str(field.field_name) for field in self._readable_fields)

    def _reader(self, field: Any) -> Callable[[Any], Any]:
        if isinstance(field, serializers.SerializerMethodField):
            return getattr(self, str(field.method_name))
        write = field.to_representation
        if field.source == "*":
            return write
        if isinstance(field, serializers.ListSerializer) and field.child is not None:
            relation, child = str(field.source).removesuffix(".all"), field.child
            write_row = child.to_representation
            return lambda record: [write_row(row) for row in belongings(record, relation)]
        value = attrgetter(field.source)
        return lambda record: None if (found := value(record)) is None else write(found)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        found = self._blank.copy()
        found.update(self._values.of(instance))
        for name, read in self._readers:
            found[name] = read(instance)
        return found

    @cached_property
    def _naming(self) -> list[tuple[str, Any]]:
        """The fields that say anything of other records, and what writes one value of each."""
        writers = [(name, getattr(field, "child", field)) for name, field in self.fields.items()]
        return [
            (name, each)
            for name, each in writers
            if isinstance(each, PublishedReference) or (isinstance(each, Shape) and each._naming)
        ]

    def renamed(self, data: dict[str, Any], now: Mapping[Key, dict[str, Any]]) -> dict[str, Any]:
        """Return what this wrote, with what it says of some other records as they are `now`."""
        found = dict(data)
        for name, each in self._naming:
            value = data.get(name)
            if isinstance(value, list):
                found[name] = [each.renamed(row, now) for row in value]
            elif value is not None:
                found[name] = each.renamed(value, now)
        return found


def _is_value(field: Any) -> bool:
    made_of_others = isinstance(
        field, serializers.BaseSerializer | serializers.SerializerMethodField
    )
    return isinstance(field, PartialDateSerializer) or not made_of_others


class _Values:
    """Fields of a record's own values: all read at once, and those written that have to be."""

    # What these fields make of a value of that type is the value.
    _AS_IT_IS: ClassVar[dict[type, type]] = {
        serializers.CharField: str,
        serializers.BooleanField: bool,
        serializers.IntegerField: int,
    }

    def __init__(self, fields: list[Any]):
        self._names = [str(field.field_name) for field in fields]
        # Two at least, for `attrgetter` to make a tuple.
        self._read = attrgetter("__class__", "__class__", *(field.source for field in fields))
        self._writers = [(self._AS_IT_IS.get(type(field)), _writer(field)) for field in fields]

    def of(self, record: Any) -> Iterator[tuple[str, Any]]:
        _, _, *values = self._read(record)
        written = [
            value if value is None or value.__class__ is plain else write(value)
            for value, (plain, write) in zip(values, self._writers, strict=True)
        ]
        return zip(self._names, written, strict=True)


def _writer(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, serializers.ChoiceField):
        return _Codes(field).__getitem__
    return field.to_representation


class _Codes(dict):
    """What a field makes of each code of its vocabulary, once it was asked for it."""

    def __init__(self, field: serializers.ChoiceField):
        super().__init__()
        self._write = field.to_representation

    def __missing__(self, code: Any) -> Any:
        self[code] = written = self._write(code)
        return written


class TextOrNull(serializers.CharField):
    """A text, null where it is empty."""

    def __init__(self, **kwargs: Any):
        super().__init__(allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return str(value) or None


class CodeOrNull(serializers.ChoiceField):
    """One of the codes of a vocabulary, null where there is none."""

    def __init__(self, choices: Any, **kwargs: Any):
        super().__init__(choices, allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(value) or None


class PartialDateSerializer(serializers.Serializer):
    """An EDTF value (ISO 8601-2) and the first and last day that it can mean."""

    edtf = serializers.CharField(help_text="EDTF level 0 or 1, such as 2015-09 or 1998?.")
    earliest = serializers.DateField(allow_null=True, help_text="First possible day, or null.")
    latest = serializers.DateField(allow_null=True, help_text="Last possible day, or null.")

    def to_representation(self, instance: PartialDate) -> dict:
        return {
            "edtf": instance.edtf,
            "earliest": instance.earliest and instance.earliest.isoformat(),
            "latest": instance.latest and instance.latest.isoformat(),
        }


class PublishedReference(Shape):
    """Another record, as it was published. Subclasses name its kind and the keys shown."""

    record_kind = ""

    @cached_property
    def _shown(self) -> list[str]:
        return list(self.fields)

    def to_representation(self, instance: Any) -> dict:
        body = self.public.body(self.record_kind, instance.record_key)
        return {name: body[name] for name in self._shown}

    def renamed(self, data: dict[str, Any], now: Mapping[Key, dict[str, Any]]) -> dict[str, Any]:
        body = now.get((self.record_kind, data.get("slug") or data["code"]))
        return {name: body[name] for name in data} if body else data


class CountryReference(PublishedReference):
    """A country, as it was published when the record was."""

    record_kind = "country"
    code = serializers.CharField(help_text=COUNTRY_CODE)
    name = serializers.CharField(help_text="English name from CLDR.")


class ForceReference(PublishedReference):
    """A force, as it was published when the record was."""

    record_kind = "force"
    slug = serializers.CharField()
    name = serializers.CharField()


class SeriesReference(PublishedReference):
    """A series, as it was published when the record was."""

    record_kind = "series"
    slug = serializers.CharField()
    title = serializers.CharField()


class OriginReference(PublishedReference):
    """The document that another one republishes."""

    record_kind = "document"
    slug = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(allow_null=True)


class DocumentReference(PublishedReference):
    """A document, as it was published when the record was."""

    record_kind = "document"
    slug = serializers.CharField()
    title = serializers.CharField()
    publisher = serializers.CharField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True, help_text="Of the text that was read.")


class NameSerializer(Shape):
    """A name in one language."""

    text = serializers.CharField()
    language = serializers.CharField(help_text="BCP 47 language tag.")


class CitationSerializer(Shape):
    """The passage that a value rests on."""

    field = serializers.CharField(help_text="The key of this record that it is evidence for.")
    document = DocumentReference()
    locator = serializers.CharField(help_text="Paragraphs are lines that are not blank, from 1.")
    quote = TextOrNull(help_text="At most 20 words, exactly as in the text.")
    stance = serializers.ChoiceField(choices=["supports", "disputes"])
    stated_value = serializers.CharField(help_text="As the document says, where it differs.")
    inferred = serializers.BooleanField(help_text="Implied by the document, not said.")
    confidence = serializers.ChoiceField(choices=["high", "medium", "low"])
    verified = serializers.BooleanField(help_text="The quotation was found in the text.")
    note = serializers.CharField(help_text="Why it was read so; empty where nothing is to say.")


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class Lines(serializers.Field):
    """A text of one item a line, as a list."""

    def to_representation(self, value: str) -> list[str]:
        return [line.strip() for line in value.splitlines() if line.strip()]
