"""Measure every page of the admin on the shipped data, in this process. See bench/README.md."""

import argparse
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.forms.models import _get_foreign_key
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.admin_pages import fields_of  # noqa: E402

LIMIT = 300
# Pages that are not about a kind of record, by their address.
PAGES = {
    "front page": "/",
    "index": "/admin/",
    "applications": "/admin/agreements/",
    "planned but past": "/admin/queues/overdue/",
    "series that lack a number": "/admin/queues/numbers/",
    "totals that claim more": "/admin/queues/totals/",
    "quotations that fail": "/admin/queues/quotations/",
    "documents without records": "/admin/queues/unread/",
    "awaiting my review": "/admin/queues/awaiting/",
    "handbook": "/admin/handbook/",
    "timeline": "/admin/pictures/timeline/",
    "timeline, a lane for each country": "/admin/pictures/timeline/?by=country",
    "timeline as SVG": "/admin/pictures/timeline.svg",
    "partners by year": "/admin/pictures/matrix/",
    "network": "/admin/pictures/network/",
    "new document": "/admin/agreements/document/read/",
    "password": "/admin/password_change/",
    "reading of a date": "/admin/interpret-date/?value=2015-09",
}
# Pages of one record, by the name of their view; a kind that has no such page is passed over.
VIEWS = ("change", "review", "text", "history", "delete")
FIELDS_TO_CHANGE = ("title", "name")


@dataclass(frozen=True)
class Page:
    """A page by its name and address; `form`, where given, makes what is posted to it."""

    name: str
    address: str
    form: Callable[[Client], dict[str, Any]] | None = None

    def request(self, client: Client) -> Callable[[], Any]:
        """Return what asks for the page, with its form at hand."""
        if self.form is None:
            return lambda: client.get(self.address)
        form = self.form(client)
        return lambda: client.post(self.address, form)


def pages(client: Client) -> Iterator[Page]:
    """Yield every page that an administrator has."""
    yield from (Page(name, address) for name, address in PAGES.items())
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label == "agreements":
            yield from lists(client, model_admin)
            yield from records(client, model_admin)
    yield from selects()


def lists(client: Client, model_admin: ModelAdmin) -> Iterator[Page]:
    """Yield a model's list: all of it, searched, by each of its filters, and its empty form."""
    name = model_admin.opts.model_name
    address = address_of(model_admin, "changelist")
    yield Page(f"{name} list", address)
    if model_admin.search_fields:
        yield Page(f"{name} list, searched", f"{address}?q=vi")
    changes = client.get(address).context_data["cl"]
    for each in changes.filter_specs:
        choice = list(each.choices(changes))[1]
        yield Page(f"{name} list, by {each.title}", address + choice["query_string"])
    yield from answered(client, Page(f"{name} add", address_of(model_admin, "add")))


def records(client: Client, model_admin: ModelAdmin) -> Iterator[Page]:
    """Yield the pages of the record of a model that has most rows on its page."""
    record = fullest(model_admin)
    for view in VIEWS if record else ():
        try:
            address = address_of(model_admin, view, record.pk)
        except NoReverseMatch:
            continue
        page = Page(f"{model_admin.opts.model_name} {view}", address)
        for each in answered(client, page):
            yield each
            if view == "change":
                yield from saves(client, model_admin, each)


def saves(client: Client, model_admin: ModelAdmin, page: Page) -> Iterator[Page]:
    """Yield the two ways in which a page is saved: as it is, and with a change."""

    def unchanged(client: Client) -> dict[str, Any]:
        html = client.get(page.address).content.decode()
        return fields_of(html, f"{model_admin.opts.model_name}_form")

    def changed(client: Client) -> dict[str, Any]:
        form = unchanged(client)
        name = next(each for each in FIELDS_TO_CHANGE if each in form)
        return {**form, name: f"{form[name]}."}

    form = unchanged(client)
    if "csrfmiddlewaretoken" in form and len(form) > 2:
        yield Page(f"{page.name}, saved unchanged", page.address, unchanged)
    if set(FIELDS_TO_CHANGE) & set(form):
        yield Page(f"{page.name}, saved", page.address, changed)


def selects() -> Iterator[Page]:
    """Yield the answers to what is typed in a select with search, one for each kind of record."""
    from django.urls import reverse

    found = {}
    for model_admin in admin.site._registry.values():
        for each in (model_admin, *model_admin.get_inline_instances(None)):
            for name in each.autocomplete_fields:
                remote = each.model._meta.get_field(name).related_model
                found[remote] = (each.model._meta, name)
    for model, (opts, field) in found.items():
        query = {"app_label": opts.app_label, "model_name": opts.model_name, "field_name": field}
        address = f"{reverse('admin:autocomplete')}?{urlencode({**query, 'term': 'vi'})}"
        yield Page(f"{model._meta.model_name} select", address)


def answered(client: Client, page: Page) -> Iterator[Page]:
    """Yield a page, unless an administrator is not given it."""
    if client.get(page.address).status_code == HTTPStatus.OK:
        yield page


def address_of(model_admin: ModelAdmin, view: str, *arguments: Any) -> str:
    return reverse(
        f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_{view}", args=arguments
    )


def fullest(model_admin: ModelAdmin) -> Any:
    """Return the record of a model with the most rows in its inlines, None where there is none."""

    def rows(record: Any) -> int:
        return sum(
            inline.model._default_manager.filter(
                **{_get_foreign_key(model_admin.model, inline.model, inline.fk_name).name: record}
            ).count()
            for inline in model_admin.inlines
        )

    return max(model_admin.model._default_manager.order_by("pk"), key=rows, default=None)


def measure(client: Client, page: Page, rounds: int) -> tuple[int, float]:
    """Return how many queries a page makes, and the median of its times in milliseconds."""
    expected = HTTPStatus.OK if page.form is None else HTTPStatus.FOUND
    page.request(client)()
    request = page.request(client)
    with CaptureQueriesContext(connection) as queries:
        answer = request()
    number = len(queries)
    if answer.status_code != expected:
        sys.exit(f"{page.name}: {page.address} answered {answer.status_code}")
    times = []
    for _ in range(rounds):
        request = page.request(client)
        start = time.perf_counter()
        request()
        times.append(time.perf_counter() - start)
    return number, statistics.median(times) * 1000


def report(rounds: int) -> None:
    client = Client(SERVER_NAME="localhost")
    found = {"login": measure(client, Page("login", "/admin/login/"), rounds)}
    client.force_login(get_user_model().objects.create_superuser("administrator"))
    for page in list(pages(client)):
        found[page.name] = measure(client, page, rounds)
    width = max(map(len, found))
    print(f"{'page':<{width}}{'queries':>9}{'ms':>7}")
    for name, (queries, median) in found.items():
        mark = "  over" if median > LIMIT else ""
        print(f"{name:<{width}}{queries:>9}{median:>7.0f}{mark}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as state:
        os.environ |= {"COASTGUARD_STATE": state, "DJANGO_SETTINGS_MODULE": "coastguard.settings"}
        os.environ.pop("DATABASE_URL", None)
        if "BENCH_DATABASE_URL" in os.environ:
            os.environ["DATABASE_URL"] = os.environ["BENCH_DATABASE_URL"]
        django.setup()
        # Pages that an administrator is not given are asked for once.
        logging.disable()
        call_command("migrate", verbosity=0)
        call_command("load_fixtures", verbosity=0)
        report(options.rounds)


if __name__ == "__main__":
    main()
