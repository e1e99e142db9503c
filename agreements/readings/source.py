"""YAML, strictly: every scalar is text, nothing expands, and every value knows its line.

PyYAML's nodes are walked before it would make Python values of them, so that `NO` stays a country
code and `2015-09` a date as written.
"""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.composer import Composer
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from agreements.exceptions import ReadingError, ReadingProblem

MAX_BYTES = 2_000_000
MAX_DEPTH = 12


class SourceError(Exception):
    """A file that cannot be read as YAML of the plain kind."""

    def __init__(self, line: int, message: str):
        self.line = line
        self.message = message
        super().__init__(message)


class _PlainComposer(Composer):
    """Composes nodes, refusing what can expand, run or hide."""

    depth = 0

    def compose_node(self, parent, index):
        event = self.peek_event()  # type: ignore[attr-defined]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise SourceError(line, "Anchors and aliases are not read; write the value out.")
        if getattr(event, "tag", None):
            raise SourceError(line, "Tags (!) are not read; write plain values.")
        if self.depth > MAX_DEPTH:
            raise SourceError(line, f"Nested deeper than {MAX_DEPTH} levels.")
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _FastLoader(_PlainComposer, CParser):
    """Reads by libyaml. Whatever a scalar looks like, it is text: no tag is resolved."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        Composer.__init__(self)

    def resolve(self, kind, value, implicit):
        return ""

    def descend_resolver(self, current_node, current_index):
        pass

    def ascend_resolver(self):
        pass


class _PlainLoader(_PlainComposer, yaml.SafeLoader):
    """Reads by PyYAML itself, which is slow and says more plainly what is wrong."""


@dataclass(frozen=True)
class Place:
    """Where a value stands: file, line (from 1) and the path of its field."""

    path: Path
    line: int
    field: str

    def problem(self, message: str) -> ReadingProblem:
        return ReadingProblem(self.path, self.line, self.field, message)

    def at(self, node: yaml.Node, field: str) -> "Place":
        return Place(self.path, node.start_mark.line + 1, field)


def compose(path: Path) -> yaml.MappingNode:
    """Return a file's root mapping; raise a ReadingError where it is not plain YAML."""
    try:
        return _compose(path)
    except SourceError as error:
        raise ReadingError([ReadingProblem(path, error.line, "file", error.message)]) from error


def _compose(path: Path) -> yaml.MappingNode:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(1, f"The file cannot be read: {error.strerror}.") from error
    if len(raw) > MAX_BYTES:
        raise SourceError(1, f"The file is larger than {MAX_BYTES:,} bytes.")
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or b"\0" in raw[:4]:
        message = "The file is not UTF-8 (it looks like UTF-16); save it as UTF-8."
        raise SourceError(1, message)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SourceError(line, "The file is not UTF-8; save it as UTF-8.") from error
    try:
        node = _root(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SourceError(mark.line + 1 if mark else 1, f"Not YAML: {error.problem}.") from error
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise SourceError(line, "A character that YAML does not allow.") from error
    except RecursionError as error:
        raise SourceError(1, f"Nested deeper than {MAX_DEPTH} levels.") from error
    if not isinstance(node, yaml.MappingNode):
        raise SourceError(1, "A reading is a mapping: format, document, …")
    return node


def _root(text: str) -> yaml.Node | None:
    try:
        return _FastLoader(text).get_single_node()
    except yaml.YAMLError:
        loader = _PlainLoader(text)
        try:
            return loader.get_single_node()
        finally:
            loader.dispose()
