"""Each kind of record as a resource of django-import-export: its columns, and how a row is read.

A resource does not touch the desk: its instances are plans, so that what an import would do is
known, and checked, before anything is stored. `storing` carries plans out.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from import_export.fields import Field  # type: ignore[import-untyped]
from import_export.resources import Resource  # type: ignore[import-untyped]

from agreements.exchange.cells import CellError
from agreements.exchange.checks import check_row
from agreements.exchange.columns import COLUMNS, REQUIRED, key_column, key_in
from agreements.exchange.delegations import with_delegates
from agreements.exchange.matching import ALIKE, matched
from agreements.exchange.plans import UNCHANGED, Plan, blank, plan_of
from agreements.exchange.row_widgets import (
    CitationsWidget,
    DelegatesWidget,
    LinksWidget,
    NamesWidget,
    SidesWidget,
    TopicsWidget,
)
from agreements.exchange.widgets import (
    CellWidget,
    CountriesWidget,
    CountryWidget,
    ReferenceWidget,
    TruthWidget,
    ValueWidget,
)
from agreements.models import STATUSES, EngagementKind, ForceName, PersonName, TopicLabel
from agreements.records import KINDS_OF_RECORD, whole

_A_TIME = 500
_FORCE_NAME = ("text", "language", "kind", "period")
_NAME = ("text", "language")


class Cell(Field):
    """A column that sets, or shows, one part of a plan's state."""

    def save(self, instance: Plan, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        name, value = str(self.attribute), self.clean(row, **kwargs)
        instance.given.add(name)
        if name == "delegates":
            with_delegates(instance, value)
        elif name in ALIKE:
            instance.after[name] = matched(name, instance.after[name], value)
        else:
            instance.after[name] = value

    def clean(self, row: Any, **kwargs: Any) -> Any:
        return self.widget.clean(row[self.column_name], row=row, **kwargs)

    def export(self, instance: Plan, **kwargs: Any) -> str:
        name = "participants" if self.attribute == "delegates" else str(self.attribute)
        return self.widget.render(instance.after[name])


class Whole:
    """Finds the records that rows are of, all of them together. An instance loader."""

    def __init__(self, resource: "RecordResource", dataset: Any) -> None:
        column = key_column(resource.record_kind)
        self.kind, self.column = resource.record_kind, column
        self.found: dict[str, Any] = {}
        cells = dataset[column] if dataset.height else []
        keys = sorted({key_in(self.kind, str(cell)) for cell in cells})
        model = KINDS_OF_RECORD[resource.record_kind]
        for start in range(0, len(keys), _A_TIME):
            some = whole(model).filter(**{f"{column}__in": keys[start : start + _A_TIME]})
            self.found |= {record.record_key: record for record in some}

    def get_instance(self, row: Any) -> Any:
        """Return the record that a row is of, None where it is new."""
        return self.found.get(key_in(self.kind, str(row[self.column])))


class RecordResource(Resource):
    """The records of one kind."""

    record_kind: str

    class Meta:
        instance_loader_class = Whole
        skip_diff = True
        store_instance = True
        use_transactions = False

    def get_import_id_fields(self) -> list[str]:
        return [key_column(self.record_kind)]

    def get_instance(self, instance_loader: Any, row: Any) -> Plan | None:
        record = instance_loader.get_instance(row)
        return plan_of(record) if record is not None else None

    def init_instance(self, row: Any = None) -> Plan:
        return blank(self.record_kind, 0)

    def after_init_instance(self, instance: Plan, new: bool, row: Any, **kwargs: Any) -> None:
        instance.number = kwargs["numbers"][kwargs["row_number"] - 1]
        kwargs["plans"].append(instance)

    def import_instance(self, instance: Plan, row: Any, **kwargs: Any) -> None:
        """Read the cells of a row; what is wrong with any of them goes to the plan's problems."""
        for field in self.get_import_fields():
            name = str(field.column_name)
            try:
                self.import_field(field, instance, row, **kwargs)
            except CellError as error:
                instance.problems.append((name, str(error)))
            except ValidationError as error:
                instance.problems += [(name, message) for message in error.messages]
        check_row(instance, REQUIRED[self.record_kind])

    def skip_row(self, instance: Plan, *args: Any, **kwargs: Any) -> bool:
        return instance.outcome == UNCHANGED

    def validate_instance(self, instance: Plan, *args: Any, **kwargs: Any) -> None:
        if instance.problems:
            raise ValidationError([message for _column, message in instance.problems])

    def save_instance(self, instance: Plan, *args: Any, **kwargs: Any) -> None:
        """Store nothing: plans are carried out together, in a transaction of their own."""

    def save_m2m(self, instance: Plan, *args: Any, **kwargs: Any) -> None:
        """Store nothing, as above."""

    def get_queryset(self) -> models.QuerySet:
        return KINDS_OF_RECORD[self.record_kind]._default_manager.all()

    def iter_queryset(self, queryset: models.QuerySet) -> Iterator[Plan]:
        return (plan_of(record) for record in in_parts(queryset, self.record_kind))


def in_parts(queryset: models.QuerySet, kind: str) -> Iterator[Any]:
    """Yield the records of a queryset whole, a part at a time, in the order of their keys."""
    column = key_column(kind)
    numbers = list(queryset.order_by(column).values_list("pk", flat=True))
    for start in range(0, len(numbers), _A_TIME):
        rows = whole(KINDS_OF_RECORD[kind]).filter(pk__in=numbers[start : start + _A_TIME])
        yield from rows.order_by(column)


def resource_of(kind: str) -> RecordResource:
    """Return the resource of a kind of record."""
    return _RESOURCES[kind]()


def export_rows(kind: str, queryset: models.QuerySet) -> Iterator[list[str]]:
    """Yield the cells of each record, in the order of `columns.COLUMNS`."""
    resource = resource_of(kind)
    return (resource.export_resource(plan) for plan in resource.iter_queryset(queryset))


def _widget(kind: str, column: str) -> CellWidget:
    """Return the widget of a column: one of its own, or that of the model's field."""
    rows: dict[str, Any] = {
        "participants": SidesWidget,
        "delegates": DelegatesWidget,
        "topics": TopicsWidget,
        "links": LinksWidget,
        "countries": CountriesWidget,
    }
    if column in rows:
        return rows[column]()
    if column == "citations":
        return CitationsWidget(kind)
    if column == "labels":
        return NamesWidget(TopicLabel, _NAME, ("language",), "Tìm kiếm cứu nạn | vi")
    if column == "names" and kind == "force":
        form = "Cảnh sát biển Việt Nam | vi | official | 1998/.."
        return NamesWidget(ForceName, _FORCE_NAME, _NAME, form)
    if column == "names":
        return NamesWidget(PersonName, _NAME, _NAME, "Nguyễn Văn A | vi")
    if kind == "country":
        return CountryWidget()
    field: Any = KINDS_OF_RECORD[kind]._meta.get_field(column)
    if field.remote_field:
        return ReferenceWidget(field, field.related_model.RECORD_KIND)
    if isinstance(field, models.BooleanField):
        return TruthWidget(field)
    of_kind = STATUSES[EngagementKind(kind)].values if column == "status" else None
    return ValueWidget(field, of_kind)


def _made(kind: str) -> type[RecordResource]:
    cells = {name: Cell(name, name, _widget(kind, name)) for name in COLUMNS[kind]}
    meta = type("Meta", (RecordResource.Meta,), {"import_order": COLUMNS[kind]})
    body = {"record_kind": kind, "Meta": meta, "__doc__": f"Records of the kind {kind}.", **cells}
    return type(f"{kind.capitalize()}Resource", (RecordResource,), body)


_RESOURCES = {kind: _made(kind) for kind in COLUMNS}
