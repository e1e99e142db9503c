"""No page of the desk makes more queries for 200 records, or for 200 rows, than for 20."""

import time

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements import workflow
from agreements.access.store import SEEN
from agreements.admin.steps import MOST_RECORDS
from agreements.models import Citation, Document, Meeting
from agreements.queues import QUEUES
from tests import builders
from tests.admin_pages import (
    REVIEWABLES,
    add_page,
    changelist,
    errors_of,
    form_of,
    page,
    review_page,
)
from tests.builders import reload
from tests.crowd import Desk

FEW, MANY = 20, 200
MODELS = sorted(
    model._meta.model_name
    for model in admin.site._registry
    if model._meta.app_label == "agreements"
)
# Agreements and exercises have the pages of meetings.
GROWN = [model for model in REVIEWABLES if model not in ("agreement", "exercise")]
FULL = [*GROWN, "person", "participant"]
VIEWS = ("change", "history", "delete")
ACTIONS = (
    *("submit_for_review", "approve_and_publish", "return_to_draft"),
    *("withdraw_selected", "delete_selected"),
)
SELECTS = [
    (model_admin.opts.model_name, field)
    for registered in admin.site._registry.values()
    if registered.opts.app_label == "agreements"
    for model_admin in (registered, *registered.get_inline_instances(None))
    for field in model_admin.autocomplete_fields
]


def number_of_queries(client, address, form=None, status=200):
    """Return how many queries a page makes; `form`, where given, is posted to it."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address) if form is None else client.post(address, form)
    assert response.status_code == status, (address, response.status_code)
    return len(queries)


def lists(client, desk):
    """All of each list, searched, and by the last choice of each of its filters."""
    for model in MODELS:
        address = changelist(model)
        yield f"{model} list", address
        yield f"{model} list, searched", f"{address}?q=e"
        changes = client.get(address).context_data["cl"]
        for each in changes.filter_specs:
            choice = list(each.choices(changes))[-1]
            yield f"{model} list, by {each.title}", address + choice["query_string"]


def forms(client, desk):
    """Empty forms, and what selects with search find."""
    for model in REVIEWABLES:
        yield f"{model} add", add_page(model)
    for model, field in sorted(set(SELECTS)):
        query = f"app_label=agreements&model_name={model}&field_name={field}&term=e"
        yield f"{model} select {field}", f"{reverse('admin:autocomplete')}?{query}"


def records(client, desk):
    """The pages of each record that has grown."""
    for model in FULL:
        record = full(desk, model)
        for view in VIEWS:
            address = reverse(f"admin:agreements_{model}_{view}", args=[record.pk])
            yield f"{model} {view}", address
        if model in REVIEWABLES:
            yield f"{model} review", review_page(record)
    text = reverse("admin:agreements_document_text", args=[desk.document.pk])
    yield "workbench", text
    yield "workbench, one record", f"{text}?record=meeting-{desk.meeting.pk}"


def full(desk, model):
    """Return the record of a model that grows with the desk."""
    names = {"country": "vietnam", "reportedtotal": "total"}
    return getattr(desk, names.get(model, model))


def conflicts(client, desk):
    """A save that comes after somebody else's, for each kind of record."""
    for model in GROWN:
        record = full(desk, model)
        form = form_of(client, page(record))
        workflow.record_edit(reload(record), "writer")
        name = next(each for each in ("title", "name", "alpha3", "code") if each in form)
        form[name] = f"{form[name]}x"
        yield f"{model} conflict", number_of_queries(client, page(record), form, 409)


def actions(client, desk):
    """The pages on which an action with rows of a list is confirmed."""
    for model in GROWN:
        rows = full(desk, model)._meta.model.objects.order_by("-pk")[: min(desk.size, MOST_RECORDS)]
        keys = [row.pk for row in rows]
        for action in ACTIONS:
            form = {"action": action, "_selected_action": keys}
            number = number_of_queries(client, changelist(model), form)
            yield f"{model} {action}", number


def queues(client, desk):
    """What waits in each queue."""
    for key, each in QUEUES.items():
        if not each.page:
            yield f"queue {key}", reverse("queue", args=[key])


def measured(client, desk):
    """Return how many queries each page makes, by its name."""
    found = {}
    for source in (lists, forms, records, queues):
        for name, address in source(client, desk):
            found[name] = number_of_queries(client, address)
    return found | dict(actions(client, desk)) | dict(conflicts(client, desk))


@pytest.fixture(scope="class")
def queries(class_database):
    """How many queries each page makes, by its name, on a desk of each size."""
    client, desk, found = Client(), Desk(), {}
    client.force_login(get_user_model().objects.create_superuser("administrator"))
    # That a session is in use is written once a minute, whichever page is asked for then.
    session = client.session
    session[SEEN] = int(time.time()) + 24 * 3600
    session.save()
    # What a process keeps, such as the types of content, is asked for once.
    desk.grow(2)
    measured(client, desk)
    for size in (FEW, MANY):
        desk.grow(size)
        found[size] = measured(client, desk)
    return found


class TestQueries:
    @pytest.mark.parametrize("model", [*MODELS, "workbench", "queue"])
    def test_many_records_ask_no_more_than_few(self, queries, model):
        few = {name: number for name, number in queries[FEW].items() if name.startswith(model)}
        many = {name: queries[MANY][name] for name in few}
        assert few
        assert many == few


@pytest.mark.django_db
def test_a_record_with_300_citations_is_opened_and_saved(analyst):
    record = builders.meeting()
    documents = Document.objects.bulk_create(
        Document(slug=f"document-{n}", title=f"Report {n}", language="en") for n in range(300)
    )
    Citation.objects.bulk_create(
        Citation(engagement=record, document=document, locator="paragraph 1", field="status")
        for document in documents
    )
    form = form_of(analyst, page(record))
    number = record.citations.count()
    assert form["citations-TOTAL_FORMS"] == str(number) > "300"
    form |= {"title": "Eighth talks", f"citations-{number - 1}-note": "The last one."}
    response = analyst.post(page(record), form)
    assert response.status_code == 302, errors_of(response)
    assert reload(record).title == "Eighth talks"
    assert Citation.objects.filter(note="The last one.").count() == 1
    assert Meeting.objects.get().citations.count() == number
