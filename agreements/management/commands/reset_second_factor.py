"""Remove a second factor that is lost: `manage.py reset_second_factor NAME`."""

import argparse
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from agreements.access import second_factor


class Command(BaseCommand):
    help = (
        "Remove somebody's second factor and end their sessions. Who must have one sets up a new "
        "one at the next login."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        user = get_user_model()._default_manager.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name!r}.")
        if not second_factor.remove(user):
            raise CommandError(f"{name!r} has no second factor.")
        self.stdout.write(f"{name}: the second factor is removed, and every session ended.")
