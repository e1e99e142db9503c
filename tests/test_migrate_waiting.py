"""A migration that cannot have its locks gives up soon, says for whom it waited, tries again."""

import subprocess
import sys
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.servers import ROOT, copied, environment_of, on_sqlite

FACETS = "agreements_publicationfacet"
NEWEST = "SELECT max(name) FROM django_migrations WHERE app = 'agreements'"


@pytest.mark.skipif(on_sqlite(), reason="SQLite waits for its one writer, as everybody does")
class TestWaiting:
    @pytest.fixture
    def named(self, prepared, tmp_path):
        """The settings of a database with data, of the newest state."""
        with copied(prepared, tmp_path / "state") as named:
            yield named

    @pytest.fixture
    def reader(self, named):
        """A session in the middle of a long transaction, which has read a table."""
        with psycopg.connect(named["DATABASE_URL"], application_name="a long report") as connection:
            connection.execute(f"SELECT count(*) FROM {FACETS}")
            yield connection

    @contextmanager
    def going_back(self, state, named, *options):
        """Go back to a state that has the table otherwise, in a process of its own."""
        with subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "agreements", "0008", *options],
            cwd=ROOT,
            env=environment_of(state, **named),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def test_it_gives_up_in_words_with_nothing_done(self, named, reader, tmp_path):
        before = reader.execute(NEWEST).fetchone()
        options = ("--lock-timeout", "0.3", "--tries", "2")
        with self.going_back(tmp_path, named, *options) as process:
            _, told = process.communicate()
        assert process.returncode == 1
        number = reader.info.backend_pid
        for words in (
            *("given up after 0.3 s", "(try 1 of 2)", "(try 2 of 2)", "nothing of it was done"),
            *(f"session {number} of ", "a long report, in a transaction for "),
        ):
            assert words in told
        with psycopg.connect(named["DATABASE_URL"]) as other:
            assert other.execute(NEWEST).fetchone() == before
            assert other.execute(f"SELECT count(sequence) FROM {FACETS}").fetchone()[0] > 0

    def test_it_goes_on_once_the_others_are_done(self, named, reader, tmp_path):
        with self.going_back(tmp_path, named, "--lock-timeout", "0.3") as process:
            # The line is empty; the next one says for whom it waited.
            process.stderr.readline()
            assert "given up" in process.stderr.readline()
            reader.rollback()
            process.communicate()
        assert process.returncode == 0
        assert reader.execute(NEWEST).fetchone() == ("0008_lists_of_the_desk",)


@pytest.mark.parametrize("options", [{"lock_timeout": 0}, {"lock_timeout": -1}, {"tries": 0}])
def test_numbers_that_mean_nothing_are_refused(options):
    with pytest.raises(CommandError, match="--lock-timeout takes seconds above 0"):
        call_command("migrate", **options)
