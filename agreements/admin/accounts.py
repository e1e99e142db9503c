"""The accounts of the desk. Nobody gives, to themselves or others, more than a role holds."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_otp.plugins.otp_static import admin as recovery_codes
from django_otp.plugins.otp_totp import admin as apps
from django_otp.plugins.otp_totp.models import TOTPDevice

from agreements.access import lockout, second_factor
from agreements.admin.strict import StrictLists
from agreements.roles import is_taken

admin.site.unregister((User, Group))
# Their pages would show everybody's secrets. Importing them here has registered them first.
admin.site.unregister((apps.TOTPDevice, recovery_codes.StaticDevice))


class AccountCreationForm(AdminUserCreationForm):
    """Names that look the same are one person to the rule of four eyes."""

    def clean_username(self) -> str:
        name: str = super().clean_username()
        if name and is_taken(name):
            raise ValidationError(_("An account has that name, or one that looks the same."))
        return name


class ToldToSomeOnly(StrictLists):
    """A page that those who may not read it cannot ask which rows there are."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        # Stock admin looks the row up first, and answers otherwise where there is none.
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


@admin.register(User)
class AccountAdmin(ToldToSomeOnly, UserAdmin):
    """Accounts with their roles. Only a superuser touches a superuser's, or makes one."""

    list_display = (
        *("username", "email", "first_name", "last_name"),
        *("is_staff", "is_active", "has_second_factor"),
    )
    list_filter = ("groups", "is_staff", "is_superuser", "is_active")
    add_form = AccountCreationForm
    actions = ["let_in_again", "remove_second_factor"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        if obj is not None:
            # Its work is noted under its name; another one could approve it.
            readonly = (*readonly, "username")
        return (
            readonly if _is_superuser(request) else (*readonly, "is_superuser", "user_permissions")
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def get_queryset(self, request: HttpRequest) -> Any:
        held = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        rows = super().get_queryset(request).annotate(enrolled=Exists(held))
        # The actions take what the list shows.
        return rows if _is_superuser(request) else rows.filter(is_superuser=False)

    @admin.display(description=gettext_lazy("second factor"), boolean=True, ordering="enrolled")
    def has_second_factor(self, account: Any) -> bool:
        return bool(account.enrolled)

    @admin.action(
        description=gettext_lazy("Let in again after too many tries"), permissions=["change"]
    )
    def let_in_again(self, request: HttpRequest, accounts: QuerySet[User]) -> None:
        names = [account.get_username() for account in accounts]
        lockout.let_in_again(names)
        self.log_each(request, accounts, "Let in again after too many tries.")
        told = _("They may try again now: %(names)s.") % {"names": ", ".join(names)}
        self.message_user(request, told, messages.SUCCESS)

    @admin.action(
        description=gettext_lazy("Remove the second factor, which is lost"), permissions=["change"]
    )
    def remove_second_factor(self, request: HttpRequest, accounts: QuerySet[User]) -> None:
        own = accounts.filter(username=request.user.get_username())
        if own.exists():
            # Whoever found the desk open would keep it so.
            refused = _("Ask another administrator to remove your own second factor.")
            self.message_user(request, refused, messages.ERROR)
        removed = [each for each in accounts.exclude(pk__in=own) if second_factor.remove(each)]
        if removed:
            self.log_each(request, removed, "Second factor removed.")
            told = ngettext(
                "The second factor of %(count)d account is removed, and its sessions ended.",
                "The second factor of %(count)d accounts is removed, and their sessions ended.",
                len(removed),
            ) % {"count": len(removed)}
            self.message_user(request, told, messages.SUCCESS)

    def log_each(self, request: HttpRequest, accounts: Any, what: str) -> None:
        for account in accounts:
            self.log_change(request, account, what)


@admin.register(Group)
class RolesAdmin(ToldToSomeOnly, GroupAdmin):
    """The roles."""


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _may_touch(request: HttpRequest, account: Any) -> bool:
    return account is None or _is_superuser(request) or not account.is_superuser
