"""Possible duplicates in a browser: they read well, by keyboard and by screen reader."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.servers import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )


@pytest.fixture(params=[(1280, "light"), (400, "dark")], ids=["wide", "narrow"])
def page(browser, site, request):
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en"
    )
    page = context.new_page()
    page.goto(f"{site}/admin/login/")
    page.fill("#id_username", "analyst")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    yield page
    context.close()


def faults(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_pairs_are_judged(page, site):
    page.goto(f"{site}/admin/duplicates/")
    # The one that is shipped; other tests write records that are alike, too.
    pair = page.locator(".pair", has_text="Non-combat training at sea")
    assert "Same parties (Japan, Vietnam)" in pair.locator("h2").inner_text()
    assert (faults(page), fits(page)) == ([], True)
    pair.get_by_label("They are not the same, because").fill("A plan that only resembles it.")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Told apart").click()
    assert "said analyst on" in pair.locator(".said").inner_text()
    assert (faults(page), fits(page)) == ([], True)
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
    assert (faults(page), fits(page)) == ([], True)
