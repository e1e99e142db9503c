"""The difference between two releases: every record, every key, and what is public no longer."""

import json

import pytest

from agreements import workflow
from agreements.models import Meeting, ReportedTotal
from agreements.releases.making import make
from tests import builders
from tests.builders import approved, publish, reload
from tests.public import LISTS
from tests.released import lines, released, releases_in, table
from tests.test_ledger import publish_again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path):
    with releases_in(tmp_path / "releases") as kept:
        yield kept


@pytest.fixture
def two(folder):
    """Two releases, and between them one of everything that can become of a record."""
    talks, wrong = builders.meeting("talks", title="Talks"), builders.meeting("wrong")
    double, visit = builders.meeting("double"), builders.exercise("visit")
    total = ReportedTotal.objects.create(
        slug="talks-claimed", title="Talks claimed", what="talks", count=3, counts="meetings",
        document=builders.document(), locator="paragraph 1",
    )  # fmt: skip
    publish(talks, wrong, double, visit, total)
    before = released("1.0.0")

    publish_again(talks, title="Talks in Hanoi", summary="They met.")
    workflow.withdraw(reload(wrong), "reviewer", "Never held.")
    workflow.withdraw(reload(double), "reviewer", "The same.", successor=reload(talks))
    publish(builders.agreement("memorandum"))
    came_and_went = builders.meeting("came-and-went")
    publish(came_and_went)
    workflow.withdraw(reload(came_and_went), "reviewer", "A mistake.")
    return before, released("1.1.0")


def changes(folder) -> dict[tuple[str, str], dict]:
    told = json.loads((folder / "changes.json").read_text(encoding="utf-8"))["changes"]
    found = {(each["kind"], each["slug"]): each for each in told}
    assert len(found) == len(told)
    return found


class TestChanges:
    def test_tell_what_became_of_every_record(self, two):
        _, now = two
        assert {key: each["change"] for key, each in changes(now).items()} == {
            ("agreement", "memorandum"): "added",
            ("meeting", "talks"): "changed",
            ("meeting", "wrong"): "withdrawn",
            ("meeting", "double"): "merged",
            # What is counted and listed at reading changed with the others.
            ("total", "talks-claimed"): "changed",
            ("document", "news-report"): "changed",
        }

    def test_tell_which_values_changed_and_from_what(self, two):
        changed = changes(two[1])["meeting", "talks"]
        assert changed["fields"] == {
            "title": {"old": "Talks", "new": "Talks in Hanoi"},
            "summary": {"old": None, "new": "They met."},
        }
        assert (changed["revision_before"], changed["revision"]) == (1, 2)

    def test_tell_why_a_record_went_and_where_it_leads(self, two):
        found = changes(two[1])
        assert found["meeting", "wrong"]["reason"] == "Never held."
        assert found["meeting", "double"]["reason"] == "The same."
        assert found["meeting", "double"]["merged_into"] == "talks"

    def test_tell_what_is_found_at_reading(self, two):
        assert changes(two[1])["total", "talks-claimed"]["fields"] == {
            "recorded": {"old": 3, "new": 1},
            "gap": {"old": 0, "new": 2},
        }

    def test_account_for_every_line_that_differs(self, two):
        before, now = two
        told = changes(now)
        for kind, path in LISTS.items():
            key = "code" if kind == "country" else "slug"
            old = {record[key]: record for record in lines(before, path)}
            new = {record[key]: record for record in lines(now, path)}
            differing = {slug for slug in {*old, *new} if old.get(slug) != new.get(slug)}
            assert differing == {slug for each, slug in told if each == kind}
            for slug in differing & set(old) & set(new):
                for name, values in told[kind, slug]["fields"].items():
                    assert values == {"old": old[slug][name], "new": new[slug][name]}

    def test_stand_in_a_table_too(self, two):
        rows = table(two[1], "changes")
        titles = [row for row in rows if row["slug"] == "talks" and row["field"] == "title"]
        assert [(row["change"], row["old"], row["new"]) for row in titles] == [
            ("changed", '"Talks"', '"Talks in Hanoi"')
        ]
        withdrawn = next(row for row in rows if row["slug"] == "wrong")
        assert (withdrawn["change"], withdrawn["field"]) == ("withdrawn", "")
        assert withdrawn["reason"] == "Never held."

    def test_of_a_first_release_are_additions(self, two):
        assert {each["change"] for each in changes(two[0]).values()} == {"added"}
        assert set(changes(two[0])) == {
            (row["kind"], row["slug"]) for row in table(two[0], "records")
        }

    def test_of_nothing_are_none(self, two, folder):
        make("1.1.1")
        assert changes(folder / "1.1.1") == {}

    def test_tell_of_a_record_that_is_public_again(self, two):
        wrong = Meeting.objects.get(slug="wrong")
        workflow.publish([approved(wrong)])
        later = released("1.2.0")
        found = changes(later)["meeting", "wrong"]
        assert (found["change"], found["revision"]) == ("restored", 3)
        assert "wrong" not in {row["slug"] for row in table(later, "retired")}

    def test_of_a_record_that_is_as_it_was_name_its_revision(self, two):
        talks = Meeting.objects.get(slug="talks")
        publish_again(talks, title="Other talks")
        publish_again(talks, title="Talks in Hanoi")
        changed = changes(released("1.2.0"))["meeting", "talks"]
        assert set(changed["fields"]) == {"revision", "published_at", "sha256"}
        assert changed["fields"]["revision"] == {"old": 2, "new": 4}

    def test_name_the_two_releases(self, two):
        told = json.loads((two[1] / "changes.json").read_text(encoding="utf-8"))
        package = json.loads((two[1] / "datapackage.json").read_text(encoding="utf-8"))
        assert (told["from"], told["to"]) == ("1.0.0", "1.1.0")
        assert package["previous"]["version"] == "1.0.0"
        assert package["previous"]["ledger"]["sequence"] == told["from_head"]
        assert package["ledger"]["sequence"] == told["to_head"]


class TestRetired:
    def test_names_every_record_that_is_public_no_longer(self, two):
        assert [
            (row["slug"], row["state"], row["reason"], row["merged_into"], row["leads_to"])
            for row in table(two[1], "retired")
        ] == [
            ("wrong", "withdrawn", "Never held.", "", ""),
            ("double", "merged", "The same.", "talks", "talks"),
            ("came-and-went", "withdrawn", "A mistake.", "", ""),
        ]

    def test_is_empty_as_long_as_nothing_went(self, two):
        assert table(two[0], "retired") == []

    def test_is_kept_by_later_releases(self, two):
        publish(builders.meeting("later"))
        slugs = [row["slug"] for row in table(released("1.2.0"), "retired")]
        assert slugs == ["wrong", "double", "came-and-went"]

    def test_leads_on_where_a_record_was_merged_again(self, two):
        publish(builders.meeting("all-talks"))
        talks = Meeting.objects.get(slug="talks")
        heir = Meeting.objects.get(slug="all-talks")
        workflow.withdraw(talks, "reviewer", "The same.", successor=heir)
        rows = {row["slug"]: row for row in table(released("1.2.0"), "retired")}
        assert (rows["double"]["merged_into"], rows["double"]["leads_to"]) == ("talks", "all-talks")

    def test_is_not_among_the_records(self, two):
        public = {row["slug"] for row in table(two[1], "records")}
        assert not public & {row["slug"] for row in table(two[1], "retired")}
