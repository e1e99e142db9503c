"""Sessions in the database, which end on the server: after a while without use, and at last."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

# When somebody logged in, in seconds since 1970.
BEGAN = "began_at"
# When they did anything last, to the minute.
SEEN = "seen_at"


class SessionStore(DatabaseStore):
    """A session lasts SESSION_COOKIE_AGE from its last use, and SESSION_ABSOLUTE_AGE in all.

    The row says until when, so a cookie that is kept longer leads to nothing. A login of which
    nobody knows when it was is over.
    """

    def load(self) -> dict[str, Any]:
        data: dict[str, Any] = super().load()
        if SESSION_KEY in data and _left(data) <= 0:
            self._session_key = None
            return {}
        return data

    def get_expiry_age(self, **kwargs: Any) -> int:
        age = int(super().get_expiry_age(**kwargs))
        return min(age, max(0, _left(self))) if SESSION_KEY in self else age

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        date: datetime = super().get_expiry_date(**kwargs)
        if SESSION_KEY not in self:
            return date
        return min(date, timezone.now() + timedelta(seconds=_left(self)))


def _left(data: Any) -> int:
    began = data.get(BEGAN)
    if not isinstance(began, int):
        return 0
    return began + settings.SESSION_ABSOLUTE_AGE - int(time.time())
