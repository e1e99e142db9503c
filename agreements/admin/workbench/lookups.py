"""Records found by what is typed: the boxes with suggestions of the workbench's panel."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language

from agreements.admin.selects import is_key
from agreements.countries import country_name, country_table
from agreements.models import Country, Document, Engagement, Force, Person, Series, Topic
from agreements.text import fold

FOUND = 12
# By the name in the query; "side" and "record" take several kinds together.
_MODELS: dict[str, Any] = {
    "country": Country,
    "force": Force,
    "series": Series,
    "topic": Topic,
    "document": Document,
    "person": Person,
}
# Found by any of their names, whatever its diacritics: the names, and what is shown beside them.
_NAMES: dict[Any, tuple[str, ...]] = {
    Force: ("names", "country"),
    Topic: ("labels",),
    Person: ("names",),
}
LOOKUPS = (*_MODELS, "side", "record")
_LONGEST = 200


class LookupInput(forms.Widget):
    """A text box with suggestions, and the key of what was chosen beside it, hidden."""

    template_name = "admin/agreements/workbench/lookup.html"

    def __init__(self, model: type[models.Model], attrs: dict[str, Any] | None = None):
        super().__init__(attrs)
        self.model = model

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = None
        if value and is_key(str(value)):
            chosen = self.model._default_manager.filter(pk=value).first()
        context["widget"] |= {
            "lookup": self.model._meta.model_name,
            "label": self.model._meta.verbose_name,
            "chosen": chosen or "",
        }
        return context


class LookupField(forms.ModelChoiceField):
    """One record by its key; what cannot be a key is a form error, as any unknown one is."""

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not is_key(str(value)):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


def look_up(request: HttpRequest, of: str, text: str) -> list[dict[str, str]]:
    """Return what may be meant by some typed words: `{"key", "label", "hint"}` of each."""
    term = text[:_LONGEST].replace("\0", "")
    if of == "side":
        forces = (_option(row, f"force-{row.pk}") for row in _rows(request, Force, term))
        return [*forces, *_countries(term)][:FOUND]
    if of == "record":
        return [
            _option(row, f"{row.record_kind}-{row.pk}")
            for model in (Engagement, Force, Series)
            for row in _rows(request, model, term)
        ][:FOUND]
    return [_option(row, str(row.pk)) for row in _rows(request, _MODELS[of], term)]


def _rows(request: HttpRequest, model: Any, term: str) -> list[Any]:
    pages = admin.site.get_model_admin(model)
    if not pages.has_view_or_change_permission(request):
        return []
    rows = model._default_manager.all()
    if model in _NAMES:
        return _named(rows, term, *_NAMES[model])
    found, repeated = pages.get_search_results(request, rows, term)
    return list((found.distinct() if repeated else found)[:FOUND])


def _named(rows: Any, term: str, relation: str, *related: str) -> list[Any]:
    """Return the rows that have a name, in any language, with each of the words of a term."""
    words = fold(term).split()
    found = []
    for row in rows.select_related(*related).prefetch_related(relation):
        names = fold(" ".join([row.name, *(each.text for each in getattr(row, relation).all())]))
        if words and all(f" {word}" in names for word in words):
            found.append(row)
    return found[:FOUND]


def _option(row: Any, key: str) -> dict[str, str]:
    hint = ""
    if isinstance(row, Engagement):
        hint = ", ".join(filter(None, (row.get_kind_display(), str(row.date or ""))))
    elif isinstance(row, Force):
        hint = str(row.country)
    return {"key": key, "label": str(row), "hint": hint}


def _countries(term: str) -> Iterator[dict[str, str]]:
    """Every country that has such a name in any language, whether it is on the desk or not."""
    wanted = fold(term)
    for code, row in country_table().items():
        names = (code, row["alpha3"], *row["names"].values())
        if wanted and any(wanted in fold(name) for name in names):
            name = country_name(code, get_language() or "en")
            yield {"key": f"country-{code}", "label": name, "hint": code}
