"""The list of mappings, each to read and to delete; a new one begins with a file."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agreements.admin.imports.checking import Check, forms_said, told_of
from agreements.admin.imports.columns import Columns
from agreements.admin.imports.countries import Countries, shown
from agreements.admin.imports.uploading import Begin, upload_page
from agreements.admin.imports.values import Values
from agreements.admin.strict import StrictAdmin
from agreements.exchange.foreign.mapping import Mapping
from agreements.models import ImportMapping

_PAGES = (
    ("", "begin", Begin),
    ("columns/", "columns", Columns),
    ("values/", "values", Values),
    ("countries/", "countries", Countries),
    ("check/", "check", Check),
)


@admin.register(ImportMapping)
class ImportMappingAdmin(StrictAdmin):
    """What files of data sets mean: said once, and known for the next file of the same form."""

    actions = None
    fields = ["name", "kind", "document", "columns", "date_forms", "countries", "edited"]
    list_display = ["name", "kind", "document", "edited_by", "edited_at"]
    list_filter = ["kind"]
    list_select_related = ["document"]
    search_fields = ["name", "document__title"]
    ordering = ["name"]

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path(
                f"file/<str:key>/{end}",
                wrap(view.as_view()),
                name=f"agreements_importmapping_{name}",
            )
            for end, name, view in _PAGES
        ]
        return [*own, *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["kind", "document", "columns", "date_forms", "countries", "edited"]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return upload_page(request)

    @admin.display(description=_("columns"))
    def columns(self, row: ImportMapping) -> SafeString:
        """Return what the columns become."""
        return _lines(told_of(_mapping(row)))

    @admin.display(description=_("forms of dates"))
    def date_forms(self, row: ImportMapping) -> str:
        """Return the forms of dates."""
        return forms_said(_mapping(row)) or "–"

    @admin.display(description=_("names of countries, as confirmed"))
    def countries(self, row: ImportMapping) -> SafeString:
        """Return what was confirmed of names."""
        said = _mapping(row).countries
        return _lines([(name, shown(code)) for name, code in sorted(said.items())])

    @admin.display(description=_("last edited"))
    def edited(self, row: ImportMapping) -> str:
        """Return who edited it last."""
        return row.edited_by or "–"


def _mapping(row: ImportMapping) -> Mapping:
    return Mapping.from_json(row.kind, row.document.slug, row.settings)


def _lines(lines: list[tuple[str, str]]) -> SafeString:
    return format_html_join("", "<div>{}: {}</div>", lines) or SafeString("–")
