"""Cells that hold rows of a relation: sides, delegations, links, names and citations."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from agreements.exchange.cells import (
    CellError,
    Passage,
    Side,
    read_lines,
    read_links,
    read_list,
    read_passages,
    read_side,
    read_sides,
    write_lines,
    write_list,
    write_passages,
)
from agreements.exchange.register import Register
from agreements.exchange.widgets import CellWidget, cleaned
from agreements.models import Citation, Delegate, EngagementLink, ForceName, Participant
from agreements.models.evidence import CITABLE_FIELDS, QUOTE_WORDS
from agreements.snapshots import Snapshot
from agreements.text import word_count


class RowsWidget(CellWidget):
    """Rows of a relation. What is wrong with each of them is told together."""

    def each(self, things: Iterable[Any], make: Callable[[Any], list[Snapshot]]) -> list[Snapshot]:
        """Return the rows that things of a cell make. Raises a ValidationError for all at fault."""
        rows: list[Snapshot] = []
        faults: list[str] = []
        for thing in things:
            try:
                rows += make(thing)
            except CellError as error:
                faults.append(str(error))
            except ValidationError as error:
                faults += error.messages
        if faults:
            raise ValidationError(list(dict.fromkeys(faults)))
        return rows


class SidesWidget(RowsWidget):
    """Who took part."""

    def read(self, cell: str, register: Register) -> Any:
        rows = self.each(read_sides(cell), lambda side: [_side_row(side, register)])
        return _once(rows, lambda row: str(_side(row)))

    def write(self, value: Any) -> str:
        return write_list(_side(row) for row in value)


class TopicsWidget(RowsWidget):
    """What an engagement is about."""

    def read(self, cell: str, register: Register) -> Any:
        slugs = dict.fromkeys(read_list(cell))
        return self.each(slugs, lambda slug: [{"topic": register.named("topic", slug)}])

    def write(self, value: Any) -> str:
        return write_list(row["topic"] for row in value)


class LinksWidget(RowsWidget):
    """How an engagement stands to others."""

    def read(self, cell: str, register: Register) -> Any:
        relations = EngagementLink.Relation.values

        def row(link: tuple[str, str]) -> list[Snapshot]:
            relation = _part(EngagementLink, "relation", link[0], relations)
            return [{"relation": relation, "target": register.engagement(link[1])}]

        rows = self.each(read_links(cell), row)
        return _once(rows, lambda row: f"{row['relation']}: {row['target']}")

    def write(self, value: Any) -> str:
        return write_list(f"{row['relation']}: {row['target']}" for row in value)


class DelegatesWidget(RowsWidget):
    """Who was in the delegations: each row names its side, which the record must have."""

    form = "VN/its-force (host) | person | role | rank | position"

    def read(self, cell: str, register: Register) -> Any:
        return self.each(
            read_lines(cell, 2, 5, self.form), lambda parts: [_delegate(parts, register)]
        )

    def write(self, value: Any) -> str:
        return write_lines(
            [str(_side(side)), row["person"] or "", row["role"], row["rank"], row["position"]]
            for side in value
            for row in side["delegates"]
        )


class NamesWidget(RowsWidget):
    """Names in several languages, as rows of a model whose fields the parts of a line fill."""

    def __init__(
        self, model: type[models.Model], names: tuple[str, ...], unique: tuple[str, ...], form: str
    ) -> None:
        super().__init__()
        self.model, self.names, self.unique, self.form = model, names, unique, form

    def read(self, cell: str, register: Register) -> Any:
        lines = read_lines(cell, 2, len(self.names), self.form)
        rows = self.each(lines, lambda parts: [self._row(parts)])
        return _once(rows, lambda row: " | ".join(row[name] for name in self.unique))

    def write(self, value: Any) -> str:
        return write_lines(self._parts(row) for row in value)

    def _parts(self, row: Snapshot) -> list[str]:
        parts = [row[name] or "" for name in self.names]
        # What goes without saying is left out, unless something comes after it.
        return parts[:2] if parts[2:] == [ForceName.Kind.OFFICIAL, ""] else parts

    def _row(self, parts: list[str]) -> Snapshot:
        row = {}
        for name, part in zip(self.names, parts, strict=True):
            field = _field(self.model, name)
            choices = [value for value, _label in field.flatchoices]
            row[name] = cleaned(field, part or (field.get_default() if choices else ""), choices)
        return row


class CitationsWidget(RowsWidget):
    """What a record rests on: one line for each passage, however many fields it supports."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def read(self, cell: str, register: Register) -> Any:
        return self.each(read_passages(cell), lambda passage: self._rows(passage, register))

    def write(self, value: Any) -> str:
        grouped: dict[tuple[Any, ...], list[str]] = {}
        for row in value:
            passage, again = tuple(row[name] for name in _PASSAGE), 0
            # The same field twice at one passage needs a line of its own.
            while row["field"] in grouped.setdefault((*passage, again), []):
                again += 1
            grouped[*passage, again].append(row["field"])
        return write_passages(_passage(key, names) for key, names in grouped.items())

    def _rows(self, passage: Passage, register: Register) -> list[Snapshot]:
        citable = CITABLE_FIELDS[self.kind]
        unknown = [name for name in passage.fields if name not in citable]
        if unknown or not passage.fields:
            values = {"text": ", ".join(unknown)[:60], "choices": ", ".join(citable)}
            raise CellError(_("“%(text)s”: write one of %(choices)s.") % values)
        if word_count(passage.quote) > QUOTE_WORDS:
            raise CellError(_("Quote at most %(words)d words.") % {"words": QUOTE_WORDS})
        stance = passage.stance or Citation.Stance.SUPPORTS
        confidence = passage.confidence or Citation.Confidence.HIGH
        shared = {
            "document": register.named("document", passage.document),
            "locator": _part(Citation, "locator", passage.locator),
            "quote": _part(Citation, "quote", passage.quote),
            "note": _part(Citation, "note", passage.note),
            "stance": _part(Citation, "stance", stance, Citation.Stance.values),
            "stated_value": _part(Citation, "stated_value", passage.stated_value),
            "inferred": passage.inferred,
            "confidence": _part(Citation, "confidence", confidence, Citation.Confidence.values),
        }
        return [{**shared, "field": name} for name in passage.fields]


_PASSAGE = (
    "document",
    "locator",
    "quote",
    "stance",
    "confidence",
    "inferred",
    "stated_value",
    "note",
)


def _passage(key: tuple[Any, ...], names: list[str]) -> Passage:
    document, locator, quote, stance, confidence, inferred, stated, note = key[: len(_PASSAGE)]
    return Passage(
        tuple(names),
        document,
        locator,
        quote,
        # What goes without saying is left out.
        "" if stance == Citation.Stance.SUPPORTS else stance,
        "" if confidence == Citation.Confidence.HIGH else confidence,
        inferred,
        stated,
        note,
    )


def _side_row(side: Side, register: Register) -> Snapshot:
    country = register.country(side.country)
    role = side.role or Participant.Role.PARTY
    return {
        "country": country,
        "force": register.force_of(country, side.force) if side.force else None,
        "role": _part(Participant, "role", role, Participant.Role.values),
    }


def _side(row: Snapshot) -> Side:
    return Side(row["country"], row["force"] or "", row["role"])


def _delegate(parts: list[str], register: Register) -> Snapshot:
    side, person, role, rank, position = parts
    if not person and not position:
        raise CellError(_("Give the person, or at least the position."))
    return {
        "side": read_side(side),
        "person": register.named("person", person) if person else None,
        "rank": _part(Delegate, "rank", rank),
        "position": _part(Delegate, "position", position),
        "role": _part(Delegate, "role", role, Delegate.Role.values),
    }


def _once(rows: list[Snapshot], name: Callable[[Snapshot], str]) -> list[Snapshot]:
    names = sorted(map(name, rows))
    twice = [each for each, found in groupby(names) if len(list(found)) > 1]
    if twice:
        raise CellError(_("“%(text)s” stands twice.") % {"text": twice[0][:60]})
    return rows


def _field(model: Any, name: str) -> Any:
    return model._meta.get_field(name)


def _part(model: Any, name: str, text: str, choices: list[str] | None = None) -> Any:
    """Return a part of a cell as the value of a field, which a refusal names."""
    field = _field(model, name)
    try:
        return cleaned(field, text, choices)
    except ValidationError as error:
        raise ValidationError(
            [f"{field.verbose_name}: {message}" for message in error.messages]
        ) from error
