"""The handbook (`docs/handbook.md`) as a page, and the addresses of what it says.

A rule is a list item that begins with its name in bold; its name is its anchor, as the words of a
heading are the heading's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

_RULE = re.compile(r"^- \*\*([A-Z][0-9]+)\*\*", re.MULTILINE)
_NAME = re.compile(r"\b([A-Z][0-9]+)\b")

# Where the handbook helps with a field of a form: a rule, or a section.
ANCHORS_OF_FIELDS = {
    "status": "status",
    "date": "partial-dates",
    "entered_into_force": "partial-dates",
    "terminated": "partial-dates",
    "established": "partial-dates",
    "published": "partial-dates",
    "as_of": "partial-dates",
    "period": "partial-dates",
    "title_as_given": "A3",
    "instrument": "A3",
    "binding": "A3",
    "identified": "A2",
    "series": "L1",
    "ordinal": "L1",
    "count_stated": "R5",
    "summary": "Q4",
    "outcomes": "Q4",
    "role": "P2",
    "rank": "P3",
    "position": "P3",
    "quote": "quotations",
    "inferred": "inference",
    "confidence": "confidence",
    "stance": "when-sources-disagree",
    "stated_value": "D7",
    "origin": "sources-and-their-origin",
}


@dataclass(frozen=True)
class Section:
    """A section of the handbook: its heading and the heading's anchor."""

    anchor: str
    title: str


@dataclass(frozen=True)
class Handbook:
    """The handbook as HTML, without its title; its sections in order, and its rules' names."""

    body: SafeString
    sections: tuple[Section, ...]
    rules: frozenset[str]

    @property
    def anchors(self) -> frozenset[str]:
        """What an address of the page may end with, after the `#`."""
        return self.rules | {section.anchor for section in self.sections}


@cache
def handbook() -> Handbook:
    """Return the handbook, rendered once in each process."""
    return read_handbook((settings.BASE_DIR / "docs" / "handbook.md").read_text(encoding="utf-8"))


def handbook_url(anchor: str = "") -> str:
    """Return the address of a rule or a section in the admin, of the whole page without one."""
    return reverse("handbook") + (f"#{anchor}" if anchor else "")


def help_with_link(field: str, help_text: Any) -> Any:
    """Return a field's help, followed by a link where the handbook has more to say of it."""
    anchor = ANCHORS_OF_FIELDS.get(field)
    if anchor is None:
        return help_text
    rule = anchor if _NAME.fullmatch(anchor) else ""
    label = _("Handbook %(rule)s") % {"rule": rule} if rule else _("Handbook")
    # Beside the form, so that nothing typed is lost; one tab for all these links.
    link = '{} <a href="{}" target="handbook" class="handbook-link">{}</a>'
    return format_html(link, help_text, handbook_url(anchor), label)


def read_handbook(text: str) -> Handbook:
    """Render the handbook's Markdown; raise a ValueError where two anchors are the same."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    tokens = markdown.parse(text)
    rules = _RULE.findall(text)
    sections = tuple(_mark_headings(tokens))
    anchors = [*rules, *(section.anchor for section in sections)]
    if len(set(anchors)) < len(anchors):
        raise ValueError("Two rules or headings of the handbook have the same name.")
    for token in tokens:
        if token.children:
            token.children = list(_with_anchors(token.children, frozenset(rules)))
    # The page has a heading of its own.
    body = markdown.renderer.render(_without_title(tokens), markdown.options, {})
    # The handbook is a part of the program, and its HTML is escaped.
    return Handbook(mark_safe(body), sections, frozenset(rules))  # noqa: S308


def _mark_headings(tokens: list[Token]) -> Iterator[Section]:
    """Give each heading of the second level its anchor, and each table its section's name."""
    title = ""
    for token, following in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open" and token.tag == "h2":
            title = following.content
            section = Section(slugify(title), title)
            token.attrSet("id", section.anchor)
            yield section
        elif token.type == "table_open":
            token.meta["section"] = title


def _with_anchors(children: list[Token], rules: frozenset[str]) -> Iterator[Token]:
    """Yield the tokens of a line with the names of rules as links, and as anchors in bold."""
    for before, child in zip([None, *children], children, strict=False):
        if child.type != "text":
            yield child
            continue
        if before is not None and before.type == "strong_open" and child.content in rules:
            before.attrSet("id", child.content)
        for part in _NAME.split(child.content):
            yield from _link(part) if part in rules else _plain(part)


def _link(rule: str) -> Iterator[Token]:
    yield Token("link_open", "a", 1, attrs={"href": f"#{rule}"})
    yield from _plain(rule)
    yield Token("link_close", "a", -1)


def _plain(text: str) -> Iterator[Token]:
    if text:
        yield Token("text", "", 0, content=text)


def _without_title(tokens: list[Token]) -> list[Token]:
    closed = next(i for i, each in enumerate(tokens) if each.type == "heading_close")
    return tokens[closed + 1 :]


def _table_open(renderer: Any, tokens: list[Token], index: int, *_options: Any) -> str:
    # A box of its own to scroll in, which a keyboard reaches.
    label = format_html("{}", tokens[index].meta["section"])
    return f'<div class="table" role="group" tabindex="0" aria-label="{label}"><table>\n'


def _table_close(*_options: Any) -> str:
    return "</table></div>\n"
