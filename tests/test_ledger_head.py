"""The head of the ledger, kept outside, and what the ledger is held against later."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from agreements import ledger, triggers
from agreements.models import Meeting, Publication
from tests.builders import meeting, publish
from tests.readings import refused, run
from tests.test_ledger import publish_again, tamper, two_revisions

pytestmark = pytest.mark.django_db
__all__ = ["two_revisions"]
EMPTY = f"0:{'0' * 64}"


def pin() -> str:
    return run("ledger_head").strip()


def last() -> Publication:
    return Publication.objects.latest("sequence")


def test_the_head_is_one_line(two_revisions):
    row = last()
    assert run("ledger_head") == f"{row.sequence}:{row.sha256} 2026-01-02T12:00:00Z\n"
    assert json.loads(run("ledger_head", "--json")) == {
        "sequence": row.sequence,
        "sha256": row.sha256,
        "published_at": "2026-01-02T12:00:00Z",
    }
    assert run("ledger_head") == run("ledger_head")


def test_an_empty_ledger_has_one_too():
    assert run("ledger_head") == f"{EMPTY}\n"
    assert json.loads(run("ledger_head", "--json"))["published_at"] is None
    assert f"{EMPTY}: as pinned, 0 since" in run("verify_ledger", "--head", EMPTY)
    publish(meeting())
    assert f"{EMPTY}: as pinned" in run("verify_ledger", "--head", EMPTY)
    assert "stands behind the head that was pinned, row 0" in refused(
        "verify_ledger", "--head", EMPTY, "--nothing-after"
    )


def test_what_is_published_later_is_no_fault_unless_there_should_be_nothing(two_revisions):
    head = pin()
    row = last()
    assert f"{head.split()[0]}: as pinned, 0 since" in run(
        "verify_ledger", "--head", head, "--nothing-after"
    )
    publish_again(Meeting.objects.get(slug="ninth-meeting"), title="Another title")
    assert f"{head.split()[0]}: as pinned, 1 since" in run("verify_ledger", "--head", head)
    told = refused("verify_ledger", "--head", head, "--nothing-after")
    assert told == (
        f"row {row.sequence + 1} (meeting/ninth-meeting r2): "
        f"stands behind the head that was pinned, row {row.sequence}."
    )


def test_a_pin_is_taken_from_the_api(two_revisions):
    """From the change feed, with its sequence; from a record, by its hash alone."""
    change = Client().get("/api/v1/changes/").json()["results"][-1]
    record = Client().get("/api/v1/meetings/eighth-meeting/").json()
    told = run(
        "verify_ledger",
        *("--head", f"{change['sequence']}:{change['sha256']}", "--head", record["sha256"]),
    )
    assert f"{record['sha256']}: as pinned\n" in told
    assert "No row has the SHA-256 that was pinned, " + "a" * 64 in refused(
        "verify_ledger", "--head", "a" * 64
    )


def test_rows_cut_off_show_by_the_pin(two_revisions):
    head, row = pin(), last()
    tamper("DELETE FROM agreements_publicationfacet WHERE publication_id = %s", row.pk)
    tamper("DELETE FROM agreements_publication WHERE id = %s", row.pk)
    told = refused("verify_ledger", "--head", head, "--all")
    assert f"row {row.sequence}: missing; it was pinned, " in told
    assert f"and the ledger ends with row {row.sequence - 1}." in told


def test_a_release_is_a_pin_as_well(two_revisions, settings, tmp_path):
    """The row that a release was made of is known to the database itself."""
    settings.RELEASES_DIR = tmp_path
    call_command("make_release", "1.0.0", verbosity=0)
    row = last()
    row.author = "somebody else"
    before = Publication.objects.get(sequence=row.sequence - 1)
    tamper(
        "UPDATE agreements_publication SET author = %s, sha256 = %s WHERE id = %s",
        row.author,
        ledger.digest(before.sha256, row),
        row.pk,
    )
    assert refused("verify_ledger").startswith(
        f"row {row.sequence} (meeting/eighth-meeting r2): not the one that was released as 1.0.0, "
    )


@pytest.mark.parametrize(
    "head",
    ["", "x", "1", "1:", f"1:{'g' * 64}", f"-1:{'a' * 64}", f"01:{'a' * 64}", f"1:{'a' * 63}"]
    + [f"{10**18}:{'a' * 64}", f"0:{'a' * 64}", f"1:{'0' * 64}", "{}", '{"sequence":', "a\0b"]
    + [f"١:{'a' * 64}", "[" * 5000, "no-such-file"],
)
def test_what_is_no_head_is_told_so(head):
    with pytest.raises(CommandError, match="SEQUENCE:SHA256|64 zeros") as refusal:
        call_command("verify_ledger", f"--head={head}")
    assert refusal.value.returncode == 2


def test_heads_are_read_from_a_file(two_revisions, tmp_path):
    file = tmp_path / "heads"
    file.write_text(f"# kept by the archive\n\n{pin()}\n{run('ledger_head', '--json')}")
    assert "as pinned, 0 since" in run("verify_ledger", "--head", file, "--nothing-after")
    file.write_text(f"{pin()}\nnonsense\n")
    assert f"{file}: line 2: 'nonsense' is no head" in refused("verify_ledger", "--head", file)
    file.write_text("# nothing\n")
    assert "there is no head in it" in refused("verify_ledger", "--head", file)
    file.write_bytes(b"\xff\xfe\0")
    assert str(file) in refused("verify_ledger", "--head", file)


def test_there_can_be_nothing_after_a_row_only(two_revisions):
    assert "--nothing-after goes with --head" in refused("verify_ledger", "--nothing-after")
    assert "--nothing-after goes with --head" in refused(
        "verify_ledger", "--nothing-after", "--head", last().sha256
    )


def test_every_fault_is_named_where_that_is_asked(two_revisions):
    tamper("UPDATE agreements_publication SET status = 'x' WHERE kind = 'meeting'")
    told = refused("verify_ledger", "--all").splitlines()
    meetings = Publication.objects.filter(kind="meeting").order_by("sequence")
    rows = [line.split()[1] for line in told if "filter columns differ" in line]
    assert rows == [str(row.sequence) for row in meetings]
    assert refused("verify_ledger").count("\n") == 0


def test_a_row_and_a_missing_rule_are_both_told(two_revisions, monkeypatch):
    tamper("UPDATE agreements_publication SET author = 'x' WHERE sequence = 1")
    monkeypatch.setattr(triggers, "missing", lambda _: ["agreements_publication_keep"])
    first, second = refused("verify_ledger").splitlines()
    assert first.startswith("row 1 (")
    assert second.startswith("Triggers are missing: agreements_publication_keep")


def test_the_wrong_time_is_told_of_the_row_that_has_it(two_revisions):
    """And not of the row that it superseded, whose own time is right."""
    row = last()
    later = row.published_at + timedelta(microseconds=1)
    tamper("UPDATE agreements_publication SET published_at = %s WHERE id = %s", later, row.pk)
    assert refused("verify_ledger").startswith(f"row {row.sequence} (meeting/eighth-meeting r2): ")
