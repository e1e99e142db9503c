"""What every answer tells a browser that it may do with it, and what it may not.

Public pages have no script at all, so they allow none. The desk has its own scripts and those of
Django's admin; whatever they write as HTML passes `trusted-html.js`. Everything that is no page
may do nothing where it is opened by itself.
"""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse

from coastguard.middleware import Handler


def _policy(**rules: str) -> str:
    """Return a content security policy: nothing at all, but what the rules allow."""
    every = {
        "default-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        **{name.replace("_", "-"): sources for name, sources in rules.items()},
    }
    if "trusted_types" in rules:
        every["require-trusted-types-for"] = "'script'"
    return "; ".join(f"{name} {sources}" for name, sources in every.items())


PAGES = _policy(style_src="'self'", img_src="'self'", form_action="'self'", trusted_types="'none'")
DESK = _policy(
    script_src="'self'",
    style_src="'self'",
    img_src="'self'",
    connect_src="'self'",
    form_action="'self'",
    # The one of trusted-html.js.
    trusted_types="default",
)
# 'data:' images are the icons inside Swagger's style sheet. Its script writes HTML as text.
DOCS = _policy(
    script_src="'self'",
    style_src="'self'",
    img_src="'self' data:",
    connect_src="'self'",
)
# A drawing or a feed that is opened by itself runs no script and is of no origin.
FILES = _policy(trusted_types="'none'") + "; sandbox"

_DESK, _API, _DOCS = "/admin/", "/api/", "/api/v1/docs/"
_SAME_ORIGIN, _ANYWHERE = "same-origin", "cross-origin"

# Names that every browser knows: of another they complain in the console.
_NOT_USED = (
    *("accelerometer", "camera", "display-capture", "encrypted-media", "fullscreen"),
    *("geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment"),
    *("picture-in-picture", "screen-wake-lock", "usb", "xr-spatial-tracking"),
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _NOT_USED),
}

Prepared = Mapping[str, tuple[str, str]]


def _prepared(policy: str, reach: str) -> Prepared:
    """Return headers as an answer holds them: by the name in lower case, the name and the value."""
    given = {
        **_ALWAYS,
        "Content-Security-Policy": policy,
        "Cross-Origin-Resource-Policy": reach,
    }
    return {name.lower(): (name, value) for name, value in given.items()}


_PREPARED = {
    (policy, reach): _prepared(policy, reach)
    for policy in (PAGES, DESK, DOCS, FILES)
    for reach in (_SAME_ORIGIN, _ANYWHERE)
}


def browser_headers(get_response: Handler) -> Handler:
    """Send them with every answer, whoever gives it: this stands outside of all that answers."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        headers = response.headers
        path = request.path_info
        policy = _policy_of(path, headers.get("Content-Type"))
        # There is no public way to set several at once, and one by one they cost more than
        # finding an answer that is kept.
        headers._store.update(_PREPARED[policy, _reach_of(path, policy, headers)])
        if path.startswith(_DESK) and "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


def _policy_of(path: str, content_type: str | None) -> str:
    """Return the policy of an answer; a 304, which has no type, gets that of the whole answer."""
    if content_type is None:
        is_page = "." not in path.rpartition("/")[2]
    else:
        is_page = content_type.startswith("text/html")
    if not is_page:
        return FILES
    if path.startswith(_DESK):
        return DESK
    if path.startswith(_API):
        return DOCS if path == _DOCS else FILES
    return PAGES


def _reach_of(path: str, policy: str, headers: Mapping[str, str]) -> str:
    """Return whose pages may show an answer: data everybody's, all else only our own."""
    if policy != FILES:
        return _SAME_ORIGIN
    open_to_all = path.startswith(_API) or headers.get("Access-Control-Allow-Origin") == "*"
    return _ANYWHERE if open_to_all else _SAME_ORIGIN
