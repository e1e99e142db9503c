"""Back, and forward again, with data; `drills.migrating` goes to every state."""

import subprocess
import sys

import pytest

from tests.servers import ROOT, database_there, environment_of, on_sqlite, url_of


@pytest.fixture
def empty(tmp_path):
    """The address of an empty database."""
    if on_sqlite():
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with database_there("template1") as name:
        yield url_of(name)


def test_what_is_there_survives_the_way_back_and_forward(empty, tmp_path):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "drills.migrating"),
            *("--database", "given", "--states", "last"),
        ],
        cwd=ROOT,
        env=environment_of(tmp_path, DATABASE_URL=empty),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # Every table has rows; then back, forward, and the ledger.
    assert "4 checks, 0 faults" in done.stdout


class TestWhatIsNoticed:
    """A row that is lost, one that is changed, and a column that comes back empty."""

    was = {"agreements_person": (("id", "slug", "version"), [(1, "one", 3), (2, "two", 1)])}

    @pytest.mark.parametrize(
        ("columns", "rows", "undone", "noticed"),
        [
            (("id", "slug"), [(1, "one"), (2, "two")], ["0009_x"], False),
            (("id", "slug"), [(1, "one")], ["0009_x"], True),
            (("id", "slug"), [(1, "one"), (2, "too")], ["0009_x"], True),
            (("id", "slug"), [(1, "one"), (2, "two"), (3, "new")], ["0009_x"], True),
            (("id", "slug", "version"), [(1, "one", 1), (2, "two", 1)], [], True),
            (("id", "slug", "version"), [(1, "one", 1), (2, "two", 1)], ["0003_the_desk"], False),
        ],
    )
    def test_it(self, monkeypatch, columns, rows, undone, noticed):
        from drills import stepping

        monkeypatch.setattr(stepping, "said", lambda migration, of: {})
        monkeypatch.setattr(stepping, "_made_by", lambda undone: set())
        before = {name: stepping.Table(*given) for name, given in self.was.items()}
        after = {"agreements_person": stepping.Table(columns, rows)}
        found = list(stepping.differences(before, after, undone, back="version" not in columns))
        assert bool(found) is noticed

    def test_rows_that_two_migrations_make_again(self, monkeypatch):
        from drills import stepping

        name = "agreements_publicationfacet"
        again = {"0010_x": {name: ("facet", "old")}, "0011_x": {name: ("facet", "new")}}
        says = {"LOSES": {}, "MAKES_AGAIN": again}
        monkeypatch.setattr(stepping, "said", lambda migration, of: says[of].get(migration, {}))
        monkeypatch.setattr(stepping, "_made_by", lambda undone: set())
        rows = [(1, "old"), (2, "new"), (3, "kind")]
        before = {name: stepping.Table(("id", "facet"), rows)}
        for kept, noticed in (("kind", False), ("old", True)):
            after = {name: stepping.Table(("id", "facet"), [(3, kept)])}
            found = list(stepping.differences(before, after, list(again), back=True))
            assert bool(found) is noticed
