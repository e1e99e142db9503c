"""Who is let in at the desk."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest


class DeskSite(AdminSite):
    """Django's admin, for those who may do anything there.

    An account that lost its last role is a stranger: some pages would tell it whether a row exists.
    """

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return super().has_permission(request) and (
            user.is_superuser or bool(user.get_all_permissions())
        )
