"""What is loaded while somebody saves a record: the load waits for them, and keeps what they saved.

On PostgreSQL, where each record is locked by itself; SQLite lets one change begin after the other.
"""

import json
import shutil
import subprocess
import sys
import time

import psycopg
import pytest

from tests.servers import ROOT, copied, environment_of, on_sqlite

WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
"""
SAVE = """
UPDATE agreements_engagement SET version = version + 1, edited_by = 'analyst', title = %s
WHERE slug = %s
"""
TOLD = "SELECT title, summary FROM agreements_engagement WHERE slug = %s"
SLUG = "vcg-jcg-memorandum-2015"
TITLE, SUMMARY = "As the analyst saved it", "As it is loaded."


@pytest.fixture
def desk(prepared, tmp_path):
    """The environment of a copy of the shipped desk."""
    if on_sqlite():
        pytest.skip("SQLite lets one change begin after the other")
    with copied(prepared, tmp_path / "state") as named:
        yield environment_of(tmp_path / "state", **named)


def readings(folder):
    """The shipped readings, of which one says something else of the record."""
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    path = folder / "seeds" / "vna-vcg-jcg-talks.yaml"
    text = path.read_text(encoding="utf-8")
    lines = [f"    summary: {SUMMARY}" if "the memorandum in" in line else line
             for line in text.splitlines()]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ["load_readings", str(folder / "seeds")]


def fixture(folder):
    """A fixture that says something else of the record, and nothing of others."""
    rows = json.loads((ROOT / "fixtures" / "3_engagements.json").read_text(encoding="utf-8"))
    (row,) = (row for row in rows if row["fields"].get("slug") == SLUG)
    row["fields"]["summary"] = SUMMARY
    path = folder / "changed.json"
    path.write_text(json.dumps([row]), encoding="utf-8")
    return ["loaddata", str(path)]


@pytest.mark.parametrize("load", [readings, fixture])
def test_a_record_that_is_saved_meanwhile_stays_as_it_was_saved(desk, tmp_path, load):
    with psycopg.connect(desk["DATABASE_URL"]) as analyst:
        analyst.execute(SAVE, [TITLE, SLUG])
        loading = begun(desk, *load(tmp_path))
        wait_for_lock(desk, loading)
        analyst.commit()
        told = loading.communicate()[0]

    assert loading.returncode == 0, told
    assert SLUG in told
    assert "kept as" in told
    with psycopg.connect(desk["DATABASE_URL"]) as reader:
        (title, summary) = reader.execute(TOLD, [SLUG]).fetchone()
    assert title == TITLE
    assert summary != SUMMARY


def test_a_load_that_its_server_gives_up_says_so(desk, tmp_path):
    with psycopg.connect(desk["DATABASE_URL"]) as analyst:
        analyst.execute(SAVE, [TITLE, SLUG])
        bounded = {**desk, "PGOPTIONS": "-c statement_timeout=2000"}
        loading = begun(bounded, *readings(tmp_path))
        told = loading.communicate()[0]
        assert loading.returncode == 1, told
        assert "longer than its server allows" in told
        assert "Traceback" not in told


def begun(desk, *arguments):
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=desk,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_lock(desk, loading):
    """Return once the load waits for whoever saves the record."""
    with psycopg.connect(desk["DATABASE_URL"], autocommit=True) as observer:
        while not observer.execute(WAITING).fetchone()[0]:
            assert loading.poll() is None, loading.communicate()[0]
            time.sleep(0.05)
