"""Records that wait for a step of their review, by somebody."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements import history
from agreements.models import Change, Reviewable
from agreements.naming import key_of, public_keys
from agreements.queues.queue import MOST_LISTED, Link, Narrowed, Queue, Reader, Waiting
from agreements.queues.tables import KIND, looked_up, tables, together
from agreements.records import REVIEWABLE

State = Reviewable.ReviewState
Step = Change.Step
_OF_REVIEW = (Step.SUBMITTED, Step.APPROVED, Step.RETURNED, Step.PUBLISHED, Step.WITHDRAWN)
_SINCE = "row_since"


def _mine(reader: Reader) -> Q:
    return Q(edited_by=reader.name) | Q(edited_by__iexact=reader.name)


def _changes(*steps: str) -> QuerySet[Change]:
    """Return the changes of a row's record by one of some steps, the newest first."""
    rows = Change.objects.filter(kind=OuterRef(KIND), record_id=OuterRef("pk"))
    return (rows.filter(step__in=steps) if steps else rows).order_by("-id")


def _came_back(rows: QuerySet) -> QuerySet:
    """Mark the records that were ever returned, with the last step of their review."""
    return rows.annotate(last_step=Subquery(_changes(*_OF_REVIEW).values("step")[:1]))


def _ever_returned(rows: QuerySet) -> Q:
    kinds = [kind for kind, model in REVIEWABLE.items() if issubclass(model, rows.model)]
    returned = Change.objects.filter(step=Step.RETURNED, kind__in=kinds)
    return Q(pk__in=returned.values("record_id"))


class ReviewQueue(Queue):
    """Records of every kind that stand before a step; `since` are the steps that brought them."""

    kinds = tuple(REVIEWABLE)
    since: tuple[str, ...] = ()
    page_of_record = "review"
    newest_first = False

    def chosen(self, rows: QuerySet, reader: Reader) -> QuerySet:
        """Return which records of one table wait for somebody."""
        raise NotImplementedError

    def _parts(self, reader: Reader, asked: Narrowed) -> Iterable[QuerySet]:
        for rows in tables(asked.kinds, asked.words):
            yield self.chosen(rows, reader).order_by()

    def found(self, reader: Reader, asked: Narrowed) -> QuerySet:
        return together(part.values_list(KIND, "pk") for part in self._parts(reader, asked))

    def rows(self, reader: Reader, asked: Narrowed) -> QuerySet:
        came = Subquery(_changes(*self.since).values("at")[:1])
        # Since when each one waits is looked up: of very many, for the first of each table.
        some = (
            part.filter(pk__in=part.order_by("pk").values("pk")[: MOST_LISTED + 1])
            for part in self._parts(reader, asked)
        )
        parts = (part.annotate(**{_SINCE: came}) for part in some)
        rows = together(part.values_list(KIND, "pk", _SINCE) for part in parts)
        return rows.order_by(f"-{_SINCE}" if self.newest_first else _SINCE, KIND, "pk")

    def shown(self, rows: Iterable[Any]) -> list[Waiting]:
        given = list(rows)
        records = looked_up((kind, pk) for kind, pk, _since in given)
        steps = self._steps(list(records.values()))
        public = public_keys(map(key_of, records.values()))
        found = []
        for kind, pk, since in given:
            record = records.get((kind, pk))
            if record is not None:
                is_new = key_of(record) not in public
                matter = self.matter(record, steps.get((kind, pk)), is_new)
                link = Link(kind, pk, self.page_of_record)
                found.append(Waiting(kind, str(record), matter, link, since))
        return found

    def _steps(self, records: list[Reviewable]) -> dict[tuple[str, int], Change]:
        changes = history.changes_of_all(records).defer("state").order_by("id")
        if self.since:
            changes = changes.filter(step__in=self.since)
        return {(each.kind, each.record_id): each for each in changes}

    def matter(self, record: Any, step: Change | None, is_new: bool) -> str:
        """Return what is to be said of a record, and the step that brought it here."""
        raise NotImplementedError


class Awaiting(ReviewQueue):
    """In review, and not last edited by whoever reads this."""

    key = "awaiting"
    name = gettext_lazy("Awaiting my review")
    about = gettext_lazy("Submitted by others. Read what changes beside its passages.")
    since = (Step.SUBMITTED,)

    def open_to(self, reader: Reader) -> bool:
        return reader.may_approve and super().open_to(reader)

    def chosen(self, rows: QuerySet, reader: Reader) -> QuerySet:
        rows = rows.filter(review_state=State.IN_REVIEW)
        return rows if settings.ALLOW_SELF_APPROVAL else rows.exclude(_mine(reader))

    def matter(self, record: Any, step: Change | None, is_new: bool) -> str:
        values = {"by": step.by if step else record.edited_by}
        if is_new:
            return _("Submitted by %(by)s; not public yet.") % values
        return _("Submitted by %(by)s; changes what is public.") % values


class Approved(ReviewQueue):
    """Approved, and not published yet: approved by a command, or verified again."""

    key = "approved"
    name = gettext_lazy("Approved, not published")
    about = gettext_lazy("Approved as they stand; the public does not see it yet.")
    since = (Step.APPROVED, Step.VERIFIED)

    def open_to(self, reader: Reader) -> bool:
        return reader.may_approve and super().open_to(reader)

    def chosen(self, rows: QuerySet, reader: Reader) -> QuerySet:
        return rows.filter(review_state=State.APPROVED)

    def matter(self, record: Any, step: Change | None, is_new: bool) -> str:
        if step is not None and step.step == Step.VERIFIED:
            return _("Its quotations were verified again since it was published.")
        return _("Approved by %(by)s.") % {"by": record.approved_by}


class Returned(ReviewQueue):
    """Drafts of somebody's that a reviewer sent back, until they are submitted again."""

    key = "returned"
    name = gettext_lazy("Returned to me")
    about = gettext_lazy("Sent back by a reviewer, with the reason. Mend and submit again.")
    since = (Step.RETURNED,)
    page_of_record = "change"

    def chosen(self, rows: QuerySet, reader: Reader) -> QuerySet:
        drafts = rows.filter(_ever_returned(rows), review_state=State.DRAFT)
        submitted = _changes(Step.SUBMITTED).values("by")[:1]
        own = _mine(reader) | Q(submitted_by=reader.name)
        sent = _came_back(drafts).annotate(submitted_by=Subquery(submitted))
        return sent.filter(own, last_step=Step.RETURNED)

    def matter(self, record: Any, step: Change | None, is_new: bool) -> str:
        if step is None:
            return ""
        text = _("Returned by %(by)s: %(reason)s") % {"by": step.by, "reason": step.reason}
        if record.version > step.version:
            text = _("%(returned)s (Edited since.)") % {"returned": text}
        return text


class Drafts(ReviewQueue):
    """What somebody wrote and has not handed in, but for what was returned."""

    key = "drafts"
    name = gettext_lazy("My drafts")
    about = gettext_lazy("Last edited by you, and not submitted.")
    page_of_record = "change"
    newest_first = True

    def chosen(self, rows: QuerySet, reader: Reader) -> QuerySet:
        drafts = _came_back(rows.filter(_mine(reader), review_state=State.DRAFT))
        return drafts.exclude(_ever_returned(rows) & Q(last_step=Step.RETURNED))

    def matter(self, record: Any, step: Change | None, is_new: bool) -> str:
        return _("Not public yet.") if is_new else _("Changes what is public.")
