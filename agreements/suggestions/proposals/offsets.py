"""Where the characters of normalised paragraphs stand in the file that they came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from agreements.suggestions.spans import Span

_CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+", re.DOTALL)


class FileOffsets:
    """Places in a file by places in its paragraphs; both count characters, not bytes."""

    def __init__(self, given: str, paragraphs: list[str]):
        self._places: list[list[Span | None]] = []
        clusters = _clusters(given)
        for paragraph in paragraphs:
            self._places.append(_aligned(paragraph, clusters))

    def of(self, number: int, span: Span) -> Span | None:
        """Return where a span of a paragraph (from 1) stands in the file; None where it does not.

        White space that was made one space counts to neither side.
        """
        places = self._places[number - 1]
        first, last = places[span.start], places[span.end - 1]
        return Span(first.start, last.end) if first and last else None


def _clusters(given: str) -> Iterator[tuple[Span, tuple[str, str]]]:
    """Yield the place of each letter with its marks, and what it may have become."""
    for match in _CLUSTER.finditer(given):
        cluster = match[0]
        if not cluster.isspace():
            forms = unicodedata.normalize("NFC", cluster), unicodedata.normalize("NFKC", cluster)
            yield Span(*match.span()), forms


def _aligned(paragraph: str, clusters: Iterator[tuple[Span, tuple[str, str]]]) -> list[Span | None]:
    """Give each character of a paragraph its place; clusters that were left out are passed over."""
    places: list[Span | None] = []
    at = 0
    while at < len(paragraph):
        if paragraph[at] == " ":
            places.append(None)
            at += 1
            continue
        for span, forms in clusters:
            form = next((each for each in forms if paragraph.startswith(each, at)), None)
            if form:
                places += [span] * len(form)
                at += len(form)
                break
        else:
            places += [None] * (len(paragraph) - at)
            break
    return places
