"""Public reads from a streaming replica: a real one, which stands still, goes away, comes back."""

import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import requests

from drills.postgres import Cluster
from drills.processes import DrillError, Ports, folder_for_all, program
from tests.admin_pages import fields_of
from tests.servers import PASSWORD, manage, prepare, running

try:
    MISSING = not program("initdb")
except DrillError:
    MISSING = True
pytestmark = [
    pytest.mark.served,
    pytest.mark.skipif(MISSING, reason="no PostgreSQL 15 to start: apt-get install postgresql"),
]

BECAUSE = ("--reason=The document was retracted.", "--by=reviewer")
# Of one server long enough for a slow machine, of the other soon over.
PATIENT = {"REPLICA_MAX_LAG": "120", "REPLICA_MAX_LAG_ALONE": "120"}
STRICT = {"REPLICA_MAX_LAG": "2", "REPLICA_MAX_LAG_ALONE": "6"}
ROUNDS = 4
LISTED = "/api/v1/exercises/?fields=slug&page_size=100"


@pytest.fixture(scope="module")
def cluster():
    with folder_for_all() as folder:
        ports = Ports(56_000)
        cluster = Cluster(folder, [ports.take(), ports.take()])
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


@pytest.fixture(scope="module")
def state(cluster, tmp_path_factory):
    state = tmp_path_factory.mktemp("state")
    prepare(state, DATABASE_URL=cluster.primary.url)
    cluster.catch_up()
    return state


@pytest.fixture(scope="module")
def databases(cluster):
    return {"DATABASE_URL": cluster.primary.url, "REPLICA_URLS": cluster.replicas[0].url}


@pytest.fixture(scope="module")
def service(state, databases):
    with running(state, **databases, **PATIENT) as address:
        yield address


@pytest.fixture(scope="module")
def strict(state, databases):
    with running(state, **databases, **STRICT) as address:
        yield address


@pytest.fixture
def standing(cluster, service):
    """The replica, which is near and stands still from here on."""
    (replica,) = cluster.replicas
    cluster.catch_up()
    until(lambda: from_replica(service))
    replica.ask("SELECT pg_wal_replay_pause()")
    yield replica
    replica.ask("SELECT pg_wal_replay_resume()")


@pytest.fixture
def withdraw(cluster, state):
    """Withdraw an exercise, as an operator does."""
    primary = cluster.primary.url
    return lambda slug: manage(
        state, "withdraw", f"exercise/{slug}", *BECAUSE, DATABASE_URL=primary
    )


def read(service, path, **headers):
    return requests.get(f"{service}{path}", headers=headers, timeout=60)


def until(holds, seconds=30):
    """Ask again until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.1)


def from_replica(service):
    """Whether every process of the server reads from the replica: each has a watch of its own."""
    return all("Replica-Lag" in read(service, LISTED).headers for _ in range(10))


def from_primary(service):
    """Whether every process of the server reads from the primary."""
    return all("Replica-Lag" not in read(service, LISTED).headers for _ in range(10))


@contextmanager
def stopped(server):
    server.stop("immediate")
    try:
        yield
    finally:
        server.start()


@contextmanager
def replaying_late(replica):
    """Within, a replica replays no commit that is less than an hour old."""

    def delay(replay):
        replica.ask(f"ALTER SYSTEM SET recovery_min_apply_delay = '{replay}'")
        replica.ask("SELECT pg_reload_conf()")

    delay("1h")
    try:
        yield
    finally:
        delay(0)


@pytest.mark.parametrize(
    "path",
    [
        LISTED,
        *("/api/v1/exercises/?format=csv", "/api/v1/stats/", "/api/v1/changes/?format=ndjson"),
        *("/api/v1/countries/VN/", "/api/v1/countries/VN/revisions/1/", "/api/v1/releases/"),
        *("/en/", "/vi/countries/VN/", "/en/feeds/changes.atom", "/en/map/", "/sitemap.xml"),
    ],
)
def test_what_is_read_from_the_replica_says_how_far_it_is_behind(service, path):
    answer = read(service, path)
    assert answer.status_code == 200
    assert 0 < float(answer.headers["Replica-Lag"]) <= 120


def test_what_the_reader_has_is_looked_up_there_too(service):
    etag = read(service, LISTED).headers["ETag"]
    again = read(service, LISTED, **{"If-None-Match": etag})
    assert again.status_code == 304
    assert 0 < float(again.headers["Replica-Lag"]) <= 120


def test_web_pages_elsewhere_may_read_the_header(service):
    exposed = read(service, LISTED).headers["Access-Control-Expose-Headers"]
    assert {"Replica-Lag", "Retry-After"} <= set(exposed.split(", "))


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v1/schema/", "/robots.txt", "/admin/login/"])
def test_what_reads_no_ledger_says_nothing(service, path):
    answer = read(service, path)
    assert answer.status_code == 200
    assert "Replica-Lag" not in answer.headers


def test_a_replica_that_stands_still_is_read_within_the_bound_only(
    service, strict, standing, withdraw
):
    slug = "kojima-visit-da-nang"
    before = read(service, LISTED)

    withdraw(slug)

    # As far as the replica knows, nothing has happened.
    old = read(service, LISTED)
    assert (old.text, old.headers["ETag"]) == (before.text, before.headers["ETag"])
    assert old.headers["Ledger-Head"] == before.headers["Ledger-Head"]
    assert slug in old.text
    assert float(old.headers["Replica-Lag"]) <= 120
    until(lambda: from_primary(strict))
    new = read(strict, LISTED)
    assert slug not in new.text
    assert int(new.headers["Ledger-Head"]) == int(before.headers["Ledger-Head"]) + 1

    standing.ask("SELECT pg_wal_replay_resume()")
    until(lambda: from_replica(strict))
    assert read(strict, LISTED).text == new.text


def test_the_moment_just_past_is_asked_of_the_primary(service, standing, withdraw):
    withdraw("settsu-visit-da-nang")
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    answer = read(service, f"{LISTED}&as_of={moment}")

    assert "settsu-visit-da-nang" not in answer.text
    assert "Replica-Lag" not in answer.headers
    assert "Replica-Lag" in read(service, f"{LISTED}&as_of=2026-11-22").headers


def test_a_table_is_read_from_where_it_began(service, standing, withdraw):
    # Which records cite a document is looked up while the table is sent.
    path = "/api/v1/documents/?format=ndjson"
    before = read(service, path)
    assert "vcg-visit-to-jcg-yokohama-station" in before.text
    withdraw("vcg-visit-to-jcg-yokohama-station")

    answer = read(service, path)

    assert answer.text == before.text
    assert answer.headers["Ledger-Head"] == before.headers["Ledger-Head"]
    assert "Replica-Lag" in answer.headers


def test_the_desk_reads_what_it_has_just_written(service, standing):
    session = requests.Session()
    login = session.get(f"{service}/admin/login/", timeout=60)
    form = {**fields_of(login.text, "login-form"), "username": "analyst", "password": PASSWORD}
    answer = session.post(login.url, form, timeout=60)
    assert (answer.status_code, answer.url) == (200, f"{service}/admin/")
    assert "Replica-Lag" not in answer.headers


def test_a_replica_that_is_gone_is_passed_over(cluster, service):
    with stopped(cluster.replicas[0]):
        for _ in range(8):
            answer = read(service, LISTED)
            assert answer.status_code == 200
            assert "Replica-Lag" not in answer.headers
    until(lambda: from_replica(service))


def test_a_replica_that_begins_again_with_less_than_it_had_is_not_read(cluster, service, withdraw):
    """It is back before it is missed, without what had not come to its disk."""
    (replica,) = cluster.replicas
    slug = "jcg-patrol-ship-visits-by-2023"
    record = f"/api/v1/exercises/{slug}/"
    paths = (LISTED, record, f"{record}revisions/2/", f"/en/exercises/{slug}/")
    state = (
        f"SELECT state FROM agreements_publication WHERE slug = '{slug}' AND superseded_at IS NULL"
    )

    assert slug in read(service, LISTED).text
    # What is replayed from here on it will replay again where it begins again.
    replica.ask("CHECKPOINT")
    withdraw(slug)
    cluster.catch_up()
    for _ in range(ROUNDS):
        until(lambda: from_replica(service))
        # Until each process has asked it how far it is by now.
        time.sleep(2)
        with replaying_late(replica):
            with stopped(replica):
                pass
            assert replica.ask(state) == "published"
            for _ in range(3):
                listed, *others = (read(service, path) for path in paths)
                assert slug not in listed.text
                assert [each.status_code for each in others] == [410, 410, 410]
        cluster.catch_up()


def test_without_the_primary_the_replica_answers_for_a_while(cluster, service, strict):
    until(lambda: from_replica(service) and from_replica(strict))
    before = read(service, LISTED)
    with stopped(cluster.primary):
        answer = read(service, LISTED)
        assert (answer.status_code, answer.text) == (200, before.text)
        # Further behind than it may be while the primary answers.
        until(lambda: float(read(strict, LISTED).headers.get("Replica-Lag", 0)) > 3)
        known = {"Cookie": f"sessionid={'a' * 32}"}
        desk = read(service, "/admin/", **known)
        assert (desk.status_code, desk.headers["Retry-After"]) == (503, "5")

        until(lambda: all(read(strict, LISTED).status_code == 503 for _ in range(10)))

        assert read(strict, LISTED).headers["Retry-After"] == "5"
        page = read(strict, "/vi/")
        assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
        assert 'lang="vi"' in page.text
        assert read(service, LISTED).status_code == 200
    until(lambda: from_replica(strict))
