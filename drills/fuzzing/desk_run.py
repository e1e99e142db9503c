"""Hostile requests of every page by every role, each taken back after it was answered."""

import resource
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Count, Max, Model, Sum
from django.test import Client

from agreements.models import Versioned
from drills.fuzzing.desk_pages import Addresses, forms_of, version_for
from drills.fuzzing.desk_requests import Request, spoil
from drills.fuzzing.desk_rows import PEOPLE, SUPERUSER, fill, people, waiting
from drills.fuzzing.hostile import POSTED, Chance

# How often each role asks: those most who may do most.
_WEIGHTS = {SUPERUSER: 6, "analyst": 4, "reviewer": 3, "administrator": 2}
_ON_EVERY_PAGE = ("/i18n/setlang/", "/admin/logout/")
_FORGERY_CHECKED = 0.03


@dataclass
class Found:
    """What came of the requests."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slow: str = ""
    methods: Counter[str] = field(default_factory=Counter)
    paths: set[str] = field(default_factory=set)

    @property
    def requests(self) -> int:
        return self.statuses.total()

    @property
    def memory(self) -> int:
        """The most memory that the process had, in MB."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Desk:
    """The shipped records and some more, people in every role, and what each page would send."""

    def __init__(self) -> None:
        fill()
        self.clients: dict[str, Client] = dict(people())
        pages = waiting(self.clients[SUPERUSER])
        self.addresses = [*Addresses().all(), *pages]
        self.cookies = {name: dict(client.cookies) for name, client in self.clients.items()}
        self.forms: dict[tuple[str, str], Any] = {}
        self.weighed = [name for name in PEOPLE for _ in range(_WEIGHTS.get(name, 1))]
        self.before = fingerprint()

    def request(self, seed: str) -> tuple[str, Request, bool]:
        """Return who asks, what, and whether the token against forgery is asked for."""
        chance = Chance(seed)
        person = chance.one(self.weighed)
        address = chance.one(self.addresses)
        method = "GET"
        values: Any = []
        if chance.often(0.6):
            method, address, values = self._form(chance, person, address)
        return person, spoil(chance, method, address, values), chance.often(_FORGERY_CHECKED)

    def _form(self, chance: Chance, person: str, address: str) -> tuple[str, str, Any]:
        """Return a form of a page, or what its scripts might post."""
        key = (person, address)
        if key not in self.forms:
            with transaction.atomic():
                answer = self._client(person).get(address)
                page = answer.content if not answer.streaming else b""
                self.forms[key] = forms_of(page, address) if answer.status_code == 200 else []
                transaction.set_rollback(True)
        # The form of a page, more often than those for the language and the way out.
        own = [form for form in self.forms[key] if form[1] not in _ON_EVERY_PAGE]
        if own and not chance.often(0.1):
            return chance.one(own)
        if self.forms[key] and chance.often(0.1):
            return chance.one(self.forms[key])
        if "/text/" not in address and not chance.often(0.3):
            return "GET", address, []
        values = [("_version", version_for(address))]
        names = chance.random.sample(tuple(POSTED), chance.random.randint(0, 8))
        return "POST", address, values + [(name, chance.one(POSTED[name])) for name in names]

    def _client(self, person: str) -> Client:
        client = self.clients[person]
        client.cookies.clear()
        client.cookies.update(self.cookies[person])
        return client

    def send(self, person: str, request: Request, checked: bool, found: Found, name: str) -> None:
        """Send a request, note what came of it, and take it back."""
        client = self._client(person)
        client.handler.enforce_csrf_checks = checked
        began = time.monotonic()
        with transaction.atomic():
            answer = client.request(**request.environ())
            content = b"".join(answer) if answer.streaming else answer.content
            broken = connection.needs_rollback
            if answer.status_code >= 400 and not broken and fingerprint() != self.before:
                found.stored.append(f"{name} by {person}: {answer.status_code} to {request}")
            transaction.set_rollback(True)
        took = time.monotonic() - began
        if took > found.slowest:
            found.slowest, found.slow = took, f"{name} by {person}: {request}"
        found.statuses[answer.status_code] += 1
        found.methods[request.method] += 1
        found.paths.add(request.path)
        raised = getattr(answer, "exc_info", None)
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or raised:
            told = _ended(raised[1]) if raised else ""
            found.faults.append(f"{name} by {person}: {answer.status_code} to {request}\n{told}")
        elif b"Traceback (most recent call last)" in content:
            found.faults.append(f"{name} by {person}: a traceback is shown to {request}")


def _ended(error: BaseException) -> str:
    """Return the last steps of a traceback."""
    lines = "".join(traceback.format_exception(error)).splitlines()
    return "\n".join(line[:300] for line in lines[-14:])


def fingerprint() -> tuple[Any, ...]:
    """Return what changes with every row of the desk and the ledger that is written."""
    return tuple(_of_table(model) for model in _tables())


def _tables() -> Iterator[type[Model]]:
    for label in ("agreements", "auth"):
        for model in apps.get_app_config(label).get_models():
            # Who looks at what is noted of a page that is only read.
            if model._meta.model_name != "presence" and model._meta.managed:
                yield model


def _of_table(model: Any) -> Sequence[Any]:
    told = {"number": Count("pk"), "last": Max("pk")}
    if issubclass(model, Versioned):
        told["versions"] = Sum("version")
    return tuple(model._base_manager.aggregate(**told).values())


def run(desk: Desk, seed: str, numbers: Sequence[int]) -> Iterator[Found]:
    """Send the requests with some numbers; yield what came of them so far after each."""
    found = Found()
    for number in numbers:
        person, request, checked = desk.request(f"{seed}-{number}")
        desk.send(person, request, checked, found, f"request {number} of seed {seed}")
        yield found
