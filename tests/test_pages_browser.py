"""The public pages in a browser: without scripts, by keyboard, and on a telephone."""

import re
from xml.etree import ElementTree

import pytest

from tests.bars import bars
from tests.browsers import CHROMIUM, picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install it, or set CHROMIUM"),
]
sync_api = pytest.importorskip("playwright.sync_api")

MEETING = "/meetings/ccg-vietnamese-officials-further-discussions/"
# One of each kind of page.
PAGES = (
    *("/", "/search/?q=coast&country=VN", "/search/?kind=x", "/countries/", "/countries/VN/"),
    *("/countries/JP/VN/", "/forces/", "/forces/vietnam-coast-guard/", "/agreements/"),
    *(MEETING, f"{MEETING}revisions/", f"{MEETING}revisions/1/", f"{MEETING}cite/"),
    *("/series/vcg-jcg-bilateral-conference/", "/topics/", "/topics/search-and-rescue/"),
    *("/documents/", "/documents/vna-vcg-jcg-talks/", "/claims/"),
    *("/claims/vcg-bilateral-partner-countries/", "/changes/", "/cite/", "/releases/"),
    *("/countries/?as_of=2026-11-28", "/meetings/never/", "/cite/?colour=red"),
)


@pytest.fixture
def reader(site, browser):
    """Open windows in which nobody is logged in. Whatever a console reports fails in the end."""
    contexts, faults = [], []

    def noted(line):
        # The page that refuses, or is not there, is one that is asked for here.
        if (
            line.type in ("error", "warning")
            and "the server responded with a status" not in line.text
        ):
            faults.append(line.text)

    def open_window(width=1280, scheme="light", **options):
        context = browser.new_context(
            base_url=site,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", noted)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.faults = faults
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert faults == [], faults


def test_from_a_search_to_the_evidence_the_history_the_pair_and_the_feed(reader):
    page = reader(java_script_enabled=False, locale="en-GB")
    page.goto("/")
    assert page.url.endswith("/en/")

    page.get_by_label("Search the records").fill("hội nghị song phương")
    page.get_by_role("button", name="Search").click()
    sync_api.expect(page.get_by_role("heading", level=2)).to_contain_text("0 records found")

    page.get_by_label("Words").fill("bilateral conference")
    page.get_by_label("Kind").select_option("meeting")
    page.get_by_label("Country", exact=True).select_option("JP")
    page.get_by_role("button", name="Search").click()
    assert re.search(r"/en/search/\?q=bilateral\+conference&kind=meeting&country=JP$", page.url)
    page.get_by_role("link", name="Tenth bilateral conference").click()

    date = page.locator(".fact", has=page.locator("dt", has_text=re.compile("^Date")))
    sync_api.expect(date.locator(".value")).to_contain_text("December 2023")
    sync_api.expect(date.locator(".evidence .quote").first).not_to_be_empty()
    sync_api.expect(date.locator(".evidence .source a").first).to_be_visible()

    page.get_by_role("link", name="History").click()
    sync_api.expect(page.get_by_role("heading", level=2)).to_contain_text("Revision 1")
    page.get_by_role("link", name="Revision 1").click()
    sync_api.expect(page.locator(".notice")).to_contain_text("It never changes")
    page.get_by_role("link", name="The record as it is now").click()

    page.locator(".value").get_by_role("link", name="Japan", exact=True).first.click()
    page.get_by_role("rowheader", name="Vietnam").get_by_role("link").click()
    sync_api.expect(page.get_by_role("heading", level=1)).to_have_text("Japan – Vietnam")
    sync_api.expect(page.get_by_role("heading", name="2023", exact=True)).to_be_visible()

    page.get_by_role("link", name="Tiếng Việt").click()
    sync_api.expect(page.locator("html")).to_have_attribute("lang", "vi")
    sync_api.expect(page.get_by_role("heading", level=1)).to_have_text("Nhật Bản – Việt Nam")

    feed = page.locator('link[type="application/atom+xml"]').get_attribute("href")
    answer = page.request.get(feed)
    entries = ElementTree.fromstring(answer.text()).findall("{http://www.w3.org/2005/Atom}entry")
    changes = page.request.get("/api/v1/changes/?country=JP&country=VN&count=true").json()
    assert len(entries) == changes["count"] > 30


def test_a_past_day_is_kept_from_page_to_page(reader):
    page = reader(java_script_enabled=False)
    page.goto("/en/")
    page.get_by_label("Everything as it was published").fill("2026-11-28")
    page.get_by_role("button", name="Show").click()
    for name in ("Forces", "Vietnam Coast Guard"):
        sync_api.expect(page.locator(".as-of")).to_contain_text("2026-11-28 23:59:59 UTC")
        page.get_by_role("link", name=name, exact=True).first.click()
    assert "as_of=2026-11-28" in page.url
    page.get_by_role("link", name="As it is now").click()
    sync_api.expect(page.locator(".as-of")).to_have_count(0)
    assert page.url.endswith("/en/forces/vietnam-coast-guard/")


def test_a_bad_value_is_told_where_it_stands(reader):
    page = reader(java_script_enabled=False)
    page.goto("/vi/search/")
    page.get_by_text("Thêm bộ lọc").click()
    page.get_by_label("Từ", exact=True).fill("2023-13")
    page.get_by_role("button", name="Tìm").click()
    field = page.get_by_label("Từ", exact=True)
    sync_api.expect(field).to_have_attribute("aria-invalid", "true")
    sync_api.expect(field).to_have_value("2023-13")
    sync_api.expect(page.locator("#id_date_from_fault")).to_contain_text("Hãy ghi ngày theo dạng")


def test_the_keyboard_suffices(reader):
    page = reader()
    page.goto("/en/search/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    sync_api.expect(skip).to_be_focused()
    sync_api.expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    sync_api.expect(page.get_by_label("Words")).to_be_focused()
    page.keyboard.type("KOJIMA")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search/?q=KOJIMA*")
    summary = page.get_by_text("More filters")
    summary.focus()
    page.keyboard.press("Enter")
    sync_api.expect(page.get_by_label("Status")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_no_page_bars_anybody(reader, language):
    page = reader(width=1280)
    for number, address in enumerate(PAGES):
        page.goto(f"/{language}{address}")
        picture(page, f"pages-{number}-{language}-1280")
        assert fits(page, 1280), address
        assert page.faults == []
        assert bars(page) == [], address
        assert page.locator("h1").count() == 1


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("vi", "light")])
def test_every_page_fits_a_telephone(reader, language, scheme):
    page = reader(width=390, scheme=scheme)
    for number, address in enumerate(PAGES):
        page.goto(f"/{language}{address}")
        picture(page, f"pages-{number}-{language}-390-{scheme}")
        assert fits(page, 390), address


def fits(page, width):
    return page.evaluate("document.documentElement.scrollWidth") <= width
