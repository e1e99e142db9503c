"""Writers that change and publish records without a pause, and keep what was acknowledged.

They go through the workflow, as forms, actions and commands do, each with records of its own and
one that all of them share. They run in copies of a process that has read the program (`forked`).
"""

import os
import random
import time
from pathlib import Path

from django.db import DatabaseError, InterfaceError, connection, transaction

from agreements import history, workflow
from agreements.exceptions import WorkflowError
from agreements.models import Meeting
from agreements.versions import claim, token

_WRITER, _REVIEWER = "analyst-one", "reviewer"
# Seconds in which a database that went away may come back.
_PATIENCE = 120


def write_on(number: int, slugs: list[str], lines: Path) -> None:
    """Change and publish some records in turn until this process is killed.

    For each change and each publication that was acknowledged LINES gets a line: `changed` with
    the change's reason, or `published` with its sequence and SHA-256.
    """
    written, turn = os.open(lines, os.O_WRONLY | os.O_APPEND | os.O_CREAT), 0
    while True:
        turn += 1
        reason = f"{number}-{os.getpid()}-{turn}"
        try:
            _change(slugs[turn % len(slugs)], reason)
            os.write(written, f"changed {reason}\n".encode())
            sequence, sha256 = _publish(slugs[turn % len(slugs)])
            os.write(written, f"published {sequence} {sha256}\n".encode())
        except WorkflowError:
            # Another writer was first.
            continue
        except (DatabaseError, InterfaceError):
            # The server is away. What was not acknowledged is done anew.
            connection.close()
            time.sleep(0.05)


def _change(slug: str, reason: str) -> None:
    with transaction.atomic():
        meeting = Meeting.objects.get(slug=slug)
        claim(meeting, token(meeting))
        meeting = history.fresh(meeting)
        meeting.summary = f"Written as {reason}."
        meeting.save()
        workflow.record_edit(meeting, _WRITER, reason=reason)


def _publish(slug: str) -> tuple[int, str]:
    with transaction.atomic():
        meeting = history.fresh(Meeting.objects.get(slug=slug))
        workflow.submit(meeting, _WRITER)
        workflow.approve(meeting, _REVIEWER)
        (row,) = workflow.publish([meeting])
    return row.sequence, row.sha256


def count_up(slug: str, times: int, seed: int, lines: Path) -> None:
    """Read a number in a record and write the next one, so many times; LINES gets what came of it.

    `done` for each that was stored, and the error's name for each that was not, but for a record
    that another one changed meanwhile: then it is read again.
    """
    draw, written = random.Random(seed), os.open(lines, os.O_WRONLY | os.O_APPEND | os.O_CREAT)  # noqa: S311
    done = 0
    while done < times:
        try:
            meeting = Meeting.objects.get(slug=slug)
            shown, number = token(meeting), int(meeting.summary or 0)
            time.sleep(draw.uniform(0, 0.002))
            with transaction.atomic():
                claim(meeting, shown)
                meeting = history.fresh(meeting)
                meeting.summary = str(number + 1)
                meeting.save()
                workflow.record_edit(meeting, _WRITER)
        except WorkflowError:
            os.write(written, b"changed meanwhile\n")
        except Exception as error:
            told = f"{type(error).__name__}: {str(error).splitlines()[0]}"
            os.write(written, f"ERROR {told}\n".encode())
            done += 1
        else:
            os.write(written, b"done\n")
            done += 1
