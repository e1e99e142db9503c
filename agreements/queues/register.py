"""Every queue, in the order and the groups in which the front page shows them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agreements.queues import disputes, documents, duplicates, gaps, quotations, review
from agreements.queues.queue import Queue

GROUPS: tuple[tuple[Promise, tuple[Queue, ...]], ...] = (
    (
        _("In review"),
        (review.Awaiting(), review.Returned(), review.Approved(), review.Drafts()),
    ),
    (_("To look for"), (gaps.Overdue(), gaps.MissingNumbers(), gaps.Exceeding())),
    (
        _("To set right"),
        (
            quotations.Failing(),
            disputes.Disputed(),
            duplicates.PossibleDuplicates(),
            documents.Unread(),
        ),
    ),
)
QUEUES: dict[str, Queue] = {each.key: each for _name, queues in GROUPS for each in queues}
