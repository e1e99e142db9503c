"""Whom to tell of a hole, as RFC 9116 has it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from coastguard.security_txt import expires

pytestmark = pytest.mark.anywhere

ADDRESS = "/.well-known/security.txt"


def fields(client, **options):
    answer = client.get(ADDRESS, **options)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "public" in answer["Cache-Control"]
    return dict(line.split(": ", 1) for line in answer.content.decode().splitlines())


def test_it_names_whom_the_operator_names(client, settings):
    settings.SECURITY_CONTACT = "https://example.org/report"
    settings.SECURITY_POLICY = "https://example.org/policy"
    told = fields(client)
    assert told["Contact"] == "https://example.org/report"
    assert told["Policy"] == "https://example.org/policy"
    assert told["Canonical"] == f"http://testserver{ADDRESS}"
    assert told["Preferred-Languages"] == "en, vi"


@pytest.mark.parametrize(
    ("host", "contact"),
    [
        ("agreements.example.org:8443", "mailto:security@agreements.example.org"),
        ("127.0.0.1:8000", "mailto:security@%5B127.0.0.1%5D"),
        ("[::1]:8000", "mailto:security@%5BIPv6:::1%5D"),
        ("[::1]", "mailto:security@%5BIPv6:::1%5D"),
    ],
)
def test_otherwise_the_mailbox_that_is_reserved_for_it(client, settings, host, contact):
    settings.ALLOWED_HOSTS = ["agreements.example.org", "127.0.0.1", "[::1]"]
    told = fields(client, HTTP_HOST=host)
    assert told["Contact"] == contact
    assert "Policy" not in told


def test_it_holds_for_months_and_less_than_a_year_and_is_the_same_for_a_month(client):
    now = timezone.now()
    told = datetime.fromisoformat(fields(client)["Expires"])
    assert now + timedelta(days=150) < told < now + timedelta(days=365)
    day = date(2026, 1, 1)
    while day < date(2028, 3, 1):
        until = expires(day)
        after = until - datetime(day.year, day.month, day.day, tzinfo=UTC)
        assert timedelta(days=150) < after < timedelta(days=365), day
        assert until == expires(day.replace(day=1))
        day += timedelta(days=1)


def test_its_former_address_leads_there(client):
    answer = client.get("/security.txt")
    assert (answer.status_code, answer["Location"]) == (301, ADDRESS)


def test_nobody_is_asked_who_they_are_in_any_language(client):
    one = client.get(ADDRESS, HTTP_ACCEPT_LANGUAGE="vi")
    other = client.get(ADDRESS)
    assert one.content == other.content
    assert not one.cookies
    assert client.get(ADDRESS, HTTP_COOKIE="sessionid=x").content == other.content
