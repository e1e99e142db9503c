"""A second factor in a browser: it is set up, with nothing but the keyboard, and asked for."""

from base64 import b32decode

import pytest
from django_otp.oath import totp

from tests.bars import bars
from tests.browsers import windows
from tests.servers import PASSWORD, serving

pytestmark = pytest.mark.browser

STEP = 30


@pytest.fixture(scope="module")
def strict_site(prepared, tmp_path_factory):
    state = tmp_path_factory.mktemp("state")
    with serving(prepared, state, REQUIRE_SECOND_FACTOR="1") as address:
        yield address


def log_in(page):
    page.goto("/admin/")
    page.fill("#id_username", "reviewer")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_code")


def test_from_the_first_login_to_the_next(strict_site, browser):
    with windows(browser, strict_site) as window:
        page = window()
        log_in(page)
        assert page.url.partition("?")[0].endswith("/admin/second-factor/enrol/")
        drawn = page.locator(".qr svg path").last.bounding_box()
        assert min(drawn["width"], drawn["height"]) > 100
        assert page.evaluate("document.activeElement.id") == "id_code"
        assert bars(page) == []
        page.keyboard.type("000000")
        page.keyboard.press("Enter")
        page.wait_for_selector("#id_code_error")
        assert bars(page) == []
        key = page.inner_text(".secret").replace(" ", "")
        code = code_of(key)
        page.fill("#id_code", f"{code[:3]} {code[3:]}")
        page.keyboard.press("Enter")
        page.wait_for_selector(".recovery-codes")
        recovery = page.locator(".recovery-codes code").all_inner_texts()
        assert len(recovery) == 10
        assert bars(page) == []
        page.get_by_text("I have kept them: go on").click()
        page.wait_for_selector("#user-tools")
        page.click("#logout-form button")
        log_in(page)
        assert bars(page) == []
        # Nothing of the desk is told of yet.
        assert "Handbook" not in page.inner_text("body")
        page.keyboard.type(code_of(key, later=STEP))
        page.keyboard.press("Enter")
        page.wait_for_selector("#user-tools")
        page.click("#logout-form button")
        log_in(page)
        page.keyboard.type(recovery[0])
        page.keyboard.press("Enter")
        page.wait_for_selector("#user-tools")


def code_of(key, later=0):
    return f"{totp(b32decode(key), t0=-later):06d}"
