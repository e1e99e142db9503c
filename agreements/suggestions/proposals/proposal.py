"""What is proposed: one mention in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agreements.suggestions.spans import Span

TYPES = ("date", "country", "force", "instrument", "meeting", "exercise", "person", "count")


@dataclass(frozen=True)
class Proposal:
    """A mention of one of ``TYPES`` in a text.

    ``number`` is that of the paragraph, from 1, and ``span`` counts characters of the normalised
    paragraph (`agreements.text.paragraphs`). ``note`` says in our own words, in English that is
    marked for translation, why the value is ``inferred``. The value by type:

    - date: EDTF text;
    - country: alpha-2 code;
    - force: {"slug": slug, or None where the database lacks it, "key": slug to propose, "country",
      "kind", "name"};
    - instrument: {"instrument": choice of `Agreement.Instrument`, "title": as given or ""};
    - meeting: {"ordinal": number or None, "level": choice or "", "modality": choice or ""};
    - exercise: {"activity": choice of `Exercise.Activity`, "ordinal": number or None,
      "name": proper name or ""};
    - person: {"name": as written, "rank": as written or "", "position": as written or "",
      "person": slug or None where the database lacks them};
    - count: {"count": number or None where it is vague, "approximate": bool, "what": as written}.
    """

    type: str
    number: int
    span: Span
    value: Any
    inferred: bool = False
    note: str = ""
