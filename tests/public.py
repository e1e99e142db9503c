"""Reading the API as its users do."""

import json

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


def slugs(client: Client, path: str, /, **query):
    return [record["slug"] for record in get(client, path, **query)["results"]]
