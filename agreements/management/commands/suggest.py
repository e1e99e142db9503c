"""Print what a text proposes to record: `manage.py suggest FILE`."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from agreements.dates import PartialDate, PartialDateError
from agreements.exceptions import IntakeError
from agreements.intake import plain
from agreements.intake.extraction import Extracted, extract
from agreements.intake.kinds import Kind, recognised
from agreements.intake.particulars import propose
from agreements.suggestions.names import Gazetteer
from agreements.suggestions.proposals import TYPES, Event, Proposal, ReadText, events_in
from agreements.suggestions.proposals.offsets import FileOffsets
from agreements.suggestions.spans import Span
from agreements.text import paragraphs

EVENT = "event"
_WIDTHS = {"paragraph": 5, "start": 6, "end": 6, "type": 11}


class Command(BaseCommand):
    help = (
        "Print what the text of a file (plain text, HTML, DOCX, PDF) proposes to record, with its "
        "exact places. Nothing is stored. See docs/suggestions.md."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--published",
            metavar="EDTF",
            help="when the text was published, such as 2024-05-17; without it, what the file tells",
        )
        parser.add_argument(
            "--language",
            metavar="TAG",
            help="the language of the text, such as vi; without it, what the text shows",
        )
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument(
            "--type",
            action="append",
            metavar="TYPE",
            help=f"only this type ({', '.join((*TYPES, EVENT))}); may be given several times",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        types = _checked_types(options["type"])
        published = _checked_date(options["published"])
        data, extracted = _read(options["file"])
        language = options["language"]
        try:
            if published is None or language is None:
                said = propose(extracted.text, extracted)
                if published is None and said.published:
                    published = PartialDate.parse(said.published)
                language = said.language if language is None else language
            gazetteer = Gazetteer()
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {error}") from error
        read = ReadText(extracted.text, gazetteer, published, language)
        rows = list(_rows(read, types))
        _add_offsets(rows, options["file"], data, extracted.text)
        for row in rows:
            self.stdout.write(
                json.dumps(row, ensure_ascii=False) if options["format"] == "json" else _line(row)
            )
        told = f"published {published.edtf if published else 'unknown'}, language {language}"
        self.stderr.write(f"{len(rows)} proposals ({told}).")


def _checked_types(types: list[str] | None) -> tuple[str, ...]:
    known = (*TYPES, EVENT)
    for each in types or ():
        if each not in known:
            raise CommandError(f"“{each}” is no type of proposal; give one of {', '.join(known)}.")
    return tuple(types or known)


def _checked_date(edtf: str | None) -> PartialDate | None:
    if edtf is None:
        return None
    try:
        return PartialDate.parse(edtf)
    except PartialDateError as error:
        raise CommandError(f"--published: {error}") from error


def _read(path: Path) -> tuple[bytes, Extracted]:
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CommandError(f"{path} cannot be read: {reason}.") from error
    try:
        return data, extract(path.name, data)
    except IntakeError as error:
        raise CommandError(f"{path}: {error}") from error


def _rows(read: ReadText, types: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for proposals in read.by_paragraph:
        for proposal in proposals:
            if proposal.type in types:
                yield _row(read, proposal, proposal.type, proposal.value)
    if EVENT in types:
        for event in events_in(read):
            yield _row(read, event, EVENT, _told(event))


def _row(read: ReadText, found: Proposal | Event, kind: str, value: Any) -> dict[str, Any]:
    paragraph = read.prose[found.number - 1].passage.paragraph
    row = {"type": kind, "paragraph": found.number, "start": found.span.start}
    row |= {"end": found.span.end, "text": found.span.of(paragraph), "value": value}
    if isinstance(found, Proposal):
        row |= {"inferred": found.inferred, "note": found.note}
    return row


def _told(event: Event) -> dict[str, Any]:
    facts = [
        {
            "field": fact.field,
            "value": fact.value,
            "start": fact.span.start,
            "end": fact.span.end,
            "inferred": fact.inferred,
            "note": fact.note,
        }
        for fact in event.facts
    ]
    return {"kind": event.kind, "facts": facts}


def _add_offsets(rows: list[dict[str, Any]], path: Path, data: bytes, text: str) -> None:
    """Say where each proposal stands in a file of plain text."""
    if recognised(path.name, data) is not Kind.TEXT:
        return
    offsets = FileOffsets(plain.decoded(data), paragraphs(text))
    for row in rows:
        place = offsets.of(row["paragraph"], Span(row["start"], row["end"]))
        row["file_start"] = place.start if place else None
        row["file_end"] = place.end if place else None


def _line(row: dict[str, Any]) -> str:
    """A row of the table: paragraph, start, end, type, value, and the words."""
    cells = "".join(f"{row[name]!s:<{width}}" for name, width in _WIDTHS.items())
    mark = " (inferred)" if row.get("inferred") else ""
    return f"{cells}{_in_short(row['value'])}{mark}  “{row['text']}”"


def _in_short(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    if "facts" in value:
        facts = (f"{fact['field']}={_plain(fact['value'])}" for fact in value["facts"])
        return f"{value['kind']}: {'; '.join(facts)}"
    said = (f"{name}={each}" for name, each in value.items() if each not in (None, "", False))
    return "; ".join(said)


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return "/".join(str(each) for each in value if each)
    return str(value)
