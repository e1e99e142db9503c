"""Work done in copies of a process that has read the program already, so that it begins at once.

What is timed and killed is then the work itself, and not the start of Python.
"""

import os
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import django
from django.core.management import execute_from_command_line, load_command_class

from drills.desks import Desk


def read_program(desk: Desk, commands: Iterable[str]) -> None:
    """Read the program and some of its commands, to work on one desk from now on."""
    os.environ.update(desk.settings)
    os.environ["DJANGO_SETTINGS_MODULE"] = "coastguard.settings"
    django.setup()
    for name in commands:
        load_command_class("agreements", name)


@dataclass
class Forked:
    """A command under way in a process of its own; what it writes goes into a file."""

    process: int
    output: Path
    began: float

    def kill(self) -> bool:
        """End it at once; return whether it was still at work."""
        os.kill(self.process, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1]) == -signal.SIGKILL

    def wait(self) -> tuple[int, float]:
        """Return its exit code, and the seconds that it took."""
        _, status = os.waitpid(self.process, 0)
        return os.waitstatus_to_exitcode(status), time.monotonic() - self.began


def begin(arguments: Sequence[str], output: Path) -> Forked:
    """Run a command in a copy of this process."""
    return fork(partial(execute_from_command_line, ["manage.py", *arguments]), output)


def fork(work: Callable[[], object], output: Path) -> Forked:
    """Do something in a copy of this process, which must have no connection open."""
    process = os.fork()
    if process:
        return Forked(process, output, time.monotonic())
    code = 1
    try:
        written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(written, 1)
        os.dup2(written, 2)
        work()
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0) if not isinstance(ended.code, str) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
