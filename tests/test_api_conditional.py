"""Whoever has an answer already is told so before any record is read; caches may rely on it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from agreements import kept, workflow
from agreements.dates import PartialDate
from agreements.models import Meeting
from tests.builders import meeting, publish
from tests.public import body, get

pytestmark = pytest.mark.django_db

# What is read from the ledger as it stands: the head tells whether it may have changed.
BY_HEAD = [
    *("meetings/", "meetings/?format=csv", "meetings/?format=ndjson", "meetings/?q=talks"),
    *("meetings/?count=true&page_size=1", "meetings/talks/", "meetings/talks/?fields=slug"),
    *("meetings/talks/revisions/", "documents/", "documents/news-report/", "totals/"),
    *("engagements/?overdue=false", "stats/", "stats/?by=partner,year&format=csv"),
    *("changes/", "changes/?since=1&format=ndjson"),
]
ALWAYS = ["", "schema/", "schema/?format=json", "docs/"]
REVISION = "meetings/talks/revisions/1/"


@pytest.fixture(autouse=True, scope="class")
def talks(class_database):
    publish(meeting("talks"), meeting("visit"))


def ask(client, path, **headers):
    return client.get(f"/api/v1/{path}", headers=headers)


class TestETags:
    @pytest.mark.parametrize("path", [*BY_HEAD, *ALWAYS, REVISION])
    def test_the_same_is_the_same_bytes(self, client, path):
        first = ask(client, path)
        kept.answers.clear()
        second = ask(Client(), path)
        assert first["ETag"] == second["ETag"]
        assert not first["ETag"].startswith("W/")
        assert body(first) == body(second)

    @pytest.mark.parametrize("path", BY_HEAD)
    def test_a_publication_changes_those_of_what_stands(self, client, path):
        before = ask(client, path)
        publish(meeting("more-talks"))
        after = ask(client, path, **{"If-None-Match": before["ETag"]})
        assert after.status_code == 200
        assert after["ETag"] != before["ETag"]

    @pytest.mark.parametrize("path", [*ALWAYS, REVISION])
    def test_no_publication_changes_those_of_what_never_does(self, client, path):
        before = ask(client, path)
        publish(meeting("more-talks"))
        assert ask(client, path, **{"If-None-Match": before["ETag"]}).status_code == 304

    def test_the_past_keeps_its_own(self, client):
        moment = get(client, "meetings/talks/")["published_at"]
        path = f"meetings/?as_of={moment}"
        before = ask(client, path)
        workflow.withdraw(Meeting.objects.get(slug="talks"), "reviewer", "A mistake.")
        assert ask(client, path, **{"If-None-Match": before["ETag"]}).status_code == 304
        assert body(ask(client, path)) == body(before)

    def test_differ_by_form_and_by_question(self, client):
        paths = ["meetings/", "meetings/?format=csv", "meetings/?format=ndjson", "exercises/"]
        found = {ask(client, path)["ETag"] for path in [*paths, "meetings/?q=talks", REVISION]}
        found.add(ask(client, "meetings/", Accept="text/csv")["ETag"])
        assert len(found) == 7

    def test_differ_by_host(self, client):
        with override_settings(ALLOWED_HOSTS=["one.example", "two.example"]):
            found = {
                client.get("/api/v1/meetings/", headers={"Host": host})["ETag"]
                for host in ("one.example", "two.example")
            }
        assert len(found) == 2

    def test_differ_by_the_key_that_signs_the_cursors(self, client):
        publish(*(meeting(f"talks-{number}") for number in range(3)))
        path = "meetings/?page_size=1"
        before = ask(client, path)
        kept.answers.clear()
        with override_settings(SECRET_KEY="another"):
            after = ask(client, path)
        assert body(before) != body(after)
        assert before["ETag"] != after["ETag"]

    def test_what_is_overdue_changes_with_the_day(self, client, monkeypatch):
        date = PartialDate.parse((timezone.now().date() + timedelta(days=1)).isoformat())
        publish(meeting("plan", status="planned", date=date))
        path = "meetings/?overdue=true"
        before = ask(client, path)
        assert before.json()["results"] == []
        later = timezone.now() + timedelta(days=2)
        monkeypatch.setattr(timezone, "now", lambda: later)
        after = ask(client, path, **{"If-None-Match": before["ETag"]})
        assert [record["slug"] for record in after.json()["results"]] == ["plan"]
        assert after["ETag"] != before["ETag"]


class TestNotModified:
    @pytest.mark.parametrize("path", BY_HEAD)
    def test_costs_one_look_at_the_head(self, client, path):
        etag = ask(client, path)["ETag"]
        with CaptureQueriesContext(connection) as queries:
            response = ask(client, path, **{"If-None-Match": etag})
        assert (response.status_code, response.content) == (304, b"")
        (query,) = queries
        assert '"body"' not in query["sql"]
        assert "LIMIT 1" in query["sql"]

    @pytest.mark.parametrize("path", [*ALWAYS, REVISION])
    def test_costs_nothing_where_nothing_can_change(self, client, path):
        etag = ask(client, path)["ETag"]
        with CaptureQueriesContext(connection) as queries:
            response = ask(client, path, **{"If-None-Match": etag})
        assert (response.status_code, len(queries)) == (304, 0)

    @pytest.mark.parametrize("path", [*BY_HEAD, *ALWAYS, REVISION])
    def test_has_the_headers_of_the_answer(self, client, path):
        whole = ask(client, path)
        response = ask(client, path, **{"If-None-Match": whole["ETag"]})
        for name in ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"):
            assert response.get(name) == whole.get(name), name

    def test_fits_the_weak_form_that_compression_makes_of_an_etag(self, client):
        etag = ask(client, "meetings/")["ETag"]
        for held in (f"W/{etag}", f'"other", W/{etag}', f'"other",{etag}'):
            assert ask(client, "meetings/", **{"If-None-Match": held}).status_code == 304

    @pytest.mark.parametrize("path", ["meetings/", "meetings/?format=csv", "meetings/talks/"])
    def test_any_etag_fits_what_there_is_and_not_what_there_is_not(self, client, path):
        assert ask(client, path, **{"If-None-Match": "*"}).status_code == 304
        assert ask(client, "meetings/never/", **{"If-None-Match": "*"}).status_code == 404
        assert ask(client, "meetings/?colour=red", **{"If-None-Match": "*"}).status_code == 400

    def test_is_never_said_of_what_was_withdrawn_since(self, client):
        etag = ask(client, "meetings/talks/")["ETag"]
        workflow.withdraw(Meeting.objects.get(slug="talks"), "reviewer", "A mistake.")
        response = ask(client, "meetings/talks/", **{"If-None-Match": etag})
        assert response.status_code == 410

    def test_is_said_to_head_as_well(self, client):
        etag = client.head("/api/v1/meetings/")["ETag"]
        response = client.head("/api/v1/meetings/", headers={"If-None-Match": etag})
        assert response.status_code == 304


class TestCaches:
    def test_may_keep_a_revision_for_good_and_ask_again_for_all_else(self, client):
        kept = ask(client, REVISION)["Cache-Control"].split(", ")
        assert {"public", "immutable", "max-age=31536000"} <= set(kept)
        for path in [*BY_HEAD, *ALWAYS]:
            asked = ask(client, path)["Cache-Control"].split(", ")
            assert set(asked) == {"public", "max-age=0", "must-revalidate"}, path

    @pytest.mark.parametrize("path", ["meetings/never/revisions/1/", "meetings/talks/revisions/2/"])
    def test_may_not_keep_that_there_is_nothing(self, client, path):
        response = ask(client, path)
        assert response.status_code == 404
        assert "immutable" not in response["Cache-Control"]

    def test_may_not_keep_that_a_withdrawal_has_no_text(self, client):
        workflow.withdraw(Meeting.objects.get(slug="talks"), "reviewer", "A mistake.")
        response = ask(client, "meetings/talks/revisions/2/")
        assert response.status_code == 410
        assert "immutable" not in response["Cache-Control"]

    @pytest.mark.parametrize("path", [*BY_HEAD, *ALWAYS, REVISION])
    def test_need_not_tell_readers_apart(self, client, path):
        plain = ask(client, path)
        told = set(filter(None, plain.get("Vary", "").split(", ")))
        assert told <= {"Accept"}
        other = ask(client, path, **{"Accept-Language": "vi", "Origin": "https://example.org"})
        assert body(other) == body(plain)
        assert "Content-Language" not in other

    def test_are_told_the_head_that_an_answer_rests_on(self, client):
        last = get(client, "changes/", page_size=100)["results"][-1]["sequence"]
        assert ask(client, "meetings/")["Ledger-Head"] == str(last)
        moment = get(client, "meetings/talks/")["published_at"]
        publish(meeting("more-talks"))
        assert ask(client, "meetings/")["Ledger-Head"] > str(last)
        assert ask(client, f"meetings/?as_of={moment}")["Ledger-Head"] == str(last)


class TestOtherPages:
    """Scripts of web pages elsewhere may read, and see what they need of the headers."""

    @pytest.mark.parametrize("path", [*BY_HEAD, *ALWAYS, REVISION, "meetings/never/", "nothing/"])
    def test_may_read_every_answer(self, client, path):
        response = ask(client, path, Origin="https://example.org")
        assert response["Access-Control-Allow-Origin"] == "*"
        assert {"ETag", "Link"} <= set(response["Access-Control-Expose-Headers"].split(", "))
        assert "Access-Control-Allow-Credentials" not in response

    def test_may_send_what_they_hold(self, client):
        response = client.options(
            "/api/v1/meetings/",
            headers={
                "Origin": "https://example.org",
                "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "if-none-match",
            },
        )
        assert response.status_code == 200
        assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        allowed = response["Access-Control-Allow-Headers"].lower().split(", ")
        assert "if-none-match" in allowed
        assert int(response["Access-Control-Max-Age"]) > 0


class TestLinks:
    def links(self, response):
        found = {}
        for each in response["Link"].split(", <"):
            address, _, attributes = each.lstrip("<").partition(">; ")
            found.setdefault(attributes.split('"')[1], []).append(address)
        return found

    def test_of_a_list_lead_to_its_neighbours_and_its_other_forms(self, client):
        first = ask(client, "meetings/?page_size=1")
        links = self.links(first)
        assert links["next"] == [first.json()["next"]]
        second = client.get(links["next"][0])
        assert self.links(second)["prev"] == [second.json()["previous"]]
        for address in links["alternate"]:
            assert client.get(address).status_code == 200
        assert len(links["alternate"]) == 2

    def test_of_a_record_lead_to_where_it_is_and_was(self, client):
        record = Meeting.objects.get(slug="talks")
        record.title = "Talks, revised"
        record.save()
        publish(record)
        links = self.links(ask(client, "meetings/talks/"))
        root = "http://testserver/api/v1/meetings"
        assert links["canonical"] == [f"{root}/talks/"]
        assert links["version-history"] == [f"{root}/talks/revisions/"]
        assert links["predecessor-version"] == [f"{root}/talks/revisions/1/"]
        assert links["collection"] == [f"{root}/"]
        for addresses in links.values():
            for address in addresses:
                if address.startswith("http://testserver"):
                    assert client.get(address).status_code == 200, address

    def test_of_a_revision_lead_to_what_stands_now(self, client):
        links = self.links(ask(client, REVISION))
        assert links["latest-version"] == ["http://testserver/api/v1/meetings/talks/"]
