"""The paragraphs of a PDF that has a text layer."""

from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from agreements.intake.found import Found, Refused
from agreements.intake.lines import Line, joined

_UNREADABLE_SHARE = 0.05


def read(data: bytes) -> Found:
    """Read a PDF. Raises Refused, or whatever the library raises on a broken one."""
    try:
        reader = PdfReader(BytesIO(data))
    except PyPdfError as error:
        raise Refused("broken") from error
    if reader.is_encrypted:
        raise Refused("encrypted")
    text = joined([_lines(page) for page in reader.pages])
    if not any(map(str.isalpha, text)):
        raise Refused("no-text-layer")
    # A font without a table of its characters: what is seen cannot be copied.
    if text.count("\ufffd") > _UNREADABLE_SHARE * len(text):
        raise Refused("no-text-layer")
    about = reader.metadata
    return Found(
        text,
        title=(about and about.title) or "",
        author=(about and about.author) or "",
        language=str(reader.root_object.get("/Lang", "")),
    )


def _lines(page: PageObject) -> list[Line]:
    """Return the lines of a page in the order of its content, with place and size in points."""
    lines: list[Line] = []
    pieces: list[str] = []
    place: tuple[float, float, float] | None = None

    def end_line() -> None:
        nonlocal place
        text = " ".join("".join(pieces).split())
        if text and place:
            lines.append(Line(text, *place))
        pieces.clear()
        place = None

    def take(text: str, page_at: list[float], text_at: list[float], _: Any, size: float) -> None:
        nonlocal place
        first, *more = text.split("\n")
        for number, piece in enumerate((first, *more)):
            if number:
                end_line()
            pieces.append(piece)
            if place is None and piece.strip():
                place = _place(page_at, text_at, size)

    page.extract_text(visitor_text=take)
    end_line()
    return lines


def _place(page_at: list[float], text_at: list[float], size: float) -> tuple[float, float, float]:
    """Return (x, y, size) on the page of what is written at a place of its text."""
    a, b, c, d, e, f = page_at
    x, y = text_at[4], text_at[5]
    height = abs(size * (text_at[3] * d + text_at[2] * b)) or 1.0
    return a * x + c * y + e, b * x + d * y + f, height
