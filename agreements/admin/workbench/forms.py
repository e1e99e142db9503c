"""The forms of the workbench's panel: each change is one field, or one row, posted by itself."""

from typing import Any

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agreements.admin.review import refuse_loop
from agreements.admin.strict import LinesField, choices_with_blank
from agreements.admin.workbench.lookups import LookupField, LookupInput
from agreements.date_fields import DateBoundField
from agreements.models import STATUSES, Citation, Engagement, EngagementKind

_NOT_HERE = {"slug", "topics", "sha256"}

# Records that stand above others of their kind: none stands above itself.
_ABOVE = {"parent", "predecessor", "origin"}


# Titles are long, and shown whole.
ONE_LINE = ("title", "title_as_given")


class OneLineInput(forms.Textarea):
    """A text of one line that is broken where it is too long for the panel."""

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__({"rows": 2, "data-one-line": True, **(attrs or {})})


class OneLineField(forms.CharField):
    """A text of one line, whatever breaks were pasted with it."""

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class RecordForm(forms.ModelForm):
    """A record's own fields. What is not posted stays as it is."""

    def __init__(self, *, posted: QueryDict | None = None, instance: Any, **kwargs: Any):
        kind = instance.record_kind
        super().__init__(instance=instance, auto_id=f"id_{kind}_%s", **kwargs)
        for each in self.fields.values():
            # Between the fields stand forms of their passages, and forms cannot hold forms.
            each.widget.attrs["form"] = f"{kind}-form"
        if posted is not None:
            self.data = self._laid_over(posted)
            self.is_bound = True

    def clean(self) -> None:
        super().clean()
        for name in _ABOVE.intersection(self.cleaned_data):
            refuse_loop(self, name)

    def _laid_over(self, posted: QueryDict) -> QueryDict:
        data = QueryDict(mutable=True)
        for bound in self:
            if bound.name in posted:
                data[bound.name] = posted.get(bound.name, "")
            elif (value := bound.value()) is not None:
                data[bound.name] = str(value)
        return data


def form_field(field: models.Field, **kwargs: Any) -> Any:
    """Return the input of a column on the workbench."""
    if field.remote_field:
        related: Any = field.remote_field.model
        return field.formfield(form_class=LookupField, widget=LookupInput(related), **kwargs)
    if field.name in ONE_LINE:
        kwargs |= {"form_class": OneLineField, "widget": OneLineInput}
    if isinstance(field, models.URLField):
        kwargs["assume_scheme"] = "https"
    if isinstance(field, models.TextField):
        kwargs |= {"form_class": LinesField, "widget": forms.Textarea({"rows": 3})}
    if isinstance(field, models.BooleanField):
        # A box that is not ticked is not posted, and what is not posted stays.
        yes_or_no = [("True", _("yes")), ("False", _("no"))]
        blank = [("", _("unknown"))] if field.null else []
        return forms.TypedChoiceField(
            choices=[*blank, *yes_or_no],
            required=not field.null,
            empty_value=None,
            coerce=lambda value: value == "True",
            label=field.verbose_name,
            help_text=field.help_text,
        )
    return field.formfield(**kwargs)


def record_form(model: type[models.Model]) -> type[RecordForm]:
    """Return the form of a model's own fields, as its page in the admin has them."""
    names = [
        field.name
        for field in model._meta.fields
        if field.editable
        and not field.primary_key
        and not isinstance(field, DateBoundField)
        and field.name not in _NOT_HERE
    ]
    made: Any = forms.modelform_factory(
        model, form=RecordForm, fields=names, formfield_callback=form_field
    )
    if issubclass(model, Engagement):
        allowed = STATUSES[EngagementKind(model.RECORD_KIND)]
        made.base_fields["status"].choices = choices_with_blank(allowed.choices)
    return made


class CitationDetails(forms.ModelForm):
    """How a passage bears a field: everything of a citation but the passage itself."""

    class Meta:
        model = Citation
        fields = ["stance", "confidence", "inferred", "stated_value", "note"]
        field_classes = {"note": LinesField}
        widgets = {"note": forms.Textarea({"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_{self.instance.pk}_%s"


class SelectionForm(forms.Form):
    """Words that were selected: where, and in which text, so that no other one is meant."""

    paragraph = forms.IntegerField(min_value=1, max_value=10**6)
    start = forms.IntegerField(min_value=0, max_value=10**8)
    end = forms.IntegerField(min_value=1, max_value=10**8)
    text = forms.CharField(max_length=64, required=False)
