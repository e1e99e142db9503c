"""A record that is deleted while a page of it is being made: told as gone, never a fault.

Between any two statements of the page: another session would commit its deletion there.
"""

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from agreements import history, workflow
from agreements.models import Document, DocumentText, Meeting, Participant
from tests import builders

pytestmark = pytest.mark.django_db

ANSWERS = (200, 302, 403, 404)
PAGES = ("change", "history", "delete", "review", "restore", "merge")


@pytest.fixture(scope="class")
def meeting(class_database):
    record = builders.meeting()
    text = Document.objects.get(slug="news-report")
    Document.objects.filter(pk=text.pk).update(sha256="a" * 64)
    DocumentText.objects.create(document=text, text="They met.\n")
    workflow.record_edit(record, "analyst")
    return record


@pytest.fixture(scope="class")
def reader(class_database):
    client = Client()
    client.force_login(User.objects.create_superuser("analyst"))
    return client


class Meanwhile:
    """Deletes a record just before the statement of a number; counts them."""

    def __init__(self, record, number):
        self.record, self.number, self.seen, self.busy = record, number, 0, False

    def __call__(self, execute, sql, params, many, context):
        if not self.busy:
            if self.seen == self.number:
                self.busy = True
                workflow.delete(Meeting.objects.get(pk=self.record.pk), "reviewer")
                self.busy = False
            self.seen += 1
        return execute(sql, params, many, context)


def answers(client, path, record):
    """The status of a page for each statement before which its record was deleted."""
    number, found = 0, {}
    while True:
        meanwhile = Meanwhile(record, number)
        with transaction.atomic():
            with connection.execute_wrapper(meanwhile):
                try:
                    found[number] = client.get(path).status_code
                except Exception as error:
                    found[number] = repr(error)
            transaction.set_rollback(True)
        if meanwhile.seen <= number:
            return found
        number += 1


class TestPages:
    @pytest.mark.parametrize("page", PAGES)
    def test_of_a_record(self, reader, meeting, page):
        arguments = [meeting.pk]
        if page == "restore":
            arguments.append(history.changes_of(meeting).first().pk)
        path = reverse(f"admin:agreements_meeting_{page}", args=arguments)
        found = answers(reader, path, meeting)
        assert len(found) > 5
        assert {number: told for number, told in found.items() if told not in ANSWERS} == {}

    def test_of_a_side_of_it(self, reader, meeting):
        side = Participant.objects.filter(engagement=meeting.pk).first()
        path = reverse("admin:agreements_participant_change", args=[side.pk])
        found = answers(reader, path, meeting)
        assert len(found) > 5
        assert {number: told for number, told in found.items() if told not in ANSWERS} == {}

    @pytest.mark.parametrize("page", ["text", "record"])
    def test_of_its_text(self, reader, meeting, page):
        document = Document.objects.get(slug="news-report")
        arguments = [document.pk]
        if page == "record":
            arguments.append(f"meeting-{meeting.pk}")
        path = reverse(f"admin:agreements_document_{page}", args=arguments)
        found = answers(reader, path, meeting)
        assert len(found) > 5
        assert {number: told for number, told in found.items() if told not in ANSWERS} == {}

    @pytest.mark.parametrize("name", ["index", "agreements_meeting_changelist"])
    def test_that_list_it(self, reader, meeting, name):
        found = answers(reader, reverse(f"admin:{name}"), meeting)
        assert {number: told for number, told in found.items() if told not in ANSWERS} == {}
