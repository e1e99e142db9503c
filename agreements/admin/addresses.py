"""Where a record is found: on the desk, and in public."""

from typing import Any

from django.urls import reverse

from agreements.records import KINDS_OF_RECORD

PLURALS = {
    "country": "countries",
    "force": "forces",
    "topic": "topics",
    "series": "series",
    "document": "documents",
    "agreement": "agreements",
    "meeting": "meetings",
    "exercise": "exercises",
    "total": "totals",
}


def desk_address(kind: str, pk: Any, page: str = "change") -> str:
    """Return the address of a page of a record in the admin."""
    model = KINDS_OF_RECORD[kind]._meta.model_name
    return reverse(f"admin:agreements_{model}_{page}", args=[pk])


def public_address(kind: str, key: str) -> str:
    """Return the address that a record has in the API once it is published."""
    return f"{reverse('api-root')}{PLURALS[kind]}/{key}/"


def page_address(kind: str, key: str) -> str:
    """Return the address of the page that a record has once it is published."""
    return reverse("pages:record", args=[kind, key])
