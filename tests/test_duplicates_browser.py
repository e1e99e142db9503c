"""Possible duplicates in a browser: they read well, by keyboard and by screen reader."""

import pytest

from tests.bars import bars
from tests.browsers import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install it, or set CHROMIUM"),
]


@pytest.fixture(params=[(1280, "light"), (400, "dark")], ids=["wide", "narrow"])
def page(visit, request):
    return visit("analyst", *request.param, locale="en")


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_pairs_are_judged(page, site):
    page.goto(f"{site}/admin/duplicates/")
    # The one that is shipped; other tests write records that are alike, too.
    pair = page.locator(".pair", has_text="Non-combat training at sea")
    assert "Same parties (Japan, Vietnam)" in pair.locator("h2").inner_text()
    assert (bars(page), fits(page)) == ([], True)
    pair.get_by_label("They are not the same, because").fill("A plan that only resembles it.")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Told apart").click()
    assert "said analyst on" in pair.locator(".said").inner_text()
    assert (bars(page), fits(page)) == ([], True)
    pair.get_by_role("button", name="Take this back").click()
    page.get_by_role("link", name="To be judged").click()
    assert pair.count() == 1


def test_a_new_record_is_held_back_and_keeps_what_was_typed(page, site):
    page.goto(f"{site}/admin/agreements/meeting/add/")
    page.fill("#id_title", "Hội đàm Cảnh sát biển Việt Nam và Nhật Bản tại Hà Nội")
    page.fill("#id_slug", "hoi-dam-2023")
    page.select_option("#id_status", "held")
    page.fill("#id_date", "2023-02")
    for row, country in enumerate(("Vietnam", "Japan")):
        choice = page.locator(f".field-country >> nth={row}").locator(".select2-selection")
        choice.click()
        page.fill(".select2-search__field", country)
        page.locator(".select2-results__option", has_text=country).first.click()
    page.fill("#id_summary", "They met.")
    page.locator("[name=_save]").first.click()
    box = page.locator(".resembling")
    assert "Talks of the Vietnam Coast Guard and the Japan Coast Guard in Hanoi" in box.inner_text()
    assert page.input_value("#id_summary") == "They met."
    assert (bars(page), fits(page)) == ([], True)
