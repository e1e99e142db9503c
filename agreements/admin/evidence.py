"""Documents, and the totals that they claim."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agreements.admin.cells import in_cell
from agreements.admin.filters import FilteredList, RelationFilter
from agreements.admin.long_lists import WORDS_HELP, with_words
from agreements.admin.quotations import PASSAGE, verify
from agreements.admin.review import ReviewableAdmin, refuse_loop
from agreements.admin.workbench.republication import republication
from agreements.admin.workbench.urls import urls as workbench_urls
from agreements.models import Document, DocumentText, ReportedTotal


class DocumentForm(forms.ModelForm):
    """A document's particulars."""

    def clean(self) -> None:
        super().clean()
        refuse_loop(self, "origin")


class DocumentList(FilteredList):
    """Rows that lead to the workbench where the text is held, else to the particulars."""

    def url_for_result(self, result: Any) -> str:
        if result.has_text:
            return reverse("admin:agreements_document_text", args=[result.pk])
        return super().url_for_result(result)


@admin.register(Document)
class DocumentAdmin(ReviewableAdmin):
    """Sources, with their text where it is held."""

    form = DocumentForm
    change_form_template = "admin/agreements/document/change_form.html"
    change_list_template = "admin/agreements/document/change_list.html"
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
    long_search_help = WORDS_HELP
    long_orders = {
        "title": ["title", "pk"],
        "day": ["published_earliest", "pk"],
        "review_state": ["review_state", "title", "pk"],
    }

    def search_long(self, request: HttpRequest, queryset: QuerySet, words: list[str]) -> QuerySet:
        return with_words(request, queryset, Document, words)

    @admin.display(description=_("published"), ordering="published_earliest")
    def day(self, document: Document) -> SafeString:
        """Return when it was published, as far as that is known."""
        return in_cell(document.published)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        held = DocumentText.objects.filter(document=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_text=Exists(held))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[FilteredList]:
        return DocumentList

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # Most documents begin with their text; a link on that page leads here without one.
        if request.method == "GET" and not request.GET:
            return HttpResponseRedirect(reverse("admin:agreements_document_read"))
        return super().add_view(request, form_url, extra_context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None:
            context["republication"] = republication(obj, request.user)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self) -> list[Any]:
        return [*workbench_urls(self.admin_site.admin_view), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        # It is the key by which the text was recognised.
        if obj is not None and obj.has_text:
            return (*readonly, "sha256")
        return readonly


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
    list_filter = ["review_state", "counts", ("force", RelationFilter)]
    list_select_related = ["force"]
    search_fields = ["title", "slug", "what"]

    @admin.display(boolean=True, description=_("verified"))
    def verified(self, total: ReportedTotal) -> bool:
        """Whether the quotation was found in the text that the document has now."""
        return total.document_id is not None and total.verified
