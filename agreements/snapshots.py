"""A record of the desk written down whole, with all that belongs to it, and made so again.

A snapshot is JSON: the record's own fields by name, then a list of rows for each relation. Other
records stand in it by their keys, so that it can be read, compared and restored in any database.
Review (its state, who edited and approved) is not part of it.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from agreements.date_fields import DateBoundField
from agreements.exceptions import SnapshotError
from agreements.models import (
    Citation,
    Country,
    Delegate,
    Engagement,
    EngagementLink,
    EngagementTopic,
    Force,
    ForceName,
    Participant,
    Person,
    PersonName,
    ReportedTotal,
    Reviewable,
    Series,
    Topic,
    TopicLabel,
    Versioned,
)
from agreements.records import belongings

Snapshot = dict[str, Any]
# Other records, by their models and keys.
Named = dict[tuple[Any, str], Any]


@dataclass(frozen=True)
class Relation:
    """Rows that belong to a record: their name, where they hang, and what tells them apart."""

    name: str
    model: type[models.Model]
    parent: str
    identity: tuple[str, ...]

    def rows(self, record: Any) -> list[Any]:
        """Return a record's rows, from what was prefetched where it was."""
        field: Any = self.model._meta.get_field(self.parent)
        return list(belongings(record, field.remote_field.related_name))

    def key(self, row: Snapshot) -> tuple[Any, ...]:
        """Return what tells a row, as written down, from the others of its record."""
        return tuple(row[name] for name in self.identity)


def _citations(parent: str) -> Relation:
    return Relation("citations", Citation, parent, ("uid",))


RELATIONS: dict[type[models.Model], tuple[Relation, ...]] = {
    Engagement: (
        Relation("participants", Participant, "engagement", ("uid",)),
        Relation("topics", EngagementTopic, "engagement", ("topic",)),
        Relation("links", EngagementLink, "source", ("relation", "target")),
        _citations("engagement"),
    ),
    Participant: (Relation("delegates", Delegate, "participant", ("uid",)),),
    Force: (Relation("names", ForceName, "force", ("language", "text")), _citations("force")),
    Topic: (Relation("labels", TopicLabel, "topic", ("language",)),),
    Series: (_citations("series"),),
    Person: (Relation("names", PersonName, "person", ("language", "text")),),
}
_REVIEW = {field.name for field in (*Versioned._meta.fields, *Reviewable._meta.fields)}
# Citations hang on one of three records, and are written down with the one.
_TARGETS: dict[Any, set[str]] = {Citation: set(Citation.TARGETS)}


def relations_of(model: type[models.Model]) -> tuple[Relation, ...]:
    """Return the relations of a model, those of its parent included."""
    for each, relations in RELATIONS.items():
        if issubclass(model, each):
            return relations
    return ()


def fields_of(model: type[models.Model], parent: str = "") -> Iterator[Any]:
    """Yield the fields of a model that a snapshot holds, in the order of the model."""
    left_out = _REVIEW | _TARGETS.get(model, {parent})
    for field in model._meta.concrete_fields:
        derived = field.primary_key or isinstance(field, DateBoundField)
        if derived or field.name in left_out or not (field.editable or field.name in _KEPT):
            continue
        yield field


# Not for forms, but a part of what a row says.
_KEPT = {"uid", "verified_against"}


def snapshot(record: Versioned) -> Snapshot:
    """Return a record as it stands, relations and citations included."""
    return written(record)


def written(row: Any, parent: str = "") -> Snapshot:
    """Return a record, or a row that hangs on one by its field `parent`."""
    model = type(row)
    found: Snapshot = {field.name: _plain(row, field) for field in fields_of(model, parent)}
    for relation in relations_of(model):
        rows = relation.rows(row)
        found[relation.name] = [written(each, relation.parent) for each in rows]
    if isinstance(row, ReportedTotal):
        found["countries"] = sorted(country.code for country in belongings(row, "countries"))
    return found


def _plain(row: Any, field: Any) -> Any:
    if field.remote_field:
        related = getattr(row, field.name)
        return related.natural_key()[0] if related is not None else None
    value = getattr(row, field.name)
    return value if value is None or isinstance(value, bool | int) else str(value)


def named_in(model: type[models.Model], states: Iterable[Snapshot], parent: str = "") -> Named:
    """Return the records that rows of a model name in some states, in a query for each kind."""
    rows, found = list(states), {}
    for field in fields_of(model, parent):
        if field.remote_field:
            other: Any = field.related_model
            keys = {row[field.name] for row in rows if row.get(field.name) is not None}
            name = other.NATURAL_KEY[0]
            for each in other._default_manager.filter(**{f"{name}__in": keys}) if keys else ():
                found[other, getattr(each, name)] = each
    return found


def filled(row: Any, state: Snapshot, named: Named, parent: str = "") -> Any:
    """Return a row, not to be saved, with the fields that a snapshot of it gives.

    `named` holds the records that it names; what is gone from the desk is left empty.
    """
    row = copy(row)
    # Django keeps what a row names beside its fields, and a copy shares that.
    row._state = copy(row._state)
    row._state.fields_cache = dict(row._state.fields_cache)
    for field in fields_of(type(row), parent):
        value = state.get(field.name)
        if field.remote_field and value is not None:
            value = named.get((field.related_model, value))
        setattr(row, field.name, value)
    return row


def rows_of(relation: Relation, record: Any) -> models.QuerySet:
    """Return the rows of a relation as the database has them now, with what they name."""
    names = [
        field.name for field in fields_of(relation.model, relation.parent) if field.remote_field
    ]
    rows = relation.model._default_manager.filter(**{relation.parent: record})
    below = [each.model for each in relations_of(relation.model)]
    rows = rows.prefetch_related("delegates__person") if Delegate in below else rows
    return rows.select_related(*names)


@transaction.atomic
def restore(record: Versioned, state: Snapshot) -> None:
    """Make a record what a snapshot says, with its relations and citations.

    What it is known by stays: its key, and the text that was read of a document. Raises a
    SnapshotError where what it names is gone, or is refused today; then nothing is changed.
    """
    stays = {*record.NATURAL_KEY, "sha256"}
    _fill(record, {name: value for name, value in state.items() if name not in stays})
    _save(record)
    _restore_relations(record, state)
    if isinstance(record, ReportedTotal):
        record.countries.set(Country.objects.filter(code__in=state["countries"]))


def _restore_relations(record: Any, state: Snapshot) -> None:
    for relation in relations_of(type(record)):
        wanted = state[relation.name]
        # Looked up anew: what was prefetched is older than what was just written.
        rows = rows_of(relation, record)
        held = {relation.key(written(row, relation.parent)): row for row in rows}
        keys = [relation.key(row) for row in wanted]
        staying = [key for key in held if key in keys]
        # Rows stand in the order in which they were written, so these go where it would be another.
        going = set(held) - set(staying) if staying == keys[: len(staying)] else set(held)
        for key in going:
            held.pop(key).delete()
        for values in wanted:
            row = held.get(relation.key(values)) or relation.model(**{relation.parent: record})
            if row.pk is None or written(row, relation.parent) != values:
                _fill(row, values, relation.parent)
                _save(row)
                _restore_relations(row, values)


def _fill(row: Any, state: Snapshot, parent: str = "") -> None:
    for field in fields_of(type(row), parent):
        if field.name in state:
            value = state[field.name]
            if field.remote_field and value is not None:
                value = _found(field.related_model, value)
            setattr(row, field.name, value)


def _found(model: Any, key: str) -> Any:
    name = model.NATURAL_KEY[0]
    try:
        return model._default_manager.get(**{name: key})
    except ObjectDoesNotExist as error:
        raise SnapshotError(
            _("The %(kind)s %(key)s is no longer on the desk.")
            % {"kind": model._meta.verbose_name, "key": key}
        ) from error


def _save(row: Any) -> None:
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise SnapshotError(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise SnapshotError(str(error).splitlines()[0]) from error
