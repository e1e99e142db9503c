"""The queues in a browser: they bar nobody, fit their windows, and a search is noted from one."""

import re
from functools import partial

import pytest

from tests.bars import bars
from tests.browsers import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install it, or set CHROMIUM"),
]
sync_api = pytest.importorskip("playwright.sync_api")

PAGES = (
    "/admin/",
    "/admin/queues/numbers/",
    "/admin/queues/overdue/",
    "/admin/agreements/fruitlesssearch/add/?series=1&ordinal=1",
    "/admin/agreements/fruitlesssearch/",
)
VIEWS = [(1280, "light", "en"), (400, "dark", "vi")]


@pytest.fixture
def enter(visit):
    """Open a window for an analyst."""
    return partial(visit, "writer")


def test_a_search_is_noted_from_the_queue_by_keyboard(enter):
    page = enter()
    page.get_by_role("link", name=re.compile(r"^Planned but past\s*:\s*4$")).focus()
    page.keyboard.press("Enter")
    rows = page.locator(".queue-rows > li")
    sync_api.expect(rows).to_have_count(4)
    title = rows.first.locator("h2").inner_text()
    rows.first.locator(".note-search").focus()
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("#id_sought")).to_have_value(f"Whether it was held: {title}")
    page.fill("#id_places", "The sites of both forces, by name and year.")
    page.locator("#id_places").press("Tab")
    page.click("[name=_save]")

    sync_api.expect(rows.last.locator("h2")).to_have_text(title)
    sync_api.expect(rows.last).to_contain_text("Looked for in vain once")
    rows.last.locator("h2 a").click()
    box = page.get_by_role("region", name="Searches that found nothing")
    sync_api.expect(box).to_contain_text("The sites of both forces, by name and year.")


@pytest.mark.parametrize(("width", "scheme", "language"), VIEWS)
def test_pages_bar_nobody_and_fit(enter, width, scheme, language, tmp_path):
    page = enter(width, scheme, locale=language)
    for number, address in enumerate(PAGES):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=tmp_path / f"{number}.png", full_page=True)
        assert page.faults == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert bars(page, (scheme,)) == [], address
