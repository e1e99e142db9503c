"""The grade that the Mozilla HTTP Observatory would give: real answers, in production settings."""

import httpx
import pytest

from tests.observatory import GRADES, POINTS, Scan, results, score
from tests.servers import copied, running

# As a proxy that ends HTTPS says.
_HTTPS = {"X-Forwarded-Proto": "https"}
_PRODUCTION = {
    "COASTGUARD_ENV": "production",
    "DJANGO_SETTINGS_MODULE": "tests.production",
    "SECRET_KEY": "k4-" + "of-this-test-alone-" * 4,
    "ALLOWED_HOSTS": "127.0.0.1",
}


@pytest.fixture(scope="module")
def production(prepared, tmp_path_factory):
    """The address of a server as in production, behind a proxy that ends HTTPS."""
    state = tmp_path_factory.mktemp("production")
    with copied(prepared, state) as named:
        url = named.get("DATABASE_URL") or f"sqlite:///{state / 'coastguard.sqlite3'}"
        with running(state, **_PRODUCTION, DATABASE_URL=url) as address:
            yield address


def scanned(site: str, path: str) -> Scan:
    """Read a page as the Observatory does: by HTTP, then where that leads."""
    with httpx.Client(base_url=site, timeout=60) as client:
        sent_on = client.get(path)
        assert sent_on.status_code == 301
        route = (f"{site}{path}", sent_on.headers["Location"])
        origin = {"Origin": "https://http-observatory.security.mozilla.org"}
        cookies: list[str] = []
        answer = client.get(path, headers={**_HTTPS, **origin})
        while answer.is_redirect:
            cookies += answer.headers.get_list("set-cookie")
            answer = client.get(answer.headers["Location"], headers={**_HTTPS, **origin})
        assert answer.status_code == 200
        cookies += answer.headers.get_list("set-cookie")
    # A header that is sent twice is of no one value.
    names = [name for name, _ in answer.headers.raw if name.lower() != b"set-cookie"]
    assert len({name.lower() for name in names}) == len(names)
    return Scan(route, answer.headers, answer.text, tuple(cookies))


@pytest.mark.served
@pytest.mark.parametrize(
    ("path", "points", "also"),
    [
        ("/", 130, {"cookies-none", "sri-no-scripts", "corp-same"}),
        ("/vi/", 130, {"cookies-none", "sri-no-scripts"}),
        ("/admin/", 135, {"cookies-samesite", "sri-own-scripts", "corp-same"}),
        ("/api/v1/docs/", 130, {"cors-public", "sri-own-scripts"}),
        # Read from any page, and so to be shown on any.
        ("/api/v1/meetings/", 120, {"cors-public", "corp-cross", "sri-not-html"}),
        ("/en/timeline.svg", 120, {"cors-public", "corp-cross"}),
        ("/static/agreements/pages.css", 130, {"cors-none", "corp-same"}),
    ],
)
def test_each_kind_of_page_is_worth_an_a_plus(production, path, points, also):
    found = results(scanned(production, path))
    assert score(found) == (points, "A+")
    always = {"csp-default-none", "frames-by-csp", "nosniff", "referrer-private"}
    assert set(found) >= {*always, "hsts-six-months", "redirection-to-https"} | also


@pytest.mark.served
def test_the_header_for_https_alone_can_be_preloaded(production):
    value = httpx.get(f"{production}/en/", headers=_HTTPS).headers["Strict-Transport-Security"]
    assert value == "max-age=31536000; includeSubDomains; preload"


GOOD = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Type": "text/html",
}
COOKIE = "sessionid=x; Secure; HttpOnly; SameSite=Lax"


def scan_of(route=("http://a/", "https://a/"), body="", cookies=(), **changes) -> Scan:
    headers = {**GOOD, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return Scan(route, headers, body, cookies)


class TestTheRules:
    """They can fail: each of what an answer may do wrong costs what the table says."""

    def test_every_result_has_points_and_every_five_points_a_grade(self):
        assert len(POINTS) == 52
        assert len(GRADES) == 21
        assert score(results(scan_of())) == (130, "A+")

    @pytest.mark.parametrize(
        ("policy", "result"),
        [
            ("", "csp-none"),
            ("default-src 'self'", "csp-no-unsafe"),
            ("default-src 'none'; script-src 'unsafe-inline'", "csp-unsafe-inline"),
            ("default-src 'none'; script-src data:", "csp-unsafe-inline"),
            ("script-src 'self'", "csp-unsafe-inline"),
            ("default-src 'none'; script-src 'self' 'unsafe-eval'", "csp-unsafe-eval"),
            ("default-src 'none'; style-src 'unsafe-inline'", "csp-unsafe-style"),
            ("default-src 'none'; connect-src http://a", "csp-insecure-scheme"),
            ("default-src 'none'; img-src http:", "csp-insecure-passive"),
        ],
    )
    def test_policies(self, policy, result):
        assert results(scan_of(Content_Security_Policy=policy))[0] == result

    @pytest.mark.parametrize(
        ("cookie", "result"),
        [
            (COOKIE, "cookies-samesite"),
            ("sessionid=x; Secure; HttpOnly", "cookies-secure"),
            ("sessionid=x; Secure; SameSite=Lax", "cookies-session-not-httponly"),
            ("sessionid=x; HttpOnly; SameSite=Lax", "cookies-session-not-secure-but-hsts"),
            ("language=vi; SameSite=Lax", "cookies-not-secure-but-hsts"),
            ("csrftoken=x; Secure", "cookies-csrf-without-samesite"),
            ("x=x; SameSite=None", "cookies-samesite-invalid"),
        ],
    )
    def test_cookies(self, cookie, result):
        assert results(scan_of(cookies=(cookie,)))[1] == result

    @pytest.mark.parametrize(
        ("changes", "points", "grade"),
        [
            ({"Strict_Transport_Security": ""}, 80, "B+"),
            ({"Strict_Transport_Security": "max-age=60"}, 120, "A+"),
            ({"X_Content_Type_Options": ""}, 125, "A+"),
            ({"Cross_Origin_Resource_Policy": "any"}, 115, "A+"),
            ({"Referrer_Policy": "unsafe-url"}, 120, "A+"),
            ({"Content_Security_Policy": ""}, 75, "B"),
            ({"Content_Security_Policy": "", "X_Frame_Options": ""}, 55, "C"),
            ({"Access_Control_Allow_Origin": "https://b"}, 130, "A+"),
            ({"route": ("http://a/",)}, 80, "B+"),
            ({"route": ("http://a/", "https://b/")}, 125, "A+"),
            ({"body": '<script src="//b/x.js"></script>'}, 50, "C"),
        ],
    )
    def test_points(self, changes, points, grade):
        assert score(results(scan_of(**changes))) == (points, grade)
