"""Quotations that were just written, looked up in the text of their document."""

from agreements.intake.quotations import Text
from agreements.models import Citation, DocumentText, ReportedTotal

PASSAGE = {"document", "locator", "quote"}


def verify(row: Citation | ReportedTotal) -> str | None:
    """Set what a quotation is verified against; return its fault, None where there is none.

    Without a held text there is nothing to verify against, and no fault either.
    """
    row.verified_against = ""
    held = DocumentText.objects.filter(document=row.document_id).first() if row.quote else None
    if held is None:
        return None
    fault = Text(held.text).fault(row.locator, row.quote)
    if fault is None:
        row.verified_against = row.document.sha256 or ""
    return fault
