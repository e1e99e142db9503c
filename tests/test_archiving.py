"""deploy/archive.sh, which keeps PostgreSQL's log: `python -m drills.recovery` goes back by it."""

import subprocess

import pytest

from tests.servers import ROOT


@pytest.fixture
def keep(tmp_path):
    """Keeps a piece of the log that says this; returns how that ended."""
    (tmp_path / "kept").mkdir()

    def keep(text, name="000000010000000000000001", folder="kept"):
        piece = tmp_path / "piece"
        piece.write_text(text)
        script = ROOT / "deploy" / "archive.sh"
        command = ["sh", str(script), str(piece), name, str(tmp_path / folder)]
        return subprocess.run(command, capture_output=True).returncode

    return keep


def kept(tmp_path):
    return {path.name: path.read_text() for path in (tmp_path / "kept").iterdir()}


def test_a_piece_is_kept_under_its_name_and_nothing_beside_it(keep, tmp_path):
    assert keep("one") == 0
    assert kept(tmp_path) == {"000000010000000000000001": "one"}


def test_the_same_piece_again_is_fine(keep, tmp_path):
    """The server was killed after it was kept, and before it noted that."""
    assert (keep("one"), keep("one")) == (0, 0)
    assert kept(tmp_path) == {"000000010000000000000001": "one"}


def test_another_piece_never_takes_its_place(keep, tmp_path):
    assert keep("one") == 0
    assert keep("two") != 0
    assert kept(tmp_path) == {"000000010000000000000001": "one"}


def test_a_piece_that_cannot_be_kept_is_not_said_to_be(keep, tmp_path):
    assert keep("one", folder="gone") != 0
    assert kept(tmp_path) == {}
