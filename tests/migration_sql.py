"""What a migration asks of PostgreSQL, and which of it stops others or an older program."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState

SQUAWK = shutil.which(
    "squawk", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
)
# What is said of style, of a timeout that `migrate` sets itself, or of numbers that are never many.
_STYLE = (
    *("prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-identity"),
    *("prefer-text-field", "prefer-timestamptz", "prefer-robust-stmts", "ban-char-field"),
    *("require-lock-timeout", "require-statement-timeout", "require-timeout-settings"),
)
# Django runs it between the statements; what it does with the rows no linter sees.
RUNS_PYTHON = "runs-python"


def sql_of(migration: Migration, before: ProjectState) -> str:
    """Return the statements of a migration, on PostgreSQL, outside of any transaction."""
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(before, editor, collect_sql=True)
    return "\n".join(editor.collected_sql)


def rules_broken(sql: str, in_transaction: bool) -> set[str]:
    """Return the linter's rules that statements break; where Python is run, that too."""
    assert SQUAWK, "squawk is missing: pip install -r requirements-dev.txt"
    command = [SQUAWK, "--pg-version", "15", "--reporter", "json"]
    command += ["--assume-in-transaction"] * in_transaction
    command += [f"--exclude={','.join(_STYLE)}", "--stdin-filepath", "migration.sql"]
    done = subprocess.run(command, input=sql, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    found = {fault["rule_name"] for fault in json.loads(done.stdout)}
    return found | ({RUNS_PYTHON} if "THIS OPERATION CANNOT BE WRITTEN AS SQL" in sql else set())


def faults(broken: set[str], explained: Mapping[str, str]) -> list[str]:
    """Return the rules that are broken and not explained, or explained and not broken."""
    silent = [f"{rule}: HOLDS does not say why" for rule in sorted(broken - set(explained))]
    idle = [f"{rule}: HOLDS explains it for nothing" for rule in sorted(set(explained) - broken)]
    short = [f"{rule}: say why" for rule, why in explained.items() if len(why.split()) < 5]
    return silent + idle + short
