"""Writing the files of one release into an empty folder."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agreements.catalogue.asking import batched
from agreements.releases import codebook, linked_data, package, pages
from agreements.releases.about import NAME
from agreements.releases.changes import CHANGES, RETIRED_TABLE, changes_of, retired_rows
from agreements.releases.columns import Table
from agreements.releases.counting import Tally
from agreements.releases.csv_files import CSVFile
from agreements.releases.edition import LISTINGS, Edition, texts_of
from agreements.releases.files import (
    FileFacts,
    facts_of,
    names_in,
    sync,
    write_sums,
    write_zip,
)
from agreements.releases.parquet_files import ParquetFile
from agreements.releases.rows import rows_of
from agreements.releases.sqlite_file import Database
from agreements.releases.tables import TABLES

DATA = (*TABLES, CHANGES, RETIRED_TABLE)
CODEBOOK = (codebook.FIELDS, codebook.VALUES)


@dataclass(frozen=True)
class Built:
    """What was written: the facts of every file by its name, and the rows of every table."""

    files: dict[str, FileFacts]
    counts: dict[str, int]


class Writers:
    """A CSV and a Parquet file for each table, and one SQLite file for all of them."""

    def __init__(self, folder: Path, tables: Iterable[Table]):
        self.tallies = {table.name: Tally(table) for table in tables}
        found = [tally.table for tally in self.tallies.values()]
        headings = {table.name: [each.name for each in table.columns] for table in found}
        self._csv = {name: CSVFile(folder / f"{name}.csv", headings[name]) for name in self.tallies}
        self._parquet = {
            table.name: ParquetFile(folder / f"{table.name}.parquet", table) for table in found
        }
        self._database = Database(folder / f"{NAME}.sqlite", found)

    def write(self, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Write rows of any tables, in the order in which they come."""
        sorted_out: dict[str, list[tuple[Any, ...]]] = {}
        for name, row in rows:
            cells = self.tallies[name].table.cells(row)
            sorted_out.setdefault(name, []).append(cells)
        for name, cells_of_table in sorted_out.items():
            self.tallies[name].count(cells_of_table)
            self._csv[name].write(cells_of_table)
            self._parquet[name].write(cells_of_table)
            self._database.write(self.tallies[name].table, cells_of_table)

    def finish(self) -> None:
        self._database.finish()
        self.close()
        for name, tally in self.tallies.items():
            tally.formulas = self._csv[name].formulas

    def close(self) -> None:
        for name in self.tallies:
            self._csv[name].close()
            self._parquet[name].close()
        self._database.close()


def build(edition: Edition, folder: Path) -> Built:
    """Write every file of a release into an empty folder, and see it to the disk.

    The caller reads in one snapshot. Raises a ReleaseError where the ledger's records do not fit
    together. The same edition of the same ledger gives the same bytes.
    """
    with ExitStack() as closing:
        writers = Writers(folder, DATA)
        closing.callback(writers.close)
        sources = list(_write_records(edition, folder, writers))
        _write_changes(edition, folder, writers)
        for some in batched(("retired", row) for row in retired_rows(edition)):
            writers.write(some)
        writers.finish()
    tallies = list(writers.tallies.values())
    for table, rows in zip(
        CODEBOOK, (codebook.field_rows(tallies), codebook.value_rows(tallies)), strict=True
    ):
        _write_table(folder, table, rows)
    _write(folder / "codebook.md", codebook.codebook(edition, tallies))
    _write(folder / "README.md", pages.readme(edition, tallies))
    _write(folder / pages.CITATION, pages.citation(edition))
    files = {name: facts_of(folder / name) for name in names_in(folder)}
    described = package.package(edition, (*DATA, *CODEBOOK), files, sources)
    _write(folder / package.NAME, json.dumps(described, ensure_ascii=False, indent=2) + "\n")
    files[package.NAME] = facts_of(folder / package.NAME)
    write_sums(folder, files)
    write_zip(folder, edition.version)
    for name in names_in(folder):
        files.setdefault(name, facts_of(folder / name))
    sync([*(folder / name for name in files), folder])
    return Built(files, {tally.table.name: tally.rows for tally in tallies})


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def _write_table(folder: Path, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    file = CSVFile(folder / f"{table.name}.csv", [each.name for each in table.columns])
    file.write(table.cells(row) for row in rows)
    file.close()


def _write_records(edition: Edition, folder: Path, writers: Writers) -> Iterator[dict[str, Any]]:
    """Write the records in every form; yield the documents as a package names its sources."""
    with (folder / "records.jsonld").open("w", encoding="utf-8", newline="") as linked:
        linked.write(linked_data.opening(edition))
        for listing in LISTINGS:
            kind = listing.kinds[0]
            path = folder / f"{listing.name}.ndjson"
            with path.open("w", encoding="utf-8", newline="") as lines:
                for texts in texts_of(listing, edition.head):
                    lines.writelines(f"{text}\n" for text in texts)
                    records = [text.parsed() for text in texts]
                    writers.write(row for record in records for row in rows_of(kind, record))
                    for record in records:
                        linked.writelines(linked_data.lines(edition, kind, record))
                    if kind == "document":
                        yield from map(_source, records)
        linked.write(linked_data.CLOSING)


def _source(document: Mapping[str, Any]) -> dict[str, Any]:
    found = {"title": document["title"], "slug": document["slug"]}
    return {**found, "path": document["url"]} if document["url"] else found


def _write_changes(edition: Edition, folder: Path, writers: Writers) -> None:
    ends = {
        "from": edition.previous and edition.previous.version,
        "to": edition.version,
        "from_head": edition.previous and edition.previous.head.sequence,
        "to_head": edition.head.sequence,
    }
    with (folder / "changes.json").open("w", encoding="utf-8", newline="") as file:
        file.write(f'{json.dumps(ends)[:-1]}, "changes": [')
        before = "\n"
        for some in batched(changes_of(edition)):
            for change in some:
                file.write(f"{before}{json.dumps(change.as_json(), ensure_ascii=False)}")
                before = ",\n"
            writers.write(("changes", row) for change in some for row in change.rows())
        file.write("\n]}\n")
