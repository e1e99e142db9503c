"""The words that a published record is found by, folded. See agreements.text.fold."""

from collections.abc import Iterator
from typing import Any

from agreements.representations.published import Published
from agreements.text import folded

_OWN_TEXT = (
    "title",
    "name",
    "summary",
    "what",
    "outcomes",
    "area",
    "count_stated",
    "title_as_given",
    "publisher",
    "author",
    "code",
    "alpha3",
)


def searchable(body: dict[str, Any], published: Published) -> str:
    """Return a record's folded words: its own, and every name of those it involves."""
    return "".join(map(folded, dict.fromkeys(filter(None, _texts(body, published)))))


def _texts(body: dict[str, Any], published: Published) -> Iterator[str | None]:
    yield from (body.get(key) for key in _OWN_TEXT)
    yield from body.get("vessels", ())
    yield from _labels(body)
    location = body.get("location")
    if location:
        yield location["name"]
        if location["country"]:
            yield from _labels(published.body("country", location["country"]))
    if body.get("country"):
        yield from _labels(published.body("country", body["country"]["code"]))
    if body.get("series"):
        yield body["series"]["title"]
    for topic in body.get("topics", ()):
        yield from _labels(published.body("topic", topic))
    for participant in body.get("participants", ()):
        yield from _labels(published.body("country", participant["country"]["code"]))
        if participant["force"]:
            yield from _labels(published.body("force", participant["force"]["slug"]))
        for delegate in participant["delegates"]:
            yield delegate["name"]
            yield delegate["position"]
            yield from _labels(delegate)


def keys_searched(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what names the records of which a public form is found by more than it shows."""
    location, country = body.get("location"), body.get("country")
    if location and location["country"]:
        yield "country", location["country"]
    if country:
        yield "country", country["code"]
    yield from (("topic", slug) for slug in body.get("topics", ()))
    for participant in body.get("participants", ()):
        yield "country", participant["country"]["code"]
        if participant["force"]:
            yield "force", participant["force"]["slug"]


def _labels(body: dict[str, Any]) -> Iterator[str]:
    if body.get("name"):
        yield body["name"]
    for row in (*body.get("names", ()), *body.get("labels", ())):
        yield row["text"]
