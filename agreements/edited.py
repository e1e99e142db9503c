"""What the desk did with a record since it was loaded: so that no load takes it back unseen."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from agreements import history
from agreements.differences import differences
from agreements.models import Change, Versioned
from agreements.records import whole
from agreements.snapshots import snapshot

_MADE = (Change.Step.CREATED, Change.Step.LOADED, Change.Step.RESTORED)


def since_load(record: Versioned) -> list[str]:
    """Return the names of the fields and relations that differ from what was loaded.

    Of a record that nobody loaded, or of which that was not noted, nothing is known: [].
    """
    if record.loaded_version is None:
        return []
    loaded = history.state_of_version(record, record.loaded_version)
    if loaded is None:
        return []
    now: Any = whole(type(record)).get(pk=record.pk)
    return [each.label for each in differences(record.record_kind, loaded, snapshot(now))]


def told(record: Versioned) -> str:
    """Return a record's kind and key with what somebody changed in it, for a report."""
    name = f"{record.record_kind} {record.record_key}"
    if record.loaded_version is None:
        return _("%(record)s (made on the desk)") % {"record": name}
    changed = since_load(record)
    return f"{name} ({', '.join(changed)})" if changed else name


def told_deleted(kind: str, key: str) -> str:
    """Return what `told` does, of a record that is gone."""
    return _("%(record)s (deleted on the desk)") % {"record": f"{kind} {key}"}


def deleted(kinds: Iterable[str] = ()) -> set[tuple[str, str]]:
    """Return the records that somebody deleted and nobody made again, by kind and key."""
    gone = Change.objects.filter(step=Change.Step.DELETED).order_by()
    if kinds:
        gone = gone.filter(kind__in=kinds)
    found = dict[tuple[str, str], int]()
    for kind, key, number in gone.values_list("kind", "key", "id"):
        found[kind, key] = max(number, found.get((kind, key), 0))
    made = Change.objects.filter(key__in={key for _, key in found}, step__in=_MADE).order_by()
    for kind, key, number in made.values_list("kind", "key", "id") if found else ():
        if number > found.get((kind, key), number):
            del found[kind, key]
    return set(found)
