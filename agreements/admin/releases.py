"""Releases, to read: what each is of, and where its files are."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agreements.admin.strict import StrictAdmin
from agreements.models import Release


@admin.register(Release)
class ReleaseAdmin(StrictAdmin):
    """Releases are made by `manage.py make_release`, and never changed; nor would the database."""

    actions = None
    fieldsets = [
        (None, {"fields": [("version", "previous"), "notes", "address"]}),
        (
            _("Ledger"),
            {"fields": [("published_at", "made_at"), "head", "head_sha256"]},
        ),
        (_("Files"), {"fields": ["file_list"]}),
        (_("Rows"), {"fields": ["row_counts"]}),
    ]
    readonly_fields = ["address", "head", "file_list", "row_counts"]
    list_display = ["version", "published_at", "made_at", "head_sequence", "records", "size"]
    search_fields = ["version"]
    ordering = ["-id"]

    class Media:
        css = {"all": ["agreements/releases.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("records"))
    def records(self, release: Release) -> int | None:
        return release.counts.get("records")

    @admin.display(description=_("size"))
    def size(self, release: Release) -> str:
        """Return the size of all files together, the one that holds the others left out."""
        sizes = (
            facts["bytes"] for name, facts in release.files.items() if not name.endswith(".zip")
        )
        return filesizeformat(sum(sizes))

    @admin.display(description=_("address"))
    def address(self, release: Release) -> SafeString:
        return render_to_string("admin/agreements/release/address.html", {"release": release})

    @admin.display(description=_("head"))
    def head(self, release: Release) -> SafeString:
        return render_to_string("admin/agreements/release/head.html", {"release": release})

    @admin.display(description=_("files"))
    def file_list(self, release: Release) -> SafeString:
        files = [{"name": name, **facts} for name, facts in sorted(release.files.items())]
        context = {"release": release, "files": files}
        return render_to_string("admin/agreements/release/files.html", context)

    @admin.display(description=_("rows"))
    def row_counts(self, release: Release) -> SafeString:
        context = {"counts": sorted(release.counts.items())}
        return render_to_string("admin/agreements/release/counts.html", context)
