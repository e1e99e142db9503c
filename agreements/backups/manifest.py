"""What a backup says of itself: what is in it, and what it was when it was made."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.db.migrations.loader import MigrationLoader

from agreements.exceptions import BackupError, LedgerError
from agreements.ledger import GENESIS, Pin

FORMAT = 1
# Whoever was logged in is not any more; nobody who finds a backup is.
WITHOUT_ROWS = ("django_session",)
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_NAME = r"[0-9A-Za-z][0-9A-Za-z._-]*"
_PART = re.compile(rf"database\.(?:sqlite3|dump)|releases/{_NAME}/{_NAME}", re.ASCII)
_SUM = re.compile(r"[0-9a-f]{64}", re.ASCII)
# Asks a database, and returns all rows.
Ask = Callable[[str], list[tuple[Any, ...]]]
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
    " ESCAPE '\\' ORDER BY name",
    "postgresql": "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
    " AND relnamespace = current_schema()::regnamespace AND NOT EXISTS"
    " (SELECT 1 FROM pg_depend d WHERE d.objid = pg_class.oid AND d.deptype = 'e')"
    " ORDER BY relname",
}


@dataclass(frozen=True)
class Contents:
    """What a database holds: the ledger's head, how many rows of what, which migrations."""

    head: str
    rows: dict[str, int]
    migrations: list[list[str]]

    @property
    def is_empty(self) -> bool:
        """Whether nobody has put anything into it; `migrate` alone may have run."""
        return not any(number for name, number in self.rows.items() if name.startswith(_ENTERED))


_ENTERED = ("agreements_", "auth_user")


@dataclass(frozen=True)
class Part:
    """A file in a backup: its size, and the SHA-256 of its bytes."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What stands first in a backup. `database` is its kind, `program` a hash of the code."""

    made_at: str
    program: str
    database: str
    server: str
    contents: Contents
    parts: dict[str, Part]
    extensions: list[str] = field(default_factory=list)
    format: int = FORMAT

    def written(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Return what was written; raise a BackupError where that is none, or of a later form."""
        try:
            told = json.loads(text)
            if told["format"] != FORMAT:
                raise BackupError(
                    f"The backup is of form {told['format']}, and this program reads {FORMAT}: "
                    "use the version that made it, or a later one."
                )
            contents = Contents(**told.pop("contents"))
            parts = {name: Part(**each) for name, each in told.pop("parts").items()}
            found = cls(contents=contents, parts=parts, **told)
            Pin.parse(contents.head)
            right = (
                found.database in DATABASE
                and DATABASE[found.database] in parts
                and all(_PART.fullmatch(name) and _is_part(part) for name, part in parts.items())
                and all(isinstance(number, int) for number in contents.rows.values())
            )
        except (ValueError, KeyError, TypeError, AttributeError, LedgerError) as error:
            raise BackupError("The backup does not say what is in it.") from error
        if not right:
            raise BackupError("The backup does not say what is in it.")
        return found

    def refuse_newer(self) -> None:
        """Raise a BackupError where a later program made the database than this one."""
        known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
        unknown = [f"{app}.{name}" for app, name in self.contents.migrations
                   if (app, name) not in known]  # fmt: skip
        if unknown:
            raise BackupError(
                f"The backup is of a later version of the program: {', '.join(unknown[:5])} is not "
                "known here. Restore it with the version that made it, or a later one."
            )


def _is_part(part: Part) -> bool:
    return isinstance(part.bytes, int) and _SUM.fullmatch(part.sha256) is not None


def contents_of(ask: Ask, vendor: str) -> Contents:
    """Return what a database holds, found by one who asks it."""
    tables = [name for (name,) in ask(_TABLES[vendor])]
    counted = [name for name in tables if name not in WITHOUT_ROWS]
    rows = {name: ask(f'SELECT COUNT(*) FROM "{name}"')[0][0] for name in counted}  # noqa: S608
    head = Pin(0, GENESIS)
    if "agreements_publication" in rows:
        found = ask(
            "SELECT sequence, sha256 FROM agreements_publication ORDER BY sequence DESC LIMIT 1"
        )
        head = Pin(*found[0]) if found else head
    migrations: list[list[str]] = []
    if "django_migrations" in rows:
        migrations = [
            list(each) for each in ask("SELECT app, name FROM django_migrations ORDER BY app, name")
        ]
    return Contents(str(head), rows, migrations)
