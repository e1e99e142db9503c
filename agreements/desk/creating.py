"""Countries and forces that a document names and the desk lacks, made as drafts."""

from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from agreements import workflow
from agreements.countries import country_table
from agreements.exceptions import DeskError
from agreements.history import Way
from agreements.models import Country
from agreements.text import fold
from agreements.versions import table_of

_SLUG = 80
_TRIES = 50


def country_of(code: str, by: str) -> Country:
    """Return a country by its ISO code; one that the desk lacks becomes a draft."""
    if code not in country_table():
        raise DeskError(_("Choose a country or a force from the list."))
    country, is_new = Country.objects.get_or_create(
        code=code, defaults={"alpha3": country_table()[code]["alpha3"]}
    )
    if is_new:
        workflow.record_creation(country, by, Way.WORKBENCH)
    return country


def slugs(text: str) -> Iterator[str]:
    """Yield slugs for a text: the plain one, then numbered ones."""
    plain = slugify(fold(text))[:_SLUG].strip("-") or "record"
    yield plain
    for number in range(2, _TRIES):
        yield f"{plain}-{number}"


def save_under_free_slug(record: Any, text: str) -> None:
    """Save a new record under the first slug for a text that is free."""
    table: Any = table_of(record)
    rows = table._default_manager
    for slug in slugs(text):
        taken = rows.filter(slug=slug)
        if taken.exists():
            continue
        record.slug = slug
        try:
            with transaction.atomic():
                record.save()
        except IntegrityError:
            # Unless somebody else took it just now, it is for another reason.
            if not taken.exists():
                raise
        else:
            return
    raise DeskError(_("There are too many records of this name; give it another one."))
