"""Fields that choose other records, with search; what a page shows as chosen is read together."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError

_LARGEST_KEY = 2**63 - 1


def is_key(text: str) -> bool:
    """Whether a text can be a primary key at all."""
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= _LARGEST_KEY


class Chosen:
    """The records that one field has chosen on all rows of a page, read in one query.

    The rows may still grow in number until the first record is asked for.
    """

    def __init__(self, name: str, rows: Iterable[forms.BaseForm]):
        self.name, self.rows = name, rows

    @cached_property
    def _records(self) -> dict[str, Any]:
        queryset: Any = None
        keys = set()
        for row in self.rows:
            queryset = row.fields[self.name].queryset  # type: ignore[attr-defined]
            keys.add(str(row[self.name].value()))
        known = queryset.filter(pk__in=filter(is_key, keys)) if keys else ()
        return {str(record.pk): record for record in known}

    def get(self, key: Any) -> Any:
        """Return the record with a key; None where no row has chosen it or there is none."""
        return self._records.get(str(key))


class KnownRecord(forms.ModelChoiceField):
    """A record by its key; on a page of many rows out of those that were read for all of them."""

    chosen: Chosen | None = None

    def to_python(self, value: Any) -> Any:
        known = self.chosen.get(value) if self.chosen is not None else None
        return known if known is not None else super().to_python(value)


class KnownRecords(forms.ModelMultipleChoiceField):
    """Several records by their keys; a key beyond what the database takes is a form error."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if not is_key(str(key)):
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": key})
        return super().clean(value)


class KnownSelect(AutocompleteSelect):
    """A select with search, shown again after a value that is no key instead of failing on it."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        keys = list(filter(is_key, value))
        field: Any = self.choices.field
        if field.chosen is None:
            return super().optgroups(name, keys, attr)
        records = filter(None, map(field.chosen.get, keys))
        options = [(record.pk, field.label_from_instance(record), True) for record in records]
        if not self.is_required:
            options.insert(0, ("", "", False))
        return [
            (None, [self.create_option(name, *option, index)], index)
            for index, option in enumerate(options)
        ]


class KnownSelectMultiple(AutocompleteSelectMultiple):
    """The same for several records."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, list(filter(is_key, value)), attr)
