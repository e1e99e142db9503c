"""Searches that found nothing: noted against what is missing, and read before the next one."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.admin.addresses import desk_address
from agreements.admin.selects import is_key
from agreements.admin.strict import StrictAdmin
from agreements.models import (
    ActivityStatus,
    Engagement,
    FruitlessSearch,
    ReportedTotal,
    Series,
)
from agreements.queues.gaps import MOST_NUMBERS, sought_words
from agreements.queues.numbers import is_recorded, missing_among, recorded_numbers
from agreements.roles import same_person

# What one is noted against: the fields that name it, and the queue in which it is found.
_TARGETS: dict[str, tuple[tuple[str, ...], str]] = {
    "total": (("total",), "totals"),
    "series": (("series", "ordinal"), "numbers"),
    "engagement": (("engagement",), "overdue"),
}
_BACK_TO_QUEUE = "back"
# Of which nothing tells whether they were held.
_OPEN = (ActivityStatus.PLANNED, ActivityStatus.UNCONFIRMED)
# On the page of what they were for; the list has them all.
_MOST_SHOWN = 10
_LONGEST_CELL = 80


class SearchForm(forms.ModelForm):
    """A search for one thing that is missing. Browsers show its day as their reader writes days."""

    searched_on = forms.DateField(
        label=gettext_lazy("When"),
        help_text=gettext_lazy("The day of the search."),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_searched_on(self) -> Any:
        day = self.cleaned_data["searched_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come; write the day of the search."))
        return day

    def clean(self) -> None:
        super().clean()
        given = {name: self.cleaned_data.get(name) for name in (*_TARGETS, "ordinal")}
        if any(name in self.errors for name in given):
            return
        named = [name for name in _TARGETS if given[name] is not None]
        if len(named) != 1 or (given["ordinal"] is not None) != (named == ["series"]):
            text = _("Name one: a total, a series with the number that it lacks, or an event.")
            raise ValidationError(text)
        self._check(given)

    def _check(self, given: dict[str, Any]) -> None:
        """Refuse what is not missing."""
        series, number, event = given["series"], given["ordinal"], given["engagement"]
        if series is not None and number < 1:
            self.add_error("ordinal", _("Numbers start at 1."))
        elif series is not None and is_recorded(series, number):
            text = _("No. %(number)d of this series is recorded; write a number that it lacks.")
            self.add_error("ordinal", text % {"number": number})
        if event is not None and event.status not in _OPEN:
            text = _("This event is %(status)s; name one that is planned or unconfirmed.")
            self.add_error("engagement", text % {"status": event.get_status_display()})


class AboutFilter(admin.SimpleListFilter):
    """What was looked for."""

    title = gettext_lazy("looked for")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("total", _("records that a total claims")),
            ("series", _("numbers of series")),
            ("engagement", _("reports of planned events")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        name = self.value()
        return queryset.filter(**{f"{name}__isnull": False}) if name in _TARGETS else queryset


class WhoseFilter(admin.SimpleListFilter):
    """Who looked for it."""

    title = gettext_lazy("by")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("me")), ("others", _("others"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        mine = Q(by=request.user.get_username())
        return queryset.filter({"mine": mine, "others": ~mine}.get(self.value() or "", Q()))


@admin.register(FruitlessSearch)
class FruitlessSearchAdmin(StrictAdmin):
    """Searches that found nothing. Nobody edits one; its author or an administrator deletes it."""

    class Media:
        css = {"all": ["agreements/queues.css"]}

    actions = None
    form = SearchForm
    autocomplete_fields = ["total", "series", "engagement"]
    list_display = ["sought", "about", "where", "searched_on", "by"]
    list_filter = [AboutFilter, WhoseFilter]
    list_select_related = ["total", "series", "engagement"]
    search_fields = [
        *("sought", "places", "by"),
        *("total__title", "series__title", "engagement__title"),
    ]

    @admin.display(description=gettext_lazy("about"))
    def about(self, search: FruitlessSearch) -> str:
        """Return a link to what it was for."""
        target = _target_of(search)
        number = f" · {search.ordinal}" if search.ordinal else ""
        return format_html('<a href="{}">{}</a>{}', _page_of(target), target, number)

    @admin.display(description=gettext_lazy("where"))
    def where(self, search: FruitlessSearch) -> str:
        """Return the beginning of where it was looked for."""
        return Truncator(" ".join(search.places.split())).chars(_LONGEST_CELL)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        target = _kind_of(obj) if obj is not None else next(_kinds_in(request), "")
        names = _TARGETS[target][0] if target else ("total", ("series", "ordinal"), "engagement")
        who = [("by", "noted_at")] if obj is not None else []
        return [
            (_("What is missing"), {"fields": list(names)}),
            (_("The search"), {"fields": ["sought", "places", "searched_on", *who]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["by", "noted_at"] if obj is not None else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        named = _named_in(request)
        given = {name: getattr(named, name) for name in (*_TARGETS, "ordinal")}
        return {**given, "sought": sought_words(named)[:300], "searched_on": timezone.localdate()}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.by = request.user.get_username()
        super().save_model(request, obj, form, change)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        if next(_kinds_in(request), "") == "":
            return super().response_post_save_add(request, obj)
        if _BACK_TO_QUEUE in request.GET:
            key = _TARGETS[_kind_of(obj)][1]
            return HttpResponseRedirect(reverse("queue", args=[key]))
        return HttpResponseRedirect(_page_of(_target_of(obj)))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_delete_permission(request, obj):
            return False
        own = obj is None or same_person(obj.by, request.user.get_username())
        return own or request.user.has_perm("auth.change_user")


def _kind_of(search: FruitlessSearch) -> str:
    return next(name for name in _TARGETS if getattr(search, f"{name}_id") is not None)


def _target_of(search: FruitlessSearch) -> Any:
    return getattr(search, _kind_of(search))


def _page_of(target: Any) -> str:
    return desk_address(target.record_kind, target.pk)


def _kinds_in(request: HttpRequest) -> Any:
    """Yield what an address says that a search is noted against."""
    return (name for name in _TARGETS if name in request.GET)


def _named_in(request: HttpRequest) -> FruitlessSearch:
    """Return a search, not to be saved, with what an address names of its target."""
    models: dict[str, Any] = {"total": ReportedTotal, "series": Series, "engagement": Engagement}
    found = FruitlessSearch()
    for name in _kinds_in(request):
        key = request.GET[name]
        if is_key(key):
            setattr(found, name, models[name]._default_manager.filter(pk=key).first())
    number = request.GET.get("ordinal", "")
    found.ordinal = int(number) if is_key(number) else None
    return found


def noting_address(target: dict[str, int], from_queue: bool = False) -> str:
    """Return the address at which a search for something is noted; `target` fills in its form."""
    query = {**target, **({_BACK_TO_QUEUE: "queue"} if from_queue else {})}
    return f"{reverse('admin:agreements_fruitlesssearch_add')}?{urlencode(query)}"


@dataclass(frozen=True)
class SearchesBox:
    """The searches for what a record tells of, as its page shows them.

    `notes` are the addresses at which another one is noted, each with what is missing.
    """

    searches: list[FruitlessSearch]
    more: bool
    notes: list[tuple[str, str]]


def searches_box(record: Any, request: HttpRequest) -> SearchesBox | None:
    """Return the searches for a record; None where there are none, and nothing to be sought."""
    names = {ReportedTotal: "total", Series: "series"}
    target = names.get(type(record), "engagement" if isinstance(record, Engagement) else "")
    if not target or not request.user.has_perm("agreements.view_fruitlesssearch"):
        return None
    rows = FruitlessSearch.objects.filter(**{target: record.pk})
    searches = list(rows[: _MOST_SHOWN + 1])
    may_note = request.user.has_perm("agreements.add_fruitlesssearch")
    notes = list(_notes(target, record)) if may_note else []
    if not searches and not notes:
        return None
    return SearchesBox(searches[:_MOST_SHOWN], len(searches) > _MOST_SHOWN, notes)


def _notes(target: str, record: Any) -> Any:
    if target == "total" or (target == "engagement" and record.status in _OPEN):
        yield noting_address({target: record.pk}), ""
    elif target == "series":
        missing = missing_among(recorded_numbers([record.pk])[record.pk])
        for number in missing[:MOST_NUMBERS]:
            yield noting_address({"series": record.pk, "ordinal": number}), str(number)
