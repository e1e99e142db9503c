"""The quotations of a reading against the text they were taken from."""

import hashlib
from collections.abc import Iterator

from agreements.intake.quotations import Text
from agreements.readings.shapes import Item
from agreements.text import normalised


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
