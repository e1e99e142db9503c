"""Rows that belong to records, of many records together: taken away, changed, added."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from agreements.exceptions import Conflict
from agreements.snapshots import (
    Named,
    Relation,
    Snapshot,
    fields_of,
    named_in,
    relations_of,
    written,
)

# A row that others hang on, the same as it was loaded (None where it is new), and its state to be.
Parent = tuple[Any, Any, Snapshot]
_A_TIME = 500


@dataclass
class _Work:
    """What is to be done with the rows of a relation."""

    gone: list[Any] = field(default_factory=list)
    changed: list[tuple[Any, Snapshot]] = field(default_factory=list)
    new: list[tuple[Any, Snapshot]] = field(default_factory=list)
    kept: list[Parent] = field(default_factory=list)


def store_rows(model: Any, parents: list[Parent]) -> None:
    """Make the rows that belong to records or rows of a model what their states say."""
    for relation in relations_of(model):
        work = _Work()
        for parent in parents:
            _sort(relation, parent, work)
        # First, as a row that goes may hold what one that comes needs: a role, a name.
        for start in range(0, len(work.gone), _A_TIME):
            some = work.gone[start : start + _A_TIME]
            relation.model._default_manager.filter(pk__in=some).delete()
        states = [state for _row, state in [*work.changed, *work.new]]
        named = named_in(relation.model, states, relation.parent)
        for row, state in work.changed:
            fill(row, state, named, relation.parent)
            row.save()
        rows = [
            fill(relation.model(**{relation.parent: above}), state, named, relation.parent)
            for above, state in work.new
        ]
        relation.model._default_manager.bulk_create(rows, batch_size=_A_TIME)
        below = [(row, None, state) for row, (_, state) in zip(rows, work.new, strict=True)]
        store_rows(relation.model, [*work.kept, *below])


def _sort(relation: Relation, parent: Parent, work: _Work) -> None:
    """Add to the work what the state of one parent asks for."""
    row, held_row, state = parent
    wanted = state[relation.name]
    rows = relation.rows(held_row) if held_row is not None else []
    held = {relation.key(written(each, relation.parent)): each for each in rows}
    own = [each.name for each in fields_of(relation.model, relation.parent)]
    for each in wanted:
        known = held.pop(tuple(each.get(name) for name in relation.identity), None)
        if known is None:
            work.new.append((row, each))
            continue
        before = written(known, relation.parent)
        if any(before[name] != each[name] for name in own):
            work.changed.append((known, each))
        work.kept.append((known, known, each))
    work.gone += [each.pk for each in held.values()]


def fill(row: Any, state: Snapshot, named: Named, parent: str = "") -> Any:
    """Return a row with the fields that a state gives. Raises a Conflict for what is gone."""
    for each in fields_of(type(row), parent):
        if each.name not in state:
            continue
        value = state[each.name]
        if each.remote_field and value is not None:
            if (each.related_model, value) not in named:
                values = {"kind": each.related_model._meta.verbose_name, "key": value}
                text = _("The %(kind)s %(key)s is no longer on the desk.")
                raise Conflict(None, None, text % values)
            value = named[each.related_model, value]
        setattr(row, each.name, value)
    return row
