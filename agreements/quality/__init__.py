"""What a record must have before it can be published, and what deserves a second look.

Each rule has its name from the handbook (`docs/handbook.md`), which says why it is held.
"""

from agreements.quality.dossier import asserts
from agreements.quality.rules import (
    RULES,
    Finding,
    advice_of,
    check,
    check_together,
    faults_of,
    findings_of,
    problems_of,
)

__all__ = [
    "RULES",
    "Finding",
    "advice_of",
    "asserts",
    "check",
    "check_together",
    "faults_of",
    "findings_of",
    "problems_of",
]
