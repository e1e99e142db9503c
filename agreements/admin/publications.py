"""The ledger, to read."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agreements import desk_words
from agreements.admin.long_lists import led_to
from agreements.admin.strict import StrictAdmin
from agreements.models import Publication
from agreements.text import fold


class StandingFilter(admin.SimpleListFilter):
    """Whether a row is the newest of its record."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("current", _("current")), ("superseded", _("superseded"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in ("current", "superseded"):
            return queryset.filter(superseded_at__isnull=self.value() == "current")
        return queryset


@admin.register(Publication)
class PublicationAdmin(StrictAdmin):
    """Rows of the ledger. Nothing here can be changed; the database would refuse it too."""

    actions = None
    fieldsets = [
        (_("Record"), {"fields": [("kind", "slug"), ("revision", "state"), "reason", "successor"]}),
        (
            _("Who and when"),
            {"fields": [("author", "approver"), ("published_at", "superseded_at")]},
        ),
        (_("Public JSON"), {"fields": ["pretty_body", "sequence", "sha256"]}),
    ]
    readonly_fields = ["pretty_body"]
    list_display = ["slug", "kind", "revision", "state", "published_at", "author", "approver"]
    list_filter = ["kind", "state", StandingFilter]
    search_fields = ["slug"]
    ordering = ["-sequence"]
    long_search_help = _(
        "This list is long: write the whole slug, or words of three letters or more that begin "
        "words of the record."
    )

    def search_long(self, request: HttpRequest, queryset: QuerySet, words: list[str]) -> QuerySet:
        # With all kinds, since they are the first column of the index.
        condition = Q(kind__in=Publication.Kind.values, slug=" ".join(words).lower())
        terms = [term for word in words for term in fold(word).split()]
        if terms and min(map(len, terms)) >= desk_words.SHORTEST:
            condition |= Q(search_text__begin_words=terms)
        return led_to(request, queryset, condition, own=True)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("public JSON"))
    def pretty_body(self, row: Publication) -> SafeString:
        """Return the body, indented."""
        text = json.dumps(json.loads(row.body), ensure_ascii=False, indent=2)
        return format_html('<pre class="public-json" tabindex="0">{}</pre>', text)
