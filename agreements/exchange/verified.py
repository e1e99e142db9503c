"""Quotations that a file brings, looked up in the texts that are held of their documents."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from agreements.exchange.plans import CHANGED, NEW, Plan
from agreements.intake.quotations import Text
from agreements.models import DocumentText
from agreements.snapshots import Snapshot

_PASSAGE = ("document", "locator", "quote")


def verify(plans: Iterable[Plan]) -> None:
    """Set what each quotation was verified against; note those that are not where they say."""
    moved = [(plan, row) for plan in plans for row in _moved(plan)]
    texts = _texts({row["document"] for _plan, row in moved if row["quote"]})
    for plan, row in moved:
        row["verified_against"] = ""
        if not row["quote"] or row["document"] not in texts:
            continue
        text, sha256 = texts[row["document"]]
        fault = text.fault(row["locator"], row["quote"])
        if fault is None:
            row["verified_against"] = sha256
        else:
            told = _("Quotation “%(quote)s”, %(locator)s: %(fault)s.")
            plan.notes.append(told % {**row, "fault": fault})


def _moved(plan: Plan) -> Iterator[Snapshot]:
    """Yield the citations of a plan, or the record itself, whose passage is not as it was."""
    if plan.outcome not in (NEW, CHANGED):
        return
    before = plan.before or {}
    if "quote" in plan.after and any(before.get(name) != plan.after[name] for name in _PASSAGE):
        yield plan.after
    held = {row["uid"]: row for row in before.get("citations", ())}
    for row in plan.after.get("citations", ()):
        known = held.get(row.get("uid"))
        if known is None or any(known[name] != row[name] for name in _PASSAGE):
            yield row


def _texts(slugs: set[str]) -> dict[str, tuple[Text, str]]:
    rows = DocumentText.objects.filter(document__slug__in=slugs).select_related("document")
    return {row.document.slug: (Text(row.text), row.document.sha256 or "") for row in rows}
