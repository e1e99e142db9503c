"""Every address of the desk and of the public site, with real rows, and the forms on its pages."""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.urls import get_resolver
from lxml import html

from agreements import models
from agreements.versions import token

_KINDS = ("meeting", "agreement", "exercise", "force", "series", "document", "topic")
_ROWS = 3


class Addresses:
    """The routes of the program, each filled in with rows that the database has."""

    def __init__(self, held: str = "0" * 32):
        self.held = held
        self.keys: dict[str, list[Any]] = {}
        for model in (*apps.get_app_config("agreements").get_models(), *_accounts()):
            keys = model._default_manager.order_by("pk").values_list("pk", flat=True)
            self.keys[model._meta.model_name] = list(keys[:_ROWS])
        text = models.DocumentText.objects.get()
        meeting = models.Citation.objects.filter(document=text.document_id).first()
        assert meeting is not None
        self.text, self.citation = text.document_id, meeting
        record = meeting.engagement
        assert record is not None
        self.record = f"{record.kind}-{record.pk}"
        self.side = record.participants.values_list("pk", flat=True).first()
        self.delegate = models.Delegate.objects.values_list("pk", flat=True).first() or 1

    def all(self) -> list[str]:
        """Return every address once, in the order of the routes."""
        return list(dict.fromkeys(each for route in routes() for each in self.filled(route)))

    def filled(self, route: str) -> Iterator[str]:
        """Yield the addresses of a route."""
        route = route.replace("^(?P<app_label>auth|agreements)/$", "agreements/")
        route = re.sub(r"\(\?P<(\w+)>(?:\[[^]]*\](?:[+*]|\{[\d,]+\})?)+\)", r"<\1>", route)
        route = route.replace("(?P<url>.*)$", "nowhere/").replace("\\Z", "")
        route = route.replace("^", "").replace("$", "")
        model = route.split("/")[2] if route.count("/") > 1 else ""
        for row in self.keys.get(model) or [1]:
            known = self._values(model, row)
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(known[found[1]]), route)  # noqa: B023

    def _values(self, model: str, row: Any) -> dict[str, Any]:
        change = models.Change.objects.filter(kind=model).values_list("pk", flat=True).first()
        return {
            "object_id": row,
            "pk": row,
            "id": row,
            "change": change or 1,
            "held": self.held,
            "document": self.text,
            "key": self.record,
            "side": self.side,
            "citation": self.citation.pk,
            "passage": f"citation-{self.citation.pk}",
            "delegate": self.delegate,
            "content_type_id": 7,
            "kind": "meetings",
            "slug": "vietnam-coast-guard",
            "revision": 1,
            "version": "1.0.0",
            "file": "README.md",
            "one": "vn",
            "other": "jp",
            "form": "bib",
            "ending": "csv",
        }


def _accounts() -> list[Any]:
    return list(apps.get_app_config("auth").get_models())


def routes(patterns: Any = None, above: str = "") -> Iterator[str]:
    """Yield the route of every address."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{above}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def forms_of(content: bytes, address: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the forms of a page, each its method, its address and its values."""
    if b"<form" not in content:
        return []
    found = []
    for form in html.document_fromstring(content).forms:
        values = [(name, value) for name, value in form.form_values() if "__prefix__" not in name]
        button = form.xpath(".//*[@type='submit'][@name]")
        values += [(each.get("name"), each.get("value") or "1") for each in button[:1]]
        values += [(each.get("name"), "") for each in form.xpath(".//input[@type='file'][@name]")]
        action = form.get("action") or ""
        target = action if action.startswith("/") else address.partition("?")[0] + action
        found.append(((form.get("method") or "get").upper(), target, values))
    return found


def version_for(address: str) -> str:
    """Return the token of the record that an address of the workbench names, as its page has it."""
    named = re.search(r"/record/([a-z]+)-(\d+)/", address)
    if named is None:
        document = re.search(r"/document/(\d+)/text/", address)
        named_document = document and models.Document.objects.filter(pk=document[1]).first()
        return token(named_document) if named_document else ""
    model: Any = models.KINDS.get(named[1])
    record = model and model.objects.filter(pk=named[2]).first()
    return token(record) if record else ""
