"""Suggestions in a browser: by mouse, by keyboard, set aside, in a narrow window, and for axe."""

import pytest

from tests.bars import bars
from tests.browsers import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install it, or set CHROMIUM"),
]
sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

ARTICLE = """Coast guards of Vietnam and Japan take stock in {place}

Senior officers of the Vietnam Coast Guard and the Japan Coast Guard held their ninth high-level \
meeting in {place} on 12 May 2027, a spokesman told reporters on the quay.

Rear Admiral Tomas Belarmino of the Japan Coast Guard thanked the hosts.

They had met before on 3 March 2026 in a hotel by the sea.
"""


@pytest.fixture
def visit(visit):
    """Open a window for an analyst, or for whom is named."""
    return lambda user="writer", **options: visit(user, **options)


def read(page, place):
    """Bring an article, and open its suggestions."""
    page.goto("/admin/agreements/document/read/")
    page.fill("#id_text", ARTICLE.format(place=place))
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/text/")
    shown(page)


def shown(page):
    page.click("[data-view=suggestions]")
    page.wait_for_selector(".suggestion:not([hidden])")


def of(page, type, words):
    """The suggestion of a type from some words, as the list has it."""
    return page.locator(f".suggestion[data-type={type}]", has_text=words).first


def begun(page):
    of(page, "event", "meeting").locator("button.accept").click()
    expect(page.locator("#suggestions-for strong")).to_be_visible()


def lines(page):
    """The words of the text that have a dotted line."""
    return page.locator("#text .suggested").all_inner_texts()


def test_from_the_list_to_a_cited_record(visit):
    page = visit()
    read(page, "Hue")
    assert "12 May 2027" in lines(page)
    assert page.inner_text("#text p >> nth=1").startswith("Senior officers")
    begun(page)
    expect(page.locator("#said")).to_contain_text("A draft was begun; cited:")
    expect(page.locator(":focus")).to_have_id("suggestions-for")
    expect(of(page, "event", "meeting")).to_be_hidden()
    # What is cited now is a highlight, and has no dotted line any more.
    assert "12 May 2027" not in lines(page)
    assert "3 March 2026" in lines(page)

    page.click("[data-view=records]")
    expect(page.locator("#id_meeting_date")).to_have_value("2027-05-12")
    shown(page)
    item = of(page, "date", "3 March 2026")
    expect(item).to_contain_text("the record says “12 May 2027”")
    item.get_by_text("Use “3 March 2026” instead").click()
    expect(page.locator("#said")).to_contain_text("Cited for Date: 3 March 2026.")
    page.locator("#panel-notice").get_by_text("Undo").click()
    expect(page.locator("#said")).to_contain_text("Undone.")
    expect(of(page, "date", "3 March 2026")).to_be_visible()
    page.click("[data-view=records]")
    expect(page.locator("#id_meeting_date")).to_have_value("2027-05-12")


def test_by_keyboard_from_the_text_and_back(visit):
    page = visit()
    read(page, "Vinh")
    begun(page)
    page.keyboard.press("Escape")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Control+Home")
    while "Belarmino" not in page.evaluate("getSelection().focusNode.data"):
        before = page.evaluate("getSelection().focusNode.data + getSelection().focusOffset")
        page.keyboard.press(".")
        after = page.evaluate("getSelection().focusNode.data + getSelection().focusOffset")
        assert before != after, "the last suggestion, and none of them his"
    expect(page.locator("#said")).to_contain_text("Belarmino")
    page.keyboard.press(".")
    expect(page.locator("#said")).not_to_contain_text("Belarmino")
    page.keyboard.press(",")
    expect(page.locator("#said")).to_contain_text("Belarmino")
    page.keyboard.press("Enter")
    focused = page.locator(":focus")
    expect(focused).to_contain_text("Add to the delegation")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Tomas Belarmino was added to the delegation")
    expect(page.locator("#suggestions :focus")).to_have_count(1)
    page.click("[data-view=records]")
    expect(page.locator("#field-delegates")).to_contain_text("Rear Admiral Tomas Belarmino")


def test_words_of_the_list_are_selected_in_the_text(visit):
    page = visit()
    read(page, "Dong Hoi")
    of(page, "date", "3 March 2026").locator("[data-select]").click()
    assert page.evaluate("getSelection().toString()") == "3 March 2026"
    expect(page.locator("#toolbar")).to_be_visible()


def test_filters_and_what_is_set_aside_are_kept(visit):
    page = visit()
    read(page, "Nha Trang")
    page.click("[data-types] [data-type=date]")
    expect(of(page, "date", "3 March 2026")).to_be_hidden()
    assert "3 March 2026" not in lines(page)
    page.reload()
    page.wait_for_selector(".suggestion:not([hidden])")
    expect(of(page, "date", "3 March 2026")).to_be_hidden()
    page.click("[data-types] [data-type=date]")
    of(page, "date", "3 March 2026").get_by_text("Not this").click()
    expect(of(page, "date", "3 March 2026")).to_be_hidden()
    assert "3 March 2026" not in lines(page)
    expect(page.locator("#suggestions :focus")).to_have_count(1)
    page.reload()
    page.wait_for_selector(".suggestion:not([hidden])")
    expect(of(page, "date", "3 March 2026")).to_be_hidden()
    page.check("#suggestions-dismissed")
    of(page, "date", "3 March 2026").get_by_text("Show it again").click()
    page.uncheck("#suggestions-dismissed") if page.is_visible("#suggestions-dismissed") else None
    expect(of(page, "date", "3 March 2026")).to_be_visible()


def test_two_at_once_see_what_the_other_did(visit):
    one, other = visit(), visit("reviewer")
    read(one, "Da Lat")
    begun(one)
    other.goto(one.url)
    shown(other)
    of(other, "date", "3 March 2026").get_by_text("Use “3 March 2026” instead").click()
    expect(other.locator("#said")).to_contain_text("Cited for Date")
    of(one, "date", "3 March 2026").get_by_text("It disputes the record").click()
    expect(one.locator("#panel-notice")).to_contain_text("was changed meanwhile")
    expect(one.locator("#panel-notice")).to_contain_text("Saved meanwhile")
    # The console tells of the answer, 409.
    one.faults[:] = [fault for fault in one.faults if "409" not in fault]


def test_a_viewer_reads_them(visit):
    page = visit()
    read(page, "Can Tho")
    reader = visit("viewer")
    reader.goto(page.url)
    shown(reader)
    expect(of(reader, "date", "3 March 2026")).to_be_visible()
    expect(reader.locator("#suggestions form")).to_have_count(0)
    assert "3 March 2026" in lines(reader)


def test_without_scripts_there_is_a_page(visit):
    page = visit()
    read(page, "Ha Long")
    begun(page)
    record = page.url.partition("?record=")[2]
    plain = visit(java_script_enabled=False)
    plain.goto(page.url)
    plain.click("[data-view=suggestions]")
    expect(plain.locator("h1")).to_have_text("Suggestions")
    of(plain, "person", "Belarmino").locator("button.accept").click()
    expect(plain.locator(".messagelist")).to_contain_text("Tomas Belarmino was added")
    assert record in plain.url


@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_nothing(visit, width):
    page = visit(width=width)
    page.goto("/admin/agreements/document/read/")
    page.fill("#id_text", ARTICLE.format(place=f"Port {width}"))
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/text/")
    if width < 900:
        page.click(".panel-handle")
    shown(page)
    begun(page)
    page.check("#suggestions-again")
    page.check("#suggestions-done")
    assert faults_of(page) == []
    page.goto(page.url.replace("/text/?", "/text/proposals/?"))
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def faults_of(page):
    page.wait_for_timeout(300)
    return bars(page)
