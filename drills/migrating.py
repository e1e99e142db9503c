"""Takes a database with data back to each earlier state of the app, and forward again.

    python -m drills.migrating [--database sqlite|postgres|given] [--states last,0001,zero]

From the newest state with the shipped records it goes back to each earlier one, all steps at once,
and forward again. What both states have must be the same rows before and after; what going back
loses must be what the migrations say that it loses. The ledger verifies each time. `last` is the
state before the newest; `given` is the empty database that DATABASE_URL names.
"""

import argparse
import os
import sys
from pathlib import Path

from drills.blank import KINDS, SQLITE, blank
from drills.processes import folder_for_all
from drills.report import Report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--database", choices=KINDS, default=SQLITE)
    parser.add_argument("--states", default="", help="such as last,0001,zero (default: all)")
    parser.add_argument("--port", type=int, default=18450, help="of PostgreSQL, when it is made")
    options = parser.parse_args()
    report = Report(f"Migrations back and forward, {options.database}")
    with folder_for_all() as folder, blank(options.database, folder, options.port) as url:
        set_up(url, folder)
        from drills import stepping

        stepping.drill(report, options.states.split(",") if options.states else None)
    report.print()
    return int(report.failed)


def set_up(url: str, state: Path) -> None:
    """Make the program ready to work on a database, in this process."""
    os.environ |= {
        "DATABASE_URL": url,
        "COASTGUARD_STATE": str(state),
        "DJANGO_SETTINGS_MODULE": "coastguard.settings",
    }
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
