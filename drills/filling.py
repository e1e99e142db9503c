"""Rows for every table of the app: the shipped records, and one row where they have none."""

from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import models
from django.utils import timezone

from agreements.models import Publication, Release

NOW = timezone.now()
_BY_TYPE: dict[type[models.Field], Any] = {
    models.DateTimeField: NOW,
    models.DateField: date(2026, 5, 1),
    models.BooleanField: False,
    models.JSONField: {},
    models.IntegerField: 1,
}
# What a table asks for that its columns do not tell.
_AND_ALSO: dict[str, tuple[str, ...]] = {"FruitlessSearch": ("engagement",)}


def fill() -> None:
    """Load the shipped records into empty tables, and add a row wherever there is none."""
    call_command("load_fixtures", verbosity=0)
    users = get_user_model().objects
    if not users.filter(username="analyst").exists():
        users.create_superuser("analyst")
    fill_again()


def fill_again() -> None:
    """Add a row to each table of the app that has none, those that others name first."""
    every = apps.get_app_config("agreements").get_models()
    waiting = [model for model in every if not any_of(model)]
    while waiting:
        ready = [model for model in waiting if all(map(any_of, _named(model)))]
        for model in ready or waiting:
            row = model(**{field.name: value for field, value in _values(model)})
            if isinstance(row, Release):
                _be_of_the_head(row)
            # As it is, whatever save() would make of it.
            models.Model.save_base(row, raw=False, force_insert=True)
            waiting.remove(model)


def _be_of_the_head(release: Release) -> None:
    """Have a release tell the truth of the ledger, which is verified against it."""
    head = Publication.objects.order_by("sequence").last()
    assert head is not None
    release.head_sequence, release.head_sha256 = head.sequence, head.sha256


def any_of(model: type[models.Model]) -> bool:
    """Return whether a table has a row."""
    return model._base_manager.exists()


def _named(model: type[models.Model]) -> list[type[models.Model]]:
    """Return the tables that a row of this one has to name."""
    return [
        _table(field)
        for field in model._meta.concrete_fields
        if field.is_relation and not field.null and _table(field) is not model
    ]


def _table(field: models.Field) -> type[models.Model]:
    """Return the table that a relation names."""
    table = field.related_model
    assert isinstance(table, type)
    return table


def _values(model: type[models.Model]) -> list[tuple[models.Field, Any]]:
    """Return what a row must have, by its fields."""
    found: list[tuple[models.Field, Any]] = []
    for field in model._meta.concrete_fields:
        needed = not field.null and (field.is_relation or not field.has_default())
        if field.auto_created or not (needed or field.name in _AND_ALSO.get(model.__name__, ())):
            continue
        if field.is_relation:
            # Another row for each field that names the same table.
            rows = _table(field)._base_manager.order_by("pk")
            before = sum(other.related_model is field.related_model for other, _ in found)
            found.append((field, rows[before]))
        elif field.choices:
            found.append((field, field.flatchoices[0][0]))
        elif isinstance(field, models.CharField | models.TextField):
            # Hashes are as long as they are; anything else is a word.
            found.append((field, "d" * 64 if field.max_length == 64 else "drill"))
        else:
            kind = next(kind for kind in _BY_TYPE if isinstance(field, kind))
            found.append((field, _BY_TYPE[kind]))
    return found
