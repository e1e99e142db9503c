"""The ledger: a chain of revisions that nothing can change without its showing."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from agreements import kept, ledger, triggers, workflow
from agreements.exceptions import LedgerError
from agreements.models import Meeting, Publication, PublicationFacet
from tests.builders import approved, document, meeting, publish, reload
from tests.readings import refused, run

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LEDGER = ("agreements_publication", "agreements_publicationfacet")


@contextmanager
def unguarded() -> Iterator[None]:
    """As somebody with the database's own password could: the triggers are off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in LEDGER:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for rule in triggers.rules(postgresql=False):
                if rule.table in LEDGER:
                    cursor.execute(f"DROP TRIGGER {rule.name}")
    yield
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in LEDGER:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    triggers.install(connection)


def tamper(sql: str, *values: object) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount


def row(slug: str = "eighth-meeting", revision: int = 1) -> Publication:
    return Publication.objects.get(kind="meeting", slug=slug, revision=revision)


def publish_again(record, at: datetime | None = None, **values: object) -> list[Publication]:
    type(record).objects.filter(pk=record.pk).update(**values)
    return workflow.publish([approved(reload(record))], at=at)


@pytest.fixture(scope="class")
def two_revisions(class_database):
    """Two meetings, and a second revision of the first one."""
    first, second = meeting(date="2024-12"), meeting("ninth-meeting")
    publish(first, second, at=NOON)
    publish_again(first, title="Eighth high-level meeting", at=NOON + timedelta(days=1))


def test_an_unchanged_record_is_not_published_twice():
    record = meeting()
    publish(record)
    assert publish_again(record) == []
    assert Publication.objects.filter(slug="eighth-meeting").count() == 1
    assert reload(record).review_state == "published"


def test_time_does_not_go_back():
    publish(meeting(), at=NOON)
    with pytest.raises(LedgerError, match="nothing can be published before"):
        publish(meeting("ninth-meeting"), at=NOON - timedelta(microseconds=1000))


def test_a_clock_that_went_back_does_not_stop_publication():
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    publish(meeting(), at=tomorrow)
    publish(meeting("ninth-meeting"))
    # Later than all that was published, so that what was read as of then stays as it was.
    assert row("ninth-meeting").published_at == tomorrow + timedelta(milliseconds=1)
    record = Meeting.objects.get(slug="ninth-meeting")
    withdrawal = workflow.withdraw(record, "reviewer", "A mistake.")
    assert withdrawal.published_at == tomorrow + timedelta(milliseconds=2)


def test_times_are_kept_as_finely_as_fixtures_write_them():
    publish(meeting(), at=NOON.replace(microsecond=123456))
    assert row().published_at == NOON.replace(microsecond=123000)


def test_an_empty_ledger_verifies():
    assert run("verify_ledger") == "0 rows, all as written\n"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no lock of one table")
def test_triggers_that_are_there_are_put_in_place_while_others_write(db):
    with closing(connection.copy()) as other, connection.cursor() as cursor:
        other.set_autocommit(False)
        with other.cursor() as writing:
            writing.execute("LOCK TABLE agreements_publication IN ROW EXCLUSIVE MODE")
        cursor.execute("SET LOCAL lock_timeout = '500ms'")
        triggers.install(connection)
        cursor.execute("SET LOCAL lock_timeout = 0")
    assert triggers.missing(connection) == []


def refuse(sql: str, *values: object) -> None:
    with (
        pytest.raises(DatabaseError, match="the ledger is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)


def test_a_total_and_its_document_are_found_by_their_facets():
    publish(meeting())
    found = PublicationFacet.objects.filter(facet="document", value=document().slug)
    assert {each.publication.kind for each in found} == {"meeting", "force"}


@pytest.mark.usefixtures("two_revisions")
class TestTwoRevisions:
    def test_the_first_row_stands_on_nothing_and_each_on_the_one_before(self):
        previous = ledger.GENESIS
        for number, each in enumerate(Publication.objects.order_by("sequence"), 1):
            assert each.sequence == number
            assert each.sha256 == ledger.digest(previous, each)
            previous = each.sha256

    def test_a_new_revision_supersedes_the_one_before(self):
        first, second = row(revision=1), row(revision=2)
        assert first.superseded_at == second.published_at == NOON + timedelta(days=1)
        assert second.superseded_at is None
        assert "Eighth high-level meeting" in second.body
        assert "Eighth high-level meeting" not in first.body

    def test_a_past_day_is_read_as_it_was(self):
        standing = Publication.objects.filter(slug="eighth-meeting")
        assert standing.standing_at(NOON - timedelta(seconds=1)).count() == 0
        assert standing.standing_at(NOON).get().revision == 1
        assert standing.standing_at(NOON + timedelta(hours=23)).get().revision == 1
        assert standing.standing_at(NOON + timedelta(days=1)).get().revision == 2

    def test_the_public_form_carries_its_stamp(self):
        second = row(revision=2)
        text = ledger.public_json(second, ledger.instant(second.published_at), recorded="3")
        assert text.endswith(
            f',"recorded":3,"revision":2,"published_at":"2026-01-02T12:00:00Z",'
            f'"sha256":"{second.sha256}"}}'
        )

    def test_an_untouched_ledger_verifies(self):
        last = Publication.objects.order_by("-sequence").first()
        assert run("verify_ledger") == f"{last.sequence} rows, all as written, head {last.sha256}\n"

    def test_a_changed_body_shows(self):
        tamper(
            "UPDATE agreements_publication SET body = REPLACE(body, 'held', 'planned')"
            " WHERE id = %s",
            row().pk,
        )
        assert refused("verify_ledger") == (
            f"row {row().sequence} (meeting/eighth-meeting r1): "
            "its SHA-256 is not that of its content and of the row before."
        )

    @pytest.mark.parametrize("column", ["author", "approver", "search_text", "reason"])
    def test_a_changed_particular_shows(self, column):
        tamper(f"UPDATE agreements_publication SET {column} = 'else' WHERE id = %s", row().pk)
        assert f"row {row().sequence} (meeting/eighth-meeting r1): its SHA-256" in refused(
            "verify_ledger"
        )

    def test_a_changed_day_of_publication_shows(self):
        tamper(
            "UPDATE agreements_publication SET published_at = %s WHERE id = %s",
            NOON - timedelta(days=1),
            row().pk,
        )
        assert f"row {row().sequence} (meeting/eighth-meeting r1): its SHA-256" in refused(
            "verify_ledger"
        )

    def test_a_changed_day_of_succession_shows(self):
        tamper(
            "UPDATE agreements_publication SET superseded_at = %s WHERE id = %s",
            NOON + timedelta(days=9),
            row().pk,
        )
        assert "superseded at another time than it says" in refused("verify_ledger")

    def test_a_row_that_pretends_to_be_superseded_shows(self):
        tamper(
            "UPDATE agreements_publication SET superseded_at = %s WHERE id = %s",
            NOON + timedelta(days=9),
            row("ninth-meeting").pk,
        )
        assert "marked as superseded, but nothing follows it" in refused("verify_ledger")

    @pytest.mark.parametrize(
        ("column", "value"),
        [("status", "planned"), ("date_key", "2020-01-01"), ("title_key", " x"), ("undated", True)],
    )
    def test_a_changed_filter_column_shows(self, column, value):
        tamper(f"UPDATE agreements_publication SET {column} = %s WHERE id = %s", value, row().pk)
        assert refused("verify_ledger") == (
            f"row {row().sequence} (meeting/eighth-meeting r1): "
            f"filter columns differ from its body: {column}."
        )

    def test_a_changed_facet_shows(self):
        tamper(
            "UPDATE agreements_publicationfacet SET value = 'CN'"
            " WHERE publication_id = %s AND facet = 'country' AND value = 'JP'",
            row().pk,
        )
        assert "(meeting/eighth-meeting r1): its facets differ from its body." in refused(
            "verify_ledger"
        )

    def test_what_an_older_program_did_not_write_is_told_and_added(self, client):
        asked = "country=VN&country=JP&ordering=title"
        before = client.get(f"/api/v1/meetings/?{asked}").json()["results"]
        assert [each["slug"] for each in before] == ["eighth-meeting", "ninth-meeting"]
        pairs = PublicationFacet.objects.filter(facet="country-pair").count()
        tamper("DELETE FROM agreements_publicationfacet WHERE facet = 'country-pair'")
        kept.answers.clear()
        assert client.get(f"/api/v1/meetings/?{asked}").json()["results"] == []
        first = Publication.objects.filter(kind="meeting").order_by("sequence").first()
        assert refused("verify_ledger") == (
            f"row {first.sequence} (meeting/{first.slug} r1): "
            "it lacks facets that its body has; run manage.py find_again."
        )
        assert run("find_again") == f"{pairs} facets added.\n"
        kept.answers.clear()
        assert client.get(f"/api/v1/meetings/?{asked}").json()["results"] == before
        assert "all as written" in run("verify_ledger")
        assert run("find_again") == "0 facets added.\n"

    def test_a_removed_row_shows(self):
        gone = row("ninth-meeting")
        tamper("DELETE FROM agreements_publicationfacet WHERE publication_id = %s", gone.pk)
        tamper("DELETE FROM agreements_publication WHERE id = %s", gone.pk)
        assert refused("verify_ledger").startswith(
            f"row {gone.sequence}: missing; the ledger goes on"
        )

    def test_a_row_put_in_shows(self):
        last = Publication.objects.order_by("-sequence").first()
        forged = row("ninth-meeting")
        forged.pk, forged.slug, forged.sha256 = None, "tenth-meeting", "f" * 64
        forged.sequence = last.sequence + 1
        forged.save(force_insert=True)
        assert f"row {forged.sequence} (meeting/tenth-meeting r1): its SHA-256" in refused(
            "verify_ledger"
        )

    def test_a_body_that_is_no_record_shows(self):
        tamper("UPDATE agreements_publication SET body = '[]' WHERE id = %s", row().pk)
        faults = list(ledger.verify())
        assert any("its body is not a public record" in fault for fault in faults)

    def test_the_first_of_several_bad_rows_is_named(self):
        tamper("UPDATE agreements_publication SET status = 'x' WHERE kind = 'meeting'")
        first = Publication.objects.filter(kind="meeting").order_by("sequence").first()
        assert refused("verify_ledger").startswith(f"row {first.sequence} ")

    def test_missing_triggers_are_told(self):
        name = "agreements_publication_keep"
        on = " ON agreements_publication" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            if on:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"DROP TRIGGER {name}{on}")
        assert refused("verify_ledger") == f"Triggers are missing: {name}. Run manage.py migrate."

    @pytest.mark.parametrize(
        "column",
        [field.column for field in Publication._meta.concrete_fields if field.column != "id"],
    )
    def test_no_column_of_a_row_can_be_changed(self, column):
        field = next(each for each in Publication._meta.concrete_fields if each.column == column)
        other = {
            "DateField": "2001-01-01",
            "DateTimeField": NOON - timedelta(days=1),
            "BooleanField": not getattr(row(), column),
            "PositiveIntegerField": 77,
            "PositiveBigIntegerField": 7777,
        }.get(field.get_internal_type(), "merged")
        refuse(f"UPDATE agreements_publication SET {column} = %s WHERE id = %s", other, row().pk)

    def test_no_row_can_be_removed(self):
        refuse("DELETE FROM agreements_publication")
        refuse("DELETE FROM agreements_publicationfacet")

    def test_no_facet_can_be_changed(self):
        refuse("UPDATE agreements_publicationfacet SET value = 'CN' WHERE facet = 'country'")
        refuse("UPDATE agreements_publicationfacet SET facet = 'topic' WHERE facet = 'country'")
        other = row("ninth-meeting").pk
        refuse("UPDATE agreements_publicationfacet SET publication_id = %s", other)

    def test_the_tables_cannot_be_emptied(self):
        if connection.vendor != "postgresql":
            pytest.skip("only PostgreSQL has TRUNCATE")
        with connection.cursor() as cursor:
            # It refuses by itself while keys are still to be checked.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        refuse("TRUNCATE agreements_publicationfacet")
        refuse("TRUNCATE agreements_publication CASCADE")

    def test_the_models_cannot_change_it_either(self):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Publication.objects.filter(pk=row().pk).update(author="else")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            PublicationFacet.objects.all().delete()

    def test_a_row_is_superseded_once(self):
        later = NOON + timedelta(days=9)
        refuse(
            "UPDATE agreements_publication SET superseded_at = %s WHERE id = %s", later, row().pk
        )
        refuse("UPDATE agreements_publication SET superseded_at = NULL WHERE id = %s", row().pk)

    def test_a_record_has_one_current_row(self):
        second = row("eighth-meeting", 2)
        second.pk, second.revision, second.sha256 = None, 3, "f" * 64
        second.sequence += 1
        with pytest.raises(DatabaseError), transaction.atomic():
            second.save(force_insert=True)
