"""Texts that are programs, in every field and on every kind of page, in a real browser.

Every address of the program is walked; of records whose pages are the same code, one kind stands
for the others (`python -m drills.xss` walks them all, with each payload in each field).
"""

import json
import re
import subprocess
import sys

import pytest

from tests.payloads import ALL_TOGETHER, PAYLOADS, payload
from tests.poison import text_fields
from tests.servers import ROOT, copied, environment_of, running
from tests.walking import addresses, inspect, log_in, look, walker

pytestmark = pytest.mark.browser

# Records whose pages are those of a meeting or of a document; their own forms are opened.
ALIKE = "agreement|exercise|country|force|topic|series|reportedtotal|person|user|group"
_REPEATED = re.compile(
    rf"admin:(agreements|auth)_({ALIKE}|document)_"
    r"(add|history|delete|review|withdraw|merge|merge_records|import|import_preview|export|restore)"
)
# In the other language, of these only.
_IN_BOTH = {"pages:home", "pages:search", "pages:changes", "pages:timeline", "pages:feed"}
REFUSALS = ("/nothing/", "/admin/nothing/", "/en/search/?colour=red", "/en/?q=%00", "/api/v1/x/")


@pytest.fixture(scope="module")
def poisoned(prepared, tmp_path_factory):
    """A server whose database is poisoned; its address, and what was told of it."""
    state = tmp_path_factory.mktemp("poisoned")
    with copied(prepared, state) as named:
        subprocess.run(
            [
                *(sys.executable, "manage.py", "shell", "--no-imports", "-c"),
                f"from tests.poison import poison; poison({str(state)!r})",
            ],
            cwd=ROOT,
            env=environment_of(state, **named),
            check=True,
            capture_output=True,
        )
        told = json.loads((state / "poisoned.json").read_text(encoding="utf-8"))
        with running(state, **named) as address:
            yield address, told


@pytest.fixture
def desk(poisoned, browser):
    """Somebody's tab on the poisoned desk; in the end nothing may have run or been forbidden."""
    with walker(browser, poisoned[0]) as page:
        log_in(page)
        yield page
    assert page.faults == []


def test_every_text_of_every_table_is_poisoned(poisoned):
    _, told = poisoned
    assert len(PAYLOADS) >= 30
    assert len(told["taken"]) >= 60
    # What the tables refuse are vocabularies, which hold no text of anybody's.
    from tests.poison import poisoned_models

    chosen = {
        f"{model.__name__}.{field.name}"
        for model in poisoned_models()
        for field in text_fields(model)
        if field.choices
    }
    constrained = {"Agreement.ambit", "Citation.field"}
    assert set(told["refused"]) <= chosen | constrained


def pages_of(told) -> list[str]:
    """The pages of each kind, once."""
    return [
        path
        for name, path in addresses(told)
        if not _REPEATED.match(name) and (not path.startswith("/vi/") or name in _IN_BOTH)
    ]


def test_no_page_runs_them_or_breaks_its_policy(poisoned, desk):
    statuses = {path: look(desk, path) for path in [*pages_of(poisoned[1]), *REFUSALS]}
    assert len(statuses) > 120
    assert [path for path, status in statuses.items() if status >= 500] == []
    assert all(400 <= statuses[path] < 500 for path in REFUSALS)
    shown = [path for path, status in statuses.items() if status == 200]
    assert len(shown) > 100


def test_escaping_alone_keeps_them_from_running(poisoned, browser):
    wanted = re.compile(
        r"/(change|text|review|merge|history|check|delete|proposals)/|/queues/|^/(en|vi)/|\.svg"
    )
    with walker(browser, poisoned[0], bypass_csp=True) as page:
        log_in(page)
        # Every other one, for the time that a browser takes;
        # `drills.xss` opens all of them.
        for path in [*filter(wanted.search, pages_of(poisoned[1]))][::2]:
            look(page, path)
    assert page.faults == []


def test_pages_that_are_used_hold_still(poisoned, desk):
    """Pickers, rows that are added, dates, the workbench: what scripts write is no program."""
    places = poisoned[1]["desk"]
    desk.goto(f"/admin/agreements/meeting/{places['meeting']['object_id']}/change/")
    for link in desk.locator(".add-row a").all():
        link.click()
    desk.locator("input[data-interpret-url]").first.fill("2024-0")
    desk.locator(".select2-selection").first.click()
    desk.locator(".select2-search__field").last.fill("x")
    desk.locator(".select2-results__option").first.wait_for()
    desk.keyboard.press("Escape")
    inspect(desk)

    desk.goto("/admin/agreements/document/?q=" + "%3Csvg%20onload%3D__xss(1)%3E")
    inspect(desk)
    bench = f"/admin/agreements/document/{places['document']['document']}/text/"
    desk.goto(f"{bench}?record={places['document']['key']}")
    desk.locator("#editor").wait_for()
    desk.evaluate("() => window.workbench.open('')")
    desk.locator("#editor").wait_for(state="detached")
    inspect(desk)
    desk.locator("[data-view=suggestions]").click()
    desk.locator("#suggestions .suggestions, #suggestions section").first.wait_for()
    inspect(desk)


def test_what_somebody_brings_is_shown_as_it_is(desk, tmp_path):
    """File names, headers, cells, texts that are pasted; and the lines about them."""
    name = "<img src=x onerror=__xss(1) data-xss>.csv"
    table = tmp_path / name
    quoted = ['"' + each.replace('"', '""') + '"' for each in PAYLOADS]
    rows = [",".join(("slug", "title", *quoted[:3]))]
    rows += [f"talks-{n},{each},x,x,x" for n, each in enumerate(quoted)]
    table.write_text("\n".join(rows), encoding="utf-8", newline="")
    for address in ("/admin/agreements/meeting/import/", "/admin/agreements/importmapping/add/"):
        desk.goto(address)
        desk.set_input_files("input[type=file]", table)
        desk.locator("#content form [type=submit], #content form button").first.click()
        desk.wait_for_load_state()
        inspect(desk)

    desk.goto("/admin/agreements/document/read/")
    with desk.expect_response("**/propose/"):
        desk.fill("#id_text", ALL_TOGETHER)
    desk.wait_for_function("document.getElementById('read-said').textContent")
    inspect(desk)
    desk.fill("#id_title", payload(2))
    desk.locator(".read-document button.default").click()
    desk.wait_for_load_state()
    inspect(desk)


def test_the_documentation_of_the_api_shows_records_as_they_are(poisoned, desk):
    desk.goto("/api/v1/docs/")
    block = desk.locator("#operations-meetings-meetings_list")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table .response")
    answer.wait_for()
    assert "__xss" in answer.inner_text()
    # Swagger's own icons and links.
    assert desk.locator("[data-xss]").count() == 0


def test_after_logging_out_the_way_back_shows_nothing(poisoned, browser):
    with walker(browser, poisoned[0]) as page:
        log_in(page)
        page.goto("/admin/agreements/meeting/")
        page.locator("#result_list").wait_for()
        page.locator("#logout-form button").click()
        page.wait_for_load_state()
        for _ in range(2):
            page.go_back()
            page.wait_for_load_state()
        assert page.locator("#result_list").count() == 0
        assert page.locator("#id_password").count() == 1


class TestTheWalkItself:
    """It hears what it is there to hear."""

    @pytest.mark.parametrize(
        ("html", "heard"),
        [
            ("<script>__xss(1)</script>", "executed 1"),
            ("<img src=x: onerror=__xss(2) data-xss>", "executed 2"),
            ("<img src=/xss-sentinel/3>", "asked for"),
            ("<p data-xss>x</p>", "p data-xss"),
            ("<a href='java\tscript:__xss(4)'>x</a>", "a href"),
            ("<iframe srcdoc='<script>parent.__xss(5)</script>'></iframe>", "executed 5"),
            ("<script>alert(6)</script>", "executed alert"),
        ],
    )
    def test_what_is_not_escaped_is_heard(self, poisoned, browser, html, heard):
        with walker(browser, poisoned[0], bypass_csp=True) as page:
            page.route("**/en/", lambda route: route.fulfill(body=html, content_type="text/html"))
            look(page, "/en/")
            page.wait_for_timeout(100)
        assert heard in "\n".join(page.faults)

    def test_a_violation_is_heard(self, poisoned, browser):
        with walker(browser, poisoned[0]) as page:
            page.goto("/en/")
            page.evaluate(
                "document.body.append(Object.assign(new Image(), {src: 'https://x.invalid/'}))"
            )
            page.wait_for_timeout(100)
        assert "violation of img-src" in "\n".join(page.faults)

    def test_what_scripts_write_on_the_desk_is_checked(self, desk):
        written = """(html) => {
            try { document.createElement("p").innerHTML = html; return true; }
            catch (error) { return false; }
        }"""
        for text in ("<b>x</b>", "<a href='/admin/'>x</a>", "a < b", "<p title='onload=x'>"):
            assert desk.evaluate(written, text), text
        for text in PAYLOADS:
            if re.search(r"<(script|svg|iframe|object|embed|meta|base|link|style)", text, re.I):
                assert not desk.evaluate(written, text), text
        for text in (
            "<a href='javascript:x'>",
            "<b onclick=x>",
            "<p style='x'>",
            "<form action=x:>",
        ):
            assert not desk.evaluate(written, text), text
        loaded = """() => {
            try { document.createElement("script").src = "/x.js"; return true; }
            catch (error) { return false; }
        }"""
        assert not desk.evaluate(loaded)
        desk.wait_for_timeout(100)
        assert "violation of require-trusted-types-for" in "\n".join(desk.faults)
        desk.faults.clear()
