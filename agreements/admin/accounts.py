"""The accounts of the desk. Nobody gives, to themselves or others, more than a role holds."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts with their roles. Only a superuser touches a superuser's, or makes one."""

    list_display = ("username", "email", "first_name", "last_name", "is_staff", "is_active")
    list_filter = ("groups", "is_staff", "is_superuser", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        return (
            readonly if _is_superuser(request) else (*readonly, "is_superuser", "user_permissions")
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        # The action that deletes takes what the list shows.
        return rows if _is_superuser(request) else rows.filter(is_superuser=False)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _may_touch(request: HttpRequest, account: Any) -> bool:
    return account is None or _is_superuser(request) or not account.is_superuser
