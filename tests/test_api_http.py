"""What every answer of the API is as HTTP: its methods, headers and refusals."""

import pytest

from agreements.releases.making import make
from tests import builders
from tests.builders import publish
from tests.public import PATHS, body, get
from tests.released import releases_in

pytestmark = pytest.mark.django_db

EVERY_PATH = [
    *(f"{path}/" for path in PATHS),
    *("", "changes/", "schema/", "docs/", "meetings/talks/", "meetings/talks/revisions/"),
    *("meetings/talks/revisions/1/", "meetings/never/", "nothing/here/"),
    *("releases/", "releases/1.0.0/", "releases/1.0.0/README.md"),
]


@pytest.fixture(autouse=True, scope="class")
def talks(class_database, tmp_path_factory):
    publish(builders.meeting("talks"))
    with releases_in(tmp_path_factory.mktemp("releases")):
        make("1.0.0")
        yield


class TestHeaders:
    @pytest.mark.parametrize("path", EVERY_PATH)
    @pytest.mark.parametrize("query", ["", "?nonsense=1", "?format=xml", "?q=%FF"])
    def test_every_answer_has_an_etag_and_may_be_read_from_any_page(self, client, path, query):
        response = client.get(f"/api/v1/{path}{query}")
        assert response.status_code in {200, 400, 404}
        assert response["ETag"]
        assert response["Access-Control-Allow-Origin"] == "*"

    @pytest.mark.parametrize("path", EVERY_PATH)
    def test_head_has_the_headers_of_get_and_no_body(self, client, path):
        head, got = client.head(f"/api/v1/{path}"), client.get(f"/api/v1/{path}")
        assert head.content == b""
        assert head.status_code == got.status_code
        assert head["ETag"] == got["ETag"]
        assert head["Content-Type"] == got["Content-Type"]

    def test_an_etag_stays_until_the_answer_changes(self, client):
        before = client.get("/api/v1/meetings/")["ETag"]
        assert client.get("/api/v1/meetings/")["ETag"] == before
        publish(builders.meeting("more-talks"))
        assert client.get("/api/v1/meetings/")["ETag"] != before

    @pytest.mark.parametrize("path", ["meetings/", "meetings/talks/", "changes/", "schema/"])
    def test_what_the_reader_has_is_not_sent_again(self, client, path):
        etag = client.get(f"/api/v1/{path}")["ETag"]
        response = client.get(f"/api/v1/{path}", headers={"If-None-Match": etag})
        assert (response.status_code, response.content) == (304, b"")

    @pytest.mark.parametrize(
        "garbage", ["garbage", '"', '"other"', "W/", ",,,", '"\xff"', "x" * 5000]
    )
    def test_a_garbled_if_none_match_gets_a_normal_answer(self, client, garbage):
        response = client.get("/api/v1/meetings/", headers={"If-None-Match": garbage})
        assert response.status_code == 200
        assert response.json()["results"]

    def test_a_304_can_be_read_from_any_page(self, client):
        etag = client.get("/api/v1/meetings/")["ETag"]
        response = client.get("/api/v1/meetings/", headers={"If-None-Match": etag})
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Ledger-Head"]
        assert "Content-Length" not in response

    @pytest.mark.parametrize("query", ["", "?format=csv"])
    def test_if_none_match_of_anything_is_met_by_what_is_there(self, client, query):
        anything = {"If-None-Match": "*"}
        assert client.get(f"/api/v1/meetings/{query}", headers=anything).status_code == 304
        assert client.get("/api/v1/meetings/never/", headers=anything).status_code == 404

    @pytest.mark.parametrize("path", ["meetings/", "meetings/?format=csv", "meetings/talks/"])
    def test_if_match_gets_the_answer_with_that_etag_or_412(self, client, path):
        etag = client.get(f"/api/v1/{path}")["ETag"]
        for held in (etag, f'"other", {etag}', "*"):
            response = client.get(f"/api/v1/{path}", headers={"If-Match": held})
            assert response.status_code == 200
        response = client.get(f"/api/v1/{path}", headers={"If-Match": '"other"'})
        assert response.status_code == 412
        assert response["Content-Type"] == "application/problem+json"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response.json()["status"] == 412

    def test_if_match_says_nothing_of_what_is_not_there(self, client):
        response = client.get("/api/v1/meetings/never/", headers={"If-Match": '"other"'})
        assert response.status_code == 404

    @pytest.mark.parametrize("path", EVERY_PATH)
    def test_no_answer_depends_on_the_language_of_the_reader(self, client, path):
        def answer(language):
            return client.get(f"/api/v1/{path}", headers={"Accept-Language": language})

        assert body(answer("en")) == body(answer("vi"))
        response = answer("vi")
        assert response.get("Content-Language", "en") == "en"
        assert "Accept-Language" not in response.get("Vary", "")

    def test_a_past_can_only_be_kept_if_it_is_asked_about_again(self, client):
        assert "must-revalidate" in client.get("/api/v1/meetings/")["Cache-Control"]


class TestMethods:
    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
    @pytest.mark.parametrize("path", EVERY_PATH)
    def test_only_reading_is_allowed(self, client, method, path):
        response = getattr(client, method)(f"/api/v1/{path}")
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, OPTIONS"
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == 405

    def test_a_body_makes_no_difference(self, client):
        for kind in ("application/json", "text/xml", "nonsense"):
            response = client.post("/api/v1/meetings/", "{not json", content_type=kind)
            assert response.status_code == 405

    @pytest.mark.parametrize("path", EVERY_PATH)
    def test_options_tell_what_is_allowed(self, client, path):
        response = client.options(f"/api/v1/{path}")
        assert response.status_code == 200
        assert response["Allow"] == "GET, HEAD, OPTIONS"


class TestNegotiation:
    @pytest.mark.parametrize("path", [path for path in EVERY_PATH if path not in {"docs/"}])
    @pytest.mark.parametrize("accept", ["text/html", "image/png", ";;;", "a/b/c", "*"])
    def test_an_accept_that_cannot_be_met_is_406(self, client, path, accept):
        response = client.get(f"/api/v1/{path}", headers={"Accept": accept})
        if path in {"nothing/here/", "meetings/never/"} and response.status_code == 404:
            return
        assert response.status_code == 406
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["title"] == "Not Acceptable"

    @pytest.mark.parametrize("accept", ["*/*", "application/json", "application/*, text/html"])
    def test_json_is_what_everybody_else_gets(self, client, accept):
        response = client.get("/api/v1/meetings/", headers={"Accept": accept})
        assert response["Content-Type"] == "application/json"

    def test_json_may_be_asked_for_by_name(self, client):
        assert get(client, "meetings/", format="json") == get(client, "meetings/")

    @pytest.mark.parametrize("path", EVERY_PATH)
    @pytest.mark.parametrize("format", ["%00", "xml", "%FF", "JSON", "html%0A"])
    def test_there_is_no_other_format(self, client, path, format):
        response = client.get(f"/api/v1/{path}?format={format}")
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"
        assert [fault["parameter"] for fault in response.json()["errors"]] == ["format"]
