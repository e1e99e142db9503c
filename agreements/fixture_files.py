"""What fixtures say, in whichever format, before Django reads them.

Refused is what Django would take without a word: a name that stands twice in one object, of which
the last would count; a row that is none; and what is no text where a text belongs.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any
from xml.dom import pulldom
from xml.sax import SAXException

import yaml
from django.apps import apps
from django.core.serializers.xml_serializer import DefusedExpatParser
from django.db.models import CharField, Field, SlugField, TextField

from agreements.date_fields import PartialDateField

Row = dict[str, Any]


class FixtureError(Exception):
    """A fixture that is not what its format says, or says a thing twice."""


def rows_of(form: str, content: str | bytes) -> list[Row]:
    """Return the rows of a fixture's content; of a format that is none of these, no rows.

    Raises a FixtureError.
    """
    if form not in _READERS:
        return []
    name, read = _READERS[form]
    try:
        text = content.decode() if isinstance(content, bytes) else content
        rows = read(text)
    except RecursionError as error:
        raise FixtureError(f"not {name}: nested too deep") from error
    except (SAXException, yaml.YAMLError, ValueError) as error:
        raise FixtureError(f"not {name}: {error}") from error
    if not isinstance(rows, list):
        raise FixtureError("write a list of rows")
    for number, row in enumerate(rows, 1):
        _check(number, row)
    return rows


def _check(number: int, row: Any) -> None:
    if not (
        isinstance(row, dict)
        and isinstance(row.get("model"), str)
        and isinstance(row.get("fields"), dict)
    ):
        raise FixtureError(f"row {number}: write an object with a model and fields")
    for field in _texts_of(row["model"]):
        value = row["fields"].get(field.name)
        number_in_slug = isinstance(field, SlugField) and isinstance(value, int | float)
        if isinstance(value, list | dict | bool) or number_in_slug:
            raise FixtureError(f"row {number}: {field.name}: write a text, not {value!r:.40}")


def _texts_of(model: str) -> Iterator[Field]:
    try:
        fields = apps.get_model(model)._meta.concrete_fields
    except (LookupError, ValueError):
        # Django says so.
        return
    for field in fields:
        # A year may be written as a number.
        if isinstance(field, CharField | TextField) and not isinstance(field, PartialDateField):
            yield field


def _once(pairs: list[tuple[Any, Any]]) -> Row:
    found: Row = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the key {name!r} stands twice in one object")
        if isinstance(value, str) and "\0" in value:
            raise ValueError(f"{name!r} holds a NUL character")
        found[name] = value
    return found


def _of_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once)


def _of_json_lines(text: str) -> list[Any]:
    lines = (line.strip() for line in text.split("\n"))
    return [_of_json(line) for line in lines if line]


class _OnceLoader(yaml.SafeLoader):
    """Mappings whose keys stand once. Nothing is named to be repeated, or expands."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise ValueError("anchors and aliases are not read; write the value out")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        made = [(self.construct_object(key, True), value) for key, value in node.value]
        if not all(isinstance(key, str) for key, _value in made):
            raise ValueError("the keys of a mapping are texts")
        return _once([(key, self.construct_object(value, True)) for key, value in made])


def _of_yaml(text: str) -> Any:
    # It is a SafeLoader.
    return yaml.load(text, _OnceLoader)  # noqa: S506


def _of_xml(text: str) -> list[Row]:
    rows = []
    # Django's own parser, which takes neither definitions nor what lies elsewhere.
    events: Any = pulldom.parseString(text, DefusedExpatParser())  # noqa: S319
    for event, node in events:
        if event == pulldom.START_ELEMENT and node.nodeName == "object":
            events.expandNode(node)
            fields = [
                (each.getAttribute("name"), _xml_value(each))
                for each in node.childNodes
                if each.nodeName == "field"
            ]
            row: Row = {"model": node.getAttribute("model"), "fields": _once(fields)}
            rows.append({**row, "pk": node.getAttribute("pk")} if node.hasAttribute("pk") else row)
    return rows


def _xml_value(node: Any) -> Any:
    inner = [each for each in node.childNodes if each.nodeType == each.ELEMENT_NODE]
    if [each.nodeName for each in inner] == ["None"]:
        return None
    if node.hasAttribute("rel") and inner:
        return [_text(each) or each.getAttribute("pk") for each in inner]
    return _text(node)


def _text(node: Any) -> str:
    return "".join(each.data for each in node.childNodes if each.nodeType == each.TEXT_NODE)


_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "json": ("JSON", _of_json),
    "jsonl": ("JSON lines", _of_json_lines),
    "yaml": ("YAML", _of_yaml),
    "xml": ("XML", _of_xml),
}
