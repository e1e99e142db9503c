"""Lockout: a try is counted before it is checked, so that no number of them at once is too many.

django-axes keeps the counts and asks `Handler` whether somebody may try. Its own handler counts a
failure after the password was checked, and of 50 tries at once as many are checked as there are
threads. Here each try takes its place first, one after another over all server processes; who comes
after the last place is refused unchecked, with a right password too.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from agreements.access import second_factor

# PostgreSQL's number for "somebody is being counted"; SQLite writes one after another anyway.
_COUNTING = 7_318_349_394_477_059
# An address from which the account logged in so lately is its own: others cannot lock it out there.
_KNOWN_FOR = timedelta(days=90)

_log = logging.getLogger(__name__)


class Who(NamedTuple):
    """A name as it was typed, be it an account's or not, and the address that it came from."""

    name: str | None
    address: str | None


class Backend(AxesStandaloneBackend):
    """Asks before a password is checked. Where nobody asks over HTTP, as in a shell, nothing is."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        if request is not None:
            super().authenticate(request, **credentials)


class Handler(AxesDatabaseHandler):
    """Lets five tries an account and address pass, and refuses the rest for a while."""

    def is_allowed(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        name = (credentials or {}).get("username")
        return may_try(request, name)

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        # It was counted before it was checked; and whoever was refused did not fail.
        pass

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        super().user_logged_in(sender, request, user, **kwargs)
        who = Who(user.get_username(), request.axes_ip_address)
        if second_factor.is_enrolled(user):
            # Not over yet: the codes are counted on from what was tried.
            _give_back(who)
        else:
            forgive(who)


def may_try(request: HttpRequest, name: str | None) -> bool:
    """Count a try at a password or a code; return whether it may be checked.

    Where it may not, the request is marked, and axes' middleware answers it with `locked_page`.
    """
    AxesProxyHandler.update_request(request)
    asking: Any = request
    who = Who(name, asking.axes_ip_address)
    wait = _take_a_place(who)
    if wait is None:
        return True
    asking.axes_locked_out, asking.lockout_wait = True, wait
    # Not the name: some type their password there.
    _log.warning("Locked out for %s more: a name at %s", wait, who.address)
    return False


def passed(request: HttpRequest, name: str) -> None:
    """Forget what was tried: who logs in has shown all that they must show."""
    AxesProxyHandler.update_request(request)
    asking: Any = request
    forgive(Who(name, asking.axes_ip_address))


def forgive(who: Who) -> None:
    """Forget the tries of a name at an address."""
    _of(who).delete()


def let_in_again(names: Sequence[str]) -> int:
    """Forget the tries of accounts at every address; return how many addresses those were."""
    return AccessAttempt.objects.filter(username__in=names).delete()[0]


@transaction.atomic
def _take_a_place(who: Who) -> timedelta | None:
    """Count a try; return None, or, where there were too many, how long to wait."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_COUNTING])
    now = timezone.now()
    AccessAttempt.objects.filter(attempt_time__lte=now - settings.AXES_COOLOFF_TIME).delete()
    last = _last_of_too_many(who)
    if last is not None:
        return last + settings.AXES_COOLOFF_TIME - now
    if not _of(who).update(failures_since_start=F("failures_since_start") + 1, attempt_time=now):
        AccessAttempt.objects.create(
            username=who.name, ip_address=who.address, failures_since_start=1
        )
    return None


def _last_of_too_many(who: Who) -> Any:
    """Return when the last try was that took a place, where none is left; else None."""
    bounds = [
        (_of(who), settings.AXES_FAILURE_LIMIT),
        (AccessAttempt.objects.filter(ip_address=who.address), settings.LOCKOUT_TRIES_OF_ADDRESS),
    ]
    if not _is_known(who):
        theirs = AccessAttempt.objects.filter(username=who.name)
        bounds.append((theirs, settings.LOCKOUT_TRIES_OF_ACCOUNT))
    for tries, bound in bounds:
        found = tries.aggregate(count=Sum("failures_since_start"), last=Max("attempt_time"))
        if (found["count"] or 0) >= bound:
            return found["last"]
    return None


def _is_known(who: Who) -> bool:
    since = timezone.now() - _KNOWN_FOR
    logged_in = AccessLog.objects.filter(username=who.name, ip_address=who.address)
    return logged_in.filter(attempt_time__gte=since).exists()


@transaction.atomic
def _give_back(who: Who) -> None:
    tried = _of(who).filter(failures_since_start__gt=0)
    tried.update(failures_since_start=F("failures_since_start") - 1)


def _of(who: Who) -> QuerySet[AccessAttempt]:
    # One row each, whatever program they say they use.
    return AccessAttempt.objects.filter(
        Q(username=who.name), Q(ip_address=who.address), user_agent=""
    )
