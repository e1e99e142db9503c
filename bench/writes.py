"""Measure what is written in bulk, each beside its goal. See bench/README.md.

    bench/writes.py --records 5000 --rows 1000
    BENCH_DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres bench/writes.py

Every measure runs in a process of its own, on a database that is made for it and dropped.
"""

import argparse
import csv
import io
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
STOCK = "stock_ledger.json"
FIXTURE = 300
PER_READING = 50
# The force that every record names, once the desk is made ready for its rename.
NAMED = 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=5000, help="published and renamed")
    parser.add_argument("--rows", type=int, default=1000, help="read from YAML and imported")
    parser.add_argument("--fixture", type=int, default=FIXTURE, help="records of the fixture")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=MEASURES, default=list(MEASURES))
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        STEPS[asked.step](asked.folder)
        return
    print(
        f"{'':<34}{'records':>9}{'seconds':>9}{'per second':>12}{'CPU µs':>9}{'peak MB':>9}  goal"
    )
    for name in asked.only:
        with tempfile.TemporaryDirectory() as folder:
            MEASURES[name](Path(folder), asked)


@contextmanager
def database(folder: Path) -> Iterator[dict[str, str]]:
    """Make an empty database; yield the environment of the programs that work on it."""
    name = f"writes_{uuid4().hex[:8]}"
    environment = {**os.environ, "COASTGUARD_STATE": str(folder)}
    url = os.environ.get("BENCH_DATABASE_URL")
    if url is None:
        file = folder / f"{name}.sqlite3"
        yield {**environment, "DATABASE_URL": f"sqlite:///{file}"}
        file.unlink()
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {**environment, "DATABASE_URL": re.sub(r"/[^/]*$", f"/{name}", url)}
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(environment: dict[str, str], *arguments: object) -> str:
    """Run a program of the project to its end; return what it told."""
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def step(environment: dict[str, str], name: str, folder: Path) -> dict[str, float]:
    told = run(environment, "bench/writes.py", "--step", name, "--folder", folder)
    return json.loads(told.splitlines()[-1])


def show(what: str, told: dict[str, float], goal: str) -> None:
    rate = told["records"] / told["seconds"]
    each = told["processor"] / told["records"] * 1e6
    numbers = (
        f"{told['records']:>9.0f}{told['seconds']:>9.1f}{rate:>12.0f}{each:>9.0f}"
        f"{told['megabytes']:>9.0f}"
    )
    print(f"{what:<34}{numbers}  {goal}", flush=True)


def tables(folder: Path, records: int, seed: int) -> Path:
    made = folder / "tables"
    run(dict(os.environ), "bench/data.py", "--records", records, "--out", made, "--seed", seed)
    return made


# What is measured.


def measure_publish(folder: Path, asked: argparse.Namespace) -> None:
    made = tables(folder, asked.records, asked.seed)
    with database(folder) as environment:
        run(environment, "bench/load.py", made, "--desk-only", "--every-fact")
        step(environment, "ready", folder)
        told = step(environment, "publish", folder)
        show("publish --all", told, "5,000 a second")
        show("carry_names", step(environment, "rename", folder), "100,000 within a minute")


def measure_readings(folder: Path, asked: argparse.Namespace) -> None:
    readings = folder / "readings"
    readings.mkdir()
    for number in range(0, asked.rows, PER_READING):
        text = reading(number, min(asked.rows, number + PER_READING))
        (readings / f"{number:06}.yaml").write_text(text, encoding="utf-8")
    with database(folder) as environment:
        run(environment, "manage.py", "migrate", "--verbosity=0")
        show("load_readings", step(environment, "readings", readings), "500 a second")
        show("the same again, unchanged", step(environment, "readings", readings), "")


def measure_loaddata(folder: Path, asked: argparse.Namespace) -> None:
    made = tables(folder, asked.fixture, asked.seed)
    with database(folder) as environment:
        run(environment, "bench/load.py", made)
        step(environment, "dump", folder)
    told: dict[str, list[dict[str, float]]] = {"stock": [], "loaddata": []}
    for _ in range(2):
        for name, found in told.items():
            with database(folder) as environment:
                run(environment, "manage.py", "migrate", "--verbosity=0")
                found.append(step(environment, name, folder))
    best = {name: min(found, key=lambda each: each["seconds"]) for name, found in told.items()}
    ratio = best["loaddata"]["seconds"] / best["stock"]["seconds"]
    show("stock loaddata (rows)", best["stock"], "")
    show("loaddata (rows)", best["loaddata"], f"no slower than stock: {ratio:.2f} of its time")


def measure_import(folder: Path, asked: argparse.Namespace) -> None:
    made = tables(folder, asked.rows, asked.seed)
    with database(folder) as environment:
        run(environment, "bench/load.py", made, "--desk-only")
        file = folder / "agreements.csv"
        run(environment, "manage.py", "export_records", "agreement", file)
    for name, what in (
        ("command", "import_records"),
        ("admin", "import: upload, preview, confirm"),
    ):
        with database(folder) as environment:
            step(environment, "references", made)
            show(what, step(environment, name, folder), "10,000 rows in 3 minutes with preview")


MEASURES: dict[str, Callable[[Path, argparse.Namespace], None]] = {
    "publish": measure_publish,
    "readings": measure_readings,
    "loaddata": measure_loaddata,
    "import": measure_import,
}


def reading(first: int, end: int) -> str:
    """Return a document's reading of some meetings, and in the first one of what they name."""
    head = (
        f"format: 1\ndocument: {{slug: report-{first}, title: Báo cáo {first}, language: vi,"
        f" sha256: {first:064x}}}\nread_by: analyst\napproved_by: reviewer\n"
    )
    if first == 0:
        head += "forces:\n" + "".join(
            f"  - slug: {slug}\n    name: {name}\n    kind: coast-guard\n    country: {code}\n"
            f"    citations: [{{fields: [name], at: paragraph 1, quote: the {name}}}]\n"
            for slug, name, code in (
                ("vietnam-coast-guard", "Vietnam Coast Guard", "VN"),
                ("japan-coast-guard", "Japan Coast Guard", "JP"),
            )
        )
    return head + "meetings:\n" + "".join(map(meeting, range(first, end)))


def meeting(number: int) -> str:
    day = f"{1980 + number % 45}-{1 + number % 12:02}-{1 + number // 45 % 28:02}"
    return f"""\
  - slug: talks-{number}
    title: Hội đàm lần thứ {number} giữa hai lực lượng
    summary: Hai bên trao đổi về an toàn hàng hải và tìm kiếm cứu nạn trên biển.
    status: held
    date: {day}
    location: {{name: Hà Nội, country: VN}}
    level: working
    participants:
      - {{country: VN, force: vietnam-coast-guard, role: host}}
      - {{country: JP, force: japan-coast-guard, role: guest}}
    citations:
      - {{fields: [status, date], at: paragraph 1, quote: "hội đàm lần thứ {number}"}}
      - {{fields: [participants, location], at: paragraph 2, quote: "diễn ra tại Hà Nội"}}
"""


# The steps, each in a process of its own.


class Watch:
    """What the time, and this process's time on a processor, were when something began."""

    def __init__(self) -> None:
        self.began, self.worked = time.perf_counter(), time.process_time()

    def tell(self, records: float) -> None:
        told = {
            "records": records,
            "seconds": time.perf_counter() - self.began,
            "processor": time.process_time() - self.worked,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        print(json.dumps(told))


def begun() -> Watch:
    os.environ["DJANGO_SETTINGS_MODULE"] = "coastguard.settings"
    import django

    django.setup()
    return Watch()


def ready(folder: Path) -> None:
    """Cite each fact once and no other field, and let every record name one force."""
    start = begun()
    from django.db.models import Min

    from agreements.models import Citation, Document, Force, Participant

    force = Force.objects.get(pk=NAMED)
    asserted = {"date": "date", "entered_into_force": "agreement__entered_into_force"}
    asserted["terminated"] = "agreement__terminated"
    for field, name in asserted.items():
        empty = {f"engagement__{name}__isnull": True}
        unsaid = Citation.objects.filter(field=field, **empty).values("pk")
        Citation.objects.filter(pk__in=list(unsaid.values_list("pk", flat=True))).delete()
        for mark in "?%":
            doubted = Citation.objects.filter(
                field=field, **{f"engagement__{name}__contains": mark}
            )
            keys = list(doubted.values_list("pk", flat=True))
            Citation.objects.filter(pk__in=keys).update(inferred=True, note="Reckoned.")
    kept = Citation.objects.values("engagement", "field").annotate(first=Min("pk"))
    Citation.objects.exclude(pk__in=kept.values("first")).delete()
    document = Document.objects.order_by("pk")[0]
    cited = {"document": document, "field": "name", "locator": "paragraph 1"}
    Citation.objects.bulk_create(Citation(force=each, **cited) for each in Force.objects.all())
    # Of each record the side of the force's country, if it has one, or else its first.
    for among in (Participant.objects.filter(country=force.country), Participant.objects.all()):
        naming = Participant.objects.filter(force=force).values("engagement")
        sides = among.exclude(engagement__in=naming).values("engagement").annotate(first=Min("pk"))
        keys = list(sides.values_list("first", flat=True))
        Participant.objects.filter(pk__in=keys).update(force=force, country=force.country)
    start.tell(1)


def publish(folder: Path) -> None:
    start = begun()
    from agreements import workflow

    start.tell(workflow.publish_approved().total())


def rename(folder: Path) -> None:
    begun()
    from agreements import workflow
    from agreements.models import Force

    force = Force.objects.get(pk=NAMED)
    force.name = "Another name"
    force.save()
    workflow.record_edit(force, "analyst")
    Force.objects.filter(pk=NAMED).update(review_state="approved", approved_by="reviewer")
    start = Watch()
    workflow.publish_approved()
    start.tell(workflow.carry_name("force", force.slug).total())


def readings(folder: Path) -> None:
    start = begun()
    from agreements.readings import read_batch, store_batch

    batch = read_batch([folder])
    store_batch(batch)
    start.tell(len(batch.records))


def dump(folder: Path) -> None:
    """Write fixtures as `build_fixtures` does."""
    start = begun()
    from django.core import serializers

    from agreements.management.commands.build_fixtures import FILES
    from agreements.models import PublicationFacet, Versioned

    for name, kinds in FILES.items():
        rows = [row for kind in kinds for row in kind._default_manager.order_by("pk")]  # type: ignore[attr-defined]
        for row in rows:
            if isinstance(row, Versioned):
                row.loaded_version = row.version
        text = serializers.serialize(
            "json", rows, use_natural_foreign_keys=True, use_natural_primary_keys=True
        )
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
        if ledger := [row for row in rows if isinstance(row, PublicationFacet)]:
            (folder / STOCK).write_text(_whole(text, ledger), encoding="utf-8")
    start.tell(1)


def _whole(text: str, facets: list[Any]) -> str:
    """Give the facets of a fixture what ours gives them from their rows, and Django's cannot."""
    from agreements import ledger

    written = json.loads(text)
    of_facets = [each for each in written if each["model"] == "agreements.publicationfacet"]
    for each, facet in zip(of_facets, facets, strict=True):
        each["fields"] |= {name: getattr(facet, name) for name in ledger.shared(facet.publication)}
    return json.dumps(written, default=str)


def load(folder: Path, stock: bool) -> None:
    start = begun()
    from django.core.management import call_command
    from django.core.management.commands.loaddata import Command

    files = sorted(map(str, folder.glob("[1-5]_*.json")))
    if stock:
        files = [*(file for file in files if "5_ledger" not in file), str(folder / STOCK)]
    call_command(Command() if stock else "loaddata", *files, verbosity=0)
    start.tell(sum(len(json.loads(Path(file).read_text())) for file in files))


def references(folder: Path) -> None:
    """Fill a desk with what agreements name, and not with agreements."""
    start = begun()
    from django.core.management import call_command

    from bench import load as desk

    call_command("migrate", verbosity=0)
    for model, rows in (
        (desk.Country, desk.countries(folder)),
        (desk.Force, desk.forces(folder)),
        (desk.Document, desk.documents(folder)),
    ):
        desk.fill(model, rows)
    start.tell(1)


def rows_of(folder: Path) -> int:
    text = (folder / "agreements.csv").read_text(encoding="utf-8-sig")
    return sum(1 for _ in csv.reader(io.StringIO(text))) - 1


def by_command(folder: Path) -> None:
    start = begun()
    from django.core.management import call_command

    call_command("import_records", "agreement", folder / "agreements.csv", stdout=io.StringIO())
    start.tell(rows_of(folder))


def by_admin(folder: Path) -> None:
    begun()
    from django.contrib.auth.models import User
    from django.test import Client
    from django.test.utils import setup_test_environment

    from agreements.models import Agreement
    from tests.tables import agree, bring

    setup_test_environment()
    client = Client()
    client.force_login(User.objects.create_superuser("analyst"))
    start = Watch()
    page = bring(client, "agreement", (folder / "agreements.csv").read_bytes())
    agree(client, page)
    assert Agreement.objects.count() == rows_of(folder)
    start.tell(rows_of(folder))


STEPS: dict[str, Callable[[Path], Any]] = {
    "ready": ready,
    "publish": publish,
    "rename": rename,
    "readings": readings,
    "dump": dump,
    "stock": lambda folder: load(folder, stock=True),
    "loaddata": lambda folder: load(folder, stock=False),
    "references": references,
    "command": by_command,
    "admin": by_admin,
}


if __name__ == "__main__":
    main()
