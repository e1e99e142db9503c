"""What each answer asks first is planned by PostgreSQL once a connection, where it may be."""

import socket
import subprocess
import sys
import threading
from contextlib import suppress

import pytest
from django.db import connection

from agreements import planned
from tests.servers import ROOT, copied, environment_of, on_sqlite

pytestmark = pytest.mark.skipif(on_sqlite(), reason="SQLite keeps its statements by itself")

PLANNED = "SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql"
ASKED = "SELECT 7 AS seven"
READ = f"""
from django.db import connection
from agreements import heads
from agreements.catalogue.listings import MEETINGS
from agreements.catalogue.records import record_at
for _ in range(2):
    with heads.snapshot():
        heads.head_at()
        record_at(MEETINGS, "none-of-that-name", None)
    heads.newest()
    with connection.cursor() as cursor:
        cursor.execute({PLANNED!r})
        print(*cursor.fetchone())
"""


def test_it_stays_planned_when_a_snapshot_ends(prepared, tmp_path):
    with copied(prepared, tmp_path / "state") as named:
        told = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "--no-imports", "-c", READ],
            cwd=ROOT,
            env=environment_of(tmp_path / "state", **named),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    # The snapshot, the head, the record: the same three.
    assert told.split() == ["3", "3"]


def prepared_there(database):
    with database.cursor() as cursor:
        cursor.execute(PLANNED)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_what_django_notes_is_asked_as_everything_is(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert planned.first_row(connection, ASKED) == (7,)


def passed_on(listener, server):
    """Pass on what two say to each other, as PgBouncer: with a number of its own for a session."""
    client, _ = listener.accept()
    upstream = socket.create_connection(server)

    def say(source, target, change=bytes):
        with suppress(OSError):
            while said := source.recv(65536):
                target.sendall(change(said))
            target.shutdown(socket.SHUT_WR)

    def renumbered(said):
        before, key, after = said.partition(b"K\x00\x00\x00\x0c")
        return before + key + (b"\x00\x00\x00\x01" + after[4:] if key else after)

    threading.Thread(target=say, args=(client, upstream), daemon=True).start()
    say(upstream, client, renumbered)


@pytest.fixture
def other():
    """Another connection to the suite's database, and whether it goes through a go-between."""

    def other(through):
        found = connection.copy("other")
        options = {"sslmode": "disable", "gssencmode": "disable"}
        found.settings_dict = {**connection.settings_dict, "OPTIONS": options}
        if through:
            listener = socket.create_server(("127.0.0.1", 0))
            told = connection.settings_dict
            server = (told["HOST"] or "127.0.0.1", int(told["PORT"] or 5432))
            threading.Thread(target=passed_on, args=(listener, server), daemon=True).start()
            found.settings_dict |= {"HOST": "127.0.0.1", "PORT": listener.getsockname()[1]}
        opened.append(found)
        return found

    opened = []
    yield other
    for each in opened:
        each.close()


@pytest.mark.django_db
@pytest.mark.parametrize("through", [False, True], ids=["its own", "lent"])
def test_nothing_is_left_in_a_session_that_others_are_lent(other, through):
    database = other(through)
    for _ in range(2):
        assert planned.first_row(database, ASKED) == (7,)
    assert prepared_there(database) == (0 if through else 1)
