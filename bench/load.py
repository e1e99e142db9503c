"""Load the tables of `bench/data.py` into the desk, and publish them.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/b100k bench/load.py /tmp/100k [--desk-only]
    DATABASE_URL=sqlite:////tmp/b100k.sqlite3 bench/load.py /tmp/100k

The database must exist and be empty; it is migrated first. The desk is filled by COPY, or by
`executemany` on SQLite, with all its constraints and triggers. The records come approved and are
then appended to the ledger in the program's own way, some at a time. With `--every-fact` each
passage is cited for every fact of its record, so that the records also pass the rules of
publication; without it a record has two citations.
"""

import argparse
import csv
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from agreements import ledger  # noqa: E402
from agreements.countries import country_table  # noqa: E402
from agreements.dates import PartialDate  # noqa: E402
from agreements.models import (  # noqa: E402
    Agreement,
    Citation,
    Country,
    Document,
    Engagement,
    Force,
    ForceName,
    Participant,
    Reviewable,
)
from agreements.records import load_whole  # noqa: E402

ANALYST, REVIEWER = "analyst", "reviewer"
REVIEW = {
    "edited_by": ANALYST,
    "approved_by": REVIEWER,
    "review_state": Reviewable.ReviewState.APPROVED,
    "version": 1,
}
KINDS = {"coastguard": "coast-guard", "ministry": "ministry", "navy": "navy", "agency": "agency"}
INSTRUMENTS = {
    "mou": "memorandum-of-understanding",
    "treaty": "treaty",
    "protocol": "protocol",
    "loi": "letter-of-intent",
    "technical": "agreement",
    "transit": "hotline-arrangement",
    "visit": "joint-statement",
    "loan": "partnership",
}
STATUSES = {"in_force": "in-force", "expired": "terminated"}
FACTS = (
    *("status", "date", "participants", "instrument", "title_as_given"),
    *("entered_into_force", "terminated"),
)
AT_A_TIME = 5000
_CODES = {row["alpha3"]: code for code, row in country_table().items() if len(code) == 2}

Row = dict[str, Any]


def rows_of(folder: Path, table: str) -> Iterator[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def dated(name: str, text: str) -> Row:
    """Return a partial date's columns; "1980s" is a decade."""
    value = PartialDate.parse(f"{text[:3]}X" if text.endswith("s") else text) if text else None
    return {
        name: value and value.edtf,
        f"{name}_earliest": value and value.earliest,
        f"{name}_latest": value and value.latest,
    }


def countries(folder: Path) -> Iterator[Row]:
    for row in rows_of(folder, "country"):
        yield {"id": row["id"], "code": _CODES[row["iso3"]], "alpha3": row["iso3"], **REVIEW}


def forces(folder: Path) -> Iterator[Row]:
    for row in rows_of(folder, "force"):
        yield {
            "id": row["id"],
            "slug": f"force-{row['id']}",
            "name": row["name"],
            "kind": KINDS.get(row["branch"], "other"),
            "country_id": row["country_id"],
            **REVIEW,
        }


def force_names(folder: Path) -> Iterator[Row]:
    for row in rows_of(folder, "force"):
        yield {
            "id": row["id"],
            "force_id": row["id"],
            "text": row["abbreviation"],
            "language": "en",
            "kind": "acronym",
        }


def documents(folder: Path) -> Iterator[Row]:
    for row in rows_of(folder, "document"):
        yield {
            "id": row["id"],
            "slug": f"document-{row['id']}",
            "title": row["title"],
            "publisher": row["publisher"],
            "language": "vi",
            "url": row["url"],
            **dated("published", row["published_on"]),
            **REVIEW,
        }


def engagements(folder: Path) -> Iterator[Row]:
    for row in rows_of(folder, "agreement"):
        yield {
            "id": row["id"],
            "kind": "agreement",
            "slug": f"agreement-{row['id']}",
            "title": row["title"][:300],
            "summary": row["notes"],
            "status": STATUSES.get(row["status"], row["status"]),
            **dated("date", row["signed_text"]),
            **REVIEW,
        }


def agreements(folder: Path) -> Iterator[Row]:
    for row in rows_of(folder, "agreement"):
        yield {
            "engagement_ptr_id": row["id"],
            "instrument": INSTRUMENTS[row["type"]],
            "title_as_given": row["title_original"][:300],
            "ambit": "bilateral",
            **dated("entered_into_force", row["start_text"]),
            **dated("terminated", row["end_text"]),
        }


def participants(folder: Path) -> Iterator[Row]:
    home = {row["id"]: row["country_id"] for row in rows_of(folder, "force")}
    for row in rows_of(folder, "party"):
        yield {
            "id": row["id"],
            "uid": UUID(int=int(row["id"])),
            "engagement_id": row["agreement_id"],
            "country_id": home[row["force_id"]],
            "force_id": row["force_id"],
            "role": row["role"],
        }


def citations(folder: Path, every_fact: bool) -> Iterator[Row]:
    number = 0
    for row in rows_of(folder, "citation"):
        own = ("date", "participants")[int(row["id"]) % 2]
        for field in FACTS if every_fact else (own,):
            number += 1
            yield {
                "id": number,
                "uid": UUID(int=number),
                "engagement_id": row["agreement_id"],
                "document_id": row["document_id"],
                "field": field,
                "locator": row["locator"],
                "quote": row["quote"] or "",
            }


def fill(model: Any, rows: Iterable[Row]) -> None:
    """Write rows of a model's own table, with the model's defaults for what they leave out."""
    rows = iter(rows)
    first = next(rows)
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if field.attname in first or not field.null
    ]
    defaults = {field.attname: field.get_default() for field in fields}

    def values() -> Iterator[list[Any]]:
        for row in chain([first], rows):
            known = defaults | row
            yield [
                field.get_db_prep_value(known[field.attname], connection)
                if field.get_internal_type() in ("UUIDField", "DateField")
                else known[field.attname]
                for field in fields
            ]

    columns = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values():
                    copy.write_row(row)
        else:
            marks = ", ".join("%s" for _ in fields)
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
                values(),
            )


def fill_desk(folder: Path, every_fact: bool) -> None:
    """Fill the desk, and bring the keys of its tables up to date."""
    filled = {
        Country: countries(folder),
        Force: forces(folder),
        ForceName: force_names(folder),
        Document: documents(folder),
        Engagement: engagements(folder),
        Agreement: agreements(folder),
        Participant: participants(folder),
        Citation: citations(folder, every_fact),
    }
    for model, rows in filled.items():
        with timed(f"desk: {model._meta.verbose_name_plural}"):
            fill(model, rows)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(filled)):
            cursor.execute(statement)


def publish() -> None:
    """Append every approved record to the ledger, some at a time, and mark it published."""
    for model in (Country, Document, Force, Agreement):
        with timed(f"ledger: {model._meta.verbose_name_plural}"):
            rows = model._default_manager.filter(review_state=Reviewable.ReviewState.APPROVED)
            keys = rows.order_by("pk").values_list("pk", flat=True).iterator()
            while some := list(islice(keys, AT_A_TIME)):
                with transaction.atomic():
                    ledger.append_records(load_whole(model, some))
                    table = Engagement if issubclass(model, Engagement) else model
                    found = table._default_manager.filter(pk__in=some)
                    found.update(review_state=Reviewable.ReviewState.PUBLISHED)


@contextmanager
def timed(what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - start:.1f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--desk-only", action="store_true", help="leave the records approved")
    parser.add_argument("--every-fact", action="store_true")
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    fill_desk(asked.folder, asked.every_fact)
    if not asked.desk_only:
        publish()
    with timed("statistics for the planner"), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    main()
