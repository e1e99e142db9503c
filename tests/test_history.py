"""Every change of the desk is in its history, whichever way it came, and can be taken back."""

import json

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from agreements import history, workflow
from agreements.models import Change, Citation, Delegate, Meeting, Person, Series
from agreements.snapshots import snapshot
from tests import builders
from tests.admin_pages import add_page, add_row, form_of, messages_of, page, saved
from tests.builders import meeting, reload
from tests.readings import READING, run, write

pytestmark = pytest.mark.django_db


def steps(record) -> list[tuple[str, str, str]]:
    """What happened to a record, the oldest first: step, who, by which way."""
    return [(row.step, row.by, row.way) for row in history.changes_of(record).reverse()]


def history_of(client, record) -> str:
    url = reverse(f"admin:agreements_{record._meta.model_name}_history", args=[record.pk])
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def restore_page(record, change) -> str:
    name = f"admin:agreements_{record._meta.model_name}_restore"
    return reverse(name, args=[record.pk, change.pk])


def restored(client, record, change, **form):
    url = restore_page(record, change)
    token = client.get(url).context["version_token"]
    return client.post(url, {"_version": token, **form}, follow=True)


class TestEveryWay:
    def test_forms(self, analyst):
        form = form_of(analyst, add_page("series"))
        saved(analyst, add_page("series"), {**form, "title": "Talks", "slug": "talks"})
        record = Series.objects.get()
        saved(analyst, page(record), {**form_of(analyst, page(record)), "summary": "Yearly."})
        saved(analyst, page(record), form_of(analyst, page(record)))

        assert steps(record) == [("created", "analyst", "form"), ("edited", "analyst", "form")]

    def test_inlines_and_delegates_are_changes_of_the_record(self, analyst):
        record = meeting()
        form = form_of(analyst, page(record))
        saved(analyst, page(record), {**form, "citations-0-note": "Seen."})
        side = record.participants.first()
        form = form_of(analyst, page(side))
        add_row(form, "delegates", position="Commander", role="head")
        saved(analyst, page(side), form)

        assert [step for step, _, _ in steps(record)] == ["edited", "edited"]
        latest = history.changes_of(record).first().state
        assert latest["participants"][0]["delegates"][0]["position"] == "Commander"
        assert "Seen." in json.dumps(latest["citations"])

    def test_steps_of_review_with_their_reasons(self):
        record = meeting()
        workflow.record_edit(record, "analyst")
        workflow.submit(record, "analyst")
        workflow.return_to_draft(record, "reviewer", "The date lacks its passage.")
        builders.publish(reload(record))
        workflow.withdraw(reload(record), "reviewer", "It was another meeting.")

        assert [step for step, _, _ in steps(record)] == [
            *("edited", "submitted", "returned"),
            *("edited", "submitted", "approved", "published", "withdrawn"),
        ]
        reasons = [row.reason for row in history.changes_of(record) if row.reason]
        assert reasons == ["It was another meeting.", "The date lacks its passage."]

    def test_readings(self, tmp_path):
        run("load_readings", write(tmp_path, READING))
        record = Meeting.objects.first()
        first, *review = steps(record)
        assert (first[0], first[2]) == ("loaded", "import")
        assert [step for step, _, _ in review] in ([], ["submitted", "approved"])
        count = Change.objects.count()
        run("load_readings", write(tmp_path, READING))
        assert Change.objects.count() == count

    def test_fixtures(self, shipped):
        record = Meeting.objects.first()
        ((step, by, way),) = steps(record)
        assert (step, by, way) == ("loaded", record.edited_by, "fixture")
        assert steps(Person.objects.first())[0][0] == "loaded"

    def test_deleting(self, analyst):
        record = meeting()
        kept = snapshot(history.fresh(record))
        workflow.delete(record, "analyst", reason="Entered twice.")
        change = Change.objects.get(step="deleted")
        assert (change.by, change.reason, change.state) == ("analyst", "Entered twice.", kept)

    def test_a_person_changes_with_the_records_that_name_them(self):
        record = meeting()
        somebody = Person.objects.create(slug="an-admiral", name="An Admiral")
        Delegate.objects.create(participant=record.participants.first(), person=somebody)
        builders.cite(record, "delegates")
        builders.publish(record)
        Person.objects.filter(pk=somebody.pk).update(name="A Rear Admiral")
        workflow.record_edit(reload(somebody), "analyst")
        assert reload(record).review_state == "draft"
        reason = history.changes_of(record).first().reason
        assert reason == "A Rear Admiral, who is named here, was changed."

    def test_no_change_of_it_can_be_changed_or_removed(self):
        workflow.record_edit(meeting(), "analyst")
        for act in (lambda rows: rows.update(by="nobody"), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                act(Change.objects.all())


class TestPages:
    def test_it_is_told_in_words_who_changed_what_and_why(self, analyst):
        record = meeting(summary="They met.", date="2024-12-16")
        workflow.record_edit(record, "writer")
        form = form_of(analyst, page(record))
        saved(
            analyst,
            page(record),
            {
                **form,
                "date": "2024-12-16/2024-12-21",
                "citations-0-confidence": "low",
                "_reason": "The report names both days.",
            },
        )
        text = history_of(analyst, record)
        assert "The report names both days." in text
        assert "<del>2024-12-16</del>" in text
        assert "<ins>2024-12-16/2024-12-21</ins>" in text
        assert "<del>high</del>" in text

    def test_what_was_changed_behind_the_program_is_shown(self, analyst):
        record = meeting()
        workflow.record_edit(record, "analyst")
        Meeting.objects.filter(pk=record.pk).update(title="Changed in the database")
        assert "Changed without a note" in history_of(analyst, record)

    def test_all_changes_are_listed_also_of_what_was_deleted(self, analyst):
        record = meeting()
        workflow.delete(record, "analyst")
        url = reverse("admin:agreements_change_changelist")
        response = analyst.get(f"{url}?kind__exact=meeting")
        assert "eighth-meeting" in response.content.decode()
        change = Change.objects.get(kind="meeting")
        detail = analyst.get(reverse("admin:agreements_change_change", args=[change.pk]))
        assert "Eighth meeting" in detail.content.decode()


class TestRestoring:
    @pytest.fixture(autouse=True)
    def _record(self, db):
        self.record = meeting(summary="As it was.")
        side = self.record.participants.first()
        Delegate.objects.create(participant=side, position="Commander", role="head")
        builders.cite(self.record, "delegates")
        workflow.record_edit(self.record, "writer")
        self.first = history.changes_of(self.record).first()
        self.state = self.first.state

    def change_everything(self):
        record = reload(self.record)
        record.title, record.summary, record.date = "Otherwise", "", None
        record.save()
        Delegate.objects.all().delete()
        record.participants.first().delete()
        record.citations.first().delete()
        Citation.objects.filter(engagement=record).update(note="Otherwise.")
        builders.cite(record, "summary")
        workflow.record_edit(record, "analyst")

    def test_an_earlier_state_comes_back_as_a_new_change(self, analyst):
        self.change_everything()
        response = restored(analyst, self.record, self.first, reason="The edit was a mistake.")

        assert "is again what it was" in messages_of(response)[0]
        assert snapshot(history.fresh(self.record)) == self.state
        latest = history.changes_of(self.record).first()
        assert (latest.step, latest.by, latest.reason) == (
            "restored",
            "analyst",
            "The edit was a mistake.",
        )
        assert reload(self.record).version == 4
        assert len(steps(self.record)) == 3

    def test_what_will_change_is_shown_first(self, analyst):
        self.change_everything()
        text = analyst.get(restore_page(self.record, self.first)).content.decode()
        assert "<del>Otherwise</del>" in text
        assert "Commander" in text
        assert reload(self.record).title == "Otherwise"

    def test_of_a_published_record_the_public_sees_nothing_before_approval(self, analyst):
        builders.publish(reload(self.record))
        self.change_everything()
        restored(analyst, self.record, self.first)
        assert reload(self.record).review_state == "draft"

    def test_a_record_that_was_changed_meanwhile_is_left_alone(self, analyst):
        url = restore_page(self.record, self.first)
        token = analyst.get(url).context["version_token"]
        self.change_everything()
        response = analyst.post(url, {"_version": token}, follow=True)
        assert "changed meanwhile" in messages_of(response)[0]
        assert reload(self.record).title == "Otherwise"

    def test_a_state_that_names_what_is_gone_is_refused_whole(self, analyst):
        self.change_everything()
        builders.cite(self.record, "summary", document=builders.document("another"))
        workflow.record_edit(reload(self.record), "analyst")
        cited = history.changes_of(self.record).first()
        Citation.objects.filter(document__slug="another").delete()
        builders.document("another").delete()
        workflow.record_edit(reload(self.record), "analyst")
        before = snapshot(history.fresh(self.record))

        response = restored(analyst, self.record, cited)

        assert "The document another is no longer on the desk." in messages_of(response)
        assert snapshot(history.fresh(self.record)) == before

    @pytest.mark.parametrize("number", [0, 10**6])
    def test_a_change_of_another_record_is_not_found(self, analyst, number):
        other = meeting("ninth-meeting")
        workflow.record_edit(other, "analyst")
        url = reverse("admin:agreements_meeting_restore", args=[self.record.pk, number])
        assert analyst.get(url).status_code == 404
        change = history.changes_of(other).first()
        assert analyst.get(restore_page(self.record, change)).status_code == 404
