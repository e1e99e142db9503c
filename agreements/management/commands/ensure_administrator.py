"""Make a first administrator of a checkout that has none: `manage.py ensure_administrator`."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from agreements.management.outages import TellingOutages


class Command(TellingOutages):
    help = (
        "Create the user 'administrator' with a generated password, printed once, "
        "if no superuser exists."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            # Its password would stand in the log of whatever starts the service.
            raise CommandError("In production nobody is made unasked: run createsuperuser.")
        users = get_user_model()._default_manager
        if users.filter(is_superuser=True).exists():
            return
        if users.filter(username="administrator").exists():
            raise CommandError(
                "The user 'administrator' exists and is no superuser; use createsuperuser."
            )
        password = secrets.token_urlsafe(12)
        users.create_superuser("administrator", password=password)
        self.stdout.write(f"Administrator created: administrator / {password}")
