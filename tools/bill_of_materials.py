"""Write docs/sbom.cdx.json: what the program is made of besides its own code, as CycloneDX 1.6.

    make sbom

cyclonedx-py reads the lock; what says where a package was downloaded from, or when, is left out, so
that everybody gets the same file. The licence is what the installed package says of itself; of one
that is for other machines than this, what the file said before.
"""

import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parent.parent
BILL = ROOT / "docs" / "sbom.cdx.json"
# Before there was a field for an SPDX expression.
SPDX = {
    "Apache Software License": "Apache-2.0",
    "BSD 3-Clause": "BSD-3-Clause",
    "BSD 3-Clause OR Apache-2.0": "BSD-3-Clause OR Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "MIT License": "MIT",
    "MIT": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


def bill() -> str:
    """Return the bill of the lock; raise a ValueError where it is not as the standard has it."""
    made = subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements"),
            *("--output-reproducible", "--pyproject", "pyproject.toml", "requirements.txt"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(made.stdout)
    known = held_licences()
    names = {}
    for each in found["components"]:
        reference = f"{each['name']}=={each['version']}"
        names[each["bom-ref"]] = reference
        each["bom-ref"] = reference
        each.pop("description", None)
        hashes = [one for more in each.pop("externalReferences", []) for one in more["hashes"]]
        each["hashes"] = sorted(hashes, key=lambda one: one["content"])
        licence = licence_of(each["name"]) or known.get(each["name"])
        if licence:
            each["licenses"] = [licence]
    found["components"].sort(key=lambda each: each["bom-ref"])
    main = found["metadata"]["component"]
    for each in found["dependencies"]:
        each["ref"] = names.get(each["ref"], each["ref"])
    # The lock has all that is needed, directly or not, and not what needs what.
    found["dependencies"] = sorted(
        [each for each in found["dependencies"] if each["ref"] != main["bom-ref"]]
        + [{"ref": main["bom-ref"], "dependsOn": sorted(names.values())}],
        key=lambda each: each["ref"],
    )
    found["metadata"].pop("tools", None)
    text = json.dumps(found, indent=1, sort_keys=True) + "\n"
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong:
        raise ValueError(str(wrong))
    return text


def licence_of(name: str) -> dict[str, Any] | None:
    """Return what an installed package says of its licence; None where it is not installed."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    expression = told.get("License-Expression")
    if expression:
        return {"expression": expression}
    classified = [
        each.rpartition(" :: ")[2]
        for each in told.get_all("Classifier") or []
        if each.startswith("License :: ") and not each.endswith("OSI Approved")
    ]
    for each in (told.get("License") or "", *classified):
        each = SPDX.get(each, each)
        if re.fullmatch(r"[A-Za-z0-9.+-]+( (AND|OR) [A-Za-z0-9.+-]+)*", each):
            return {"expression": each}
    return {"license": {"name": classified[0]}} if classified else None


def held_licences() -> dict[str, dict[str, Any]]:
    """Return the licences that the bill has now."""
    if not BILL.exists():
        return {}
    held = json.loads(BILL.read_text(encoding="utf-8"))["components"]
    return {each["name"]: each["licenses"][0] for each in held if "licenses" in each}


if __name__ == "__main__":
    BILL.write_text(bill(), encoding="utf-8")
