"""Who and what engagements are between and about."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agreements.admin.citations import CitationInline
from agreements.admin.exchange import ExchangingAdmin
from agreements.admin.filters import RelationFilter
from agreements.admin.review import ReviewableAdmin, refuse_loop
from agreements.admin.rows import StrictInline
from agreements.admin.strict import SEARCH_WORDS
from agreements.countries import code_of, country_table
from agreements.models import (
    Country,
    Force,
    ForceName,
    Participant,
    Person,
    PersonName,
    Series,
    Topic,
    TopicLabel,
)
from agreements.text import fold


class CountryForm(forms.ModelForm):
    """A country by its code, in whichever case it is typed."""

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        return code_of(code) or code


@admin.register(Country)
class CountryAdmin(ReviewableAdmin):
    """States; their names come from CLDR."""

    form = CountryForm
    key_field = "code"
    key_source = ""
    fields = ["code"]
    list_display = ["code", "name", "alpha3", "review_state", "edited_by"]
    list_filter = ["review_state"]
    search_fields = ["code", "alpha3"]

    @admin.display(description=_("name"))
    def name(self, country: Country) -> str:
        """Return the name in the language of the page."""
        return str(country)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        words = fold(search_term).split()[:SEARCH_WORDS]
        if not words:
            return queryset, False
        term = " " + " ".join(words)
        found = [
            code
            for code, row in country_table().items()
            if any(term in fold(name) for name in row["names"].values())
        ]
        exact = Q(code__iexact=words[0]) | Q(alpha3__iexact=words[0])
        return queryset.filter(Q(code__in=found) | (exact if len(words) == 1 else Q())), False


class ForceForm(forms.ModelForm):
    """A force that stays in line with the records that name it."""

    def clean(self) -> None:
        super().clean()
        refuse_loop(self, "parent")
        refuse_loop(self, "predecessor")
        country = self.cleaned_data.get("country")
        if country is None or self.instance.pk is None:
            return
        elsewhere = Participant.objects.filter(force=self.instance).exclude(country=country)
        if elsewhere.exists():
            self.add_error(
                "country", _("Records name this force for another country; change those first.")
            )


class ForceNameInline(StrictInline):
    """Every name of a force."""

    model = ForceName
    verbose_name = _("name")
    verbose_name_plural = _("names")
    fields = [("text", "language", "kind", "period")]


@admin.register(Force)
class ForceAdmin(ReviewableAdmin):
    """Coast guards, ministries, agencies and centres."""

    form = ForceForm
    key_source = "name"
    autocomplete_fields = ["country", "parent", "predecessor"]
    inlines = [ForceNameInline, CitationInline]
    fieldsets = [
        (_("What it is"), {"fields": ["name", "slug", ("kind", "country"), "established"]}),
        (_("How it stands to others"), {"fields": [("parent", "predecessor")]}),
    ]
    list_display = ["name", "kind", "country", "review_state", "edited_by"]
    list_filter = ["review_state", "kind", ("country", RelationFilter)]
    list_select_related = ["country"]
    search_fields = ["name", "slug", "names__text"]


class PersonNameInline(StrictInline):
    """A person's name in each language."""

    model = PersonName
    verbose_name = _("name")
    verbose_name_plural = _("names")
    fields = [("text", "language")]


@admin.register(Person)
class PersonAdmin(ExchangingAdmin):
    """People who led, signed or attended."""

    actions = ["delete_selected", "export_as_csv", "export_as_xlsx"]

    inlines = [PersonNameInline]
    fields = ["name", "slug"]
    list_display = ["name", "slug"]
    search_fields = ["name", "slug", "names__text"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj is not None else {"slug": ("name",)}


class TopicLabelInline(StrictInline):
    """What a topic is called in each language."""

    model = TopicLabel
    verbose_name = _("label")
    verbose_name_plural = _("labels")
    fields = [("text", "language")]


@admin.register(Topic)
class TopicAdmin(ReviewableAdmin):
    """Subjects of cooperation."""

    key_source = "name"
    inlines = [TopicLabelInline]
    fields = ["name", "slug"]
    list_display = ["name", "slug", "review_state", "edited_by"]
    list_filter = ["review_state"]
    search_fields = ["name", "slug", "labels__text"]


@admin.register(Series)
class SeriesAdmin(ReviewableAdmin):
    """Numbered or recurring runs of engagements."""

    inlines = [CitationInline]
    fields = ["title", "slug", "summary"]
    list_display = ["title", "slug", "review_state", "edited_by"]
    list_filter = ["review_state"]
    search_fields = ["title", "slug"]
