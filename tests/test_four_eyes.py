"""Who edited a record last never lets it into the ledger or out of it, whichever way they try."""

import json

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from agreements import history, merging, workflow
from agreements.exceptions import QualityError, WorkflowError
from agreements.models import Meeting, Publication
from agreements.snapshots import snapshot
from tests.admin_pages import changelist, messages_of
from tests.builders import cite, meeting, publish, reload
from tests.readings import HEADER, READING, is_empty, refused, run, write

pytestmark = pytest.mark.django_db

EDITED_LAST = "edited it last, so somebody else must approve it."
# One person, however their name is written.
ONE_PERSON = [
    *[("reviewer", "reviewer"), ("Reviewer", "reviewer"), (" reviewer ", "REVIEWER")],
    # In full width; with a mark of no width; with a filler that is drawn as nothing.
    *[("reviewer", "ｒeviewer"), ("rev\u200biewer", "reviewer"), ("reviewer", "reviewer\u3164")],
]


@pytest.fixture
def reviewer(django_user_model):
    """The client of a reviewer."""
    user = django_user_model.objects.create_user("reviewer", is_staff=True)
    user.groups.add(Group.objects.get(name="reviewer"))
    client = Client()
    client.force_login(user)
    return client


def in_review(record, editor):
    workflow.record_edit(record, editor)
    workflow.submit(record, editor)
    return record


def published_by(editor):
    """A public record that somebody edited since, and another one to merge it into."""
    record, kept = meeting("double"), meeting("kept")
    cite(record, "summary")
    publish(record, kept)
    workflow.record_edit(reload(record), editor)
    return reload(record), reload(kept)


def is_public(record):
    rows = Publication.objects.current().published()
    return rows.filter(kind="meeting", slug=record.slug).exists()


def ending(record, name):
    return reverse(f"admin:agreements_meeting_{name}", args=[record.pk])


class TestWorkflow:
    @pytest.mark.parametrize(("editor", "approver"), ONE_PERSON)
    def test_approval(self, editor, approver):
        record = in_review(meeting(), editor)
        with pytest.raises(WorkflowError, match=EDITED_LAST):
            workflow.approve(record, approver)
        assert reload(record).review_state == "in-review"

    @pytest.mark.parametrize(("editor", "approver"), ONE_PERSON)
    def test_publication_of_what_was_marked_as_approved(self, editor, approver):
        record = meeting()
        Meeting.objects.filter(pk=record.pk).update(
            review_state="approved", edited_by=editor, approved_by=approver
        )
        with pytest.raises(WorkflowError, match=EDITED_LAST):
            workflow.publish([reload(record)])
        assert not Publication.objects.exists()

    @pytest.mark.parametrize(("editor", "by"), ONE_PERSON)
    def test_withdrawal(self, editor, by):
        record, _ = published_by(editor)
        with pytest.raises(WorkflowError, match=EDITED_LAST):
            workflow.withdraw(record, by, "A mistake.")
        assert is_public(record)

    @pytest.mark.parametrize(("editor", "by"), ONE_PERSON)
    def test_merger(self, editor, by):
        record, kept = published_by(editor)
        with pytest.raises(WorkflowError, match=EDITED_LAST):
            merging.merge(record, kept, by, "They are one.")
        assert is_public(record)
        assert not kept.citations.filter(field="summary").exists()

    def test_who_merged_does_not_approve_what_stays(self):
        record, kept = published_by("analyst")
        merging.merge(record, kept, "reviewer", "They are one.")
        kept = reload(kept)
        workflow.submit(kept, "analyst")
        with pytest.raises(WorkflowError, match=EDITED_LAST):
            workflow.approve(kept, "reviewer")

    @pytest.mark.parametrize("editor", ["", "  "])
    def test_what_nobody_is_noted_for_is_not_let_through(self, editor):
        record, kept = published_by("analyst")
        Meeting.objects.filter(pk=record.pk).update(edited_by=editor)
        for step in (
            lambda row: workflow.withdraw(row, "reviewer", "A mistake."),
            lambda row: merging.merge(row, kept, "reviewer", "They are one."),
        ):
            with pytest.raises(WorkflowError, match="nobody is noted as its editor"):
                step(reload(record))
        assert is_public(record)

    def test_who_submits_what_nobody_is_noted_for_answers_for_it(self):
        record = meeting()
        workflow.submit(record, "reviewer")
        with pytest.raises(WorkflowError, match=EDITED_LAST):
            workflow.approve(record, "reviewer")

    @pytest.mark.parametrize("by", ["", " "])
    def test_a_name_is_asked_for(self, by):
        record, kept = published_by("analyst")
        with pytest.raises(WorkflowError, match="say who approves it"):
            workflow.withdraw(record, by, "A mistake.")
        with pytest.raises(WorkflowError, match="say who approves it"):
            merging.merge(record, kept, by, "They are one.")


class TestPages:
    def test_approval_on_a_list(self, reviewer):
        record = in_review(meeting(), "reviewer")
        form = {"action": "approve_and_publish", "_selected_action": [record.pk]}
        shown = reviewer.post(changelist("meeting"), form)
        tokens = list(shown.context["tokens"])
        response = reviewer.post(
            changelist("meeting"), {**form, "_confirmed": "1", "_version": tokens}, follow=True
        )
        assert EDITED_LAST in " ".join(messages_of(response))
        assert reload(record).review_state == "in-review"

    def test_approval_on_the_review_page(self, reviewer):
        record = in_review(meeting(), "reviewer")
        url = ending(record, "review")
        page = reviewer.get(url)
        assert EDITED_LAST in page.content.decode()
        tokens = list(page.context["tokens"])
        form = {"_review_step": "publish", "_version": tokens}
        assert EDITED_LAST in " ".join(messages_of(reviewer.post(url, form, follow=True)))
        assert reload(record).review_state == "in-review"

    def test_withdrawal(self, reviewer):
        record, _ = published_by("Reviewer")
        url = ending(record, "withdraw")
        token = reviewer.get(url).context["version_token"]
        response = reviewer.post(url, {"_version": token, "reason": "A mistake."})
        assert EDITED_LAST in response.content.decode()
        assert is_public(record)

    def test_merger(self, reviewer):
        record, kept = published_by("Reviewer")
        url = f"{ending(record, 'merge')}?into={kept.pk}"
        context = reviewer.get(url).context
        form = {
            "_version": context["version_token"],
            "_winners_version": context["winners_token"],
            "_plan": context["plan"].fingerprint,
            "reason": "They are one.",
        }
        response = reviewer.post(url, form)
        assert EDITED_LAST in response.content.decode()
        assert is_public(record)

    def test_an_edit_on_a_page_makes_its_author_the_last_editor(self, analyst):
        record = in_review(meeting(), "somebody-else")
        from tests.admin_pages import form_of, page, saved

        saved(analyst, page(record), {**form_of(analyst, page(record)), "summary": "Otherwise."})
        record = reload(record)
        assert (record.edited_by, record.review_state) == ("analyst", "draft")


class TestCommands:
    @pytest.mark.parametrize(("editor", "by"), ONE_PERSON)
    def test_withdraw(self, editor, by):
        record, _ = published_by(editor)
        told = refused("withdraw", "meeting/double", "--reason", "A mistake.", "--by", by)
        assert EDITED_LAST in told
        assert is_public(record)

    @pytest.mark.parametrize(("editor", "by"), ONE_PERSON)
    def test_merge(self, editor, by):
        record, _ = published_by(editor)
        told = refused(
            "withdraw", "meeting/double", "--reason", "The same.", "--by", by,
            "--merged-into", "kept",
        )  # fmt: skip
        assert EDITED_LAST in told
        assert is_public(record)

    @pytest.mark.parametrize("approver", ["analyst", "Analyst", "' analyst '"])
    def test_readings(self, tmp_path, approver):
        own = READING.replace("approved_by: reviewer", f"approved_by: {approver}")
        told = refused("load_readings", write(tmp_path, own))
        assert "analyst" in told
        assert is_empty()

    def test_a_reading_that_two_people_stand_for_is_approved(self, tmp_path):
        assert "read_by: analyst\napproved_by: reviewer" in HEADER
        run("load_readings", write(tmp_path, READING))
        assert Meeting.objects.get().review_state == "approved"


def saved_in_a_shell(record):
    row = Meeting.objects.get(pk=record.pk)
    row.summary = "Mine."
    row.save()


NOBODY_KNOWS = "was changed since it was submitted, and nobody knows by whom"
# What somebody can do to a record in a shell, past the workflow.
PAST_THE_WORKFLOW = [
    lambda record: Meeting.objects.filter(pk=record.pk).update(summary="Mine."),
    saved_in_a_shell,
    lambda record: cite(record, "title"),
    lambda record: record.citations.all().delete(),
    lambda record: record.citations.update(locator="page 9"),
    lambda record: record.participants.update(role="host"),
]


@pytest.mark.parametrize("change", PAST_THE_WORKFLOW)
class TestAShell:
    """Whoever changes a record past the workflow is not noted; somebody must answer for it."""

    def test_what_changed_since_it_was_submitted_is_not_approved(self, change):
        record = in_review(meeting(), "analyst")
        change(record)
        with pytest.raises(WorkflowError, match=NOBODY_KNOWS):
            workflow.approve(reload(record), "reviewer")
        assert reload(record).review_state == "in-review"

    def test_what_changed_since_it_was_approved_is_not_published(self, change):
        record = in_review(meeting(), "analyst")
        workflow.approve(record, "reviewer")
        change(record)
        with pytest.raises(WorkflowError, match=NOBODY_KNOWS):
            workflow.publish([reload(record)])
        assert NOBODY_KNOWS in refused("publish", "--all")
        assert not is_public(record)

    def test_who_submits_it_answers_for_it(self, change):
        record = meeting()
        workflow.record_edit(record, "analyst")
        change(record)
        record = reload(record)
        if not record.citations.exists():
            # Then nobody can submit it at all.
            with pytest.raises(QualityError):
                workflow.submit(record, "reviewer")
            return
        workflow.submit(record, "reviewer")
        assert record.edited_by == "reviewer"
        noted = history.changes_of(record).values_list("step", "by")
        assert list(noted[:2]) == [("submitted", "reviewer"), ("edited", "reviewer")]
        with pytest.raises(WorkflowError, match=EDITED_LAST):
            workflow.approve(record, "reviewer")

    def test_returned_and_submitted_again_it_goes_its_way(self, change):
        record = in_review(meeting(), "analyst")
        change(record)
        record = reload(record)
        workflow.return_to_draft(record, "reviewer", "Who changed it?")
        if record.citations.exists():
            workflow.submit(record, "analyst")
            workflow.approve(record, "reviewer")
            assert reload(record).review_state == "approved"


def test_a_record_that_is_published_as_it_never_was_is_refused():
    record = in_review(meeting(), "analyst")
    workflow.approve(record, "reviewer")
    record = reload(record)
    record.summary = "Never saved."
    with pytest.raises(WorkflowError, match=NOBODY_KNOWS):
        workflow.publish([record])


def test_a_column_that_came_with_an_upgrade_is_no_change():
    record = in_review(meeting(), "analyst")
    noted = history.changes_of(record).filter(state__isnull=False).first().state
    del noted["summary"]
    now = snapshot(history.fresh(record))
    assert history._agree(noted, now)
    assert not history._agree({**noted, "slug": "another"}, now)


@pytest.mark.parametrize("name", ["Reviewer", "ｒeviewer", "reviewer\u3164"])
def test_no_account_is_made_that_looks_like_another(name, django_user_model):
    django_user_model.objects.create_user("reviewer")
    assert "exists already." in refused("create_account", name, "--role", "analyst")


def test_nor_in_the_admin(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("reviewer"))
    form = {
        "username": "Reviewer",
        "password1": "tide-and-time-wait",
        "password2": "tide-and-time-wait",
        "usable_password": "true",
    }
    shown = client.post("/admin/auth/user/add/", form)
    assert shown.status_code == 200
    client.post("/admin/auth/user/add/", {**form, "username": "reviewer\u3164"})
    assert django_user_model.objects.count() == 1


def fixture(tmp_path, model, **fields):
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([{"model": f"agreements.{model}", "fields": fields}]))
    return path


SERIES = {"slug": "talks", "title": "Talks"}


class TestFixtures:
    @pytest.mark.parametrize("state", ["approved", "published"])
    @pytest.mark.parametrize(("editor", "approver"), ONE_PERSON)
    def test_a_record_that_one_person_approved(self, tmp_path, state, editor, approver):
        path = fixture(
            tmp_path,
            "series",
            **SERIES,
            review_state=state,
            edited_by=editor,
            approved_by=approver,
        )
        assert EDITED_LAST in refused("loaddata", path)
        assert is_empty()

    @pytest.mark.parametrize(("editor", "approver"), [("", "reviewer"), ("analyst", " ")])
    def test_a_record_that_nobody_stands_for(self, tmp_path, editor, approver):
        path = fixture(
            tmp_path,
            "series",
            **SERIES,
            review_state="approved",
            edited_by=editor,
            approved_by=approver,
        )
        refused("loaddata", path)
        assert is_empty()

    @pytest.mark.parametrize(("author", "approver"), ONE_PERSON)
    def test_a_publication_by_one_person(self, tmp_path, author, approver):
        path = fixture(
            tmp_path,
            "publication",
            sequence=1,
            kind="series",
            slug="talks",
            revision=1,
            state="published",
            body=json.dumps({"slug": "talks", "title": "Talks"}),
            published_at="2025-03-01T12:00:00Z",
            author=author,
            approver=approver,
            sha256="a" * 64,
            title="Talks",
            title_key=" talks",
            date_key="9999-12-31",
            search_text=" talks",
        )
        assert EDITED_LAST in refused("loaddata", path)
        assert is_empty()

    def test_drafts_are_taken_from_anybody(self, tmp_path):
        run("loaddata", fixture(tmp_path, "series", **SERIES, edited_by="analyst"))
        assert not is_empty()


class TestALoneAnalyst:
    """Where it is allowed, everything goes through that goes through for two people."""

    @pytest.fixture(autouse=True)
    def _allowed(self, settings):
        settings.ALLOW_SELF_APPROVAL = True

    def test_approves_publishes_and_withdraws(self):
        record = in_review(meeting(), "analyst")
        workflow.approve(record, "analyst")
        published, _ = published_by("analyst")
        workflow.withdraw(published, "analyst", "A mistake.")
        assert not is_public(published)

    def test_merges(self):
        record, kept = published_by("analyst")
        assert merging.merge(record, kept, "analyst", "They are one.").tombstone

    def test_loads(self, tmp_path):
        own = READING.replace("approved_by: reviewer", "approved_by: analyst")
        run("load_readings", write(tmp_path, own))
        assert Meeting.objects.get().review_state == "approved"

    def test_is_named_all_the_same(self):
        record = in_review(meeting(), "analyst")
        with pytest.raises(WorkflowError, match="say who approves it"):
            workflow.approve(record, "")
