"""A foreign table in our own form, by its mapping: what `preview` and `carry_out` take."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from agreements.exceptions import ExchangeProblem
from agreements.exchange.cells import write_passages
from agreements.exchange.columns import COLUMNS
from agreements.exchange.foreign import uses
from agreements.exchange.foreign.keys import Keys
from agreements.exchange.foreign.mapping import Mapping
from agreements.exchange.foreign.record import Record
from agreements.exchange.foreign.row_reading import read_row
from agreements.exchange.tables import Row, Table


@dataclass
class Translation:
    """A table in our own form; what could not be read, by row and column of the file; and remarks.

    Rows with problems are not in the table. `left_out` are the columns that nothing was made of.
    """

    table: Table
    problems: list[ExchangeProblem] = field(default_factory=list)
    remarks: list[ExchangeProblem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def translate(table: Table, mapping: Mapping, without: frozenset[int] = frozenset()) -> Translation:
    """Return a foreign table in our form of the mapping's kind, without rows of some numbers."""
    headers = _headers(mapping)
    keys, made = Keys(table, mapping), Translation(Table(headers, [], table.name))
    made.left_out = [name for name in table.headers if not mapping.columns.get(name)]
    at = {name: number for number, name in enumerate(table.headers)}
    for row in table.rows:
        key, problem = keys.next(row)
        if row.number in without:
            continue
        record = Record(row, at, mapping, key)
        if problem:
            made.problems.append(problem)
        else:
            read_row(record)
            made.problems += record.problems
            made.remarks += record.remarks
            if not record.problems:
                made.table.rows.append(Row(row.number, _cells(record, headers)))
    return made


def gaps(table: Table, mapping: Mapping) -> list[str]:
    """Return in words what a mapping does not say yet and no row can be read without."""
    return list(_gaps(table, mapping))


def _gaps(table: Table, mapping: Mapping) -> Iterator[str]:
    lacking = [name for name in mapping.columns if name not in table.headers]
    if lacking:
        yield _("The file lacks columns: %(names)s.") % {"names": ", ".join(lacking)}
    choices = uses.choices_of(mapping.kind)
    for name in uses.NEEDED[mapping.kind]:
        if not mapping.column(name) and mapping.constants.get(name) not in dict(choices[name]):
            yield _("Say what %(field)s all records have.") % {"field": uses.choice_name(name)}
    dated = mapping.columns_of(
        uses.WHOLE_DATE, uses.FIRST_DAY, uses.LAST_DAY, *uses.dates_of(mapping.kind)
    )
    if dated and not mapping.forms:
        yield _("Name the form of the dates.")


def _headers(mapping: Mapping) -> list[str]:
    """Return the columns of our own form that a mapping says something about."""
    named = {use for use in mapping.columns.values() if use in COLUMNS[mapping.kind]}
    named |= set(mapping.constants) | {"slug", "title", "status", "citations"}
    if mapping.columns_of(uses.FIRST_DAY, uses.LAST_DAY, *uses.FIRST_PARTS):
        named.add("date")
    if mapping.columns_of(*uses.ROLES):
        named |= {"participants"}
    if mapping.columns_of(uses.NOTES) or "+" in mapping.countries.values():
        named.add("summary")
    return [name for name in COLUMNS[mapping.kind] if name in named]


def _cells(record: Record, headers: list[str]) -> list[str]:
    values = {**record.values, "slug": record.key.slug}
    values["citations"] = write_passages(record.passages)
    return [values.get(name, "") for name in headers]
