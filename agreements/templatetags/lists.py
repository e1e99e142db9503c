"""Rows of the admin's lists, whose cells carry the names of their columns."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()
_ROLES = {"<td": "cell", "<th": "rowheader"}


@register.filter
def labelled(cells: Iterable[SafeString], headers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a row's cells as Django writes them, each with its role and its column's name.

    A stylesheet shows the name where the row of headers has no room; the box to select a row by,
    whose header is a box too, has none.
    """
    for cell, header in zip(cells, headers, strict=True):
        tag, rest = cell[:3], cell[3:]
        name = "" if hasattr(header["text"], "__html__") else capfirst(header["text"])
        opening = format_html(' role="{}" data-label="{}"', _ROLES[tag], name)
        # Both halves are what Django made, escaped.
        yield mark_safe(tag + opening + rest)  # noqa: S308
