"""Programs in every text, on every page, in a browser: `python -m drills.xss`. See README.md."""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from drills.report import Report

POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"


def told_of(state: Path, named: dict[str, str], turn: int) -> dict[str, Any]:
    """Poison a database with the payloads of a turn; return what it says of itself."""
    from tests.servers import ROOT, environment_of

    told = f"from tests.poison import poison; poison({str(state)!r}, {turn})"
    subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", told],
        cwd=ROOT,
        env=environment_of(state, **named),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    found: dict[str, Any] = json.loads((state / "poisoned.json").read_text(encoding="utf-8"))
    return found


def opened(browser: Any, site: str, paths: Sequence[str], **options: Any) -> tuple[Counter, list]:
    """Open each page in a tab, and wait until it stands; return statuses and faults."""
    from tests.walking import log_in, look, walker

    with walker(browser, site, **options) as page:
        log_in(page)
        statuses = Counter(look(page, path) for path in paths)
    return statuses, page.faults


def parsed(browser: Any, site: str, paths: Sequence[str]) -> tuple[Counter, list]:
    """Fetch each page and let the browser read it, as a page, without running it."""
    from tests.walking import LOOK, log_in, walker

    with walker(browser, site, bypass_csp=True) as page:
        log_in(page)
        statuses: Counter = Counter()
        for path in paths:
            answer = page.request.get(path)
            statuses[answer.status] += 1
            if answer.headers.get("content-type", "").startswith("text/html"):
                found = page.evaluate(LOOK, answer.text())
                page.faults += [f"{path}: {each}" for each in found]
    return statuses, page.faults


def every_page(told: dict[str, Any]) -> list[str]:
    """Return every page of the program, in both languages, and of every record of the desk."""
    from tests.walking import addresses

    paths = [path for _, path in addresses(told)]
    paths += list(_of_every_record(told))
    return list(dict.fromkeys(paths))


def _of_every_record(told: dict[str, Any]) -> Iterator[str]:
    for model, keys in told["records"].items():
        for key in keys:
            yield f"/admin/agreements/{model}/{key}/change/"
            yield f"/admin/agreements/{model}/{key}/history/"
            if model == "document":
                yield f"/admin/agreements/document/{key}/text/"
                yield f"/admin/agreements/document/{key}/text/proposals/"


def walk(report: Report, browser: Any, site: str, told: dict[str, Any]) -> None:
    """Open everything, with the policy and without it."""
    paths = every_page(told)
    for name, options in (("with the policy", {}), ("without it", {"bypass_csp": True})):
        statuses, faults = opened(browser, site, paths, **options)
        report.check(not faults, f"pages opened {name}: nothing ran, nothing broke", len(paths))
        for fault in faults[:20]:
            report.step(fault)
        failures = sum(number for status, number in statuses.items() if status >= 500)
        report.check(failures == 0, f"answers {name}", dict(sorted(statuses.items())))


def turn_by_turn(
    report: Report, browser: Any, site: str, state: Path, named: dict[str, str], turns: int
) -> None:
    """Put the next payload into each field, and read everything again, so many times."""
    pages, faults = 0, []
    answers: Counter = Counter()
    for turn in range(1, turns):
        paths = every_page(told_of(state, named, turn))
        statuses, found = parsed(browser, site, paths)
        pages += len(paths)
        faults += found
        answers += statuses
        report.step(f"turn {turn}: {len(paths)} pages, {dict(statuses)}, {len(found)} faults")
        for fault in found[:5]:
            report.step(fault)
    if turns > 1:
        failures = sum(number for status, number in answers.items() if status >= 500)
        report.check(failures == 0, "answers", dict(sorted(answers.items())))
        report.check(not faults, f"pages read with {turns - 1} further payloads in a field", pages)


def main(argv: list[str] | None = None) -> int:
    """Run the drill; return 1 where a check fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument(
        "--turns", type=int, default=4, help="payloads that are in a field, one after the other"
    )
    options = parser.parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")
    if options.database == "postgres":
        os.environ.setdefault("DATABASE_URL", POSTGRES)
    else:
        os.environ.pop("DATABASE_URL", None)
    with TemporaryDirectory() as folder, ExitStack() as opened_here:
        os.environ["COASTGUARD_STATE"] = folder
        import django

        django.setup()
        from tests.browsers import chromium
        from tests.payloads import PAYLOADS
        from tests.servers import copied, preparing, running

        report = Report(f"Programs in every text ({options.database})")
        enter = opened_here.enter_context
        prepared = enter(preparing(_made(folder, "prepared")))
        state = _made(folder, "state")
        named = enter(copied(prepared, state))
        told = told_of(state, named, 0)
        report.check(len(PAYLOADS) >= 30, "payloads", len(PAYLOADS))
        report.check(bool(told["taken"]), "fields that hold them", len(told["taken"]))
        report.step(f"vocabularies, which refuse them: {', '.join(told['refused'])}")
        site = enter(running(state, **named))
        browser = enter(chromium())
        walk(report, browser, site, told)
        turn_by_turn(report, browser, site, state, named, options.turns)
    report.print()
    return int(report.failed)


def _made(folder: str, name: str) -> Path:
    made = Path(folder, name)
    made.mkdir()
    return made


if __name__ == "__main__":
    sys.exit(main())
