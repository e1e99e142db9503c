"""An import in a browser: a file is brought, its preview is read and agreed to."""

import os
from functools import partial

import pytest

from tests.bars import bars
from tests.browsers import CHROMIUM
from tests.tables import csv_file

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install it, or set CHROMIUM"),
]
sync_api = pytest.importorskip("playwright.sync_api")

LIST = "/admin/agreements/exercise/"
HEADERS = ["slug", "title", "status", "activity", "participants", "date"]
SHIPPED = "vcg-jcg-training-exchanges"


@pytest.fixture
def enter(visit):
    """Open a window for an analyst."""
    return partial(visit, "writer")


def bring(page, *rows, headers=HEADERS):
    """Choose a file on the page of imports, and go on to what comes of it."""
    page.goto(f"{LIST}import/")
    file = {"name": "patrols.csv", "mimeType": "text/csv", "buffer": csv_file(headers, *rows)}
    page.set_input_files("#id_file", file)
    page.click("button:has-text('Show what it would change')")


def looks_well(page, name, tmp_path):
    """Nothing for axe to find, nothing wider than the window; a picture for whoever looks."""
    assert bars(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    folder = os.environ.get("SCREENSHOTS") or tmp_path
    page.screenshot(path=f"{folder}/{name}.png")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
def test_the_pages_of_an_import(enter, tmp_path, width, scheme):
    page = enter(width, scheme)
    page.goto(f"{LIST}?q=vcg-jcg-delegation-exchanges-2023")
    shipped = page.locator("#result_list th.field-title a").first.get_attribute("href")
    page.goto(shipped)
    slug = page.locator(".field-slug .readonly, #id_slug").first
    key = slug.input_value() if slug.evaluate("e => e.tagName") == "INPUT" else slug.inner_text()
    end = f"{width}-{scheme}"

    page.goto(f"{LIST}import/")
    looks_well(page, f"import-{end}", tmp_path)
    bring(page, ["a", "b", "c"], headers=["slug", "", "title"])
    sync_api.expect(page.locator(".problems")).to_contain_text("no name")
    looks_well(page, f"refused-{end}", tmp_path)

    bring(page, ["a-patrol", "", "held", "patrolling", "Vietnam", "03/04/2023"])
    sync_api.expect(page.locator(".exchange-problems")).to_contain_text("write one of")
    looks_well(page, f"rows-refused-{end}", tmp_path)

    new = [f"patrol-{end}", f"A patrol {end}", "held", "joint-patrol", "VN; FR (guest)", "2024-05"]
    changed = [key, f"A new title {end}", "ongoing", "other", "VN; JP", "2024"]
    bring(page, new, changed)
    sync_api.expect(page.locator(".exchange-summary")).to_contain_text("1 record would be added")
    sync_api.expect(page.locator(".exchange-tabs [aria-current]")).to_contain_text("Changed")
    looks_well(page, f"changed-{end}", tmp_path)
    page.click(".tab-new")
    looks_well(page, f"new-{end}", tmp_path)
    page.click("button:has-text('Import as drafts')")
    sync_api.expect(page.locator(".messagelist")).to_contain_text("They are drafts.")
    looks_well(page, f"done-{end}", tmp_path)


def test_an_export_is_offered_as_a_file(enter):
    page = enter()
    page.goto(LIST)
    with page.expect_download() as download:
        page.click("text=Export XLSX")
    assert download.value.suggested_filename == "exercises.xlsx"
