"""Values of records that somebody's passage disputes."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.differences import label, words
from agreements.models import KINDS, Citation
from agreements.queues.cited import AFTER_PUBLIC, TARGETS, citations, passage_of
from agreements.queues.queue import Link, Narrowed, Queue, Reader, Waiting
from agreements.records import KINDS_OF_RECORD


class Disputed(Queue):
    """Values that a passage disputes, each once for however many passages do."""

    key = "disputes"
    name = gettext_lazy("Disputed values")
    about = gettext_lazy("A passage says otherwise than the record: let the better value stand.")
    kinds = (*KINDS, "force", "series")

    def found(self, reader: Reader, asked: Narrowed) -> QuerySet[Citation]:
        disputing = Citation.objects.filter(stance=Citation.Stance.DISPUTES).order_by()
        newest = disputing.values(*TARGETS, "field").annotate(newest=Max("pk"))
        return citations(asked.kinds, asked.words).filter(pk__in=newest.values("newest"))

    def rows(self, reader: Reader, asked: Narrowed) -> QuerySet[Citation]:
        related = self.found(reader, asked).select_related("document__held_text", *TARGETS)
        return related.defer("document__held_text__text").order_by(AFTER_PUBLIC, "-pk")

    def shown(self, rows: Iterable[Any]) -> list[Waiting]:
        given = list(rows)
        disputing: dict[tuple[Any, str], list[Citation]] = {}
        of_targets = Q(pk__in=())
        for target in TARGETS:
            keys = {getattr(row, f"{target}_id") for row in given} - {None}
            of_targets |= Q(**{f"{target}__in": keys})
        every = Citation.objects.filter(of_targets, stance=Citation.Stance.DISPUTES)
        for row in every.select_related("document").order_by("id"):
            disputing.setdefault(_about(row), []).append(row)
        whole = _of_their_kinds(row.target for row in given)
        return [
            Waiting(
                row.target.record_kind,
                str(row.target),
                _dispute(row, disputing[_about(row)], whole),
                passage_of(row),
                also=((_("the record"), Link(row.target.record_kind, row.target.pk)),),
            )
            for row in given
        ]


def _about(row: Citation) -> tuple[Any, str]:
    return (row.engagement_id, row.force_id, row.series_id), row.field


def _of_their_kinds(records: Iterable[Any]) -> dict[tuple[str, int], Any]:
    """Return records with the fields of their kinds, in a query for each kind of engagement."""
    keys: dict[str, set[int]] = {}
    for record in records:
        keys.setdefault(record.record_kind, set()).add(record.pk)
    return {
        (kind, record.pk): record
        for kind, pks in keys.items()
        for record in KINDS_OF_RECORD[kind]._default_manager.filter(pk__in=pks)
    }


def _dispute(row: Citation, disputing: list[Citation], whole: dict[tuple[str, int], Any]) -> str:
    record = whole.get((row.target.record_kind, row.target.pk), row.target)
    stated = "; ".join(
        _("“%(value)s” in %(document)s, %(locator)s")
        % {
            "value": each.stated_value or each.note or each.quote,
            "document": each.document,
            "locator": each.locator,
        }
        for each in disputing
    )
    values = {"field": label(type(record), row.field), "stated": stated}
    value = _value(record, row.field)
    if value:
        text = _("%(field)s: the record has “%(value)s”; stated is %(stated)s.")
        return text % {**values, "value": value}
    return _("%(field)s: stated is %(stated)s.") % values


def _value(record: Any, name: str) -> str:
    """Return what a record has in a field of its own, "" for rows that belong to it."""
    fields = {field.name for field in record._meta.concrete_fields if not field.is_relation}
    if name == "location":
        return record.location_name
    if name not in fields:
        return ""
    value = getattr(record, name)
    return words(type(record), name, value if isinstance(value, bool | int) else str(value or ""))
