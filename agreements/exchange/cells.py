"""What a cell holds when it holds several things: sides, links, citations, names.

Short lists stand on one line, with a semicolon between them: `VN; JP`, `renews: talks-2019`. Longer
things stand on a line each, their parts with a bar between them: `Hải cảnh | vi | alias`. A bar, a
backslash or a line break inside a part is written with a backslash.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

_SIDE = re.compile(r"([A-Za-z]{2,4})(?:\s*/\s*([^\s()/]+))?(?:\s*\(\s*([^()]*?)\s*\))?")
_LINK = re.compile(r"([a-z-]+)\s*:\s*(\S+)")
_ESCAPES = {"\\": "\\\\", "|": "\\|", "\n": "\\n", "\r": "\\r"}
_UNESCAPES = {"\\": "\\", "|": "|", "n": "\n", "r": "\r"}
_PART = re.compile(r"\\(.)|([\\|])", re.DOTALL)


class CellError(ValueError):
    """A cell that cannot be read, and what would be accepted."""


@dataclass(frozen=True)
class Side:
    """A participant as a cell writes it: `VN/vietnam-coast-guard (host)`, `JP`, `JP (guest)`."""

    country: str
    force: str = ""
    role: str = ""

    def __str__(self) -> str:
        force = f"/{self.force}" if self.force else ""
        return f"{self.country}{force}" + (f" ({self.role})" if self.role else "")


@dataclass(frozen=True)
class Passage:
    """A citation as a cell writes it, for one or more fields of its record.

    `date, status | news-report | paragraph 3 | on 12 September | disputes | low | inferred | 2014`:
    the fields, the document's slug, the locator, the quotation, the stance, the confidence, the
    word `inferred` or nothing, the value as stated, and a note. What is left out at the end is
    empty.
    """

    fields: tuple[str, ...]
    document: str
    locator: str
    quote: str = ""
    stance: str = ""
    confidence: str = ""
    inferred: bool = False
    stated_value: str = ""
    note: str = ""

    @property
    def parts(self) -> list[str]:
        """The parts of its line."""
        return [
            ", ".join(self.fields),
            self.document,
            self.locator,
            self.quote,
            self.stance,
            self.confidence,
            "inferred" if self.inferred else "",
            self.stated_value,
            self.note,
        ]


# Lists on one line


def write_list(items: Iterable[object]) -> str:
    """Return items as a cell with semicolons between them."""
    return "; ".join(map(str, items))


def read_list(cell: str) -> list[str]:
    """Return the items of a cell, none of them empty. A line break parts items too."""
    return [item for each in re.split(r"[;\n]", cell) if (item := each.strip())]


def read_sides(cell: str) -> list[Side]:
    """Return the participants in a cell. Raises a CellError."""
    return [read_side(item) for item in read_list(cell)]


def read_side(text: str) -> Side:
    """Return the participant that a text names. Raises a CellError."""
    found = _SIDE.fullmatch(text.strip())
    if found is None:
        raise CellError(
            _("“%(text)s”: write a country, its force and the role, as in VN/its-force (host).")
            % {"text": text[:60]}
        )
    country, force, role = found.groups(default="")
    return Side(country, force, role)


def read_links(cell: str) -> list[tuple[str, str]]:
    """Return the relation and the other record's slug of each link. Raises a CellError."""
    links = []
    for item in read_list(cell):
        found = _LINK.fullmatch(item)
        if found is None:
            raise CellError(
                _("“%(text)s”: write the relation and the slug, as in renews: talks-2019.")
                % {"text": item[:60]}
            )
        links.append((found[1], found[2]))
    return links


# Things on a line each


def write_lines(lines: Iterable[Sequence[str]]) -> str:
    """Return lines of parts as a cell; empty parts at a line's end are left out."""
    return "\n".join(_line(parts) for parts in lines)


def read_lines(cell: str, least: int, most: int, form: str) -> list[list[str]]:
    """Return the parts of each line, so many of them that there are `most`.

    Raises a CellError, with the form that is accepted, for a line of fewer than `least` or more.
    """
    lines = []
    for line in cell.split("\n"):
        if not line.strip():
            continue
        parts = _parts(line)
        if not least <= len(parts) <= most:
            raise CellError(
                _("“%(text)s”: write on each line %(form)s.") % {"text": line[:60], "form": form}
            )
        lines.append(parts + [""] * (most - len(parts)))
    return lines


def write_passages(passages: Iterable[Passage]) -> str:
    """Return citations as a cell."""
    return write_lines(passage.parts for passage in passages)


def read_passages(cell: str) -> list[Passage]:
    """Return the citations in a cell. Raises a CellError."""
    form = "date, status | document | paragraph 3 | quotation"
    found = []
    for line in read_lines(cell, 3, 9, form):
        fields, document, locator, quote, stance, confidence, inferred, stated, note = line
        if inferred not in ("", "inferred"):
            raise CellError(
                _("“%(text)s”: the seventh part is the word inferred, or empty.")
                % {"text": inferred[:60]}
            )
        names = tuple(name for each in fields.split(",") if (name := each.strip()))
        found.append(
            Passage(
                names, document, locator, quote, stance, confidence, bool(inferred), stated, note
            )
        )
    return found


def _line(parts: Sequence[str]) -> str:
    written = [_escaped(part) for part in parts]
    while written and not written[-1]:
        written.pop()
    return " | ".join(written)


def _escaped(part: str) -> str:
    signs = [_ESCAPES.get(sign, sign) for sign in part]
    # Spaces around a part are its own only where a backslash says so.
    for end in {0, len(signs) - 1} if signs else ():
        if signs[end].isspace():
            signs[end] = f"\\{signs[end]}"
    return "".join(signs)


def _parts(line: str) -> list[str]:
    """Return the parts of a line, without the spaces around them that no backslash precedes."""
    parts, part, kept, position = [], "", 0, 0

    def end() -> None:
        head, tail = part[:kept], part[kept:].rstrip()
        parts.append(head + tail)

    for found in _PART.finditer(line):
        between = line[position : found.start()]
        part += between if part else between.lstrip()
        position = found.end()
        if found[2] == "|":
            end()
            part, kept = "", 0
            continue
        sign = found[1] or ""
        if not (sign.isspace() or sign in _UNESCAPES):
            raise CellError(
                _("“%(text)s”: write a backslash as two of them.") % {"text": line[:60]}
            )
        part += _UNESCAPES.get(sign, sign)
        kept = len(part)
    between = line[position:]
    part += between if part else between.lstrip()
    end()
    return parts
