"""A few hundred of the hostile requests that `drills.desk_fuzz` makes, and what it found."""

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from agreements.models import Engagement, Topic
from drills.fuzzing import desk_run
from drills.fuzzing.desk_rows import PEOPLE
from tests.admin_pages import page

pytestmark = pytest.mark.django_db
REQUESTS = 250


@pytest.fixture(scope="class")
def desk(shipped_for_class):
    return desk_run.Desk()


class TestMadeUp:
    def test_no_request_breaks_a_page_or_stores_what_is_refused(self, desk):
        *_, found = desk_run.run(desk, "suite", range(REQUESTS))
        assert found.faults == []
        assert found.stored == []
        assert found.requests == REQUESTS
        assert {200, 302, 400, 403, 404} <= set(found.statuses)

    def test_everybody_is_among_those_who_ask(self, desk):
        asked = {desk.request(f"suite-{number}")[0] for number in range(60)}
        assert asked == set(PEOPLE)

    def test_a_number_makes_the_same_request_again(self, desk):
        made = [desk.request("suite-7") for _ in range(2)]
        assert made[0][1].path == made[1][1].path
        assert made[0][1].query == made[1][1].query

    def test_a_fault_is_noticed(self, desk, monkeypatch):
        monkeypatch.setattr(desk_run.Client, "request", lambda client, **values: broken(values))
        *_, found = desk_run.run(desk, "suite", range(3))
        assert len(found.faults) == 3

    def test_what_is_stored_in_spite_of_a_refusal_is_noticed(self, desk):
        before = desk_run.fingerprint()
        with transaction.atomic():
            Topic.objects.create(slug="stored", name="Stored")
            assert desk_run.fingerprint() != before
            transaction.set_rollback(True)
        assert desk_run.fingerprint() == before


def broken(_values):
    return HttpResponse(status=500)


@pytest.mark.parametrize("query", ["_to_field=", "_to_field=slug", "_to_field=%F0%9F%98%80"])
@pytest.mark.parametrize("way", ["change", "delete"])
def test_the_name_of_a_field_that_is_none(shipped, analyst, way, query):
    """Django looks an empty name up, and finds no such field."""
    client = Client(raise_request_exception=False)
    client.cookies = analyst.cookies
    address = page(Engagement.objects.first()).replace("change", way)
    for method in (client.get, client.post):
        assert method(f"{address}?{query}").status_code in (302, 400, 403, 404)
