"""One record, in public: its shape, its past, and what becomes of it."""

import pytest

from agreements import workflow
from agreements.models import (
    Delegate,
    EngagementLink,
    EngagementTopic,
    Person,
    PersonName,
    Publication,
    ReportedTotal,
    Series,
)
from tests import builders
from tests.builders import VCG, publish
from tests.public import LISTS, get, slugs

pytestmark = pytest.mark.django_db

STAMP = {"revision", "published_at", "sha256"}
ENGAGEMENT = {
    *("kind", "slug", "title", "summary", "status", "date", "location", "participants"),
    *("topics", "series", "ordinal", "links", "citations"),
    *STAMP,
}
KEYS = {
    "country": {"code", "alpha3", "name", "names", *STAMP},
    "force": {
        *("slug", "name", "names", "kind", "country", "established", "parent", "predecessor"),
        *("citations", *STAMP),
    },
    "topic": {"slug", "name", "labels", *STAMP},
    "series": {"slug", "title", "summary", "citations", *STAMP},
    "document": {
        *("slug", "title", "publisher", "author", "language", "published", "url", "sha256"),
        *("origin", "note", "records", "revision", "published_at", "ledger_sha256"),
    },
    "agreement": ENGAGEMENT
    | {"instrument", "title_as_given", "binding", "ambit", "entered_into_force", "terminated"}
    | {"identified"},
    "meeting": ENGAGEMENT | {"level", "modality", "outcomes"},
    "exercise": ENGAGEMENT | {"activity", "count_stated", "vessels", "area"},
    "total": {
        *("slug", "title", "what", "count", "approximate", "as_of", "force", "countries"),
        *("criteria", "document", "locator", "quote", "verified", "note", "recorded", "gap"),
        *STAMP,
    },
}
CITATION = {
    *("field", "document", "locator", "quote", "stance", "stated_value", "inferred"),
    *("confidence", "verified", "note"),
}


@pytest.mark.usefixtures("shipped_for_class")
class TestShape:
    @pytest.mark.parametrize("kind", LISTS)
    def test_has_exactly_the_keys_of_its_kind(self, client, kind):
        records = get(client, f"{LISTS[kind]}/", page_size=100)["results"]
        assert records
        assert {frozenset(record) for record in records} == {frozenset(KEYS[kind])}

    @pytest.mark.parametrize("kind", LISTS)
    def test_is_the_same_alone_and_in_a_list(self, client, kind):
        for record in get(client, f"{LISTS[kind]}/", page_size=3)["results"]:
            key = record.get("slug") or record["code"]
            assert get(client, f"{LISTS[kind]}/{key}/") == record

    @pytest.mark.parametrize("kind", LISTS)
    def test_carries_the_stamp_of_its_row(self, client, kind):
        for record in get(client, f"{LISTS[kind]}/", page_size=100)["results"]:
            key = record.get("slug") or record["code"]
            row = Publication.objects.current().get(kind=kind, slug=key)
            assert record.get("ledger_sha256", record["sha256"]) == row.sha256
            assert record["revision"] == row.revision
            assert record["published_at"].endswith("Z")

    @pytest.mark.parametrize("kind", LISTS)
    def test_a_first_revision_is_the_record_as_it_was_first_published(self, client, kind):
        record = get(client, f"{LISTS[kind]}/", page_size=1)["results"][0]
        key = record.get("slug") or record["code"]
        first = get(client, f"{LISTS[kind]}/{key}/revisions/1/")
        assert set(first) == KEYS[kind]
        assert first == get(client, f"{LISTS[kind]}/{key}/", as_of=first["published_at"])

    def test_nested_objects_have_exactly_their_keys(self, client):
        for record in get(client, "engagements/", page_size=100)["results"]:
            assert record["date"] is None or set(record["date"]) == {"edtf", "earliest", "latest"}
            assert record["location"] is None or set(record["location"]) == {"name", "country"}
            assert record["series"] is None or set(record["series"]) == {"slug", "title"}
            assert all(isinstance(topic, str) for topic in record["topics"])
            for side in record["participants"]:
                assert set(side) == {"country", "force", "role", "delegates"}
                assert set(side["country"]) == {"code", "name"}
                assert side["force"] is None or set(side["force"]) == {"slug", "name"}
                for delegate in side["delegates"]:
                    assert set(delegate) >= {"name", "position", "role"}
            for link in record["links"]:
                assert set(link) == {"relation", "kind", "slug", "title"}
            for citation in record["citations"]:
                assert set(citation) == CITATION
                assert set(citation["document"]) == {"slug", "title", "publisher", "sha256"}

    def test_a_document_is_named_with_the_same_sha256_everywhere(self, client):
        own = {
            record["slug"]: record["sha256"]
            for record in get(client, "documents/", page_size=100)["results"]
        }
        for record in get(client, "engagements/", page_size=100)["results"]:
            for citation in record["citations"]:
                assert citation["document"]["sha256"] == own[citation["document"]["slug"]]

    def test_the_timeline_holds_the_three_kinds(self, client):
        records = get(client, "engagements/", page_size=100)["results"]
        assert {record["kind"] for record in records} == {"agreement", "meeting", "exercise"}

    def test_a_country_is_at_its_alpha_2_code(self, client):
        assert get(client, "countries/VN/")["alpha3"] == "VNM"
        assert get(client, "countries/VNM/", 404)["status"] == 404

    def test_no_text_of_a_document_is_published(self, client):
        for record in get(client, "documents/", page_size=100)["results"]:
            assert "text" not in record

    @pytest.mark.parametrize("path", ["meetings", "countries/VN", "countries/VN/revisions/1"])
    def test_an_address_without_its_last_slash_leads_to_it(self, client, path):
        response = client.get(f"/api/v1/{path}", {"fields": "slug"})
        assert response.status_code == 301
        assert response["Location"].endswith(f"/api/v1/{path}/?fields=slug")

    def test_the_root_names_every_list(self, client):
        root = get(client, "")
        assert {*LISTS.values(), "engagements", "changes", "schema", "docs"} <= set(root)
        for address in root.values():
            assert client.get(address).status_code == 200


class TestAbsence:
    def test_is_null_or_an_empty_list(self, client):
        publish(builders.meeting("bare", sides=((VCG, "host"), ("KH", "guest"))))
        record = get(client, "meetings/bare/")
        for name in ("summary", "date", "location", "series", "ordinal", "level", "outcomes"):
            assert record[name] is None
        assert record["topics"] == record["links"] == []
        assert record["participants"][1]["force"] is None
        assert record["participants"][0]["delegates"] == []

    def test_a_force_without_more_has_nulls(self, client):
        publish(builders.force())
        record = get(client, "forces/vietnam-coast-guard/")
        assert record["established"] is record["parent"] is record["predecessor"] is None

    def test_a_total_without_a_force_has_null(self, client):
        publish(
            ReportedTotal.objects.create(
                slug="claim",
                title="A claim",
                what="meetings",
                count=3,
                counts="meetings",
                document=builders.document(),
                locator="paragraph 1",
            )
        )
        record = get(client, "totals/claim/")
        assert record["force"] is record["as_of"] is record["note"] is None
        assert record["countries"] == []
        assert (record["recorded"], record["gap"]) == (0, 3)


class TestRevisions:
    def test_each_edit_that_is_approved_adds_one(self, client):
        meeting = builders.meeting("talks", title="Talks")
        publish(meeting)
        meeting.title = "Talks in Hanoi"
        meeting.save()
        publish(meeting)
        past = get(client, "meetings/talks/revisions/")["results"]
        assert [row["revision"] for row in past] == [1, 2]
        assert past[0]["superseded_at"] == past[1]["published_at"]
        assert past[1]["superseded_at"] is None
        assert get(client, "meetings/talks/revisions/1/")["title"] == "Talks"
        assert get(client, "meetings/talks/revisions/2/") == get(client, "meetings/talks/")
        assert client.get(past[0]["url"]).status_code == 200

    def test_one_may_be_kept_for_ever(self, client):
        publish(builders.meeting("talks"))
        response = client.get("/api/v1/meetings/talks/revisions/1/")
        assert "immutable" in response["Cache-Control"]
        assert "immutable" not in client.get("/api/v1/meetings/talks/")["Cache-Control"]

    def test_one_of_a_document_tells_who_cited_it_then(self, client):
        publish(builders.meeting("first"))
        publish(builders.meeting("second"))
        address = "documents/news-report/"
        cited = get(client, f"{address}revisions/1/")["records"]
        assert "first" in [row["slug"] for row in cited]
        assert "second" not in [row["slug"] for row in cited]
        assert "second" in [row["slug"] for row in get(client, address)["records"]]

    @pytest.mark.parametrize(
        "number", ["0", "3", "-1", "01", "x", "999999999", "1e3", "99999999999"]
    )
    def test_there_is_no_other(self, client, number):
        publish(builders.meeting("talks"))
        assert get(client, f"meetings/talks/revisions/{number}/", 404)["status"] == 404

    def test_a_record_that_never_was_has_none(self, client):
        assert get(client, "meetings/never/revisions/", 404)["title"] == "Not Found"


class TestWithdrawn:
    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def withdrawn(cls, class_database):
        meeting = builders.meeting("talks")
        publish(meeting, builders.meeting("other-talks"))
        workflow.withdraw(builders.reload(meeting), "reviewer", "The report was retracted.")

    def test_is_gone_with_the_reason(self, client):
        response = client.get("/api/v1/meetings/talks/")
        assert response.status_code == 410
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["reason"] == "The report was retracted."
        assert "The report was retracted." in response.json()["detail"]

    def test_is_in_no_list(self, client):
        assert slugs(client, "meetings/") == ["other-talks"]
        assert slugs(client, "meetings/", q="talks") == ["other-talks"]
        assert get(client, "engagements/", count="true")["count"] == 1
        cited = get(client, "documents/news-report/")["records"]
        assert "talks" not in [row["slug"] for row in cited]

    def test_keeps_its_past(self, client):
        past = get(client, "meetings/talks/revisions/")["results"]
        assert [row["state"] for row in past] == ["published", "withdrawn"]
        assert past[1]["reason"] == "The report was retracted."
        assert get(client, "meetings/talks/revisions/1/")["slug"] == "talks"
        assert get(client, "meetings/talks/revisions/2/", 410)["status"] == 410


class TestMerged:
    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def merged(cls, class_database):
        double, kept = builders.meeting("double"), builders.meeting("kept")
        publish(double, kept)
        double, kept = builders.reload(double), builders.reload(kept)
        workflow.withdraw(double, "reviewer", "The same meeting.", successor=kept)

    @pytest.mark.parametrize("path", ["meetings", "engagements"])
    def test_leads_to_its_successor(self, client, path):
        response = client.get(f"/api/v1/{path}/double/")
        assert response.status_code == 301
        assert response["Location"].endswith("/api/v1/meetings/kept/")
        assert response["ETag"]
        assert client.get(response["Location"]).json()["slug"] == "kept"

    def test_takes_what_was_asked_along(self, client):
        response = client.get("/api/v1/meetings/double/", {"fields": "slug,title"})
        assert set(client.get(response["Location"]).json()) == {"slug", "title"}

    def test_names_its_successor_in_its_past(self, client):
        past = get(client, "meetings/double/revisions/")["results"]
        assert (past[1]["state"], past[1]["merged_into"]) == ("merged", "kept")


class TestDrafts:
    """What is not approved is nowhere."""

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def drafts(cls, class_database):
        """A meeting is published; a draft exists; and everything published was edited since."""
        meeting = builders.meeting("talks", title="Talks")
        publish(meeting)
        builders.meeting("secret-talks", title="Zanzibar talks")
        meeting.title = "Zanzibar"
        meeting.summary = "Zanzibar"
        meeting.series = Series.objects.create(slug="zanzibar", title="Zanzibar series")
        meeting.save()
        topic = builders.topic("zanzibar", "Zanzibar")
        EngagementTopic.objects.create(engagement=meeting, topic=topic)
        side = meeting.participants.first()
        person = Person.objects.create(slug="somebody", name="Zanzibar Somebody")
        PersonName.objects.create(person=person, text="Zanzibar", language="sw")
        Delegate.objects.create(participant=side, person=person, position="Head")
        builders.cite(meeting, "title", document=builders.document("zanzibar", title="Zanzibar"))
        target = builders.meeting("zanzibar-target", title="Zanzibar target")
        EngagementLink.objects.create(source=meeting, target=target, relation="announces")
        side.force.name = "Zanzibar Guard"
        side.force.save()
        report = builders.document()
        report.title = "Zanzibar report"
        report.save()

    @pytest.mark.parametrize("path", [*LISTS.values(), "engagements", "changes"])
    def test_are_in_no_list_and_no_count(self, client, path):
        response = client.get(f"/api/v1/{path}/", {"count": "true"})
        assert b"anzibar" not in response.content
        assert b"omebody" not in response.content
        assert response.json()["count"] == len(response.json()["results"])

    @pytest.mark.parametrize("path", [*LISTS.values(), "engagements"])
    def test_are_not_found_by_a_search(self, client, path):
        assert get(client, f"{path}/", q="zanzibar", count="true")["count"] == 0

    @pytest.mark.parametrize("name", ["topic", "series", "document"])
    def test_are_refused_as_what_never_was(self, client, name):
        draft = get(client, "meetings/", 400, **{name: "zanzibar"})["errors"]
        never = get(client, "meetings/", 400, **{name: "never-was"})["errors"]
        assert draft[0]["detail"].replace("zanzibar", "never-was") == never[0]["detail"]

    @pytest.mark.parametrize(
        "path",
        ["meetings/secret-talks", "topics/zanzibar", "series/zanzibar", "documents/zanzibar"],
    )
    def test_have_no_address_and_no_past(self, client, path):
        assert get(client, f"{path}/", 404)["status"] == 404
        assert get(client, f"{path}/revisions/", 404)["status"] == 404
