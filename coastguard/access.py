"""At every request: nobody is known by half, and whoever works is not logged out meanwhile."""

import logging
import time
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from agreements.access import second_factor
from agreements.access.store import SEEN
from agreements.admin.unsent import unsent
from agreements.models import Engagement
from agreements.pages.errors import not_found
from agreements.records import KINDS_OF_RECORD
from coastguard.middleware import Handler

ENROL, VERIFY = "second-factor-enrol", "second-factor"
# What is open to those who have shown their password and nothing else yet.
_OPEN = {ENROL, VERIFY, "admin:login", "admin:logout"}
_DESK = "/admin/"
# A page that is only open says so every half a minute; that is no use of the session.
_NO_USE = {"presence"}
# Seconds; not every request writes.
_EVERY = 60
# Raised where a record is looked up by what named it a moment ago.
NOT_THERE: Any = tuple(each.DoesNotExist for each in (Engagement, *KINDS_OF_RECORD.values()))  # type: ignore[attr-defined]

_log = logging.getLogger(__name__)


def lacking(user: Any) -> str | None:
    """Return the page that somebody must go to before anything else; None where there is none."""
    if not user.is_authenticated or not user.is_active or user.is_verified():
        return None
    if second_factor.is_enrolled(user):
        return VERIFY
    return ENROL if second_factor.is_required(user) else None


class _Middleware:
    """What looks at a request once its view is known."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class SecondFactor(_Middleware):
    """Whoever must show a second factor, and has not, is nobody but where it is asked for."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asking: Any = request
        asking.known_by_password = asking.user
        # Asked for at most once, and only where somebody wants to know who is asking.
        asking.lacking = cache(lambda: lacking(asking.known_by_password))
        asking.user = SimpleLazyObject(lambda: _known(asking))
        return super().__call__(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        asking: Any = request
        name = asking.resolver_match.view_name
        if name in _OPEN:
            asking.user = asking.known_by_password
        elif request.path_info.startswith(_DESK):
            page = asking.lacking()
            if page is not None:
                onwards = (
                    request.get_full_path() if asking.method == "GET" else reverse("admin:index")
                )
                answer = redirect(f"{reverse(page)}?{urlencode({'next': onwards})}")
                return _told_unsent(request) or answer
            if not asking.known_by_password.is_authenticated:
                return _told_unsent(request)
        return None


class SessionsInUse(_Middleware):
    """A session that is used lasts on; one of an account that is no more is removed."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        asking: Any = request
        if not request.path_info.startswith(_DESK) or SESSION_KEY not in request.session:
            return None
        if not asking.known_by_password.is_authenticated:
            request.session.flush()
        elif asking.resolver_match.view_name not in _NO_USE:
            now = int(time.time())
            if now - request.session.get(SEEN, 0) >= _EVERY:
                request.session[SEEN] = now
        return None


class RowsOfTheDesk(_Middleware):
    """Whoever has no role yet is told of no row, not even whether it is there.

    Others are told of a record that was deleted while its page was being made as of any that is
    not there.
    """

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        user: Any = request.user
        names_a_row = request.path_info.startswith(_DESK) and (args or kwargs)
        # Others are sent to log in.
        if names_a_row and user.is_staff and not user.get_all_permissions():
            raise PermissionDenied
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not request.path_info.startswith(_DESK) or not isinstance(error, NOT_THERE):
            return None
        _log.warning("%s: deleted meanwhile", request.path, exc_info=error)
        return not_found(request, error)


def _told_unsent(request: HttpRequest) -> HttpResponse | None:
    """Return what somebody sent who is not known any more; None where nothing would be lost."""
    return unsent(request) if request.method == "POST" else None


def _known(asking: Any) -> Any:
    return asking.known_by_password if asking.lacking() is None else AnonymousUser()
