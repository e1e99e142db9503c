"""Whatever somebody without an account can ask, aimed at records that are not public.

Every address of the resolver must have its probes here, and every parameter of the OpenAPI
document its values: what is new and unknown fails.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from django.urls import get_resolver
from django.utils.http import urlencode

from agreements.catalogue.pages import ORDERS, cursor_at
from agreements.catalogue.statistics import DIMENSIONS
from tests.canaries import CANARY, SECRET_FORCE

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "vi")
LISTS = {
    "country": "countries",
    "force": "forces",
    "agreement": "agreements",
    "meeting": "meetings",
    "exercise": "exercises",
    "series": "series",
    "topic": "topics",
    "document": "documents",
    "total": "totals",
}
_EARLY = f"{CANARY}-early"
_STATES = ("draft", "in-review", "approved")
# Of each kind: what is public, what is on the desk alone, what was taken out, what never was.
KEYS = {
    "country": ("VN", "JP", "KH", "NA", "ZZ"),
    "force": ("vietnam-coast-guard", SECRET_FORCE[0], "none"),
    "agreement": ("memorandum-2015", *(f"{_EARLY}-agreement-{each}" for each in _STATES), "none"),
    "meeting": (
        *("eighth-meeting", "ninth-meeting", "withdrawn-talks"),
        *(f"{_EARLY}-meeting-{each}" for each in _STATES),
        *(f"{CANARY}-form", "none"),
    ),
    "exercise": (
        "ship-visit",
        "double",
        *(f"{_EARLY}-exercise-{each}" for each in _STATES),
        "none",
    ),
    "series": ("talks", _EARLY, "none"),
    "topic": ("search-and-rescue", _EARLY, "none"),
    "document": ("news-report", f"{CANARY}-report-early", "none"),
    "total": ("ten", _EARLY, "none"),
}
_MOMENTS = ("2026-02-01", "2026-03-02", "2026-03-04", "2026-03-05T12:00:00Z", "2030-01-01")


def _cursors() -> list[str]:
    """Places in the lists where only a canary would stand."""
    place = SimpleNamespace(title_key=CANARY, sequence=10**6, undated=False, date_key="1888-08-08")
    orders = (*ORDERS, "sequence")
    return ["forged", *(cursor_at(place, each, back) for each in orders for back in (False, True))]


# Values by parameter, those first that tell most. What an enumeration allows is asked besides.
VALUES: dict[str, list[str]] = {
    "q": [CANARY, CANARY[:4], "affair", f"{CANARY} guard", "1888", "admiral", "seen", "coast"],
    "country": ["KH", "NA", "VN", "kh", "ZZ"],
    "force": [SECRET_FORCE[0], "vietnam-coast-guard", "none"],
    "place": ["KH", f"KH:{CANARY} bay", f":{CANARY} bay", "KH:", "VN:Hanoi"],
    "topic": [_EARLY, "search-and-rescue", "none"],
    "document": [f"{CANARY}-report-early", "news-report", "none"],
    "series": [_EARLY, "talks", "none"],
    "ordinal": ["77", "70", "8"],
    "date_from": ["2029", "1888-08-08"],
    "date_to": ["1888-08-08", "1900"],
    "date_certain": ["true", "false"],
    "undated": ["true", "false"],
    "disputed": ["true", "false"],
    "happened": ["false", "true"],
    "overdue": ["true", "false"],
    "as_of": list(_MOMENTS),
    "cursor": _cursors(),
    "page_size": ["1", "100", "101"],
    "count": ["true"],
    "fields": ["slug,title", CANARY, "review_state", "id", "version", "edited_by"],
    "since": ["0", "12", "1000000"],
    "by": [*DIMENSIONS, "review_state"],
    "p": ["1", "2"],
    "lanes": ["forces", "countries", CANARY],
    "format": ["csv", "ndjson", CANARY],
}
# What says how to answer, and not what is asked for.
_NO_FILTERS = {
    *("as_of", "by", "count", "cursor", "fields", "format", "ordering", "page_size", "since"),
}
# Asked of pages, each of which takes a list's time: what aims at canaries.
_AIMED = {
    **{name: VALUES[name][:1] for name in ("country", "force", "topic", "document", "series")},
    **{name: VALUES[name][:1] for name in ("ordinal", "date_to", "disputed", "happened")},
    **{name: VALUES[name][:4] for name in ("q", "place", "as_of", "cursor")},
}
_WHOLLY_ASKED = ("engagements", "changes")
# Pages that are asked whatever aims at canaries; the others are of the same making.
_WHOLLY_ASKED_PAGES = ("search", "changes", "feed", "timeline", "map")
_ACCEPTED = ("text/csv", "application/x-ndjson", "text/html", "image/png")


@dataclass(frozen=True)
class Probe:
    """A request: its address with its query, its method, a header, a form."""

    address: str
    method: str = "GET"
    header: tuple[str, str] | None = None
    form: str = ""

    @property
    def filter(self) -> str:
        """The name of what it asks for."""
        return self.address.partition("?")[2].partition("=")[0]

    @property
    def is_plain(self) -> bool:
        return self.method == "GET" and self.header is None and "?" not in self.address

    def __str__(self) -> str:
        return " ".join(map(str, filter(None, (self.method, self.address, self.header, self.form))))


def routes(patterns: Any = None, namespace: str = "", above: str = "") -> Iterator[tuple[str, str]]:
    """Every address there is, as (name, route), in the first language."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{above}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern.url_patterns, namespace + inner, route)
        else:
            yield f"{namespace}{pattern.name or ''}", route


def is_of_the_desk(route: str) -> bool:
    return route.startswith("admin/")


# What fills in the parts of public addresses.
_FILES = ("meetings.csv", "README.md", "datapackage.json", "changes.csv", f"{CANARY}.csv")
_PARTS: dict[str, tuple[str, ...]] = {
    "revision": ("1", "2", "3"),
    "version": ("1.0.0", "1.1.0", "9.9.9"),
    "file": _FILES,
    "one": ("VN", "KH"),
    "other": ("JP", "NA"),
    "form": ("bib", "ris", "json"),
    "ending": ("svg", "csv"),
}
# Addresses without a part, which `addresses` need not be told of otherwise.
_WHOLE = {
    *("api-root", "changes", "stats", "releases", "latest-release", "schema", "docs"),
    *("set_language", "robots", "sitemap", "security-txt"),
    *(f"{name}-list" for name in (*LISTS.values(), "engagements")),
    *(
        f"pages:{name}"
        for name in (
            *("home", "search", "changes", "cite", "releases", "feed"),
            *("timeline", "matrix", "network", "map"),
        )
    ),
}
_WITH_PARTS = {
    *("latest-file", "release", "release-file"),
    *(
        f"{name}-{action}"
        for name in (*LISTS.values(), "engagements")
        for action in ("detail", "revision", "revisions")
    ),
    *(
        f"pages:{name}"
        for name in (
            *("cite-file", "pair", "list", "record", "record-cite", "record-cite-file"),
            *("record-feed", "revisions", "revision", "revision-cite", "revision-cite-file"),
            *(f"{each}-file" for each in ("timeline", "matrix", "network", "map")),
        )
    ),
    # Whatever else is below /api/v1/.
    "",
}
KNOWN = _WHOLE | _WITH_PARTS


def addresses(name: str, route: str, thorough: bool) -> Iterator[str]:
    """Every address that a public route is asked at: for each record, or only for some of them."""
    path = re.sub(r"[\^$]|\\Z", "", route)
    if name == "":
        yield from (f"/{path}{each}" for each in ("none/", f"{CANARY}/", "meetings/a/b/c/"))
        return
    template = re.sub(r"\(\?P<(\w+)>(?:\[[^\]]*\](?:\{[\d,]+\}|\*)?)+\)", r"<\1>", path)
    template = re.sub(r"<\w+:(\w+)>", r"<\1>", template)
    seen = set()
    for number, found in enumerate(_filled(name, template, thorough)):
        assert not set("<>()") & set(found), found
        yield f"/{found}"
        if found.startswith("en/") and (thorough or number % 5 == 0):
            yield f"/vi/{found.removeprefix('en/')}"
        seen.add(found)
    assert seen


def _filled(name: str, template: str, thorough: bool) -> Iterator[str]:
    """Yield a route with its parts filled in."""
    of_a_record = re.search("<slug>|<key>", template)
    parts = [each for each in re.findall(r"<(\w+)>", template) if each in _PARTS]
    filled = list(itertools.product(*(_PARTS[each] for each in parts)))
    for number, (kind, key) in enumerate(_records(name, template)):
        found = template.replace("<kind>", kind)
        for part in ("<slug>", "<key>"):
            found = found.replace(part, key)
        # Of one record all of its revisions and forms, of the others one after the other.
        some = filled if thorough or not of_a_record else [filled[number % len(filled)]]
        for values in some:
            whole = found
            for part, value in zip(parts, values, strict=True):
                whole = whole.replace(f"<{part}>", value)
            yield whole


def _records(name: str, template: str) -> Iterator[tuple[str, str]]:
    """Yield the kinds and keys that a route is filled in with."""
    listed = name.rpartition("-")[0]
    if "<kind>" not in template and "<slug>" not in template:
        yield "", ""
        return
    for kind, keys in KEYS.items():
        segment = "claims" if kind == "total" else LISTS[kind]
        if "<slug>" in template:
            of_timeline = listed == "engagements" and kind in ("agreement", "meeting", "exercise")
            if listed != LISTS[kind] and not of_timeline:
                continue
        yield from ((segment, key) for key in (keys if "<key>" in template or listed else keys[:1]))


def schema() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8"))


def parameters(document: dict[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """(path, parameter, values) of every query that the API's document describes."""
    for path, operations in document["paths"].items():
        for parameter in operations["get"].get("parameters", ()):
            if parameter["in"] != "query":
                continue
            shape = parameter["schema"]
            shape = shape.get("items", shape)
            name = shape.get("$ref", "").rpartition("/")[2]
            shape = document["components"]["schemas"][name] if name else shape
            allowed = [str(each) for each in shape.get("enum", ()) if each is not None]
            given = parameter["name"]
            assert given in VALUES or allowed, f"{path}: no values for {given}"
            yield path, given, [*VALUES.get(given, ()), *allowed]


def public_probes(thorough: bool = False) -> Iterator[Probe]:
    """Everything that is asked. `thorough` asks every page for what lists are asked for."""
    for name, route in routes():
        if not is_of_the_desk(route):
            assert name in KNOWN, f"{name or route}: no probe knows this address"
            yield from _of_address(name, route, thorough)
    yield from _of_api(thorough)
    yield from _combined()
    for path in ("/", "/meetings/", "/static/agreements/icon.svg", "/none", "/.well-known/none"):
        yield Probe(path)
        yield Probe(path, header=("Accept-Language", "vi"))
    for slug in KEYS["meeting"]:
        yield Probe(f"/meetings/{slug}/")
        yield Probe(f"/api/v1/meetings/{slug}")


def _of_address(name: str, route: str, thorough: bool) -> Iterator[Probe]:
    canaries = 0
    for number, path in enumerate(addresses(name, route, thorough)):
        yield Probe(path)
        canaries += CANARY in path
        if number == 0 or canaries == 1 or thorough:
            yield from (Probe(path, method) for method in ("HEAD", "OPTIONS", "POST"))
            for condition, etag in (("If-None-Match", "*"), ("If-Match", '"another"')):
                yield Probe(path, header=(condition, etag))
            yield _asked(path, {"as_of": _MOMENTS[2]})
            canaries += 1
    if name == "set_language":
        form = f"language=vi&next=/en/meetings/{CANARY}/"
        yield Probe(f"/{route}", "POST", form=form)
    if name.startswith("pages:") and "<key" not in route and "<one" not in route:
        values = VALUES if thorough else _AIMED
        for number, path in enumerate(addresses(name, route, thorough)):
            wholly = name.removeprefix("pages:") in _WHOLLY_ASKED_PAGES and number == 0
            asked = values if wholly or thorough else {"q": [CANARY], "country": ["KH"]}
            for parameter, wanted in asked.items():
                yield from (_asked(path, {parameter: each}) for each in wanted)


def _of_api(thorough: bool) -> Iterator[Probe]:
    document = schema()
    lists = [path for path in document["paths"] if "{" not in path]
    for path, name, values in parameters(document):
        if "{" in path:
            continue
        # What all lists have in common is tried on one of them.
        some = values if thorough or path.split("/")[3] in _WHOLLY_ASKED else values[:1]
        yield from (_asked(path, {name: each}) for each in some)
    for path in lists:
        yield from (
            Probe(path, header=("Accept", each)) for each in _ACCEPTED[: 4 if thorough else 1]
        )
        yield from (_asked(path, {"format": form}) for form in ("csv", "ndjson", CANARY))
        yield _asked(path, {CANARY: "1"})
        yield _asked(path, {"review_state": "draft"})


def filters_of_the_api() -> Iterator[Probe]:
    """Every filter of every list of records, with one value at a time."""
    for path, name, values in parameters(schema()):
        if "{" not in path and name not in _NO_FILTERS and path != "/api/v1/stats/":
            yield from (_asked(path, {name: each, "page_size": "100"}) for each in values)


def _combined() -> Iterator[Probe]:
    """Questions whose parts are harmless."""
    timeline = "/api/v1/engagements/"
    for country, role in itertools.product(("KH", "VN"), ("guest", "observer", "host")):
        yield _asked(timeline, {"country": country, "role": role, "count": "true"})
    for one, other in itertools.pairwise(DIMENSIONS):
        yield _asked("/api/v1/stats/", {"by": f"{one},{other}"})
    for name, values in _AIMED.items():
        for value in values[:1]:
            yield _asked("/api/v1/stats/", {"by": "year", name: value})
            yield _asked(timeline, {name: value, "count": "true", "page_size": "1"})
            yield _asked(timeline, {name: value, "format": "csv"})
            yield _asked("/api/v1/changes/", {name: value, "count": "true"})
    for ordering in ORDERS:
        yield _asked(timeline, {"ordering": ordering, "page_size": "2", "count": "true"})
    for kind, listed in LISTS.items():
        for fields in ("slug", "title,citations", "links", "participants", "names", "records"):
            yield _asked(f"/api/v1/{listed}/", {"fields": fields, "page_size": "100"})
        yield _asked("/api/v1/changes/", {"kind": kind, "count": "true"})
    for file in _FILES:
        yield Probe(f"/api/v1/releases/1.1.0/{file}", header=("Range", "bytes=0-40"))


def _asked(path: str, query: Mapping[str, str]) -> Probe:
    return Probe(f"{path}?{urlencode(query)}")


_NUMBERS = ("object_id", "change", "pk", "id", "document", "citation", "side", "delegate")


def desk_probes(keys: Mapping[str, list[Any]]) -> Iterator[Probe]:
    """Every page of the admin, at the numbers of canaries and at one that nothing has.

    `keys` are the numbers of each model's canaries.
    """
    for _name, route in routes():
        if not is_of_the_desk(route):
            continue
        path = re.sub(r"\^\(\?P<app_label>[a-z|]+\)/\$", "agreements/", route)
        path = path.replace("(?P<url>.*)$", "nowhere/")
        parts = re.findall(r"<(?:\w+:)?(\w+)>", path)
        model = path.split("/")[2] if path.count("/") > 2 else ""
        numbers = keys.get(model) or keys["meeting"]
        for number in (numbers[0], 10**9) if parts else (0,):
            found = path
            for part in parts:
                value = str(number) if part in _NUMBERS else _word(part)
                found = re.sub(rf"<(?:\w+:)?{part}>", value, found)
            for method in ("GET", "POST"):
                yield Probe(f"/{found}", method)
    for query in (
        f"term={CANARY}&app_label=agreements&model_name=meeting&field_name=series",
        f"term={CANARY}&app_label=agreements&model_name=force&field_name=country",
    ):
        yield Probe(f"/admin/autocomplete/?{query}")
    for model in keys:
        yield Probe(f"/admin/agreements/{model}/?q={CANARY}")
        yield Probe(f"/admin/agreements/{model}/?title__regex=(a%2B)%2B$")
    for page in ("", f"?next=/admin/agreements/meeting/{keys['meeting'][0]}/change/"):
        yield Probe(f"/admin/login/{page}")
        yield Probe(f"/admin/login/{page}", "POST", form=f"username={CANARY}&password=wrong")


def _word(part: str) -> str:
    return {"key": "overdue", "kind": "meeting", "passage": "citation-1", "held": "0" * 32}.get(
        part, "1"
    )
