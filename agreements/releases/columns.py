"""Tables and their columns, and how columns follow from the public forms of records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from agreements.releases.vocabularies import Vocabulary
from agreements.representations.fields import PartialDateSerializer, PublishedReference

STRING, INTEGER, BOOLEAN, DATE, DATETIME = "string", "integer", "boolean", "date", "datetime"


@dataclass(frozen=True)
class Column:
    """A column: its type in the words of Table Schema, and where its value stands in an object."""

    name: str
    type: str
    about: str
    path: tuple[str, ...]
    required: bool = False
    vocabulary: Vocabulary | None = None
    # Kind of the record that it names.
    names: str | None = None

    def read(self, row: Mapping[str, Any]) -> Any:
        """Return the value, None where it is absent or empty."""
        value: Any = row
        for key in self.path:
            value = value.get(key)
            if value is None:
                return None
        return None if value == "" else value


@dataclass(frozen=True)
class Reference:
    """A foreign key: columns that name a row of another table by its key."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table: what one row is, its columns, its primary key and its foreign keys."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()

    def cells(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return an object's values, in the order of the columns."""
        return tuple(column.read(row) for column in self.columns)


# What serializers do not say of a field, since its name does to those who know the API.
ABOUT = {
    "slug": "What names the record, for ever.",
    "title": "Title of the record, in English; of a document, in its own language.",
    "name": "Name in English.",
    "alpha3": "ISO 3166 alpha-3.",
    "kind": "Kind of the record.",
    "summary": "What the documents say of it, in our words.",
    "status": "How far it came.",
    "publisher": "Who published the document.",
    "author": "Who wrote the document.",
    "url": "Where the document is found.",
    "what": "What the document counts, in our words.",
    "count": "How many the document says.",
    "approximate": "The document gives the number as approximate.",
    "locator": "Place in the document; paragraphs are lines that are not blank, from 1.",
    "quote": "At most 20 words, exactly as in the text.",
    "verified": "The quotation was found in the text.",
    "note": "A remark, in our words.",
    "series": "Series that it is one of.",
    "country": "State that it belongs to or acts for.",
    "force": "Force that acted, where it is known.",
    "parent": "Force that it is a part of.",
    "predecessor": "Force that it follows upon.",
    "document": "Document that says so.",
    "role": "In what role.",
    "text": "The name, in its language and script.",
    "rank": "Rank as held then.",
    "instrument": "Type of the instrument.",
    "binding": "Whether the instrument binds; empty where no document says so.",
    "ambit": "Bilateral, or among more sides.",
    "level": "Level at which the sides met.",
    "modality": "In person or otherwise.",
    "outcomes": "What the meeting led to, in our words.",
    "activity": "What was done.",
    "area": "Where at sea.",
    "criteria_counts": "Which records the claim is compared with: their kind.",
    "criteria_instrument": "And their instrument, where the claim is of one.",
    "criteria_activity": "And their activity, where the claim is of one.",
    "stance": "Whether the passage supports the value or disputes it.",
    "confidence": "How surely the passage bears the value.",
    "relation": "How the record relates to the other.",
    "location_name": "Place, as we write it in English.",
    "location_country": "Country of the place.",
}
_DATES = {
    "date": "the day or days",
    "entered_into_force": "entry into force",
    "terminated": "the end of the agreement",
    "established": "the founding of the force",
    "published": "the document's publication",
    "as_of": "when the claim was true",
    "criteria_period": "the period that the claim is about",
}


def shape_columns(
    shape: type[serializers.Serializer],
    vocabularies: Mapping[str, Vocabulary],
    leave: frozenset[str] = frozenset(),
) -> Iterator[Column]:
    """Yield the columns of a public form: its plain values, dates and references.

    Lists are tables of their own and stand in `leave`; a list that does not is a KeyError.
    """
    for name, field in shape().fields.items():
        if str(name) not in leave:
            yield from _columns(field, (str(name),), vocabularies)


def _columns(
    field: serializers.Field, path: tuple[str, ...], vocabularies: Mapping[str, Vocabulary]
) -> Iterator[Column]:
    name = "_".join(path)
    if isinstance(field, PartialDateSerializer):
        yield from date_columns(name, path)
    elif isinstance(field, PublishedReference):
        key = "code" if field.record_kind == "country" else "slug"
        about = str(field.help_text or ABOUT[name])
        required = not field.allow_null
        yield Column(name, STRING, about, (*path, key), required, names=field.record_kind)
    elif path == ("location",):
        yield Column("location_name", STRING, ABOUT["location_name"], ("location", "name"))
        yield Column(
            "location_country",
            STRING,
            ABOUT["location_country"],
            ("location", "country"),
            names="country",
        )
    elif isinstance(field, serializers.Serializer):
        for below, each in field.fields.items():
            yield from _columns(each, (*path, str(below)), vocabularies)
    else:
        kind = _type(field, name)
        required = kind in (INTEGER, BOOLEAN, DATETIME) or isinstance(
            field, serializers.ChoiceField
        )
        about = str(field.help_text or ABOUT[name])
        yield Column(
            name, kind, about, path, required and not field.allow_null, vocabularies.get(name)
        )


_TYPES: tuple[tuple[type[serializers.Field], str], ...] = (
    (serializers.DateTimeField, DATETIME),
    (serializers.IntegerField, INTEGER),
    (serializers.BooleanField, BOOLEAN),
    (serializers.ChoiceField, STRING),
    (serializers.CharField, STRING),
    (serializers.SerializerMethodField, STRING),
)


def _type(field: serializers.Field, name: str) -> str:
    for each, kind in _TYPES:
        if isinstance(field, each):
            return kind
    raise KeyError(f"{name}: no column can hold a {type(field).__name__}")


def date_columns(name: str, path: tuple[str, ...]) -> Iterator[Column]:
    """Yield the three columns of a partial date."""
    of = _DATES[name]
    yield Column(
        f"{name}_edtf",
        STRING,
        f"EDTF (ISO 8601-2) of {of}, such as 2015-09 or 1998?.",
        (*path, "edtf"),
    )
    yield Column(f"{name}_earliest", DATE, "First day that it can mean.", (*path, "earliest"))
    yield Column(f"{name}_latest", DATE, "Last day that it can mean.", (*path, "latest"))
