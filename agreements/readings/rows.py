"""The desk's rows as readings write them: looked up once, checked, left alone if unchanged."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from agreements.exceptions import ReadingProblem
from agreements.readings.shapes import Item

# The key that a row is known by under its parent, its other values, and where they are written.
Child = tuple[dict[str, Any], dict[str, Any], Item]


class Rows:
    """Writes rows, and collects why any are refused."""

    def __init__(self) -> None:
        self.problems: list[ReadingProblem] = []
        self._found: dict[tuple[type[models.Model], str], Any] = {}

    def found(self, model: Any, key: str | None) -> Any:
        """Return the row with a slug or a country's code; None for no key."""
        if not key:
            return None
        if (model, key) not in self._found:
            self._found[model, key] = model.objects.get_by_natural_key(key)
        return self._found[model, key]

    def upsert(
        self,
        model: type[models.Model],
        key: dict[str, Any],
        values: dict[str, Any],
        item: Item,
        row: Any = None,
    ) -> tuple[Any, bool, bool]:
        """Return (row or None where it is refused, whether created, whether changed)."""
        created = row is None
        if created:
            row = model(**key)
        elif all(_stored(row, name) == _plain(value) for name, value in values.items()):
            return row, False, False
        for name, value in values.items():
            setattr(row, name, value)
        try:
            _save(row)
        except ValidationError as error:
            self._refuse(error, item)
            return None, False, False
        return row, created, True

    def children(
        self,
        model: type[models.Model],
        parent: dict[str, Any],
        rows: Iterable[Child],
        removable: models.Q | None = None,
    ) -> bool:
        """Make a parent's rows those given, matched by their keys; return whether any changed.

        Rows that are not given are removed, or of them only those that `removable` selects.
        """
        wanted = list(rows)
        mine = model._default_manager.filter(**parent)
        names = list(wanted[0][0]) if wanted else []
        held = {_key(_stored(row, name) for name in names): row for row in mine if names}
        keys = [_key(_plain(key[name]) for name in names) for key, _, _ in wanted]
        gone = mine.exclude(pk__in=[held[key].pk for key in keys if key in held])
        # First, as a row that goes may hold what one that comes needs: a role, a name.
        removed, _ = gone.filter(removable or models.Q()).delete()
        changed = bool(removed)
        for key, (naming, values, item) in zip(keys, wanted, strict=True):
            row, _, touched = self.upsert(model, {**parent, **naming}, values, item, held.get(key))
            held[key] = row
            changed |= touched
        return changed

    def _refuse(self, error: ValidationError, item: Item) -> None:
        for name, messages in error.message_dict.items():
            self.problems += [
                item.problem("" if name == "__all__" else name, message) for message in messages
            ]


def _save(row: models.Model) -> None:
    """Save a row, or raise a ValidationError.

    The database holds the constraints and the keys, so that they are asked of it once, by saving;
    full_clean(), which would ask with a query for each, only finds words for a refusal.
    """
    keys = {field.name for field in row._meta.concrete_fields if field.remote_field}
    row.full_clean(exclude=keys, validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        row.full_clean()
        raise ValidationError({"__all__": [str(error).splitlines()[0]]}) from error


def _stored(row: models.Model, name: str) -> Any:
    return getattr(row, row._meta.get_field(name).attname)  # type: ignore[union-attr]


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _key(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)
