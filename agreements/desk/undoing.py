"""One's own last change on the workbench, taken back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements import history, workflow
from agreements.exceptions import DeskError
from agreements.history import Step, Way
from agreements.models import Change
from agreements.snapshots import restore
from agreements.versions import claim


def before_last(record: Any, by: str) -> Change | None:
    """Return the change whose state an undo comes back to; None where there is nothing to undo."""
    changes = history.changes_of(record)
    last = changes.first()
    if last is None or (last.by, last.way, last.step) != (by, Way.WORKBENCH, Step.EDITED):
        return None
    return changes.filter(id__lt=last.pk, state__isnull=False).first()


@transaction.atomic
def undo(record: Any, by: str, token: str) -> None:
    """Make a record what it was before one's own last change on the workbench.

    Raises a Conflict, or a DeskError where the last change is another's, or of another kind.
    """
    claim(record, token)
    record = history.fresh(record)
    before = before_last(record, by)
    if before is None:
        raise DeskError(_("Only your own last change on the workbench can be undone."))
    restore(record, before.state)
    reason = _("Undone: as in version %(version)d") % {"version": before.version}
    workflow.record_edit(record, by, Way.WORKBENCH, reason, step=Step.RESTORED)
