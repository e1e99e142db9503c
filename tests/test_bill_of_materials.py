"""The bill of materials is of what is locked, and the same wherever it is made."""

import json
import re

import pytest

from tests.servers import ROOT
from tools.bill_of_materials import BILL, bill

pytestmark = pytest.mark.anywhere

HELD = json.loads(BILL.read_text(encoding="utf-8"))


def locked():
    """Return each package of the lock with its version, and the hashes of its files."""
    found = {}
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for requirement in re.split(r"\n(?=\S)", text):
        named = re.match(r"([a-z0-9-]+)(?:\[[a-z,]+\])?==([^ ]+)", requirement)
        if named:
            found[named.groups()] = set(re.findall(r"sha256:([0-9a-f]{64})", requirement))
    return found


def test_it_has_every_package_that_is_locked_with_its_hashes():
    lock = locked()
    assert len(lock) > 50
    assert lock == {
        (each["name"], each["version"]): {one["content"] for one in each["hashes"]}
        for each in HELD["components"]
    }


def test_it_tells_a_licence_of_each_and_nothing_of_where_and_when_it_was_made():
    assert [each["name"] for each in HELD["components"] if not each.get("licenses")] == []
    assert "serialNumber" not in HELD
    assert "timestamp" not in HELD["metadata"]
    addresses = re.findall(r"\w+://[^\"]*", BILL.read_text(encoding="utf-8"))
    assert addresses == ["http://cyclonedx.org/schema/bom-1.6.schema.json"]


@pytest.mark.served
def test_made_again_it_is_the_same_and_as_the_standard_has_it():
    assert bill() == BILL.read_text(encoding="utf-8"), "run: make sbom"
