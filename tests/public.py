"""Reading the API and the public pages as their users do."""

import html
import json
import re

from django.test import Client

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
# Every list of records, the timeline among them.
PATHS = [*LISTS.values(), "engagements"]


def parsed(response):
    """The JSON of an answer; a key that stands twice is a fault."""

    def once(pairs):
        assert len({name for name, _ in pairs}) == len(pairs), [name for name, _ in pairs]
        return dict(pairs)

    return json.loads(response.content, object_pairs_hook=once)


def get(client: Client, path: str, expected: int = 200, /, **query):
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == expected, response.content
    return parsed(response)


def body(response) -> bytes:
    """Everything that an answer holds, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def slugs(client: Client, path: str, /, **query):
    return [record["slug"] for record in get(client, path, **query)["results"]]


def read(client, address, expected=200, **query):
    """The text of a page, without its marks."""
    response = client.get(address, query)
    assert response.status_code == expected, response.content
    return text_of(response)


def text_of(response):
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()))


def linked(response):
    found = re.findall(r'href="([^"]*)"', response.content.decode())
    return [html.unescape(each) for each in found]


def listed(response):
    """The keys of the engagements that a page lists, in its order."""
    found = r'<h\d><a href="/\w\w/(?:agreements|meetings|exercises)/([^/"]+)/'
    return re.findall(found, response.content.decode())
