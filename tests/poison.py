"""A database in which every text that somebody could have written is a program.

Written past forms and validators, as raw loads write, and published past the review: what pages
must be safe against is what tables can hold. `poison` is run beside a server, on its database.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, models, transaction
from django.db.models import Max, Min

from agreements import history, ledger
from agreements.date_fields import PartialDateField
from agreements.models import (
    Change,
    Citation,
    Document,
    DocumentText,
    Engagement,
    FruitlessSearch,
    ImportMapping,
    Participant,
    Person,
    PossibleDuplicate,
    Publication,
    Release,
    ReportedTotal,
    Reviewable,
    Versioned,
)
from tests.payloads import ALL_TOGETHER, PAYLOADS, PROGRAMS, payload

# What others are found by, and what is reckoned: no text of anybody's. Keys are poisoned in rows of
# their own (`_with_poisoned_keys`), since published ones are in addresses.
KEYS = {"slug", "code", "alpha3", "sha256", "verified_against", "headers", "username", "password"}
# The ledger, the history and the counts are appended to by what the desk does, and refuse changes.
WRITTEN_BY_THE_PROGRAM = {
    *("Change", "Publication", "PublicationFacet", "Release", "ColumnCount", "FacetCount"),
    *("CountedUntil", "TextShingle", "Presence"),
}
PERSON = "poisoned"


def text_fields(model: type[models.Model]) -> list[models.Field]:
    """Return the fields of a table in which somebody's text stands."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not isinstance(field, PartialDateField)
        and field.name not in KEYS
    ]


def poisoned_models() -> Iterator[type[models.Model]]:
    """Yield the tables that people write in."""
    for model in (*apps.get_app_config("agreements").get_models(), User, Group):
        if model.__name__ not in WRITTEN_BY_THE_PROGRAM:
            yield model


def value_for(field: models.Field, number: int) -> Any:
    """Return what is put into a field of the row of a number."""
    if isinstance(field, models.JSONField):
        return {payload(number): payload(number + 1)}
    length = field.max_length
    if isinstance(field, models.URLField):
        return PROGRAMS[number % len(PROGRAMS)]
    if length is None or length > len(ALL_TOGETHER):
        return ALL_TOGETHER
    return payload(number, length)


def poison_rows(turn: int = 0) -> tuple[set[str], set[str]]:
    """Fill every row of every table; return the fields that took it, and those that refused it."""
    taken: set[str] = set()
    refused: set[str] = set()
    number = turn
    for model in poisoned_models():
        rows = model._base_manager.all()
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        fields = []
        for field in text_fields(model):
            name = f"{model.__name__}.{field.name}"
            if any(_takes(rows, key, {field.name: value_for(field, 1)}) for key in keys[:20]):
                taken.add(name)
                fields.append(field)
            else:
                refused.add(name)
        for key in keys:
            values = {}
            for field in fields:
                number += 1
                value = value_for(field, number)
                unique = field.unique or field.name in ("text", "name")
                if unique and isinstance(value, str) and field.max_length:
                    value = f"{value[: field.max_length - 8]} {number}"
                values[field.name] = value
            if values and not _takes(rows, key, values):
                for field_name, value in values.items():
                    _takes(rows, key, {field_name: value})
    return taken, refused


def _takes(rows: models.QuerySet, key: Any, values: dict[str, Any]) -> bool:
    """Put texts into a row; return whether the database lets them in."""
    try:
        with transaction.atomic():
            rows.filter(pk=key).update(**values)
    except DatabaseError:
        return False
    return True


def poison(state: str, turn: int = 0) -> None:
    """Poison the database, and write into the state what was taken and where pages are.

    At each turn, another payload is in each field.
    """
    with transaction.atomic():
        _rows_where_there_are_none()
        taken, refused = poison_rows(turn)
        _with_poisoned_keys(turn)
        _edit(turn)
        _publish(turn)
    notes = " ".join(each for each in PAYLOADS if each.isprintable())[:2000]
    call_command("make_release", f"1.{turn}.0", notes=notes, verbosity=0)
    rows = Publication.objects.current().published().order_by("-sequence")
    public = {row.kind: row.slug for row in rows}
    told = {
        "taken": sorted(taken),
        "refused": sorted(refused),
        "desk": _places(),
        "public": public,
        "records": {
            model._meta.model_name: list(model._base_manager.values_list("pk", flat=True))
            for model in _reviewed((Person,))
        },
    }
    Path(state, "poisoned.json").write_text(json.dumps(told), encoding="utf-8")


def _rows_where_there_are_none() -> None:
    """Make a row of what the shipped records have none of, and hold a text of each document."""
    for document in Document.objects.all():
        quotes = [c.quote for c in Citation.objects.filter(document=document) if c.quote]
        text = "\n".join([*PAYLOADS, *quotes])
        DocumentText.objects.get_or_create(document=document, defaults={"text": text})
    first, second = Engagement.objects.order_by("pk")[:2]
    PossibleDuplicate.objects.get_or_create(
        first=first, second=second, defaults={"nearness": 90, "because": {}}
    )
    total = ReportedTotal.objects.first()
    FruitlessSearch.objects.create(
        total=total, sought="x", places="x", searched_on="2026-05-01", by="x"
    )
    document = Document.objects.first()
    mapping = {"kind": "exercise", "document": document, "headers": "a" * 64}
    if not ImportMapping.objects.exists():
        ImportMapping.objects.create(name="x", **mapping)
    Group.objects.get_or_create(name="x")


def _with_poisoned_keys(turn: int) -> None:
    """Add drafts whose keys are programs: they have no page in public, but are in lists."""
    for number, model in enumerate((Document, Person)):
        named = {"title" if model is Document else "name": payload(number + turn)}
        for further in range(4):
            key = f"{payload(number * 4 + further + turn, 90)} {turn}"
            model._base_manager.bulk_create([model(slug=key, **named)])  # type: ignore[attr-defined]
    User.objects.create_user(f"{payload(turn, 140)} {turn}", first_name=payload(2, 150))


def _edit(turn: int) -> None:
    """Note a change of every record by somebody, and for a reason, that are programs."""
    for number, model in enumerate(_reviewed((Person,))):
        who, why = payload(number + turn, 150), payload(number + turn + 7, 300)
        history.note_edits(model._base_manager.all(), who, Change.Way.COMMAND, why)


def _reviewed(more: tuple = ()) -> list[Any]:
    kinds = apps.get_app_config("agreements").get_models()
    found = [m for m in kinds if issubclass(m, Reviewable) and m is not Engagement]
    return [*found, *more]


def _publish(turn: int) -> None:
    """Publish all that is public anew as it is now, and withdraw two records."""
    standing = [
        record
        for model in _reviewed()
        for record in model._base_manager.filter(review_state="published")
    ]
    batch = ledger.in_order(standing)
    with ledger.Publishing(ledger.titles_of(batch)) as publishing:
        for some in ledger.parts(batch):
            publishing.append(some)
    for kind in ("meeting", "exercise"):
        row = Publication.objects.current().published().filter(kind=kind).last()
        assert row is not None
        ledger.append_tombstone(kind, row.slug, PAYLOADS[0], PAYLOADS[2], payload(turn + 3, 300))


def _places() -> dict[str, dict[str, Any]]:
    """Return, by the model's place in an address, what fills the addresses of the desk in."""
    found: dict[str, dict[str, Any]] = {}
    for model in apps.get_app_config("agreements").get_models():
        pk = model._base_manager.aggregate(pk=Min("pk"))["pk"]
        name = str(model._meta.model_name)
        found[name] = {"object_id": pk}
        if pk is not None and issubclass(model, Versioned) and model is not Engagement:
            change = Change.objects.filter(kind=model.RECORD_KIND, record_id=pk).aggregate(
                pk=Max("pk")
            )["pk"]
            found[name] |= {"change": change, "held": "0" * 32}
    side = Participant.objects.first()
    assert side is not None
    changes = Change.objects.filter(kind=side.engagement.kind, record_id=side.engagement_id)
    found["participant"] = {"object_id": side.pk, "change": changes.values_list("pk")[0][0]}
    citation = Citation.objects.exclude(engagement=None).exclude(quote="").first()
    assert citation is not None
    assert citation.engagement is not None
    key = f"{citation.engagement.kind}-{citation.engagement_id}"
    found["document"] |= {
        "object_id": citation.document_id,
        "document": citation.document_id,
        "key": key,
        "change": Change.objects.filter(kind="document", record_id=citation.document_id)
        .values_list("pk")
        .last()[0],
    }
    found["presence"] = {"kind": citation.engagement.kind, "pk": citation.engagement_id}
    found["release"] = {"object_id": Release.objects.latest("pk").pk}
    found["importmapping"] |= {"key": "a" * 32}
    found["group"] = {"object_id": Group.objects.last().pk}
    user = User.objects.exclude(username=PERSON).last()
    found["user"] = {"object_id": user.pk, "id": user.pk}
    person = ContentType.objects.get_for_model(Person)
    found["r"] = {"content_type_id": person.pk, "object_id": found["person"]["object_id"]}
    return found
