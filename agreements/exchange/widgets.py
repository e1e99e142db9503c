"""How cells are read and written: a widget of django-import-export for each form of a value.

`clean` takes a cell to what `agreements.snapshots` writes of a record, `render` takes it back.
Both know other records by their keys. `clean` raises a ValidationError, or a CellError.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext as _
from import_export.widgets import Widget  # type: ignore[import-untyped]

from agreements.date_fields import PartialDateField
from agreements.exchange.cells import CellError, read_list, write_list
from agreements.exchange.register import Register
from agreements.text import has_control_characters, is_seen

_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_SHOWN = 60


def clean_text(cell: str) -> str:
    """Return a cell's text without spaces around it, its lines as the desk keeps them.

    Raises a CellError where it has control characters, or nothing that is seen.
    """
    text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    if has_control_characters(text):
        raise CellError(_("Leave out the control characters."))
    if text and not is_seen(text):
        raise CellError(_("Write something that can be seen."))
    return text


class CellWidget(Widget):
    """What widgets here share."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return self.read(clean_text(value or ""), kwargs["register"])

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.write(value)

    def read(self, cell: str, register: Register) -> Any:
        """Return the value that a cell holds."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """Return the cell that holds a value."""
        return "" if value is None else str(value)


class ValueWidget(CellWidget):
    """A value of a model's field that names no other record."""

    def __init__(self, field: models.Field, choices: list[str] | None = None) -> None:
        super().__init__()
        self.field = field
        self.choices = choices or [value for value, _label in field.flatchoices]

    def read(self, cell: str, register: Register) -> Any:
        if isinstance(self.field, models.CharField) and "\n" in cell:
            # As the desk's own forms refuse it.
            raise CellError(_("Write it on one line."))
        return cleaned(self.field, cell, self.choices)


class TruthWidget(CellWidget):
    """Yes, no and, where the field allows it, nothing."""

    def __init__(self, field: models.Field) -> None:
        super().__init__()
        self.field = field

    def read(self, cell: str, register: Register) -> Any:
        if not cell:
            return self.field.get_default()
        if cell.lower() not in _TRUTH:
            raise CellError(_("“%(text)s”: write true or false.") % {"text": cell[:_SHOWN]})
        return _TRUTH[cell.lower()]

    def write(self, value: Any) -> str:
        return {True: "true", False: "false"}.get(value, "")


class ReferenceWidget(CellWidget):
    """The key of another record."""

    def __init__(self, field: models.Field, kind: str) -> None:
        super().__init__()
        self.field, self.kind = field, kind

    def read(self, cell: str, register: Register) -> Any:
        if not cell:
            if not self.field.blank:
                raise ValidationError(self.field.error_messages["blank"])
            return None
        return register.country(cell) if self.kind == "country" else register.named(self.kind, cell)


class CountryWidget(CellWidget):
    """The code of a state, as the key of its record."""

    def read(self, cell: str, register: Register) -> Any:
        return register.country(cell)


class CountriesWidget(CellWidget):
    """The codes of several countries."""

    def read(self, cell: str, register: Register) -> Any:
        return sorted({register.country(code) for code in read_list(cell)})

    def write(self, value: Any) -> str:
        return write_list(value)


def cleaned(field: models.Field, text: str, choices: list[str] | None = None) -> Any:
    """Return a text as a field's value. Raises a ValidationError, or a CellError for choices."""
    if choices and text and text not in choices:
        raise CellError(
            _("“%(text)s”: write one of %(choices)s.")
            % {"text": text[:_SHOWN], "choices": ", ".join(choices)}
        )
    empty = None if field.null else ""
    value = field.clean(text or empty, None)
    if field.max_length and not isinstance(field, PartialDateField):
        # Django leaves the length of a TextField to forms.
        MaxLengthValidator(field.max_length)(value or "")
    return value if value is None or isinstance(value, bool | int) else str(value)
