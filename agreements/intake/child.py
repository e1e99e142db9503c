"""What runs in the sandbox: `python -m agreements.intake.child KIND LIMITS`, the file on stdin.

It answers on stdout with JSON: the fields of `Found`, or `refused` and `values`. Whatever a
library raises on a broken file ends the process, which the parent tells from its code.
"""

import json
import resource
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import asdict
from importlib import import_module
from typing import Any

from agreements.intake.found import Found, Refused
from agreements.intake.plain import checked, tidy

# Only the library that is needed is loaded.
_READERS = {"html": "web_page", "docx": "word", "pdf": "pdf"}


def main(kind: str, limits: str) -> None:
    """Confine this process, read the file, and answer."""
    confine(json.loads(limits))
    try:
        with redirect_stdout(sys.stderr):
            answer = asdict(_read(kind, sys.stdin.buffer.read()))
    except Refused as refusal:
        answer = {"refused": refusal.reason, "values": refusal.values}
    json.dump(answer, sys.stdout)


def confine(limits: Mapping[str, Any]) -> None:
    """Have this process end where it takes more than it may."""
    seconds = limits["cpu_seconds"]
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        # The first ends the process with a signal that tells why, the second in any case.
        (resource.RLIMIT_CPU, (seconds, seconds + 1)),
        (resource.RLIMIT_FSIZE, limits["answer"]),
        (resource.RLIMIT_NOFILE, limits["files"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, most if isinstance(most, tuple) else (most, most))


def _read(kind: str, data: bytes) -> Found:
    found: Found = import_module(f"agreements.intake.{_READERS[kind]}").read(data)
    found.text = checked(tidy(found.text))
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
