"""The API's documentation in a real browser: it needs no network but its own server."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def documentation(site, browser):
    """The page, opened with no way to any other host; in the end nothing may have been amiss."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    elsewhere, faults = [], []

    def only_here(route):
        if route.request.url.startswith((site, "data:", "blob:")):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    page.on("console", lambda line: line.type in ("error", "warning") and faults.append(line.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/api/v1/docs/")
    page.wait_for_selector(".opblock")
    yield page
    context.close()
    assert (elsewhere, faults) == ([], [])


def test_it_explains_the_api(documentation):
    text = documentation.inner_text(".info")
    for word in ("Records", "Lists", "Time", "Errors", "Licence and citation", "as_of"):
        assert word in text
    summaries = documentation.locator(".opblock-summary-description").all_inner_texts()
    assert {"List meetings", "Read one meeting", "Count engagements"} <= set(summaries)
    assert all(summaries)


def test_a_request_is_tried_and_answered(documentation):
    block = documentation.locator("#operations-meetings-meetings_list")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_placeholder("page_size").fill("1")
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table .response")
    answer.wait_for()
    assert answer.locator(".response-col_status").inner_text().strip() == "200"
    assert '"kind": "meeting"' in answer.inner_text()


def test_a_record_s_shape_and_its_vocabularies_are_shown(documentation):
    block = documentation.locator("#operations-exercises-exercises_retrieve")
    block.locator(".opblock-summary-control").click()
    text = block.inner_text()
    assert "Withdrawn" in text or "withdrawn" in text
    assert "jcg-patrol-ship-visits-by-2023" in text
