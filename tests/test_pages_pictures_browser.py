"""The pictures in public in a browser: without scripts, on any width, light and dark."""

import pytest

from tests.bars import bars
from tests.browsers import CHROMIUM
from tests.test_pictures_browser import MEETING

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install it, or set CHROMIUM"),
]
pytest.importorskip("playwright.sync_api")

PAGES = [
    *("/en/timeline/", "/vi/timeline/?by=country&country=VN", "/en/matrix/", "/vi/network/"),
    *("/en/map/", "/vi/map/?place=VN"),
]
REFUSED = "/en/map/?date_from=x"


@pytest.mark.parametrize("width", [390, 1280])
def test_no_picture_bars_anybody(visit, width):
    page = visit(width=width)
    for address in (*PAGES, REFUSED):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        # A page that refuses is reported as such by the browser.
        assert [fault for fault in page.faults if "400" not in fault] == []
        assert bars(page) == [], address
        # The browser reports a page that refuses.
        page.faults.clear()


def test_pictures_scroll_in_their_box_and_pages_do_not(visit):
    page = visit(width=390)
    for address in PAGES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        box = page.locator(".picture-box").first
        assert box.evaluate("(box) => box.scrollWidth > box.clientWidth"), address


@pytest.mark.parametrize("width", [390, 1280])
def test_no_text_of_a_picture_lies_on_another(visit, width):
    page = visit(width=width)
    for address in PAGES:
        page.goto(address)
        assert page.evaluate(MEETING) == [], address


def test_a_number_is_followed_without_scripts(visit):
    page = visit(java_script_enabled=False)
    page.goto("/en/matrix/")
    page.select_option("#id_country", "CN")
    page.click("text=Show")
    page.wait_for_url("**/en/matrix/?country=CN")
    number = page.locator(".picture-drawing a").last
    told = number.locator("text").first.text_content()
    number.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search/?country=CN")
    assert page.locator("h2#found").inner_text().split()[0] == told


def test_a_point_of_the_map_leads_to_its_records(visit):
    page = visit(java_script_enabled=False)
    page.goto("/vi/map/")
    page.locator(".picture-drawing a", has_text="Hanoi").locator("text").first.click()
    page.wait_for_url("**/vi/search/?place=VN%3AHanoi")
    assert "3" in page.locator("h2#found").inner_text().split()
