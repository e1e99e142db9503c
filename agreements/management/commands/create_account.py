"""Make an account for somebody: `manage.py create_account NAME --role analyst`."""

import argparse
import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from agreements.management.outages import TellingOutages
from agreements.roles import ROLES, is_taken


class Command(TellingOutages):
    help = "Create an account with a role on the desk, with a generated password, printed once."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--role", required=True, metavar="ROLE", help=", ".join(ROLES))

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        name, role = options["name"], options["role"]
        if role not in ROLES:
            raise CommandError(f"There is no role {role!r}; write one of {', '.join(ROLES)}.")
        users: Any = get_user_model()
        # Names that look the same are one person to the rule of four eyes.
        if is_taken(name):
            raise CommandError(f"The user {name!r} exists already.")
        password = secrets.token_urlsafe(12)
        user = users(username=name, is_staff=True)
        user.set_password(password)
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.save()
        user.groups.add(Group.objects.get(name=role))
        self.stdout.write(f"Account created: {name} / {password} ({role})")
