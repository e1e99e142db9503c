"""An answer that was given is given again, as it was, until something is published."""

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from agreements import kept, workflow
from agreements.kept import Answers, Kept
from agreements.models import Meeting
from tests.builders import meeting, publish
from tests.public import body

pytestmark = pytest.mark.django_db

KEPT = [
    *("/api/v1/meetings/", "/api/v1/meetings/?q=talks&page_size=5", "/api/v1/meetings/talks/"),
    *("/api/v1/meetings/?as_of=2020-01-01", "/api/v1/stats/?by=country", "/api/v1/changes/"),
    *("/api/v1/meetings/talks/revisions/", "/api/v1/meetings/?format=csv&page_size=5"),
    *("/en/", "/vi/meetings/", "/en/meetings/talks/", "/en/feeds/changes.atom"),
]
NOT_KEPT = [
    *("/api/v1/meetings/?overdue=false", "/api/v1/meetings/?format=ndjson"),
    *("/api/v1/meetings/?unknown=1", "/api/v1/meetings/none/", "/en/meetings/none/"),
    "/admin/login/",
]


@pytest.fixture(autouse=True, scope="class")
def talks(class_database):
    publish(meeting("talks"), meeting("visit"))


def queries_of(client, address, **headers):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address, headers=headers)
    return response, len(queries)


class TestGivenAgain:
    @pytest.mark.parametrize("address", KEPT)
    def test_for_one_look_at_the_head(self, client, address):
        first = client.get(address)
        again, queries = queries_of(Client(), address)
        assert queries == 1
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert dict(again.items()) == dict(first.items())

    @pytest.mark.parametrize("address", KEPT)
    def test_to_whoever_has_it_as_a_304(self, client, address):
        """The same 304 that is found without anything kept."""
        etag = client.get(address)["ETag"]
        again, queries = queries_of(client, address, **{"If-None-Match": etag})
        assert (again.status_code, again.content, queries) == (304, b"", 1)
        kept.answers.clear()
        found = client.get(address, headers={"If-None-Match": etag})
        assert found.status_code == 304
        assert dict(again.items()) == dict(found.items())

    def test_a_304_stands_for_no_body(self, client):
        address = KEPT[0]
        whole = client.get(address)
        kept.answers.clear()
        for _ in range(2):
            response = client.get(address, headers={"If-None-Match": whole["ETag"]})
            assert response.status_code == 304
        assert client.get(address).content == whole.content
        assert client.get(address).content == whole.content

    @pytest.mark.parametrize("address", NOT_KEPT)
    def test_not_what_may_be_another_one(self, client, address):
        body(client.get(address))
        assert len(kept.answers) == 0


class TestUntilAPublication:
    @pytest.mark.parametrize("address", ["/api/v1/meetings/", "/en/meetings/"])
    def test_of_a_new_record(self, client, address):
        before = client.get(address)
        assert client.get(address).content == before.content
        publish(meeting("more-talks", title="More talks"))
        after = client.get(address)
        assert b"More talks" in after.content
        assert after["ETag"] != before["ETag"]
        held = client.get(address, headers={"If-None-Match": before["ETag"]})
        assert held.status_code == 200

    def test_that_withdraws_one(self, client):
        address = "/api/v1/meetings/talks/"
        assert client.get(address).status_code == 200
        talks = Meeting.objects.get(slug="talks")
        workflow.withdraw(talks, by="reviewer", reason="It was counted twice.")
        assert client.get(address).status_code == 410


class TestApart:
    def test_forms_languages_and_hosts_are(self, client):
        address = "/api/v1/meetings/?page_size=1"
        with override_settings(ALLOWED_HOSTS=["*"]):
            found = {
                client.get(address).content,
                client.get(address, headers={"Host": "other.example"}).content,
                client.get(f"{address}&format=csv").content,
                client.get(address, headers={"Accept": "text/csv"}).content,
                client.get("/en/meetings/").content,
                client.get("/vi/meetings/").content,
            }
        # The two in CSV are the same.
        assert len(found) == 5

    def test_schemes_are(self, client):
        address = "/api/v1/meetings/?page_size=1"
        plain, secure = client.get(address), client.get(address, secure=True)
        assert plain.json()["next"].startswith("http:")
        assert secure.json()["next"].startswith("https:")

    def test_a_host_that_is_refused_is_refused_again(self, client):
        address = "/api/v1/meetings/"
        assert client.get(address).status_code == 200
        assert client.get(address, headers={"Host": "other.example"}).status_code == 400

    def test_head_has_the_headers_and_no_body(self, client):
        address = "/api/v1/meetings/"
        whole = client.get(address)
        head = client.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head["ETag"] == whole["ETag"]

    def test_if_match_is_looked_at(self, client):
        address = "/api/v1/meetings/"
        etag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-Match": '"another"'}).status_code == 412
        assert client.get(address, headers={"If-Match": etag}).status_code == 200
        assert client.get(address, headers={"If-None-Match": "*"}).status_code == 304


class TestMemory:
    def test_is_bounded_and_keeps_what_was_asked_for_last(self):
        answers = Answers(100_000)
        for number in range(50):
            answers.keep((str(number),), Kept("head", '"etag"', {}, b"x" * 10_000))
            answers.get(("0",))
        found = [answers.get((str(number),)) is not None for number in range(50)]
        assert sum(found) == 8
        assert found[0]
        assert found[49]

    def test_one_too_large_is_not_kept(self):
        answers = Answers(10_000_000)
        answers.keep(("long",), Kept("head", '"etag"', {}, b"x" * 2_000_000))
        assert answers.get(("long",)) is None

    def test_none_at_all_keeps_nothing(self):
        answers = Answers(0)
        answers.keep(("short",), Kept("head", '"etag"', {}, b"x"))
        assert answers.get(("short",)) is None
