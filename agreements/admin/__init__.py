"""The desk: where analysts write records, cite what they rest on, and approve each other's."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from agreements.admin import (
    accounts,
    engagements,
    evidence,
    history,
    publications,
    reference,
    releases,
    searches,
)
from agreements.admin.imports import mappings

admin.site.site_header = _("Maritime agreements")
admin.site.site_title = _("Maritime agreements")
admin.site.index_title = _("The desk")

__all__ = [
    "accounts",
    "engagements",
    "evidence",
    "history",
    "mappings",
    "publications",
    "reference",
    "releases",
    "searches",
]
