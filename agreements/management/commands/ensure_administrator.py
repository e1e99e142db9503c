"""Make a first administrator where there is none: `manage.py ensure_administrator`."""

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Create the user 'administrator' with a generated password, printed once, if no superuser exists."

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model()._default_manager
        if users.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser("administrator", password=password)  # type: ignore[attr-defined]
        self.stdout.write(f"Administrator created: administrator / {password}")
