"""A request of the desk: an address and a form as they should be, and then something wrong."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import quote_from_bytes

from drills.fuzzing.hostile import PARAMETERS, POSTED, Chance

Pairs = list[tuple[str, str]]
_BOUNDARY = "b0undary"
FORM = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={_BOUNDARY}"
_TYPES = (
    *("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary="),
    *("multipart/form-data; boundary=" + "x" * 300, "application/xml", "", "é/ü", "a" * 300),
    *(f"{FORM}; charset=utf-16", f"{FORM}; charset=nonsense", MULTIPART),
)
_METHODS = ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get")
_HEADERS = {
    "HTTP_ACCEPT": ("*/*", "text/html", "application/json", "a/b;q=x", "," * 2000, "é"),
    "HTTP_ACCEPT_LANGUAGE": ("vi", "xx-YY;q=2", "en," * 3000, "i-klingon", "é" * 100),
    "HTTP_ACCEPT_ENCODING": ("gzip", "br;q=nan", "identity;q=0, *;q=0"),
    "HTTP_COOKIE": (
        *("sessionid=%00", "sessionid=" + "a" * 5000, "sessionid=../../x", "sessionid=é"),
        *("csrftoken=" + "b" * 5000, "csrftoken=%00", "messages=garbage", "messages=[[]]:1:x"),
        *("django_language=../../x", "django_language=" + "v" * 600, "=;=;=", "a=" * 500, '"'),
    ),
    "HTTP_HOST": ("elsewhere.example", "a b", "[::1", "127.0.0.1:99999", "é", "", "localhost:x"),
    "HTTP_IF_MODIFIED_SINCE": ("garbage", "Thu, 01 Jan 0000 00:00:00 GMT", "9" * 400),
    "HTTP_IF_NONE_MATCH": ("garbage", '"a', "*", ",".join(['"a"'] * 1000), "W/"),
    "HTTP_IF_MATCH": ("*", '"a"', "garbage"),
    "HTTP_RANGE": ("bytes=0-", "bytes=-1", "bytes=9-1", "bytes=" + "0-1," * 500, "lines=1"),
    "HTTP_REFERER": ("https://elsewhere.example/", "http://[", "é"),
    "HTTP_ORIGIN": ("null", "http://[", "https://elsewhere.example"),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE", "GET"),
    "HTTP_X_REQUESTED_WITH": ("XMLHttpRequest",),
    "HTTP_X_FORWARDED_FOR": ("1.2.3.4, " * 300, "not an address", "::1%eth0"),
    "HTTP_X_FORWARDED_PROTO": ("gopher",),
    "HTTP_X_FORWARDED_HOST": ("elsewhere.example",),
    "HTTP_X_CSRFTOKEN": ("x" * 5000, "é"),
    "HTTP_TRANSFER_ENCODING": ("chunked", "gzip"),
    # Servers refuse what is no number.
    "CONTENT_LENGTH": ("99999999", "0", "5"),
    "HTTP_USER_AGENT": ("", "é" * 500),
}


@dataclass
class Request:
    """What is sent, in bytes that WSGI would hand over."""

    method: str
    path: str
    query: Pairs = field(default_factory=list)
    body: bytes = b""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def environ(self) -> dict[str, Any]:
        """Return it as the test client takes it."""
        query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in self.query)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": raw(self.path).decode("latin-1"),
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(self.body)),
            "CONTENT_TYPE": self.content_type,
            "wsgi.input": BytesIO(self.body),
        }
        return environ | self.headers

    def __str__(self) -> str:
        query = "&".join(f"{name}={value}" for name, value in self.query)
        told = f"{self.method} {self.path[:200]!a}?{query[:200]!a} {self.content_type[:60]!a}"
        return f"{told} {str(self.headers)[:200]!a} {self.body[:300]!r}"


def raw(text: str) -> bytes:
    """Return a text as bytes, halves of characters included."""
    return text.encode("utf-8", "surrogatepass")


def _quoted(text: str) -> str:
    return quote_from_bytes(raw(text), safe="")


def spoil(chance: Chance, method: str, path: str, form: Sequence[tuple[str, str]]) -> Request:
    """Return a request of an address with one to four things about it wrong."""
    path, _, query = path.partition("?")
    pairs = [_pair(each) for each in query.split("&") if each]
    values = list(form)
    request = Request(method, path, pairs)
    content_type = chance.one((FORM, MULTIPART))
    for _ in range(chance.one((1, 1, 1, 2, 2, 3, 4))):
        way = chance.random.random()
        if way < 0.15:
            request.path = _other_path(chance, request.path)
        elif way < 0.45 or (method == "GET" and way < 0.8):
            _spoil_pairs(chance, request.query, dict.fromkeys(PARAMETERS, ("1",)))
        elif way < 0.85:
            _spoil_pairs(chance, values, POSTED)
        elif way < 0.93:
            name = chance.one(tuple(_HEADERS))
            request.headers[name] = chance.one(_HEADERS[name])
        elif way < 0.95:
            request.method = chance.one(_METHODS)
        else:
            content_type = chance.one(_TYPES)
    if request.method not in ("GET", "HEAD"):
        request.content_type = content_type
        request.body = body(chance, values, content_type)
    for name, value in request.headers.items():
        # Servers refuse control characters in a header before they are anybody's.
        request.headers[name] = value.encode().decode("latin-1")
    return request


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _other_path(chance: Chance, path: str) -> str:
    parts = path.split("/")
    way = chance.random.randrange(6)
    numbers = [at for at, part in enumerate(parts) if any(map(str.isdigit, part))]
    if numbers and way < 4:
        parts[chance.one(numbers)] = chance.number()
    elif way == 4:
        parts.insert(chance.random.randint(1, len(parts)), chance.text())
    else:
        parts[chance.random.randrange(1, len(parts))] = chance.text()
    return "/" + "/".join(parts).lstrip("/")


def _spoil_pairs(chance: Chance, pairs: Pairs, known: Mapping[str, Sequence[str]]) -> None:
    """Change a value, double, drop or add one, or say more rows than there are."""
    totals = [at for at, (name, _) in enumerate(pairs) if name.endswith("_FORMS")]
    way = chance.random.random()
    if totals and way < 0.12:
        at = chance.one(totals)
        pairs[at] = (
            pairs[at][0],
            chance.one(("-1", "1000000000", "\0", "9" * 30, "", "a", "1001")),
        )
    elif pairs and way < 0.55:
        at = chance.random.randrange(len(pairs))
        name, value = pairs[at]
        pairs[at] = (name, chance.spoilt(value) if chance.often(0.6) else chance.number())
    elif pairs and way < 0.62:
        del pairs[chance.random.randrange(len(pairs))]
    elif pairs and way < 0.68:
        pairs.append(chance.one(pairs))
    elif pairs and way < 0.72:
        at = chance.random.randrange(len(pairs))
        pairs[at] = (chance.spoilt(pairs[at][0]), pairs[at][1])
    elif way < 0.74:
        pairs += [(f"n{number}", "1") for number in range(2000)]
    else:
        name = chance.one(tuple(known))
        value = chance.one(known[name]) if chance.often(0.5) else chance.text()
        pairs.append((name if chance.often(0.97) else chance.text(), value))


def body(chance: Chance, values: Pairs, content_type: str) -> bytes:
    """Return values written as a type of content, sometimes cut short."""
    if content_type == "application/json":
        written = json.dumps(dict(values), ensure_ascii=True).encode()
        written = chance.one((written, b"[" * 20_000, b"{", b"\xff", written))
    elif content_type.startswith("multipart"):
        written = _multipart(chance, values)
    else:
        pairs = (f"{_quoted(name)}={_quoted(value)}" for name, value in values)
        written = "&".join(pairs).encode()
    if chance.often(0.04):
        written = written[: chance.random.randint(0, len(written))]
    return written


def _multipart(chance: Chance, values: Pairs) -> bytes:
    parts = []
    for name, value in values:
        file = ""
        if chance.often(0.03) or name == "file":
            file = f'; filename="{_in_header(chance.text())[:300]}"'
        disposition = f'Content-Disposition: form-data; name="{_in_header(name)}"{file}'
        more = "\r\nContent-Transfer-Encoding: base64" if chance.often(0.01) else ""
        parts.append(raw(f"--{_BOUNDARY}\r\n{disposition}{more}\r\n\r\n{value}\r\n"))
    return b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()


def _in_header(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "").replace("\n", "")
