"""Loads over a desk that people changed, at random, and compares every row of every table.

    python -m drills.reloading --rounds 200 --seed 1 --database postgres

In each round up to five records are changed, each by a way that people have (a page's form, a row
that is removed, a step of review, a merge, a file), and then fixtures or readings are loaded, in
any order and number. No table may differ, and every changed record that the files have is told.
"""

import argparse
import io
import logging
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from drills import scratch
from drills.report import Report

_SHOWN = 10


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", default="1")
    scratch.add_arguments(parser)
    options = parser.parse_args()
    report = Report(f"Loads over edited data on {options.database}, seed {options.seed}")
    with scratch.database(options) as folder:
        logging.disable(logging.CRITICAL)
        _run(options, report, folder)
    report.print()
    return 1 if report.failed else 0


def _run(options: argparse.Namespace, report: Report, folder: Path) -> None:
    from django.db import transaction

    from drills.reloading_edits import WAYS, edited_by, prepare

    prepare()
    ways, changed, untold, loads = Counter[str](), list[str](), list[str](), Counter[str]()
    for number in range(options.rounds):
        chance = Random(f"{options.seed}-{number}")  # noqa: S311
        with transaction.atomic():
            records = []
            for _ in range(chance.randint(0, 5)):
                way = chance.choice(list(WAYS))
                record = edited_by(way, chance, folder)
                ways[way if record else f"{way} (not possible)"] += 1
                records += [record] if record else []
            door, load = _load(chance)
            loads[door] += 1
            before = rows()
            told = load()
            after = rows()
            name = f"round {number}: {door} after {records}"
            different = [table for table in after if after[table] != before[table]]
            if different:
                changed.append(f"{name}: {different}")
            if door == "all fixtures":
                untold += [f"{name}: {each}" for each in records if f": {each} " not in told]
            transaction.set_rollback(True)
        if (number + 1) % 10 == 0:
            report.step(f"{number + 1} rounds, {len(changed)} changed, {len(untold)} untold")
    for fault in (*changed[:_SHOWN], *untold[:_SHOWN]):
        print(fault, flush=True)
    report.check(not changed, f"no row differs after {options.rounds} loads", len(changed))
    report.check(not untold, "every changed record is told where it was in the files", len(untold))
    report.check(True, "ways in which records were changed", dict(ways))
    report.check(True, "ways in which they were loaded", dict(loads))


def rows() -> dict[str, int]:
    """Return a number for each table that is another one once any of its rows is another."""
    from django.apps import apps

    models = apps.get_app_config("agreements").get_models(include_auto_created=True)
    return {
        model._meta.label: hash(str(list(model._base_manager.order_by("pk").values_list())))
        for model in models
        if model._meta.model_name != "presence"
    }


def _load(chance: Random) -> tuple[str, Callable[[], str]]:
    from django.conf import settings
    from django.core.management import call_command

    fixtures = sorted(settings.FIXTURES_DIR.glob("*.json"))
    readings = sorted(settings.SEEDS_DIR.glob("*.yaml"))

    def told(command: str, *arguments: Any) -> str:
        out = io.StringIO()
        call_command(command, *map(str, arguments), stdout=out, stderr=out)
        # A record's name ends where its line does, or what was changed in it begins.
        return out.getvalue().replace("\n", " \n")

    way = chance.random()
    if way < 0.4:
        order = chance.sample(fixtures, len(fixtures))
        return "all fixtures", lambda: told("loaddata", *order)
    if way < 0.7:
        some = chance.sample(fixtures, chance.randint(1, len(fixtures) - 1))
        return "some fixtures", lambda: told("loaddata", *some)
    if way < 0.95:
        return "readings", lambda: told("load_readings", *chance.sample(readings, len(readings)))
    return "load_fixtures", lambda: told("load_fixtures")


if __name__ == "__main__":
    sys.exit(main())
