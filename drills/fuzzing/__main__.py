"""Fuzzes what reads files, dates and texts, led by the code that each input reaches.

    python -m drills.fuzzing --target dates --seconds 60 [--seed 1] [--input FILE]

needs requirements-fuzz.txt. Each target runs in a process of its own, which may use 2 GB of memory
and 25 seconds for an input. What breaks a target is kept in `fuzzed/`, and `--input` gives it one
file. Ends with a table of what was run, and with 1 where something broke.
"""

import argparse
import logging
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from drills import scratch
from drills.processes import ROOT
from drills.report import Report

MEMORY = 2048
SECONDS = 25
_KEPT = ROOT / "fuzzed"
_ON_A_DATABASE = {"readings", "suggestions"}
_INSTRUMENTED = ["agreements"]
_LIST = """
import django
django.setup()
from drills.fuzzing.targets import TARGETS
print(*TARGETS)
"""
_RUNS = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_PEAK = re.compile(r"stat::peak_rss_mb:\s+(\d+)")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--target", action="append", help="one of the targets; all where not given")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--input", type=Path, help="run a target with the bytes of this file alone")
    parser.add_argument("--within", action="store_true", help=argparse.SUPPRESS)
    scratch.add_arguments(parser)
    options = parser.parse_args()
    if options.input:
        return _once(options)
    return _within(options) if options.within else _all(options)


def _all(options: argparse.Namespace) -> int:
    report = Report("Fuzzing, led by the code that each input reaches")
    for name in options.target or _names():
        report.step(name)
        _KEPT.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "drills.fuzzing", "--within", "--target", name]
        told = subprocess.run(  # noqa: S603
            [*command, "--seconds", str(options.seconds), "--seed", str(options.seed)],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        said = told.stderr.decode(errors="replace") + told.stdout.decode(errors="replace")
        runs, peak = _RUNS.search(said), _PEAK.search(said)
        counted = f"{runs[1] if runs else 'no'} inputs, at most {peak[1] if peak else '?'} MB"
        report.check(not told.returncode and runs is not None, name, counted)
        if told.returncode or not runs:
            print(said[-6000:], flush=True)
    report.print()
    return 1 if report.failed else 0


def _names() -> list[str]:
    with TemporaryDirectory() as state:
        told = subprocess.run(  # noqa: S603
            [sys.executable, "-c", _LIST],
            cwd=ROOT,
            env={"COASTGUARD_STATE": state, "DJANGO_SETTINGS_MODULE": "coastguard.settings"},
            capture_output=True,
            check=True,
        )
    return told.stdout.decode().split()


def _once(options: argparse.Namespace) -> int:
    with scratch.database(options, filled=options.target[0] in _ON_A_DATABASE):
        from drills.fuzzing.targets import TARGETS

        TARGETS[options.target[0]].run(options.input.read_bytes())
    return 0


def _within(options: argparse.Namespace) -> int:
    """Fuzz one target in this process, which does not return where something breaks."""
    import atheris

    (name,) = options.target
    with ExitStack() as stack:
        # What is imported meanwhile tells which of its lines are reached.
        with atheris.instrument_imports(include=_INSTRUMENTED):
            stack.enter_context(scratch.database(options, filled=name in _ON_A_DATABASE))
            from drills.fuzzing.targets import TARGETS
        logging.disable(logging.CRITICAL)
        corpus = stack.enter_context(TemporaryDirectory())
        for number, seed in enumerate(TARGETS[name].seeds):
            (Path(corpus) / f"seed-{number}").write_bytes(seed)
        arguments = (
            *(f"-max_total_time={options.seconds}", f"-seed={options.seed}", "-max_len=20000"),
            *(f"-timeout={SECONDS}", f"-rss_limit_mb={MEMORY}", "-print_final_stats=1"),
            *(f"-artifact_prefix={_KEPT}/{name}-", corpus),
        )
        atheris.Setup([sys.argv[0], *arguments], TARGETS[name].run)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
