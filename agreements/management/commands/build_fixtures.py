"""Make fixtures/ from seeds/, byte for byte the same each time: `manage.py build_fixtures`."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.management.base import CommandError

from agreements import models, workflow
from agreements.exceptions import AgreementsError, ReadingError
from agreements.management.outages import TellingOutages
from agreements.readings import read_batch, store_batch
from agreements.readings.store import approved_at

# In this order every row comes after those that it refers to.
FILES: dict[str, tuple[type, ...]] = {
    "1_reference": (
        models.Country,
        models.Topic,
        models.TopicLabel,
        models.Person,
        models.PersonName,
        models.Force,
        models.ForceName,
        models.Series,
    ),
    "2_documents": (models.Document,),
    "3_engagements": (
        models.Engagement,
        models.Agreement,
        models.Meeting,
        models.Exercise,
        models.EngagementTopic,
        models.Participant,
        models.Delegate,
        models.EngagementLink,
    ),
    "4_evidence": (models.Citation, models.ReportedTotal),
    "5_ledger": (models.Publication, models.PublicationFacet),
}
_SCRATCH = "COASTGUARD_FIXTURE_BUILD"


class Command(TellingOutages):
    help = "Load seeds/ into an empty database, publish, and write fixtures/ with natural keys."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--seeds", type=Path, default=settings.SEEDS_DIR, metavar="DIR")
        parser.add_argument("--output", type=Path, default=settings.FIXTURES_DIR, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        if os.environ.get(_SCRATCH):
            self._build(options["seeds"], options["output"])
        else:
            self._in_scratch_database(options["seeds"], options["output"])

    def _in_scratch_database(self, seeds: Path, output: Path) -> None:
        # In a process of its own, so that no setting or connection of this one is in the way.
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                **os.environ,
                _SCRATCH: "1",
                "COASTGUARD_STATE": folder,
                "DATABASE_URL": f"sqlite:///{folder}/scratch.sqlite3",
            }
            manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
            for command in (
                ["migrate", "--verbosity", "0"],
                ["build_fixtures", "--seeds", str(seeds), "--output", str(output)],
            ):
                outcome = subprocess.run([*manage, *command], env=environment, check=False)  # noqa: S603
                if outcome.returncode:
                    raise CommandError("The fixtures were not made.")

    def _build(self, seeds: Path, output: Path) -> None:
        try:
            batch = read_batch([seeds])
            at = approved_at(batch)
            if at is None:
                raise CommandError("Write approved_at in a reading: it dates the fixtures.")
            report = store_batch(batch)
            workflow.publish_approved(at)
        except ReadingError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"{len(error.problems)} error(s) in the readings.") from error
        except AgreementsError as error:
            raise CommandError(str(error)) from error
        if report.unverified:
            raise CommandError(
                "Quotations are not verified as they stand; run manage.py verify_readings: "
                + ", ".join(report.unverified)
            )
        output.mkdir(exist_ok=True)
        for name, kinds in FILES.items():
            rows = [row for kind in kinds for row in kind._default_manager.order_by("pk")]  # type: ignore[attr-defined]
            text = serializers.serialize(
                "json",
                rows,
                indent=1,
                use_natural_foreign_keys=True,
                use_natural_primary_keys=True,
            )
            (output / f"{name}.json").write_text(text.rstrip("\n") + "\n", encoding="utf-8")
            self.stdout.write(f"{name}.json: {len(rows)} rows")
