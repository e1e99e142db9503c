"""What somebody saw of a record before they changed it: a signed token, checked under a lock.

Whoever opens a record is given a token of it and hands it back with the change. `claim` locks the
record and compares, so that of any number of simultaneous changes exactly one finds the record as
it was seen.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from agreements.exceptions import Conflict
from agreements.models import Engagement, Versioned

_SALT = "agreements.versions"


@dataclass(frozen=True)
class Seen:
    """A record as somebody saw it: its kind, number, version and state of review."""

    kind: str
    pk: int
    version: int
    state: str


def seen(record: Versioned) -> Seen:
    """Return what tells whether a record is still the one that is looked at now."""
    state = getattr(record, "review_state", "")
    return Seen(record.record_kind, record.pk, record.version, state)


def token(record: Versioned) -> str:
    """Return a record's token for a form, signed so that no other can be made up."""
    return signing.dumps(asdict(seen(record)), salt=_SALT)


def read_token(text: str) -> Seen | None:
    """Return what a token says; None where there is none, or it is not one of ours."""
    try:
        return Seen(**signing.loads(text, salt=_SALT))
    except (signing.BadSignature, TypeError):
        return None


def table_of(record: Versioned) -> type[Versioned]:
    """Return the model whose table has the version: for every kind of engagement, Engagement."""
    return Engagement if isinstance(record, Engagement) else type(record)


def lock(record: Versioned) -> Any:
    """Return the row of a record with its present version and state, locked; None if deleted.

    To be called in a transaction. SQLite locks the whole database when one begins.
    """
    rows = table_of(record)._base_manager.select_for_update(of=("self",))
    return rows.filter(pk=record.pk).first()


def lock_for_load(model: Any, field: str, values: Iterable[Any]) -> list[Any]:
    """Return the rows of records that a field finds, locked against changes, in their order.

    To be called in a transaction, before what is loaded over them is compared with them: else an
    edit that is stored meanwhile would be written over as if nobody had made it.
    """
    table = model._meta.all_parents[-1] if model._meta.all_parents else model
    # Others may go on naming them meanwhile.
    rows = table._base_manager.select_for_update(of=("self",), no_key=True)
    return list(rows.filter(**{f"{field}__in": values}).order_by("pk"))


def claim(record: Versioned, text: str) -> None:
    """Lock a record for a change, or raise a Conflict where it is not the one that was seen."""
    assert transaction.get_connection().in_atomic_block
    told = read_token(text)
    row = lock(record)
    if told is None or (told.kind, told.pk) != (record.record_kind, record.pk):
        raise Conflict(record, None, _("Nothing tells which version of the record you saw."))
    if row is None:
        raise Conflict(record, told.version, _("The record was deleted meanwhile."))
    if seen(row) != told:
        message = _("%(record)s was changed meanwhile; look at it again.")
        raise Conflict(record, told.version, message % {"record": record})
