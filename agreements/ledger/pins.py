"""Pins: what somebody outside wrote down of the ledger, to hold it against later."""

import json
import re
from collections.abc import Iterable
from typing import NamedTuple, Self

from agreements.exceptions import LedgerError
from agreements.ledger.rows import GENESIS

# As `ledger_head` prints it, what follows the hash included; or the hash alone, as records have it.
_WRITTEN = re.compile(r"(?:(0|[1-9][0-9]{0,17}):)?([0-9A-Fa-f]{64})(?:\s.*)?", re.ASCII)
_EXPECTED = "write SEQUENCE:SHA256, as manage.py ledger_head prints it"


class Pin(NamedTuple):
    """A row of the ledger by its SHA-256, and by its sequence where that was kept too.

    The SHA-256 covers the sequence and every row before. Sequence 0 is of an empty ledger.
    """

    sequence: int | None
    sha256: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the pin that a line holds, one of JSON too; raise a LedgerError otherwise."""
        told = text.strip()
        if told.startswith("{"):
            told = _of_json(told)
        found = _WRITTEN.fullmatch(told)
        if found is None:
            raise LedgerError(f"{text.strip()[:100]!r} is no head of a ledger; {_EXPECTED}.")
        sequence, sha256 = found.groups()
        pin = cls(None if sequence is None else int(sequence), sha256.lower())
        if (pin.sequence == 0) != (pin.sha256 == GENESIS):
            raise LedgerError(
                f"{text.strip()[:100]!r}: an empty ledger, and no other, is 0:{GENESIS[:8]}…, "
                "64 zeros."
            )
        return pin

    def __str__(self) -> str:
        return self.sha256 if self.sequence is None else f"{self.sequence}:{self.sha256}"


def pins_in(lines: Iterable[str]) -> list[Pin]:
    """Return the pins in the lines of a file; empty lines and those with # say nothing."""
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                found.append(Pin.parse(line))
            except LedgerError as error:
                raise LedgerError(f"line {number}: {error}") from error
    return found


def _of_json(text: str) -> str:
    try:
        told = json.loads(text)
        return f"{told['sequence']}:{told['sha256']}"
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
