"""A change that came second: what was typed is laid over what was saved meanwhile.

Three states meet: the record as it was when its page was opened, as it is now, and as it was typed.
What was not touched on the page takes the value that is saved now; what was touched stays as it was
typed; where both changed, both values are shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from agreements import history
from agreements.admin.rows import MOST_ROWS
from agreements.differences import Difference, differences
from agreements.exceptions import Conflict
from agreements.models import Change, Versioned
from agreements.snapshots import (
    Relation,
    Snapshot,
    filled,
    named_in,
    relations_of,
    rows_of,
    snapshot,
    written,
)
from agreements.versions import Seen

VERSION = "_version"


@dataclass(frozen=True)
class Clash:
    """A field that two people changed: what the other saved, and what was typed here."""

    label: str
    theirs: str
    mine: str


@dataclass
class Overlay:
    """A refused change: what was saved meanwhile and by whom, and the form to go on with."""

    conflict: Conflict
    post: QueryDict
    changes: list[Change] = field(default_factory=list)
    theirs: list[Difference] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


class Conflicted(forms.BaseModelForm):
    """A form that came second. It is refused, and comes back with what was typed in it."""

    conflict: Overlay

    def clean(self) -> Any:
        cleaned = super().clean()
        self.add_error(None, _("Nothing was saved. Read what changed, then save again."))
        return cleaned


def overlaid(
    admin: Any, request: HttpRequest, obj: Any, record: Versioned, conflict: Conflict
) -> Overlay:
    """Return what becomes of a posted form whose record was changed since it was opened."""
    now = snapshot(history.fresh(record))
    before = now
    outcome = Overlay(conflict, request.POST.copy())
    if conflict.seen is not None:
        before = history.state_of_version(record, conflict.seen) or now
        outcome.changes = list(history.changes_of(record).filter(version__gt=conflict.seen))
        outcome.theirs = differences(record.record_kind, before, now)
    state = _state_of(obj, record, before)
    if state is not None:
        _Overlaying(admin, request, obj, outcome).lay(state)
    return outcome


def anew(admin: Any, request: HttpRequest, told: Seen) -> Overlay:
    """Return what becomes of a posted form whose record was deleted: a form for a new record."""
    changes = Change.objects.filter(kind=told.kind, record_id=told.pk, step=Change.Step.DELETED)
    message = _("The record was deleted meanwhile. To save writes it anew.")
    outcome = Overlay(Conflict(None, told.version, message), request.POST.copy(), list(changes))
    overlaying = _Overlaying(admin, request, None, outcome)
    for formset, _inline in admin.get_formsets_with_inlines(request, None):
        overlaying.make_new(formset.get_default_prefix(), formset.fk.name)
    return outcome


def _state_of(obj: Any, record: Versioned, state: Snapshot) -> Snapshot | None:
    """Return what a state says of the object of a page: the record, or a row that hangs on it."""
    if obj is record:
        return state
    for relation in relations_of(type(record)):
        if isinstance(obj, relation.model):
            key = relation.key(written(obj, relation.parent))
            rows = (row for row in state[relation.name] if relation.key(row) == key)
            return next(rows, None)
    return None


class _Overlaying:
    """Works through a posted form, field by field and row by row."""

    def __init__(self, admin: Any, request: HttpRequest, obj: Any, outcome: Overlay):
        self.admin, self.request, self.obj = admin, request, obj
        self.outcome, self.post = outcome, outcome.post

    def lay(self, before: Snapshot) -> None:
        form = self.admin.get_form(self.request, self.obj, change=True)
        named = named_in(type(self.obj), [before])
        self._fields(form, "", self.obj, filled(self.obj, before, named), before)
        for formset, _inline in self.admin.get_formsets_with_inlines(self.request, self.obj):
            relations = (r for r in relations_of(type(self.obj)) if r.model is formset.model)
            relation = next(relations, None)
            if relation is not None:
                self._rows(formset, relation, before[relation.name])

    def _fields(
        self, form_class: Any, prefix: str, row: Any, then_row: Any, before: Snapshot
    ) -> None:
        """Lay the posted fields of a row over what it is now, given what it was."""
        was, now = form_class(instance=then_row), form_class(instance=row)
        for name, each in now.fields.items():
            if each.disabled:
                continue
            html_name = f"{prefix}{name}"
            then = _initial(was, name, before)
            current = _initial(now, name, None)
            typed = each.widget.value_from_datadict(self.post, {}, html_name)
            if not each.has_changed(then, _data(each, current)):
                continue
            if not each.has_changed(then, typed):
                self._put(each, html_name, current)
            elif each.has_changed(current, typed):
                what = each.label or name
                if prefix:
                    what = f"{row._meta.verbose_name}, {what}"
                self.outcome.clashes.append(
                    Clash(str(what), _shown(each, _data(each, current)), _shown(each, typed))
                )

    def _put(self, each: forms.Field, html_name: str, value: Any) -> None:
        self.post.pop(html_name, None)
        data = _data(each, value)
        if isinstance(each.widget, forms.CheckboxInput):
            if data:
                self.post[html_name] = "on"
        elif isinstance(data, list | tuple):
            self.post.setlist(html_name, [str(item) for item in data])
        else:
            self.post[html_name] = "" if data is None else str(data)

    # Rows of relations

    def _rows(self, formset: Any, relation: Relation, before: list[Snapshot]) -> None:
        prefix = formset.get_default_prefix()
        held = {str(row.pk): row for row in rows_of(relation, self.obj)}
        was = {relation.key(row): row for row in before}
        named = named_in(relation.model, before, relation.parent)
        present = {relation.key(written(row, relation.parent)) for row in held.values()}
        blank = relation.model(**{relation.parent: self.obj})
        gone = [
            filled(blank, row, named, relation.parent)
            for key, row in was.items()
            if key not in present
        ]
        kept, new = [], []
        for number in range(self._count(prefix)):
            key = self.post.get(f"{prefix}-{number}-id", "")
            if key in held:
                row = held.pop(key)
                state = written(row, relation.parent)
                base = was.get(relation.key(state))
                then = filled(row, base, named, relation.parent) if base else row
                self._fields(formset.form, f"{prefix}-{number}-", row, then, base or state)
                kept.append(self._posted(prefix, number))
            elif not key:
                new.append(self._posted(prefix, number))
            elif self._touched(formset, prefix, number, gone):
                new.append({**self._posted(prefix, number), "id": [""]})
                self.outcome.clashes.append(
                    Clash(str(relation.model._meta.verbose_name), _("removed"), _("changed"))
                )
        # What others added since is shown too.
        kept += [self._as_posted(formset, row, relation) for row in held.values()]
        self._write(prefix, kept, new)

    def make_new(self, prefix: str, parent: str) -> None:
        """Make every posted row of a relation a new one, but those that were to be removed."""
        posted = [self._posted(prefix, number) for number in range(self._count(prefix))]
        rows = [{**row, "id": [""], parent: [""]} for row in posted if "DELETE" not in row]
        self._write(prefix, [], rows)

    def _count(self, prefix: str) -> int:
        total = self.post.get(f"{prefix}-TOTAL_FORMS", "")
        return min(int(total), MOST_ROWS) if total.isascii() and total.isdigit() else 0

    def _posted(self, prefix: str, number: int) -> dict[str, list[str]]:
        start = f"{prefix}-{number}-"
        return {
            name.removeprefix(start): values
            for name, values in self.post.lists()
            if name.startswith(start)
        }

    def _touched(self, formset: Any, prefix: str, number: int, gone: list[Any]) -> bool:
        """Whether a row that others removed was changed here, so that none of those gone is it."""
        for row in gone:
            form = formset.form(instance=row, data=self.post, prefix=f"{prefix}-{number}")
            if not any(
                each.has_changed(
                    _initial(form, name, None),
                    each.widget.value_from_datadict(self.post, {}, form.add_prefix(name)),
                )
                for name, each in form.fields.items()
            ):
                return False
        return True

    def _as_posted(self, formset: Any, row: Any, relation: Relation) -> dict[str, list[str]]:
        form = formset.form(instance=row)
        found = {"id": [str(row.pk)], relation.parent: [str(self.obj.pk)]}
        for name, each in form.fields.items():
            data = _data(each, _initial(form, name, None))
            if isinstance(each.widget, forms.CheckboxInput):
                found |= {name: ["on"]} if data else {}
            else:
                found[name] = ["" if data is None else str(data)]
        return found

    def _write(
        self, prefix: str, kept: list[dict[str, list[str]]], new: list[dict[str, list[str]]]
    ) -> None:
        numbered = re.compile(rf"{re.escape(prefix)}-[0-9]+-")
        for name in [name for name in self.post if numbered.match(name)]:
            del self.post[name]
        for number, row in enumerate([*kept, *new]):
            for name, values in row.items():
                self.post.setlist(f"{prefix}-{number}-{name}", values)
        self.post[f"{prefix}-INITIAL_FORMS"] = str(len(kept))
        self.post[f"{prefix}-TOTAL_FORMS"] = str(len(kept) + len(new))


def _initial(form: Any, name: str, state: Snapshot | None) -> Any:
    """Return the value that a field of an unbound form starts with."""
    each: Any = form.fields[name]
    if state is not None and isinstance(each, forms.ModelMultipleChoiceField):
        # An object that is not saved has no members; the state names them.
        members: Any = each.queryset
        key = members.model.NATURAL_KEY[0]
        return list(members.filter(**{f"{key}__in": state[name]}))
    return form.get_initial_for_field(each, name)


def _data(each: forms.Field, value: Any) -> Any:
    """Return a value as the field's own form would post it."""
    return each.prepare_value(value)


def _shown(each: forms.Field, data: Any) -> str:
    """Return what a field's data says, for a person; the data itself where it says nothing."""
    try:
        value = each.clean(data)
    except forms.ValidationError:
        return str(data)
    if isinstance(each, forms.ChoiceField) and not isinstance(each, forms.ModelChoiceField):
        return str(dict(_flat(each.choices)).get(value, value))
    if isinstance(each, forms.ModelMultipleChoiceField):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label
