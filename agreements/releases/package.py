"""The description of a release as a Frictionless Data Package."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from agreements.releases import about
from agreements.releases.columns import DATETIME, Column, Table
from agreements.releases.csv_files import END
from agreements.releases.edition import Edition, instant_of
from agreements.releases.files import FileFacts

NAME = "datapackage.json"
_DIALECT = {"delimiter": ",", "lineTerminator": END, "quoteChar": '"', "doubleQuote": True,
            "header": True}  # fmt: skip


def package(
    edition: Edition,
    tables: Sequence[Table],
    facts: dict[str, FileFacts],
    sources: Iterable[dict[str, Any]],
) -> dict[str, Any]:
    """Return the descriptor: every table with its schema, and every other file."""
    described = {f"{table.name}.csv": table for table in tables}
    found: dict[str, Any] = {
        "profile": "data-package",
        "name": about.NAME,
        "title": about.TITLE,
        "version": edition.version,
        "created": edition.instant,
        "description": f"Release {edition.version}: everything published until {edition.instant}.",
        "licenses": [
            {"name": about.LICENSE_NAME, "title": about.LICENSE_TITLE, "path": about.LICENSE_URL}
        ],
        "contributors": [{"title": about.CONTRIBUTORS, "role": "author"}],
        "ledger": {
            "sequence": edition.head.sequence,
            "sha256": edition.head.sha256,
            "published_at": edition.instant,
        },
        "previous": None,
        "notes": edition.notes or None,
        "sources": list(sources),
    }
    if edition.previous is not None:
        former = edition.previous
        found["previous"] = {
            "version": former.version,
            "ledger": {
                "sequence": former.head.sequence,
                "sha256": former.head.sha256,
                "published_at": instant_of(former.head),
            },
        }
    # Tables first, in the order in which each comes after those that it names.
    names = [*described, *(name for name in sorted(facts) if name not in described)]
    found["resources"] = [_resource(name, facts[name], described.get(name)) for name in names]
    return found


def _resource(name: str, facts: FileFacts, table: Table | None) -> dict[str, Any]:
    suffix = Path(name).suffix
    found: dict[str, Any] = {
        "name": table.name if table else name.lower().replace(".", "-"),
        "path": name,
        "mediatype": facts["media_type"].partition(";")[0],
        "bytes": facts["bytes"],
        "hash": f"sha256:{facts['sha256']}",
    }
    if table is None:
        # Files to take as they are: their rows stand in the tables.
        return {**found, "type": "file", "format": suffix[1:] or "txt"}
    return {
        **found,
        "profile": "tabular-data-resource",
        "type": "table",
        "title": table.name,
        "description": table.about,
        "format": "csv",
        "encoding": "utf-8",
        "dialect": _DIALECT,
        "schema": schema(table),
    }


def schema(table: Table) -> dict[str, Any]:
    """Return the Table Schema of a table."""
    found: dict[str, Any] = {
        "fields": [_field(each) for each in table.columns],
        "missingValues": [""],
    }
    if table.key:
        found["primaryKey"] = list(table.key)
    if table.references:
        found["foreignKeys"] = [
            {
                "fields": list(each.columns),
                # "" is the table itself.
                "reference": {
                    "resource": "" if each.table == table.name else each.table,
                    "fields": list(each.to),
                },
            }
            for each in table.references
        ]
    return found


def _field(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": column.about,
    }
    if column.type == DATETIME:
        found["format"] = "any"
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.vocabulary is not None:
        constraints["enum"] = column.vocabulary.values
    if constraints:
        found["constraints"] = constraints
    return found
