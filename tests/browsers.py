"""Windows of a real browser, in which somebody is logged in at the desk."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers import PASSWORD

# Debian's Chromium that has no windows at all asks over a quarter less of the processor.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_named = os.environ.get("CHROMIUM")
CHROMIUM = next(filter(None, map(shutil.which, [_named] if _named else _NAMES)), None)


def picture(page: Any, name: str) -> None:
    """Keep a picture of a whole page for whoever looks, where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@contextmanager
def chromium() -> Iterator[Any]:
    """Start Chromium without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def windows(
    browser: Any, site: str, sessions: dict[str, list] | None = None
) -> Iterator[Callable[..., Any]]:
    """Yield a function that opens a window and logs a user in: `(user, width, scheme, but)`.

    Without a user nobody is. Whoever has logged in before, as `sessions` knows, goes on in that
    session as long as it lasts. Whatever a console reports fails in the end, except lines that hold
    `but`; further options are those of Playwright's contexts.
    """
    sessions = {} if sessions is None else sessions
    faults: list[str] = []
    contexts = []

    def open_window(
        user: str = "", width: int = 1280, scheme: str = "light", but: str = "", **options: Any
    ) -> Any:
        context = browser.new_context(
            base_url=site,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            **options,
        )
        contexts.append(context)
        page = context.new_page()

        def noted(line: Any) -> None:
            if line.type == "error" and not (but and but in line.text):
                faults.append(line.text)

        page.on("console", noted)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if user:
            context.add_cookies(sessions.get(user, []))
            page.goto("/admin/")
            if "/login/" in page.url:
                page.fill("#id_username", user)
                page.fill("#id_password", PASSWORD)
                page.click("[type=submit]")
                page.wait_for_selector("#user-tools")
                kept = ("sessionid", "csrftoken")
                sessions[user] = [each for each in context.cookies() if each["name"] in kept]
            page.wait_for_selector("#user-tools")
        page.faults = faults
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert faults == [], faults
