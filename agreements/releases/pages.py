"""What people read first in a release: README.md, and CITATION.cff to cite it by."""

import shlex
from collections.abc import Sequence

from agreements.releases import about
from agreements.releases.counting import Tally
from agreements.releases.edition import Edition, instant_of
from agreements.releases.files import zip_name

CITATION = "CITATION.cff"


def citation(edition: Edition) -> str:
    """Return CITATION.cff (version 1.2.0 of the format)."""
    return f"""cff-version: 1.2.0
message: If you use this data set, please cite it as below, with the version that you used.
type: dataset
title: "{about.TITLE}"
authors:
  - name: {about.CONTRIBUTORS}
version: "{edition.version}"
date-released: {edition.date}
license: {about.LICENSE_NAME}
identifiers:
  - type: other
    value: "sha256:{edition.head.sha256}"
    description: Head of the ledger that this version was made of, row {edition.head.sequence}
"""


def rebuilding(edition: Edition) -> str:
    """Return the command that makes the same files of the same ledger."""
    words = ["manage.py", "make_release", edition.version, "--head", str(edition.head.sequence)]
    if edition.previous is not None:
        words += ["--previous", f"{edition.previous.version}:{edition.previous.head.sequence}"]
    if edition.notes:
        words += ["--notes", edition.notes]
    return shlex.join([*words, "--output", "DIR"])


def readme(edition: Edition, tallies: Sequence[Tally]) -> str:
    """Return README.md of a release."""
    rows = {tally.table.name: tally.rows for tally in tallies}
    formulas = sum(tally.formulas for tally in tallies)
    former = "This is the first release; in the tables of changes everything was added."
    if edition.previous is not None:
        before = edition.previous
        former = (
            f"The release before is {before.version}, of {instant_of(before.head)}. "
            "`changes.csv` and `changes.json` tell every record that differs."
        )
    notes = f"\n{edition.notes}\n" if edition.notes else ""
    counted = ", ".join(
        f"{rows[name]} {name}"
        for name in ("agreements", "meetings", "exercises", "forces", "documents", "citations")
    )
    return f"""# {about.TITLE}

Release {edition.version}: everything that was published until {edition.instant}.
{notes}
It holds {counted}.
Licence: {about.LICENSE_TITLE} ({about.LICENSE_NAME}), {about.LICENSE_URL}
How to cite it: `{CITATION}`. Passages quoted from documents belong to whoever published them.

## What is here

| file | what it is |
|---|---|
| `datapackage.json` | Frictionless Data Package: tables with their schemas, files with their sums |
| `….csv`, `….parquet` | one table each: `records`, `engagements`, `participants`, `citations`, … |
| `{about.NAME}.sqlite` | the same tables in one SQLite file, with their keys and indexes |
| `….ndjson` | the whole records of each kind, an object a line, as the API answers them |
| `records.jsonld` | the records as linked data in the terms of schema.org and PROV-O |
| `codebook.md`, `codebook_….csv` | every table, column and word: its meaning, how often it stands |
| `changes.csv`, `changes.json` | what differs from the release before |
| `retired.csv` | every record that ever was published and is not any more, and what stands for it |
| `SHA256SUMS` | `sha256sum --check SHA256SUMS` |
| `{zip_name(edition.version)}` | all of this in one file |

{former}

## To know before reading

- **Empty is absent.** In CSV an empty cell, elsewhere NULL. `NA` is Namibia: tell your program
  that only the empty cell is missing (pandas: `keep_default_na=False, na_values=[""]`;
  R: `na.strings = ""`).
- **Dates are partial.** `date_edtf` is what is known (ISO 8601-2); `date_earliest` and
  `date_latest` are the days that it can mean. A record whose year is unknown has neither.
- **Engagements** are agreements, meetings and exercises. The table `engagements` has what they
  have in common; each kind has a table with that and with what is its own.
- **Tables join** by `kind` and `slug`: `participants`, `citations` and `links` so name the
  records that they belong to.
- **One record may stand for many** (`count_stated`): count with care.
- **Cells are exact.** Unlike in the API's CSV, nothing is put before a cell that begins with `=`,
  `+`, `-` or `@`, so that all files hold the same texts. Import the CSV into a spreadsheet as
  text. Cells that could run there: {formulas}.
- `sha256` in a record is that of its row of the ledger and of all rows before it; of a document
  it is that of its text, and `ledger_sha256` is the row's.

## To make it again

The same ledger and the same program give the same bytes, on any machine and database:

    {rebuilding(edition)}

The ledger ends with row {edition.head.sequence}, SHA-256 {edition.head.sha256}.
"""
