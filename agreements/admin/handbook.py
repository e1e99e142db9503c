"""The handbook, for whoever works on the desk."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.handbook import handbook


@admin.site.admin_view
@require_safe
def handbook_page(request: HttpRequest) -> HttpResponse:
    """GET: the handbook within the admin's layout."""
    context = {
        **admin.site.each_context(request),
        "title": _("Handbook for analysts"),
        "handbook": handbook(),
    }
    return render(request, "admin/agreements/handbook.html", context)
