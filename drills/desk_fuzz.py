"""Hostile requests of the desk, the public site and the API, by everybody who may come.

    python -m drills.desk_fuzz --requests 20000 --seed 1 --database postgres

Each request begins as a page or a form of the program would send it, and has one to four things
about it spoilt: its address, parameters, fields, files, headers, cookies, method or encoding. It
is taken back once it was answered, so that its number and the seed make it again (`--only`).
"""

import argparse
import logging
import sys

from drills import scratch
from drills.report import Report

_LONGEST = 30.0
_SHOWN = 20


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", type=int, help="send the request with this number alone")
    scratch.add_arguments(parser)
    options = parser.parse_args()
    report = Report(f"Hostile requests on {options.database}, seed {options.seed}")
    with scratch.database(options):
        _run(options, report)
    report.print()
    return 1 if report.failed else 0


def _run(options: argparse.Namespace, report: Report) -> None:
    from drills.fuzzing.desk_run import Desk, run

    logging.disable(logging.CRITICAL)
    desk = Desk()
    report.step(f"{len(desk.addresses)} addresses, {len(desk.clients)} roles")
    numbers = range(options.requests) if options.only is None else [options.only]
    told = stored = 0
    for number, found in enumerate(run(desk, options.seed, numbers), 1):
        for fault in (*found.faults[told:], *found.stored[stored:]):
            if len(found.faults) + len(found.stored) <= _SHOWN or options.only is not None:
                print(fault, flush=True)
        told, stored = len(found.faults), len(found.stored)
        if number % 1000 == 0:
            report.step(f"{number} requests, {dict(sorted(found.statuses.items()))}")
    report.check(not found.faults, "no request is answered with a fault of the program", told)
    report.check(not found.stored, "what is refused leaves every table as it was", stored)
    report.check(
        found.slowest < _LONGEST,
        f"no request takes {_LONGEST:g} s",
        f"{found.slowest:.1f} s, {found.slow[:300]}",
    )
    seen = {status for status in found.statuses if status < 500}
    if options.only is None and options.requests >= 1000:
        report.check({200, 302, 400, 403, 404} <= seen, "requests get as far as answers", len(seen))
    report.check(True, "requests answered", dict(sorted(found.statuses.items())))
    report.check(True, "different paths", len(found.paths))
    report.check(True, "most memory, MB", found.memory)


if __name__ == "__main__":
    sys.exit(main())
