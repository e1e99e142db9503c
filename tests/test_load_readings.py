"""Readings are loaded all together or not at all, and twice is once."""

import os
import signal
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements import workflow
from agreements.models import Citation, Force, Meeting, Person
from agreements.readings import read_batch, store_batch
from agreements.readings.store import _Writer
from tests.readings import (
    FORCES,
    HEADER,
    MEETINGS,
    READING,
    SECOND_HEADER,
    SECOND_READING,
    SERIES,
    counted,
    is_empty,
    refused,
    run,
    tables,
    write,
)

pytestmark = pytest.mark.django_db


def eighth_meeting() -> Meeting:
    return Meeting.objects.get(slug="eighth-meeting")


def edit_on_the_desk(record, **values) -> None:
    type(record).objects.filter(pk=record.pk).update(**values)
    record.refresh_from_db()
    workflow.record_edit(record, "another-analyst")


def test_a_title_of_which_nothing_is_seen_stores_nothing(tmp_path):
    text = READING.replace(
        "title: Eighth meeting of the two coast guards", 'title: "\\u200b\\u2060"'
    )
    told = refused("load_readings", write(tmp_path, text))
    assert "meetings[0].title: Write something that can be seen." in told
    assert is_empty()


def test_records_are_stored_with_what_they_refer_to(tmp_path):
    report = run("load_readings", write(tmp_path))

    meeting = eighth_meeting()
    assert counted(report, "meeting") == (1, 0, 0)
    assert counted(report, "force") == (2, 0, 0)
    assert counted(report, "country") == (2, 0, 0)
    assert (meeting.review_state, meeting.edited_by, meeting.approved_by) == (
        "approved",
        "analyst",
        "reviewer",
    )
    host, guest = meeting.participants.all()
    assert (host.country.code, host.force.slug, host.role) == ("VN", "vietnam-coast-guard", "host")
    assert (guest.country.code, guest.force.slug, guest.role) == (
        "JP",
        "japan-coast-guard",
        "guest",
    )
    assert [row.topic.slug for row in meeting.engagement_topics.all()] == ["search-and-rescue"]
    assert sorted(row.field for row in meeting.citations.all()) == [
        "date",
        "delegates",
        "participants",
        "status",
    ]


def test_names_are_kept_in_every_language(tmp_path):
    run("load_readings", write(tmp_path))

    force = Force.objects.get(slug="vietnam-coast-guard")
    person = Person.objects.get(slug="le-quang-dao")
    (delegate,) = person.delegations.all()
    assert [(row.text, row.language) for row in force.names.all()] == [
        ("Vietnam Coast Guard", "en"),
        ("Cảnh sát biển Việt Nam", "vi"),
    ]
    assert (person.name, person.names.get(language="en").text) == ("Lê Quang Đạo", "Le Quang Dao")
    assert (delegate.rank, delegate.position) == ("Major General", "Commander")


def test_the_same_file_twice_changes_nothing(tmp_path):
    path = write(tmp_path)
    run("load_readings", path)
    before = tables()

    report = run("load_readings", path)

    assert counted(report, "meeting") == (0, 0, 1)
    assert tables() == before


def test_the_shipped_readings_twice_change_nothing():
    run("load_readings", settings.SEEDS_DIR)
    before = tables()

    report = run("load_readings", settings.SEEDS_DIR)

    assert counted(report, "meeting")[:2] == (0, 0)
    assert tables() == before


def test_a_changed_value_is_a_new_version_that_is_approved_again(tmp_path):
    run("load_readings", write(tmp_path))

    report = run("load_readings", write(tmp_path, READING.replace("2024-12-16", "2024-12-17")))

    meeting = eighth_meeting()
    assert counted(report, "meeting") == (0, 1, 0)
    assert counted(report, "force") == (0, 0, 2)
    assert (meeting.date.edtf, meeting.version, meeting.loaded_version) == ("2024-12-17", 2, 2)
    assert meeting.review_state == "approved"


def test_a_dry_run_reports_and_stores_nothing(tmp_path):
    report = run("load_readings", write(tmp_path), "--dry-run")

    assert counted(report, "meeting") == (1, 0, 0)
    assert "Dry run: nothing was stored." in report
    assert is_empty()


def test_a_dry_run_finds_what_only_the_desk_can_tell(tmp_path):
    text = READING.replace("fields: [status, date]", "fields: [status]")
    assert "Cite a passage for date." in refused(
        "load_readings", write(tmp_path, text), "--dry-run"
    )
    assert is_empty()


def test_a_bad_last_record_stores_nothing(tmp_path):
    last = "  - slug: ninth-meeting\n    title: Ninth meeting\n    status: held\n"
    told = refused("load_readings", write(tmp_path, READING + last))

    assert "meetings[1].participants: Missing; it is required here." in told
    assert is_empty()


def test_a_bad_last_file_stores_nothing_of_the_others(tmp_path):
    write(tmp_path, READING, "1.yaml")
    write(tmp_path, SECOND_HEADER + "meetings: [{slug: x, title: X}]\n", "2.yaml")
    refused("load_readings", tmp_path)
    assert is_empty()


def test_a_failure_half_way_stores_nothing(tmp_path, monkeypatch):
    def fail(writer):
        assert Meeting.objects.exists()
        raise OSError("no space left on device")

    monkeypatch.setattr(_Writer, "evidence", fail)
    with pytest.raises(OSError, match="no space left"):
        run("load_readings", write(tmp_path))
    assert is_empty()


def test_a_process_killed_half_way_stores_nothing(tmp_path):
    """In a process and a database of its own; it kills itself when half of it is written."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/desk.sqlite3"}
    environment["COASTGUARD_STATE"] = str(tmp_path)
    environment["DJANGO_SETTINGS_MODULE"] = "coastguard.settings"
    killed_half_way = f"""
import os, signal, sys, django
django.setup()
from django.core.management import call_command
from agreements.models import Meeting
from agreements.readings.store import _Writer
call_command("migrate", verbosity=0)
def evidence(writer):
    assert Meeting.objects.exists()
    os.kill(os.getpid(), signal.SIGKILL)
_Writer.evidence = evidence
call_command("load_readings", {str(write(tmp_path))!r})
"""
    ended = subprocess.run(
        [sys.executable, "-c", killed_half_way],
        env=environment,
        cwd=settings.BASE_DIR,
        check=False,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == -signal.SIGKILL, ended.stderr
    database = sqlite3.connect(tmp_path / "desk.sqlite3")
    for table in ("country", "document", "engagement", "meeting", "participant"):
        (rows,) = database.execute(f"SELECT COUNT(*) FROM agreements_{table}").fetchone()
        assert rows == 0, table
    database.close()


def test_a_citation_that_is_gone_disappears_and_only_that(tmp_path):
    extra = '      - {fields: [summary], at: paragraph 9, quote: "and parted"}\n'
    run("load_readings", write(tmp_path, READING + extra))
    kept = set(Citation.objects.exclude(field="summary").values_list("pk", "uid"))

    report = run("load_readings", write(tmp_path, READING))

    assert counted(report, "meeting") == (0, 1, 0)
    assert set(Citation.objects.values_list("pk", "uid")) == kept


def test_a_participant_that_is_gone_disappears_and_only_that(tmp_path):
    third = "      - {country: PH, role: observer}\n    citations:\n      - {fields: [status, date]"
    text = READING.replace("    citations:\n      - {fields: [status, date]", third)
    run("load_readings", write(tmp_path, text))
    assert eighth_meeting().participants.count() == 3

    run("load_readings", write(tmp_path, READING))

    assert [row.country.code for row in eighth_meeting().participants.all()] == ["VN", "JP"]
    assert eighth_meeting().citations.count() == 4


def test_delegates_can_change_places(tmp_path):
    second = "{slug: to-lam, name: Tô Lâm}\n"
    people = READING.replace(
        "forces:\n  - slug: vietnam", "  - " + second + "forces:\n  - slug: vietnam"
    )
    one = "{person: le-quang-dao, rank: Major General, position: Commander}"
    other = "{person: to-lam, position: Delegate}"
    run("load_readings", write(tmp_path, people.replace(one, f"{one}, {other}")))

    run("load_readings", write(tmp_path, people.replace(one, f"{other}, {one}")))

    host = eighth_meeting().participants.get(role="host")
    assert {row.person.slug for row in host.delegates.all()} == {"le-quang-dao", "to-lam"}


def test_a_participant_made_by_hand_gives_way_to_the_readings(tmp_path):
    path = write(tmp_path)
    run("load_readings", path)
    meeting = eighth_meeting()
    guest = meeting.participants.get(role="guest")
    by_hand = {"country": guest.country, "force": guest.force, "role": "guest"}
    guest.delete()
    meeting.participants.create(**by_hand)
    workflow.record_edit(meeting, "another-analyst")

    run("load_readings", path, "--overwrite")

    assert eighth_meeting().participants.filter(role="guest").count() == 1


def test_what_was_edited_since_is_kept_and_reported(tmp_path):
    run("load_readings", write(tmp_path))
    edit_on_the_desk(eighth_meeting(), title="The eighth meeting, in Hanoi")
    before = tables()

    report = run("load_readings", write(tmp_path, READING.replace("2024-12-16", "2024-12-17")))

    assert "kept as edited on the desk (--overwrite replaces it): meeting eighth-meeting" in report
    assert tables() == before


def test_what_was_edited_since_is_replaced_when_told_to(tmp_path):
    run("load_readings", write(tmp_path))
    edit_on_the_desk(eighth_meeting(), title="The eighth meeting, in Hanoi")

    report = run("load_readings", write(tmp_path), "--overwrite")

    meeting = eighth_meeting()
    assert "kept" not in report
    assert meeting.title == "Eighth meeting of the two coast guards"
    assert (meeting.version, meeting.loaded_version, meeting.edited_by) == (3, 3, "analyst")


def test_evidence_for_what_was_edited_since_is_reported_too(tmp_path):
    run("load_readings", write(tmp_path, READING, "1.yaml"))
    edit_on_the_desk(eighth_meeting(), title="The eighth meeting, in Hanoi")

    report = run("load_readings", write(tmp_path, SECOND_READING, "2.yaml"))

    assert "kept as edited on the desk (--overwrite replaces it): meeting eighth-meeting" in report
    assert eighth_meeting().citations.count() == 4


def test_a_withdrawn_record_does_not_come_back_with_a_reading(tmp_path):
    run("load_readings", write(tmp_path))
    run("publish", "--all")
    workflow.withdraw(eighth_meeting(), "reviewer", "It was a different meeting.")

    report = run("load_readings", write(tmp_path, READING.replace("2024-12-16", "2024-12-17")))

    assert "kept as edited on the desk (--overwrite replaces it): meeting eighth-meeting" in report
    assert eighth_meeting().review_state == "withdrawn"


def test_a_series_holds_its_numbers(tmp_path):
    text = (
        READING.replace("people:", SERIES + "people:")
        .replace(
            "    status: held\n",
            "    status: held\n    series: coast-guard-conference\n    ordinal: 8\n",
        )
        .replace("fields: [status, date]", "fields: [status, date, ordinal]")
    )
    run("load_readings", write(tmp_path, text))
    assert (eighth_meeting().series.slug, eighth_meeting().ordinal) == ("coast-guard-conference", 8)


def test_a_force_alone_can_be_brought(tmp_path):
    run("load_readings", write(tmp_path, HEADER + FORCES))
    assert Force.objects.count() == 2


def many(count, name):
    """A reading of some meetings, each with two participants, a topic and four citations."""
    meetings = MEETINGS.partition("\n")[2]
    rows = (meetings.replace("eighth-meeting", f"{name}-{number}") for number in range(count))
    return "meetings:\n" + "".join(rows)


def test_the_queries_are_as_many_for_few_records_as_for_many(tmp_path):
    run("load_readings", write(tmp_path))
    found = {}
    for count in (2, 20):
        header = SECOND_HEADER.replace("second-report", f"report-{count}")
        text = header.replace("b" * 64, f"{count:064}") + many(count, f"talks-{count}")
        path = write(tmp_path, text, f"{count}.yaml")
        for turn in ("new", "unchanged"):
            with CaptureQueriesContext(connection) as queries:
                report = store_batch(read_batch([path]))
            assert report.created["meeting"] == (count if turn == "new" else 0)
            found[turn, count] = len(queries)
    assert found["new", 2] == found["new", 20]
    assert found["unchanged", 2] == found["unchanged", 20]
