"""Several names in one cell, parted by the separators that the user named."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.exchange.foreign.known_names import is_known

SEPARATORS: dict[str, tuple[Any, str]] = {
    ";": (_("semicolon"), r"\s*;\s*"),
    ",": (_("comma"), r"\s*,\s*"),
    "/": (_("slash"), r"\s*/\s*"),
    "|": (_("bar"), r"\s*\|\s*"),
    "lines": (_("line break"), r"\s*\n\s*"),
    "and": (_("the word “and”"), r"\s+and\s+"),
    "&": ("&", r"\s*&\s*"),
    "+": (_("plus sign"), r"\s*\+\s*"),
    "-": (_("dash between spaces, or a long one"), r"\s+-\s+|\s*[–—]\s*"),
}
# So many pieces can belong to one name: "Korea, Democratic People's Republic of".
_MOST_PIECES = 4


def split(
    cell: str, separators: Sequence[str], known: Callable[[str], bool] = is_known
) -> list[str]:
    """Return the names in a cell, in order. A known name stays whole: "Bosnia and Herzegovina"."""
    text = cell.strip()
    if not text or not separators or known(text):
        return [text] if text else []
    # An even part is a piece, an odd one what stands between two.
    parts = _pattern(tuple(separators)).split(text)
    names: list[str] = []
    at = 0
    while at < len(parts):
        wanted = range(min(at + 2 * (_MOST_PIECES - 1), len(parts) - 1), at, -2)
        end = next((end for end in wanted if known("".join(parts[at : end + 1]))), at)
        if name := "".join(parts[at : end + 1]).strip():
            names.append(name)
        at = end + 2
    return names


def separators_in(cells: Iterable[str]) -> list[str]:
    """Return the separators that part known names in cells, where no earlier one does."""
    found = []
    waiting = {cell.strip() for cell in cells}
    for key in SEPARATORS:
        waiting = {cell for cell in waiting if cell and not is_known(cell)}
        parted = {cell: split(cell, [key]) for cell in waiting}
        if any(len(names) > 1 and any(map(is_known, names)) for names in parted.values()):
            found.append(key)
            waiting = {name for names in parted.values() for name in names}
    return found


@cache
def _pattern(separators: tuple[str, ...]) -> re.Pattern[str]:
    patterns = [SEPARATORS[key][1] for key in separators if key in SEPARATORS]
    return re.compile(f"({'|'.join(patterns)})", re.IGNORECASE)
