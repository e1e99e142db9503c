"""Every address of the program, and a browser that walks through them and tells what is amiss."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import get_resolver

from agreements.pages.converters import SEGMENTS
from agreements.queues import QUEUES
from tests.payloads import SENTINEL
from tests.servers import PASSWORD
from tests.test_roles import QUERIES, address, door

# Kinds are shown by the same pages; these two show each its own.
_OF_EACH_KIND = ("pages:list", "pages:record")
# What an operator's page answers without being asked anything is no page; see DESK_QUERIES.
DESK_QUERIES = {**QUERIES, "admin:agreements_document_add": "without_text=1"}
# Adds and removes cookies, and leads elsewhere.
NOT_WALKED = {"admin:logout", "set_language", "admin:"}

# Told to the console, and so to whoever listens: what ran, and what the policy kept from running.
WATCH = """
window.__xss = (n) => console.error(`executed ${n}`);
for (const name of ["alert", "confirm", "prompt"]) {
    window[name] = () => console.error(`executed ${name}`);
}
addEventListener("securitypolicyviolation", (event) => console.error(
    `violation of ${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));
"""
# Elements that a text has made, handlers in attributes, and addresses that are programs.
LOOK = """(html) => {
    const found = [];
    const page = html ? new DOMParser().parseFromString(html, "text/html") : document;
    for (const each of page.querySelectorAll("*")) {
        for (const {name, value} of each.attributes) {
            const leads = /^(href|src|action|formaction|xlink:href|data|poster)$/.test(name);
            const program = leads && URL.canParse(value, "https://here/")
                && !/^(https?|mailto):$/.test(new URL(value, "https://here/").protocol);
            if (name === "data-xss" || /^on/.test(name) || name === "srcdoc" || program) {
                found.push(`${each.localName} ${name}=${value.slice(0, 60)}`);
            }
        }
    }
    return found;
}"""


class Address(NamedTuple):
    """A page: the name of its route, and where it is."""

    name: str
    path: str


def routes(patterns: Any = None, namespace: str = "", above: str = "") -> Iterator[Address]:
    """Yield every route of the program, with its pattern in the place of the path."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{above}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern.url_patterns, namespace + inner, route)
        else:
            yield Address(f"{namespace}{pattern.name or ''}", route)


def addresses(places: dict[str, Any]) -> list[Address]:
    """Return every page that can be opened; `places` is what `poison` told of the database.

    Raises a KeyError where a route has a part that nothing is known to fill in with.
    """
    found = []
    for name, route in routes():
        if name in NOT_WALKED:
            continue
        if route.startswith("admin/"):
            found += _on_the_desk(name, route, places["desk"])
        else:
            found += _in_public(name, route, places["public"])
    return found


def _on_the_desk(name: str, route: str, desk: dict[str, Any]) -> Iterator[Address]:
    known = door(name, route)
    if known is not None and known.get is None:
        return
    query = DESK_QUERIES.get(name, "")
    # Each queue has rows of its own making.
    for key in QUEUES if name == "queue" else ("",):
        path = address(route, {**desk, "queues": {"key": key}})
        yield Address(name, path + (f"?{query}" if query else ""))


def _in_public(name: str, route: str, public: dict[str, str]) -> Iterator[Address]:
    if not name.startswith("pages:"):
        yield Address(name, "/" + filled(route, _values(name, public)))
        return
    kinds = list(SEGMENTS) if name in _OF_EACH_KIND else ["meeting"]
    for kind in kinds if "<kind:kind>" in route else [""]:
        for ending in _endings(route):
            values = {
                "kind": SEGMENTS.get(kind, ""),
                "key": public.get(kind, ""),
                "revision": "1",
                "one": public["country"],
                "other": "VN" if public["country"] != "VN" else "JP",
                "form": ending,
                "ending": ending,
            }
            whole = filled(route.partition("/")[2], values)
            for language, _ in settings.LANGUAGES:
                yield Address(name, f"/{language}/{whole}")


def _endings(route: str) -> tuple[str, ...]:
    if "<form:form>" in route:
        return ("bib", "ris", "json")
    return ("svg", "csv") if "<file:ending>" in route else ("",)


def _values(name: str, public: dict[str, str]) -> dict[str, str]:
    kind = {"countries": "country", "series": "series", "totals": "total"}
    listed = name.partition("-")[0]
    slug = public.get(kind.get(listed, listed.removesuffix("s")), public["meeting"])
    return {"slug": slug, "revision": "1", "version": "1.0.0", "file": "README.md"}


def filled(route: str, values: dict[str, str]) -> str:
    """Return the address that a route leads to."""
    part = r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>"
    plain = re.sub(part, lambda found: values[found[1] or found[2]], route)
    return re.sub(r"\^|\$|\\Z", "", plain)


@contextmanager
def walker(browser: Any, site: str, **options: Any) -> Iterator[Any]:
    """Yield a tab whose `faults` are all that its pages do which no page of ours does.

    `options` are those of Playwright's contexts: with `bypass_csp` nothing but escaping stands
    between a text and its execution.
    """
    context = browser.new_context(base_url=site, accept_downloads=True, **options)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.faults = []

    def heard(line: Any) -> None:
        # That a page is an answer of 403 or 404 is told here, too.
        if line.type == "error" and not line.text.startswith("Failed to load resource"):
            page.faults.append(f"{page.url}: {line.text[:300]}")

    def asked(request: Any) -> None:
        if SENTINEL in request.url.partition("?")[0]:
            page.faults.append(f"{page.url}: asked for {request.url[:100]}")

    context.on("console", heard)
    context.on("weberror", lambda error: page.faults.append(f"{page.url}: {error.error}"))
    context.on("request", asked)
    context.on("dialog", lambda dialog: (page.faults.append(dialog.message), dialog.dismiss()))
    yield page
    context.close()


def look(page: Any, path: str) -> int:
    """Open a page and note what is amiss; return its status, or 0 for what is downloaded."""
    try:
        response = page.goto(path)
    except Exception as error:
        if "Download is starting" not in str(error) and "ERR_ABORTED" not in str(error):
            raise
        return 0
    if path == "/api/v1/docs/":
        # What Swagger's script makes of the schema stands a while after the page is loaded.
        page.wait_for_selector(".opblock")
    inspect(page)
    if response.status >= 500:
        page.faults.append(f"{path}: {response.status}")
    return response.status


def inspect(page: Any) -> None:
    """Note what a text has become in the page that is open."""
    page.faults += [f"{page.url}: {found}" for found in page.evaluate(LOOK)]


def log_in(page: Any) -> None:
    """Log the analyst in, whose name is poisoned as well."""
    page.goto("/admin/login/")
    page.fill("#id_username", "analyst")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("#user-tools")
