"""The fields of a record as the workbench shows them: each with the passages it rests on."""

from dataclasses import dataclass, field
from typing import Any

from django import forms

from agreements.desk.cited import Passage
from agreements.differences import label
from agreements.models import Citation
from agreements.models.evidence import CITABLE_FIELDS

_WHAT = {
    "agreement": ("title", "title_as_given", "instrument", "status", "date", "participants"),
    "meeting": ("title", "status", "date", "location", "participants", "level"),
    "exercise": ("title", "activity", "status", "date", "location", "participants"),
    "force": ("name", "names", "kind", "country", "established"),
    "series": ("title", "summary"),
}
_SAID = {"meeting": ("summary", "outcomes"), "agreement": ("summary",), "exercise": ("summary",)}
# Public names of fields that are written in several inputs, or in a list of rows instead.
INPUTS: dict[str, tuple[str, ...]] = {
    "location": ("location_name", "location_country"),
    "participants": (),
    "delegates": (),
    "topics": (),
    "links": (),
    "names": (),
}


def inputs_of(name: str) -> tuple[str, ...]:
    """Return the names of the inputs that a public field is written in."""
    return INPUTS.get(name, (name,))


@dataclass(frozen=True)
class Bearing(Passage):
    """A citation with the form of how it bears its field."""

    quotation: Citation
    details: forms.ModelForm | None = None


@dataclass
class FieldRow:
    """A field of the public record: its inputs, its passages, and what is amiss with it."""

    name: str
    label: str
    inputs: list[forms.BoundField]
    passages: list[Bearing] = field(default_factory=list)
    lacks: bool = False
    rows: list[Any] = field(default_factory=list)

    @property
    def said(self) -> bool:
        """Whether the record says anything in it, or anything was cited for it."""
        return bool(self.values or self.passages or self.lacks or self.rows or self._faulty)

    @property
    def values(self) -> list[str]:
        """What the record says in it, for whoever may only read; nothing where it is as usual."""
        return [text for each in self.inputs if (text := _shown(each))]

    @property
    def _faulty(self) -> bool:
        return any(each.errors for each in self.inputs)


def _shown(bound: forms.BoundField) -> str:
    form: Any = bound.form
    record = form.instance
    column = record._meta.get_field(bound.name)
    if getattr(record, column.attname) == column.get_default():
        return ""
    display = getattr(record, f"get_{bound.name}_display", None)
    return str(display() if display else getattr(record, bound.name) or "")


def layout(kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fields of a kind that are always shown, and those only shown where in use."""
    shown = (*_WHAT[kind], *_SAID.get(kind, ()))
    return shown, tuple(name for name in CITABLE_FIELDS[kind] if name not in shown)


def field_label(model: Any, name: str) -> str:
    """Return what a field is called on the page."""
    text = label(model, name)
    return text[:1].upper() + text[1:]
