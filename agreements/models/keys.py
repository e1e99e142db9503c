"""Natural keys: how fixtures and readings name rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db import models


class Remembered:
    """The rows of a load by their natural keys, so that each is looked up once.

    Of a table that was empty when the load began, it knows every row that is named by others.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[type[models.Model], tuple[str, ...]], Any] = {}
        self._empty = {model for model in _keyed() if not model._default_manager.exists()}

    def number(self, model: type[models.Model], key: tuple[Any, ...]) -> Any:
        """Return the primary key of a row; None where that is not known."""
        return self._numbers.get((model, tuple(map(str, key))))

    def lacks(self, model: type[models.Model]) -> bool:
        """Whether a row of a model that is not known does not exist."""
        return model in self._empty

    def add(self, model: type[models.Model], key: tuple[Any, ...], number: Any) -> None:
        """Keep the primary key of a row, if others may name it."""
        if any(each.one_to_many or each.one_to_one for each in model._meta.related_objects):
            self._numbers[model, tuple(map(str, key))] = number

    def add_saved(self, row: models.Model) -> None:
        """Keep the primary key of a row that was just saved."""
        names: tuple[str, ...] = getattr(row, "NATURAL_KEY", ())
        if names and not any("__" in name for name in names):
            self.add(type(row), tuple(getattr(row, name) for name in names), row.pk)


_remembered: ContextVar[Remembered | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[Remembered]:
    """Let natural keys be answered from memory, in a transaction that adds rows."""
    memory = Remembered()
    token = _remembered.set(memory)
    try:
        yield memory
    finally:
        _remembered.reset(token)


def _keyed() -> Iterator[type[models.Model]]:
    for model in apps.get_app_config("agreements").get_models():
        if isinstance(model._default_manager, KeyedManager):
            yield model


class KeyedManager(models.Manager):
    """Finds a row by its model's NATURAL_KEY, so that fixtures carry no primary keys."""

    def get_by_natural_key(self, *key: Any) -> Any:
        names: tuple[str, ...] = self.model.NATURAL_KEY  # type: ignore[attr-defined]
        wanted = dict(zip(names, key, strict=True))
        memory = _remembered.get()
        if memory is None:
            return self.get(**wanted)
        number = memory.number(self.model, key)
        if number is not None:
            # All that a load asks of it.
            return self.model(pk=number)
        if memory.lacks(self.model):
            raise self.model.DoesNotExist  # type: ignore[attr-defined]
        row = self.get(**wanted)
        memory.add(self.model, key, row.pk)
        return row
