"""Plans made true on the desk: all of them or none, in as few statements as their number allows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agreements import workflow
from agreements.bulk import insert_rows
from agreements.countries import country_table
from agreements.date_fields import DateBoundField
from agreements.exceptions import Conflict
from agreements.exchange.plans import CHANGED, NEW, Plan, names_people
from agreements.exchange.rows import fill, store_rows
from agreements.history import Way
from agreements.models import Country, Engagement, ReportedTotal, Versioned
from agreements.snapshots import Snapshot, fields_of, named_in
from agreements.versions import Seen, seen, table_of

_A_TIME = 500


@dataclass
class Stored:
    """What an import left: the records it made, those it changed, and countries made for them."""

    created: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    countries: list[Country] = field(default_factory=list)


def store(kind: str, plans: Iterable[Plan], by: str, reason: str, way: str = Way.FILE) -> Stored:
    """Carry out the plans of a kind in one transaction, and note each in the history.

    What is new is a draft, and what changes becomes one. Raises a Conflict where a record is not
    as its plan found it; then nothing is stored.
    """
    waiting = list(plans)
    new = [plan for plan in waiting if plan.outcome == NEW]
    changed = [plan for plan in waiting if plan.outcome == CHANGED]
    try:
        with transaction.atomic():
            _claim(changed)
            stored = Stored(countries=_add_countries(missing_countries([*new, *changed])))
            stored.created = _create(kind, new)
            stored.changed = _update(changed)
            _store_belongings(kind, [*new, *changed], [*stored.created, *stored.changed])
            workflow.record_creations([*stored.countries, *stored.created], by, way, reason)
            _note_edits(changed, stored.changed, by, way, reason)
    except IntegrityError as error:
        text = _("The desk was changed meanwhile, so nothing was stored (%(error)s).")
        raise Conflict(None, None, text % {"error": str(error).splitlines()[0]}) from error
    return stored


def missing_countries(plans: Iterable[Plan]) -> list[str]:
    """Return the codes of the countries that plans name and the desk lacks."""
    named = {code for plan in plans for code in _countries(plan.kind, plan.after)}
    return sorted(named - set(Country.objects.values_list("code", flat=True)))


def _countries(kind: str, state: Snapshot) -> Iterator[str]:
    if kind == "country":
        return
    for name in ("country", "location_country"):
        if state.get(name):
            yield state[name]
    yield from state.get("countries", ())
    yield from (side["country"] for side in state.get("participants", ()))


def _add_countries(codes: list[str]) -> list[Country]:
    return Country.objects.bulk_create(
        Country(code=code, alpha3=country_table()[code]["alpha3"]) for code in codes
    )


def _claim(plans: list[Plan]) -> None:
    """Lock the records of plans. Raises a Conflict where one is not as its plan found it."""
    for some in _parts(plans):
        table = table_of(some[0].record)
        rows = table._base_manager.select_for_update(of=("self",))
        held = {row.pk: row for row in rows.filter(pk__in=[plan.pk for plan in some])}
        for plan in some:
            row = held.get(plan.pk)
            if row is None or _version(row) != _version(plan.record):
                message = _("%(record)s was changed meanwhile; look at it again.")
                raise Conflict(plan.record, plan.record.version, message % {"record": plan.record})


def _version(record: Versioned) -> tuple[int, str]:
    found: Seen = seen(record)
    return found.version, found.state


def _create(kind: str, plans: list[Plan]) -> list[Any]:
    """Return the new records of plans, in their order: what one names in the file comes first."""
    made: dict[str, Any] = {}
    waiting = list(plans)
    while waiting:
        keys = {plan.key for plan in waiting}
        ready = [plan for plan in waiting if not keys.intersection(_above(plan))]
        named = named_in(plans[0].model, [plan.after for plan in ready])
        rows = [fill(plan.model(), plan.after, named) for plan in ready]
        if kind == "country":
            for row in rows:
                row.alpha3 = country_table()[row.code]["alpha3"]
        _insert(rows)
        made |= {plan.key: row for plan, row in zip(ready, rows, strict=True)}
        waiting = [plan for plan in waiting if plan.key not in made]
    return [made[plan.key] for plan in plans]


def _above(plan: Plan) -> set[str]:
    names = ("parent", "predecessor", "origin")
    return {plan.after[name] for name in names if plan.after.get(name)}


def _insert(rows: list[Any]) -> None:
    if not rows or not isinstance(rows[0], Engagement):
        for some in _parts(rows):
            type(some[0])._default_manager.bulk_create(some)
        return
    spine = [_spine(row) for row in rows]
    Engagement.objects.bulk_create(spine, batch_size=_A_TIME)
    for row, above in zip(rows, spine, strict=True):
        row.pk = row.id = above.pk
        row.kind = above.kind
        row._state.adding, row._state.db = False, above._state.db
    # Django makes no rows of a child table together.
    for some in _parts(rows):
        insert_rows(type(some[0]), some)


def _spine(row: Engagement) -> Engagement:
    values = {
        each.attname: getattr(row, each.attname)
        for each in Engagement._meta.concrete_fields
        if not each.primary_key and not isinstance(each, DateBoundField)
    }
    return Engagement(**{**values, "kind": row.RECORD_KIND})


def _update(plans: list[Plan]) -> list[Any]:
    if not plans:
        return []
    named = named_in(plans[0].model, [plan.after for plan in plans])
    _free(plans)
    for plan in plans:
        names = _moved(plan)
        if names:
            fill(plan.record, plan.after, named)
            bounds = {
                each.name
                for each in plan.model._meta.concrete_fields
                if isinstance(each, DateBoundField) and each.source in names
            }
            plan.record.save(update_fields=names | bounds)
    return [plan.record for plan in plans]


def _moved(plan: Plan) -> set[str]:
    """Return the fields of a record that its plan changes."""
    before = plan.before or {}
    names = {each.name for each in fields_of(plan.model)}
    moved = {name for name in names if before[name] != plan.after[name]}
    return moved | ({"ordinal"} if "series" in moved else set())


def _free(plans: list[Plan]) -> None:
    """Let go of what one record alone may have, so that records can exchange it."""
    for name in ("ordinal", "sha256"):
        going = [plan.pk for plan in plans if name in _moved(plan) and plan.before]
        if going:
            plans[0].model._default_manager.filter(pk__in=going).update(**{name: None})


def _store_belongings(kind: str, plans: list[Plan], records: list[Any]) -> None:
    if not plans:
        return
    store_rows(
        plans[0].model,
        [(row, plan.record, plan.after) for plan, row in zip(plans, records, strict=True)],
    )
    for plan, row in zip(plans, records, strict=True):
        if isinstance(row, ReportedTotal):
            row.countries.set(Country.objects.filter(code__in=plan.after["countries"]))


def _note_edits(plans: list[Plan], records: list[Any], by: str, way: str, reason: str) -> None:
    if plans and names_people(plans[0]):
        for record in records:
            workflow.record_edit(record, by, way, reason)
    else:
        workflow.record_edits(records, by, way, reason)


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(items)
    while some := list(islice(source, _A_TIME)):
        yield some
