"""The workbench in a browser: from pasting an article to a cited record in review, and by hand.

What a person does is counted: each click, each key and the paste is one; selecting words is not.
"""

import pytest

from tests.bars import bars
from tests.browsers import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: install it, or set CHROMIUM"),
]
sync_api = pytest.importorskip("playwright.sync_api")

MOST = 12
ARTICLE = """Coast guards of the Philippines and Indonesia meet in Davao

By Marisol Dacanay

DAVAO CITY, 14 March 2027 (Harbour Gazette) - Senior officers of two coast guards have taken stock.

The Philippine Coast Guard and the Indonesian Coast Guard held their high-level talks in Davao, \
Philippines, on 10-12 March 2027, a spokesman told reporters on the quay.

They spoke at length about search and rescue and about illegal fishing in the Celebes Sea.

Both agreed to open a direct telephone line before the year is out.
"""


@pytest.fixture
def visit(visit):
    """Open a window whose clipboard scripts may use."""
    clipboard = ["clipboard-read", "clipboard-write"]

    def open_window(user="analyst", *view, **options):
        return visit(user, *view, permissions=clipboard, **options)

    return open_window


class Hands:
    """What a person does on a page, counted."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, key):
        self.count += 1
        self.page.keyboard.press(key)

    def click(self, selector):
        self.count += 1
        self.page.click(selector)

    def paste(self, text):
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.press("Control+v")

    def drag_over(self, words):
        """Select words with the mouse, from before the first to behind the last."""
        box = self.page.evaluate(PLACE, words)
        mouse = self.page.mouse
        mouse.move(box["left"], box["top"])
        mouse.down()
        mouse.move(box["right"], box["bottom"], steps=8)
        mouse.up()

    def hold_shift_over(self, words):
        """Select words by keyboard: the arrows lead to them, and with Shift over them."""
        key = self.page.keyboard
        key.press("Control+Home")
        while not self.page.evaluate(AHEAD, words):
            key.press("ArrowRight")
        key.down("Shift")
        for _letter in words:
            key.press("ArrowRight")
        key.up("Shift")


# Where words stand on the screen, to the middle of their lines.
PLACE = """words => {
    const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(words);
        if (at >= 0) {
            node.parentElement.scrollIntoView({block: "center"});
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + words.length);
            const rows = [...range.getClientRects()];
            const [first, last] = [rows[0], rows[rows.length - 1]];
            return {left: first.left + 1, top: (first.top + first.bottom) / 2,
                    right: last.right - 1, bottom: (last.top + last.bottom) / 2};
        }
    }
}"""
# Whether the caret stands right before some words.
AHEAD = """words => {
    const {focusNode, focusOffset} = getSelection();
    const range = document.createRange();
    range.setStart(focusNode, focusOffset);
    range.setEndAfter(document.getElementById("text").lastElementChild);
    return range.toString().startsWith(words);
}"""


def fields_cited(page):
    """Return the fields of the open record that have a passage."""
    found = page.locator("#editor .field:has(.passages)")
    return {each.get_attribute("id").removeprefix("field-") for each in found.all()}


def expect_state(page, text):
    sync_api.expect(page.locator(".editor-kind .state")).to_have_text(text)


def test_from_paste_to_review_by_mouse(visit):
    page = visit()
    hands = Hands(page)
    page.goto("/admin/agreements/document/read/")
    hands.paste(ARTICLE)
    sync_api.expect(page.locator("#id_title")).to_have_value(ARTICLE.splitlines()[0])
    hands.click("text=Create and read")
    page.wait_for_url("**/text/")

    hands.drag_over("held their high-level talks in Davao, Philippines, on 10-12 March 2027")
    hands.click("#toolbar button[value=meeting]")
    page.wait_for_selector("#editor")
    hands.drag_over("search and rescue")
    hands.click("#toolbar button[value=topics]")
    sync_api.expect(page.locator("#field-topics")).to_contain_text("earch and rescue")
    assert len(fields_cited(page)) >= 5
    hands.click("text=Submit for review")

    expect_state(page, "in review")
    assert hands.count <= MOST


VIETNAMESE = """Cảnh sát biển Việt Nam và Cơ quan Thực thi Hàng hải Malaysia hội đàm

Báo Biển Khơi, ngày 20/5/2027

Sáng 18/5/2027, tại Hà Nội, Cảnh sát biển Việt Nam và Cơ quan Thực thi Hàng hải Malaysia đã tổ \
chức hội đàm cấp cao lần thứ tư, theo thông cáo của ban tổ chức.

Hai bên trao đổi về tìm kiếm cứu nạn.
"""
AGREEMENT = """Sri Lanka and Maldives sign memorandum on rescue at sea

COLOMBO, 2 February 2027 (Lanka Wire) - The two neighbours have put an old practice on paper.

Sri Lanka and the Maldives signed a memorandum of understanding on search and rescue in Colombo, \
Sri Lanka, on 1 February 2027, the foreign ministry of the host said.
"""
EXERCISE = """Fiji and Tonga wind up patrol of northern waters

Suva Daily Tide | 9 August 2026

Patrol boats of Fiji and Tonga carried out a joint patrol from 2 to 6 August 2026, a commander \
told reporters on their return.

They boarded eleven fishing vessels in the South Pacific.
"""


@pytest.mark.parametrize(
    ("text", "words", "kind", "further"),
    [
        (VIETNAMESE, "Sáng 18/5/2027, tại Hà Nội", "meeting", {"topics": "tìm kiếm cứu nạn"}),
        (AGREEMENT, "signed a memorandum of understanding", "agreement", {}),
        (
            EXERCISE,
            "carried out a joint patrol from 2 to 6 August 2026",
            "exercise",
            {"count_stated": "eleven fishing vessels", "area": "in the South Pacific"},
        ),
    ],
)
def test_articles_of_other_kinds(visit, text, words, kind, further):
    page = visit("writer")
    hands = Hands(page)
    page.goto("/admin/agreements/document/read/")
    hands.paste(text)
    hands.press("Control+Enter")
    page.wait_for_url("**/text/")
    hands.drag_over(words)
    hands.click(f"#toolbar button[value={kind}]")
    page.wait_for_selector("#editor")
    for field, more in further.items():
        hands.drag_over(more)
        hands.click(f"#toolbar button[value={field}]")
        sync_api.expect(page.locator(f"#field-{field} .passages")).to_contain_text(more[-8:])
    assert len(fields_cited(page)) >= 5
    hands.press("Control+Enter")
    expect_state(page, "in review")
    assert hands.count <= MOST


def test_from_paste_to_review_by_keyboard(visit):
    page = visit()
    hands = Hands(page)
    page.goto("/admin/agreements/document/read/")
    hands.paste(ARTICLE.replace("Davao", "Zamboanga"))
    hands.press("Control+Enter")
    page.wait_for_url("**/text/")

    hands.hold_shift_over("held their high-level talks in Zamboanga, Philippines")
    hands.press("m")
    page.wait_for_selector("#editor")
    sync_api.expect(page.locator("#id_meeting_status")).to_have_value("held")
    # Its own words, then those that bear a field each, as a judge of the source would pick them.
    hands.hold_shift_over("on 10-12 March 2027")
    hands.press("1")
    sync_api.expect(page.locator("#id_meeting_date")).to_have_value("2027-03-10/2027-03-12")
    hands.hold_shift_over("about search and rescue")
    hands.press("1")
    sync_api.expect(page.locator("#field-topics")).to_contain_text("earch and rescue")
    assert len(fields_cited(page)) >= 5
    hands.press("Control+Enter")

    expect_state(page, "in review")
    assert hands.count <= MOST


def test_the_toolbar_by_its_buttons(visit):
    page = visit()
    read(page, ARTICLE.replace("Davao", "Cebu"))
    hands = Hands(page)
    hands.hold_shift_over("on 10-12 March 2027")
    page.keyboard.press("Enter")
    focused = page.locator(":focus")
    sync_api.expect(focused).to_have_text("A Agreement")
    page.keyboard.press("ArrowRight")
    sync_api.expect(focused).to_have_text("M Meeting")
    page.keyboard.press("Escape")
    assert page.evaluate("getSelection().toString()") == "on 10-12 March 2027"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#editor")
    sync_api.expect(page.locator(".editor-kind .kind")).to_have_text("meeting")


def read(page, text):
    """Bring a text, and open its workbench."""
    page.goto("/admin/agreements/document/read/")
    page.fill("#id_text", text)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/text/")


def test_from_a_highlight_to_its_record_and_back(visit):
    page = visit()
    read(page, ARTICLE.replace("Davao", "Bohol"))
    hands = Hands(page)
    hands.drag_over("held their high-level talks in Bohol, Philippines, on 10-12 March 2027")
    page.click("#toolbar button[value=meeting]")
    page.wait_for_selector("#editor")
    page.click("#editor >> text=Close")
    sync_api.expect(page.locator("#editor")).to_have_count(0)

    page.click("#text .cited >> nth=0")
    sync_api.expect(page.locator("#id_meeting_status")).to_have_value("held")
    page.click("#field-date [data-passage]")
    sync_api.expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("F6")
    sync_api.expect(page.locator("#editor-heading")).to_be_focused()
    page.keyboard.press("F6")
    sync_api.expect(page.locator("#text")).to_be_focused()
    page.click("#editor >> text=Close")
    sync_api.expect(page.locator("#editor")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Home")
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    page.wait_for_selector("#editor")

    name = page.locator("#field-date .passages li").get_attribute("id").removeprefix("in-panel-")
    page.goto(f"{page.url.partition('?')[0]}#{name}")
    page.reload()
    page.wait_for_selector("#editor")
    sync_api.expect(page.locator(f"#in-panel-{name}")).to_be_visible()


def test_nothing_can_be_typed_into_the_text(visit):
    page = visit()
    read(page, ARTICLE.replace("Davao", "Leyte"))
    before = page.inner_text("#text")
    page.keyboard.type("xyz ")
    page.keyboard.press("Backspace")
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+x")
    page.keyboard.press("Control+v")
    # An input method writes without asking.
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "đ", "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.insertText", {"text": "đ"})
    assert page.inner_text("#text") == before


def test_what_is_typed_is_saved_and_not_lost(visit):
    page = visit()
    read(page, ARTICLE.replace("Davao", "Samar"))
    address = page.url
    hands = Hands(page)
    hands.drag_over("held their high-level talks in Samar")
    page.click("#toolbar button[value=meeting]")
    page.wait_for_selector("#editor")
    page.fill("#id_meeting_summary", "Two coast guards talked.")
    page.locator("#id_meeting_outcomes").press_sequentially("A line", delay=30)
    page.keyboard.press("Tab")
    sync_api.expect(page.locator("#said")).to_have_text("Saved.")
    sync_api.expect(page.locator("#workbench")).not_to_have_attribute("aria-busy", "true")
    record = page.url

    other = visit("writer")
    other.goto(record)
    other.fill("#id_meeting_summary", "Theirs.")
    other.keyboard.press("Tab")
    sync_api.expect(other.locator("#said")).to_have_text("Saved.")

    page.fill("#id_meeting_summary", "Mine.")
    page.keyboard.press("Tab")
    notice = page.locator(".notice-conflict")
    sync_api.expect(notice).to_contain_text("Theirs.")
    sync_api.expect(notice).to_contain_text("Mine.")
    page.faults.clear()  # The browser reports the refused post.
    notice.locator("button").click()
    sync_api.expect(page.locator("#said")).to_have_text("Saved.")
    page.goto(address)
    page.goto(record)
    sync_api.expect(page.locator("#id_meeting_summary")).to_have_value("Mine.")
    sync_api.expect(page.locator("#id_meeting_outcomes")).to_have_value("A line")


def test_sides_are_looked_up_and_added_by_keyboard(visit):
    page = visit()
    read(page, ARTICLE.replace("Davao", "Panay"))
    hands = Hands(page)
    hands.drag_over("taken stock")
    page.click("#toolbar button[value=meeting]")
    page.wait_for_selector("#editor")
    page.click("#id_add_side")
    page.keyboard.type("nhat ban")
    sync_api.expect(page.locator("#id_add_side_list [role=option]").first).to_contain_text("Japan")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("#field-participants .side").last).to_contain_text("Japan")
    sync_api.expect(page.locator("#id_add_side")).to_be_focused()


def test_the_part_in_the_first_paragraph_counts(visit):
    page = visit()
    read(page, ARTICLE.replace("Davao", "Palawan"))
    page.evaluate(
        """() => {
            const [first, second] = document.querySelectorAll("#text > p");
            getSelection().setBaseAndExtent(first.firstChild, 5, second.firstChild, 4);
        }"""
    )
    sync_api.expect(page.locator("#toolbar")).to_contain_text("the part in the first paragraph")


def test_a_viewer_reads_and_follows(visit):
    page = visit("viewer")
    page.goto("/admin/agreements/document/")
    page.goto(page.locator("th.field-title a").first.get_attribute("href"))
    assert page.locator("#toolbar button").count() == 0


def test_without_scripts_it_is_read_and_leads_on(visit):
    page = visit()
    read(page, ARTICLE.replace("Davao", "Negros"))
    Hands(page).drag_over("held their high-level talks in Negros")
    page.click("#toolbar button[value=meeting]")
    page.wait_for_selector("#editor")
    address = page.url.partition("?")[0]

    plain = visit(java_script_enabled=False)
    plain.goto(address)
    plain.click("#text .cited >> nth=0")
    sync_api.expect(plain.locator("#editor")).to_contain_text("held")
    assert not plain.locator("#editor form").first.is_visible()
    plain.click("text=Full form")
    sync_api.expect(plain.locator("#id_title")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_workbench_bars_nobody_and_fits(visit, width, tmp_path):
    page = visit(width=width)

    def check(name):
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.faults == []
        assert bars(page) == [], name

    page.goto("/admin/agreements/document/read/")
    check("read")
    read(page, ARTICLE.replace("Davao", f"Luzon {width}"))
    check("text")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('[data-number=\"4\"]'))")
    page.wait_for_selector("#toolbar:not([hidden])")
    check("toolbar")
    page.click("#toolbar button[value=meeting]")
    page.wait_for_selector("#editor", state="attached")
    if width < 900:
        page.click(".panel-handle")
    check("begun")
    page.click("#document-particulars summary")
    page.click(".passage-details summary >> nth=0")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('[data-number=\"4\"]'))")
    page.wait_for_selector("#toolbar:not([hidden])")
    check("everything")
    page.goto(page.locator("a:has-text('Replace the text')").get_attribute("href"))
    check("replace")


def test_words_are_cited_for_a_record_that_is_looked_up(visit):
    page = visit()
    read(page, ARTICLE.replace("Davao", "Mindoro"))
    Hands(page).drag_over("on 10-12 March 2027")
    page.wait_for_selector("#toolbar:not([hidden])")
    page.click("#find-record")
    page.keyboard.type("eighth")
    page.locator("#find-record-list [role=option]").first.click()
    page.wait_for_selector("#editor")
    sync_api.expect(page.locator("#toolbar")).to_contain_text("Cite for")
    assert page.evaluate("getSelection().toString()") == "on 10-12 March 2027"
