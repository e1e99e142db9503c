"""PostgreSQL's roles: the service cannot change what was published, readers see nothing else."""

import json
import subprocess
import sys
from contextlib import suppress

import psycopg
import pytest
from psycopg import errors, sql

from agreements.database_roles import PUBLIC
from agreements.triggers import APPEND_ONLY
from tests.database_roles import owned
from tests.servers import PASSWORD, ROOT, environment_of, on_sqlite

pytestmark = pytest.mark.skipif(
    on_sqlite(), reason="SQLite has no roles; tests/test_ledger.py has its triggers"
)


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def database(prepared, state):
    """A database whose owner has migrated with the two roles named."""
    with owned(prepared) as made:
        run(made, state, "owner", "migrate", "-v0", WEB_ROLE=made.web, READER_ROLE=made.reader)
        yield made


def run(database, state, role, *arguments, **given):
    """Run a command as a role; return what it printed, or what it refused."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment_of(state, DATABASE_URL=database.urls[role], **given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def as_web(database):
    with database.connect("web") as connection:
        yield connection
        connection.rollback()


FORBIDDEN = [
    *(
        change.format(table=table)
        for table in APPEND_ONLY
        for change in (
            "UPDATE {table} SET id = id",
            "DELETE FROM {table}",
            "TRUNCATE {table} CASCADE",
            "INSERT INTO {table} (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 2",
            "SELECT id FROM {table} FOR UPDATE",
            "ALTER TABLE {table} DISABLE TRIGGER ALL",
            "DROP TABLE {table} CASCADE",
            "CREATE RULE quietly AS ON INSERT TO {table} DO INSTEAD NOTHING",
            "BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1)",
        )
    ),
    "UPDATE agreements_publication SET superseded_at = now()",
    "MERGE INTO agreements_change AS one USING agreements_change AS other ON one.id = other.id"
    " WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM agreements_publication RETURNING id) SELECT * FROM gone",
    "DROP TRIGGER agreements_publication_keep ON agreements_publication",
    "CREATE OR REPLACE FUNCTION agreements_publication_keep() RETURNS trigger LANGUAGE plpgsql"
    " AS $$ BEGIN RETURN NEW; END $$",
    "DROP FUNCTION agreements_supersede(bigint[], timestamptz)",
    "SET session_replication_role = replica",
    "SET SESSION AUTHORIZATION postgres",
    "CREATE TABLE mine (id integer)",
    "CREATE TEMPORARY TABLE agreements_publication (id integer)",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
    "CREATE EXTENSION pg_stat_statements",
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE VIEW mine AS SELECT 1",
    "COPY agreements_publication TO PROGRAM 'cat'",
    "COPY agreements_publication TO '/tmp/ledger'",
    "SELECT pg_read_file('PG_VERSION')",
    "DELETE FROM django_migrations",
    "ALTER SYSTEM SET fsync = off",
    "SELECT agreements_look_at('pg_authid', ARRAY['rolname'])",
    "SELECT agreements_look_at('agreements_change); DROP TABLE x --', ARRAY['id'])",
    "SELECT agreements_look_at('agreements_change', ARRAY['id); DROP TABLE x --'])",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_web_role_cannot(as_web, statement):
    # Some are refused within a transaction for that alone.
    as_web.autocommit = True
    with pytest.raises(psycopg.Error) as refusal:
        as_web.execute(statement)
    assert isinstance(
        refusal.value,
        errors.InsufficientPrivilege
        | errors.InvalidParameterValue
        | errors.RaiseException
        | errors.UndefinedTable
        | errors.UndefinedColumn,
    ), refusal.value
    kind = statement.split()[0]
    if kind != "SELECT" or "setval" in statement or "FOR UPDATE" in statement:
        assert isinstance(refusal.value, errors.InsufficientPrivilege), refusal.value


def test_the_web_role_cannot_give_itself_more(as_web):
    # PostgreSQL warns, and grants nothing.
    for table in APPEND_ONLY:
        as_web.execute(f"GRANT ALL ON {table} TO CURRENT_USER")
        may = "SELECT has_table_privilege(%s, 'UPDATE'), has_table_privilege(%s, 'DELETE')"
        assert as_web.execute(may, [table, table]).fetchone() == (False, False)


def test_the_web_role_cannot_become_the_owner(database, as_web):
    with pytest.raises(errors.InsufficientPrivilege):
        as_web.execute(f"SET ROLE {database.owner}")


STANDING = "SELECT id, kind, slug, revision FROM agreements_publication WHERE superseded_at IS NULL"


@pytest.mark.parametrize(
    "moment", ["now()", "(SELECT max(published_at) FROM agreements_publication)"]
)
def test_a_row_is_not_marked_as_superseded_without_the_one_that_follows(as_web, moment):
    key = as_web.execute(f"{STANDING} LIMIT 1").fetchone()[0]
    as_web.execute(f"SELECT agreements_supersede(ARRAY[%s]::bigint[], {moment})", [key])
    with pytest.raises(errors.IntegrityConstraintViolation, match="nothing follows the row"):
        as_web.commit()


def test_a_row_is_not_marked_twice(database, as_web):
    # Nor taken back: with triggers, whoever asks.
    with pytest.raises(errors.IntegrityConstraintViolation, match="append-only"):
        as_web.execute(
            "SELECT agreements_supersede(array_agg(id), now()) FROM agreements_publication"
            " WHERE superseded_at IS NOT NULL OR id = (SELECT min(id) FROM agreements_publication)"
        ) and as_web.execute(
            "SELECT agreements_supersede(ARRAY[min(id)], NULL) FROM agreements_publication"
        )


# What the desk and the commands do, one after the other, in one process.
WORK = """
import sys
from pathlib import Path
from django.core.management import call_command
from django.test import Client
from agreements import merging, workflow
from agreements.models import Change, Meeting, Publication, Release
from tests import builders
from tests.readings import write

folder = Path({folder!r})
one, other = builders.meeting("by-the-web-role"), builders.meeting("another-one")
builders.publish(one, other)
Meeting.objects.filter(pk=one.pk).update(title="Said otherwise")
workflow.publish([builders.approved(builders.reload(one))])
force = builders.force()
type(force).objects.filter(pk=force.pk).update(name="Coast Guard of Viet Nam")
workflow.publish([builders.approved(builders.reload(force), "second analyst", "second reviewer")])
assert workflow.carry_name("force", force.slug).total() > 3
merged = merging.merge(builders.reload(other), builders.reload(one), "reviewer", "They are one.")
workflow.withdraw(builders.reload(one), "Read wrongly.", "reviewer")
workflow.delete(builders.meeting("never-published"), "analyst")
call_command("load_readings", str(write(folder)))
call_command("publish", all=True)
sheet = folder / "meetings.csv"
call_command("export_records", "meeting", str(sheet))
call_command("import_records", "meeting", str(sheet), by="writer")
call_command("make_release", "9.9.9")
call_command("create_account", "newcomer", role="analyst")
call_command("find_duplicates")
call_command("count_again")
call_command("find_again")
call_command("verify_ledger")
client = Client(SERVER_NAME="localhost")
assert client.login(username="analyst", password={password!r})
page = f"/admin/agreements/meeting/{{one.pk}}/"
assert client.get(f"{{page}}change/").status_code == 200
assert client.get(f"{{page}}history/").status_code == 200
assert client.get("/admin/").status_code == 200
assert client.post("/admin/logout/").status_code == 200
states = list(Publication.objects.filter(slug=one.slug).order_by("revision").values_list("state"))
assert states[-1] == ("withdrawn",) and len(states) > 2, states
assert Release.objects.filter(version="9.9.9").exists()
print("worked", Publication.objects.exclude(superseded_at=None).count())
"""


def test_the_desk_works_as_the_web_role(database, state, tmp_path):
    told = run(
        database,
        state,
        "web",
        *("shell", "--no-imports", "-c", WORK.format(folder=str(tmp_path), password=PASSWORD)),
    )
    assert told.splitlines()[-1].startswith("worked"), told
    assert int(told.split()[-1]) > 5


# Follows the links of everything that is public, and prints what each address answers.
CRAWL = """
import hashlib, json, re, sys
from django.test import Client

client = Client(SERVER_NAME="localhost", raise_request_exception=False)
start, most, follow = json.loads(sys.argv[-1])
asked, found = {}, start
while found and len(asked) < most:
    address = found.pop(0)
    answer = client.get(address)
    body = b"".join(answer) if answer.streaming else answer.content
    asked[address] = [answer.status_code, hashlib.sha256(body).hexdigest(), answer.get("ETag")]
    if follow:
        text = body.decode(errors="replace").replace("&amp;", "&")
        links = re.findall(r'(?:"|http://localhost)(/(?:api|en|vi)[^"# ]*)', text)
        for link in links:
            if link not in asked and link not in found:
                found.append(link)
print(json.dumps(asked))
"""
START = [
    *("/api/v1/", "/en/", "/vi/", "/sitemap.xml", "/robots.txt", "/api/v1/schema/"),
    *("/api/v1/engagements/?count=true&format=csv", "/api/v1/changes/?format=ndjson"),
    *("/api/v1/engagements/?q=coast+guard", "/api/v1/stats/?by=partner,year&country=VN"),
    *("/api/v1/meetings/?as_of=2026-11-30", "/api/v1/forces/", "/api/v1/documents/"),
    *("/api/v1/totals/", "/api/v1/countries/", "/api/v1/series/", "/api/v1/topics/"),
    *("/api/v1/releases/", "/api/v1/meetings/nothing/", "/api/v1/meetings/?colour=red"),
    *("/api/v1/meetings/", "/api/v1/agreements/?format=ndjson", "/api/v1/exercises/"),
]


def crawled(database, state, role, start, follow):
    most = 90 if follow else len(start)
    script = CRAWL.replace("sys.argv[-1]", repr(json.dumps([start, most, follow])))
    return json.loads(run(database, state, role, "shell", "--no-imports", "-c", script))


def test_everything_public_is_the_same_for_a_role_that_can_read_the_ledger_alone(database, state):
    as_owner = crawled(database, state, "owner", START, follow=True)
    assert len(as_owner) == 90
    assert sum(status == 200 for status, *_ in as_owner.values()) > 60
    assert crawled(database, state, "reader", list(as_owner), follow=False) == as_owner


def test_the_reader_role_can_read_the_ledger_alone_and_write_nothing(database):
    with database.connect("owner") as owner:
        tables = [
            name
            for (name,) in owner.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace"
            )
        ]
    readable, written = set(), set()
    with database.connect("reader") as reader:
        reader.autocommit = True
        for table in tables:
            for into, statement in (
                (readable, "SELECT 1 FROM {}"),
                (written, "DELETE FROM {}"),
                (written, "INSERT INTO {} DEFAULT VALUES"),
            ):
                with suppress(errors.InsufficientPrivilege):
                    reader.execute(sql.SQL(statement).format(sql.Identifier(table)))
                    into.add(table)
    assert readable == set(PUBLIC)
    assert written == set()
    assert len(tables) > 30


def test_the_reader_role_may_call_nothing_of_the_owner(database):
    for call in (
        "agreements_supersede(ARRAY[1], now())",
        "agreements_look_at('agreements_x', '{}')",
    ):
        with database.connect("reader") as reader, pytest.raises(errors.InsufficientPrivilege):
            reader.execute(f"SELECT {call}")


# What the owner runs, with what it was told each time.
MENDED = """
import json
from io import StringIO
from django.core.management import CommandError, call_command
from django.db import connection

web, reader, owner = {names!r}
told = []

def roles(*arguments, web=web, reader=reader):
    try:
        call_command("database_roles", *arguments, web=web, reader=reader, stdout=StringIO())
    except CommandError as error:
        return told.append(str(error))
    told.append("")

def by_hand(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)

roles("--check")
by_hand(f"GRANT UPDATE (title) ON agreements_publication TO {{web}}")
by_hand(f"GRANT SELECT ON agreements_documenttext TO {{reader}}")
by_hand("GRANT DELETE ON agreements_change TO PUBLIC")
by_hand("CREATE TABLE agreements_later (id integer)")
roles("--check")
roles()
roles("--check")
roles(web=owner)
roles(web="nobody_such")
print(json.dumps(told))
"""


def test_what_is_otherwise_is_told_and_mended(database, state):
    script = MENDED.format(names=(database.web, database.reader, database.owner))
    told = json.loads(run(database, state, "owner", "shell", "--no-imports", "-c", script))
    before, otherwise, mended, after, mighty, absent = told
    assert (before, mended, after) == ("", "", "")
    web, reader = database.web, database.reader
    assert set(otherwise.splitlines()) == {
        f"{web}: may UPDATE agreements_publication.",
        f"{web}: may DELETE agreements_change.",
        f"{reader}: may DELETE agreements_change.",
        f"{reader}: may SELECT agreements_documenttext.",
        # A new table is nobody's until it is given.
        f"{web}: may not DELETE, INSERT, SELECT, UPDATE agreements_later.",
    }
    assert "may act as the tables' owner" in mighty
    assert absent.startswith("There is no role nobody_such: CREATE ROLE nobody_such LOGIN")
