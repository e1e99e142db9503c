"""The codebook: every table, column and word of a release, its meaning, how often it stands."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from agreements.releases import columns as types
from agreements.releases.about import TITLE
from agreements.releases.columns import Column, Table
from agreements.releases.counting import Tally
from agreements.releases.edition import Edition
from agreements.releases.record_keys import record_lines
from agreements.releases.vocabularies import LANGUAGES

_TEXT, _NUMBER, _TRUTH = types.STRING, types.INTEGER, types.BOOLEAN


def _columns(*described: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(name, kind, about, (name,)) for name, kind, about in described)


FIELDS = Table(
    "codebook_fields",
    "Every column of every table of the data set.",
    _columns(
        ("table", _TEXT, "Table."),
        ("column", _TEXT, "Column."),
        ("type", _TEXT, "Type, in the words of Table Schema."),
        ("about", _TEXT, "What it holds."),
        ("required", _TRUTH, "Whether it is never empty."),
        ("key", _TRUTH, "Whether it is part of the primary key."),
        ("references", _TEXT, "Table and column that it names a row of."),
        ("vocabulary", _TEXT, "The list of words that its values are from."),
        ("rows", _NUMBER, "Rows of the table."),
        ("filled", _NUMBER, "Rows in which it is not empty."),
    ),
    ("table", "column"),
)
VALUES = Table(
    "codebook_values",
    "Every word of every vocabulary, and how often each column uses it.",
    _columns(
        ("table", _TEXT, "Table."),
        ("column", _TEXT, "Column."),
        ("vocabulary", _TEXT, "The list of words; empty where the list is open."),
        ("value", _TEXT, "The word, as it stands in the cell."),
        *((f"label_{language}", _TEXT, f"What it is called in {name}.")
          for language, name in zip(LANGUAGES, ("English", "Vietnamese"), strict=True)),
        ("rows", _NUMBER, "Rows that have it."),
    ),
    ("table", "column", "value"),
)  # fmt: skip


def field_rows(tallies: Iterable[Tally]) -> Iterator[dict[str, Any]]:
    """Yield the rows of codebook_fields.csv."""
    for tally in tallies:
        for number, column in enumerate(tally.table.columns):
            yield {
                "table": tally.table.name,
                "column": column.name,
                "type": column.type,
                "about": column.about,
                "required": column.required,
                "key": column.name in tally.table.key,
                "references": referenced(tally.table, column),
                "vocabulary": column.vocabulary.name if column.vocabulary else None,
                "rows": tally.rows,
                "filled": tally.filled[number],
            }


def value_rows(tallies: Iterable[Tally]) -> Iterator[dict[str, Any]]:
    """Yield the rows of codebook_values.csv."""
    for tally in tallies:
        for number, column in enumerate(tally.table.columns):
            labels = column.vocabulary.labels() if column.vocabulary else {}
            for value, rows in tally.uses(number):
                named = {f"label_{x}": labels.get(value, {}).get(x) for x in LANGUAGES}
                vocabulary = column.vocabulary.name if column.vocabulary else None
                yield {
                    "table": tally.table.name,
                    "column": column.name,
                    "vocabulary": vocabulary,
                    "value": value,
                    "rows": rows,
                    **named,
                }


def referenced(table: Table, column: Column) -> str | None:
    """Return the table and column that a column names a row of, None where it names none."""
    for each in table.references:
        if column.name in each.columns:
            return f"{each.table}.{each.to[each.columns.index(column.name)]}"
    return None


def codebook(edition: Edition, tallies: Sequence[Tally]) -> str:
    """Return the codebook as Markdown."""
    return "\n".join(_lines(edition, tallies)) + "\n"


def _lines(edition: Edition, tallies: Sequence[Tally]) -> Iterator[str]:
    yield f"# Codebook, release {edition.version}\n"
    yield f"{TITLE}, as published until {edition.instant}.\n"
    yield "Each table comes as CSV, as Parquet and as a table of the SQLite file, with the same"
    yield "columns. Absent and empty are the same there: an empty cell, or NULL. The JSON lines"
    yield "tell them apart; what stands in them is at the end.\n"
    yield "## Tables\n"
    yield "| table | rows | one row is |\n|---|---:|---|"
    for tally in tallies:
        yield row(f"[{tally.table.name}](#{tally.table.name})", tally.rows, tally.table.about)
    for tally in tallies:
        yield from _table(tally)
    yield from record_lines(row)


def _table(tally: Tally) -> Iterator[str]:
    table = tally.table
    yield f"\n## {table.name}\n"
    yield f"{table.about} {tally.rows} rows.\n"
    if table.key:
        yield f"Primary key: {', '.join(table.key)}.\n"
    for each in table.references:
        to = f"{', '.join(each.to)} of [{each.table}](#{each.table})"
        yield f"Foreign key: {', '.join(each.columns)} names {to}.\n"
    yield "| column | type | filled | meaning |\n|---|---|---:|---|"
    for number, column in enumerate(table.columns):
        kind = f"{column.type}, required" if column.required else column.type
        yield row(f"`{column.name}`", kind, tally.filled[number], column.about)
    for number, column in enumerate(table.columns):
        uses = tally.uses(number)
        if uses:
            yield from _uses(column, uses)
    if tally.formulas:
        yield f"\nCells that a spreadsheet may take for a formula: {tally.formulas}."


def _uses(column: Column, uses: list[tuple[str, int]]) -> Iterator[str]:
    labels = column.vocabulary.labels() if column.vocabulary else {}
    yield f"\nValues of `{column.name}`:\n"
    yield "| value | English | Vietnamese | rows |\n|---|---|---|---:|"
    for value, rows in uses:
        named = labels.get(value, {})
        yield row(f"`{value}`", *(named.get(language, "") for language in LANGUAGES), rows)


def row(*cells: Any) -> str:
    return (
        "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
    )
