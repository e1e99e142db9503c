"""Releases over HTTP: the list, a release, and its files whole and in parts."""

import hashlib

import pytest
from django.db import transaction
from django.urls import reverse

from agreements.releases.making import make
from tests import builders
from tests.builders import publish
from tests.public import get
from tests.released import releases_in

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/releases"


@pytest.fixture(autouse=True, scope="class")
def folder(class_database, tmp_path_factory):
    """Two releases, and the folder that they are kept in."""
    with releases_in(tmp_path_factory.mktemp("releases")) as kept:
        publish(builders.meeting("talks"))
        make("1.0.0", notes="The first one.")
        publish(builders.meeting("later-talks"))
        make("1.1.0")
        yield kept


def body(response) -> bytes:
    return b"".join(response.streaming_content)


class TestList:
    def test_names_every_release_the_newest_first(self, client):
        found = get(client, "releases/")["results"]
        assert [(each["version"], each["previous"]) for each in found] == [
            ("1.1.0", "1.0.0"),
            ("1.0.0", None),
        ]
        assert found[1]["notes"] == "The first one."
        assert found[0]["url"] == "http://testserver/api/v1/releases/1.1.0/"
        assert get(client, "")["releases"] == "http://testserver/api/v1/releases/"

    def test_comes_as_csv_and_json_lines_too(self, client):
        table = body(client.get(f"{ROOT}/", {"format": "csv"})).decode().splitlines()
        assert [row.partition(",")[0] for row in table] == ["version", "1.1.0", "1.0.0"]
        records = body(client.get(f"{ROOT}/", {"format": "ndjson"})).splitlines()
        assert len(records) == 2

    def test_has_another_etag_with_every_release_and_not_before(self, client):
        before = client.get(f"{ROOT}/")["ETag"]
        assert client.get(f"{ROOT}/", headers={"If-None-Match": before}).status_code == 304
        with transaction.atomic():
            make("1.2.0")
            after = client.get(f"{ROOT}/", headers={"If-None-Match": before})
            assert after.status_code == 200
            assert after["ETag"] != before
            transaction.set_rollback(True)

    def test_takes_no_other_parameter(self, client):
        refused = get(client, "releases/", 400, page_size=1)
        assert [fault["parameter"] for fault in refused["errors"]] == ["page_size"]


class TestRelease:
    def test_names_its_files_where_they_are(self, client, folder):
        found = get(client, "releases/1.0.0/")
        names = {path.name for path in (folder / "1.0.0").iterdir()}
        assert {each["name"] for each in found["files"]} == names
        for each in found["files"]:
            response = client.get(each["url"])
            content = body(response)
            assert response["Content-Type"] == each["media_type"]
            assert hashlib.sha256(content).hexdigest() == each["sha256"]
            assert len(content) == each["bytes"] == int(response["Content-Length"])

    def test_counts_its_rows(self, client):
        assert get(client, "releases/1.0.0/")["counts"]["meetings"] == 1
        assert get(client, "releases/1.1.0/")["counts"]["meetings"] == 2

    def test_may_be_kept_for_ever(self, client):
        response = client.get(f"{ROOT}/1.0.0/")
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        again = client.get(f"{ROOT}/1.0.0/", headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 304

    @pytest.mark.parametrize(
        "version", ["2.0.0", "x", "1.0.0%00", "1.0.0%0A", "%2e%2e", "1.0", "９.0.0"]
    )
    def test_that_never_was_is_a_problem(self, client, version):
        response = client.get(f"{ROOT}/{version}/")
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"
        assert "immutable" not in response["Cache-Control"]

    def test_without_its_slash_leads_to_itself(self, client):
        response = client.get(f"{ROOT}/1.0.0")
        assert response.status_code == 301
        assert response["Location"].endswith("/api/v1/releases/1.0.0/")


class TestLatest:
    @pytest.mark.parametrize("file", ["", "meetings.csv"])
    def test_leads_to_the_newest(self, client, file):
        response = client.get(f"{ROOT}/latest/{file}")
        assert response.status_code == 302
        assert response["Location"] == f"http://testserver/api/v1/releases/1.1.0/{file}"
        assert "immutable" not in response["Cache-Control"]

    def test_of_a_file_is_found_by_who_reads_nothing_else(self, client):
        response = client.get(f"{ROOT}/latest/meetings.csv", headers={"Accept": "text/csv"})
        assert response.status_code == 302

    def test_of_no_file_is_none(self, client):
        assert client.get(f"{ROOT}/latest/nothing.csv").status_code == 404

    @pytest.mark.parametrize("file", ["", "meetings.csv", "nothing.csv"])
    def test_has_no_other_format(self, client, file):
        response = client.get(f"{ROOT}/latest/{file}", {"format": "xml"})
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"


class TestFile:
    def test_is_known_by_its_sha256(self, client, folder):
        content = (folder / "1.0.0" / "meetings.csv").read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        response = client.get(f"{ROOT}/1.0.0/meetings.csv")
        assert body(response) == content
        assert response["ETag"] == etag
        held = client.get(f"{ROOT}/1.0.0/meetings.csv", headers={"If-None-Match": etag})
        assert (held.status_code, held["ETag"]) == (304, etag)

    def test_comes_to_be_kept_and_not_to_be_shown(self, client):
        response = client.get(f"{ROOT}/1.0.0/README.md")
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["Content-Disposition"] == 'attachment; filename="README.md"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Content-Range" in response["Access-Control-Expose-Headers"]

    def test_head_tells_its_size(self, client, folder):
        response = client.head(f"{ROOT}/1.0.0/meetings.parquet")
        size = (folder / "1.0.0" / "meetings.parquet").stat().st_size
        assert int(response["Content-Length"]) == size
        assert response["Accept-Ranges"] == "bytes"
        assert response.content == b""

    @pytest.mark.parametrize(
        "file",
        ["never.csv", ".lock", "..", "%2e%2e%2f.lock", "..%2f1.1.0%2fmeetings.csv", "meetings.csv/",
         "meetings.csv%00", "meetings.csv%0A", "MEETINGS.CSV"],
    )  # fmt: skip
    def test_that_the_release_does_not_name_is_a_problem(self, client, file):
        response = client.get(f"{ROOT}/1.0.0/{file}")
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"

    def test_that_is_not_there_is_a_problem_whatever_is_accepted(self, client):
        response = client.get(f"{ROOT}/1.0.0/never.csv", headers={"Accept": "text/csv"})
        assert response.status_code == 404

    def test_that_was_lost_is_a_problem(self, client, folder):
        lost = folder / "1.0.0" / "links.csv"
        content = lost.read_bytes()
        lost.unlink()
        assert client.get(f"{ROOT}/1.0.0/links.csv").status_code == 404
        lost.write_bytes(content)

    @pytest.mark.parametrize("accept", ["text/csv", "text/*", "*/*", "text/html, */*;q=0.1"])
    def test_comes_in_its_own_form(self, client, accept):
        response = client.get(f"{ROOT}/1.0.0/meetings.csv", headers={"Accept": accept})
        assert response.status_code == 200
        assert response["Content-Type"] == "text/csv; charset=utf-8"

    def test_takes_no_parameter(self, client):
        response = client.get(f"{ROOT}/1.0.0/meetings.csv", {"fields": "slug"})
        assert response.status_code == 400


class TestParts:
    @pytest.mark.parametrize(
        ("asked", "part"),
        [
            ("bytes=0-9", slice(0, 10)),
            ("bytes=10-", slice(10, None)),
            ("bytes=-12", slice(-12, None)),
            ("bytes=5-5", slice(5, 6)),
            ("bytes=5-999999999", slice(5, None)),
            ("bytes=-999999999", slice(None)),
        ],
    )
    def test_are_the_bytes_that_were_asked_for(self, client, folder, asked, part):
        content = (folder / "1.0.0" / "meetings.csv").read_bytes()
        response = client.get(f"{ROOT}/1.0.0/meetings.csv", headers={"Range": asked})
        expected = content[part]
        assert response.status_code == 206
        assert body(response) == expected
        start = content.index(expected)
        said = f"bytes {start}-{start + len(expected) - 1}/{len(content)}"
        assert response["Content-Range"] == said
        assert int(response["Content-Length"]) == len(expected)
        assert response["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'

    @pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
    def test_outside_of_the_file_are_refused_with_its_size(self, client, folder, asked):
        size = (folder / "1.0.0" / "meetings.csv").stat().st_size
        response = client.get(f"{ROOT}/1.0.0/meetings.csv", headers={"Range": asked})
        assert response.status_code == 416
        assert response["Content-Range"] == f"bytes */{size}"
        assert response["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize(
        "asked", ["bytes=0-1,4-5", "lines=0-1", "bytes=9-2", "bytes=x-", "", "bytes=" + "9" * 30]
    )
    def test_that_cannot_be_read_are_the_whole(self, client, folder, asked):
        response = client.get(f"{ROOT}/1.0.0/meetings.csv", headers={"Range": asked})
        assert response.status_code == 200
        assert body(response) == (folder / "1.0.0" / "meetings.csv").read_bytes()

    def test_of_another_file_than_the_reader_began_with_are_the_whole(self, client):
        address = f"{ROOT}/1.0.0/meetings.csv"
        etag = client.head(address)["ETag"]
        for known, status in ((etag, 206), ('"another"', 200), ("Sun, 01 Nov 2026", 200)):
            response = client.get(address, headers={"Range": "bytes=0-9", "If-Range": known})
            assert response.status_code == status


class TestDesk:
    def test_lists_releases_and_leads_to_their_files(self, client, django_user_model):
        with transaction.atomic():
            client.force_login(django_user_model.objects.create_superuser("analyst"))
            listing = client.get(reverse("admin:agreements_release_changelist"))
            assert [each.version for each in listing.context["cl"].result_list] == [
                "1.1.0",
                "1.0.0",
            ]
            newest = listing.context["cl"].result_list[0]
            page = client.get(reverse("admin:agreements_release_change", args=[newest.pk]))
            text = page.content.decode()
            assert newest.head_sha256 in text
            for name, facts in newest.files.items():
                assert f'href="/api/v1/releases/1.1.0/{name}"' in text
                assert facts["sha256"] in text
            assert 'name="_save"' not in text
            transaction.set_rollback(True)
