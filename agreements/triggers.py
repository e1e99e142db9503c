"""Rules that tables cannot state as constraints, held by triggers on both databases.

- The ledger is append-only: a row may only be superseded, once. So are the history of the desk
  and the list of releases.
- A participant's force acts for the participant's country.
- A row of a kind's own table belongs to an engagement of that kind, which never changes.

On PostgreSQL a row is superseded by the function of `agreements.entrusted` alone where the service
has a role of its own, and never without the row that follows.

They are put in place after every `migrate`, not by a migration: SQLite loses a table's triggers
when Django remakes the table.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from agreements import entrusted
from agreements.models import Agreement, Exercise, Meeting, Publication, PublicationFacet

# Of these tables rows are only ever added.
APPEND_ONLY = (
    "agreements_publication",
    "agreements_publicationfacet",
    "agreements_change",
    "agreements_release",
)
# PostgreSQL's TRUNCATE passes by the triggers on rows.
_WHOLE = {table: f"{table}_whole" for table in APPEND_ONLY}

_STAY = "agreements_publication_stay"
# What fires without a condition and for any column, and is not disabled; with `tgtype`, in which
# PostgreSQL keeps when a trigger fires.
_PRESENT = """
SELECT t.tgname, c.relname, t.tgtype, p.prosrc
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.oid = to_regclass(c.relname::text)
AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr = ''::int2vector
"""
_PRESENT_ON_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_BEFORE, _BEFORE_EACH_ROW = 2, 3
_EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}


@dataclass(frozen=True)
class Rule:
    """A change that is refused: `event` on `table` where `when` is true of OLD and NEW."""

    name: str
    table: str
    event: str
    when: str
    message: str


def _changed(columns: list[str], postgresql: bool) -> str:
    differs = "IS DISTINCT FROM" if postgresql else "IS NOT"
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def rules(postgresql: bool) -> list[Rule]:
    """Return every rule, in the dialect asked for."""
    differs = "IS DISTINCT FROM" if postgresql else "IS NOT"
    columns = [str(field.column) for field in Publication._meta.concrete_fields]
    fixed = [column for column in columns if column != "superseded_at"]
    facet_columns = [str(field.column) for field in PublicationFacet._meta.concrete_fields]
    append_only, history = "the ledger is append-only", "the history is append-only"
    releases = "releases are never changed"
    found = [
        Rule(
            "agreements_publication_keep",
            "agreements_publication",
            "UPDATE",
            f"{_changed(fixed, postgresql)} OR (OLD.superseded_at IS NOT NULL"
            f" AND OLD.superseded_at {differs} NEW.superseded_at)",
            append_only,
        ),
        Rule("agreements_publication_stay", "agreements_publication", "DELETE", "", append_only),
        Rule(
            "agreements_facet_keep",
            "agreements_publicationfacet",
            "UPDATE",
            _changed(facet_columns, postgresql),
            append_only,
        ),
        Rule("agreements_facet_stay", "agreements_publicationfacet", "DELETE", "", append_only),
        Rule("agreements_change_keep", "agreements_change", "UPDATE", "", history),
        Rule("agreements_change_stay", "agreements_change", "DELETE", "", history),
        Rule("agreements_release_keep", "agreements_release", "UPDATE", "", releases),
        Rule("agreements_release_stay", "agreements_release", "DELETE", "", releases),
        Rule(
            "agreements_force_country",
            "agreements_force",
            "UPDATE",
            "EXISTS (SELECT 1 FROM agreements_participant p"
            " WHERE p.force_id = NEW.id AND p.country_id <> NEW.country_id)",
            "participants name this force for another country",
        ),
        Rule(
            "agreements_engagement_kind_stays",
            "agreements_engagement",
            "UPDATE",
            "OLD.kind <> NEW.kind",
            "the kind of an engagement never changes",
        ),
    ]
    for event in ("INSERT", "UPDATE"):
        found.append(
            Rule(
                f"agreements_participant_force_{event.lower()}",
                "agreements_participant",
                event,
                "NEW.force_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM agreements_force f"
                " WHERE f.id = NEW.force_id AND f.country_id = NEW.country_id)",
                "this force belongs to another country",
            )
        )
        for model in (Agreement, Meeting, Exercise):
            table = model._meta.db_table
            found.append(
                Rule(
                    f"{table}_kind_{event.lower()}",
                    table,
                    event,
                    "NOT EXISTS (SELECT 1 FROM agreements_engagement e"  # noqa: S608
                    f" WHERE e.id = NEW.engagement_ptr_id AND e.kind = '{model.RECORD_KIND}')",
                    f"this engagement is not of the kind {model.RECORD_KIND}",
                )
            )
    return found


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place, replacing what is there, on the tables that there are.

    On PostgreSQL a trigger that is there stays, which takes no lock, and gets its function anew.
    """
    postgresql = connection.vendor == "postgresql"
    tables = set(connection.introspection.table_names())
    wanted = set(missing(connection)) if postgresql else {rule.name for rule in rules(False)}
    with connection.cursor() as cursor:
        for rule in rules(postgresql):
            if rule.table not in tables:
                continue
            function, trigger = _postgresql(rule) if postgresql else _sqlite(rule)
            for statement in (function, trigger) if rule.name in wanted else (function,):
                # A transaction each, so that nobody waits for one lock who holds another.
                with transaction.atomic(connection.alias):
                    cursor.execute(statement)
        if postgresql:
            for table, name in _WHOLE.items():
                if table not in tables or name not in wanted:
                    continue
                with transaction.atomic(connection.alias):
                    cursor.execute(
                        f"CREATE OR REPLACE TRIGGER {name} BEFORE TRUNCATE ON {table}"
                        f" FOR EACH STATEMENT EXECUTE FUNCTION {_STAY}()"
                    )
    if postgresql and "agreements_publication" in tables:
        entrusted.install(connection)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away on SQLite, which cannot remake a table that a trigger names."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for rule in rules(postgresql=False):
                cursor.execute(f"DROP TRIGGER IF EXISTS {rule.name}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of the triggers that the database lacks, or has otherwise than they were.

    One that is disabled, is on another table, fires at another event or does something else is
    as good as none. PostgreSQL's functions beside them count too.
    """
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT if postgresql else _PRESENT_ON_SQLITE)
        present = {name: told for name, *told in cursor.fetchall()}
    wanted: dict[str, list[Any]] = {}
    for rule in rules(postgresql):
        if postgresql:
            wanted[rule.name] = [rule.table, _BEFORE_EACH_ROW + _EVENTS[rule.event], _source(rule)]
            if rule.name == _STAY:
                whole = [_BEFORE + _EVENTS["TRUNCATE"], _source(rule)]
                wanted |= {name: [table, *whole] for table, name in _WHOLE.items()}
        else:
            wanted[rule.name] = [_sqlite(rule)[1]]
    lacking = [name for name, told in wanted.items() if present.get(name) != told]
    return lacking + entrusted.missing(connection) if postgresql else lacking


def _sqlite(rule: Rule) -> tuple[str, str]:
    when = f" WHEN {rule.when}" if rule.when else ""
    return (
        f"DROP TRIGGER IF EXISTS {rule.name}",
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table}{when}"
        f" BEGIN SELECT RAISE(ABORT, '{rule.message}'); END",
    )


def _postgresql(rule: Rule) -> tuple[str, str]:
    return (
        f"CREATE OR REPLACE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $${_source(rule)}$$",
        f"CREATE OR REPLACE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table}"
        f" FOR EACH ROW EXECUTE FUNCTION {rule.name}()",
    )


def _source(rule: Rule) -> str:
    """Return the body of a trigger's function on PostgreSQL."""
    answer = "OLD" if rule.event == "DELETE" else "NEW"
    body = f"RAISE EXCEPTION '{rule.message}' USING ERRCODE = 'integrity_constraint_violation';"
    if rule.when:
        body = f"IF {rule.when} THEN {body} END IF;"
    return f" BEGIN {body} RETURN {answer}; END "
