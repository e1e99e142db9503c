"""The paragraphs of a Word document (.docx), in order, those of tables and text boxes included.

Headers, footers, notes and comments are left out, and so is what was deleted with its changes
tracked.
"""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

from agreements.intake.found import Found, Refused

# All parts of a document together, unpacked.
MAX_UNPACKED = 100_000_000
_MAIN_PART = "word/document.xml"
_PARAGRAPH, _ROW, _TEXT = qn("w:p"), qn("w:tr"), qn("w:t")
_TEXT_BOX = qn("w:txbxContent")
_SPACES = {qn("w:tab"), qn("w:br"), qn("w:cr")}
# A drawing stands twice: as it is, and for programs that do not know it.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = {qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), _FALLBACK}


def read(data: bytes) -> Found:
    """Read a Word document. Raises Refused, or whatever the libraries raise on a broken one."""
    _check_package(data)
    document = docx.Document(BytesIO(data))
    about = document.core_properties
    return Found(
        "\n".join(_lines(document.element.body)),
        title=about.title,
        author=about.author,
        language=about.language,
    )


def _check_package(data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise Refused("broken") from error
    if not any(part.filename == _MAIN_PART for part in parts):
        raise Refused("archive")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused("too-much")


def _lines(element: Any) -> Iterator[str]:
    """Yield the paragraphs in an element; the cells of a table's row are one, with bars between."""
    for child in element:
        if child.tag == _PARAGRAPH:
            yield "".join(_pieces(child))
            yield from _lines_of_boxes(child)
        elif child.tag == _ROW:
            yield " | ".join(filter(None, map(str.strip, _lines(child))))
        elif child.tag not in _LEFT_OUT:
            yield from _lines(child)


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _SPACES:
            yield " "
        elif child.tag not in _LEFT_OUT and child.tag != _TEXT_BOX:
            yield from _pieces(child)


def _lines_of_boxes(paragraph: Any) -> Iterator[str]:
    for box in paragraph.iter(_TEXT_BOX):
        if not any(above.tag in (_FALLBACK, _TEXT_BOX) for above in box.iterancestors()):
            yield from _lines(box)
