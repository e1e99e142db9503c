"""Pairs of records that may be of one event."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from agreements.likeness import open_pairs
from agreements.models import KINDS
from agreements.queues.queue import Narrowed, Queue, Reader


class PossibleDuplicates(Queue):
    """Pairs of records that may be of one event, which have a page of their own."""

    key = "duplicates"
    name = gettext_lazy("Possible duplicates")
    about = gettext_lazy(
        "Pairs of records that may be of one event: merge them, or tell them apart."
    )
    kinds = tuple(KINDS)
    page = "possible_duplicates"

    def open_to(self, reader: Reader) -> bool:
        return reader.kinds.issuperset(self.kinds)

    def found(self, reader: Reader, asked: Narrowed) -> QuerySet:
        return open_pairs()
