"""Django's loaddata, which also refuses what it would take silently.

A key that stands twice in an object, a row that stands twice in a run, bounds that disagree with
their date, and values that no form of the desk would take. Rows that the desk has changed since
they were loaded are kept, with all that belongs to them, unless --overwrite is given; what one
person alone brought to publication is refused; and what a load left of each record goes into its
history.
"""

import io
import json
import os
import sys
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from lzma import LZMAError
from typing import Any
from zipfile import BadZipFile

from django.apps import apps
from django.contrib.auth.models import User
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DatabaseError
from django.db.models import CharField, TextField

from agreements import edited, history, ledger, likeness, models, summary, workflow
from agreements.date_fields import DateBoundField
from agreements.dates import PartialDate, PartialDateError
from agreements.exceptions import WorkflowError
from agreements.fixture_files import FixtureError, rows_of
from agreements.management.outages import TellingOutages
from agreements.models import Reviewable, Versioned
from agreements.models.keys import remembering
from agreements.outages import outage_of
from agreements.records import KINDS_OF_RECORD, load_whole
from agreements.versions import lock_for_load, table_of

# A record by its table and its number there.
Owner = tuple[type[Any], Any]
_AT_A_TIME = 1000
# The fields that name the record that a row is published with; a delegate's is a side's.
OWNERS: dict[type, tuple[str, ...]] = {
    models.ForceName: ("force",),
    models.PersonName: ("person",),
    models.TopicLabel: ("topic",),
    models.EngagementTopic: ("engagement",),
    models.Participant: ("engagement",),
    models.EngagementLink: ("source",),
    models.Citation: ("engagement", "force", "series"),
}
# What people do on the desk that no record and no history has.
OF_THE_DESK_ALONE = (models.ImportMapping, models.PossibleDuplicate, models.FruitlessSearch, User)


class Command(TellingOutages, loaddata.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="also replace records that were changed on the desk since they were loaded",
        )

    def handle(self, *fixture_labels: str, **options: Any) -> None:
        self.overwrite = options["overwrite"]
        self.kept: dict[Owner, str] = {}
        self.judged: dict[Owner, bool] = {}
        self.deleted = set() if self.overwrite else edited.deleted()
        self.absent: set[tuple[Any, tuple[Any, ...]]] = set()
        self.loaded: set[Owner] = set()
        self.sides: dict[int, Any] = {}
        self.shared: dict[int, dict[str, Any]] = {}
        super().handle(*fixture_labels, **options)

    def loaddata(self, fixture_labels: Sequence[str]) -> None:
        # Within the transaction of handle(), so that whatever is refused is rolled back.
        try:
            self._check(fixture_labels)
            with remembering() as self.memory:
                super().loaddata(fixture_labels)
            self._note(fixture_labels)
            ledger.wait_for_publications()
            summary.renew_if_behind()
        except (
            DatabaseError,
            DeserializationError,
            FieldDoesNotExist,
            ObjectDoesNotExist,
            OverflowError,
            TypeError,
            ValidationError,
            ValueError,
            WorkflowError,
        ) as error:
            if outage_of(error):
                raise
            raise CommandError(f"{error} Nothing was loaded.") from error
        for name in self.kept.values():
            self.stdout.write(f"kept as changed on the desk (--overwrite replaces it): {name}")

    def save_obj(self, obj: DeserializedObject) -> bool:
        row: Any = obj.object
        named = {
            (field.related_model, tuple(key))
            for field, key in (obj.deferred_fields or {}).items()
            if isinstance(key, list)
        }
        if not self._stays(row) and not named & self.absent:
            _require_two(row)
            if isinstance(row, models.PublicationFacet):
                self._share(row)
            saved = super().save_obj(obj)
            _require_valid(row)
            self.memory.add_saved(row)
            self.loaded.update(self._owners(row))
            if isinstance(row, models.Publication):
                self.shared[row.pk] = ledger.shared(row)
            return saved
        if row.pk is None:
            # Somebody removed it; what belongs to it stays away with it.
            self.absent.add((type(row), row.natural_key()))
        return False

    def _share(self, row: models.PublicationFacet) -> None:
        """Give a facet what it has of its publication, which fixtures leave out."""
        if row.publication_id not in self.shared:
            publication = models.Publication.objects.get(pk=row.publication_id)
            self.shared[row.publication_id] = ledger.shared(publication)
        for name, value in self.shared[row.publication_id].items():
            setattr(row, name, value)

    def _stays(self, row: Any) -> bool:
        if isinstance(row, models.Publication):
            # The ledger moves on from a row by superseding it; the row itself is the same.
            return type(row).objects.filter(pk=row.pk, sha256=row.sha256).exists()
        if self.overwrite:
            return False
        if isinstance(row, Versioned):
            return self._is_deleted(row) or self._is_ahead((table_of(row), row.pk), row.version)
        if isinstance(row, OF_THE_DESK_ALONE):
            return self._stands(row)
        return any(self._is_ahead(owner) for owner in self._owners(row))

    def _is_deleted(self, row: Versioned) -> bool:
        if row.pk is not None or (row.record_kind, row.record_key) not in self.deleted:
            return False
        told = edited.told_deleted(row.record_kind, row.record_key)
        self.kept[table_of(row), row.record_key] = told
        return True

    def _is_ahead(self, owner: Owner, version: int | None = None) -> bool:
        """Whether the desk has changed a record since it was loaded, or has a later version of it.

        What belongs to a record may come before it, or without it; nothing tells its version then.
        """
        if owner in self.kept:
            return True
        if owner in self.loaded or (version is None and owner in self.judged):
            # The row of its kind comes after that of all engagements, which has the version.
            return False
        table, number = owner
        (held,) = lock_for_load(table, "pk", [number]) or [None]
        ahead = held is not None and (
            held.edited_since_load or (version is not None and held.version > version)
        )
        self.judged[owner] = ahead
        if ahead:
            whole = KINDS_OF_RECORD[held.record_kind]._default_manager.get(pk=number)
            self.kept[owner] = edited.told(whole)
        return ahead

    def _stands(self, row: Any) -> bool:
        """Whether a row that has no version is on the desk; note where it has other values."""
        held = type(row)._default_manager.filter(pk=row.pk).first()
        if held is None:
            return False
        names = [field.attname for field in row._meta.concrete_fields if not _is_of_now(field)]
        if any(_told(held, name) != _told(row, name) for name in names):
            self.kept[type(row), row.pk] = f"{row._meta.model_name} {held}"
        return True

    def _note(self, labels: Sequence[str]) -> None:
        names = ", ".join(os.path.basename(label) for label in labels)[: workflow.REASON_LENGTH]
        for model in KINDS_OF_RECORD.values():
            keys = {pk for table, pk in self.loaded if issubclass(model, table)}
            numbers = sorted(keys)
            for start in range(0, len(numbers), _AT_A_TIME):
                records = load_whole(model, numbers[start : start + _AT_A_TIME])
                history.note_loaded(records, history.Way.FIXTURE, names)
                likeness.refresh_soon(records)

    def _owners(self, row: Any) -> list[Owner]:
        """Return the records that a row belongs to, or is, each by its table and number."""
        if isinstance(row, Versioned):
            return [(table_of(row), row.pk)]
        if isinstance(row, models.Delegate):
            if row.participant_id not in self.sides:
                sides = models.Participant.objects.filter(pk=row.participant_id)
                self.sides[row.participant_id] = sides.values_list("engagement", flat=True).first()
            return [(models.Engagement, self.sides[row.participant_id])]
        if isinstance(row, models.Participant):
            self.sides[row.pk] = row.engagement_id
        fields = (row._meta.get_field(name) for name in OWNERS.get(type(row), ()))
        owners = ((field.related_model, getattr(row, field.attname)) for field in fields)
        return [owner for owner in owners if owner[1] is not None]

    def _check(self, labels: Sequence[str]) -> None:
        self.serialization_formats = serializers.get_public_serializer_formats()
        seen: dict[tuple[str, str], str] = {}
        for label in labels:
            for path, _, _ in self.find_fixtures(label):
                for row in self._rows(path):
                    name = f"{path}: {row['model']} {_key(row)}"
                    if (row["model"], _key(row)) in seen:
                        earlier = seen[row["model"], _key(row)]
                        raise CommandError(f"{name}: stands in {earlier} already.")
                    seen[row["model"], _key(row)] = path
                    for field in _wrong_bounds(row):
                        raise CommandError(f"{name}: {field} disagrees with its date.")

    def _rows(self, path: str) -> list[dict[str, Any]]:
        """Return the rows of a fixture; raise a CommandError where it is none."""
        _, form, compression = self.parse_name(os.path.basename(path))
        formats: dict[str | None, Any] = self.compression_formats
        if compression == "stdin":
            # Read once, here, and handed on.
            text = sys.stdin.read()
            formats["stdin"] = (lambda *args: io.StringIO(text), None)
        opened, mode = formats[compression]
        try:
            with opened(path, mode) as file:
                content = file.read()
            return rows_of(form or "", content)
        except FixtureError as error:
            raise CommandError(f"{path}: {error}.") from error
        except (OSError, EOFError, BadZipFile, LZMAError, zlib.error) as error:
            raise CommandError(f"{path}: cannot be read: {error}.") from error


def _key(row: dict[str, Any]) -> str:
    """Return the row's natural key as it is written, or its primary key, or the whole row."""
    names = dict.fromkeys(name.partition("__")[0] for name in _natural_key(row["model"]))
    if names and all(name in row["fields"] for name in names):
        return json.dumps([row["fields"][name] for name in names], ensure_ascii=False)
    return json.dumps(row.get("pk", row["fields"]), ensure_ascii=False)


def _natural_key(model: Any) -> tuple[str, ...]:
    try:
        return getattr(apps.get_model(model), "NATURAL_KEY", ())
    except (LookupError, TypeError, ValueError, AttributeError):
        return ()


def _wrong_bounds(row: dict[str, Any]) -> Iterator[str]:
    fields = row["fields"]
    try:
        columns = apps.get_model(row["model"])._meta.concrete_fields
        for field in columns:
            if isinstance(field, DateBoundField) and field.name in fields:
                date = PartialDate.parse(fields[field.source]) if fields.get(field.source) else None
                bound = getattr(date, field.bound, None)
                given = fields[field.name]
                if (given and str(given)) != (bound and bound.isoformat()):
                    yield field.name
    except (LookupError, TypeError, ValueError, AttributeError, PartialDateError):
        return


def _is_of_now(field: Any) -> bool:
    return getattr(field, "auto_now", False)


def _told(row: Any, name: str) -> Any:
    """Return a value as a fixture tells it, which has times by the millisecond."""
    value = getattr(row, name)
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return value


def _require_valid(row: Any) -> None:
    """Raise a ValidationError where a form would; no column has the form of a slug or a sum."""
    if row._meta.app_label != "agreements":
        return
    # A row of a kind has not what all kinds have; what is no text the database checks.
    texts = (each for each in row._meta.local_fields if isinstance(each, CharField | TextField))
    own = {each.name for each in texts}
    row.clean_fields(exclude={each.name for each in row._meta.fields} - own)
    if isinstance(row, models.Country):
        given = row.alpha3
        row.clean()
        if row.alpha3 != given:
            raise ValidationError({"alpha3": f"The alpha-3 code of {row.code} is {row.alpha3}."})


def _require_two(row: Any) -> None:
    """Raise a WorkflowError where one person alone brought a row to its publication."""
    if isinstance(row, models.Publication):
        workflow.require_two(row, row.author, row.approver)
    elif isinstance(row, Reviewable) and row.review_state in workflow.AFTER_APPROVAL:
        workflow.require_two(row, row.edited_by, row.approved_by)
