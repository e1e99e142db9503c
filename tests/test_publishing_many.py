"""Many records are published together: in a few queries for hundreds, all of them or none."""

import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import requests
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from agreements import ledger, workflow
from agreements.exceptions import QualityError, WorkflowError
from agreements.history import Step, Way, note
from agreements.ledger import PublishedIndex
from agreements.models import Change, EngagementLink, Meeting, Publication, PublicationFacet
from agreements.records import REVIEWABLE, load_whole, whole
from agreements.representations import represent
from agreements.representations.fields import Shape
from agreements.snapshots import snapshot
from tests.builders import approved, meeting, publish
from tests.readings import run
from tests.servers import ROOT, copied, environment_of, running

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def waiting(count, prefix="talks"):
    """Approved meetings, and all that they name public."""
    records = [meeting(f"{prefix}-{number:02}", date="2024-12") for number in range(count)]
    publish()
    return [approved(record) for record in records]


@pytest.mark.django_db
class TestTogether:
    @pytest.mark.parametrize(
        "act",
        [
            lambda records: len(workflow.publish(records)),
            lambda records: workflow.publish_approved().total(),
        ],
        ids=["named", "all"],
    )
    def test_the_queries_are_as_many_for_few_as_for_many(self, act):
        publish(meeting())
        found = {}
        for count in (2, 20):
            records = [
                approved(meeting(f"talks-{count}-{number}", date="2024-12"))
                for number in range(count)
            ]
            records = load_whole(Meeting, [record.pk for record in records])
            with CaptureQueriesContext(connection) as queries:
                assert act(records) == count
            found[count] = len(queries)
        assert found[2] == found[20]

    @pytest.mark.skipif(
        connection.vendor != "postgresql", reason="only PostgreSQL counts on what it knew"
    )
    def test_the_planner_knows_what_is_being_written(self, monkeypatch):
        monkeypatch.setattr("agreements.ledger.publishing.AT_A_TIME", 5)
        waiting(30)
        workflow.publish_approved()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT reltuples FROM pg_class WHERE oid = 'agreements_publication'::regclass"
            )
            (known,) = cursor.fetchone()
            cursor.execute(
                "SELECT most_common_vals::text FROM pg_stats"
                " WHERE tablename = 'agreements_publication' AND attname = 'kind'"
            )
            (kinds,) = cursor.fetchone()
        assert known >= Publication.objects.count() / 1.25
        assert "meeting" in kinds

    def test_some_at_a_time_or_all_at_once_the_ledger_is_the_same(self, monkeypatch):
        publish(meeting())
        records = waiting(5)
        EngagementLink.objects.create(source=records[0], relation="part-of", target=records[4])
        approved(records[0])
        told = []
        for size in (2, 1000):
            monkeypatch.setattr("agreements.ledger.publishing.AT_A_TIME", size)
            with transaction.atomic():
                workflow.publish_approved(NOON)
                rows = Publication.objects.order_by("sequence")
                facets = PublicationFacet.objects.order_by(
                    "publication__sequence", "facet", "value"
                )
                told.append(
                    (
                        [row.sha256 for row in rows],
                        list(facets.values_list("publication__sequence", "facet", "value")),
                    )
                )
                assert list(ledger.verify()) == []
                transaction.set_rollback(True)
        assert told[0] == told[1]

    def test_a_link_to_a_record_of_a_later_part_is_shown(self, monkeypatch):
        monkeypatch.setattr("agreements.ledger.publishing.AT_A_TIME", 1)
        first, second = waiting(2)
        EngagementLink.objects.create(source=first, relation="part-of", target=second)
        approved(first)
        workflow.publish_approved()
        body = Publication.objects.get(slug=first.slug).body_data
        assert [link["slug"] for link in body["links"]] == [second.slug]

    def test_a_record_that_lacks_something_stops_all_of_them(self, monkeypatch):
        monkeypatch.setattr("agreements.ledger.publishing.AT_A_TIME", 1)
        records = waiting(3)
        head = Publication.objects.count()
        records[2].citations.filter(field="status").delete()
        # Noted, but not sent back to draft as the workflow would.
        note(records[2], Step.EDITED, "analyst", Way.COMMAND)
        with pytest.raises(QualityError, match="Cite a passage for status"):
            workflow.publish_approved()
        assert Publication.objects.count() == head
        assert {record.review_state for record in Meeting.objects.all()} == {"approved"}

    def test_a_record_that_changed_meanwhile_stops_all_of_them(self):
        records = waiting(3)
        workflow.record_edit(Meeting.objects.get(pk=records[1].pk), "analyst")
        head = Publication.objects.count()
        with pytest.raises(WorkflowError, match="Talks 01 was changed meanwhile"):
            workflow.publish(records)
        assert Publication.objects.count() == head
        assert Change.objects.filter(kind="meeting", step="published").count() == 0

    def test_each_is_noted_in_the_history(self):
        records = waiting(3)
        workflow.publish(records)
        notes = Change.objects.filter(step="published", kind="meeting").order_by("id")
        assert [(note.key, note.by, note.way) for note in notes] == [
            (record.slug, "reviewer", "command") for record in records
        ]

    def test_the_command_tells_how_far_it_is(self, monkeypatch):
        waiting(3)
        monkeypatch.setattr("agreements.ledger.publishing.AT_A_TIME", 2)
        told = run("publish", "--all").splitlines()
        assert told == ["2 of 3 records", "meeting: 3 published"]


@pytest.mark.usefixtures("shipped_for_class")
class TestShipped:
    """What fast ways find and write is what the library's own would, of every shipped record."""

    @pytest.mark.parametrize("kind", sorted(REVIEWABLE))
    def test_the_public_form_is_the_one_that_the_library_writes(self, kind, monkeypatch):
        records = list(whole(REVIEWABLE[kind]))
        ours = [represent(record, PublishedIndex()) for record in records]
        monkeypatch.delattr(Shape, "to_representation")
        assert ours == [represent(record, PublishedIndex()) for record in records]
        assert records

    @pytest.mark.parametrize("kind", sorted(REVIEWABLE))
    def test_what_is_loaded_is_what_prefetching_loads(self, kind):
        ours = whole(REVIEWABLE[kind]).order_by("pk")
        found = load_whole(REVIEWABLE[kind], [record.pk for record in ours])
        with CaptureQueriesContext(connection) as queries:
            assert [snapshot(row) for row in found] == [snapshot(row) for row in ours]
        assert not any("LIMIT 21" in query["sql"] for query in queries)


_RENAMED = """
from django.db import transaction
from agreements import workflow
from agreements.models import Force
force = Force.objects.get(slug="vietnam-coast-guard")
force.name = "Coast Guard of Viet Nam"
force.save()
workflow.record_edit(force, "analyst")
workflow.submit(force, "analyst")
workflow.approve(force, "reviewer")
with transaction.atomic():
    workflow.publish([force])
    workflow.carry_name("force", force.slug)
    print("open", flush=True)
    input()
print("done", flush=True)
"""


@contextmanager
def publishing(state, named):
    """A process that has published a rename and not committed it yet."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-c", _RENAMED],
        cwd=ROOT,
        env=environment_of(state, **named),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if "open\n" not in iter(process.stdout.readline, ""):
        raise RuntimeError("The publication did not begin.")
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait()


def test_the_public_reads_on_while_records_are_published(prepared, tmp_path):
    """A publication stays open, and nobody waits; once it is committed, all of it is there."""
    with (
        copied(prepared, tmp_path) as named,
        running(tmp_path, **named) as address,
        publishing(tmp_path, named) as publication,
    ):
        api = f"{address}/api/v1"
        paths = ("meetings/", "meetings/?q=vietnam", "forces/vietnam-coast-guard/", "changes/")
        for path in paths:
            answer = requests.get(f"{api}/{path}", timeout=10)
            assert answer.status_code == 200
            assert "Coast Guard of Viet Nam" not in answer.text
        assert requests.get(f"{address}/", timeout=10).status_code == 200
        publication.stdin.write("\n")
        publication.stdin.flush()
        assert publication.stdout.readline() == "done\n"
        force = requests.get(f"{api}/forces/vietnam-coast-guard/", timeout=10).json()
        assert force["name"] == "Coast Guard of Viet Nam"
        found = requests.get(f"{api}/meetings/?force=vietnam-coast-guard", timeout=10).json()
        assert found["results"]
        for record in found["results"]:
            sides = {side["force"]["name"] for side in record["participants"] if side["force"]}
            assert "Coast Guard of Viet Nam" in sides
