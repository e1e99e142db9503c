"""The targets of `drills.fuzzing` with bytes that are made up, and those that once broke one."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drills.fuzzing.targets import TARGETS
from tests.bounded import bounded

pytestmark = pytest.mark.django_db
# Each is a process for a file; `test_intake_files` has its own.
QUICK = sorted(set(TARGETS) - {"intake", "readings"})
SECONDS = 10


@st.composite
def spoilt(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """A good input with a piece of it left out, doubled or replaced."""
    seed = draw(st.sampled_from(seeds))
    start = draw(st.integers(0, len(seed)))
    end = draw(st.integers(start, min(len(seed), start + 40)))
    piece = draw(st.one_of(st.just(seed[start:end] * 2), st.binary(max_size=12), PIECES))
    return seed[:start] + piece + seed[end:]


PIECES = st.sampled_from(
    [
        *(
            b"\0",
            b"\xff\xfe",
            b"\xed\xa0\x80",
            b"9" * 5000,
            b"XX",
            b"_xD800_",
            b'"',
            b"<!DOCTYPE x>",
        ),
        *("٣١".encode(), "đĐ".encode(), b"[" * 300, b"- " * 300, b"&a", b"*a", b"!!python/name:os"),
        *(
            b"<!DOCTYPE x>",
            b"\r",
            b"\x85",
            b"0000-00-00",
            b"99999999999999999999",
            b"{" * 40,
            b"=cmd",
            b"\t",
        ),
    ]
)


@pytest.mark.parametrize("name", QUICK)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_no_bytes_break_it(name, data):
    target = TARGETS[name]
    with bounded(SECONDS):
        target.run(data.draw(st.one_of(spoilt(target.seeds), st.binary(max_size=300))))


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_no_bytes_break_the_reading_loader(data):
    target = TARGETS["readings"]
    with bounded(SECONDS):
        target.run(data.draw(spoilt(target.seeds)))


@pytest.mark.parametrize("name", QUICK)
def test_what_fuzzing_begins_with_passes(name):
    for seed in TARGETS[name].seeds:
        with bounded(SECONDS):
            TARGETS[name].run(seed)
