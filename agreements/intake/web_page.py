"""The article of a web page, and what the page says of itself; nothing is fetched."""

import json
import re
from collections.abc import Iterator
from typing import Any

import trafilatura
from trafilatura.metadata import extract_metadata

from agreements.intake.found import Found, Refused
from agreements.intake.plain import decoded
from agreements.text import fold

_CHARSET = re.compile(rb"<meta[^>]*?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
# As browsers read them (WHATWG Encoding).
_AS_READ = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
_ENCODING = re.compile(
    r"(?:windows-|cp)125\d|iso-8859-\d\d?|koi8-[ru]|gb\w+|big5\w*|shift[_-]jis|euc-\w+"
)
_HEAD = 4096
_LEAD_WORDS = 6
# Descriptions are cut, with a mark of omission or none.
_LEAD_LONGER = 600
# How many lines may hold the heading and the lead.
_OPENING = 4
_ARTICLE = re.compile(r"(?:Article|Posting|Report)\Z")
_DATE_NAMES = (
    "article:published_time og:article:published_time og:published_time datepublished pubdate "
    "publishdate publish-date publication_date date_published date.issued dc.date.issued "
    "dcterms.issued citation_publication_date parsely-pub-date sailthru.date dc.date date"
).split()


def read(data: bytes) -> Found:
    """Read a web page. Raises Refused, or whatever the libraries raise on a broken one."""
    tree = trafilatura.load_html(_decoded(data))
    if tree is None:
        raise Refused("no-article")
    language = tree.get("lang", "")
    dates = tuple(_dates(tree))
    about = extract_metadata(tree, extensive=False)
    opening = [_heading(tree, about.title or ""), _lead(tree, about.description or "")]
    article = trafilatura.extract(tree, include_comments=False)
    if not article:
        raise Refused("no-article")
    return Found(
        _with_opening(opening, article),
        title=about.title or "",
        publisher=about.sitename or "",
        author=about.author or "",
        dates=dates,
        language=language,
        url=about.url or "",
    )


def _decoded(data: bytes) -> str:
    declared = _CHARSET.search(data[:_HEAD])
    name = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
    encoding = _AS_READ.get(name, name)
    if not _ENCODING.fullmatch(encoding) or data.startswith(b"\xef\xbb\xbf"):
        return decoded(data)
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Refused("declared-encoding", encoding=encoding) from error


def _heading(tree: Any, title: str) -> str:
    """Return the heading that a page shows, "" where its title does not begin with one."""
    named = f"{fold(title)} "
    headings = (" ".join(heading.text_content().split()) for heading in tree.iter("h1", "h2"))
    return next((text for text in headings if text and named.startswith(f"{fold(text)} ")), "")


def _lead(tree: Any, description: str) -> str:
    """Return the lead that a page shows, "" where its description is not the beginning of one."""
    wanted = fold(description)
    if len(wanted.split()) < _LEAD_WORDS:
        return ""
    elements = tree.iter("h2", "h3", "p", "div", "strong")
    shown = (" ".join(element.text_content().split()) for element in elements)
    short = (text for text in shown if len(text) <= len(description) + _LEAD_LONGER)
    return min((text for text in short if fold(text).startswith(wanted)), key=len, default="")


def _with_opening(opening: list[str], text: str) -> str:
    """Let a text begin with its heading and lead, which may stand apart from the article."""
    lines = text.split("\n")
    for number, part in enumerate(filter(None, opening)):
        if not any(fold(part) in fold(line) for line in lines[:_OPENING]):
            lines.insert(number, part)
    return "\n".join(lines)


def _dates(tree: Any) -> Iterator[str]:
    """Yield what a page states as the date of its publication, the surest first."""
    yield from _dates_of_articles(tree)
    named = {
        (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(): meta
        for meta in reversed(tree.findall(".//meta[@content]"))
    }
    yield from (named[name].get("content") for name in _DATE_NAMES if name in named)
    for shown in tree.xpath('.//*[@itemprop="datePublished"] | .//time[@pubdate]'):
        yield shown.get("datetime") or shown.text_content()
    times = {time.get("datetime") for time in tree.xpath(".//time[@datetime]")}
    # Of several, some are other articles' or comments'.
    if len(times) == 1:
        yield times.pop()


def _dates_of_articles(tree: Any) -> Iterator[str]:
    for script in tree.xpath('.//script[@type="application/ld+json"]'):
        try:
            data = json.loads(script.text or "", strict=False)
        except ValueError:
            continue
        for thing in _things(data):
            kinds = thing.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            date = thing.get("datePublished")
            if isinstance(date, str) and any(_ARTICLE.search(str(kind)) for kind in kinds):
                yield date


def _things(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the things that JSON-LD describes: at its top, in a list, or in a graph."""
    for each in data if isinstance(data, list) else [data]:
        if isinstance(each, dict):
            yield each
            yield from _things(each.get("@graph", []))
