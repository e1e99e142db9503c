"""An address that asks too often waits; others do not, and nobody's answers tell of it."""

import pytest
import requests
from django.test import Client, RequestFactory

from coastguard.throttling import Buckets, price
from tests.public import body
from tests.servers import running

LIMIT = 6


@pytest.fixture
def throttled(settings):
    """Clients of a program that lets each address ask six times a minute."""
    settings.THROTTLE, settings.TRUSTED_PROXIES = LIMIT, 1
    return Client()


def ask(client, path="/api/v1/", forwarded="203.0.113.7", **headers):
    return client.get(path, headers={"X-Forwarded-For": forwarded, **headers})


def statuses(client, times, **given):
    return [ask(client, **given).status_code for _ in range(times)]


class TestAnAddress:
    def test_waits_once_it_has_asked_so_often(self, throttled):
        assert statuses(throttled, LIMIT + 2) == [200] * LIMIT + [429] * 2
        response = ask(throttled)
        assert response["Content-Type"] == "application/problem+json"
        assert 1 <= int(response["Retry-After"]) <= 10
        assert response["RateLimit-Policy"] == f'"address";q={LIMIT};w=60'
        assert response["RateLimit"] == f'"address";r=0;t={response["Retry-After"]}'
        assert response["Cache-Control"] == "no-store"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Retry-After" in response["Access-Control-Expose-Headers"]
        assert response.json()["status"] == 429

    @pytest.mark.parametrize(
        ("language", "said"), [("en", "Too many requests"), ("vi", '<html lang="vi"')]
    )
    def test_is_told_so_on_a_page_in_its_language(self, throttled, language, said):
        statuses(throttled, LIMIT)
        response = ask(throttled, f"/{language}/meetings/")
        assert response.status_code == 429
        assert response["Content-Type"].startswith("text/html")
        assert said in response.content.decode()

    @pytest.mark.parametrize("path", ["/admin/login/", "/en/", "/i18n/setlang/", "/none"])
    def test_waits_everywhere(self, throttled, path):
        statuses(throttled, LIMIT)
        assert ask(throttled, path).status_code == 429

    def test_may_still_look_at_what_pages_are_made_of(self, throttled):
        statuses(throttled, LIMIT + 1)
        assert ask(throttled, "/static/agreements/icon.svg").status_code == 200

    def test_is_the_one_that_the_outermost_proxy_saw(self, throttled):
        """What somebody writes into the header is no other address."""
        forged = [f"198.51.100.{number}, 203.0.113.7" for number in range(LIMIT + 2)]
        told = [ask(throttled, forwarded=each).status_code for each in forged]
        assert told == [200] * LIMIT + [429] * 2

    def test_does_not_wait_for_another(self, throttled):
        assert statuses(throttled, LIMIT + 1)[-1] == 429
        assert statuses(throttled, LIMIT, forwarded="203.0.113.8") == [200] * LIMIT

    def test_is_a_whole_network_where_one_host_has_that(self, throttled):
        told = [
            ask(throttled, forwarded=f"2001:db8::{number:x}").status_code
            for number in range(LIMIT + 1)
        ]
        assert told == [200] * LIMIT + [429]
        assert ask(throttled, forwarded="2001:db8:0:1::1").status_code == 200


@pytest.mark.django_db
def test_answers_are_the_same_for_all_and_with_any_limit(client, settings):
    paths = ("/api/v1/", "/api/v1/meetings/", "/en/", "/api/v1/meetings/none/", "/robots.txt")
    before = [client.get(path) for path in paths]
    settings.THROTTLE, settings.TRUSTED_PROXIES = 1000, 1
    for number, (path, other) in enumerate(zip(paths, before, strict=True)):
        response = ask(Client(), path, forwarded=f"203.0.113.{number}")
        assert (dict(response.items()), body(response)) == (dict(other.items()), body(other))


class TestBuckets:
    def test_fill_up_within_a_minute(self):
        buckets = Buckets(60)
        assert [buckets.take("a", 20, 0.0) for _ in range(4)] == [0, 0, 0, 20]
        assert buckets.take("a", 20, 19.0) == pytest.approx(1)
        assert buckets.take("a", 20, 20.0) == 0
        # And are never more than full.
        assert [buckets.take("a", 20, 500.0) for _ in range(4)] == [0, 0, 0, 20]

    def test_give_what_takes_more_than_they_hold_when_they_are_full(self):
        buckets = Buckets(5)
        assert buckets.take("a", 10, 0.0) == 0
        assert buckets.take("a", 10, 30.0) == pytest.approx(30)

    def test_are_no_more_than_so_many(self, monkeypatch):
        monkeypatch.setattr("coastguard.throttling._MOST", 10)
        buckets = Buckets(5)
        for number in range(100):
            buckets.take(str(number), 1, 0.0)
        assert len(buckets._left) == 10


@pytest.mark.parametrize(
    ("method", "path", "kind", "tokens"),
    [
        ("GET", "/api/v1/meetings/", "", 1),
        ("GET", "/api/v1/meetings/?format=json", "", 1),
        ("GET", "/api/v1/meetings/?format=csv", "", 10),
        ("GET", "/api/v1/meetings/?q=a&format=ndjson", "", 10),
        ("GET", "/api/v1/meetings/?format=csv&page_size=20", "", 1),
        ("POST", "/admin/login/", "application/x-www-form-urlencoded", 1),
        ("POST", "/admin/agreements/meeting/import/", "multipart/form-data; boundary=x", 10),
    ],
)
def test_what_is_whole_takes_more(method, path, kind, tokens):
    assert price(RequestFactory().generic(method, path, "x", kind)) == tokens


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    # What is asked needs no database.
    nothing = "postgres://nobody@127.0.0.1:1/nothing"
    given = {"DATABASE_URL": nothing, "THROTTLE": str(LIMIT), "TRUSTED_PROXIES": "1"}
    with running(tmp_path_factory.mktemp("state"), **given) as address:
        yield address


@pytest.mark.served
class TestAServer:
    """Two processes, each of which counts for itself."""

    PROCESSES = 2

    def answered(self, server, *forwarded):
        """How many of thirty requests, each on a connection of its own, are not refused."""
        told = []
        for number in range(30):
            header = forwarded[number % len(forwarded)]
            headers = {"X-Forwarded-For": header, "Connection": "close"}
            told.append(requests.get(f"{server}/api/v1/", headers=headers, timeout=60).status_code)
        assert set(told) <= {200, 429}
        return told.count(200)

    def test_counts_each_behind_its_proxy_whatever_they_forge(self, server):
        # Some more than the buckets hold, since they fill up meanwhile.
        most = self.PROCESSES * LIMIT + 8
        forged = [f"198.51.100.{number}, 203.0.113.1" for number in range(30)]
        assert LIMIT <= self.answered(server, *forged) <= most
        assert LIMIT <= self.answered(server, "203.0.113.2") <= most
        networks = [f"2001:db8::{number:x}" for number in range(30)]
        assert LIMIT <= self.answered(server, *networks) <= most
        assert self.answered(server, *(f"203.0.113.{number}" for number in range(10, 40))) == 30
