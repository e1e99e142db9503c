"""From a table to what an import of it would do: a plan for each row, and nothing stored."""

import hashlib
import json
from dataclasses import astuple

import tablib  # type: ignore[import-untyped]
from django.utils.translation import gettext as _

from agreements.exceptions import ExchangeError, ExchangeProblem
from agreements.exchange.checks import check_together
from agreements.exchange.columns import COLUMNS, OF_THE_DESK, key_column, key_in
from agreements.exchange.plans import Plan
from agreements.exchange.register import Register
from agreements.exchange.resources import resource_of
from agreements.exchange.tables import Table
from agreements.exchange.verified import verify


def prepare(kind: str, table: Table) -> list[Plan]:
    """Return the plan of each row, in the order of the file.

    What is wrong with rows is in their plans. Raises an ExchangeError where the columns are not
    those of the kind.
    """
    check_columns(kind, table)
    column = table.headers.index(key_column(kind))
    register = Register(kind, (key_in(kind, row.cells[column]) for row in table.rows))
    plans: list[Plan] = []
    dataset = tablib.Dataset(*(row.cells for row in table.rows), headers=table.headers)
    result = resource_of(kind).import_data_inner(
        dataset,
        dry_run=True,
        raise_errors=False,
        using_transactions=False,
        collect_failed_rows=False,
        register=register,
        plans=plans,
        numbers=[row.number for row in table.rows],
    )
    faults = [*result.base_errors, *(each for row in result.rows for each in row.errors)]
    if faults:
        # Not a fault of the file: the library keeps what a resource raises.
        raise faults[0].error
    check_together(kind, plans, register)
    verify(plans)
    return plans


def check_columns(kind: str, table: Table) -> None:
    """Raise an ExchangeError where a table lacks its key or has columns that a kind does not."""
    known, key = COLUMNS[kind], key_column(kind)
    problems = [
        ExchangeProblem(1, header, _of_the_desk() if header in OF_THE_DESK else _unknown(known))
        for header in table.headers
        if header not in known
    ]
    if key not in table.headers:
        text = _("The column %(column)s is missing: it tells which record a row is of.")
        problems.append(ExchangeProblem(1, key, text % {"column": key}))
    if problems:
        raise ExchangeError(problems)


def fingerprint(plans: list[Plan]) -> str:
    """Return what tells whether plans are still those that somebody looked at."""
    told = [
        [plan.number, plan.outcome, plan.seen and astuple(plan.seen), plan.after, plan.problems]
        for plan in plans
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _of_the_desk() -> str:
    return _("The desk keeps this itself: an import only writes drafts. Leave the column out.")


def _unknown(known: tuple[str, ...]) -> str:
    return _("Unknown column; write one of %(names)s.") % {"names": ", ".join(known)}
