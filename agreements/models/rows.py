"""What the desk's models have in common: how a row is made of what was read, and checked."""

from collections.abc import Collection
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.base import ModelState
from django.utils.translation import gettext_lazy as _

from agreements.text import is_seen


class Row(models.Model):
    """A row of the desk, whose texts say something to whoever looks at them.

    Rows are read a hundred thousand at a time where all of it is published. Django makes an
    instance by `__init__`, which sets each field for itself and sends two signals. That is the
    most of what reading costs, and nobody listens to these signals here.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(  # type: ignore[override]  # What a later Django gives besides.
        cls, db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> Self:
        if len(values) != len(cls._meta.concrete_fields):
            # A date that is read without its bounds needs them all the same.
            return super().from_db(db, field_names, values)
        row = cls.__new__(cls)
        state = ModelState()
        state.db, state.adding, state.fields_cache = db, False, {}
        row.__dict__.update(zip(field_names, values, strict=True))
        row._state = state
        return row

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check each field; raise a ValidationError, also for a text of which nothing is seen.

        By every way in, a record would have no name in any list with such a title.
        """
        errors: dict[str, Any] = {}
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        for field in self._meta.concrete_fields:
            if field.name in errors or field.name in (exclude or ()):
                continue
            value = self.__dict__.get(field.attname)
            if isinstance(value, str) and value and not is_seen(value):
                errors[field.name] = ValidationError(_("Write something that can be seen."))
        if errors:
            raise ValidationError(errors)
