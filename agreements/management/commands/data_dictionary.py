"""Print the data dictionary: `manage.py data_dictionary > docs/data-dictionary.md`."""

import inspect
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models
from django.utils import translation

from agreements.date_fields import DateBoundField

HEAD = """# Data dictionary

The tables of the desk and of the ledger, from the models themselves
(`manage.py data_dictionary > docs/data-dictionary.md`; a test holds it in step).
A column of type PartialDate has two more beside it, `…_earliest` and `…_latest`: the first and last
day that it can mean, derived from it, and not listed here.
"""


class Command(BaseCommand):
    help = "Print every table and column with its meaning, as Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            self.stdout.write("\n".join(lines()), ending="")


def lines() -> Iterator[str]:
    """Yield the dictionary's lines."""
    yield HEAD
    for model in sorted(apps.get_app_config("agreements").get_models(), key=lambda m: m.__name__):
        yield f"## {model.__name__}\n"
        yield inspect.cleandoc(model.__doc__ or "") + "\n"
        yield "| column | type | empty | meaning |\n|---|---|---|---|"
        local = [*model._meta.local_fields, *model._meta.local_many_to_many]
        for field in local:
            hidden = (field.primary_key and field.auto_created) or isinstance(field, DateBoundField)
            if not hidden:
                yield row(field)
        yield ""


def row(field: models.Field) -> str:
    """Return a column's line."""
    kind = type(field).__name__.removesuffix("Field")
    if field.is_relation:
        kind = f"{kind} to {field.related_model.__name__}"  # type: ignore[union-attr]
    elif field.max_length:
        kind = f"{kind} ({field.max_length})"
    empty = "yes" if field.null or field.blank else "no"
    meaning = str(field.help_text or field.verbose_name).replace("|", "\\|")
    if field.choices:
        named = ", ".join(f"`{value}`" for value, _ in field.flatchoices)
        meaning = f"{meaning} One of {named}."
    return f"| `{field.name}` | {kind} | {empty} | {meaning} |"
