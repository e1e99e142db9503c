"""Writing past every check in Python, as raw loads do."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction


def raw_save(row: models.Model) -> None:
    """As loaddata saves: without save(), clean() or any validator."""
    models.Model.save_base(row, raw=True)


def refuse(write: Callable[..., Any], *arguments: Any, because: str) -> None:
    def written() -> None:
        with transaction.atomic():
            write(*arguments)
            connection.check_constraints()

    with pytest.raises(DatabaseError) as refusal:
        written()
    assert re.search(because, str(refusal.value)), refusal.value


def changed(record: models.Model, **values: Any) -> Callable[[], int]:
    return lambda: type(record)._base_manager.filter(pk=record.pk).update(**values)
