"""The shared cache of `docs/nginx-cache.md`: real nginx before a real server, over TLS."""

import csv
import io
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from tests.nginx import NGINX, OPENSSL, cached
from tests.servers import manage, running, serving

MISSING = "nginx or openssl is not there: apt-get install nginx-light openssl"
pytestmark = [
    pytest.mark.served,
    pytest.mark.skipif(not (NGINX and OPENSSL), reason=MISSING),
]

TALKS = "meetings/vcg-jcg-talks-hanoi-2023"
BECAUSE = ("--reason=The document was retracted.", "--by=reviewer")


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def front(prepared, state, tmp_path_factory):
    """A client of the cache, which the application is behind."""
    folder = tmp_path_factory.mktemp("nginx")
    with (
        serving(prepared, state, TRUSTED_PROXIES="1") as application,
        cached(application, folder) as address,
        reader(address, folder) as client,
    ):
        manage(state, "make_release", "1.0.0")
        yield client


@pytest.fixture
def withdraw(state):
    """Withdraw a record by its kind and slug, as an operator does."""
    return lambda record: manage(state, "withdraw", record, *BECAUSE)


def reader(address, folder):
    trusted = ssl.create_default_context(cafile=folder / "certificate.pem")
    return httpx.Client(base_url=address, verify=trusted, timeout=60)


def read(front, path, expected=200, **headers):
    response = front.get(f"/api/v1/{path}", headers=headers)
    assert response.status_code == expected, response.text
    return response


class TestKept:
    @pytest.mark.parametrize(
        "path",
        ["agreements/", f"{TALKS}/", "stats/?by=year", "forces/?format=csv", "changes/?since=100"],
    )
    def test_a_second_request_is_checked_and_sent_from_the_cache(self, front, path):
        first, second = read(front, path), read(front, path)
        assert first.headers["X-Cache"] == "MISS"
        assert second.headers["X-Cache"] == "REVALIDATED"
        assert second.content == first.content
        assert second.headers["ETag"] == first.headers["ETag"]
        assert "must-revalidate" in second.headers["Cache-Control"]

    def test_a_revision_is_sent_without_asking(self, front):
        first, second = (read(front, f"{TALKS}/revisions/1/") for _ in range(2))
        assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("MISS", "HIT")
        assert second.content == first.content

    def test_what_steers_the_cache_is_not_told_to_readers(self, front):
        assert not [name for name in read(front, "topics/").headers if name.startswith("x-accel")]

    def test_head_is_answered_from_it_too(self, front):
        etag = read(front, "series/").headers["ETag"]
        response = front.head("/api/v1/series/")
        assert response.headers["X-Cache"] == "REVALIDATED"
        assert (response.content, response.headers["ETag"]) == (b"", etag)

    def test_files_of_a_release_are_kept_whole_and_in_parts(self, front):
        plain = {"Accept-Encoding": "identity"}
        path = "releases/1.0.0/meetings.csv"
        first, second = (read(front, path, **plain) for _ in range(2))
        assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("MISS", "HIT")
        part = read(front, path, 206, Range="bytes=10-19", **plain)
        assert (part.headers["X-Cache"], part.content) == ("HIT", first.content[10:20])

    def test_which_release_is_the_newest_is_asked_each_time(self, front):
        read(front, "releases/")
        assert read(front, "releases/").headers["X-Cache"] == "REVALIDATED"

    def test_a_range_of_a_revision_is_cut_out(self, front):
        path = f"{TALKS}/revisions/1/"
        whole = read(front, path).content
        part = read(front, path, 206, **{"Range": "bytes=10-19", "Accept-Encoding": "identity"})
        assert part.content == whole[10:20]

    def test_many_at_once_get_one_answer(self, front):
        with ThreadPoolExecutor(8) as readers:
            answers = list(
                readers.map(lambda _: read(front, "engagements/?page_size=90"), range(16))
            )
        assert len({answer.content for answer in answers}) == 1
        assert [answer.headers["X-Cache"] for answer in answers].count("MISS") == 1


class TestFresh:
    def test_a_publication_is_seen_by_the_next_request(self, front, withdraw):
        slug = "kojima-visit-da-nang"
        for path in ("exercises/?fields=slug", "stats/?by=kind&force=japan-coast-guard"):
            read(front, path)
        assert slug in read(front, "exercises/?fields=slug&page_size=100").text
        counted = read(front, "stats/?by=kind&force=japan-coast-guard").json()["total"]
        read(front, f"exercises/{slug}/")

        withdraw(f"exercise/{slug}")

        listed = read(front, "exercises/?fields=slug&page_size=100")
        assert listed.headers["X-Cache"] == "EXPIRED"
        assert slug not in listed.text
        again = read(front, "stats/?by=kind&force=japan-coast-guard").json()["total"]
        assert again == counted - 1
        gone = read(front, f"exercises/{slug}/", 410)
        assert gone.json()["reason"] == "The document was retracted."

    def test_the_past_stays_as_it_was(self, front, withdraw):
        past = "meetings/?as_of=2026-11-22&fields=slug&page_size=100"
        before = read(front, past)
        withdraw("meeting/vcg-commander-japanese-deputy-ambassador")
        after = read(front, past)
        assert after.content == before.content
        assert after.headers["X-Cache"] == "REVALIDATED"


class TestApart:
    def test_json_and_csv_of_one_address_are_never_mixed_up(self, front):
        for _ in range(2):
            for accept in ("application/json", "text/csv", "application/x-ndjson", "*/*"):
                answer = read(front, "countries/", Accept=accept)
                kind = answer.headers["Content-Type"].partition(";")[0]
                assert kind == accept.replace("*/*", "application/json")
                assert "Accept" in answer.headers["Vary"].split(", ")
        rows = list(csv.DictReader(io.StringIO(read(front, "countries/", Accept="text/csv").text)))
        assert {row["code"] for row in rows} >= {"VN", "JP"}
        assert read(front, "countries/", Accept="text/csv").headers["X-Cache"] == "REVALIDATED"

    def test_compressed_and_plain_hold_the_same(self, front):
        plain = read(front, "documents/", **{"Accept-Encoding": "identity"})
        packed = read(front, "documents/", **{"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.content == plain.content
        assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"

    @pytest.mark.parametrize("path", ["documents/", f"{TALKS}/revisions/1/"])
    @pytest.mark.parametrize("encoding", ["identity", "gzip"])
    def test_what_the_reader_has_is_not_sent_again(self, front, path, encoding):
        packing = {"Accept-Encoding": encoding}
        etag = read(front, path, **packing).headers["ETag"]
        answer = read(front, path, 304, **packing, **{"If-None-Match": etag})
        assert answer.content == b""

    def test_each_query_has_an_answer_of_its_own(self, front):
        one, other = (read(front, f"topics/?page_size={size}").json() for size in (1, 2))
        assert (len(one["results"]), len(other["results"])) == (1, 2)


class TestAddresses:
    def test_lead_to_the_outer_host(self, front):
        outside = f"{str(front.base_url).rstrip('/')}/api/v1/"
        answer = read(front, "forces/?page_size=2")
        assert answer.json()["next"].startswith(f"{outside}forces/?")
        assert answer.links["next"]["url"] == answer.json()["next"]
        assert read(front, "changes/?page_size=1").json()["results"][0]["url"].startswith(outside)
        past = read(front, f"{TALKS}/revisions/").json()["results"]
        assert past[0]["url"] == f"{outside}{TALKS}/revisions/1/"
        following = front.get(answer.json()["next"])
        assert following.status_code == 200


class TestNotKept:
    @pytest.mark.parametrize(
        ("path", "status"),
        [("meetings/never/", 404), ("meetings/?colour=red", 400), ("meetings/?format=xml", 404)],
    )
    def test_errors(self, front, path, status):
        assert {read(front, path, status).headers["X-Cache"] for _ in range(2)} == {"MISS"}

    def test_the_admin(self, front):
        tokens = set()
        for _ in range(2):
            page = front.get("/admin/login/")
            front.cookies.clear()
            assert page.status_code == 200
            assert "X-Cache" not in page.headers
            tokens.add(page.headers["Set-Cookie"].partition(";")[0])
        assert len(tokens) == 2

    def test_cookies_make_no_difference_to_the_api(self, front):
        plain = read(front, "series/")
        known = read(front, "series/", Cookie="sessionid=somebody", Authorization="Basic eDp5")
        assert known.headers["X-Cache"] == "REVALIDATED"
        assert known.content == plain.content
        assert "Set-Cookie" not in known.headers


def test_without_the_application_the_last_that_is_known_is_sent(state, front, tmp_path):
    with ExitStack() as application:
        inner = application.enter_context(running(state))
        with (
            cached(inner, tmp_path) as address,
            reader(address, tmp_path) as client,
        ):
            revision, topics = read(client, f"{TALKS}/revisions/1/"), read(client, "topics/")

            application.close()

            kept = read(client, f"{TALKS}/revisions/1/")
            assert (kept.headers["X-Cache"], kept.content) == ("HIT", revision.content)
            old = read(client, "topics/")
            assert (old.headers["X-Cache"], old.content) == ("STALE", topics.content)
            assert client.get("/api/v1/series/").status_code == 502


class TestWhatItSaysItself:
    """Its own answers let a browser do nothing, and it leaves the application's as they are."""

    OWN = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }

    @pytest.fixture
    def alone(self, tmp_path):
        # Nothing listens there.
        with cached("http://127.0.0.1:9", tmp_path) as address, reader(address, tmp_path) as client:
            yield client

    def test_without_an_application_and_for_too_much(self, alone):
        large = b"x" * (31 * 1024 * 1024)
        answers = [alone.get("/en/"), alone.get("/api/v1/"), alone.post("/admin/", content=large)]
        assert [answer.status_code for answer in answers] == [502, 502, 413]
        for answer in answers:
            assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
            assert {name: answer.headers.get(name) for name in self.OWN} == self.OWN
            assert "nginx" not in answer.text

    @pytest.mark.parametrize(
        "path", ["/en/", "/nothing/", "/api/v1/", "/static/agreements/pages.css"]
    )
    def test_what_the_application_says_comes_once(self, front, path):
        for _ in range(2):
            names = [name.lower() for name, _ in front.get(path).headers.raw]
            for name in (*self.OWN, "Content-Security-Policy", "Permissions-Policy"):
                assert names.count(name.lower().encode()) == 1, name
