"""What the desk's models have in common: how a row that was read becomes an instance."""

from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState


class Row(models.Model):
    """A row of the desk, read a hundred thousand at a time where all of it is published.

    Django makes an instance by `__init__`, which sets each field for itself and sends two
    signals. That is the most of what reading costs, and nobody listens to these signals here.
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
