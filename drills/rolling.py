"""The previous version of the program goes on while its database becomes that of this one.

    python -m drills.rolling --previous REV [--database sqlite|postgres]

The previous version, as the repository has it at REV, makes a database, loads its records and
serves them. This version migrates it. Then both serve it: each reads all there is, and on each an
analyst edits a record over HTTP and a reviewer publishes it. The ledger verifies: by the previous
version until it is migrated, and then by this one, which first adds the facets that the previous
version does not know.
"""

import argparse
import io
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from drills.blank import POSTGRES, SQLITE, blank
from drills.colleagues import Colleague, session_of
from drills.processes import ROOT, DrillError, Ports, folder_for_all, run
from drills.report import Report
from drills.services import environment, served

LISTS = (
    *("agreements", "meetings", "exercises", "engagements", "countries", "forces", "series"),
    *("topics", "documents", "totals", "changes", "releases", "stats"),
)
PAGES = ("/", "/api/v1/", *(f"/api/v1/{name}/" for name in LISTS))
_ACCOUNTS = """
from django.contrib.auth.models import Group, User
for name, role in {"writer": "analyst", "reviewer": "reviewer"}.items():
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
"""


class Version:
    """A version of the program, in its folder."""

    def __init__(self, name: str, folder: Path, settings: Mapping[str, str]):
        self.name, self.folder, self.settings = name, folder, settings

    def manage(self, *arguments: str) -> str:
        return run([sys.executable, str(self.folder / "manage.py"), *arguments], self.settings)

    def migrations(self) -> list[str]:
        """Return the names of the migrations that it has."""
        return sorted(
            path.stem for path in (self.folder / "agreements" / "migrations").glob("0*.py")
        )


def previous(revision: str, folder: Path) -> Path:
    """Lay the program as it was at a revision into a folder."""
    command = ["git", "-c", "safe.directory=*", "archive", revision]
    packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: S603
    if packed.returncode:
        raise DrillError(packed.stderr.decode())
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def use(
    report: Report, version: Version, address: str, place: int, newer: Version | None = None
) -> None:
    """Read all that a server has, and bring an edit of a meeting to publication by it.

    The ledger is verified by a newer version where the database is already of that one.
    """
    reader = Colleague(address, "")
    bad = [path for path in PAGES if reader.get(path).status_code != 200]
    report.check(not bad, f"{version.name} reads", bad or f"{len(PAGES)} addresses")
    try:
        summary = f"Told by {version.name}."
        writer = Colleague(address, session_of("writer", version.manage))
        reviewer = Colleague(address, session_of("reviewer", version.manage))
        record = writer.numbers("meeting")[place]
        writer.edit("meeting", record, summary=summary)
        writer.act("meeting", "submit_for_review", record)
        reviewer.act("meeting", "approve_and_publish", record)
        told = summary in reader.get("/api/v1/meetings/?page_size=100").text
        report.check(told, f"{version.name} edits and publishes", "published" if told else "not")
    except DrillError as error:
        report.check(False, f"{version.name} edits and publishes", str(error)[:300])
    verifying = newer or version
    what = f"the ledger verifies by {verifying.name} after {version.name} published"
    try:
        added = newer.manage("find_again").strip() if newer else ""
        found = verifying.manage("verify_ledger").strip().splitlines()[-1]
        report.check("all as written" in found, what, f"{found[:24]} {added}".strip())
    except DrillError as error:
        report.check(False, what, str(error)[-200:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--previous", required=True, metavar="REV", help="a commit or a tag")
    parser.add_argument("--database", choices=(SQLITE, POSTGRES), default=SQLITE)
    parser.add_argument("--port", type=int, default=18460, help="the first port that it takes")
    options = parser.parse_args()
    ports = Ports(options.port)
    report = Report(f"The version at {options.previous} beside this one, {options.database}")
    with ExitStack() as stack:
        folder = stack.enter_context(folder_for_all())
        (folder / "state").mkdir()
        url = stack.enter_context(blank(options.database, folder, ports.take()))
        # Their sessions are made by the shell, which asks nobody for a second factor.
        settings = environment(folder / "state", [url], REQUIRE_SECOND_FACTOR="0")
        old = Version("the previous one", previous(options.previous, folder / "old"), settings)
        new = Version("this one", ROOT, settings)
        old.manage("migrate", "--verbosity", "0")
        old.manage("load_fixtures")
        old.manage("shell", "--command", _ACCOUNTS)
        report.step("the previous version has made and filled its database")
        log = folder / "log"
        before = stack.enter_context(served(settings, ports.take(), log, folder=old.folder))
        use(report, old, before, 1)
        added = sorted(set(new.migrations()) - set(old.migrations()))
        new.manage("migrate", "--verbosity", "0")
        report.step(f"migrated: {', '.join(added) or 'nothing new'}")
        use(report, old, before, 2, new)
        after = stack.enter_context(served(settings, ports.take(), log))
        use(report, new, after, 3)
        use(report, old, before, 4, new)
    report.print()
    return int(report.failed)


if __name__ == "__main__":
    sys.exit(main())
