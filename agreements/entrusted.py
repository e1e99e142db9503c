"""What the owner of the tables does for a role that may not: functions of PostgreSQL.

A service should not own its tables, and should not be allowed to change a row of the ledger
(`agreements.database_roles`). Two things that publishing does take more than it is given then: the
row that is followed by another one is marked with when, and the database is told to look at what
the ledger holds. Each is a function that runs as the owner, does that and nothing else, and can be
called by the roles that it is granted to. `agreements.triggers` puts them in place after every
`migrate`.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

# By their names and arguments, as GRANT has them.
SUPERSEDE = "agreements_supersede(bigint[], timestamptz)"
LOOK_AT = "agreements_look_at(text, text[])"
FUNCTIONS = (SUPERSEDE, LOOK_AT)

# The transaction that supersedes a row is to append the one that follows it.
FOLLOWED = "agreements_publication_followed"
_TABLE = "agreements_publication"


def supersede(rows: Sequence[int], moment: datetime) -> None:
    """Mark rows of PostgreSQL's ledger as superseded at a moment, when their next ones appear."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agreements_supersede(%s, %s)", [list(rows), moment])


def look_at(table: str, columns: Sequence[str]) -> None:
    """Let PostgreSQL know what columns of one of our tables hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agreements_look_at(%s, %s)", [table, list(columns)])


def install(database: BaseDatabaseWrapper) -> None:
    """Put the functions in place, as whoever migrates, for the owner alone until they are granted.

    `CREATE OR REPLACE` leaves what was granted. Nothing but the schema of the tables is looked
    into, temporary tables last, so that nobody has the owner work on another table.
    """
    with database.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
        for statement in _statements(schema):
            cursor.execute(statement)


def missing(database: BaseDatabaseWrapper) -> list[str]:
    """Return the names of the functions, and of the trigger, that the database lacks."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace ="
            " (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
            " UNION SELECT tgname FROM pg_trigger"
            " WHERE tgrelid = to_regclass(%s) AND tgenabled IN ('O', 'A')",
            [_TABLE],
        )
        present = {name for (name,) in cursor.fetchall()}
    return [name for name in (FOLLOWED, *map(name_of, FUNCTIONS)) if name not in present]


def name_of(function: str) -> str:
    """Return the name of a function without its arguments."""
    return function.partition("(")[0]


# Names from this module and of a schema, quoted by the database: nothing that anybody typed.
# ruff: noqa: S608
def _statements(schema: str) -> list[str]:
    as_owner = f"SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp"
    return [
        "CREATE OR REPLACE FUNCTION agreements_supersede(superseded bigint[], moment timestamptz)"
        f" RETURNS void LANGUAGE sql {as_owner} AS $$"
        f" UPDATE {schema}.{_TABLE} SET superseded_at = moment"
        " WHERE id = ANY (superseded) $$",
        "CREATE OR REPLACE FUNCTION agreements_look_at(looked_at text, columns text[])"
        f" RETURNS void LANGUAGE plpgsql {as_owner} AS $$ BEGIN"
        " IF looked_at NOT LIKE 'agreements\\_%' THEN"
        " RAISE EXCEPTION '% is not a table of the ledger or the desk', looked_at; END IF;"
        f" EXECUTE format('ANALYZE {schema}.%I (%s)', looked_at,"
        " (SELECT string_agg(quote_ident(each), ', ') FROM unnest(columns) AS each)); END $$",
        *(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC" for function in FUNCTIONS),
        f"CREATE OR REPLACE FUNCTION {FOLLOWED}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NOT EXISTS (SELECT 1 FROM {schema}.{_TABLE} AS following"
        " WHERE following.kind = NEW.kind AND following.slug = NEW.slug"
        " AND following.revision = NEW.revision + 1"
        " AND following.published_at = NEW.superseded_at)"
        " THEN RAISE EXCEPTION 'the ledger is append-only: nothing follows the row % that is"
        " marked as superseded', NEW.sequence USING ERRCODE = 'integrity_constraint_violation';"
        " END IF; RETURN NULL; END $$",
        # There is no CREATE OR REPLACE of such a trigger, and to drop it keeps readers waiting.
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = '{FOLLOWED}'"
        f" AND tgrelid = '{schema}.{_TABLE}'::regclass) THEN"
        f" CREATE CONSTRAINT TRIGGER {FOLLOWED} AFTER UPDATE OF superseded_at ON {schema}.{_TABLE}"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.superseded_at IS NOT NULL)"
        f" EXECUTE FUNCTION {FOLLOWED}(); END IF; END $$",
    ]
