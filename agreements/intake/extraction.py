"""Files and pasted texts, read to the end or refused with a reason that a user can act on."""

import re
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext_lazy

from agreements.exceptions import IntakeError
from agreements.intake import plain, sandbox
from agreements.intake.found import Found, Refused
from agreements.intake.kinds import Kind, recognised
from agreements.intake.publication import certain_day
from agreements.intake.sandbox import Limits
from agreements.text import fold

MAX_BYTES = 10_000_000
LIMITS = Limits()
_TAG = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z0-9])")
_KINDS: dict[object, object] = {
    Kind.TEXT: gettext_lazy("plain text"),
    Kind.HTML: gettext_lazy("a web page (HTML)"),
    Kind.DOCX: gettext_lazy("a Word document (DOCX)"),
    Kind.PDF: gettext_lazy("a PDF"),
}
# Why a file or a text is refused, by `Refused.reason`.
REASONS = {
    "empty": gettext_lazy("There is no text in it; bring a file or paste a text with words."),
    "too-large": gettext_lazy(
        "The file is larger than %(megabytes)d MB; paste the text of the article instead."
    ),
    "too-long": gettext_lazy(
        "The text is longer than %(characters)d characters; bring only the part that is cited."
    ),
    "nul": gettext_lazy("The text holds NUL characters, so it is not plain text."),
    "utf-16": gettext_lazy("The file is not UTF-8 (it looks like UTF-16); save it as UTF-8."),
    "encoding": gettext_lazy(
        "Line %(line)d is not UTF-8: the file is in another encoding, or in several. "
        "Save it as UTF-8."
    ),
    "declared-encoding": gettext_lazy(
        "The page says that it is in %(encoding)s, and it is not. Paste its text instead."
    ),
    "not-what-it-says": gettext_lazy(
        "By its name the file is %(claimed)s, but it holds %(kind)s. "
        "Give it the ending of what it holds, or bring the right file."
    ),
    "picture": gettext_lazy("This is a picture, without words that can be quoted."),
    "old-office": gettext_lazy(
        "This is a file of an old Office program, or an encrypted one; save it as DOCX or PDF."
    ),
    "rich-text": gettext_lazy("This is rich text (RTF); save it as DOCX or as plain text."),
    "web-archive": gettext_lazy("This is a web archive (MHTML); save the page as HTML only."),
    "archive": gettext_lazy(
        "This is a ZIP archive, and no Word document; bring the document that is in it."
    ),
    "no-article": gettext_lazy("No article was found in the web page; paste its text instead."),
    "no-text-layer": gettext_lazy(
        "The PDF has no text layer that can be read: its pages are pictures. "
        "Bring one with a text layer, or paste the text."
    ),
    "encrypted": gettext_lazy("The PDF is encrypted; bring one that is not."),
    "broken": gettext_lazy("The file is broken, or too large to be read; paste its text instead."),
    "too-much": gettext_lazy(
        "Unpacked, the document is larger than can be read; paste its text instead."
    ),
    "too-slow": gettext_lazy("Reading the file took too long; paste its text instead."),
}


@dataclass(frozen=True)
class Extracted:
    """A file's text, one paragraph a line, and what the file says of itself: "" for nothing.

    `published` is in EDTF; `sha256` is of the bytes that came, for texts that are known by them.
    """

    text: str
    title: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""
    language: str = ""
    url: str = ""
    sha256: str = ""


def extract(name: str, data: bytes, limits: Limits = LIMITS) -> Extracted:
    """Return what a file says. Raises IntakeError where it cannot be read, and why.

    Of the name only the ending counts. Every kind but plain text is read in a process of its own,
    within the limits.
    """
    try:
        return _extracted(name, data, limits)
    except Refused as refusal:
        raise _explained(refusal) from refusal


def pasted(text: str) -> Extracted:
    """Return a text that came without a file. Raises IntakeError.

    Its bytes are taken to be UTF-8 with lines that end in LF, whatever the form made of them.
    """
    came = text.replace("\r\n", "\n").encode(errors="replace")
    return Extracted(clean_text(text), sha256=sha256(came).hexdigest())


def clean_text(text: str) -> str:
    """Return a text as it is kept: in NFC, one paragraph a line. Raises IntakeError."""
    try:
        return plain.checked(text)
    except Refused as refusal:
        raise _explained(refusal) from refusal


def _extracted(name: str, data: bytes, limits: Limits) -> Extracted:
    if len(data) > MAX_BYTES:
        raise Refused("too-large", megabytes=MAX_BYTES // 1_000_000)
    kind = recognised(name, data)
    found = plain.read(data) if kind is Kind.TEXT else sandbox.read(kind, data, limits)
    text = plain.checked(found.text)
    shown = fold(text) + " "
    return Extracted(
        text,
        title=_stated(found.title, kind, shown),
        publisher=plain.tidy(found.publisher),
        author=_stated(found.author, kind, shown),
        published=_published(found),
        language=_language(found.language),
        url=found.url if found.url.startswith(("https://", "http://")) else "",
        sha256=sha256(data).hexdigest(),
    )


def _explained(refusal: Refused) -> IntakeError:
    values = {name: _KINDS.get(value, value) for name, value in refusal.values.items()}
    return IntakeError(str(REASONS[refusal.reason]) % values)


def _stated(value: str, kind: Kind, shown: str) -> str:
    """Return a title or an author, unless it comes from a template or from who typed the file.

    So a property of a PDF or a Word document counts only where its words stand in the text.
    """
    clean = " ".join(plain.tidy(value).split("\n"))
    return clean if kind is Kind.HTML or f"{fold(clean)} " in shown else ""


def _published(found: Found) -> str:
    """Return the first of the dates that the file gives which is one certain day, as EDTF."""
    days = (certain_day(stated, found.language) for stated in found.dates)
    return next(filter(None, days), "")


def _language(tag: str) -> str:
    """Return a language tag without its region, "" where it is none: "vi" for "vi_VN"."""
    match = _TAG.match(tag.strip())
    return match[0].lower() if match else ""
