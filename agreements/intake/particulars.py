"""What a document's particulars seem to be, proposed for an analyst to check."""

import re
from dataclasses import dataclass
from typing import cast

from django.db.models import CharField

from agreements.intake.credits import address_in, author_in, is_credit, publisher_in, site_of
from agreements.intake.extraction import Extracted
from agreements.intake.language import identified
from agreements.intake.plain import tidy
from agreements.intake.publication import is_dated, published_in
from agreements.models import Document
from agreements.text import fold

# How many lines from the top and the bottom can hold what is no part of the article.
_HEAD, _TAIL = 8, 6
_BREADCRUMBS = re.compile(r"(?:[^»›>]{1,40}\s[»›>]\s)+")
_NO_HEADING_ENDS = tuple(".,;:|")
_HEADING_WORDS = range(3, 31)
_HEADING_LENGTH = 200
_SLUG_WORDS_LENGTH = 60


@dataclass(frozen=True)
class Particulars:
    """Values for a document, "" where nothing tells; `published` is in EDTF."""

    title: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""
    language: str = ""
    url: str = ""
    slug: str = ""


def propose(text: str, extracted: Extracted | None = None) -> Particulars:
    """Return what a text seems to be: what its file says of itself, else what its lines show.

    The language alone is told from the text first, since pages often carry that of their template.
    """
    said = extracted or Extracted(text)
    lines = tidy(text).split("\n")
    language = _language(text, said.language)
    title = _fitting("title", _as_shown(said.title, lines)) or _heading(lines, language)
    others = [line for line in lines if line != title]
    head, tail = others[:_HEAD], others[-_TAIL:]
    url = _fitting("url", said.url) or _fitting("url", address_in(head, tail))
    publisher = said.publisher or publisher_in(head, tail, _publishers()) or site_of(url)
    publisher = _fitting("publisher", publisher)
    author = said.author or author_in(head, tail, language == "vi")
    published = said.published or published_in(head, tail, language)
    return Particulars(
        title=title,
        publisher=publisher,
        author=_fitting("author", author),
        published=published,
        language=language,
        url=url,
        slug=_slug(publisher, title or published or lines[0]),
    )


def _fitting(name: str, value: str) -> str:
    """Return a value that its column can hold; one that is longer is no title, name or address."""
    field = cast(CharField, Document._meta.get_field(name))
    return value if len(value) <= (field.max_length or 0) else ""


def _language(text: str, said: str) -> str:
    return identified(text) or said


def _publishers() -> list[str]:
    held = Document.objects.exclude(publisher="").order_by("publisher")
    return list(held.values_list("publisher", flat=True).distinct())


def _as_shown(title: str, lines: list[str]) -> str:
    """Return a title without the name of the site behind it, if a line shows it so."""
    said = f"{fold(title)} "
    headings = (line for line in lines if len(line.split()) >= _HEADING_WORDS.start)
    return next((line for line in headings if said.startswith(f"{fold(line)} ")), title)


def _heading(lines: list[str], language: str) -> str:
    """Return the first line that is no menu, path, date or credit, if it reads as a heading."""
    for line in lines[:_HEAD]:
        menu = len(line.split()) < _HEADING_WORDS.start or _BREADCRUMBS.match(line)
        if not (menu or is_dated(line, language) or is_credit(line)):
            return line if _reads_as_heading(line) and len(lines) > 1 else ""
    return ""


def _reads_as_heading(line: str) -> bool:
    return (
        len(line) <= _HEADING_LENGTH
        and len(line.split()) in _HEADING_WORDS
        and not line.endswith(_NO_HEADING_ENDS)
    )


def _slug(publisher: str, title: str) -> str:
    """Return a key of letters of ASCII from publisher and title that no document has yet."""
    words = re.findall(r"[a-z0-9]+", fold(publisher) + fold(title))
    name = words[0] if words else "document"
    for word in words[1:]:
        if len(name) + 1 + len(word) > _SLUG_WORDS_LENGTH:
            break
        name += f"-{word}"
    name = name[:_SLUG_WORDS_LENGTH]
    taken = set(Document.objects.filter(slug__startswith=name).values_list("slug", flat=True))
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (name, *numbered) if slug not in taken)
