"""Documents, and the totals that they claim."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from agreements.admin.quotations import PASSAGE, verify
from agreements.admin.review import ReviewableAdmin, refuse_loop
from agreements.models import Document, DocumentText, ReportedTotal
from agreements.text import paragraphs


class DocumentForm(forms.ModelForm):
    """A document's particulars."""

    def clean(self) -> None:
        super().clean()
        refuse_loop(self, "origin")


@admin.register(Document)
class DocumentAdmin(ReviewableAdmin):
    """Sources, with their text where it is held."""

    form = DocumentForm
    change_form_template = "admin/agreements/document/change_form.html"
    autocomplete_fields = ["origin"]
    fieldsets = [
        (_("What it is"), {"fields": ["title", "slug", ("publisher", "author")]}),
        (_("When and where it appeared"), {"fields": [("language", "published"), "url", "origin"]}),
        (_("Its text"), {"fields": ["sha256", "note"]}),
    ]
    list_display = ["title", "publisher", "day", "language", "review_state", "edited_by"]
    list_filter = [
        "review_state",
        ("sha256", admin.EmptyFieldListFilter),
        ("origin", admin.EmptyFieldListFilter),
    ]
    search_fields = ["title", "slug", "publisher", "author", "url"]

    @admin.display(description=_("published"), ordering="published_earliest")
    def day(self, document: Document) -> str:
        """Return when it was published, as far as that is known."""
        return str(document.published or "")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        # It is the key by which the text was recognised.
        if obj is not None and DocumentText.objects.filter(document=obj).exists():
            return (*readonly, "sha256")
        return readonly

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        held = DocumentText.objects.filter(document=obj).first() if obj is not None else None
        context["paragraphs"] = paragraphs(held.text) if held else []
        return super().render_change_form(request, context, add, change, form_url, obj)


class ReportedTotalForm(forms.ModelForm):
    """A total whose quotation is looked up whenever its passage changes."""

    fault: str | None = None

    def save(self, commit: bool = True) -> Any:
        if PASSAGE.intersection(self.changed_data):
            self.fault = verify(self.instance)
        return super().save(commit)


@admin.register(ReportedTotal)
class ReportedTotalAdmin(ReviewableAdmin):
    """Counts that documents claim."""

    form = ReportedTotalForm
    autocomplete_fields = ["force", "countries", "document"]
    readonly_fields = ["verified"]
    fieldsets = [
        (_("What is claimed"), {"fields": ["title", "slug", "what", ("count", "approximate")]}),
        (_("Where it is said"), {"fields": ["document", ("locator", "quote", "verified"), "note"]}),
        (
            _("What it is compared with"),
            {
                "fields": [
                    "counts",
                    ("force", "countries"),
                    ("instrument", "activity"),
                    ("as_of", "period"),
                ]
            },
        ),
    ]
    list_display = ["title", "count", "counts", "force", "review_state", "edited_by"]
    list_filter = ["review_state", "counts", "force"]
    list_select_related = ["force"]
    search_fields = ["title", "slug", "what"]

    @admin.display(boolean=True, description=_("verified"))
    def verified(self, total: ReportedTotal) -> bool:
        """Whether the quotation was found in the text that the document has now."""
        return total.document_id is not None and total.verified
