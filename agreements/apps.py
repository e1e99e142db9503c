from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    name = "agreements"
    verbose_name = _("Maritime agreements")

    def ready(self) -> None:
        from agreements import checks, time_limits  # noqa: F401
        from agreements.access import sessions

        sessions.connect()
        connection_created.connect(time_limits.keep_time)
        pre_migrate.connect(remove_triggers, sender=self)
        post_migrate.connect(install_triggers, sender=self)
        post_migrate.connect(install_roles, sender=self)
        post_migrate.connect(count, sender=self)
        post_migrate.connect(give_rights, sender=self)


def remove_triggers(using: str, **kwargs: object) -> None:
    from agreements import desk_words, triggers

    triggers.remove(connections[using])
    desk_words.remove(connections[using])


def install_triggers(using: str, plan: object = None, **kwargs: object) -> None:
    from agreements import desk_words, triggers

    triggers.install(connections[using])
    # A migration may have changed words while no trigger saw it.
    desk_words.install(connections[using], anew=bool(plan))


def install_roles(using: str, **kwargs: object) -> None:
    from agreements import roles

    roles.install(using)


def count(using: str, **kwargs: object) -> None:
    from agreements import ledger, summary

    # The tables may be new, beside a ledger that is not; or gone, after a migration backwards.
    # Also without a plan: a migrate that was given up after its migrations is run again.
    if using == DEFAULT_DB_ALIAS and summary.has_tables() and not summary.is_counted():
        with transaction.atomic():
            ledger.wait_for_publications()
            summary.renew_if_behind()


def give_rights(using: str, **kwargs: object) -> None:
    from agreements import database_roles

    named = database_roles.named()
    if named and using == DEFAULT_DB_ALIAS and database_roles.has_tables(connections[using]):
        database_roles.apply(connections[using], named)
