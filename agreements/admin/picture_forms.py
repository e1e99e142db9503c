"""What a picture can be asked for, in its address."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.pictures.selection import KINDS, Selection
from agreements.pictures.sides import countries, forces, named
from agreements.pictures.timeline import BY_COUNTRY, BY_KIND
from agreements.pictures.words import KIND_NAMES

_LAST_YEAR = 9999
_REPEATED = "kind"


class SelectionForm(forms.Form):
    """The filters that all pictures share. Whatever it does not know is refused."""

    use_required_attribute = False

    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    force = forms.ChoiceField(label=gettext_lazy("Force"), required=False)
    first_year = forms.IntegerField(
        label=gettext_lazy("From year"), required=False, min_value=1, max_value=_LAST_YEAR
    )
    last_year = forms.IntegerField(
        label=gettext_lazy("To year"), required=False, min_value=1, max_value=_LAST_YEAR
    )
    as_of = forms.DateField(
        label=gettext_lazy("As it stood on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    kind = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds"),
        required=False,
        choices=list(KIND_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    happened = forms.BooleanField(
        label=gettext_lazy("Only what came about: nothing planned, called off or unconfirmed"),
        required=False,
    )

    def __init__(self, query: QueryDict):
        given = query.copy()
        if _REPEATED not in given:
            given.setlist(_REPEATED, list(KINDS))
        super().__init__(given)
        everything = Selection()
        codes = countries(everything.records())
        everybody = forces(everything.standing()).values()
        fields: Any = self.fields
        fields["country"].choices = [("", _("all")), *((code, named(code)) for code in codes)]
        fields["force"].choices = [("", _("all")), *((each.key, each.name) for each in everybody)]

    def clean_as_of(self) -> datetime | None:
        """A day means its end, in UTC."""
        day: date | None = self.cleaned_data["as_of"]
        if day is None:
            return None
        now = timezone.now()
        if day > now.astimezone(UTC).date():
            raise forms.ValidationError(_("Choose a day that is not in the future."))
        end = datetime.combine(day, time.min, UTC) + timedelta(days=1, microseconds=-1)
        return min(end, now)

    def clean(self) -> dict[str, Any]:
        given: QueryDict = self.data  # type: ignore[assignment]
        for name in given:
            shown = {"name": name[:50]}
            if name not in self.fields:
                raise forms.ValidationError(_("Nothing here is called %(name)s.") % shown)
            if name != _REPEATED and len(given.getlist(name)) > 1:
                raise forms.ValidationError(_("Give %(name)s once.") % shown)
        found = self.cleaned_data
        first, last = found.get("first_year"), found.get("last_year")
        if first and last and first > last:
            self.add_error("last_year", _("Choose a year that is not before the first."))
        return found

    def selection(self) -> Selection:
        """Return what a valid form asks for."""
        found = self.cleaned_data
        chosen = tuple(kind for kind in KINDS if kind in found["kind"])
        return Selection(
            country=found["country"],
            force=found["force"],
            kinds=chosen or KINDS,
            first_year=found["first_year"],
            last_year=found["last_year"],
            happened=found["happened"],
            as_of=found["as_of"],
        )


class TimelineForm(SelectionForm):
    """The timeline also has lanes to choose."""

    by = forms.ChoiceField(
        label=gettext_lazy("A lane for each"),
        required=False,
        choices=[(BY_KIND, gettext_lazy("kind")), (BY_COUNTRY, gettext_lazy("country"))],
    )
    field_order = ("by",)
