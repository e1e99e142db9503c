"""Rows of a record's page: many forms of one kind, which cost little more than one."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

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
