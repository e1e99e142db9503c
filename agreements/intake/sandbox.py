"""Reading a file in a process of its own, which may use little of anything and for a short time.

The process gets the file's bytes and none of this one's environment, and it answers with JSON.
"""

import json
import logging
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agreements.intake.found import Found, Refused

_ROOT = Path(__file__).resolve().parents[2]
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"}
_OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """What the reading of one file may take: seconds, bytes, open files."""

    seconds: float = 20
    cpu_seconds: int = 15
    memory: int = 1_000_000_000
    answer: int = 8_000_000
    files: int = 64


class Ended(Exception):
    """The process that read a file ended without an answer; below 0, the code is a signal."""

    def __init__(self, code: int):
        super().__init__(code)
        self.is_out_of_time = code in _OUT_OF_TIME


def read(kind: str, data: bytes, limits: Limits) -> Found:
    """Return what a file says, read in a process of its own. Raises Refused."""
    try:
        told = answered("agreements.intake.child", [kind], data, limits)
    except Ended as ended:
        raise Refused("too-slow" if ended.is_out_of_time else "broken") from ended
    if "refused" in told:
        raise Refused(told["refused"], **told["values"])
    return Found(**told)


def answered(module: str, arguments: Sequence[str], data: bytes, limits: Limits) -> Any:
    """Return what a module makes of a file, from its JSON. Raises Ended.

    It is given the arguments, then the limits, which it has to keep, and the file on stdin.
    """
    with tempfile.TemporaryFile() as answer:
        code = _run(module, arguments, data, limits, answer)
        if code:
            logger.warning("Reading a file by %s %s ended with %s.", module, arguments, code)
            raise Ended(code)
        answer.seek(0)
        return json.load(answer)


def _run(module: str, arguments: Sequence[str], data: bytes, limits: Limits, answer: object) -> int:
    """Run the process to its end, and return its code: below 0, the signal that ended it."""
    command = [sys.executable, "-B", "-s", "-m", module, *arguments]
    try:
        return subprocess.run(  # noqa: S603 (nothing of the command comes from outside)
            [*command, json.dumps(asdict(limits))],
            input=data,
            stdout=answer,  # type: ignore[call-overload]
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=_ENVIRONMENT,
            timeout=limits.seconds,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
