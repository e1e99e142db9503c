"""Give PostgreSQL's roles what they may do: `manage.py database_roles --web NAME --reader NAME`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from agreements import database_roles
from agreements.database_roles import Role
from agreements.exceptions import RoleError


class Command(BaseCommand):
    help = (
        "Give the role that serves the desk (--web) and the one that only reads what is public "
        "(--reader) exactly what they may do in the database. Run it as the tables' owner; every "
        "migrate does it for WEB_ROLE and READER_ROLE. SQLite has no roles."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--web", default=settings.WEB_ROLE, metavar="NAME")
        parser.add_argument("--reader", default=settings.READER_ROLE, metavar="NAME")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--print", action="store_true", help="print the SQL, and change nothing")
        how.add_argument("--check", action="store_true", help="tell what is otherwise; 1 if so")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles: there the triggers keep the ledger.")
        roles = [
            Role(options[name], web=name == "web") for name in ("web", "reader") if options[name]
        ]
        if not roles:
            raise CommandError("Name a role: --web NAME, --reader NAME, or set WEB_ROLE.")
        if options["print"]:
            for role in roles:
                for statement in database_roles.statements(connection, role):
                    self.stdout.write(f"{statement};")
            return
        try:
            if options["check"]:
                wrong = [each for role in roles for each in database_roles.faults(connection, role)]
                if wrong:
                    raise RoleError("\n".join(wrong))
            else:
                database_roles.apply(connection, roles)
        except RoleError as error:
            raise CommandError(str(error)) from error
        for role in roles:
            self.stdout.write(f"{role.name}: may do what it should, and nothing else.")
