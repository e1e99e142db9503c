"""Review between two people in two browsers: what one wrote, the other reads before approving."""

import json
import re
from functools import partial

import pytest

from tests.bars import bars
from tests.browsers import CHROMIUM
from tests.servers import ROOT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install it, or set CHROMIUM"),
]
sync_api = pytest.importorskip("playwright.sync_api")

MEETING = "/admin/agreements/meeting/"
TWO_VIEWS = [(1280, "light"), (390, "dark")]


@pytest.fixture
def enter(visit):
    """Open windows; a page that tells of a conflict is no fault."""
    return partial(visit, but="409 (Conflict)")


def first_day(date):
    """A partial date's first day, as text; of one without a year, "", which comes last."""
    return "" if not date or date.startswith("X") else date.rstrip("?~")[:10]


def shipped():
    """The slugs of the meetings that are shipped, the latest first; other tests write more."""
    rows = json.loads((ROOT / "fixtures" / "3_engagements.json").read_text(encoding="utf-8"))
    given = [row["fields"] for row in rows if row["fields"].get("kind") == "meeting"]
    dated = sorted(given, key=lambda each: each["slug"])
    dated.sort(key=lambda each: first_day(each["date"]), reverse=True)
    return [each["slug"] for each in dated]


def open_meeting(page, number):
    """Open a meeting by its place among those that are shipped, and return its address."""
    page.goto(f"{MEETING}?q={shipped()[number]}")
    address = page.locator("#result_list th.field-title a").get_attribute("href")
    page.goto(address)
    return re.match(rf"{MEETING}\d+/", address)[0]


def edit(page, meeting, **values):
    """Change fields of a meeting and hand it to review."""
    page.goto(f"{meeting}change/")
    for name, value in values.items():
        page.fill(f"#id_{name}", value)
    page.click("button:has-text('Submit for review')")
    sync_api.expect(page.locator(".messagelist")).to_contain_text("was submitted for review")


def submitted(page, number, summary):
    """Change the summary of a meeting, hand it to review, and return its address."""
    meeting = open_meeting(page, number)
    edit(page, meeting, summary=summary)
    return meeting


def test_what_one_wrote_the_other_reads_and_approves(enter):
    writer, reviewer = enter("writer"), enter("reviewer")
    meeting = submitted(writer, 0, "Both sides took stock of a year of exchanges.")
    writer.click("text=What would become public, beside its passages")
    sync_api.expect(writer.locator("#content-main")).to_contain_text("Awaiting approval.")
    assert writer.locator("#content-main button").count() == 0

    reviewer.goto(f"{meeting}change/")
    reviewer.click(".object-tools >> text=Review")
    sync_api.expect(reviewer.locator(".review-row ins").first).to_have_text(re.compile("stock"))
    assert reviewer.locator(".review-row h4").first.inner_text().lower() == "summary"
    reviewer.click("summary:has-text('What stays as it is')")
    marks = reviewer.locator("blockquote mark")
    assert marks.count()
    assert marks.first.is_visible()
    reviewer.click("button:has-text('Approve and publish')")

    said = reviewer.locator(".messagelist")
    sync_api.expect(said).to_contain_text("was approved and published")
    sync_api.expect(reviewer.locator(".state").first).to_have_text("published")
    public = reviewer.request.get(
        reviewer.locator(".review-panel dd a").first.get_attribute("href")
    )
    assert public.json()["summary"] == "Both sides took stock of a year of exchanges."


def test_what_was_changed_after_it_was_read_is_not_approved(enter):
    writer, reviewer = enter("writer"), enter("reviewer")
    meeting = submitted(writer, 1, "First version.")
    reviewer.goto(f"{meeting}review/")
    edit(writer, meeting, summary="Second version, slipped in.")

    with reviewer.expect_navigation() as answered:
        reviewer.click("button:has-text('Approve and publish')")

    assert answered.value.status == 409
    conflict = reviewer.locator(".conflict")
    sync_api.expect(conflict).to_contain_text("Something was changed since you opened this page")
    sync_api.expect(conflict.locator("ins").first).to_be_visible()
    sync_api.expect(reviewer.locator(".state").first).to_have_text("in review")
    reviewer.click("button:has-text('Approve and publish')")
    sync_api.expect(reviewer.locator(".state").first).to_have_text("published")


def test_what_is_returned_comes_back_with_its_reason(enter):
    writer, reviewer = enter("writer"), enter("reviewer")
    meeting = submitted(writer, 2, "They agreed on everything.")
    reviewer.goto(f"{meeting}review/")
    reviewer.fill("#id_reason", "Paragraph 4 names two open points.")
    reviewer.click("button:has-text('Return to draft')")
    sync_api.expect(reviewer.locator(".messagelist")).to_contain_text("was returned to draft")

    writer.goto(f"{meeting}change/")
    panel = writer.locator(".review-panel")
    sync_api.expect(panel).to_contain_text("Returned by reviewer:")
    sync_api.expect(panel).to_contain_text("Paragraph 4 names two open points.")


def choose_action(page, action, *numbers):
    """Go from a list to the page that asks whether to take an action with some of its rows."""
    page.goto(MEETING)
    for number in numbers:
        page.locator("input[name=_selected_action]").nth(number).check()
    page.select_option("select[name=action]", action)
    page.click("button[name=index]")
    page.wait_for_selector(".step-form")


def withdrawal(page, meeting):
    page.goto(f"{meeting}withdraw/")


def choice_of_the_other(page, meeting):
    page.goto(f"{meeting}merge/")


def plan_of_a_merge(page, meeting):
    page.goto(MEETING)
    other = page.locator("input[name=_selected_action]").nth(5).get_attribute("value")
    page.goto(f"{meeting}merge/?into={other}")


def a_draft_and_its_passages(page, meeting):
    page.goto(f"{meeting}review/")
    for each in page.locator("#content-main details:not([open]) > summary").all():
        each.click()


def list_to_approve(page, meeting):
    choose_action(page, "approve_and_publish", 3, 4)


def list_to_withdraw(page, meeting):
    choose_action(page, "withdraw_selected", 3, 4)


PAGES = (
    a_draft_and_its_passages,
    withdrawal,
    choice_of_the_other,
    plan_of_a_merge,
    list_to_approve,
    list_to_withdraw,
)


@pytest.mark.parametrize(("width", "scheme"), TWO_VIEWS)
def test_pages_bar_nobody_and_fit(enter, width, scheme, tmp_path):
    meeting = submitted(enter("writer"), 3, f"To be read at {width} pixels.")
    page = enter("reviewer", width, scheme)
    for open_page in PAGES:
        open_page(page, meeting)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=tmp_path / f"{open_page.__name__}.png", full_page=True)
        assert page.faults == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, open_page
        assert bars(page, (scheme,)) == [], open_page
