"""The benchmarks' data: the same from the same seed, and a ledger like any other."""

import hashlib
import subprocess
import sys

import pytest

from tests.servers import ROOT, environment_of

pytestmark = pytest.mark.served

RECORDS = 60


def run(state, *command):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment_of(state),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def written(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.csv"))
    }


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    for name, seed in {"first": 1, "again": 1, "other": 2}.items():
        arguments = ("--records", str(RECORDS), "--out", str(folder / name), "--seed", str(seed))
        run(folder, "bench/data.py", *arguments)
    return folder


@pytest.fixture(scope="module")
def loaded(tables, tmp_path_factory):
    state = tmp_path_factory.mktemp("loaded")
    run(state, "bench/load.py", str(tables / "first"))
    return state


def test_a_seed_gives_the_same_bytes_and_another_seed_others(tables):
    first, again, other = (written(tables / name) for name in ("first", "again", "other"))
    assert first == again
    assert first["country.csv"] == other["country.csv"]
    assert first["agreement.csv"] != other["agreement.csv"]


def test_what_is_loaded_is_a_ledger_without_a_fault(loaded):
    assert "all as written" in run(loaded, "manage.py", "verify_ledger")


def test_every_list_can_be_asked_of_it(loaded):
    """Of few records a planner may read all, so only what is asked is held here."""
    done = subprocess.run(
        [sys.executable, "bench/indexes.py"],
        cwd=ROOT,
        env=environment_of(loaded),
        capture_output=True,
        text=True,
    )
    assert "No question" not in done.stdout
    assert "engagements?ordering=-title" in done.stdout, done.stderr
