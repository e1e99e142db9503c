"""Partial dates in models: see dates.py for the dates themselves."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy

from agreements.date_forms import PartialDateFormField, as_validation_error
from agreements.dates import MAX_LENGTH, PartialDate, PartialDateError


class PartialDateAttribute(DeferredAttribute):
    """Turns text into a PartialDate on assignment; text that is no date stays as it is.

    Assignment must not raise, or forms and full_clean() could not report the text.
    """

    @cached_property
    def bounds(self) -> list[str]:
        return [
            bound.attname
            for bound in self.field.model._meta.local_fields
            if isinstance(bound, DateBoundField) and bound.source == self.field.name
        ]

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = _lenient(value)
        # Bounds follow the date, so they are never deferred where it is loaded: save() would
        # otherwise leave them out and store a new date beside old bounds.
        for bound in self.bounds:
            instance.__dict__.setdefault(bound, None)


def _lenient(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return PartialDate.parse(value) if value else None
        except PartialDateError:
            pass
    return value


class PartialDateField(models.CharField):
    """An EDTF date, stored as its text. In Python a PartialDate, or None.

    A text that is no date can be assigned, and read back from a row that was edited by hand, but
    cleaning or saving it raises ValidationError.
    """

    description = gettext_lazy("Date, as precise as it is known (EDTF)")
    descriptor_class = PartialDateAttribute
    empty_strings_allowed = False
    # What django-stubs takes the attribute of an instance to be.
    _pyi_private_set_type: PartialDate | str | None  # type: ignore[assignment]
    _pyi_private_get_type: PartialDate | None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return _lenient(value)

    def to_python(self, value: Any) -> PartialDate | None:
        if value is None or value == "":
            return None
        if isinstance(value, PartialDate):
            return value
        try:
            return PartialDate.parse(str(value))
        except PartialDateError as error:
            raise as_validation_error(error) from None

    def run_validators(self, value: Any) -> None:
        # The validators are those of a CharField, and measure text.
        super().run_validators(str(value) if isinstance(value, PartialDate) else value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # update_or_create() saves, besides its defaults, the fields that define this method: as
        # DateBoundField does, the date has to, for both to be saved together.
        return super().pre_save(model_instance, add)

    def get_prep_value(self, value: Any) -> Any:
        date = super().get_prep_value(value)
        return date.edtf if isinstance(date, PartialDate) else date

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        from django.contrib.admin.widgets import AdminTextInputWidget

        # The admin asks for its own text input for every kind of CharField.
        if kwargs.get("widget") is AdminTextInputWidget:
            del kwargs["widget"]
        return super().formfield(**{"form_class": PartialDateFormField, **kwargs})


class DateBoundAttribute:
    """Computes a bound from its date, whatever was assigned.

    ``loaddata`` and ``bulk_create`` skip save() and clean(), but not this.
    """

    def __init__(self, field: DateBoundField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        date = getattr(instance, self.field.source)
        return getattr(date, self.field.bound) if isinstance(date, PartialDate) else None

    def __set__(self, instance: models.Model, value: Any) -> None:
        # Django takes a field for deferred unless its name is in here.
        instance.__dict__[self.field.attname] = None


class DateBoundField(models.DateField):
    """The "earliest" or "latest" day of the PartialDateField named ``source``, as a column.

    Read-only on an instance. ``QuerySet.update()`` and ``bulk_update()`` write columns and see no
    instance, and so does ``bulk_create()`` when it updates: name the bounds along with the date
    in ``bulk_update()`` and ``update_fields``, and never set a date by ``update()``.
    """

    description = gettext_lazy("First or last day of a partial date")
    descriptor_class = DateBoundAttribute
    defaults = {
        "null": True,
        "blank": True,
        "editable": False,
        "serialize": False,
        "db_index": True,
    }
    _pyi_private_get_type: datetime.date | None  # type: ignore[assignment]

    def __init__(self, source: str, bound: str, *args: Any, **kwargs: Any) -> None:
        if bound not in ("earliest", "latest"):
            raise ValueError(f"A bound is 'earliest' or 'latest', not {bound!r}.")
        self.source = source
        self.bound = bound
        super().__init__(*args, **{**self.defaults, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for option, default in self.defaults.items():
            kwargs.pop(option, None)
            if getattr(self, option) != default:
                kwargs[option] = getattr(self, option)
        return name, path, [self.source, self.bound, *args], kwargs

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        named = {field.name: field for field in self.model._meta.local_fields}
        if isinstance(named.get(self.source), PartialDateField):
            return super().check(**kwargs)
        message = f"'{self.source}' is not a PartialDateField of the same model."
        return [*super().check(**kwargs), checks.Error(message, obj=self, id="agreements.E001")]


@receiver(pre_save, dispatch_uid="agreements.date_fields.bounds")
def _refuse_half_a_date(
    sender: type[models.Model],
    instance: models.Model,
    update_fields: frozenset[str] | None = None,
    **kwargs: Any,
) -> None:
    """Raise ValueError if save(update_fields=…) would part a date from its bounds.

    Connected to every sender, since proxies and children send their own class.
    """
    if not update_fields:
        return
    for field in sender._meta.concrete_fields:
        if not isinstance(field, DateBoundField) or field.source not in instance.__dict__:
            continue
        if (field.name in update_fields) != (field.source in update_fields):
            raise ValueError(
                f"update_fields must have '{field.source}' and '{field.name}' together, or neither."
            )
