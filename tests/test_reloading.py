"""Loading over a desk in use: what people changed stays, is told, and is replaced only when asked.

Through every door that loads, for every kind of record, and for what hangs on it.
"""

import gzip
import json
import zipfile
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.core.management import call_command
from django.db import connection

from agreements import merging, workflow
from agreements.models import (
    Citation,
    Country,
    Document,
    Engagement,
    Exercise,
    Force,
    ImportMapping,
    Meeting,
    Participant,
    Person,
    PossibleDuplicate,
    ReportedTotal,
    Topic,
)
from agreements.records import KINDS_OF_RECORD
from tests.builders import approved
from tests.readings import READING, refused, run, tables, write
from tests.test_fixtures import DOCUMENTS, ENGAGEMENTS, EVIDENCE, FILES, LEDGER, REFERENCE

pytestmark = pytest.mark.django_db
KEPT = "kept as changed on the desk (--overwrite replaces it): "
KEPT_BY_READINGS = "kept as edited on the desk (--overwrite replaces it): "
# Each kind of record with its own field, and what hangs on it: who to ask, and for what rows.
FIELDS = {
    "country": "",
    "force": "established",
    "person": "name",
    "topic": "name",
    "series": "title",
    "document": "note",
    "agreement": "title",
    "meeting": "summary",
    "exercise": "area",
    "total": "what",
}
RELATIONS = [
    ("force", "names"),
    ("force", "citations"),
    ("topic", "labels"),
    ("person", "names"),
    ("meeting", "participants"),
    ("meeting", "citations"),
    ("meeting", "engagement_topics"),
    ("meeting", "links"),
    ("agreement", "citations"),
    ("exercise", "participants"),
]


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    """The shipped fixtures, loaded once; taken back with the module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", *FILES, verbosity=0)
        yield
        transaction.set_rollback(True)


def edit(record, **values):
    type(record).objects.filter(pk=record.pk).update(**values)
    record.refresh_from_db()
    workflow.record_edit(record, "another-analyst")
    return record


def load(*arguments) -> str:
    """Load fixtures, which must leave every table as it is; return what is told."""
    before = tables()
    report = run("loaddata", *arguments)
    assert tables() == before
    return report


def edit_all() -> set[str]:
    """Change a field of one record of every kind, and rows of every relation of another one.

    Return what a load must tell of each.
    """
    told, taken = set(), set()
    for kind, name in FIELDS.items():
        model = KINDS_OF_RECORD[kind]
        record = edit(model.objects.first(), **({name: "2001"} if name else {}))
        taken.add((kind, record.record_key))
        label = f" ({model._meta.get_field(name).verbose_name})" if name else ""
        told.add(f"{kind} {record.record_key}{label}\n")
    for kind, relation in RELATIONS:
        records = KINDS_OF_RECORD[kind].objects.filter(**{f"{relation}__isnull": False}).distinct()
        record = next(each for each in records if (kind, each.record_key) not in taken)
        taken.add((kind, record.record_key))
        getattr(record, relation).first().delete()
        workflow.record_edit(record, "another-analyst")
        told.add(f"{kind} {record.record_key} (")
    side = Participant.objects.filter(delegates__isnull=False, engagement__kind="meeting").exclude(
        engagement__slug__in={key for _, key in taken}
    )[0]
    side.delegates.update(position="As an analyst has it")
    workflow.record_edit(Meeting.objects.get(pk=side.engagement_id), "another-analyst")
    told.add(f"meeting {side.engagement.slug} (participants)\n")
    return {KEPT + each for each in told}


class TestEveryKind:
    @pytest.mark.parametrize("files", [FILES, FILES[::-1]], ids=["in order", "backwards"])
    def test_fields_and_rows_are_kept_and_named(self, files):
        told = edit_all()
        report = load(*files)
        assert {each for each in told if each not in report} == set()

    def test_rows_alone_do_not_come_back(self):
        told = edit_all()
        report = load(EVIDENCE)
        cited = {f"{KEPT}{kind} " for kind, relation in RELATIONS if relation == "citations"}
        assert cited <= {each[: len(KEPT)] + each[len(KEPT) :].split(" ")[0] + " " for each in told}
        for kind in cited:
            assert kind in report

    def test_a_record_of_the_same_key_that_was_made_here(self, tmp_path):
        made = Document.objects.create(slug="made-here", title="Made here", language="en")
        workflow.record_edit(made, "another-analyst")
        row = {"slug": "made-here", "title": "Another", "language": "en"}
        path = tmp_path / "brought.json"
        path.write_text(json.dumps([{"model": "agreements.document", "fields": row}]))
        assert f"{KEPT}document made-here (made on the desk)" in load(path)


class TestStepsOfReview:
    def test_what_was_published_again_withdrawn_or_merged(self):
        again, gone, loser, heir = Meeting.objects.filter(review_state="published")[:4]
        edit(again, title="As an analyst has it")
        workflow.publish([approved(again)])
        workflow.withdraw(gone, "reviewer", "A mistake.")
        merging.merge(loser, heir, "reviewer", "They are one.")
        report = load(ENGAGEMENTS, LEDGER)
        for record in (again, gone, loser):
            assert f"{KEPT}meeting {record.slug}" in report

    def test_what_was_deleted_stays_away_with_all_that_belonged_to_it(self, tmp_path):
        values = {"kind": "exercise", "slug": "a-drill", "title": "A drill", "status": "held"}
        rows = [
            {"model": "agreements.engagement", "fields": values},
            {
                "model": "agreements.exercise",
                "fields": {"engagement_ptr": ["a-drill"], "activity": "other"},
            },
            {
                "model": "agreements.participant",
                "fields": {"engagement": ["a-drill"], "country": ["VN"], "role": "host"},
            },
        ]
        path = tmp_path / "brought.json"
        path.write_text(json.dumps(rows))
        run("loaddata", path)
        record = Exercise.objects.get(slug="a-drill")
        record.participants.all().delete()
        workflow.delete(record, "another-analyst")
        assert f"{KEPT}exercise a-drill (deleted on the desk)" in load(path)
        run("loaddata", "--overwrite", path)
        assert Exercise.objects.get(slug="a-drill").participants.count() == 1
        assert "(deleted" not in run("loaddata", path)


class TestWhatHasNoVersion:
    def test_decisions_and_accounts_are_kept(self, tmp_path):
        document = Document.objects.first()
        mapping = ImportMapping.objects.create(
            name="A data set", kind="meeting", document=document, headers="a" * 64
        )
        one, other = Engagement.objects.order_by("pk")[:2]
        pair = PossibleDuplicate.objects.create(first=one, second=other, nearness=50)
        user = User.objects.create_user("analyst", password="as-it-was")
        path = tmp_path / "dumped.json"
        path.write_text(serializers.serialize("json", [mapping, pair, user]))
        assert KEPT not in load(path)

        ImportMapping.objects.update(settings={"columns": {"a": "title"}})
        pair.told_apart_by, pair.reason = "another-analyst", "They are two."
        pair.save()
        user.set_password("as-it-is-now")
        user.save()
        report = load(path)
        for name in ("importmapping A data set", "possibleduplicate", "user analyst"):
            assert KEPT + name in report
        user.refresh_from_db()
        assert user.check_password("as-it-is-now")
        run("loaddata", "--overwrite", path)
        user.refresh_from_db()
        assert user.check_password("as-it-was")


class TestTwice:
    """Nothing is written the second time, however it is brought."""

    @pytest.mark.parametrize(
        "arguments",
        [
            [*FILES, "--ignorenonexistent", "--app", "agreements", "--database", "default"],
            [EVIDENCE, DOCUMENTS],
            [LEDGER, REFERENCE, "--exclude", "agreements.publicationfacet"],
            [ENGAGEMENTS, "--overwrite"],
        ],
    )
    def test_in_any_order_and_with_any_option(self, arguments):
        numbers = sequences()
        assert KEPT not in load(*arguments)
        # A load sets them to the last row; what was taken back had used up more.
        assert all(now <= before for now, before in zip(sequences(), numbers, strict=True))

    @pytest.mark.parametrize("packing", ["gz", "zip"])
    def test_packed(self, tmp_path, packing):
        path = tmp_path / f"{DOCUMENTS.name}.{packing}"
        if packing == "gz":
            path.write_bytes(gzip.compress(DOCUMENTS.read_bytes()))
        else:
            with zipfile.ZipFile(path, "w") as package:
                package.write(DOCUMENTS, DOCUMENTS.name)
        edit(Document.objects.first(), title="As an analyst has it")
        assert load(path).count(KEPT) == 1

    def test_from_another_program(self, monkeypatch):
        record = edit(Topic.objects.first(), name="As an analyst has it")
        with REFERENCE.open(encoding="utf-8") as file:
            monkeypatch.setattr("sys.stdin", file)
            assert f"{KEPT}topic {record.slug}" in load("-", "--format", "json")

    @pytest.mark.parametrize("form", ["jsonl", "xml", "yaml"])
    def test_in_another_format(self, tmp_path, form):
        path = tmp_path / f"brought.{form}"
        records = [*Country.objects.all()[:2], *Force.objects.all()[:2], *Person.objects.all()]
        text = serializers.serialize(form, records, use_natural_foreign_keys=True)
        path.write_text(text, encoding="utf-8")
        assert KEPT not in load(path)
        record = edit(Force.objects.first(), name="As an analyst has it")
        assert f"{KEPT}force {record.slug} (name)" in load(path)

    def test_what_is_left_alone_by_load_fixtures_is_told(self):
        before = tables()
        assert "left alone" in run("load_fixtures")
        assert tables() == before


def sequences() -> list[tuple]:
    """The last numbers that tables gave out."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name")
        else:
            cursor.execute(
                "SELECT sequencename, last_value FROM pg_sequences"
                " WHERE sequencename LIKE 'agreements%' ORDER BY 1"
            )
        return cursor.fetchall()


class TestReadings:
    def test_what_was_changed_is_named(self, tmp_path):
        path = write(tmp_path)
        run("load_readings", path)
        meeting = Meeting.objects.get(slug="eighth-meeting")
        meeting.participants.get(role="guest").delete()
        edit(meeting, title="As an analyst has it")
        before = tables()
        report = run("load_readings", path)
        assert f"{KEPT_BY_READINGS}meeting eighth-meeting (title, participants)" in report
        assert tables() == before

    def test_what_was_deleted_is_not_made_again(self, tmp_path):
        path = write(tmp_path)
        run("load_readings", path)
        Citation.objects.filter(engagement__slug="eighth-meeting").delete()
        workflow.delete(Meeting.objects.get(slug="eighth-meeting"), "another-analyst")
        before = tables()
        report = run("load_readings", path)
        assert f"{KEPT_BY_READINGS}meeting eighth-meeting (deleted on the desk)" in report
        assert tables() == before
        assert "kept" not in run("load_readings", path, "--overwrite")
        assert Meeting.objects.filter(slug="eighth-meeting").exists()
        assert "(deleted" not in run("load_readings", path)

    def test_what_a_reading_cannot_do_without_is_asked_for(self, tmp_path):
        path = write(tmp_path)
        run("load_readings", path)
        Meeting.objects.get(slug="eighth-meeting").participants.all().delete()
        workflow.delete(Person.objects.get(slug="le-quang-dao"), "another-analyst")
        before = tables()
        told = refused("load_readings", path)
        assert "le-quang-dao was deleted on the desk; leave it out, or --overwrite" in told
        assert tables() == before

    def test_totals_and_documents_too(self, tmp_path):
        path = write(tmp_path, READING + TOTALS)
        run("load_readings", path)
        workflow.delete(ReportedTotal.objects.get(slug="ten-talks"), "another-analyst")
        edit(Document.objects.get(slug="talks-report"), publisher="As an analyst has it")
        before = tables()
        report = run("load_readings", path)
        assert f"{KEPT_BY_READINGS}total ten-talks (deleted on the desk)" in report
        assert f"{KEPT_BY_READINGS}document talks-report (publisher)" in report
        assert tables() == before


TOTALS = """\
totals:
  - {slug: ten-talks, title: Ten talks, what: talks, count: 10, counts: meetings, at: paragraph 3}
"""


def test_every_fixture_is_a_door_that_is_known():
    assert {Path(path).suffix for path in FILES} == {".json"}
