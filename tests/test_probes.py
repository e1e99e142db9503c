"""Probes come by plain HTTP to an address that is no name of the site, and are answered."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from agreements import triggers

PRODUCTION = {
    "SECURE_SSL_REDIRECT": True,
    "ALLOWED_HOSTS": ["agreements.example.org"],
}
ELSEWHERE = {"HTTP_HOST": "10.1.2.3:8000"}


@pytest.fixture
def production(settings):
    for name, value in PRODUCTION.items():
        setattr(settings, name, value)


def probed(client, path):
    answer = client.get(path, **ELSEWHERE)
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.has_header("X-Request-ID")
    return answer.status_code, answer.json()["status"], answer.get("Retry-After")


def test_that_it_lives_asks_nothing_of_the_database(client, production):
    # Without its mark, a test that asks the database fails.
    assert probed(client, "/livez") == (200, "ok", None)
    assert client.get("/en/", **ELSEWHERE).status_code in (301, 400)


@pytest.mark.django_db
def test_it_is_ready_with_its_tables(client, production, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert probed(client, "/readyz") == (200, "ok", None)


@pytest.mark.django_db
def test_it_is_not_ready_with_migrations_to_come(client, production):
    MigrationRecorder(connection).record_unapplied("agreements", "0005_releases")
    assert probed(client, "/readyz") == (503, "migrations not applied", "5")
    assert probed(client, "/livez") == (200, "ok", None)


@pytest.mark.django_db
def test_it_is_not_ready_without_what_keeps_the_ledger(client, production):
    on = " ON agreements_publication" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER agreements_publication_keep{on}")
    assert probed(client, "/readyz") == (503, "triggers missing", "5")
    triggers.install(connection)
    assert probed(client, "/readyz") == (200, "ok", None)


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probes_are_read_only_and_have_no_other_addresses(client, path):
    answer = client.post(path)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert client.get(f"{path}/x").status_code == 404
