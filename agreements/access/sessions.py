"""When sessions begin and end: with the password, the account, the roles and the second factor."""

import time
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.utils.translation import gettext as _
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from agreements.access.store import BEGAN, SEEN
from agreements.exceptions import AgreementsError

# What ends the sessions of an account when it changes: going as well as coming back, so that none
# outlives a time without access.
_ENDING = ("password", "is_active", "is_staff", "is_superuser")


class NameKept(AgreementsError):
    """An account is not renamed: what it wrote and approved is noted under its name."""


def end_sessions(user_id: int) -> int:
    """End every session of an account; return how many there were.

    Who that account is stands inside of each session, so all are looked through: those of half a
    day, of the people who work on the desk.
    """
    theirs = [
        row.session_key
        for row in Session.objects.iterator()
        if row.get_decoded().get(SESSION_KEY) == str(user_id)
    ]
    return Session.objects.filter(session_key__in=theirs).delete()[0]


def connect() -> None:
    """Follow what happens to accounts, whichever way it is done; `.update()` tells nobody."""
    uid = "agreements.access"
    user_logged_in.connect(_begin, dispatch_uid=uid)
    pre_save.connect(_remember, sender=User, dispatch_uid=uid)
    post_save.connect(_end_with_account, sender=User, dispatch_uid=uid)
    post_delete.connect(_end_with_deletion, sender=User, dispatch_uid=uid)
    m2m_changed.connect(_end_with_roles, sender=User.groups.through, dispatch_uid=uid)
    post_delete.connect(_end_with_device, sender=TOTPDevice, dispatch_uid=uid)


@transaction.atomic
def _begin(request: Any, user: Any, **kwargs: Any) -> None:
    """Write a session down while nobody changes the account, or not at all.

    Who ends an account's sessions has changed its row before they look for them: this waits for
    them, or they for this.
    """
    as_checked = User.objects.select_for_update().filter(
        pk=user.pk, is_active=True, password=user.password
    )
    if as_checked.first() is None:
        request.session.flush()
        request.user = AnonymousUser()
        return
    if not hasattr(user, "otp_device"):
        # Who logs in again shows their second factor again.
        request.session.pop(DEVICE_ID_SESSION_KEY, None)
    if BEGAN in request.session:
        # Django gives a new key to whoever comes in, and leaves it to whoever was in already.
        request.session.cycle_key()
    request.session[BEGAN] = request.session[SEEN] = int(time.time())
    request.session.save()


def _remember(instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any) -> None:
    instance.was_before = None
    if raw or instance.pk is None:
        return
    if update_fields is not None and not {"username", *_ENDING} & set(update_fields):
        return
    before = User.objects.filter(pk=instance.pk).values("username", *_ENDING).first()
    if before and before["username"] != instance.username:
        raise NameKept(
            _("The account %(name)s keeps its name, which its work is noted under.")
            % {"name": before["username"]}
        )
    instance.was_before = before


def _end_with_account(instance: Any, **kwargs: Any) -> None:
    before = instance.was_before
    if before and any(before[name] != getattr(instance, name) for name in _ENDING):
        end_sessions(instance.pk)


def _end_with_deletion(instance: Any, **kwargs: Any) -> None:
    end_sessions(instance.pk)


def _end_with_roles(
    instance: Any, action: str, reverse: bool, pk_set: Any = None, **kwargs: Any
) -> None:
    if reverse and action == "pre_clear":
        # Afterwards nothing tells who they were.
        for user in instance.user_set.all():
            end_sessions(user.pk)
    if action in ("post_remove", "post_clear"):
        users = User.objects.filter(pk__in=pk_set or ()) if reverse else [instance]
        for user in users:
            if not user.groups.exists():
                end_sessions(user.pk)


def _end_with_device(instance: Any, **kwargs: Any) -> None:
    if instance.confirmed:
        end_sessions(instance.user_id)
