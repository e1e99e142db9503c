"""Reading a file in a process of its own, which may use little of anything and for a short time.

The process gets the file's bytes and none of this one's environment, and it answers with JSON.
"""

import json
import logging
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

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


def read(kind: str, data: bytes, limits: Limits) -> Found:
    """Return what a file says, read in a process of its own. Raises Refused."""
    with tempfile.TemporaryFile() as answer:
        code = _run(kind, data, limits, answer)
        if code:
            logger.warning("Reading a file of the kind %s ended with %s.", kind, code)
            raise Refused("too-slow" if code in _OUT_OF_TIME else "broken")
        answer.seek(0)
        told = json.load(answer)
    if "refused" in told:
        raise Refused(told["refused"], **told["values"])
    return Found(**told)


def _run(kind: str, data: bytes, limits: Limits, answer: object) -> int:
    """Run the process to its end, and return its code: below 0, the signal that ended it."""
    command = [sys.executable, "-B", "-s", "-m", "agreements.intake.child", kind]
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
