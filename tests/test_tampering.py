"""Tampering with the ledger by SQL alone: every way that the drill knows, once.

`python -m drills.tampering` does it a thousand times.
"""

import random

import pytest

from drills.forging import add_revisions
from drills.tampered import every_tampering, pinned, tried, verified


@pytest.fixture(scope="class")
def pins(shipped_for_class, tmp_path_factory):
    """The heads that somebody kept outside, of a ledger with revisions and tombstones."""
    add_revisions()
    file = tmp_path_factory.mktemp("outside") / "pins"
    return file, pinned(file)


@pytest.mark.usefixtures("class_database")
class TestTampering:
    def test_an_honest_ledger_gives_no_alarm(self, pins):
        assert verified("--head", str(pins[0]), "--nothing-after") == ""

    def test_each_is_found_at_its_row(self, pins):
        chance = random.Random(7)
        outcomes = [tried(*each, chance, *pins) for each in every_tampering()]
        assert len(outcomes) >= 75
        assert [each for each in outcomes if not each.found] == []
        # What nothing shows from within is found by what was kept outside.
        assert sum(each.needed_pin for each in outcomes) == 7
        # All of it was undone.
        assert verified("--head", str(pins[0]), "--nothing-after") == ""
