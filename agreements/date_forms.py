"""Partial dates in forms, with their live interpretation."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from agreements.date_words import describe
from agreements.dates import MAX_LENGTH, PartialDate, PartialDateError


def as_validation_error(error: PartialDateError) -> ValidationError:
    """The same refusal for a form or a model, in the reader's language."""
    return ValidationError(gettext_lazy(error.message), code=error.code, params=error.params)


def interpretation(text: str) -> tuple[bool, str]:
    """Whether a text is a date, and either its description or what would be accepted."""
    if not text.strip():
        return True, ""
    try:
        return True, describe(PartialDate.parse(text.strip()))
    except PartialDateError as error:
        return False, gettext(error.message) % error.params


@require_safe
def interpret(request: HttpRequest) -> JsonResponse:
    """GET ?value=…: {"valid": bool, "text": str}, for the line under a date's input."""
    valid, text = interpretation(request.GET.get("value", ""))
    return JsonResponse({"valid": valid, "text": text})


class PartialDateInput(forms.TextInput):
    """A text input with a line under it that says how the date is read.

    The line is a span with the class ``partial-date-reading``. It follows what is typed where
    there is a URL named ``interpret-date``.
    """

    class Media:
        js = ["agreements/partial-date.js"]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        defaults = {"class": "vTextField", "autocomplete": "off", "spellcheck": "false"}
        super().__init__({**defaults, **(attrs or {})})

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        added: dict[str, Any] = {"data-partial-date": True}
        own_id = format_html(' id="{}_reading"', given["id"]) if given.get("id") else ""
        if own_id:
            described_by = [given.get("aria-describedby"), f"{given['id']}_reading"]
            added["aria-describedby"] = " ".join(filter(None, described_by))
        with suppress(NoReverseMatch):
            added["data-interpret-url"] = reverse("interpret-date")
        return format_html(
            '{}<span{} class="partial-date-reading" aria-live="polite">{}</span>',
            super().render(name, value, {**(attrs or {}), **added}, renderer),
            own_id,
            interpretation("" if value is None else str(value))[1],
        )


class PartialDateFormField(forms.CharField):
    """Cleans to a PartialDate, or None when left empty."""

    widget = PartialDateInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MAX_LENGTH, **kwargs})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return PartialDate.parse(text) if text else None
        except PartialDateError as error:
            raise as_validation_error(error) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(None if initial is None else str(initial), data)
