"""A line of the log: whose request, what went wrong, and not what stood in the row."""

import json
import logging

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from agreements.models import Document
from coastguard.log_lines import Line
from coastguard.request_ids import Asked, answering

CANARY = "what nobody may read yet"


def told(error=None, message="%s failed", *values):
    record = logging.LogRecord(
        "agreements",
        logging.ERROR,
        __file__,
        1,
        message,
        values,
        error and (type(error), error, error.__traceback__),
    )
    (line,) = Line().format(record).splitlines()
    return json.loads(line)


@pytest.mark.django_db
def test_what_a_database_refused_is_told_without_the_row():
    Document.objects.create(slug="one", title=CANARY, language="en")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE agreements_document SET slug = '', author = title WHERE slug = 'one'"
            )
    except DatabaseError as refused:
        error = refused
    if connection.vendor == "postgresql":
        # It would have been told.
        assert CANARY in str(error)
    line = told(error, "%s failed", "saving")
    assert line["message"] == "saving failed"
    assert CANARY not in json.dumps(line)
    first, *_, last = line["error"].splitlines()
    assert "agreements_document_slug_not_empty" in last
    assert first.lstrip().startswith("File ")


def test_what_an_error_came_from_is_told_first():
    try:
        try:
            raise KeyError("first\nand more")
        except KeyError as inner:
            raise ValueError("second") from inner
    except ValueError as outer:
        lines = told(outer, "failed")["error"].splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "builtins.KeyError: 'first\\nand more'",
        "which led to:",
        "builtins.ValueError: second",
    ]


def test_a_line_belongs_to_its_request_and_tells_nothing_of_it_but_three_things():
    with answering(Asked("a-number", "GET", "/en/")):
        line = told(
            None,
            "told",
        )
    assert {name: line[name] for name in ("request_id", "method", "path")} == {
        "request_id": "a-number",
        "method": "GET",
        "path": "/en/",
    }
    assert "request_id" not in told(None, "told")


def test_a_message_is_one_line_whatever_is_in_it():
    line = told(None, "%s", 'a\r\n{"level": "INFO"}\u2028b\x85c')
    assert line["message"] == 'a\r\n{"level": "INFO"}\u2028b\x85c'


def test_whoever_meets_a_fault_on_a_page_is_told_its_number(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError(CANARY)

    monkeypatch.setattr("agreements.pages.front.HomePage.respond", fail)
    answer = Client(raise_request_exception=False).get("/en/")
    assert answer.status_code == 500
    assert answer["Cache-Control"] == "no-store"
    assert f"<code>{answer['X-Request-ID']}</code>" in answer.text
    assert CANARY not in answer.text
