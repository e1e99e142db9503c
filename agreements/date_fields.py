"""Partial dates in models, forms and the interface: see dates.py for the dates themselves."""

from __future__ import annotations

import datetime
from contextlib import suppress
from functools import cached_property
from typing import Any

from django import forms
from django.core import checks
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils.dates import MONTHS
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from agreements.dates import MAX_LENGTH, PartialDate, PartialDateError, Point


def as_validation_error(error: PartialDateError) -> ValidationError:
    """The same refusal for a form or a model, in the reader's language."""
    return ValidationError(gettext_lazy(error.message), code=error.code, params=error.params)


class PartialDateAttribute(DeferredAttribute):
    """Turns text into a PartialDate on assignment; text that is no date stays as it is.

    Assignment must not raise, or forms and full_clean() could not report the text.
    """

    @cached_property
    def bounds(self) -> list[str]:
        return [
            bound.attname
            for bound in self.field.model._meta.local_fields
            if isinstance(bound, DateBoundField) and bound.source == self.field.name
        ]

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = _lenient(value)
        # Bounds follow the date, so they are never deferred where it is loaded: save() would
        # otherwise leave them out and store a new date beside old bounds.
        for bound in self.bounds:
            instance.__dict__.setdefault(bound, None)


def _lenient(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return PartialDate.parse(value) if value else None
        except PartialDateError:
            pass
    return value


class PartialDateField(models.CharField):
    """An EDTF date, stored as its text. In Python a PartialDate, or None.

    A text that is no date can be assigned, and read back from a row that was edited by hand, but
    cleaning or saving it raises ValidationError.
    """

    description = gettext_lazy("Date, as precise as it is known (EDTF)")
    descriptor_class = PartialDateAttribute
    empty_strings_allowed = False
    # What django-stubs takes the attribute of an instance to be.
    _pyi_private_set_type: PartialDate | str | None  # type: ignore[assignment]
    _pyi_private_get_type: PartialDate | None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return _lenient(value)

    def to_python(self, value: Any) -> PartialDate | None:
        if value is None or value == "":
            return None
        if isinstance(value, PartialDate):
            return value
        try:
            return PartialDate.parse(str(value))
        except PartialDateError as error:
            raise as_validation_error(error) from None

    def run_validators(self, value: Any) -> None:
        # The validators are those of a CharField, and measure text.
        super().run_validators(str(value) if isinstance(value, PartialDate) else value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # update_or_create() saves, besides its defaults, the fields that define this method: as
        # DateBoundField does, the date has to, for both to be saved together.
        return super().pre_save(model_instance, add)

    def get_prep_value(self, value: Any) -> Any:
        date = super().get_prep_value(value)
        return date.edtf if isinstance(date, PartialDate) else date

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        from django.contrib.admin.widgets import AdminTextInputWidget

        # The admin asks for its own text input for every kind of CharField.
        if kwargs.get("widget") is AdminTextInputWidget:
            del kwargs["widget"]
        return super().formfield(**{"form_class": PartialDateFormField, **kwargs})


class DateBoundAttribute:
    """Computes a bound from its date, whatever was assigned.

    ``loaddata`` and ``bulk_create`` skip save() and clean(), but not this.
    """

    def __init__(self, field: DateBoundField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        date = getattr(instance, self.field.source)
        return getattr(date, self.field.bound) if isinstance(date, PartialDate) else None

    def __set__(self, instance: models.Model, value: Any) -> None:
        # Django takes a field for deferred unless its name is in here.
        instance.__dict__[self.field.attname] = None


class DateBoundField(models.DateField):
    """The "earliest" or "latest" day of the PartialDateField named ``source``, as a column.

    Read-only on an instance. ``QuerySet.update()`` and ``bulk_update()`` write columns and see no
    instance, and so does ``bulk_create()`` when it updates: name the bounds along with the date
    in ``bulk_update()`` and ``update_fields``, and never set a date by ``update()``.
    """

    description = gettext_lazy("First or last day of a partial date")
    descriptor_class = DateBoundAttribute
    defaults = {
        "null": True,
        "blank": True,
        "editable": False,
        "serialize": False,
        "db_index": True,
    }
    _pyi_private_get_type: datetime.date | None  # type: ignore[assignment]

    def __init__(self, source: str, bound: str, *args: Any, **kwargs: Any) -> None:
        if bound not in ("earliest", "latest"):
            raise ValueError(f"A bound is 'earliest' or 'latest', not {bound!r}.")
        self.source = source
        self.bound = bound
        super().__init__(*args, **{**self.defaults, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for option, default in self.defaults.items():
            kwargs.pop(option, None)
            if getattr(self, option) != default:
                kwargs[option] = getattr(self, option)
        return name, path, [self.source, self.bound, *args], kwargs

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        named = {field.name: field for field in self.model._meta.local_fields}
        if isinstance(named.get(self.source), PartialDateField):
            return super().check(**kwargs)
        message = f"'{self.source}' is not a PartialDateField of the same model."
        return [*super().check(**kwargs), checks.Error(message, obj=self, id="agreements.E001")]


@receiver(pre_save, dispatch_uid="agreements.date_fields.bounds")
def _refuse_half_a_date(
    sender: type[models.Model],
    instance: models.Model,
    update_fields: frozenset[str] | None = None,
    **kwargs: Any,
) -> None:
    """Raise ValueError if save(update_fields=…) would part a date from its bounds.

    Connected to every sender, since proxies and children send their own class.
    """
    if not update_fields:
        return
    for field in sender._meta.concrete_fields:
        if not isinstance(field, DateBoundField) or field.source not in instance.__dict__:
            continue
        if (field.name in update_fields) != (field.source in update_fields):
            raise ValueError(
                f"update_fields must have '{field.source}' and '{field.name}' together, or neither."
            )


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


_QUALIFIED = {
    "?": gettext_lazy("%(date)s, uncertain"),
    "~": gettext_lazy("about %(date)s"),
    "%": gettext_lazy("about %(date)s, uncertain"),
}
_YEAR_QUALIFIED = {
    "?": gettext_lazy("%(date)s, year uncertain"),
    "~": gettext_lazy("%(date)s, year approximate"),
    "%": gettext_lazy("%(date)s, year approximate and uncertain"),
}
_MONTH_QUALIFIED = {
    "?": gettext_lazy("%(date)s, year and month uncertain"),
    "~": gettext_lazy("%(date)s, year and month approximate"),
    "%": gettext_lazy("%(date)s, year and month approximate and uncertain"),
}
_SEASONS = {
    "21": gettext_lazy("spring %(year)s"),
    "22": gettext_lazy("summer %(year)s"),
    "23": gettext_lazy("autumn %(year)s"),
    "24": gettext_lazy("winter %(year)s"),
}


def describe(value: PartialDate) -> str:
    """A value in words with the days it can mean, in the language now active.

    "September 2015: 1 to 30 September 2015"
    """
    reading = _reading(value)
    if not value.year_known:
        reading = gettext("%(date)s, year unknown") % {"date": reading}
    first, last = value.earliest, value.latest
    if first and last:
        if all(point and point.day.isdecimal() for point in value.ends):
            return reading
        days = _days(str(first.year), first.month, first.day, str(last.year), last.month, last.day)
        return gettext("%(date)s: %(days)s") % {"date": reading, "days": days}
    if first:
        return gettext("%(date)s: first day %(day)s, no last day") % {
            "date": reading,
            "day": _date(str(first.day), first.month, str(first.year)),
        }
    if last:
        return gettext("%(date)s: no first day, last day %(day)s") % {
            "date": reading,
            "day": _date(str(last.day), last.month, str(last.year)),
        }
    return gettext("%(date)s: no bounds") % {"date": reading}


def _reading(value: PartialDate) -> str:
    start, end = value.ends[0], value.ends[-1]
    if len(value.ends) == 1:
        return _point(start)
    if start is None:
        if value.edtf.startswith(".."):
            return gettext("until %(date)s") % {"date": _point(end)}
        return gettext("from an unknown day until %(date)s") % {"date": _point(end)}
    if end is None:
        if value.edtf.endswith(".."):
            return gettext("from %(date)s on") % {"date": _point(start)}
        return gettext("from %(date)s until an unknown day") % {"date": _point(start)}
    if start.day.isdecimal() and end.day.isdecimal() and not value.qualified:
        years = ["" if point.year == "XXXX" else point.year for point in (start, end)]
        return _days(
            *(years[0], int(start.month), int(start.day)),
            *(years[1], int(end.month), int(end.day)),
        )
    ends = {"first": _point(start), "last": _point(end)}
    if value.qualified:
        return gettext("from %(first)s; to %(last)s") % ends
    return gettext("%(first)s to %(last)s") % ends


def _point(point: Point | None) -> str:
    if point is None:
        return ""
    text = _unqualified(point)
    whole = point.qualifiers[2 if point.day else 1 if point.month else 0]
    if point.month and point.qualifiers[0]:
        text = _YEAR_QUALIFIED[point.qualifiers[0]] % {"date": text}
    if point.day and point.qualifiers[1]:
        text = _MONTH_QUALIFIED[point.qualifiers[1]] % {"date": text}
    return _QUALIFIED[whole] % {"date": text} if whole else text


def _unqualified(point: Point) -> str:
    year = "" if point.year == "XXXX" else point.year.lstrip("Y")
    if "X" in year:
        first, last = year.replace("X", "0"), year.replace("X", "9")
        return gettext("a year from %(first)s to %(last)s") % {"first": first, "last": last}
    if not point.month:
        return year if len(year) == 4 else gettext("the year %(year)s") % {"year": year}
    if point.month in _SEASONS:
        return str(_SEASONS[point.month]) % {"year": year}
    if point.month == "XX":
        if point.day:
            return gettext("an unknown day of %(year)s") % {"year": year}
        return gettext("an unknown month of %(year)s") % {"year": year}
    month = int(point.month)
    if point.day == "XX":
        return gettext("an unknown day of %(month)s") % {"month": _date("", month, year)}
    day = _date(point.day.lstrip("0"), month, year)
    if point.time:
        return gettext("%(day)s at %(time)s") % {"day": day, "time": point.time.lstrip("T")}
    return day


def _date(day: str, month: int, year: str) -> str:
    """A day or, where that is "", a month; without a year where that is ""."""
    parts = {"day": day, "month": MONTHS[month], "year": year}
    if day and year:
        return gettext("%(day)s %(month)s %(year)s") % parts
    if day:
        return gettext("%(day)s %(month)s") % parts
    if year:
        return gettext("%(month)s %(year)s") % parts
    return str(MONTHS[month])


def _days(
    first_year: str, first_month: int, first: int, last_year: str, last_month: int, last: int
) -> str:
    """From one day to another, saying once what they share; a year may be ""."""
    start, end = _date(str(first), first_month, first_year), _date(str(last), last_month, last_year)
    if start == end:
        return start
    if first_year != last_year or (first_month != last_month and not first_year):
        return gettext("%(first)s to %(last)s") % {"first": start, "last": end}
    if first_month != last_month:
        return gettext("%(first)s to %(last)s %(year)s") % {
            "first": _date(str(first), first_month, ""),
            "last": _date(str(last), last_month, ""),
            "year": first_year,
        }
    month = _date("", first_month, first_year)
    return gettext("%(first)s to %(last)s %(month)s") % {
        "first": first,
        "last": last,
        "month": month,
    }
