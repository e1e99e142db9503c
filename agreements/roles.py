"""Who may do what on the desk: four roles, kept as groups of Django's own permissions."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.management import create_permissions
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext_noop

# What a role is called in the database, and shown as; each may do what the one before it may.
VIEWER = gettext_noop("viewer")
ANALYST = gettext_noop("analyst")
REVIEWER = gettext_noop("reviewer")
ADMINISTRATOR = gettext_noop("administrator")
ROLES = (VIEWER, ANALYST, REVIEWER, ADMINISTRATOR)
# Without these migrations there is nothing to keep the roles in.
_NEEDED = {
    ("contenttypes", "0002_remove_content_type_name"),
    ("auth", "0012_alter_user_first_name_max_length"),
}

# Drawn as nothing, though Unicode calls them letters or marks.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}

APPROVE = "agreements.approve_publication"
WITHDRAW = "agreements.withdraw_publication"


def permissions_of(role: str) -> set[str]:
    """Return what a role may do, as `app.codename`."""
    number = ROLES.index(role)
    found = set(_of_models("view"))
    if number >= ROLES.index(ANALYST):
        found |= {*_of_models("add"), *_of_models("change"), *_of_models("delete")}
    if number >= ROLES.index(REVIEWER):
        found |= {APPROVE, WITHDRAW}
    if number >= ROLES.index(ADMINISTRATOR):
        # Groups are made here alone, so that nobody writes themselves another one.
        found |= {f"auth.{action}_user" for action in ("view", "add", "change", "delete")}
        found.add("auth.view_group")
    return found


def _of_models(action: str) -> Iterator[str]:
    for model in apps.get_app_config("agreements").get_models():
        if action in model._meta.default_permissions:
            yield f"agreements.{action}_{model._meta.model_name}"


def install(using: str) -> None:
    """Make the roles, and give each exactly what it may do. Runs after every `migrate`.

    Not after one that leaves the tables of Django's own permissions half-way: the next one does.
    """
    applied = MigrationRecorder(connections[using]).applied_migrations()
    if _NEEDED - applied.keys():
        return
    for label in ("agreements", "auth"):
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    from django.contrib.auth.models import Group, Permission

    held = Permission.objects.using(using).select_related("content_type")
    by_name = {f"{each.content_type.app_label}.{each.codename}": each for each in held}
    for role in ROLES:
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set(by_name[name] for name in sorted(permissions_of(role)))


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: what looks the same is no other one.

    Case does not tell them apart, nor spaces, other widths, or marks that nobody sees.
    """
    return _as_seen(one) == _as_seen(other)


def _as_seen(name: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    # Controls, formats (of no width) and the like, and the fillers that count as letters.
    seen = (each for each in plain if unicodedata.category(each)[0] != "C" and each not in _UNSEEN)
    return " ".join("".join(seen).split())


def is_taken(name: str) -> bool:
    """Whether an account has a name already, or one that is the same person's."""
    users: Any = get_user_model()._default_manager
    return any(same_person(name, held) for held in users.values_list("username", flat=True))


def holders(permission: str, besides: str = "") -> list[str]:
    """Return the names of everybody on the desk who holds a permission, but one person's."""
    users: Any = get_user_model()._default_manager
    held = users.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend")
    names = held.filter(is_active=True, is_staff=True).values_list("username", flat=True)
    return sorted(name for name in names if not same_person(name, besides))
