"""The ways in which people change records of the desk, each taken at random."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from agreements import merging, workflow
from agreements.exceptions import AgreementsError
from agreements.models import Citation, Delegate, Meeting, Participant, Reviewable
from agreements.records import KINDS_OF_RECORD
from agreements.snapshots import relations_of
from drills.fuzzing.desk_pages import forms_of

_BY = "another-analyst"
_OWN_WORDS = ("title", "summary", "name", "note", "outcomes", "area", "publisher", "what")
_client = Client(headers={"host": "127.0.0.1"})


def prepare() -> None:
    """Make the account that uses the pages."""
    _client.force_login(User.objects.create_superuser(_BY))


def edited_by(way: str, chance: Random, folder: Path) -> str:
    """Change a record in a way; return its kind and key, "" where that way was not open to it."""
    try:
        record = WAYS[way](chance, folder)
    except (AgreementsError, CommandError):
        return ""
    return f"{record.record_kind} {record.record_key}" if record is not None else ""


def _any(chance: Random) -> Any:
    model: Any = chance.choice(list(KINDS_OF_RECORD.values()))
    return chance.choice(list(model.objects.order_by("pk")))


def _field_of_a_form(chance: Random, _folder: Path) -> Any:
    record = _any(chance)
    return _posted(chance, record, lambda name: name.rpartition("-")[2] in _OWN_WORDS)


def _row_of_a_form(chance: Random, _folder: Path) -> Any:
    record = _any(chance)
    return _posted(chance, record, lambda name: name.endswith("-id"), removed=True)


def _posted(chance: Random, record: Any, fits: Callable[[str], bool], removed: bool = False) -> Any:
    """Change a value on a record's page, or tick that one of its rows is to go, and save it."""
    address = reverse(f"admin:agreements_{record._meta.model_name}_change", args=[record.pk])
    version = record.version
    forms = forms_of(_client.get(address).content, address)
    values = max((form[2] for form in forms), key=len)
    places = [at for at, (name, value) in enumerate(values) if fits(name) and value]
    if not places:
        return None
    name, value = values[chance.choice(places)]
    posted: dict[str, list[str]] = {}
    for each, held in values:
        posted.setdefault(each, []).append(held or "")
    if removed:
        posted[name.removesuffix("id") + "DELETE"] = ["on"]
    else:
        posted[name] = [f"{value} as an analyst has it"]
    _client.post(address, posted)
    record.refresh_from_db()
    return record if record.version != version else None


def _row(chance: Random, _folder: Path) -> Any:
    """Remove or change a row that hangs on a record, as commands and the workbench do."""
    record = _any(chance)
    relations = [each for each in relations_of(type(record)) if list(each.rows(record))]
    if not relations:
        return None
    relation = chance.choice(relations)
    row = chance.choice(list(relation.rows(record)))
    if isinstance(row, Participant) and row.delegates.exists() and chance.random() < 0.5:
        Delegate.objects.filter(participant=row).update(position="As an analyst has it")
    elif isinstance(row, Citation) and chance.random() < 0.5:
        Citation.objects.filter(pk=row.pk).update(note="As an analyst has it")
    else:
        row.delete()
    workflow.record_edit(record, _BY)
    return record


def _withdrawn(chance: Random, _folder: Path) -> Any:
    record = _any(chance)
    if not isinstance(record, Reviewable) or record.review_state != "published":
        return None
    workflow.withdraw(record, "reviewer", "A mistake.")
    return record


def _published_again(chance: Random, folder: Path) -> Any:
    record = _field_of_a_form(chance, folder)
    if not isinstance(record, Reviewable):
        return record
    workflow.submit(record, _BY)
    workflow.approve(record, "reviewer")
    workflow.publish([record])
    return record


def _merged(chance: Random, _folder: Path) -> Any:
    meetings = list(Meeting.objects.filter(review_state="published").order_by("pk"))
    if len(meetings) < 2:
        return None
    loser, heir = chance.sample(meetings, 2)
    merging.merge(loser, heir, "reviewer", "They are one.")
    return loser


def _file(chance: Random, folder: Path) -> Any:
    record = chance.choice(list(Meeting.objects.order_by("pk")))
    path = folder / "meetings.csv"
    path.write_text(f"slug,title\n{record.slug},As an analyst has it\n", encoding="utf-8")
    version = record.version
    call_command("import_records", "meeting", str(path), by=_BY, verbosity=0)
    record.refresh_from_db()
    return record if record.version != version else None


WAYS: dict[str, Callable[[Random, Path], Any]] = {
    "a field on a page": _field_of_a_form,
    "a row on a page": _row_of_a_form,
    "a row": _row,
    "withdrawn": _withdrawn,
    "published again": _published_again,
    "merged": _merged,
    "a file": _file,
}
