"""Documents that nobody has taken up."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.models import Citation, Document, ReportedTotal
from agreements.queues.queue import Link, Narrowed, Queue, Reader, Waiting
from agreements.queues.tables import WITHDRAWN, named


class Unread(Queue):
    """Documents that no record or total cites.

    One that is known only as what a cited document republishes has nothing to be read.
    """

    key = "unread"
    name = gettext_lazy("Documents without records")
    about = gettext_lazy("No record or total cites them yet. Read them, and cite or set aside.")
    kinds = ("document",)

    def found(self, reader: Reader, asked: Narrowed) -> QuerySet[Document]:
        cited = Exists(Citation.objects.filter(document=OuterRef("pk")))
        counted = Exists(ReportedTotal.objects.filter(document=OuterRef("pk")))
        told_again = Exists(Citation.objects.filter(document__origin=OuterRef("pk")))
        rows = Document.objects.filter(named(Document, asked.words), ~cited, ~counted)
        rows = rows.exclude(review_state=WITHDRAWN)
        return rows.filter(Q(held_text__isnull=False) | ~told_again).order_by()

    def rows(self, reader: Reader, asked: Narrowed) -> QuerySet[Document]:
        rows = self.found(reader, asked).annotate(attached=F("held_text__attached_at"))
        return rows.order_by(F("attached").asc(nulls_last=True), "pk")

    def shown(self, rows: Iterable[Any]) -> list[Waiting]:
        return [_unread(row) for row in rows]


def _unread(document: Any) -> Waiting:
    said = [str(each) for each in (document.publisher, document.published) if each]
    if document.attached is None:
        said.append(_("its text is not held"))
    page = "change" if document.attached is None else "text"
    link = Link("document", document.pk, page)
    return Waiting("document", str(document), ", ".join(said), link, document.attached)
