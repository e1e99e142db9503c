"""What stands in the JSON of a record: every key, from the serializers that write it."""

from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

from rest_framework import serializers

from agreements.releases.columns import ABOUT
from agreements.releases.edition import LISTINGS
from agreements.representations.fields import Lines, NameSerializer

_TEXTS, _TEXT = "list of texts", "text"
_ABOUT = {
    **ABOUT,
    "names": "Its names in other languages and scripts.",
    "names[].kind": "What sort of name it is.",
    "labels": "Its name in other languages.",
    "location": "Where it was.",
    "participants": "Those who took part: each a country, and the force that acted for it.",
    "delegates": "Who was there for a participant.",
    "links": "Other records that it relates to.",
    "countries": "Codes of the countries that it is about.",
    "topics": "Slugs of its topics.",
    "vessels": "The vessels that took part, as the documents name them.",
    "counts": "Which records the claim is compared with: their kind.",
}


def record_lines(row: Callable[..., str]) -> Iterator[str]:
    """Yield the lines of the codebook on records; `row` writes one row of a table."""
    yield "\n## Records as JSON\n"
    yield "Each line of a file `….ndjson` is one record, just as the API answers it."
    for listing in LISTINGS:
        yield f"\n### {listing.name}.ndjson\n"
        yield "| key | type | meaning |\n|---|---|---|"
        for name, kind, about in keys_of(listing.shapes[0]()):
            yield row(f"`{name}`", kind, about)


def keys_of(shape: Any, above: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield every key of a public form with its type and meaning, those below it included."""
    for name, declared in shape.fields.items():
        field, kind = _said(shape, declared)
        below = getattr(field, "child", field)
        path = f"{above}{name}"
        known = next((_ABOUT[each] for each in (path, name) if each in _ABOUT), "")
        about = str(declared.help_text or _documented(below) or known)
        yield path, kind, about
        if isinstance(below, serializers.Serializer):
            yield from keys_of(below, f"{path}[]." if below is not field else f"{path}.")


def _said(shape: Any, field: Any) -> tuple[Any, str]:
    """Return a field as it is described to readers, and the name of its type."""
    if isinstance(field, Lines):
        return field, _TEXTS
    if isinstance(field, serializers.SerializerMethodField):
        method = getattr(shape, field.method_name or f"get_{field.field_name}")
        described = getattr(method, "_spectacular_annotation", {}).get("field")
        if described is not None:
            return described, _kind(described)
        answer = get_type_hints(method)["return"]
        if answer == list[dict[str, str]]:
            names = NameSerializer(many=True)
            return names, _kind(names)
        if answer == list[str]:
            return field, _TEXTS
        return field, f"{_TEXT} or null" if answer == str | None else _TEXT
    return field, _kind(field)


def _documented(field: Any) -> str:
    """Return what a shape says of itself; what is inherited says nothing of it."""
    if not isinstance(field, serializers.Serializer):
        return ""
    return " ".join((type(field).__dict__.get("__doc__") or "").split())


_KINDS: tuple[tuple[type[serializers.Field], str], ...] = (
    (serializers.ListSerializer, "list of objects"),
    (serializers.Serializer, "object"),
    (serializers.DateTimeField, "time"),
    (serializers.DateField, "date"),
    (serializers.IntegerField, "whole number"),
    (serializers.BooleanField, "true or false"),
)


def _kind(field: Any) -> str:
    kind = next((kind for each, kind in _KINDS if isinstance(field, each)), _TEXT)
    return f"{kind} or null" if field.allow_null else kind
