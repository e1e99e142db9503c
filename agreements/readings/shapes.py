"""The shapes that values of a reading have: each checks a YAML node and says what it accepts."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import yaml

from agreements.dates import PartialDate, PartialDateError
from agreements.exceptions import ReadingProblem
from agreements.readings.source import Place

_NOTHING = object()


@dataclass
class Item:
    """A mapping of a reading: its values, and where each of them stands."""

    place: Place
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def problem(self, name: str, message: str) -> ReadingProblem:
        """Return a problem at one of its fields, or at the mapping where it lacks the field."""
        place = self.places.get(name, self.place)
        path = ".".join(filter(None, (self.place.field, name)))
        return Place(place.path, place.line, path).problem(message)


Problems = list[ReadingProblem]
Shape = Callable[[yaml.Node, Place, Problems], Any]


class Refused(Exception):
    """A value that a shape does not take, and what it would."""


def scalar(convert: Callable[[str], Any]) -> Shape:
    """Return a shape for one text, converted; an empty one counts as absent."""

    def shape(node: yaml.Node, place: Place, problems: Problems) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            problems.append(place.problem("Write one value here, not a list or a mapping."))
            return _NOTHING
        if node.value == "" or (node.style is None and node.value in {"~", "null"}):
            return None
        try:
            return convert(node.value)
        except Refused as error:
            problems.append(place.problem(str(error)))
            return _NOTHING

    return shape


def text(limit: int) -> Shape:
    """A text of at most so many characters, its white space made single spaces."""

    def convert(value: str) -> str | None:
        value = " ".join(value.split())
        # YAML's escapes can write what no file may hold: NUL, halves of surrogate pairs.
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in value):
            raise Refused("Leave out the control characters.")
        if len(value) > limit:
            raise Refused(f"Write at most {limit} characters; these are {len(value)}.")
        return value or None

    return scalar(convert)


def pattern(expression: str, accepted: str) -> Shape:
    """A text of a certain form."""

    def convert(value: str) -> str:
        if not re.fullmatch(expression, value):
            raise Refused(f"{value[:60]!r}: write {accepted}.")
        return value

    return scalar(convert)


def choice(values: list[str]) -> Shape:
    """One of some words."""

    def convert(value: str) -> str:
        if value not in values:
            raise Refused(f"{value[:60]!r}: write one of {', '.join(values)}.")
        return value

    return scalar(convert)


def listed(item: Shape, limit: int = 5000) -> Shape:
    """A list of values of one shape."""

    def shape(node: yaml.Node, place: Place, problems: Problems) -> Any:
        if not isinstance(node, yaml.SequenceNode):
            problems.append(place.problem("Write a list here."))
            return _NOTHING
        if len(node.value) > limit:
            problems.append(place.problem(f"Write at most {limit} items."))
            return _NOTHING
        found = [
            item(each, place.at(each, f"{place.field}[{number}]"), problems)
            for number, each in enumerate(node.value)
        ]
        return [value for value in found if value is not _NOTHING and value is not None]

    return shape


def mapping(fields: Mapping[str, Shape], required: tuple[str, ...] = ()) -> Shape:
    """A mapping with known keys, some of them required; makes an Item."""

    def shape(node: yaml.Node, place: Place, problems: Problems) -> Any:
        if not isinstance(node, yaml.MappingNode):
            problems.append(place.problem(f"Write a mapping here, with: {', '.join(fields)}."))
            return _NOTHING
        item, seen = Item(place), set()
        for key_node, value_node in node.value:
            name = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            shown = name if name.isidentifier() and len(name) <= 60 else repr(name[:60])
            here = place.at(key_node, f"{place.field}.{shown}" if place.field else shown)
            if name in seen:
                problems.append(here.problem("This key stands twice; keep one."))
                continue
            seen.add(name)
            if name not in fields:
                problems.append(here.problem(f"Unknown key; write one of {', '.join(fields)}."))
                continue
            value = fields[name](value_node, here, problems)
            item.places[name] = here
            if value is not _NOTHING and value is not None:
                item.values[name] = value
            elif value is _NOTHING:
                # Refused already; a second complaint that it is missing would mislead.
                item.values[name] = None
        for name in required:
            if name not in item.values:
                problems.append(item.problem(name, "Missing; it is required here."))
                item.values[name] = None
        return item

    return shape


def _whole_number(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise Refused(f"{value[:60]!r}: write a whole number.")
    return int(value)


def _ordinal(value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", value):
        raise Refused(f"{value[:60]!r}: write a number from 1 to 9999.")
    return int(value)


def _truth(value: str) -> bool:
    if value not in {"true", "false"}:
        raise Refused(f"{value[:60]!r}: write true or false.")
    return value == "true"


def _partial_date(value: str) -> PartialDate:
    try:
        return PartialDate.parse(value)
    except PartialDateError as error:
        raise Refused(str(error)) from error


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise Refused(f"{value[:60]!r}: add the time zone, such as Z for UTC.")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused(f"{value[:60]!r}: write a time such as 2026-11-22T12:00:00Z.") from error


whole_number = scalar(_whole_number)
ordinal = scalar(_ordinal)
truth = scalar(_truth)
partial_date = scalar(_partial_date)
moment = scalar(_moment)
slug = pattern(
    r"(?=.{1,100}$)[a-z0-9]+(-[a-z0-9]+)*",
    "a slug of small letters, digits and single hyphens, at most 100 characters",
)
language = pattern(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language tag such as en or vi")
sha256 = pattern(r"[0-9a-f]{64}", "a SHA-256 as 64 hexadecimal digits")
url = pattern(r"(?=.{1,500}$)https?://[^\s]+", "an address that begins with http:// or https://")
