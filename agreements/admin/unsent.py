"""The answer to a form whose sender is nobody any more: what they typed, to be sent once more.

Pages of the desk are not kept by browsers, so that to go back would show an empty form.
"""

import re
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

_TOKEN = "csrfmiddlewaretoken"  # noqa: S105
# What says how many rows a form has, and which button was pressed.
_OF_THE_FORM = re.compile(r"_|action$|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$|.*-id$")


def unsent(request: HttpRequest) -> HttpResponse | None:
    """Return a page with what was posted: 403; None where that is nothing to be shown.

    Scripts ask for JSON and keep what was typed themselves. A password is not shown.
    """
    posted = [
        (name, value) for name, values in request.POST.lists() for value in values if name != _TOKEN
    ]
    by_script = request.headers.get("Accept", "").startswith("application/json")
    if not posted or by_script or any("password" in name.lower() for name, _value in posted):
        return None
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Your session has ended"),
        "has_permission": False,
        "is_nav_sidebar_enabled": False,
        "posted": posted,
        "typed": [
            (name, value)
            for name, value in posted
            if not _OF_THE_FORM.match(name) and any(map(str.isalpha, value))
        ],
        # A browser does not give a file again.
        "is_whole": not request.FILES,
    }
    page = render(request, "admin/agreements/unsent.html", context, status=403)
    page["Cache-Control"] = "no-store"
    return page
