"""The Mozilla HTTP Observatory's rules and points, applied to answers of ours.

After `src/grader/charts.js`, `src/scanner/index.js` and `src/analyzer/tests/` of
https://github.com/mdn/mdn-http-observatory (charts.js at 01b4711): an answer begins with 100
points; each of ten tests adds or takes some; what is added counts only where what was taken leaves
90. The lists of preloaded hosts and the check of certificates are left out: a host that runs
nowhere is on none, and has none.
"""

import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

POINTS = {
    "csp-default-none": 10,
    "csp-no-unsafe": 5,
    "csp-unsafe-style": 0,
    "csp-unsafe-eval": -10,
    "csp-insecure-passive": -10,
    "csp-unsafe-inline": -20,
    "csp-insecure-scheme": -20,
    "csp-none": -25,
    "cookies-samesite": 5,
    "cookies-secure": 0,
    "cookies-none": 0,
    "cookies-not-secure-but-hsts": -5,
    "cookies-session-not-secure-but-hsts": -10,
    "cookies-samesite-invalid": -20,
    "cookies-csrf-without-samesite": -20,
    "cookies-not-secure": -20,
    "cookies-session-not-httponly": -30,
    "cookies-session-not-secure": -40,
    "cors-none": 0,
    "cors-public": 0,
    "cors-restricted": 0,
    "cors-universal-with-credentials": -50,
    "redirection-to-https": 0,
    "redirection-off-host": -5,
    "redirection-not-to-https-first": -10,
    "redirection-not-to-https": -20,
    "redirection-missing": -20,
    "referrer-private": 5,
    "referrer-none": 0,
    "referrer-unsafe": -5,
    "referrer-invalid": -5,
    "hsts-six-months": 0,
    "hsts-less": -10,
    "hsts-none": -20,
    "hsts-invalid": -20,
    "sri-all-scripts": 5,
    "sri-not-html": 0,
    "sri-no-scripts": 0,
    "sri-own-scripts": 0,
    "sri-external-over-https": -5,
    "sri-external-insecure": -50,
    "nosniff": 0,
    "nosniff-none": -5,
    "nosniff-invalid": -5,
    "frames-by-csp": 5,
    "frames-denied": 0,
    "frames-none": -20,
    "frames-invalid": -20,
    "corp-same": 10,
    "corp-cross": 0,
    "corp-none": 0,
    "corp-invalid": -5,
}
GRADES = "F F F F F D- D D D+ C- C C C+ B- B B B+ A- A A A+".split()
_EXTRA_FROM = 90
_SIX_MONTHS = 15_552_000
_BROAD = {
    *("ftp:", "http:", "https:", "*"),
    *("http://*", "http://*.*", "https://*", "https://*.*"),
}
_BROAD_OR_INLINE = _BROAD | {"'unsafe-inline'", "data:"}
_HTML = ("text/html", "application/xhtml+xml")
# The worst counts; from the mildest.
_COOKIES = (
    *("cookies-not-secure-but-hsts", "cookies-not-secure"),
    *("cookies-session-not-secure-but-hsts", "cookies-samesite-invalid"),
    *("cookies-csrf-without-samesite", "cookies-session-not-httponly"),
    "cookies-session-not-secure",
)


@dataclass(frozen=True)
class Scan:
    """What a scan reads: where HTTP leads, and the answer over HTTPS with the cookies it set."""

    redirections: tuple[str, ...]
    headers: Any
    body: str
    cookies: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        return self.headers.get(name, "").strip()


def results(scan: Scan) -> list[str]:
    """Return what each of the ten tests finds."""
    return [
        *(_csp(scan), _cookies(scan), _cors(scan), _redirection(scan), _referrer(scan)),
        *(_hsts(scan), _integrity(scan), _nosniff(scan), _frames(scan), _corp(scan)),
    ]


def score(found: list[str]) -> tuple[int, str]:
    """Return the points and the grade."""
    points = [POINTS[each] for each in found]
    taken = 100 + sum(each for each in points if each < 0)
    whole = max(100 + sum(points) if taken >= _EXTRA_FROM else taken, 0)
    return whole, GRADES[min(whole, 100) // 5]


def directives(policy: str) -> dict[str, set[str]]:
    """Return a content security policy by its directives; the first of a name counts."""
    found: dict[str, set[str]] = {}
    for rule in policy.split(";"):
        name, *sources = rule.split()
        found.setdefault(name.lower(), {each.lower() for each in sources} or {"'none'"})
    return found


def _csp(scan: Scan) -> str:
    policy = scan.header("Content-Security-Policy")
    if not policy:
        return "csp-none"
    rules = directives(policy)
    default = rules.get("default-src", {"*"})
    scripts, styles = rules.get("script-src", default), rules.get("style-src", default)
    passive = rules.get("img-src", default) | rules.get("media-src", default)
    active = {
        source
        for name, sources in rules.items()
        if name not in ("img-src", "media-src")
        for source in sources
    }
    insecure = ("http:", "ftp:")
    if scripts & _BROAD_OR_INLINE or rules.get("object-src", default) & _BROAD:
        return "csp-unsafe-inline"
    if any(source.startswith(insecure) for source in active):
        return "csp-insecure-scheme"
    if "'unsafe-eval'" in scripts | styles:
        return "csp-unsafe-eval"
    if any(source.startswith(insecure) for source in passive):
        return "csp-insecure-passive"
    if styles & _BROAD_OR_INLINE:
        return "csp-unsafe-style"
    return "csp-default-none" if default == {"'none'"} else "csp-no-unsafe"


def _cookies(scan: Scan) -> str:
    cookies = [
        morsel for header in scan.cookies for morsel in SimpleCookie(header).values() if morsel.key
    ]
    if not cookies:
        return "cookies-none"
    hsts = _hsts(scan) == "hsts-six-months"
    faults = [fault for each in cookies for fault in _faults(each, hsts)]
    if faults:
        return max(faults, key=_COOKIES.index)
    return "cookies-samesite" if all(each["samesite"] for each in cookies) else "cookies-secure"


def _faults(cookie: Any, hsts: bool) -> list[str]:
    name, same = cookie.key.lower(), cookie["samesite"].lower()
    is_session = "login" in name or "sess" in name
    but = "-but-hsts" if hsts else ""
    found = []
    if (same and same not in ("lax", "strict", "none")) or (
        same == "none" and not cookie["secure"]
    ):
        found.append("cookies-samesite-invalid")
    if not cookie["secure"]:
        found.append(f"cookies-not-secure{but}")
        if is_session:
            found.append(f"cookies-session-not-secure{but}")
    if "csrf" in name and not same:
        found.append("cookies-csrf-without-samesite")
    if is_session and not cookie["httponly"]:
        found.append("cookies-session-not-httponly")
    return found


def _cors(scan: Scan) -> str:
    allowed = scan.header("Access-Control-Allow-Origin").lower()
    if not allowed:
        return "cors-none"
    if allowed == "*":
        return "cors-public"
    if scan.header("Access-Control-Allow-Credentials").lower() == "true":
        return "cors-universal-with-credentials"
    return "cors-restricted"


def _redirection(scan: Scan) -> str:
    # The first is what was asked for over HTTP.
    route = scan.redirections
    if len(route) == 1:
        return "redirection-missing"
    if not route[-1].startswith("https:"):
        return "redirection-not-to-https"
    if route[1].startswith("http:"):
        return "redirection-not-to-https-first"
    hosts = [re.sub(r"^\w+://([^:/]+).*", r"\1", address) for address in route[:2]]
    return "redirection-to-https" if hosts[0] == hosts[1] else "redirection-off-host"


def _referrer(scan: Scan) -> str:
    value = scan.header("Referrer-Policy").lower()
    if not value:
        return "referrer-none"
    private = ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")
    unsafe = ("origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade")
    known = [each.strip() for each in value.split(",") if each.strip() in private + unsafe]
    if not known:
        return "referrer-invalid"
    return "referrer-private" if known[-1] in private else "referrer-unsafe"


def _hsts(scan: Scan) -> str:
    value = scan.header("Strict-Transport-Security").lower()
    if not value:
        return "hsts-none"
    age = re.search(r"(?:^|;)\s*max-age=(\d+)", value)
    if age is None or "," in value:
        return "hsts-invalid"
    return "hsts-six-months" if int(age[1]) >= _SIX_MONTHS else "hsts-less"


def _integrity(scan: Scan) -> str:
    if not scan.header("Content-Type").startswith(_HTML):
        return "sri-not-html"
    scripts = re.findall(r"<script\b([^>]*)>", scan.body)
    if not scripts:
        return "sri-no-scripts"
    sources = [found[1] for each in scripts if (found := re.search(r'\bsrc="([^"]*)"', each))]
    external = [each for each in sources if re.match(r"(https?:)?//", each)]
    if any(not each.startswith("https:") for each in external):
        return "sri-external-insecure"
    if external:
        return "sri-external-over-https"
    return "sri-all-scripts" if any("integrity=" in each for each in scripts) else "sri-own-scripts"


def _nosniff(scan: Scan) -> str:
    value = scan.header("X-Content-Type-Options").lower()
    if not value:
        return "nosniff-none"
    return "nosniff" if value == "nosniff" else "nosniff-invalid"


def _frames(scan: Scan) -> str:
    policy = scan.header("Content-Security-Policy")
    if policy and not directives(policy).get("frame-ancestors", {"*"}) & _BROAD:
        return "frames-by-csp"
    value = scan.header("X-Frame-Options").lower()
    if not value:
        return "frames-none"
    return "frames-denied" if value in ("deny", "sameorigin") else "frames-invalid"


def _corp(scan: Scan) -> str:
    value = scan.header("Cross-Origin-Resource-Policy").lower()
    if not value:
        return "corp-none"
    return {"same-origin": "corp-same", "same-site": "corp-same", "cross-origin": "corp-cross"}.get(
        value, "corp-invalid"
    )
