"""A new record that resembles others is not saved before somebody has looked at them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from agreements import likeness
from agreements.admin.addresses import desk_address
from agreements.admin.review import ReviewableAdmin
from agreements.date_words import in_words
from agreements.likeness import Candidate, Likely, explained
from agreements.models import Engagement, EngagementLink, Participant

_SALT = "agreements.resembling"
_ANOTHER = "_another"
_SHOWN = "_resembling"
# How long what was shown may stand on a page before it is shown again, in seconds.
_STANDS = 24 * 60 * 60
_OF_FORM = (
    *("title", "slug", "date", "title_as_given", "location_name", "ordinal"),
    *("instrument", "level", "activity"),
)


@dataclass(frozen=True)
class Resembled:
    """A record that a new one resembles: where it is, what it is, and why it is shown."""

    record: Engagement
    address: str
    date: str
    why: str


@dataclass(frozen=True)
class Resembling:
    """What is shown instead of saving, and the token that says that it was."""

    others: list[Resembled]
    token: str


class _Asked(Exception):  # noqa: N818
    """A new record is not saved, and what is to be shown instead."""

    def __init__(self, likely: list[Likely]):
        self.likely = likely


class _Unconfirmed(forms.BaseModelForm):
    """A form that comes back as it was typed, with what the record resembles."""

    def clean(self) -> Any:
        cleaned = super().clean()
        self.add_error(None, _("Nothing was saved yet. See whether it is one of those above."))
        return cleaned


class ResemblingAdmin(ReviewableAdmin):
    """Pages of records that, when new, are first compared with those on the desk."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except _Asked as asked:
            # What was written of it has been rolled back by now.
            setattr(request, _SHOWN, _resembling(request, asked.likely))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if getattr(request, _SHOWN, None) is None:
            return form
        return type(form.__name__, (_Unconfirmed, form), {})

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        likely = [] if change else _likely(form, formsets)
        shown = _shown(request)
        if not {each.pk for each in likely} <= shown:
            raise _Asked(likely)
        super().save_related(request, form, formsets, change)
        for each in likely:
            likeness.tell_apart(each.pk, form.instance.pk, request.user.get_username())

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context["resembling"] = getattr(request, _SHOWN, None)
        return super().render_change_form(request, context, add, change, form_url, obj)


def _resembling(request: HttpRequest, likely: list[Likely]) -> Resembling:
    records = Engagement.objects.in_bulk([each.pk for each in likely])
    others = []
    for each in likely:
        record = records.get(each.pk)
        if record is not None:
            date = in_words(record.date) if record.date else ""
            address = desk_address(each.kind, each.pk)
            others.append(Resembled(record, address, date, explained(each.because)))
    shown = {"by": request.user.pk, "records": sorted(records)}
    return Resembling(others, signing.dumps(shown, salt=_SALT))


def _shown(request: HttpRequest) -> set[int]:
    """Return the records that the page showed to its reader, who says that it is none of them."""
    try:
        told = signing.loads(request.POST.get(_ANOTHER, ""), salt=_SALT, max_age=_STANDS)
    except signing.BadSignature:
        return set()
    return set(told["records"]) if told["by"] == request.user.pk else set()


def _likely(form: forms.ModelForm, formsets: Iterable[Any]) -> list[Likely]:
    """Return what a valid form's new record resembles, but for what it is linked to."""
    sides, linked = _rows(formsets, Participant), _rows(formsets, EngagementLink)
    apart = {row["target"].pk for row in linked}
    found = likeness.likely_same(_candidate(form, sides))
    return [each for each in found if each.pk not in apart]


def _rows(formsets: Iterable[Any], model: type) -> list[dict[str, Any]]:
    """Return the values of the rows of a relation that stay."""
    return [
        row.cleaned_data
        for formset in formsets
        if formset.model is model
        for row in formset.forms
        if row.cleaned_data and not row.cleaned_data.get("DELETE")
    ]


def _candidate(form: forms.ModelForm, sides: Collection[dict[str, Any]]) -> Candidate:
    values = form.cleaned_data
    country, series = values.get("location_country"), values.get("series")
    return Candidate(
        kind=form.instance.record_kind,
        pk=form.instance.pk,
        countries={row["country"].code for row in sides},
        forces={row["force"].slug for row in sides if row.get("force")},
        location_country=country.code if country else "",
        series=series.slug if series else "",
        **{name: values[name] for name in _OF_FORM if name in values},
    )
