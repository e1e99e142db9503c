"""The desk's rows as readings write them: looked up once, checked, left alone if unchanged."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, models, transaction

from agreements.bulk import insert_rows, new_keys
from agreements.exceptions import ReadingProblem
from agreements.readings.shapes import Item
from agreements.versions import lock_for_load

_AT_A_TIME = 500
# The key that a row is known by under its parent, its other values, and where they are written.
Child = tuple[dict[str, Any], dict[str, Any], Item]


class Rows:
    """Writes rows, and collects why any are refused.

    New rows are checked at once, have their keys at once, and are inserted together by `flush`.
    """

    def __init__(self) -> None:
        self.problems: list[ReadingProblem] = []
        self._found: dict[tuple[type[models.Model], str], Any] = {}
        self._held: dict[tuple[type[models.Model], str], dict[int, list[Any]]] = {}
        self._new: dict[type[models.Model], list[tuple[Any, Item]]] = {}
        self._keys: dict[type[models.Model], Iterator[int]] = {}
        self._refused: set[tuple[type[models.Model], int]] = set()

    def found(self, model: Any, key: str | None) -> Any:
        """Return the row with a slug or a country's code; None for no key."""
        if not key:
            return None
        if (model, key) not in self._found:
            self._found[model, key] = model.objects.get_by_natural_key(key)
        return self._found[model, key]

    def held(self, model: Any, key: str) -> Any:
        """Return the row with a key, None where there is none, without a query after `look_up`."""
        return self._found.get((model, key))

    def look_up(self, model: Any, keys: Iterable[str]) -> None:
        """Find the rows with some keys, together; nobody else changes them before the end."""
        name, wanted = model.NATURAL_KEY[0], sorted(set(keys))
        for start in range(0, len(wanted), _AT_A_TIME):
            some = wanted[start : start + _AT_A_TIME]
            if connection.features.has_select_for_update:
                lock_for_load(model, name, some)
            for row in model.objects.filter(**{f"{name}__in": some}):
                self.remember(model, getattr(row, name), row)

    def remember(self, model: Any, key: str, row: Any) -> None:
        """Keep a row at hand for those that name it."""
        for each in (model, *model._meta.all_parents):
            self._found[each, key] = row

    def look_up_children(self, model: Any, parent: str, parents: Iterable[int]) -> None:
        """Find the rows that hang on some rows by a field, together."""
        keys, rows = sorted(parents), self._held.setdefault((model, parent), {})
        attname = model._meta.get_field(parent).attname
        for start in range(0, len(keys), _AT_A_TIME):
            some = keys[start : start + _AT_A_TIME]
            rows |= {key: [] for key in some}
            for row in model._default_manager.filter(**{f"{parent}__in": some}):
                rows[getattr(row, attname)].append(row)

    def held_children(self, model: Any, name: str, parent: Any) -> list[Any]:
        """Return the rows that were found to hang on one by a field; none on one that is new."""
        return self._held.get((model, name), {}).get(parent.pk, [])

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
            _clean(row)
            if not created:
                _save(row)
        except ValidationError as error:
            self._refuse(error, item)
            return None, False, False
        if created:
            row.pk = key_of_row = self._new_key(model)
            for above in model._meta.all_parents:
                setattr(row, above._meta.pk.attname, key_of_row)
            self._new.setdefault(model, []).append((row, item))
        return row, created, True

    def _new_key(self, model: type[models.Model]) -> int:
        table = _root(model)
        if table not in self._keys:
            self._keys[table] = new_keys(table)
        return next(self._keys[table])

    def children(
        self,
        model: type[models.Model],
        parent: dict[str, Any],
        rows: Iterable[Child],
        removable: models.Q | None = None,
    ) -> bool:
        """Make a parent's rows those given, matched by their keys; return whether any changed.

        Rows that are not given are removed, or of them only those that `removable` selects. Those
        of a parent that is not new were looked up together.
        """
        _, changed = self.written_children(model, parent, rows, removable)
        return changed

    def written_children(
        self,
        model: type[models.Model],
        parent: dict[str, Any],
        rows: Iterable[Child],
        removable: models.Q | None = None,
    ) -> tuple[list[Any], bool]:
        """Do the same; return the rows, None for one that is refused, too."""
        wanted = list(rows)
        ((field, above),) = parent.items()
        mine = self.held_children(model, field, above)
        names = list(wanted[0][0]) if wanted else []
        held = {_key(_stored(row, name) for name in names): row for row in mine if names}
        keys = [_key(_plain(key[name]) for name in names) for key, _, _ in wanted]
        staying = {held[key].pk for key in keys if key in held}
        going = [row.pk for row in mine if row.pk not in staying]
        changed = False
        if going:
            # First, as a row that goes may hold what one that comes needs: a role, a name.
            gone = model._default_manager.filter(pk__in=going)
            removed, _ = gone.filter(removable or models.Q()).delete()
            changed = bool(removed)
        found = []
        for key, (naming, values, item) in zip(keys, wanted, strict=True):
            row, _, touched = self.upsert(model, {**parent, **naming}, values, item, held.get(key))
            held[key] = row
            found.append(row)
            changed |= touched
        return found, changed

    def flush(self) -> None:
        """Insert the new rows. Where the database refuses any, each is tried, to tell which."""
        waiting, self._new = self._new, {}
        try:
            with transaction.atomic():
                for model, rows in waiting.items():
                    _insert(model, [row for row, _ in rows])
        except IntegrityError:
            for rows in waiting.values():
                self._insert_each(rows)

    def _insert_each(self, rows: list[tuple[Any, Item]]) -> None:
        for row, item in rows:
            if self._names_refused(row):
                continue
            try:
                _save(row)
            except ValidationError as error:
                self._refuse(error, item)
                self._refused.add((_root(type(row)), row.pk))

    def _names_refused(self, row: models.Model) -> bool:
        keys = (each for each in row._meta.concrete_fields if each.remote_field)
        return any(
            (_root(each.related_model), getattr(row, each.attname)) in self._refused
            for each in keys
            if not each.primary_key
        )

    def _refuse(self, error: ValidationError, item: Item) -> None:
        for name, messages in error.message_dict.items():
            self.problems += [
                item.problem("" if name == "__all__" else name, message) for message in messages
            ]


def _clean(row: models.Model) -> None:
    """Check a row as far as it can be without the database, or raise a ValidationError.

    The database holds the constraints and the keys, so that they are asked of it once, by saving;
    full_clean(), which would ask with a query for each, only finds words for a refusal.
    """
    keys = {field.name for field in row._meta.concrete_fields if field.remote_field}
    row.full_clean(exclude=keys, validate_unique=False, validate_constraints=False)


def _save(row: models.Model) -> None:
    """Save a row that is clean, or raise a ValidationError."""
    try:
        with transaction.atomic():
            row.save(force_insert=row._state.adding)
    except IntegrityError as error:
        row.full_clean()
        raise ValidationError({"__all__": [str(error).splitlines()[0]]}) from error


def _root(model: Any) -> type[models.Model]:
    """Return the model whose table gives the key: of an engagement's kind, that of all."""
    return model._meta.all_parents[-1] if model._meta.all_parents else model


def _insert(model: Any, rows: list[Any]) -> None:
    for each in (*reversed(model._meta.all_parents), model):
        insert_rows(each, rows)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _stored(row: models.Model, name: str) -> Any:
    return getattr(row, row._meta.get_field(name).attname)  # type: ignore[union-attr]


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _key(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)
