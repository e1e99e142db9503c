"""Runs of words as numbers, few of which are enough to find a text again in another.

A text's shingles are all its runs of five folded words. Kept of them are the smallest, at most
KEPT. As these are the same for the same words wherever they stand, what two texts share shows
among the numbers that both could have kept (bottom-k sketches; Broder 1997, Cohen 2007).
"""

from collections.abc import Collection
from hashlib import blake2b

from agreements.text import fold

WORDS = 5
KEPT = 200
# Numbers have 63 bits, so that they fit a signed column of 64.
_BITS = 63


def shingles(text: str) -> set[int]:
    """Return the numbers of all runs of words of a text; of a shorter text, that of its words."""
    words = fold(text).split()
    if not words:
        return set()
    starts = range(max(1, len(words) - WORDS + 1))
    return {_number(" ".join(words[start : start + WORDS])) for start in starts}


def sample(numbers: Collection[int]) -> list[int]:
    """Return the numbers that are kept of a text's shingles, in order."""
    return sorted(numbers)[:KEPT]


def shares(whole: set[int], kept: Collection[int]) -> tuple[float, float]:
    """Return what share of a text another one has, and of the other this one, each 0 to 1.

    `whole` are all shingles of the one, `kept` what was kept of the other. Both are estimates,
    with an error of some 0.04 for texts of over 200 words.
    """
    common = whole.intersection(kept)
    # Beyond the last number that was kept of a longer text, nothing is known.
    last = max(kept, default=0) if len(kept) >= KEPT else 2**_BITS
    comparable = sum(number <= last for number in whole)
    return (
        len(common) / comparable if comparable else 0.0,
        len(common) / len(kept) if kept else 0.0,
    )


def _number(words: str) -> int:
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest()) >> (64 - _BITS)
