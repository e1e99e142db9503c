"""Lets eight processes publish a thousand times each, and verifies the ledger meanwhile.

    python -m drills.forks [--database postgres] [--number 1000] [--publishers 8]

Nothing that was acknowledged may be lost, the ledger may neither fork nor have a gap, and
`verify_ledger`, which runs in a loop with the head of the time before, may give no alarm.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

from drills.grounds import Ground, arguments, ground
from drills.processes import ROOT
from drills.report import Report


def main() -> int:
    parser = arguments(__doc__, 1000, "so many publications of each")
    parser.add_argument("--publishers", type=int, default=8)
    given = parser.parse_args()
    report = Report(f"{given.publishers} publishers x {given.number}, {given.database}")
    with ground(given.database, given.port) as made:
        made.enter()
        publish(report, made, given.publishers, given.number)
    report.print()
    return int(report.failed)


@contextmanager
def publishing(
    made: Ground, names: Sequence[str], publications: int
) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Let processes publish; each writes what was acknowledged into a file of its name."""
    started = [
        subprocess.Popen(  # noqa: S603
            [
                *(sys.executable, "-m", "drills.forking", name, str(publications)),
                str(made.folder / f"{name}.lines"),
            ],
            env={**made.settings, "DJANGO_SETTINGS_MODULE": "coastguard.settings"},
            cwd=ROOT,
            stderr=(made.folder / f"{name}.errors").open("wb"),
        )
        for name in names
    ]
    try:
        yield started
    finally:
        for each in started:
            each.kill()
            each.wait()


def acknowledged(made: Ground, names: Sequence[str]) -> list[tuple[int, str]]:
    """Return the sequence and the SHA-256 of every publication that was acknowledged."""
    files = [made.folder / f"{name}.lines" for name in names]
    lines = chain.from_iterable(file.read_text().splitlines() for file in files if file.exists())
    return [(int(sequence), sha256) for sequence, sha256 in map(str.split, lines)]


def publish(report: Report, made: Ground, publishers: int, number: int) -> None:
    import django

    django.setup()

    from agreements.models import Publication
    from drills.tampered import verified
    from tests import builders

    # All meetings cite it.
    builders.publish(builders.document())
    before = Publication.objects.count()
    names = [f"publisher-{number}" for number in range(publishers)]
    alarms: list[str] = []
    runs, head = 0, made.manage("ledger_head").strip()
    with publishing(made, names, number) as started:
        while any(each.poll() is None for each in started):
            told = verified("--head", head)
            runs += 1
            if told:
                alarms.append(told)
            last = Publication.objects.order_by("-sequence").first()
            assert last is not None
            head = f"{last.sequence}:{last.sha256}"
            if runs % 20 == 0:
                report.step(f"{last.sequence - before} published, verified {runs} times")
        ended = [each.returncode for each in started]
    complaints = "".join((made.folder / f"{name}.errors").read_text() for name in names)
    away = f"turned away {complaints.count('turned away:')} times"
    if any(ended):
        report.step(complaints[-2000:])
    report.check(not any(ended), "every publisher came to its end", away)
    report.check(
        not alarms, "no false alarm", f"{len(alarms)} of {runs} verifications {alarms[:1]}"
    )
    _nothing_lost(report, made, names, before)


def _nothing_lost(report: Report, made: Ground, names: Sequence[str], before: int) -> None:
    from django.db.models import Count, Max

    from agreements.models import Publication
    from drills.tampered import verified

    told = acknowledged(made, names)
    rows = dict(Publication.objects.values_list("sequence", "sha256"))
    lost = [each for each in told if rows.get(each[0]) != each[1]]
    report.check(not lost, "nothing acknowledged is lost", f"{len(told)} acknowledged")
    many = f"{len(rows) - before} new rows"
    report.check(len(rows) == before + len(told), "and nothing else was published", many)
    twice = len(told) - len({sequence for sequence, _ in told})
    report.check(not twice, "no two were told the same sequence: no fork", twice)
    gaps = (Publication.objects.aggregate(last=Max("sequence"))["last"] or 0) - len(rows)
    report.check(not gaps, "the sequences have no gap", gaps)
    several = Publication.objects.current().values("kind", "slug").annotate(rows=Count("pk"))
    forked = several.filter(rows__gt=1).count()
    report.check(not forked, "every record has one current row", forked)
    pins = made.folder / "pins"
    pins.write_text("".join(f"{sequence}:{sha256}\n" for sequence, sha256 in told))
    began = time.monotonic()
    alarm = verified("--head", str(pins))
    rate = f"{len(rows) / (time.monotonic() - began):.0f} rows a second {alarm[:200]}"
    report.check(not alarm, "the ledger verifies against every head that was told", rate)


if __name__ == "__main__":
    sys.exit(main())
