"""Goes from state to state of the app's tables, and compares what is in them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from itertools import chain
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from agreements import ledger, summary, triggers
from drills import filling
from drills.report import Report

APP = "agreements"
ZERO, LAST = "zero", "last"
# Released before there was a service to keep up; docs/migrations.md has what each of them holds.
RELEASED = frozenset(
    {
        *("0001_initial", "0002_trigram_search", "0003_the_desk", "0004_help_for_the_reader"),
        *("0005_releases", "0006_where_records_were", "0007_flat_to_a_million"),
        *("0008_lists_of_the_desk", "0009_reads_at_a_million"),
    }
)
# What going back over a migration loses of tables that stay; a table that it made goes with its
# rows. Later ones say it themselves, as LOSES.
LOSES = {
    "0003_the_desk": {"agreements_person": ("edited_by", "loaded_version", "version")},
}
# Rows that going back takes away and going forward makes again, with new numbers.
MAKES_AGAIN = {"0006_where_records_were": {"agreements_publicationfacet": ("facet", "place")}}
# Counted again after every migration forward.
_COUNTED = {f"{APP}_{name}" for name in ("counteduntil", "columncount", "facetcount")}

Rows = Counter[tuple[object, ...]]


class Table:
    """The rows of a table at one moment."""

    def __init__(self, columns: Sequence[str], rows: Iterable[Sequence[object]]):
        self.columns = list(columns)
        self.rows = [dict(zip(self.columns, row, strict=True)) for row in rows]

    def of(self, columns: Iterable[str], but: Iterable[tuple[str, object]] = ()) -> Rows:
        """Return how often each row stands there, by some columns; but those with a value."""
        names, but = sorted(columns), list(but)
        return Counter(
            tuple(_plain(row[name]) for name in names)
            for row in self.rows
            if all(row[name] != value for name, value in but)
        )


def _plain(value: object) -> object:
    return value if isinstance(value, int | str | bytes | None) else str(value)


def drill(report: Report, states: Sequence[str] | None) -> None:
    """Check the way to each state and back; `states` are beginnings of names, or "last"."""
    names = migrations()
    earlier = [ZERO, *names[:-1]]
    wanted = tuple(earlier[-1] if each == LAST else each for each in states or [""])
    chosen = [name for name in earlier if name.startswith(wanted)]
    call_command("migrate", verbosity=0)
    filling.fill()
    whole = tables()
    empty = sorted(name for name, table in whole.items() if not table.rows)
    report.check(not empty, "every table of the app has rows", empty or f"{len(whole)} tables")
    for state in reversed(chosen):
        undone = names[names.index(state) + 1 :] if state != ZERO else names
        call_command("migrate", APP, state, verbosity=0)
        there = tables()
        faults = list(differences(whole, there, undone, back=True))
        _report(report, faults, f"back to {state}", there)
        call_command("migrate", verbosity=0)
        if state == ZERO:
            held = [name for name, table in tables().items() if table.rows]
            report.check(not held, "after zero the tables are there, and empty", held or "empty")
            filling.fill()
        else:
            faults = list(differences(whole, tables(), undone, back=False))
            _report(report, faults, f"forward from {state} to the newest", whole)
        check_ledger(report, state)
        if state != chosen[0]:
            # What was lost is there for the way back to the next state.
            filling.fill_again()
            whole = tables()


def _report(report: Report, faults: Sequence[str], what: str, there: dict[str, Table]) -> None:
    rows = sum(len(table.rows) for table in there.values())
    report.check(not faults, what, "; ".join(faults[:5]) or f"{rows} rows of {len(there)} tables")


def check_ledger(report: Report, state: str) -> None:
    """Check what a migration forward has to leave: the ledger, its triggers, and its counts."""
    found = [*triggers.missing(connection), *chain(ledger.verify(), summary.faults())]
    report.check(not found, f"ledger, triggers and counts after {state}", found[:3] or "all right")


def migrations() -> list[str]:
    """Return the names of the app's migrations, in their order."""
    loader = MigrationLoader(connection)
    plan = loader.graph.forwards_plan(loader.graph.leaf_nodes(APP)[0])
    return [name for app, name in plan if app == APP]


def said(migration: str, of: str) -> dict[str, Any]:
    """Return what a migration says of itself, in an attribute of its module."""
    found: dict[str, Any] = getattr(import_module(f"{APP}.migrations.{migration}"), of, {})
    return found


def tables() -> dict[str, Table]:
    """Read the app's tables."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            # SQLite's words are made anew after every migration.
            if not name.startswith(f"{APP}_") or "_words" in name:
                continue
            described = connection.introspection.get_table_description(cursor, name)
            columns = [column.name for column in described]
            quoted = ", ".join(map(connection.ops.quote_name, columns))
            cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(name)}")  # noqa: S608
            found[name] = Table(columns, cursor.fetchall())
    return found


def differences(
    before: dict[str, Table], after: dict[str, Table], undone: Sequence[str], back: bool
) -> Iterator[str]:
    """Yield what is not the same though the migrations that were undone do not say so."""
    lost: dict[str, set[str]] = {}
    again: dict[str, list[tuple[str, object]]] = {}
    for migration in undone:
        for name, columns in {**LOSES.get(migration, {}), **said(migration, "LOSES")}.items():
            lost.setdefault(name, set()).update(columns)
        for name, rows in {
            **MAKES_AGAIN.get(migration, {}),
            **said(migration, "MAKES_AGAIN"),
        }.items():
            again.setdefault(name, []).append(rows)
    made = set() if back else _made_by(undone)
    for name, table in before.items():
        if name not in after and back or name in made:
            continue
        if name not in after:
            yield f"{name} is gone"
            continue
        shared = set(table.columns) & set(after[name].columns)
        if not back:
            shared -= lost.get(name, set())
        if name in again or name in _COUNTED:
            shared.discard("id")
        was = table.of(shared, again.get(name, ()) if back else ())
        now = after[name].of(shared)
        if was != now:
            yield f"{name}: {(was - now).total()} rows changed or lost, {(now - was).total()} new"


def _made_by(undone: Sequence[str]) -> set[str]:
    """Return the tables that migrations made, whose rows go with them."""
    loader = MigrationLoader(connection)
    made = set()
    for name in undone:
        for operation in loader.get_migration(APP, name).operations:
            if type(operation).__name__ == "CreateModel":
                made.add(f"{APP}_{operation.name_lower}")  # type: ignore[attr-defined]
    return made - _COUNTED
