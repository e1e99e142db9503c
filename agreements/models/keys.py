"""Natural keys: how fixtures and readings name rows."""

from typing import Any

from django.db import models


class KeyedManager(models.Manager):
    """Finds a row by its model's NATURAL_KEY, so that fixtures carry no primary keys."""

    def get_by_natural_key(self, *key: Any) -> Any:
        names: tuple[str, ...] = self.model.NATURAL_KEY  # type: ignore[attr-defined]
        return self.get(**dict(zip(names, key, strict=True)))
