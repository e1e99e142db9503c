"""Lines of pages, joined to the paragraphs that they were wrapped from."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

# A line that fills less of the width ends its paragraph, if what follows may begin one.
_SHORT = 0.75
# How much larger than the usual distance of lines the one between paragraphs is.
_APART = 1.25
# Closer than that stand only letters that are raised or lowered in their line.
_LEAST_LEAD = 0.9
_INDENT = 0.8
_SIZE_DIFFERS = 0.12
_EDGE = 3
_ENDS = re.compile(r"[.!?:…][\"”’»)\]]*\Z")
_BULLET = re.compile(r"[•●▪◦‣∙]")
_HYPHENATED = re.compile(r"(\w+)-\Z")
_WORD = re.compile(r"\w+")
_PAGE_NUMBER = re.compile(
    r"(?:page|trang|p\.)?\s*[-–]?\s*(\d+)(?:\s*(?:/|of|trên)\s*\d+)?\s*[-–]?", re.IGNORECASE
)


@dataclass(frozen=True)
class Line:
    """A line of a page: its text, and where it begins, from the lower left, in points."""

    text: str
    x: float
    y: float
    size: float


def joined(pages: list[list[Line]]) -> str:
    """Return the text of pages, one paragraph a line, without running heads and page numbers."""
    kept = list(_without_edges(pages))
    every = [line for lines in kept for line in lines]
    if not every:
        return ""
    wrapping = _Wrapping(kept)
    paragraphs: list[list[str]] = []
    for before, line in zip([None, *every], every, strict=False):
        if before is None or wrapping.parts(before, line):
            paragraphs.append([])
        paragraphs[-1].append(line.text)
    words = {word.casefold() for line in every for word in re.findall(r"\w+-\w+", line.text)}
    return "\n".join(_unwrapped(lines, words) for lines in paragraphs)


class _Wrapping:
    """How the lines of a document are wrapped: their usual width and distance."""

    def __init__(self, pages: list[list[Line]]):
        every = [line for lines in pages for line in lines]
        body = median(line.size for line in every)
        lengths = sorted(len(line.text) for line in every if abs(line.size - body) <= body * 0.1)
        # Few lines are longer, such as those of tables.
        self.width = lengths[-1 - len(lengths) // 20]
        leads = sorted(
            (before.y - line.y) / line.size
            for lines in pages
            for before, line in zip(lines, lines[1:], strict=False)
            if before.y - line.y > _LEAST_LEAD * line.size and before.size == line.size
        )
        # From line to line, in sizes of the letters; few are closer.
        self.lead = leads[len(leads) // 10] if leads else 1.0

    def parts(self, before: Line, line: Line) -> bool:
        """Return whether a paragraph ends between two lines."""
        if abs(before.size - line.size) > _SIZE_DIFFERS * before.size or _BULLET.match(line.text):
            return True
        short = len(before.text) < _SHORT * self.width
        ended = _ENDS.search(before.text) is not None
        begins = not line.text[0].islower()
        if short and begins and (ended or len(before.text) < _SHORT**2 * self.width):
            return True
        down = before.y - line.y
        if down <= 0:
            # The next column or page.
            return ended and begins
        return down > _APART * self.lead * line.size or line.x - before.x > _INDENT * line.size


def _without_edges(pages: list[list[Line]]) -> Iterator[list[Line]]:
    """Yield the lines of each page but those at the edge of most pages, and the page's number."""
    counted = Counter(shape for lines in pages for shape in {_shape(line) for line in _edge(lines)})
    for number, lines in enumerate(pages, 1):
        left_out = {
            line
            for line in _edge(lines)
            if _is_number(line, number) or 1 < counted[_shape(line)] > len(pages) / 2
        }
        yield [line for line in lines if line not in left_out]


def _edge(lines: list[Line]) -> list[Line]:
    return lines[:_EDGE] + lines[-_EDGE:]


def _is_number(line: Line, number: int) -> bool:
    told = _PAGE_NUMBER.fullmatch(line.text)
    return told is not None and int(told[1]) == number


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def _unwrapped(lines: list[str], words: set[str]) -> str:
    """Join the lines of a paragraph; a word divided at the end of a line is whole again.

    `words` are those written with a hyphen elsewhere, which keep it.
    """
    return "".join(_with_spaces(lines, words))


def _with_spaces(lines: list[str], words: set[str]) -> Iterator[str]:
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        divided = _HYPHENATED.search(line)
        if divided is None or not after[:1].islower():
            yield line + (" " if after else "")
            continue
        rest = _WORD.match(after)
        whole = f"{divided[1]}-{rest[0] if rest else ''}".casefold()
        yield line if whole in words else line[:-1]
