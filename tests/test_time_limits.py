"""What takes a database too long is given up and said so, wherever it is asked from."""

import sqlite3
from types import SimpleNamespace

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.http import StreamingHttpResponse
from django.test import RequestFactory

from agreements import time_limits
from agreements.admin.engagements import MeetingAdmin
from agreements.api import public
from agreements.models.publications import PublicationQuerySet
from coastguard.slow import LimitQueries
from coastguard.unavailable import answer_to_outage
from tests.builders import meeting, publish

pytestmark = pytest.mark.django_db

# What takes a database until somebody stops it, as a condition on rows.
ENDLESS = {
    "postgresql": "(SELECT pg_sleep(600)) IS NOT NULL",
    "sqlite": "(WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number"
    " WHERE n < 100000000000) SELECT count(*) FROM number) > 0",
}
SOME_WORK = {
    "postgresql": "SELECT sum(n) FROM generate_series(1, 200000) AS n",
    "sqlite": "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number"
    " WHERE n < 200000) SELECT sum(n) FROM number",
}


@pytest.fixture
def slow(settings, monkeypatch):
    """Every list of records, in public and on the desk, is one that the database never finds."""
    settings.QUERY_SECONDS = settings.DESK_QUERY_SECONDS = 0.3
    endless = ENDLESS[connection.vendor]
    of_readers, of_analysts = PublicationQuerySet.standing_at, MeetingAdmin.get_queryset
    monkeypatch.setattr(
        PublicationQuerySet,
        "standing_at",
        lambda self, moment: of_readers(self, moment).extra(where=[endless]),
    )
    monkeypatch.setattr(
        MeetingAdmin,
        "get_queryset",
        lambda self, request: of_analysts(self, request).extra(where=[endless]),
    )


def asked(client, path, **headers):
    """An answer, with whatever it left undone taken back, as closing the connection does."""
    with transaction.atomic():
        response = client.get(path, headers=headers)
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize(
    "path",
    [
        *("/api/v1/meetings/", "/api/v1/meetings/?count=true", "/api/v1/meetings/?format=csv"),
        *("/api/v1/engagements/?format=ndjson", "/en/meetings/", "/vi/search/"),
        "/admin/agreements/meeting/",
    ],
)
def test_a_question_without_end_is_given_up(analyst, settings, slow, path):
    publish(meeting("talks"))
    response = asked(analyst, path)
    assert response.status_code == 504
    assert response["Cache-Control"] == "no-store"
    assert not response.has_header("Retry-After")
    assert not response.has_header("ETag")
    if path.startswith("/api/"):
        assert response["Content-Type"] == "application/problem+json"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response.json()["status"] == 504
        assert "ask for less" in response.json()["detail"]
    elif not path.startswith("/vi/"):
        assert "This took too long" in response.content.decode()
    # The connection serves whoever comes next.
    settings.QUERY_SECONDS = 60
    assert analyst.get("/api/v1/changes/?count=true").json()["count"] > 0


def test_it_is_neither_kept_nor_taken_for_a_database_that_is_gone(client, slow, caplog):
    publish(meeting("talks"))
    for _ in range(2):
        response = asked(client, "/api/v1/meetings/")
        assert response.status_code == 504
    assert "/api/v1/meetings/: given up" in caplog.text


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test sets."""
    made = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(
        time_limits,
        "time",
        SimpleNamespace(monotonic=lambda: made.now, sleep=time_limits.time.sleep),
    )
    return made


def work():
    with connection.cursor() as cursor:
        cursor.execute(SOME_WORK[connection.vendor])
        return cursor.fetchone()[0]


def test_each_statement_has_its_time(clock):
    """A request of many statements, such as an import, may take longer than each of them."""
    with time_limits.limited(10):
        for _ in range(4):
            assert work() == 20000100000
            clock.now += 9


def test_what_nobody_waits_for_takes_as_long_as_it_takes(clock):
    with time_limits.limited(10):
        work()
    clock.now += 100
    assert work() == 20000100000


def test_a_table_is_sent_for_as_long_as_its_reader_takes(client, clock, settings, monkeypatch):
    settings.QUERY_SECONDS = 5
    monkeypatch.setattr(public, "AT_LEAST", 100)
    publish(*(meeting(f"talks-{number}") for number in range(30)))
    response = client.get("/api/v1/meetings/?format=ndjson")
    pieces = []
    for piece in response.streaming_content:
        pieces.append(piece)
        clock.now += 60
    assert len(pieces) > 1
    assert b"".join(pieces).count(b"\n") == 30


def test_each_piece_of_a_table_has_its_limit_too(settings):
    """A table of which a piece is never found breaks off, which its reader can tell."""
    settings.QUERY_SECONDS = 0.3

    def pieces(request):
        def read():
            yield b"found"
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {ENDLESS[connection.vendor]}")
            yield b"never"

        return StreamingHttpResponse(read())

    response = LimitQueries(pieces)(RequestFactory().get("/api/v1/meetings/?format=csv"))
    sent = iter(response.streaming_content)
    assert next(sent) == b"found"
    with pytest.raises(OperationalError) as raised, transaction.atomic():
        next(sent)
    assert time_limits.took_too_long(raised.value)


def test_a_limit_of_the_server_is_told_as_one_of_ours():
    given_up = OperationalError("canceling statement due to statement timeout")
    given_up.__cause__ = psycopg.errors.QueryCanceled()
    waited = OperationalError("canceling statement due to lock timeout")
    waited.__cause__ = psycopg.errors.LockNotAvailable()
    gone = OperationalError("terminating connection due to administrator command")
    gone.__cause__ = psycopg.errors.AdminShutdown()
    busy = OperationalError("database is locked")
    busy.__cause__ = sqlite3.OperationalError("database is locked")
    found = [time_limits.took_too_long(each) for each in (given_up, waited, gone, busy)]
    assert found == [True, True, False, False]
    request = RequestFactory().get("/api/v1/meetings/")
    answered = [answer_to_outage(request, each).status_code for each in (given_up, waited, gone)]
    assert answered == [504, 504, 503]
