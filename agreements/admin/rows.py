"""Rows of a record's page: many forms of one kind, which cost little more than one."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest
from django.utils.translation import gettext as _

from agreements.admin.selects import Chosen, KnownRecord
from agreements.admin.strict import StrictForms

# Of one relation of a record. Each row that was touched is checked by the database.
MOST_ROWS = 1000


class RowForm(forms.ModelForm):
    """A row. One that nobody touched is not validated again: each constraint asks the database."""

    @property
    def media(self) -> forms.Media:
        """None of its own: the formset has what all its rows need."""
        return forms.Media()

    def _post_clean(self) -> None:
        if self.instance.pk is None or self.has_changed():
            super()._post_clean()  # type: ignore[misc]


class RowFormSet(forms.BaseInlineFormSet):
    """The rows of one record; what they have chosen is read for all of them together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.chosen: dict[str, Chosen] = {}
        super().__init__(*args, **kwargs)

    @property
    def media(self) -> forms.Media:
        """What the fields of one row need, and so those of all."""
        media = (field.widget.media for field in self.empty_form.fields.values())
        return sum(media, forms.Media())

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        key = form._meta.model._meta.pk.name
        own = form.fields[key]
        form.fields[key] = KnownRecord(
            own.queryset, initial=own.initial, required=False, widget=own.widget
        )
        for name, field in form.fields.items():
            if isinstance(field, KnownRecord):
                field.chosen = self.chosen.setdefault(name, Chosen(name, self))

    def validate_unique(self) -> None:
        """Refuse a row that would be there twice, also beside one that is on no form.

        Django asks the forms alone, and leaves what they overlook to the database. Rows are saved
        one after the other, so that two of them cannot change places in one go either.
        """
        super().validate_unique()
        model: Any = self.model
        if not any(form.has_changed() for form in self.forms):
            return
        for rule in model._meta.constraints:
            if isinstance(rule, models.UniqueConstraint) and self.fk.name in rule.fields:
                self._hold(model, rule)

    def _hold(self, model: Any, rule: models.UniqueConstraint) -> None:
        """Add an error to each row that a rule would refuse as it is saved after those before."""
        others = (each for each in rule.fields if each != self.fk.name)
        names = [model._meta.get_field(each).attname for each in others]
        said = self._said(model, rule, names)
        taken = set(said.values())
        forms_in_order: list[Any] = [*self.initial_forms, *self.extra_forms]
        for form in forms_in_order:
            if not form.is_valid() or not form.has_changed():
                continue
            row = form.instance
            taken.discard(said.pop(row.pk, None))
            if form.cleaned_data.get(DELETION_FIELD_NAME):
                continue
            key = tuple(getattr(row, name) for name in names)
            if None in key or not _is_under(rule, row):
                continue
            if key in taken:
                form.add_error(None, _("Another row says the same, or does until this is saved."))
            taken.add(key)

    def _said(
        self, model: Any, rule: models.UniqueConstraint, names: list[str]
    ) -> dict[int, tuple[Any, ...]]:
        """Return what each row of this record has in a rule's fields, by its key."""
        if self.instance.pk is None:
            return {}
        rows = model._default_manager.filter(**{self.fk.name: self.instance})
        if rule.condition is not None:
            rows = rows.filter(rule.condition)
        return {pk: tuple(key) for pk, *key in rows.values_list("pk", *names)}


def _is_under(rule: models.UniqueConstraint, row: models.Model) -> bool:
    """Whether a rule that is for some rows alone is for a row as it stands on its form."""
    if rule.condition is None:
        return True
    values: dict[str, Any] = {
        each.name: models.Value(getattr(row, each.attname), each)
        for each in row._meta.concrete_fields
    }
    return rule.condition.check(values)


class StrictInline(StrictForms, admin.StackedInline):
    """Rows of a record's page. Stacked, since the cells of a table have no labels of their own."""

    form = RowForm
    formset = RowFormSet
    template = "admin/agreements/inline_rows.html"
    extra = 0
    max_num = MOST_ROWS

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        # Django reads a thousand more than it takes before it says that there are too many.
        return super().get_formset(request, obj, absolute_max=MOST_ROWS, **kwargs)
