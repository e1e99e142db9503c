"""Files brought in: what is read of each kind, and what is refused with its reason."""

import subprocess
import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.exceptions import IntakeError
from agreements.intake import sandbox
from agreements.intake.extraction import LIMITS, MAX_BYTES, clean_text, extract
from agreements.intake.found import Refused
from agreements.intake.plain import MAX_CHARACTERS, tidy
from agreements.intake.sandbox import Limits
from tests.articles import (
    ARTICLE,
    VIETNAMESE,
    VIETNAMESE_ARTICLE,
    pdf,
    pdf_of,
    saved,
    web_page,
    word_document,
    wrapped,
)


def refused(name: str, data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(IntakeError) as caught:
        extract(name, data, limits)
    return str(caught.value)


# Plain text


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_plain_text_is_utf_8_with_or_without_a_mark(mark):
    found = extract("talks.txt", mark + "Hội đàm\r\n\r\n  tại cảng  \r\n".encode())
    assert found.text == "Hội đàm\ntại cảng"
    assert (found.title, found.publisher, found.published, found.language) == ("", "", "", "")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_other_widths_of_unicode_are_told(encoding):
    assert "it looks like UTF-16" in refused("talks.txt", ARTICLE.encode(encoding))


def test_mixed_encodings_are_told_with_their_line():
    data = "Dòng một\nDòng hai\n".encode() + "Dòng ba".encode("cp1258", "replace") + b"\xff"
    assert "Line 3 is not UTF-8" in refused("talks.txt", data)


def test_nul_and_nothing_are_refused():
    assert "NUL" in refused("talks.txt", b"A report of the talks\0 in the harbour of Sao Mai")
    for empty in (b"", b"\xef\xbb\xbf", b" \n\t\r\n", b"\xe2\x80\xa8***"):
        assert "no text in it" in refused("talks.txt", empty)


def test_sizes_are_limited():
    assert "larger than 10 MB" in refused("talks.txt", b"a" * (MAX_BYTES + 1))
    assert "longer than 500000 characters" in refused("talks.txt", b"a" * (MAX_CHARACTERS + 1))


def test_a_name_is_only_an_ending():
    for name in (
        "../../etc/passwd",
        "C:\\talks.TXT",
        "\u202etxt.exe",
        "",
        "a/b\nc.text",
        "x" * 999,
    ):
        assert extract(name, b"A report").text == "A report"


@given(st.text())
def test_tidying_twice_changes_nothing(text):
    assert tidy(tidy(text)) == tidy(text)


def test_what_cannot_be_seen_is_taken_out():
    assert tidy("a\u00adb\u202e \ufb01ne\x07\x0bline\u2028end\ud800") == "ab fine\nline\nend"
    assert clean_text("Lê Quang Đạo".encode().decode()) == "Lê Quang Đạo"


# Web pages


def test_a_web_page_gives_its_article():
    found = extract("talks.html", web_page())
    assert found.text.split("\n")[0] == ARTICLE.split("\n")[0]
    assert found.text.split("\n")[1:] == ARTICLE.split("\n")[3:]
    assert "Home" not in found.text
    assert found.language == "en"


def test_a_web_page_says_what_it_is():
    head = (
        '<meta property="og:site_name" content="Strait News">'
        '<meta name="author" content="Mira Tolland">'
        '<meta property="article:published_time" content="2023-12-22T10:15:00+07:00">'
        '<link rel="canonical" href="https://strait.example/talks-in-sao-mai">'
    )
    found = extract("talks.html", web_page(head))
    assert found.title == "Harbour services of Arland and Belmar sign a plan for the strait"
    assert (found.publisher, found.author) == ("Strait News", "Mira Tolland")
    assert found.published == "2023-12-22"
    assert found.url == "https://strait.example/talks-in-sao-mai"


LD = '<script type="application/ld+json">%s</script>'


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        (
            LD % '{"@type": "NewsArticle", "datePublished": "2023-12-22T08:00:00Z"}',
            "",
            "2023-12-22",
        ),
        (
            LD % '{"@graph": [{"@type": ["Article"], "datePublished": "2023-12-22"}]}',
            "",
            "2023-12-22",
        ),
        (LD % '{"@type": "Event", "datePublished": "2023-12-22"}', "", ""),
        (LD % "{not JSON", "", ""),
        ('<meta name="pubdate" content="22/12/2023 10:15">', "", "2023-12-22"),
        ('<meta name="pubdate" content="03/04/2023">', "", ""),
        ('<meta name="date" content="2023-02-30">', "", ""),
        ("", '<time datetime="2023-12-22">Friday</time>', "2023-12-22"),
        ("", '<time datetime="2023-12-22">a</time><time datetime="2023-12-24">b</time>', ""),
        ("", '<span itemprop="datePublished">22 December 2023</span>', "2023-12-22"),
        ("", "<p>Copyright 2021-11-12</p>", ""),
        ('<meta property="article:modified_time" content="2024-01-01">', "", ""),
    ],
)
def test_only_a_date_that_the_page_states_is_taken(head, body, published):
    article = body + "".join(f"<p>{each}</p>" for each in ARTICLE.split("\n")[3:])
    assert extract("talks.html", web_page(head, article)).published == published


def test_the_language_decides_which_number_is_the_day():
    head = '<meta name="pubdate" content="03/04/2023">'
    assert extract("talks.html", web_page(head, language="vi-VN")).published == "2023-04-03"


def test_a_page_is_read_in_the_encoding_that_it_declares():
    page = web_page().replace(b"Port Lise", "Port Lisé".encode())
    assert "Port Lisé" in extract("talks.html", page).text
    latin = page.decode().replace("utf-8", "iso-8859-1").encode("cp1252")
    assert "Port Lisé" in extract("talks.html", latin).text
    assert "is not UTF-8" in refused("talks.html", page.decode().encode("cp1252"))
    mixed = page.replace(b"utf-8", b"shift_jis") + b"\xff\xff"
    assert "says that it is in shift_jis" in refused("talks.html", mixed)


def test_a_lead_apart_from_the_article_is_not_lost():
    lead = "The Arland Harbour Service and the Belmar Sea Guard signed a plan on 21 December."
    paragraphs = "".join(f"<p>{each}</p>" for each in ARTICLE.split("\n")[4:])
    body = f'<h2>{lead}</h2><div class="content">{paragraphs}</div>'
    cut = f'<meta name="description" content="{lead[:60]}...">'
    other = '<meta name="description" content="All that is new from both shores of the strait.">'
    for head in (cut, f'<meta property="og:description" content="{lead}">'):
        found = extract("talks.html", web_page(head, body))
        assert found.text.split("\n")[:3] == [ARTICLE.split("\n")[0], lead, ARTICLE.split("\n")[4]]
    assert "All that is new" not in extract("talks.html", web_page(other, body)).text


def test_only_a_heading_that_the_page_shows_is_in_its_text():
    named = '<meta property="og:title" content="Strait: what the plan says">'
    found = extract("talks.html", web_page(named))
    assert found.title == "Strait: what the plan says"
    assert "what the plan says" not in found.text


def test_a_page_without_an_article_is_refused():
    assert "No article" in refused("talks.html", b"<!doctype html><html><body></body></html>")


# Word documents


def test_a_word_document_gives_its_paragraphs():
    found = extract("talks.docx", word_document(VIETNAMESE_ARTICLE))
    assert found.text == VIETNAMESE_ARTICLE


def test_a_property_counts_where_it_stands_in_the_text():
    title = ARTICLE.split("\n")[0]
    found = extract("t.docx", word_document(title=title.upper(), author="Mira Tolland"))
    assert (found.title, found.author) == (title.upper(), "Mira Tolland")
    found = extract("t.docx", word_document(title="Template 7", author="Front Desk"))
    assert (found.title, found.author, found.published) == ("", "", "")


def test_tables_boxes_and_tracked_changes_are_read_as_they_stand():
    document = docx.Document()
    document.add_paragraph("Ships of each side")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Arland", "four cutters"
    paragraph = document.add_paragraph("Both ")
    for part in (
        "<w:ins><w:r><w:t>sides </w:t></w:r></w:ins>",
        "<w:del><w:r><w:delText>crews </w:delText></w:r></w:del>",
        "<w:hyperlink><w:r><w:t>met</w:t><w:br/><w:t>again</w:t></w:r></w:hyperlink>",
        "<w:r><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent></w:r>",
    ):
        paragraph._p.append(parse_xml(part.replace(">", f" {nsdecls('w')}>", 1)))
    found = extract("talks.docx", saved(document))
    assert found.text.split("\n") == [
        "Ships of each side",
        "Arland | four cutters",
        "Both sides met again",
        "In a box",
    ]


def packed(**parts: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def with_part(document: bytes, name: str, before: bytes, more: bytes) -> bytes:
    """A Word document with more in one of its parts."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(document)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, content.replace(before, more + before) if part == name else content)
    return out.getvalue()


def test_a_zip_bomb_is_not_unpacked():
    bomb = packed(word__document=b"<a/>", word__media=b"\0" * 120_000_000)
    assert len(bomb) < 1_000_000
    assert "Unpacked, the document is larger" in refused("talks.docx", bomb)


def test_archives_that_are_no_word_documents_are_told():
    assert "no Word document" in refused("talks.docx", packed(xl__workbook=b"<a/>"))
    assert "broken" in refused("talks.docx", packed(word__document=b"<a/>"))
    assert "broken" in refused("talks.docx", word_document()[:2000])


# PDF


def test_wrapped_lines_are_joined_to_paragraphs():
    text = "\n".join(ARTICLE.split("\n")[3:]).replace("–", "-")
    found = extract("talks.pdf", pdf(wrapped(text)))
    assert found.text == text
    assert found.language == "en"


def test_a_paragraph_goes_on_over_the_end_of_a_page():
    text = "\n".join(ARTICLE.split("\n")[4:])
    lines = wrapped(text)
    assert extract("t.pdf", pdf(lines[:3], lines[3:])).text == text


def test_divided_words_are_whole_again():
    lines = [
        (60, 700, "The harbour services of the two islands met for talks on co-"),
        (60, 688, "operation in the strait, and agreed on anti-smuggling patrols that are anti-"),
        (60, 676, "smuggling work in name and in deed, for every ship that goes through the nar-"),
        (60, 664, "rows at night."),
    ]
    text = extract("t.pdf", pdf(lines)).text
    assert text.startswith(
        "The harbour services of the two islands met for talks on cooperation in"
    )
    assert "that are anti-smuggling work" in text
    assert text.endswith("through the narrows at night.")


def test_indents_begin_paragraphs_too():
    lines = [
        (75, 700, "The first paragraph is led by an indent and goes on in the second line of the"),
        (
            60,
            688,
            "page, which it fills to the end as the one before it does, word for word, until",
        ),
        (75, 676, "The second is led by another indent, and has the same distance from the first."),
    ]
    assert len(extract("t.pdf", pdf(lines)).text.split("\n")) == 2


def test_running_heads_and_page_numbers_are_left_out():
    paragraphs = ARTICLE.split("\n")[3:6]
    pages = [
        [
            (60, 800, f"Strait News {number} December"),
            *wrapped(paragraph.replace("–", "-")),
            (300, 40, f"Page {number} of 3"),
        ]
        for number, paragraph in enumerate(paragraphs, 1)
    ]
    text = extract("t.pdf", pdf(*pages)).text
    assert text.split("\n") == [paragraph.replace("–", "-") for paragraph in paragraphs]


def test_a_pdf_of_pictures_is_told():
    for pages in ([b""], [b"0 0 m 10 10 l S", b""]):
        assert "no text layer" in refused("scan.pdf", pdf_of(*pages))
    assert "no text layer" in refused("scan.pdf", pdf([(300, 40, "1")], [(300, 40, "2")]))


def test_an_encrypted_pdf_is_told():
    locked = (
        "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
        f"/O <{'00' * 32}> /U <{'00' * 32}> >> /ID [<00> <00>]"
    )
    assert "encrypted" in refused("talks.pdf", pdf(wrapped(ARTICLE[:60]), trailer=locked))


def test_a_broken_pdf_is_told():
    assert "broken" in refused("talks.pdf", b"%PDF-1.7\nnothing more")


# Kinds


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("talks.pdf", web_page(), "By its name the file is a PDF, but it holds a web page (HTML)."),
        ("talks.pdf", b"Only words", "By its name the file is a PDF, but it holds plain text."),
        ("talks.docx", pdf(wrapped("Words")), "it holds a PDF."),
        ("talks.txt", web_page(), "it holds a web page (HTML)."),
        ("talks.pdf", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a picture"),
        ("talks.html", b"<?xml version='1.0'?><!-- a --><svg><p>Words</p></svg>", "a picture"),
        ("talks.pdf", b"\x89PNG\r\n\x1a\n", "a picture"),
        ("talks.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as DOCX or PDF"),
        ("talks.rtf", rb"{\rtf1 Words}", "rich text"),
        ("talks.mhtml", b"From: <Saved by Blink>\r\n", "web archive"),
    ],
)
def test_what_a_file_holds_decides(name, data, reason):
    assert reason in refused(name, data)


def test_text_may_be_called_a_web_page():
    body = "".join(f"<p>{each}</p>" for each in ARTICLE.split("\n"))
    assert "Captain Osk Renner" in extract("talks.htm", b"<b>Report</b>" + body.encode()).text


# The process of its own


def test_a_file_that_takes_long_is_given_up():
    endless = pdf_of(b"BT /F1 10 Tf (a) Tj ET\n" * 400_000, packed=True)
    assert len(endless) < 100_000
    assert "took too long" in refused("talks.pdf", endless, Limits(cpu_seconds=1))
    assert "took too long" in refused("talks.pdf", endless, Limits(seconds=0.5))


def test_a_file_that_takes_much_memory_is_given_up():
    tight = Limits(memory=250_000_000)
    assert extract("talks.docx", word_document(), tight).text == ARTICLE
    large = with_part(word_document(), "word/document.xml", b"</w:body>", b"<w:p/>" * 3_000_000)
    assert len(large) < 100_000
    assert "too large to be read" in refused("talks.docx", large, tight)


def test_an_answer_that_is_too_long_is_given_up():
    document = word_document(ARTICLE * 20)
    assert "too large to be read" in refused("talks.docx", document, Limits(answer=10_000))


def test_a_text_that_is_too_long_is_told_of_whatever_it_came_in():
    document = word_document("words and " * 60_000)
    assert "longer than 500000 characters" in refused("talks.docx", document)


def test_the_process_gets_nothing_of_the_environment(monkeypatch):
    given = []

    def noted(*arguments, env, **options):
        given.append(env)
        return run(*arguments, env=env, **options)

    run = subprocess.run
    monkeypatch.setattr(sandbox.subprocess, "run", noted)
    monkeypatch.setenv("SECRET_KEY", "a secret")
    assert sandbox.read("docx", word_document(), LIMITS).text == ARTICLE
    assert [set(env) for env in given] == [{"OPENBLAS_NUM_THREADS", "PYTHONUTF8"}]


def test_an_unknown_reader_ends_in_a_refusal():
    with pytest.raises(Refused) as caught:
        sandbox.read("xlsx", b"", LIMITS)
    assert caught.value.reason == "broken"


NAMES = st.sampled_from(["a.txt", "a.html", "a.docx", "a.pdf", "a"])
BEGINNINGS = st.sampled_from(
    [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<!doctype html><p>", b"\xff\xfe", word_document()[:3000]]
)
SLOW = [HealthCheck.too_slow]


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(NAMES, BEGINNINGS, st.binary(max_size=300))
def test_no_bytes_raise_anything_else(name, beginning, rest):
    try:
        found = extract(name, beginning + rest)
    except IntakeError:
        return
    assert found.text == tidy(found.text) != ""


def test_a_vietnamese_text_keeps_its_letters_in_every_kind():
    paragraphs = VIETNAMESE_ARTICLE.split("\n")
    page = web_page(body="".join(f"<p>{each}</p>" for each in paragraphs), language="vi")
    for found in (
        extract("a.txt", VIETNAMESE_ARTICLE.encode()),
        extract("a.docx", word_document(VIETNAMESE_ARTICLE)),
        extract("a.html", page),
    ):
        assert paragraphs[3] in found.text
    assert extract("a.txt", VIETNAMESE.encode()).text != VIETNAMESE_ARTICLE
