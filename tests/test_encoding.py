"""The ledger's JSON is what anybody makes of the same data, with any other encoder."""

import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.ledger import encode
from agreements.ledger.rows import hashed

pytestmark = pytest.mark.anywhere

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS,
    lambda some: st.lists(some) | st.dictionaries(TEXTS, some),
    max_leaves=30,
)


def by_the_standard_library(data):
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


@given(VALUES)
def test_it_is_what_the_standard_library_writes(data):
    assert encode(data) == by_the_standard_library(data)


def test_every_letter_is_written_as_the_standard_library_does():
    letters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    assert encode(letters) == by_the_standard_library(letters)


@given(st.lists(VALUES))
def test_a_row_is_hashed_as_that_text_in_utf_8(said):
    told = by_the_standard_library(["0" * 64, *said]).encode()
    assert hashed("0" * 64, *said) == hashlib.sha256(told).hexdigest()


@pytest.mark.parametrize(
    "value", ["half \ud800", date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC), {1: "one"}, 2**64]
)
def test_what_it_has_no_way_to_write_is_refused(value):
    with pytest.raises(TypeError):
        encode([value])
