"""The answer to whoever has tried too often."""

import math
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def locked_page(request: HttpRequest, *others: Any) -> HttpResponse:
    """Return a page that says when to try again: 429 with `Retry-After` in seconds."""
    asking: Any = request
    seconds = max(1, math.ceil(asking.lockout_wait.total_seconds()))
    asking.user = AnonymousUser()
    context = {
        **admin.site.each_context(request),
        "title": _("Too many tries"),
        "minutes": math.ceil(seconds / 60),
        "has_permission": False,
        "is_nav_sidebar_enabled": False,
    }
    page = render(request, "admin/agreements/locked.html", context, status=429)
    page["Retry-After"], page["Cache-Control"] = str(seconds), "no-store"
    return page
