"""People in the delegations of a record's sides, named and changed from the workbench."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import modelform_factory
from django.http import HttpRequest
from django.utils.translation import gettext as _

from agreements.admin.workbench.answers import Answer
from agreements.admin.workbench.changes import RecordChange, errors_of
from agreements.admin.workbench.panel import Notice, may
from agreements.desk.delegations import (
    Held,
    delegate_of_record,
    described,
    name_delegate,
    person_named,
    side_of_record,
)
from agreements.desk.sides import row_of
from agreements.models import Delegate, Person

_HELD = ("rank", "position", "role")
_HeldForm: Any = modelform_factory(Delegate, fields=_HELD)


class AddDelegate(RecordChange):
    """POST side, person or name, rank, position, role: one more person of a side.

    A `name` is that of somebody whom the desk lacks; they become a new person.
    """

    def change(self, request: HttpRequest) -> Answer:
        form = _HeldForm(request.POST)
        if not form.is_valid():
            raise ValidationError(errors_of(form))
        with transaction.atomic():
            record = self.as_engagement(self.claimed())
            side = side_of_record(record, self.number("side"))
            held = Held(**{name: form.cleaned_data[name] for name in _HELD})
            row = name_delegate(side, self._person(request), held)
            self.noted(record)
        text = _("%(person)s was added to the delegation.") % {"person": described(row)}
        return Answer(record, Notice(text=text), focus="id_add_delegate_person")

    def _person(self, request: HttpRequest) -> Person | None:
        if request.POST.get("person"):
            return row_of(Person.objects, self.number("person"))
        name = request.POST.get("name", "").strip()
        if not name:
            return None
        if not may(request.user, "add", "person"):
            raise PermissionDenied
        return person_named(name, self.document.language, self.by)


class OneDelegate(RecordChange):
    """POST rank, position or role, or remove: a person is described otherwise, or goes."""

    def change(self, request: HttpRequest) -> Answer:
        with transaction.atomic():
            record = self.as_engagement(self.claimed())
            row = delegate_of_record(record, self.kwargs["delegate"])
            if "remove" in request.POST:
                row.delete()
            else:
                now = {name: getattr(row, name) for name in _HELD}
                posted = {name: request.POST[name] for name in _HELD if name in request.POST}
                form = _HeldForm(now | posted, instance=row)
                if not form.is_valid():
                    raise ValidationError(errors_of(form))
                form.save()
            self.noted(record)
        return Answer(record, Notice(text=_("Saved.")), show="field-delegates")
