"""What is proposed for a document: only what its file or its lines show."""

import pytest

from agreements.intake.extraction import Extracted
from agreements.intake.language import identified
from agreements.intake.particulars import propose
from agreements.intake.publication import certain_day
from tests.articles import ARTICLE, OTHER_ARTICLE, VIETNAMESE_ARTICLE
from tests.builders import document

pytestmark = pytest.mark.django_db

TITLE, BY_LINE, DATED, FIRST, *REST = ARTICLE.split("\n")
LONG = OTHER_ARTICLE.split("\n")[1:]


def article(*head: str, tail: tuple[str, ...] = ()) -> str:
    return "\n".join([*head, *LONG, *tail])


def test_an_english_article_is_read_whole():
    found = propose(ARTICLE)
    assert found.title == "Harbour services of Arland and Belmar sign a plan for the strait"
    assert (found.publisher, found.author) == ("ANA", "Mira Tolland")
    assert (found.published, found.language, found.url) == ("2023-12-22", "en", "")
    assert found.slug == "ana-harbour-services-of-arland-and-belmar-sign-a-plan-for"


def test_a_vietnamese_article_is_read_whole():
    found = propose(VIETNAMESE_ARTICLE)
    assert found.title == "Hai lực lượng ký kế hoạch phối hợp tại cảng Sao Mai"
    assert (found.author, found.published, found.language) == ("Hà Vy", "2023-12-22", "vi")
    assert found.slug == "hai-luc-luong-ky-ke-hoach-phoi-hop-tai-cang-sao-mai"


def test_what_the_file_says_wins():
    said = Extracted(
        ARTICLE,
        title="Plan signed",
        publisher="Strait News",
        author="A. Desk",
        published="2023-12-23",
        language="vi",
        url="https://strait.example/plan",
    )
    found = propose(ARTICLE, said)
    assert (found.title, found.publisher, found.author) == ("Plan signed", "Strait News", "A. Desk")
    assert (found.published, found.url) == ("2023-12-23", "https://strait.example/plan")
    assert found.slug == "strait-news-plan-signed"
    # The letters of a text tell more of its language than the tag of a template.
    assert found.language == "en"


def test_a_title_is_as_the_text_shows_it():
    said = Extracted(ARTICLE, title=f"{TITLE} | Strait News")
    assert propose(ARTICLE, said).title == TITLE


def test_nothing_is_made_up():
    found = propose(LONG[0])
    assert (found.title, found.publisher, found.author, found.published) == ("", "", "", "")
    assert found.slug == "ships-of-two-neighbours-will-share-signals-and-divers-after"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (["Home » World » Talks", "Talks in Sao Mai"], "Talks in Sao Mai"),
        (["22/12/2023 10:15", "Talks in Sao Mai"], "Talks in Sao Mai"),
        (["By Mira Tolland", "Talks in Sao Mai"], "Talks in Sao Mai"),
        (["https://strait.example/a", "Talks in Sao Mai"], "Talks in Sao Mai"),
        (["Home", "World", "Talks in Sao Mai"], "Talks in Sao Mai"),
        (["Photo: ANA", "Talks in Sao Mai"], "Talks in Sao Mai"),
        (["Will the plan hold?"], "Will the plan hold?"),
        (["The two services met on Thursday."], ""),
        (["word " * 40], ""),
        (["Talks"], ""),
    ],
)
def test_a_title_is_the_first_line_that_reads_as_one(head, title):
    assert propose(article(*head)).title == title


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published on December 22, 2023", "2023-12-22"),
        ("Published: Friday, 22 Dec 2023 10:15", "2023-12-22"),
        ("Posted on 22 December 2023 by Mira Tolland", "2023-12-22"),
        ("date 2023-12-22 The delegates at the port (Photo: ANA)", "2023-12-22"),
        ("22/12/2023 10:15", "2023-12-22"),
        ("10:15 | 22/12/2023", "2023-12-22"),
        ("Fri, 22 Dec 2023 10:15:00 +0700", "2023-12-22"),
        ("Mira Tolland | December 22, 2023 at 10:15 AM", "2023-12-22"),
        ("Thứ Sáu, ngày 22/12/2023 - 10:15", "2023-12-22"),
        ("Hà Vy Thứ Sáu, 22/12/2023 10:15", "2023-12-22"),
        ("Ngày đăng: 22/12/2023", "2023-12-22"),
        ("Đăng lúc 10:15, 22/12/2023 (GMT+7)", "2023-12-22"),
        ("Hà Nội, ngày 22 tháng 12 năm 2023", "2023-12-22"),
        ("SAO MAI, Dec. 22, 2023 (ANA) – Ships of both sides met at sea.", "2023-12-22"),
        ("Sao Mai (ANA, 22 December 2023) - Ships of both sides met at sea.", "2023-12-22"),
        ("2023-12-22", "2023-12-22"),
        # Of a day without a year, of the event, of something else, or in two readings
        ("Published on December 22", ""),
        ("SAO MAI, Dec. 22 (ANA) – Ships of both sides met at sea.", ""),
        ("On 22 December 2023, the two services met in the harbour.", ""),
        ("The talks on 22 December 2023 were the third of their kind", ""),
        ("Delegates at the port (22 December 2023)", ""),
        ("They spoke of the resolution issued on 24 January 2025 and of its aims.", ""),
        ("Published 03/04/2023", ""),
        ("Published 22/12/23", ""),
        ("December 2023", ""),
        ("20-22 December 2023", ""),
    ],
)
def test_a_date_is_taken_where_it_is_that_of_the_publication(line, published):
    assert propose(article("Talks in Sao Mai", line)).published == published
    if published:
        assert propose(article("Talks in Sao Mai", tail=(line,))).published == published


def test_vietnamese_numbers_give_the_day_first():
    text = VIETNAMESE_ARTICLE.replace("22/12/2023", "03/04/2023")
    assert propose(text).published == "2023-04-03"


def test_the_publication_goes_before_an_update():
    both = article("Talks in Sao Mai", "Updated 24 December 2023", "Posted 22 December 2023")
    assert propose(both).published == "2023-12-22"
    assert propose(article("Talks", "Last updated: 24 December 2023")).published == "2023-12-24"


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2023-12-22T23:30:00-05:00", "2023-12-22"),
        ("2023/12/22", "2023-12-22"),
        ("2023-02-30", ""),
        ("2023-12", ""),
        ("from 20 December 2023 to 22 December 2023", ""),
        ("20 December 2023, then 22 December 2023", ""),
    ],
)
def test_a_stated_date_is_one_day_of_the_calendar(stated, day):
    assert certain_day(stated) == day


@pytest.mark.parametrize(
    ("head", "tail", "publisher"),
    [
        ("Sao Mai (ANA) – Ships of both sides met.", "", "ANA"),
        ("SAO MAI, 22 Dec (Strait/ANA) -- Ships of both sides met.", "", "Strait/ANA"),
        ("", "Source: Strait News", "Strait News"),
        ("", "Nguồn: Báo Eo biển", "Báo Eo biển"),
        ("", "Theo TTXAN", "TTXAN"),
        ("", "Source: https://www.strait.example/plan", "strait.example"),
        ("", "They will meet again./. ANA", "ANA"),
        ("", "Mira Tolland - Osk Vann (ANA)", "ANA"),
        ("", "https://news.strait.example/plan", "news.strait.example"),
        ("The Arland Harbour Service (AHS) – the force of the port – met.", "", ""),
        ("Arland Harbour Service (AHS) – as it is called – met its neighbour.", "", ""),
        ("Delegates at the port. Photo: Strait News", "", ""),
        ("SAO MAI – Ships of both sides met.", "", ""),
        ("", "According to the ANA, that is so.", ""),
    ],
)
def test_a_publisher_is_an_agency_a_source_or_a_site(head, tail, publisher):
    text = article("Talks in Sao Mai", *filter(None, [head]), tail=tuple(filter(None, [tail])))
    assert propose(text).publisher == publisher


def test_a_publisher_that_the_desk_has_is_found_and_spelled_as_there():
    document("earlier", publisher="Báo Eo Biển")
    document("another", publisher="Strait News")
    assert (
        propose(article("Talks in Sao Mai", tail=("Theo báo eo biển",))).publisher == "Báo Eo Biển"
    )
    shown = article("Talks in Sao Mai", "Mira Tolland, STRAIT NEWS", "22/12/2023")
    assert propose(shown).publisher == "Strait News"
    credited = article("Talks in Sao Mai", "Delegates at the port (photo: Strait News)")
    assert propose(credited).publisher == ""


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Mira Tolland", "Mira Tolland"),
        ("BY MIRA TOLLAND AND OSK VANN", "MIRA TOLLAND AND OSK VANN"),
        ("Written by Mira Tolland | 22 December 2023", "Mira Tolland"),
        ("Author: Mira Tolland", "Mira Tolland"),
        ("Tác giả: Hà Vy", "Hà Vy"),
        ("Bài và ảnh: Hà Vy", "Hà Vy"),
        ("By the end of the year both sides will meet", ""),
        ("By-laws of the harbour", ""),
    ],
)
def test_an_author_is_who_a_by_line_names(line, author):
    assert propose(article("Talks in Sao Mai", line)).author == author


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Captain OSK RENNER, Head of the Arland Harbour Service", None),
        ("Đại tá HÀ VY, Phó Tư lệnh", None),
        ("Mira Tolland - Osk Vann (ANA)", None),
        ("Captain Osk Renner thanked his hosts and went home again.", ""),
        ("Related News", ""),
        ("Arland Harbour Service", ""),
    ],
)
def test_an_author_is_who_signed_at_the_end(line, author):
    assert propose(article("Talks in Sao Mai", tail=(line,))).author == (
        line if author is None else author
    )


def test_an_address_alone_in_its_line_is_that_of_the_document():
    address = "https://strait.example/plan?id=7"
    assert propose(article("Talks in Sao Mai", tail=(f"Link: {address}",))).url == address
    inside = f"The agency has more of it at {address} and elsewhere."
    assert propose(article("Talks in Sao Mai", tail=(inside,))).url == ""


def test_what_does_not_fit_is_left_to_the_analyst():
    said = Extracted(ARTICLE, title="T" * 301, publisher="P" * 201, url="https://a/" + "u" * 500)
    found = propose(ARTICLE, said)
    assert (found.title, found.publisher, found.url) == (TITLE, "", "")


def test_a_slug_is_no_other_document_s():
    first = propose(ARTICLE).slug
    document(first)
    assert propose(ARTICLE).slug == f"{first}-2"
    document(f"{first}-2")
    assert propose(ARTICLE).slug == f"{first}-3"


def test_a_slug_is_ascii_whatever_the_letters():
    assert propose(article("海上保安庁 の 会議")).slug == "document"
    assert propose(article("Đối thoại: “Lần thứ 8”")).slug == "doi-thoai-lan-thu-8"
    assert len(propose(article(f"Talks {'x' * 150}")).slug) <= 100


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ARTICLE, "en"),
        (VIETNAMESE_ARTICLE, "vi"),
        (
            "Pasukan penjaga laut kedua negara bertemu di pelabuhan karena ingin membahas patroli "
            "bersama, dan mereka sepakat bahwa perwira jaga bisa saling menelepon kapan saja.",
            "id",
        ),
        ("Les garde-côtes des deux pays se sont rencontrés au port pour parler du détroit.", "fr"),
        (
            "両国の海上保安機関は港で会談し、海峡での共同巡視と救難訓練について話し合った。両国は連絡窓口を設ける。",
            "ja",
        ),
        ("Talks", ""),
        ("22/12/2023 10:15", ""),
    ],
)
def test_the_language_is_told_from_the_letters(text, language):
    assert identified(text) == language
