"""What every page of the admin holds against bad input: a form error or a 400, never a 500."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import BadRequest, ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from agreements.admin.filters import FilteredList
from agreements.admin.long_lists import BoundedPaginator, is_long, paginator
from agreements.admin.selects import (
    KnownRecord,
    KnownRecords,
    KnownSelect,
    KnownSelectMultiple,
    is_key,
)
from agreements.handbook import help_with_link
from agreements.text import has_control_characters

SEARCH_WORDS = 10
_LONGEST_VALUE = 1000
_MOST_VALUES = 20


class LinesField(forms.CharField):
    """Text of several lines. Browsers send CR LF; without this every save would be a change."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


def refuse_control(text: Any) -> None:
    """Refuse what no file that the desk exports could bring back."""
    if has_control_characters(str(text)):
        raise ValidationError(_("Leave out the control characters."))


def refuse_lines(text: Any) -> None:
    """Refuse the same, and whatever begins another line."""
    refuse_control(text)
    if "\n" in str(text):
        raise ValidationError(_("Write it on one line."))


class KnownKeys(BaseModelAdmin):
    """A page on which records are chosen by keys that are keys."""

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        kwargs.setdefault("form_class", KnownRecords)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class StrictForms(KnownKeys):
    """What pages and their inlines share."""

    formfield_overrides = {
        models.TextField: {"form_class": LinesField},
        models.URLField: {"assume_scheme": "https"},
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownSelect(db_field, self.admin_site))
            kwargs.setdefault("form_class", KnownRecord)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        translate(field)
        widget = field.widget
        if isinstance(db_field, models.CharField | models.TextField):
            # What is of several lines has a widget of several.
            lines = isinstance(widget, forms.Textarea)
            field.validators.append(refuse_control if lines else refuse_lines)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            # A record is edited and deleted on its own page, where its review is seen.
            widget.can_change_related = widget.can_delete_related = False
        return field


def translate(field: forms.Field) -> None:
    """Translate the texts of a field once, instead of on each of the rows that show it."""
    field.label, field.help_text = str(field.label), str(field.help_text)
    if isinstance(field, forms.TypedChoiceField):
        choices: Any = field.choices
        field.choices = [(value, str(label)) for value, label in choices]


class StrictLists(KnownKeys, admin.ModelAdmin):
    """A page that filters by what it offers and by nothing else, and looks up keys that are keys.

    Of the list's own address, of its search and of that of selects.
    """

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        # The key of a kind of engagement is a relation, for which Django checks no range.
        if not is_key(object_id):
            return None
        # An empty name of a field is none; Django looks it up.
        return super().get_object(request, object_id, from_field or None)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # Stock admin allows any lookup on a local field, a slow regular expression among them.
        return lookup in self.offered_lookups(request)

    def offered_lookups(self, request: HttpRequest) -> set[str]:
        """Return the query parameters that the page's own filters use."""
        offered: set[str] = set()
        for item in self.get_list_filter(request):
            if isinstance(item, type):
                offered.add(str(item.parameter_name))  # type: ignore[attr-defined]
                continue
            path = str(item[0] if isinstance(item, tuple) else item)
            offered |= {f"{path}__{lookup}" for lookup in ("isnull", "isempty")}
            if get_fields_from_path(self.model, path)[-1].is_relation:
                # For which Django checks the range of a key, as it does not for the relation.
                offered.add(f"{path}__id__exact")
            else:
                # A filter by all values that a field has names no lookup.
                offered |= {path, f"{path}__exact"}
        return offered

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        # Databases refuse expressions and orderings beyond some hundred terms.
        for name, values in request.GET.lists():
            if len(values) > _MOST_VALUES or any(len(value) > _LONGEST_VALUE for value in values):
                raise BadRequest(f"{name}: too long, or repeated too often.")
        if not all(is_key(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("Select rows of the list.")
        return super().changelist_view(request, extra_context)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        words = " ".join(search_term.split()[:SEARCH_WORDS])
        return super().get_search_results(request, queryset, words)


class StrictAdmin(StrictForms, StrictLists):
    """A page of a table of the desk, whose list may be long."""

    list_per_page = 50
    show_facets = admin.ShowFacets.ALWAYS
    # A second count, of what the filters leave out, would have no bound.
    show_full_result_count = False
    # The columns by which a long list is ordered, each with the whole order that an index has.
    long_orders: ClassVar[dict[str, Sequence[str]]] = {}
    # What is said beside the search of a long list.
    long_search_help: Any = None

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.help_text = help_with_link(db_field.name, field.help_text)
        return field

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[FilteredList]:
        return FilteredList

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        words = search_term.split()[:SEARCH_WORDS]
        if words and is_long(request, self.model):
            found = self.search_long(request, queryset, words)
            if found is not None:
                return found, False
        return super().get_search_results(request, queryset, search_term)

    def search_long(
        self, request: HttpRequest, queryset: models.QuerySet, words: list[str]
    ) -> models.QuerySet | None:
        """Return what a long list has of some words, None where it is searched as a short one."""
        return None

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: models.QuerySet,
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> BoundedPaginator:
        return paginator(request, queryset, per_page)

    def get_sortable_by(self, request: HttpRequest) -> Any:
        if is_long(request, self.model):
            return list(self.long_orders)
        return super().get_sortable_by(request)


def choices_with_blank(choices: list) -> list:
    """Return choices led by an empty one, as a select shows that has no value yet."""
    return [("", _("Choose one")), *choices]
