"""What docs/releases.md shows is run in the folder of a release, and finds what the API does."""

import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter

import duckdb
import pytest

from tests.public import get
from tests.released import ROOT, released, releases_in, table

pytestmark = pytest.mark.django_db
PAGE = (ROOT / "docs" / "releases.md").read_text(encoding="utf-8")


def shown(language: str, name: str) -> str:
    """The example in a language that names something."""
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    (found,) = (block for block in blocks if name in block)
    return found


@pytest.fixture(autouse=True, scope="class")
def folder(shipped_for_class, tmp_path_factory):
    with releases_in(tmp_path_factory.mktemp("releases")):
        yield released()


def run(folder, *command: str) -> str:
    """Run a program in the folder of the release; return what it printed."""
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def count(client, path: str, **query) -> int:
    return get(client, path, count="true", page_size=1, **query)["count"]


class TestExamples:
    def test_of_pandas_and_csv(self, client, folder):
        printed = run(folder, sys.executable, "-c", shown("python", "participants.csv"))
        numbers = {row.split()[0]: int(row.split()[1]) for row in printed.splitlines()[1:]}
        assert numbers == {code: count(client, "engagements/", country=code) for code in numbers}
        assert "VN" in numbers

    def test_of_pandas_and_parquet(self, client, folder):
        printed = run(folder, sys.executable, "-c", shown("python", "meetings.parquet"))
        numbers = {row.split()[0]: int(row.split()[1]) for row in printed.splitlines()[1:]}
        assert numbers == {each: count(client, "meetings/", status=each) for each in numbers}
        assert sum(numbers.values()) == count(client, "meetings/")

    def test_of_duckdb(self, client, folder, monkeypatch):
        monkeypatch.chdir(folder)
        found = duckdb.sql(shown("sql", "participants.parquet")).fetchall()
        assert found
        for force, number in found:
            assert number == sum(
                count(client, "agreements/", force=force, status=status)
                for status in ("signed", "in-force")
            )

    @pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
    def test_of_r(self, client, folder):
        printed = run(folder, "Rscript", "-e", shown("r", "engagements.csv"))
        # R breaks a wide table into several.
        kinds: Counter[str] = Counter()
        for name, *numbers in (row.split() for row in printed.splitlines() if row.strip()):
            if name in ("agreement", "meeting", "exercise"):
                kinds[name] += sum(map(int, numbers))
        assert kinds == {kind: count(client, f"{kind}s/") for kind in kinds}
        assert len(kinds) == 3

    @pytest.mark.skipif(shutil.which("sqlite3") is None, reason="sqlite3 is not installed")
    def test_of_sqlite(self, folder):
        line = next(row for row in PAGE.splitlines() if row.startswith("sqlite3 "))
        printed = run(folder, *shlex.split(line))
        numbers = dict(row.rsplit("|", 1) for row in printed.splitlines())
        assert sum(map(int, numbers.values())) == len(table(folder, "citations"))

    @pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
    def test_of_checking_the_sums(self, folder):
        printed = run(folder, *shlex.split(shown("sh", "sha256sum").splitlines()[0]))
        assert all(row.endswith(": OK") for row in printed.splitlines())

    def test_of_checking_the_package(self, folder):
        words = shlex.split(shown("sh", "frictionless").splitlines()[1])
        printed = run(folder, sys.executable, "-m", *words)
        assert "INVALID" not in printed


def test_every_file_and_table_that_the_page_names_is_there(folder):
    names = {path.name for path in folder.iterdir()}
    section = PAGE.partition("## Compute with one")[0]
    files = set(re.findall(r"`([A-Za-z0-9_.-]+\.(?:md|cff|json|csv|sqlite|jsonld|zip))`", section))
    assert files
    assert files <= names
    tables = set(re.findall(r"`([a-z_]+)`", section.partition("\nTables: ")[2])) - {"kind", "slug"}
    described = {f"{each}.csv" for each in tables}
    others = {"changes.csv", "retired.csv", "codebook_fields.csv", "codebook_values.csv"}
    assert described | others == {name for name in names if name.endswith(".csv")}
