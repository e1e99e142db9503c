"""The desk in a browser: what scripts do, what the content policy lets through, how it looks."""

from functools import partial

import pytest

from tests.bars import bars
from tests.browsers import CHROMIUM, picture
from tests.servers import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install it, or set CHROMIUM"),
]
sync_api = pytest.importorskip("playwright.sync_api")


@pytest.fixture
def visit(visit):
    """Open a window for the analyst of old, who may do everything."""
    return partial(visit, "analyst")


def choose(page, field, term, text):
    """Choose a record in a select with search, as a reader does: open, type, pick."""
    page.click(f'[role=combobox][aria-labelledby~="select2-id_{field}-container"]')
    page.fill(".select2-container--open .select2-search__field", term)
    page.click(f'.select2-results__option:has-text("{text}")')
    sync_api.expect(page.locator(f"#select2-id_{field}-container")).to_contain_text(text)


def first_of(page, model, column="title"):
    """Return the address of the first record of a list."""
    page.goto(f"/admin/agreements/{model}/")
    return page.locator(f"th.field-{column} a").first.get_attribute("href")


def test_a_date_is_read_as_it_is_typed(visit):
    page = visit()
    page.goto(first_of(page, "meeting"))
    reading = page.locator("#id_date_reading")

    page.fill("#id_date", "2023-12-19/2023-12-22")
    sync_api.expect(reading).to_have_text("19 to 22 December 2023")
    page.fill("#id_date", "2023-2-1")
    sync_api.expect(reading).to_contain_text("did you mean 2023-02-01?")
    sync_api.expect(page.locator("#id_date")).to_have_attribute("aria-invalid", "true")


def test_a_meeting_is_written_and_submitted(visit):
    page = visit()
    page.goto("/admin/agreements/meeting/add/")
    page.locator("#id_title").press_sequentially("Twelfth conference of the two coast guards")
    sync_api.expect(page.locator("#id_slug")).to_have_value(
        "twelfth-conference-of-the-two-coast-guards"
    )
    page.select_option("#id_status", "planned")
    page.fill("#id_date", "2027-05")
    for row, (country, force) in enumerate((("Viet", "Vietnam Coast"), ("nhat ban", "Japan Co"))):
        choose(page, f"participants-{row}-country", country, ("Vietnam", "Japan")[row])
        choose(page, f"participants-{row}-force", force, force)
    page.click("text=Add another Topic")
    choose(page, "engagement_topics-0-topic", "cứu nạn", "earch and rescue")
    for row, field in enumerate(("status", "date", "participants")):
        page.click("text=Add another Citation")
        page.select_option(f"#id_citations-{row}-field", field)
        choose(page, f"citations-{row}-document", "guard", "")
        page.fill(f"#id_citations-{row}-locator", "paragraph 1")
    picture(page, "desk-add")

    page.click("button:has-text('Submit for review')")

    sync_api.expect(page.locator(".messagelist")).to_contain_text("was submitted for review")
    sync_api.expect(page.locator(".state")).to_have_text("in review")
    sync_api.expect(page.locator(".review-panel")).to_contain_text("Nothing is lacking")
    sync_api.expect(page.locator("#select2-id_participants-1-force-container")).to_contain_text(
        "Japan Coast Guard"
    )


def test_the_language_is_switched_in_the_header(visit):
    page = visit()
    page.goto("/admin/agreements/meeting/")
    page.click("button[lang=vi]")
    sync_api.expect(page.locator("html")).to_have_attribute("lang", "vi")
    assert page.url.endswith("/admin/agreements/meeting/")


PAGES = (
    "/admin/",
    "/admin/handbook/",
    "/admin/agreements/meeting/",
    "/admin/agreements/exercise/add/",
)


def test_no_page_bars_anybody(visit):
    page = visit()
    records = [first_of(page, model) for model in ("meeting", "document")]
    for address in ("/", *PAGES, *records, first_of(page, "publication", "slug")):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.faults == []
        assert bars(page) == [], address


def test_a_form_is_sent_again_after_its_session_ended(visit):
    page = visit(but="403")
    page.goto("/admin/agreements/topic/add/")
    page.fill("#id_slug", "typed-for-an-hour")
    page.fill("#id_name", 'Words <typed> for "an hour"')
    page.context.clear_cookies(name="sessionid")
    page.locator("[name=_continue]").first.click()
    sync_api.expect(page.locator("h1")).to_have_text("Your session has ended")
    typed = page.get_by_label("name", exact=True)
    sync_api.expect(typed).to_have_value('Words <typed> for "an hour"')
    picture(page, "desk-unsent")
    assert bars(page) == []

    # Not before somebody is logged in.
    page.get_by_role("button", name="Send it again").click()
    sync_api.expect(page.get_by_role("status")).to_contain_text("not logged in yet")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Log in in another tab").click()
    other = opened.value
    other.fill("#id_username", "analyst")
    other.fill("#id_password", PASSWORD)
    other.click("[type=submit]")
    other.wait_for_selector("#user-tools")
    page.get_by_role("button", name="Send it again").click()
    sync_api.expect(page.locator("#id_name")).to_have_value('Words <typed> for "an hour"')
    sync_api.expect(page.locator(".messagelist")).to_contain_text("was added successfully")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_telephone(visit, scheme):
    page = visit(width=390, scheme=scheme)
    for number, address in enumerate(("/", *PAGES, first_of(page, "meeting"))):
        page.goto(address)
        picture(page, f"desk-{number}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
