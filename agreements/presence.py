"""Who else has a record open: told to whoever edits it, before they type the same."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agreements.models import Presence, Versioned

# A page tells of itself three times in this time; one that was closed is soon forgotten.
HEARD_WITHIN = timedelta(seconds=60)


def note_presence(user: Any, record: Versioned) -> None:
    """Note that a user has a record open now."""
    Presence.objects.update_or_create(
        user=user,
        kind=record.record_kind,
        record_id=record.pk,
        defaults={"seen_at": timezone.now()},
    )


def others_present(user: Any, record: Versioned) -> list[str]:
    """Return the names of the other users who have a record open, in their order."""
    rows = Presence.objects.filter(
        kind=record.record_kind,
        record_id=record.pk,
        seen_at__gte=timezone.now() - HEARD_WITHIN,
    ).exclude(user=user)
    return sorted(rows.values_list("user__username", flat=True))
