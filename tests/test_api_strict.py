"""Bad input gets a 400 or a 404 that names it: never a 500, and never silence."""

import pytest
from django.test import Client

from tests import builders
from tests.builders import publish
from tests.public import PATHS

pytestmark = pytest.mark.django_db

DATED = ["agreements", "meetings", "exercises", "engagements", "documents"]


@pytest.fixture(autouse=True, scope="class")
def talks(class_database):
    publish(builders.meeting("talks"))


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def problem(response, status: int = 400):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status
    return response.json()


def refused(response, parameter: str, status: int = 400) -> str:
    """Assert that a parameter is named as the fault; return what is said of it."""
    faults = {fault["parameter"]: fault["detail"] for fault in problem(response, status)["errors"]}
    assert parameter in faults
    assert faults[parameter]
    return faults[parameter]


class TestNames:
    @pytest.mark.parametrize("path", [*PATHS, "changes", "schema", "docs", "."])
    @pytest.mark.parametrize(
        "name", ["colour", "_connector", "country__name", "Country", "id", "q[]"]
    )
    def test_an_unknown_parameter(self, client, path, name):
        response = client.get(f"/api/v1/{path}/".replace("./", ""), {name: "OR"})
        assert "Known: " in refused(response, name)

    @pytest.mark.parametrize("path", ["", "revisions/", "revisions/1/"])
    def test_an_unknown_parameter_of_a_record(self, client, path):
        refused(client.get(f"/api/v1/meetings/talks/{path}", {"colour": "red"}), "colour")

    @pytest.mark.parametrize(
        "name",
        ["q", "status", "ordering", "as_of", "fields", "page_size", "cursor", "count", "topic"],
    )
    def test_one_that_stands_twice(self, client, name):
        response = client.get("/api/v1/meetings/", {name: ["title", "title"]})
        assert refused(response, name) == "Give it once."

    @pytest.mark.parametrize(
        "name",
        [
            *("country", "force", "role", "status", "topic", "document", "series", "ordinal"),
            *("instrument", "activity", "level", "date_from", "date_to", "date_certain"),
            *("undated", "disputed", "overdue", "q", "ordering", "as_of", "fields", "page_size"),
            *("cursor", "count"),
        ],
    )
    def test_one_without_a_value(self, client, name):
        for query in (f"{name}=", name):
            assert refused(client.get(f"/api/v1/engagements/?{query}"), name)

    def test_every_one_of_several_is_named(self, client):
        response = client.get("/api/v1/meetings/?colour=red&status=signed&status=held&q=")
        faults = [fault["parameter"] for fault in problem(response)["errors"]]
        assert faults == ["colour", "status", "q"]


class TestValues:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("ordering", "nonsense"),
            ("ordering", "sequence"),
            ("ordering", "title,date"),
            ("ordering", "--date"),
            ("fields", "nonsense"),
            ("fields", "title,__class__"),
            ("fields", "title,,slug"),
            ("fields", "title,title"),
            ("fields", ",".join(["title"] * 5000)),
            ("status", "nonsense"),
            ("status", "HELD"),
            ("country", "XX"),
            ("country", "Vietnam"),
            ("country", "VN,JP"),
            ("country", "V\u200fN"),
            ("country", "ß"),
            ("country", "Vﬁ"),
            ("place", "ß"),
            ("place", "ß:Hanoi"),
            ("force", "../force"),
            ("force", "never-was"),
            ("topic", "a" * 5000),
            ("document", "never-was"),
            ("series", "\u202eseries"),
            ("role", "captain"),
            ("level", "sea"),
            ("ordinal", "0"),
            ("ordinal", "1.5"),
            ("ordinal", "99999999999999999999"),
            ("date_certain", "1"),
            ("undated", "yes"),
            ("disputed", "True"),
            ("overdue", "maybe"),
            ("count", "1"),
            ("as_of", "now"),
            ("as_of", "2025-01-01T00:00:00 07:00"),
            ("as_of", "0001-01-01T00:00:00+14:00"),
            ("q", "a " * 11),
            ("q", "x" * 20_000),
            ("q", "---"),
            ("q", "\u200f\u202e"),
        ],
    )
    def test_one_that_cannot_be(self, client, name, value):
        refused(client.get("/api/v1/meetings/", {name: value}), name)

    @pytest.mark.parametrize("name", ["force", "topic", "document", "series"])
    @pytest.mark.parametrize("query", [{}, {"format": "csv"}, {"format": "ndjson"}, {"since": "0"}])
    def test_changes_of_what_never_was(self, client, name, query):
        response = client.get("/api/v1/changes/", {name: "never-was", **query})
        assert "ever published" in refused(response, name)
        known = {"force": "japan-coast-guard", "topic": "x", "document": "news-report"}
        if name in ("force", "document"):
            query = {**query, "since": "999"}
            answer = client.get("/api/v1/changes/", {name: known[name], **query})
            assert answer.status_code == 200

    @pytest.mark.parametrize("path", DATED)
    @pytest.mark.parametrize("name", ["date_from", "date_to"])
    @pytest.mark.parametrize(
        "value",
        [
            *("0000-00-00", "0000", "10000-01-01", "2023-02-30", "2023-13", "2023-1-1", "2023-00"),
            *("2015~", "XXXX-07", "2015/2017", "../2025", "201X", "today", "２０２３", "-2023"),
            *("2023-02-21T00:00:00", "2023-02-21 ", "1700000000"),
        ],
    )
    def test_a_date_that_is_none(self, client, path, name, value):
        refused(client.get(f"/api/v1/{path}/", {name: value}), name)

    @pytest.mark.parametrize("value", ["-1", "1e3", "x", "9" * 30])
    def test_a_since_that_is_no_sequence(self, client, value):
        refused(client.get("/api/v1/changes/", {"since": value}), "since")

    @pytest.mark.parametrize("value", ["nonsense", "Meeting", "engagement"])
    def test_a_kind_that_is_none(self, client, value):
        refused(client.get("/api/v1/changes/", {"kind": value}), "kind")


class TestBytes:
    @pytest.mark.parametrize(
        "name",
        ["q", "country", "force", "status", "topic", "ordering", "fields", "as_of", "cursor"],
    )
    @pytest.mark.parametrize(
        "value", ["%00", "a%00b", "%FF", "%C3%28", "%ED%A0%80", "%c0%af", "caf%E9"]
    )
    def test_that_are_not_text(self, client, name, value):
        refused(client.get(f"/api/v1/engagements/?{name}={value}"), name)

    def test_that_are_not_text_and_not_escaped(self, client):
        response = client.get("/api/v1/meetings/", QUERY_STRING="q=caf\xe9")
        refused(response, "q")

    @pytest.mark.parametrize("name", ["%00", "q%00", "%FF"])
    def test_that_are_not_a_name(self, client, name):
        assert problem(client.get(f"/api/v1/meetings/?{name}=1"))["errors"]

    def test_a_name_of_5000_characters(self, client):
        faults = problem(client.get("/api/v1/meetings/", {"x" * 5000: "1"}))["errors"]
        assert faults[0]["parameter"] == "x" * 50


class TestNumbers:
    def test_2000_parameters(self, client):
        query = "&".join(f"p{number}=1" for number in range(2000))
        assert problem(client.get(f"/api/v1/meetings/?{query}"))["errors"]

    def test_2000_parameters_to_every_address(self, client):
        query = "&".join(f"p{number}=1" for number in range(2000))
        for path in ("", "changes/", "schema/", "docs/", "meetings/talks/", "forces/"):
            assert problem(client.get(f"/api/v1/{path}?{query}"))["errors"]

    @pytest.mark.parametrize("values", [11, 500, 5000])
    def test_a_list_of_thousands(self, client, values):
        for name, value in (("country", "VN"), ("force", "vietnam-coast-guard")):
            response = client.get("/api/v1/meetings/", {name: [value] * values})
            assert problem(response)["errors"]

    def test_a_search_of_ten_words_is_not_too_long(self, client):
        assert client.get("/api/v1/meetings/", {"q": "talks " * 10}).status_code == 200


class TestPaths:
    @pytest.mark.parametrize("path", [*PATHS, "nothing"])
    @pytest.mark.parametrize(
        "key",
        [
            *("%00", "talks%00", "%FF", "%ED%A0%80", "a" * 5000, "..", "%2e%2e", "%2e%2e%2f"),
            *("%E2%80%8Ftalks", "talks%E2%80%AE", "%20talks", "talks%0A", "ta%25lks", "'", "%2F"),
            *("never-was", "Talks", "t%C3%A0lks", "talks;", "1"),
        ],
    )
    def test_a_key_that_is_none(self, client, path, key):
        problem(client.get(f"/api/v1/{path}/{key}/"), 404)
        problem(client.get(f"/api/v1/{path}/{key}/revisions/"), 404)
        problem(client.get(f"/api/v1/{path}/{key}/revisions/1/"), 404)

    @pytest.mark.parametrize("path", ["../", "..%2f", "meetings/../../", "v1/", "nothing", "//"])
    def test_an_address_that_is_none(self, client, path):
        problem(client.get(f"/api/v1/{path}"), 404)

    @pytest.mark.parametrize(
        "query", ["lang=%0A", "version=a%0Ab", "lang=xx", "version=2", "url=//x"]
    )
    def test_the_description_takes_no_more_than_it_says(self, client, query):
        for path in ("schema", "docs"):
            problem(client.get(f"/api/v1/{path}/?{query}"))
