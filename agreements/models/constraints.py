"""Rules that the database holds, because raw loads skip every check in Python."""

from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

models.CharField.register_lookup(Length)
models.TextField.register_lookup(Length)


def one_of(name: str, field: str, choices: type[models.TextChoices], blank: bool = False):
    """Return a constraint that a field holds one of its choices (or nothing, with `blank`)."""
    values = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(
        name=name,
        condition=models.Q(**{f"{field}__in": values}),
        violation_error_message=_("Choose one of the listed values."),
    )


def at_most(prefix: str, **lengths: int) -> list[models.CheckConstraint]:
    """Return constraints on the lengths of text, which SQLite does not hold by itself."""
    return [
        models.CheckConstraint(
            name=f"{prefix}_{field}_length",
            condition=models.Q(**{f"{field}__length__lte": length}),
            violation_error_message=_("This text is too long."),
        )
        for field, length in lengths.items()
    ]


def not_empty(name: str, field: str) -> models.CheckConstraint:
    """Return a constraint that a text has at least one character."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(**{f"{field}__length__gte": 1}),
        violation_error_message=_("Write at least one character."),
    )


def ordered_bounds(name: str, field: str) -> models.CheckConstraint:
    """Return a constraint that a partial date's bounds are in order, and absent without it."""
    earliest, latest = f"{field}_earliest", f"{field}_latest"
    return models.CheckConstraint(
        name=name,
        condition=models.Q(
            models.Q(**{f"{field}__isnull": False})
            | models.Q(**{f"{earliest}__isnull": True, f"{latest}__isnull": True}),
            models.Q(**{f"{earliest}__isnull": True})
            | models.Q(**{f"{latest}__isnull": True})
            | models.Q(**{f"{earliest}__lte": models.F(latest)}),
        ),
        violation_error_message=_("The first day is after the last one."),
    )
