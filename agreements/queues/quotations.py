"""Quotations that are not where they are said to be."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.intake.quotations import Text
from agreements.models import KINDS, Citation, DocumentText, ReportedTotal
from agreements.queues.cited import AFTER_PUBLIC, TARGETS, after_public, citations, passage_of
from agreements.queues.queue import Link, Narrowed, Queue, Reader, Waiting
from agreements.queues.tables import KIND, WITHDRAWN, named, together


class Failing(Queue):
    """Quotations that are not in the held text, or were found in another text than it is now."""

    key = "quotations"
    name = gettext_lazy("Quotations that fail")
    about = gettext_lazy("Not found where they are said to stand in the text that is held.")
    kinds = (*KINDS, "force", "series", "total")

    def _parts(self, asked: Narrowed) -> list[QuerySet]:
        cited = citations(asked.kinds, asked.words)
        parts: list[QuerySet] = [cited.filter(pk__in=keys) for keys in _failing_keys(Citation)]
        if "total" in asked.kinds:
            counted = ReportedTotal.objects.exclude(review_state=WITHDRAWN)
            if asked.words:
                said = Q(quote__icontains=asked.words) | named(ReportedTotal, asked.words)
                counted = counted.filter(said)
            own = Value("total", output_field=CharField())
            counted = counted.annotate(**{KIND: own, AFTER_PUBLIC: after_public()})
            parts += [counted.filter(pk__in=keys) for keys in _failing_keys(ReportedTotal)]
        return [part.order_by() for part in parts]

    def found(self, reader: Reader, asked: Narrowed) -> QuerySet:
        return together(part.values_list(KIND, "pk") for part in self._parts(asked))

    def rows(self, reader: Reader, asked: Narrowed) -> QuerySet:
        rows = together(part.values_list(KIND, "pk", AFTER_PUBLIC) for part in self._parts(asked))
        return rows.order_by(AFTER_PUBLIC, KIND, "pk")

    def shown(self, rows: Iterable[Any]) -> list[Waiting]:
        given = [(kind == "total", pk) for kind, pk, _after in rows]
        found = _quotations(given)
        held = DocumentText.objects.filter(document__in={row.document_id for row in found.values()})
        texts = {row.document_id: Text(row.text) for row in held}
        shown = filter(None, map(found.get, given))
        return [_failing(row, texts.get(row.document_id)) for row in shown]


def _quotations(keys: list[tuple[bool, int]]) -> dict[tuple[bool, int], Any]:
    """Return citations and totals by whether they are totals and their numbers."""
    found: dict[tuple[bool, int], Any] = {}
    for is_total, rows in ((False, Citation.objects), (True, ReportedTotal.objects)):
        named_records = () if is_total else TARGETS
        wanted = [pk for of_total, pk in keys if of_total == is_total]
        related = rows.select_related("document__held_text", *named_records)
        for row in related.defer("document__held_text__text").filter(pk__in=wanted):
            found[is_total, row.pk] = row
    return found


def _failing_keys(model: Any) -> tuple[QuerySet, QuerySet]:
    """Return the keys of quotations that are not found, and of those found in another text.

    In two queries, since a database finds each of them by an index and not the two together.
    """
    rows = model._default_manager.order_by()
    not_found = rows.filter(verified_against="", document__held_text__isnull=False)
    verified = rows.exclude(verified_against="")
    changed_since = verified.exclude(verified_against=F("document__sha256"))
    return not_found.exclude(quote="").values("pk"), changed_since.values("pk")


def _failing(row: Any, text: Text | None) -> Waiting:
    record = row if isinstance(row, ReportedTotal) else row.target
    return Waiting(
        record.record_kind,
        str(record),
        _fault(row, text),
        passage_of(row),
        quote=row.quote,
        also=(
            (_("the record"), Link(record.record_kind, record.pk)),
            (str(row.document), Link("document", row.document_id)),
        ),
    )


def _fault(row: Any, text: Text | None) -> str:
    values = {"locator": row.locator}
    if text is None:
        return _("%(locator)s: found in another text than the document has now.") % values
    values["fault"] = text.fault(row.locator, row.quote) or ""
    if not values["fault"]:
        return _("%(locator)s: it stands there, and was not verified in this text.") % values
    if row.verified_against:
        return _("%(locator)s: %(fault)s; the text was replaced since.") % values
    return _("%(locator)s: %(fault)s.") % values
