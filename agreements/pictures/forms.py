"""The form above a picture: what is asked most, in the catalogue's own parameters."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from agreements.catalogue.filters import check_names
from agreements.catalogue.names import every_name
from agreements.catalogue.records import standing_at
from agreements.exceptions import BadParameters
from agreements.pictures.selection import PARAMETERS, Selection
from agreements.pictures.shown import LANES, Picture
from agreements.pictures.timeline import BY_COUNTRY, BY_KIND
from agreements.pictures.words import KIND_NAMES

_DAY = "YYYY-MM-DD"


class PictureForm(forms.Form):
    """The filters that all pictures share.

    What else the address asks for is kept in hidden fields. Whether any of it can be asked, the
    catalogue says.
    """

    use_required_attribute = False

    country = forms.CharField(label=gettext_lazy("Country"), required=False, widget=forms.Select)
    force = forms.CharField(label=gettext_lazy("Force"), required=False, widget=forms.Select)
    kind = forms.CharField(label=gettext_lazy("Kind"), required=False, widget=forms.Select)
    topic = forms.CharField(label=gettext_lazy("Topic"), required=False, widget=forms.Select)
    date_from = forms.CharField(label=gettext_lazy("From year"), required=False)
    date_to = forms.CharField(label=gettext_lazy("To year"), required=False)
    as_of = forms.CharField(
        label=gettext_lazy("As it stood on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    by = forms.CharField(
        label=gettext_lazy("A lane for each"),
        required=False,
        widget=forms.Select(
            choices=[(BY_KIND, gettext_lazy("kind")), (BY_COUNTRY, gettext_lazy("country"))]
        ),
    )
    happened = forms.CharField(
        label=gettext_lazy("Only what came about: nothing planned, called off or unconfirmed"),
        required=False,
        widget=forms.CheckboxInput(attrs={"value": "true"}),
    )

    def __init__(self, query: QueryDict, picture: Picture):
        # Of what stands several times, a field shows the first.
        super().__init__({name: values[0] for name, values in query.lists()})
        self.address, self.picture = query, picture
        fields: Any = self.fields
        if not picture.in_lanes:
            del fields[LANES]
        if len(self.data.get("as_of", "")) not in (0, len(_DAY)):
            # A moment within a day.
            fields["as_of"].widget = forms.TextInput()

    def clean(self) -> dict[str, Any]:
        for name, fault in self.faults.items():
            if name in self.fields:
                self.add_error(name, fault)
            else:
                self.add_error(None, f"{name}: {fault}")
        return self.cleaned_data

    @cached_property
    def faults(self) -> dict[str, str]:
        """What cannot be asked, by parameter, in the catalogue's words."""
        given = self.address.copy()
        for name, values in list(given.lists()):
            given.setlist(name, [value for value in values if value] or [" "])
        try:
            check_names(given, {*PARAMETERS, *self.picture.parameters})
            if self.lanes not in (BY_KIND, BY_COUNTRY):
                known = f"{BY_KIND}, {BY_COUNTRY}"
                raise BadParameters({LANES: _("Write one of: %(choices)s.") % {"choices": known}})
            self.selection.check()
        except BadParameters as error:
            return dict(error.faults)
        return {}

    @cached_property
    def selection(self) -> Selection:
        """What is asked of the catalogue."""
        asked = self.address.copy()
        asked.pop(LANES, None)
        return Selection.read(asked)

    @property
    def lanes(self) -> str:
        """What a lane is for."""
        return self.data.get(LANES) or BY_KIND

    def offer(self) -> None:
        """Fill the lists to choose from with what stands published, in one query."""
        standing = standing_at(None)
        if self.is_valid():
            standing = self.selection.answer.standing
        kinds = ("country", "force", "topic")
        found = every_name(standing, kinds, get_language() or "en")
        offered = {kind: [(key, name.text) for key, name in found[kind]] for kind in kinds}
        offered["kind"] = [(value, str(label)) for value, label in KIND_NAMES.items()]
        fields: Any = self.fields
        for name, choices in offered.items():
            asked = self.data.get(name, "")
            if asked and asked not in dict(choices):
                choices.insert(0, (asked, asked))
            fields[name].widget.choices = [("", _("all")), *choices]

    @property
    def asks_more(self) -> bool:
        return any(self.more())

    def more(self) -> Iterator[tuple[str, str]]:
        """Yield what is asked besides the fields: names and values."""
        shown = {(name, self.data[name]) for name in self.fields if name in self.data}
        for name, values in self.address.lists():
            for value in values:
                if value and (name, value) not in shown:
                    yield name, value
