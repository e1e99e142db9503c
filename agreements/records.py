"""Every kind of record on the desk, and how one is loaded with all that belongs to it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from agreements.models import (
    Agreement,
    Country,
    Document,
    Engagement,
    Exercise,
    Force,
    Meeting,
    Person,
    ReportedTotal,
    Reviewable,
    Series,
    Topic,
    Versioned,
)

# Names of relations, each with those of what it leads to.
Tree = dict[str, "Tree"]

# By its name in the history and in the ledger.
KINDS_OF_RECORD: dict[str, type[Versioned]] = {
    model.RECORD_KIND: model
    for model in (
        Country,
        Topic,
        Person,
        Force,
        Series,
        Document,
        Agreement,
        Meeting,
        Exercise,
        ReportedTotal,
    )
}
REVIEWABLE: dict[str, type[Reviewable]] = {
    kind: model for kind, model in KINDS_OF_RECORD.items() if issubclass(model, Reviewable)
}
_PREFETCH: dict[type[Versioned], tuple[str, ...]] = {
    Country: (),
    Topic: ("labels",),
    Person: ("names",),
    Force: ("names", "citations__document__origin", "parent", "predecessor", "country"),
    Series: ("citations__document__origin",),
    Document: ("origin",),
    ReportedTotal: ("countries", "force", "document"),
}
_ENGAGEMENT_PREFETCH = (
    "participants__country",
    "participants__force",
    "participants__delegates__person__names",
    "engagement_topics__topic",
    "links__target",
    "citations__document__origin",
    "series",
    "location_country",
)


def whole(model: type[Versioned]) -> QuerySet[Any]:
    """Return a model's rows with everything loaded that belongs to them."""
    return model._default_manager.prefetch_related(*_belonging_to(model))


def load_whole(model: type[Versioned], keys: Sequence[int]) -> list[Any]:
    """Return the rows with some primary keys, in the order of those, loaded as `whole` does.

    For many rows at a time: Django's prefetching makes a queryset for every row and relation.
    Rows of a relation are to be read by `belongings`.
    """
    found = _by_number(model, keys)
    rows = [found[key] for key in keys if key in found]
    _load(rows, _tree(_belonging_to(model)))
    return rows


def belongings(record: Any, relation: str) -> Sequence[Any]:
    """Return the rows of a relation of a record, from what was loaded with it where it was."""
    loaded = record.__dict__.get("_prefetched_objects_cache", {})
    return loaded[relation] if relation in loaded else getattr(record, relation).all()


def _belonging_to(model: type[Versioned]) -> tuple[str, ...]:
    return _ENGAGEMENT_PREFETCH if issubclass(model, Engagement) else _PREFETCH[model]


def _tree(paths: Iterable[str]) -> Tree:
    tree: Tree = {}
    for path in paths:
        branch = tree
        for name in path.split("__"):
            branch = branch.setdefault(name, {})
    return tree


def _load(rows: list[Any], tree: Tree) -> None:
    """Load what belongs to rows of one model, with a query for each relation."""
    if not rows:
        return
    for name, below in tree.items():
        field: Any = rows[0]._meta.get_field(name)
        if field.many_to_many:
            prefetch_related_objects(rows, name)
        elif field.one_to_many:
            _load(_load_rows(rows, name, field.field), below)
        else:
            _load(_load_named(rows, field), below)


def _load_rows(parents: list[Any], name: str, key: Any) -> list[Any]:
    lists: dict[Any, list[Any]] = {parent.pk: [] for parent in parents}
    by_key = {parent.pk: parent for parent in parents}
    for parent in parents:
        loaded = parent.__dict__.setdefault("_prefetched_objects_cache", {})
        loaded[name] = lists[parent.pk]
    rows = list(key.model._default_manager.filter(**{f"{key.name}__among": list(lists)}))
    up, column = key.name, key.attname
    for row in rows:
        parent = row.__dict__[column]
        row._state.fields_cache[up] = by_key[parent]
        lists[parent].append(row)
    return rows


def _load_named(rows: list[Any], key: Any) -> list[Any]:
    name, column = key.name, key.attname
    numbers = {row.__dict__[column] for row in rows} - {None}
    named = _by_number(key.related_model, numbers) if numbers else {}
    for row in rows:
        row._state.fields_cache[name] = named.get(row.__dict__[column])
    return list(named.values())


def _by_number(model: Any, numbers: Collection[int]) -> dict[int, Any]:
    rows = model._base_manager.filter(pk__among=numbers).order_by()
    return {row.pk: row for row in rows}
