"""Publishes one revision after the other until it is stopped, and keeps what was acknowledged.

    python -m drills.publishing SLUG RECORDS LINES

publishes so many meetings, SLUG-0 and on, at once, and then goes on with the first of them. For
each publication LINES gets a line: when it was acknowledged (this machine's monotonic clock), its
sequence and its SHA-256.
"""

import sys
import time
from pathlib import Path

import django

django.setup()

from django.db import Error, connection  # noqa: E402

from agreements import ledger  # noqa: E402
from agreements.models import Force, Meeting, Participant  # noqa: E402

PAUSE = 0.1
_PEOPLE = {"edited_by": "analyst", "approved_by": "reviewer"}
# So that the whole list does not fit into what lies between a server and a slow reader.
_SUMMARY = "Held for the drill, and told at some length. " * 40


def meetings(name: str, number: int) -> list[Meeting]:
    """Return new meetings, each with a participant."""
    force = Force.objects.select_related("country").first()
    assert force is not None
    made = []
    for each in range(number):
        slug = f"{name}-{each}"
        meeting = Meeting.objects.create(
            slug=slug, title=slug.capitalize(), status="held", summary=_SUMMARY, **_PEOPLE
        )
        Participant.objects.create(
            engagement=meeting, country=force.country, force=force, role="host"
        )
        made.append(meeting)
    return made


def publish_next(meeting: Meeting, number: int) -> tuple[int, str]:
    """Publish a meeting's next revision; return its sequence and SHA-256."""
    meeting.summary = f"Told for the {number}th time."
    (row,) = ledger.append_records([meeting])
    return row.sequence, row.sha256


def main(name: str, number: int, lines: Path) -> None:
    first = meetings(name, number)
    ledger.append_records(first)
    turn = 0
    with lines.open("a", buffering=1) as written:
        while True:
            turn += 1
            try:
                sequence, sha256 = publish_next(first[0], turn)
            except Error:
                # The primary is away. What was not acknowledged is published anew.
                connection.close()
            else:
                written.write(f"{time.monotonic()} {sequence} {sha256}\n")
            time.sleep(PAUSE)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
