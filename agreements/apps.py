from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    name = "agreements"
    verbose_name = _("Maritime agreements")

    def ready(self) -> None:
        from agreements import checks  # noqa: F401

        pre_migrate.connect(remove_triggers, sender=self)
        post_migrate.connect(install_triggers, sender=self)
        post_migrate.connect(install_roles, sender=self)


def remove_triggers(using: str, **kwargs: object) -> None:
    from agreements import triggers

    triggers.remove(connections[using])


def install_triggers(using: str, **kwargs: object) -> None:
    from agreements import triggers

    triggers.install(connections[using])


def install_roles(using: str, **kwargs: object) -> None:
    from agreements import roles

    roles.install(using)
