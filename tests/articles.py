"""Invented articles, and the files that they come in."""

import zlib
from io import BytesIO

import docx

ENGLISH = """\
Harbour services of Arland and Belmar sign a plan for the strait
By Mira Tolland
Published on 22 December 2023, 10:15

SAO MAI (ANA) – The Arland Harbour Service and the Belmar Sea Guard signed a plan on 21 December
to look after the strait together, the two services said after a day of talks.
Captain Osk Renner, who led the guests, said that the two crews had met at sea for years without a
common list of signals, and that the plan gives them one at last.
Under the plan each side sends two cutters in spring and two in autumn, and a duty officer on each
shore answers the other within ten minutes, at any hour of the day.
The services also agreed to train divers together at the school in Port Lise, where the first
course of six weeks begins in March with eight places for each side.
A joint report is to be written every year, and the two commanders will read it when they meet
again in Belmar next December.
"""
OTHER_ENGLISH = """\
Belmar hosts neighbours for talks on the strait
Ships of two neighbours will share signals and divers after talks that ended on Thursday in the
port of Sao Mai, according to officials from both capitals who took part in them.
The Arland Harbour Service brought a delegation of nine. Its leader, Captain Osk Renner, called
the strait a road that belongs to nobody and needs everybody, and thanked his hosts.
Fishermen have asked for more patrols since the storms of last winter, when four boats were lost
and their crews waited for hours because neither shore knew which of them was to go.
From March on, officers on watch can ring each other directly. A course for divers in Port Lise
and a yearly report were agreed as well, and money for both is in the budgets.
"""
VIETNAMESE = """\
Hai lực lượng ký kế hoạch phối hợp tại cảng Sao Mai
Thứ Sáu, 22/12/2023 10:15 (GMT+7)
Sáng 21/12, tại cảng Sao Mai, Lực lượng Bảo vệ cảng Arland và Lực lượng Tuần biển Belmar đã ký kế
hoạch phối hợp tuần tra trên eo biển sau một ngày hội đàm.
Đại úy Osk Renner, trưởng đoàn khách, cho biết hai bên đã nhiều lần gặp nhau trên biển mà chưa có
bộ tín hiệu chung, và kế hoạch này lấp khoảng trống ấy.
Mỗi bên sẽ cử hai tàu vào mùa xuân và hai tàu vào mùa thu./.
Hà Vy
"""


def one_line_paragraphs(text: str) -> str:
    """The same article with every paragraph in one line, as it is kept."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    paragraphs: list[str] = []
    for line in lines:
        if paragraphs and line[0].islower():
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(line)
    return "\n".join(paragraphs)


ARTICLE = one_line_paragraphs(ENGLISH)
OTHER_ARTICLE = one_line_paragraphs(OTHER_ENGLISH)
VIETNAMESE_ARTICLE = one_line_paragraphs(VIETNAMESE)


def web_page(head: str = "", body: str = "", language: str = "en") -> bytes:
    """A page with the article in it, with a menu above it and a foot below."""
    title, *paragraphs = ARTICLE.split("\n")
    body = body or "".join(f"<p>{each}</p>" for each in paragraphs[2:])
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{title} | Strait News</title>{head}</head><body>"
        "<nav><a href='/'>Home</a> <a href='/world'>World</a></nav>"
        f"<main><article><h1>{title}</h1>{body}</article></main>"
        "<footer>All rights reserved.</footer></body></html>"
    ).encode()


def word_document(text: str = ARTICLE, **properties: str) -> bytes:
    """A Word document with a paragraph for each line."""
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    return saved(document)


def saved(document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(*pages: list[tuple[float, float, str]], extra: str = "", trailer: str = "") -> bytes:
    """A PDF with lines at (x, y) on its pages; letters of Latin-1 only, 10 points high."""
    return pdf_of(*(_content(lines).encode("cp1252") for lines in pages), trailer=trailer)


def _content(lines: list[tuple[float, float, str]]) -> str:
    def escaped(text: str) -> str:
        return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")

    return "\n".join(
        f"BT /F1 10 Tf 1 0 0 1 {x} {y} Tm ({escaped(text)}) Tj ET" for x, y, text in lines
    )


def pdf_of(*contents: bytes, trailer: str = "", packed: bool = False) -> bytes:
    """A PDF whose pages have these contents, written as they are or packed."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, content in enumerate(contents):
        stream = zlib.compress(content) if packed else content
        how = " /Filter /FlateDecode" if packed else ""
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            f"<< /Length {len(stream)}{how} >>\nstream\n".encode() + stream + b"\nendstream",
        ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode()
    return bytes(out + f"startxref\n{start}\n%%EOF\n".encode())


def wrapped(text: str, width: int = 80, top: float = 780) -> list[tuple[float, float, str]]:
    """A text as lines on a page: wrapped, with a wider gap between its paragraphs."""
    lines, y = [], top
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) >= width:
                lines.append((60, y, line))
                y -= 12
                line = ""
            line = f"{line} {word}".strip()
        lines.append((60, y, line))
        y -= 20
    return lines
