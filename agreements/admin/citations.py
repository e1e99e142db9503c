"""Evidence as it is written on the page of the record that it supports."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agreements.admin.quotations import PASSAGE, verify
from agreements.admin.rows import RowForm, StrictInline
from agreements.admin.strict import choices_with_blank
from agreements.models import Citation
from agreements.models.evidence import CITABLE_FIELDS


class CitationForm(RowForm):
    """A citation whose quotation is looked up whenever its passage changes."""

    fault: str | None = None

    def save(self, commit: bool = True) -> Any:
        if PASSAGE.intersection(self.changed_data):
            self.fault = verify(self.instance)
        return super().save(commit)


class CitationInline(StrictInline):
    """What a record rests on."""

    model = Citation
    form = CitationForm
    autocomplete_fields = ["document"]
    readonly_fields = ["verified", "passage"]
    fields = [
        ("field", "document"),
        ("locator", "quote"),
        ("stance", "confidence", "inferred", "verified", "passage"),
        ("stated_value", "note"),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("document")

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "field":
            citable = CITABLE_FIELDS[self.parent_model.RECORD_KIND]
            kwargs["choices"] = choices_with_blank([(name, name) for name in citable])
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    @admin.display(boolean=True, description=_("verified"))
    def verified(self, citation: Citation) -> bool:
        """Whether the quotation was found in the text that the document has now."""
        return citation.document_id is not None and citation.verified

    @admin.display(description=_("passage"))
    def passage(self, citation: Citation) -> str:
        """Return a link to the words in the text of their document."""
        if citation.pk is None:
            return "–"
        page = reverse("admin:agreements_document_text", args=[citation.document_id])
        return format_html('<a href="{}#citation-{}">{}</a>', page, citation.pk, _("in its text"))
