"""Annotated articles, read as ANNOTATING.md describes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from agreements.suggestions.spans import Span
from agreements.text import normalised

_OPENING = re.compile(r"\{(?P<type>[a-z]+):(?P<value>[^|{}]*)\|")
_TYPES = frozenset("date country force instrument meeting exercise person count".split())


class AnnotationError(Exception):
    """An article is not annotated as ANNOTATING.md says; the message gives file and line."""


@dataclass(frozen=True)
class Mark:
    """Annotated words: their type and value, the paragraph from 1, and their place in it."""

    type: str
    value: str
    number: int
    span: Span


@dataclass(frozen=True)
class Article:
    """An annotated article; its paragraphs are normalised, and have no marks in them."""

    name: str
    language: str
    published: str
    paragraphs: tuple[str, ...]
    marks: tuple[Mark, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


def articles_in(directory: Path) -> list[Article]:
    """Return the articles of a folder, in the order of their names. Raises an AnnotationError."""
    return [
        parsed(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(directory.glob("*.txt"))
    ]


def parsed(name: str, text: str) -> Article:
    """Return an article from the text of its file. Raises an AnnotationError."""
    lines = text.splitlines()
    if "---" not in lines:
        raise AnnotationError(f"{name}: has no line “---” between its header and its text")
    cut = lines.index("---")
    header = dict(
        (part.strip() for part in line.split(":", 1)) for line in lines[:cut] if ":" in line
    )
    paragraphs: list[str] = []
    marks: list[Mark] = []
    for at, line in enumerate(lines[cut + 1 :], cut + 2):
        if line.strip():
            paragraph, found = _read(line, len(paragraphs) + 1, f"{name}, line {at}")
            paragraphs.append(paragraph)
            marks += found
    return Article(
        name,
        header.get("language", ""),
        header.get("published", ""),
        tuple(paragraphs),
        tuple(sorted(marks, key=lambda mark: (mark.number, mark.span))),
    )


def _read(line: str, number: int, where: str) -> tuple[str, list[Mark]]:
    """Take the marks out of a line; return its normalised text and the marks with their places."""
    plain: list[str] = []
    length = 0
    opened: list[tuple[str, str, int]] = []
    found: list[tuple[str, str, int, int]] = []
    at = 0
    while at < len(line):
        opening = _OPENING.match(line, at)
        if opening:
            if opening["type"] not in _TYPES:
                raise AnnotationError(f"{where}: “{opening['type']}” is not a type")
            opened.append((opening["type"], opening["value"].strip(), length))
            at = opening.end()
            continue
        if line[at] == "}":
            if not opened:
                raise AnnotationError(f"{where}: a mark ends that did not begin")
            found.append((*opened.pop(), length))
        elif line[at] in "{|":
            raise AnnotationError(f"{where}: “{line[at]}” stands outside a mark")
        else:
            plain.append(line[at])
            length += 1
        at += 1
    if opened:
        raise AnnotationError(f"{where}: a mark of type “{opened[-1][0]}” does not end")
    text = "".join(plain)
    return normalised(text), [
        Mark(kind, value, number, _in_normalised(text, start, end, where))
        for kind, value, start, end in found
    ]


def _in_normalised(text: str, start: int, end: int, where: str) -> Span:
    """Where characters of a line stand once it is normalised."""
    words = text[start:end]
    if not words or words != words.strip():
        raise AnnotationError(f"{where}: “{words}” is empty or has white space around it")
    before = normalised(text[:start] + "x")
    return Span(len(before) - 1, len(normalised(text[:end])))
