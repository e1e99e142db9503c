"""The pictures in a browser: nobody is barred, nothing runs over, titles do not meet."""

from functools import partial

import pytest

from tests.bars import bars
from tests.browsers import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install it, or set CHROMIUM"),
]
sync_api = pytest.importorskip("playwright.sync_api")

PAGES = [
    "/admin/pictures/timeline/",
    "/admin/pictures/timeline/?by=country&country=VN",
    "/admin/pictures/matrix/",
    "/admin/pictures/network/",
    "/admin/pictures/network/?date_from=x",
]
# Whether two texts of the picture lie on each other, as the browser sets them.
MEETING = """() => {
    const boxes = [...document.querySelectorAll('.picture-drawing text')]
        .filter((text) => text.textContent)
        .map((text) => [text.textContent, text.getBoundingClientRect()]);
    const found = [];
    boxes.forEach(([one, a], place) => boxes.slice(place + 1).forEach(([other, b]) => {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 1 && high > 4) found.push([one, other]);
    }));
    return found;
}"""


@pytest.fixture
def visit(visit):
    """Open a window for a viewer."""
    return partial(visit, "viewer")


def test_no_picture_bars_anybody(visit):
    page = visit()
    for address in PAGES:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        # A page that refuses is reported as such by the browser.
        assert [fault for fault in page.faults if "400" not in fault] == []
        assert bars(page) == [], address
        # The browser reports a page that refuses.
        page.faults.clear()


def test_pictures_scroll_in_their_box_and_pages_do_not(visit):
    page = visit(width=400)
    for address in PAGES[:-1]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, address
        box = page.locator(".picture-box").first
        assert box.evaluate("(box) => box.scrollWidth > box.clientWidth"), address


def test_no_text_of_a_picture_lies_on_another(visit):
    page = visit()
    for address in PAGES[:-1]:
        page.goto(address)
        assert page.evaluate(MEETING) == [], address


def test_a_mark_is_reached_and_followed_with_the_keyboard(visit):
    page = visit()
    page.goto(PAGES[0])
    mark = page.locator(".picture-drawing a").first
    mark.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
