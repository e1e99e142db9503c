"""What the commands tell whoever runs them, and what they refuse."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from agreements import roles, workflow
from agreements.models import Meeting, Publication
from tests.builders import approved, meeting, publish, reload
from tests.readings import refused, run, write

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent


def named() -> None:
    """Publish what a meeting names, so that only the meeting waits."""
    meeting("another-meeting")
    publish()


def test_publish_appends_the_records_that_are_named():
    named()
    approved(meeting())
    approved(meeting("ninth-meeting"))
    assert run("publish", "meeting/eighth-meeting") == "meeting: 1 published\n"
    assert reload(Meeting.objects.get(slug="ninth-meeting")).review_state == "approved"


def test_publish_all_appends_every_approved_record():
    named()
    approved(meeting())
    approved(meeting("ninth-meeting"))
    assert run("publish", "--all") == "meeting: 2 published\n"


def test_publish_tells_what_has_not_changed():
    record = meeting()
    publish(record)
    approved(reload(record))
    assert run("publish", "--all") == "1 published already as they are\n"


def test_a_record_that_is_named_twice_counts_once():
    named()
    approved(meeting())
    name = "meeting/eighth-meeting"
    assert run("publish", name, name) == "meeting: 1 published\n"


def test_publish_tells_that_nothing_waits():
    meeting()
    assert run("publish", "--all") == "Nothing is approved and waiting.\n"


@pytest.mark.parametrize("arguments", [(), ("meeting/eighth-meeting", "--all")])
def test_publish_takes_names_or_all(arguments):
    assert refused("publish", *arguments) == "Name records as KIND/SLUG, or say --all."


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("eighth-meeting", "write KIND/SLUG with one of country, topic, force,"),
        ("fleet/first", "write KIND/SLUG with one of country, topic, force,"),
        ("meeting/nowhere", "meeting/nowhere: there is no such record."),
        ("agreement/eighth-meeting", "agreement/eighth-meeting: there is no such record."),
        ("country/vn", "country/vn: there is no such record."),
    ],
)
def test_publish_refuses_what_is_not_there(name, message):
    meeting()
    assert message in refused("publish", name)


def test_publish_refuses_a_draft_and_takes_the_others_back():
    named()
    approved(meeting())
    meeting("ninth-meeting")
    told = refused("publish", "meeting/eighth-meeting", "meeting/ninth-meeting")
    assert told == (
        "Ninth meeting is draft; this step needs it to be approved. Nothing was published."
    )
    assert not Publication.objects.filter(kind="meeting").exists()


def test_publish_tells_what_is_missing():
    approved(meeting())
    told = refused("publish", "meeting/eighth-meeting")
    assert "is not published; publish it first. Nothing was published." in told


def test_withdraw_leaves_a_tombstone():
    publish(meeting())
    told = run(
        "withdraw", "meeting/eighth-meeting", "--reason", "Retracted.", "--by", "reviewer"
    )  # fmt: skip
    assert told == "meeting/eighth-meeting r2: withdrawn\n"
    assert Publication.objects.current().get(kind="meeting").reason == "Retracted."


def test_withdraw_can_merge():
    publish(meeting(), meeting("same-meeting"))
    told = run(
        "withdraw", "meeting/same-meeting", "--reason", "The same.", "--by", "reviewer",
        "--merged-into", "eighth-meeting",
    )  # fmt: skip
    assert told == "meeting/same-meeting r2: merged\n"
    assert Publication.objects.current().get(slug="same-meeting").successor == "eighth-meeting"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("meeting/nowhere", "--reason", "x"), "there is no such record"),
        (("meeting/eighth-meeting", "--reason", " "), "Give the reason"),
        (("meeting/eighth-meeting", "--reason", "x" * 2001), "at most 2000 characters"),
        (
            ("meeting/eighth-meeting", "--reason", "x", "--merged-into", "nowhere"),
            "meeting/nowhere: there is no such record.",
        ),
        (
            ("meeting/eighth-meeting", "--reason", "x", "--merged-into", "eighth-meeting"),
            "merge into one that is",
        ),
        (("meeting/draft-meeting", "--reason", "x"), "draft-meeting is not published."),
        (("country/VN", "--reason", "x"), "is named by published records: force/"),
    ],
)
def test_withdraw_refuses_with_a_reason(arguments, message):
    publish(meeting())
    meeting("draft-meeting")
    assert message in refused("withdraw", *arguments, "--by", "reviewer")
    assert not Publication.objects.exclude(state="published").exists()


@pytest.mark.parametrize("missing", ["--reason", "--by"])
def test_withdraw_asks_for_its_reason_and_its_author(missing):
    given = {"--reason": "x", "--by": "reviewer"}
    del given[missing]
    arguments = [each for pair in given.items() for each in pair]
    assert missing in refused("withdraw", "meeting/eighth-meeting", *arguments)


def test_verify_ledger_counts_the_rows_and_names_the_head():
    publish(meeting())
    head = Publication.objects.order_by("-sequence").first()
    assert run("verify_ledger") == f"{head.sequence} rows, all as written, head {head.sha256}\n"


def test_a_first_administrator_is_made_once():
    told = run("ensure_administrator")
    user = get_user_model().objects.get()
    name, _, password = told.removeprefix("Administrator created: ").strip().partition(" / ")
    assert (user.username, user.is_superuser) == (name, True) == ("administrator", True)
    assert user.check_password(password)

    assert run("ensure_administrator") == ""
    assert get_user_model().objects.count() == 1


def test_an_administrator_of_another_name_is_enough():
    get_user_model().objects.create_superuser("linh", password="not-a-secret-here")
    assert run("ensure_administrator") == ""


def test_a_user_who_has_the_name_stays_as_they_are():
    get_user_model().objects.create_user("administrator")
    told = refused("ensure_administrator")
    assert "The user 'administrator' exists and is no superuser" in told
    assert not get_user_model().objects.get().is_superuser


def test_load_readings_tells_what_it_did(tmp_path):
    report = run("load_readings", write(tmp_path)).splitlines()
    assert report[0].split() == ["created", "changed", "unchanged"]
    assert report[-1].startswith("quotations not verified as they stand: ")
    assert workflow.approved()


def test_fixtures_are_left_alone_where_the_ledger_is_not_empty():
    publish(meeting())
    told = run("load_fixtures")
    assert told == "The ledger has rows already; fixtures are left alone.\n"


def test_without_fixtures_there_is_nothing_to_load(settings, tmp_path):
    settings.FIXTURES_DIR = tmp_path
    assert "no *.json" in refused("load_fixtures")


def migrated(folder: Path, *arguments: str) -> None:
    """Run `migrate` on a database of its own, as an operator would."""
    environment = {**os.environ, "COASTGUARD_STATE": str(folder)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def test_the_migrations_of_the_agreements_alone_can_be_run_first(tmp_path):
    migrated(tmp_path, "agreements")
    migrated(tmp_path)
    with closing(sqlite3.connect(tmp_path / "coastguard.sqlite3")) as database:
        named = database.execute("SELECT name FROM auth_group ORDER BY name").fetchall()
    assert [name for (name,) in named] == sorted(roles.ROLES)
