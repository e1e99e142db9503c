"""The admin's site, whose selects look among the records of a field and nowhere else."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db.models.fields.related import RelatedField
from django.http import HttpRequest


class FieldsRecords(AutocompleteJsonView):
    """The records that a field can lead to."""

    def process_request(self, request: HttpRequest) -> Any:
        found = super().process_request(request)
        _term, _model_admin, source, _to_field = found
        if not isinstance(source, RelatedField):
            # A relation seen from its other end has a name too, and fails where it is asked.
            raise PermissionDenied
        return found


class DeskSite(AdminSite):
    """Django's admin, but for what its selects may ask."""

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return FieldsRecords.as_view(admin_site=self)(request)


class DeskConfig(AdminConfig):
    default_site = "coastguard.desk_site.DeskSite"
