"""Quotations against the texts they were taken from."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from agreements.models import Citation, Document, DocumentText, ReportedTotal
from agreements.readings.shapes import Item
from agreements.text import normalised, paragraphs

_PARAGRAPH = re.compile(r"paragraph ([1-9][0-9]*)")


class Text:
    """A document's text, normalised once, for looking up many quotations."""

    def __init__(self, text: str):
        self.paragraphs = paragraphs(text)
        self.whole = normalised(text)

    def fault(self, locator: str, quote: str) -> str | None:
        """Return what is wrong with a quotation at a locator, or None where it is found."""
        wanted = normalised(quote)
        numbered = _PARAGRAPH.fullmatch(locator)
        if numbered is None:
            return None if wanted in self.whole else "not in the text"
        number = int(numbered.group(1))
        if number > len(self.paragraphs):
            return f"the text has only {len(self.paragraphs)} paragraphs"
        if wanted in self.paragraphs[number - 1]:
            return None
        found = [n for n, each in enumerate(self.paragraphs, 1) if wanted in each]
        return f"it stands in paragraph {found[0]}" if found else "not in the text"


def quotations_of(reading: Item) -> Iterator[tuple[Item, str, str]]:
    """Yield (where, locator, quotation) for everything quoted in a reading, in its order."""
    for section in ("forces", "series", "agreements", "meetings", "exercises", "totals"):
        for record in reading.get(section, []):
            for item in (record, *record.get("citations", [])):
                if item.get("quote"):
                    yield item, item.get("at") or "", item["quote"]


def quotations_digest(reading: Item) -> str:
    """Return the SHA-256 of all quotations and locators, so that a later change shows."""
    lines = (f"{at}\t{normalised(quote)}" for _, at, quote in quotations_of(reading))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def verify_reading(reading: Item, text: str) -> list[str]:
    """Return a line for each quotation of a reading that is not where it says."""
    held = Text(text)
    return [
        f"{item.place.path}:{item.place.line}: {at}: {fault}: “{quote}”"
        for item, at, quote in quotations_of(reading)
        if (fault := held.fault(at, quote))
    ]


@dataclass
class Attached:
    """What came of attaching a text: how many quotations stand, which fail, what changed."""

    document: Document
    verified: int
    failures: list[str]
    changed: list[Citation | ReportedTotal]


def attach_text(document: Document, text: str) -> Attached:
    """Keep a document's text and verify each quotation from it, on the desk's records."""
    DocumentText.objects.update_or_create(document=document, defaults={"text": text})
    held = Text(text)
    outcome = Attached(document, 0, [], [])
    citations = document.citations.select_related("engagement", "force", "series")
    rows: list[Citation | ReportedTotal] = [*citations, *document.totals.all()]
    for row in rows:
        if not row.quote:
            continue
        fault = held.fault(row.locator, row.quote)
        if fault:
            outcome.failures.append(f"{_name(row)}: {row.locator}: {fault}: “{row.quote}”")
        else:
            outcome.verified += 1
        against = "" if fault else document.sha256 or ""
        if row.verified_against != against:
            row.verified_against = against
            row.save(update_fields=["verified_against"])
            outcome.changed.append(row)
    return outcome


def _name(row: Citation | ReportedTotal) -> str:
    if isinstance(row, ReportedTotal):
        return f"total {row.slug}"
    return f"{row.target.record_kind} {row.target.record_key}, {row.field}"
