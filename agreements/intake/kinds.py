"""What a file is, told by what it holds; its name may not claim to be something else."""

import re
from enum import StrEnum
from pathlib import PurePath

from agreements.intake.found import Refused


class Kind(StrEnum):
    """The kinds of file that are read."""

    TEXT = "text"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"


_BY_ENDING = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".docx": Kind.DOCX,
    ".pdf": Kind.PDF,
}
_BEGINNINGS = {b"%PDF-": Kind.PDF, b"PK\x03\x04": Kind.DOCX}
# Recognised only to say what to do with them.
_NOT_READ = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "old-office",
    b"{\\rtf": "rich-text",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"RIFF": "picture",
    b"From: <Saved by": "web-archive",
    b"MIME-Version:": "web-archive",
}
_PROLOGUE = rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
_HTML = re.compile(
    _PROLOGUE + rb"<(?:!doctype\s+html|html|head|body|title|meta|script|style|main|article|section"
    rb"|div|table|h1|p)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_SVG = re.compile(_PROLOGUE + rb"(?:<!doctype\s+svg[^>]*>\s*)?<svg[\s>]", re.IGNORECASE | re.DOTALL)
_HEAD = 2000


def recognised(name: str, data: bytes) -> Kind:
    """Return what a file is. Raises Refused where it is not read, or not what its name says.

    Of the name only the ending is looked at.
    """
    kind = _told_by(data)
    claimed = _BY_ENDING.get(PurePath(name).suffix.lower(), kind)
    # Text without tags is a web page too, where somebody calls it one.
    if kind is Kind.TEXT and claimed is Kind.HTML:
        return claimed
    if claimed is not kind:
        raise Refused("not-what-it-says", claimed=claimed, kind=kind)
    return kind


def _told_by(data: bytes) -> Kind:
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    start = head.lstrip()
    for beginning, reason in _NOT_READ.items():
        if start.startswith(beginning):
            raise Refused(reason)
    if _SVG.match(head):
        raise Refused("picture")
    if _HTML.match(head):
        return Kind.HTML
    return next((kind for mark, kind in _BEGINNINGS.items() if start.startswith(mark)), Kind.TEXT)
