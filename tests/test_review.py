"""Review on the desk: an approver sees what would change, and approves that or returns it."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements import workflow
from agreements.models import (
    Citation,
    Country,
    Document,
    DocumentText,
    Force,
    Meeting,
    Person,
    Publication,
)
from agreements.records import REVIEWABLE
from tests import builders
from tests.admin_pages import (
    act,
    changelist,
    form_of,
    messages_of,
    page,
    review_page,
    reviewed,
    saved,
)
from tests.builders import CCG, JCG, meeting, reload

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_role(django_user_model):
    """Return the client of a new account in a role."""
    from django.contrib.auth.models import Group

    def make(role, name=None):
        user = django_user_model.objects.create_user(name or role, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def writer(by_role):
    return by_role("analyst", "writer")


@pytest.fixture
def reviewer(by_role):
    return by_role("reviewer")


def submitted(record, by="writer"):
    workflow.record_edit(reload(record), by)
    workflow.submit(reload(record), by)
    return reload(record)


def text_of(client, record):
    response = client.get(review_page(record))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


class TestPage:
    def test_a_record_goes_from_its_form_to_the_ledger(self, writer, reviewer):
        record = meeting()
        builders.publish(*Document.objects.all())
        form = {**form_of(writer, page(record)), "title": "Ninth", "_review_step": "submit"}
        response = saved(writer, page(record), form)
        assert response.redirect_chain[-1][0] == page(record)
        assert "was submitted for review" in " ".join(messages_of(response))
        assert reload(record).review_state == "in-review"

        response = reviewed(reviewer, record, "publish")

        assert "approved and published" in messages_of(response)[0]
        row = Publication.objects.get(kind="meeting")
        assert (row.author, row.approver) == ("writer", "reviewer")
        assert json.loads(row.body)["title"] == "Ninth"
        assert f"/api/v1/meetings/{record.slug}/" in reviewer.get(page(record)).content.decode()

    def test_it_shows_what_differs_from_the_published_revision(self, reviewer):
        record = meeting(summary="They met in Hanoi and agreed on a hotline between them.")
        builders.publish(record)
        record = reload(record)
        record.summary = "They met in Hanoi and agreed on two hotlines between them."
        record.location_name = "Hanoi"
        record.save()
        builders.cite(record, "location", quote="in the capital", locator="paragraph 2")
        record.participants.get(role="guest").delete()
        submitted(record)

        text = text_of(reviewer, record)

        assert "agreed on <del>a</del><ins>two</ins> <del>hotline</del><ins>hotlines</ins>" in text
        assert "<ins>Hanoi</ins>" in text
        assert "<mark>in the capital</mark>" in text
        assert "Japan Coast Guard, guest <em>removed</em>" in text
        assert "Passages that came, went or changed (1)" in text
        review = reviewer.get(review_page(record)).context["review"]
        assert {row.difference.name for row in review.changed} == {
            *("summary", "location", "participants"),
        }
        assert {"title", "status", "date"} - {row.difference.name for row in review.unchanged} == {
            "date"
        }

    def test_a_passage_stands_in_its_paragraph_with_its_words_marked(self, reviewer):
        record = meeting()
        source = builders.document()
        words = "The two sides met for talks. A second sentence follows."
        DocumentText.objects.create(document=source, text=f"A heading\n\n{words}\n")
        Citation.objects.filter(engagement=record, field="status").update(
            locator="paragraph 2", quote="sides met for"
        )
        submitted(record)
        text = text_of(reviewer, record)
        assert "The two <mark>sides met for</mark> talks. A second sentence follows." in text
        citation = record.citations.get(field="status")
        place = reverse("admin:agreements_document_text", args=[source.pk])
        assert f'href="{place}?record=meeting-{record.pk}#citation-{citation.pk}"' in text

    def test_passages_of_one_paragraph_are_marked_in_it_together(self, reviewer):
        record, source = meeting(), builders.document()
        DocumentText.objects.create(document=source, text="They met in Hanoi for two days.\n")
        record.citations.filter(field="status").update(quote="They met")
        builders.cite(record, "status", quote="for two days", note="Counted from the agenda.")
        submitted(record)
        text = text_of(reviewer, record)
        assert "<mark>They met</mark> in Hanoi <mark>for two days</mark>." in text
        assert ">for two days</q>" in text
        assert "Counted from the agenda." in text

    def test_of_a_long_paragraph_what_is_around_the_words_is_shown(self, reviewer):
        record, source = meeting(), builders.document()
        words = f"First. {'Much else was said. ' * 60}They met. {'More was said. ' * 60}Last."
        DocumentText.objects.create(document=source, text=words)
        Citation.objects.update(quote="They met")
        submitted(record)
        text = text_of(reviewer, record)
        assert "said. <mark>They met</mark>. More" in text
        assert "First." not in text
        assert "Last." not in text
        assert text.count("…") >= 2

    def test_what_it_names_and_is_not_public_is_approved_along_with_it(self, writer, reviewer):
        record = meeting()
        workflow.record_edit(record, "writer")
        saved(writer, page(record), {**form_of(writer, page(record)), "_review_step": "submit"})
        response = reviewer.get(review_page(record))
        along = {str(each.record) for each in response.context["along"]}
        assert along >= {"Japan Coast Guard", "Vietnam Coast Guard", "A news report", "Japan"}

        reviewed(reviewer, record, "publish")

        assert reload(record).review_state == "published"
        assert {row.review_state for row in Country.objects.all()} == {"published"}
        assert {row.review_state for row in Force.objects.all()} == {"published"}

    def test_all_of_it_or_nothing(self, reviewer):
        record = submitted(meeting())
        for named in (*Country.objects.all(), *Document.objects.all()):
            submitted(named)
        response = reviewed(reviewer, record, "publish")
        assert "needs it to be in review" in messages_of(response)[0]
        assert not Publication.objects.exists()
        assert reload(record).review_state == "in-review"

    def test_returning_needs_a_reason_and_the_analyst_reads_it(self, writer, reviewer):
        record = submitted(meeting())
        response = reviewed(reviewer, record, "return", reason="  ")
        assert "Give the reason" in messages_of(response)[0]
        assert reload(record).review_state == "in-review"

        reviewed(reviewer, record, "return", reason="Paragraph 3 gives another date.")

        assert (reload(record).review_state, reload(record).edited_by) == ("draft", "writer")
        text = writer.get(page(record)).content.decode()
        assert "Returned by reviewer: Paragraph 3 gives another date." in " ".join(text.split())

    @pytest.mark.parametrize("step", ["publish", "return"])
    def test_what_changed_since_the_page_was_opened_is_not_approved(self, writer, reviewer, step):
        record = meeting()
        builders.publish(record)
        submitted(record)
        tokens = reviewer.get(review_page(record)).context["tokens"]
        form = form_of(writer, page(record))
        saved(writer, page(record), {**form, "title": "Slipped in", "_review_step": "submit"})
        assert reload(record).review_state == "in-review"

        answer = {"_version": tokens, "_review_step": step, "reason": "x"}
        response = reviewer.post(review_page(record), answer)

        assert response.status_code == 409
        assert "Something was changed since you opened this page" in response.content.decode()
        assert "Slipped in" in response.content.decode()
        assert reload(record).review_state == "in-review"
        assert Publication.objects.filter(kind="meeting").count() == 1

    def test_nor_is_what_changed_in_what_is_approved_along_with_it(self, writer, reviewer):
        record, force = meeting(), Force.objects.first()
        workflow.record_edit(force, "writer")
        form = {**form_of(writer, page(record)), "summary": "They met.", "_review_step": "submit"}
        saved(writer, page(record), form)
        tokens = reviewer.get(review_page(record)).context["tokens"]
        form = {**form_of(writer, page(force)), "name": "Another", "_review_step": "submit"}
        saved(writer, page(force), form)

        answer = {"_version": tokens, "_review_step": "publish"}
        response = reviewer.post(review_page(record), answer)

        assert response.status_code == 409
        (changed,) = response.context["changed"]
        assert changed.conflict.record == force
        assert [each.label for each in changed.differences] == ["name"]
        assert not Publication.objects.exists()

        reviewed(reviewer, record, "publish")
        assert Publication.objects.get(kind="force", slug=force.slug).title == "Another"

    def test_who_comes_second_learns_what_the_first_decided(self, reviewer, by_role):
        record = submitted(meeting())
        tokens = reviewer.get(review_page(record)).context["tokens"]
        reviewed(by_role("reviewer", "other"), record, "return", reason="No date.")

        answer = {"_version": tokens, "_review_step": "publish"}
        response = reviewer.post(review_page(record), answer)

        assert response.status_code == 409
        assert "other, returned to draft: No date." in " ".join(response.content.decode().split())

    @pytest.mark.parametrize("token", ["", "forged"])
    def test_without_its_tokens_nothing_is_approved(self, reviewer, token):
        record = submitted(meeting())
        answer = {"_version": token, "_review_step": "publish"}
        assert reviewer.post(review_page(record), answer).status_code == 409
        assert reload(record).review_state == "in-review"

    def test_who_edited_it_last_is_told_who_can_approve(self, by_role):
        own, other = by_role("reviewer", "author"), by_role("reviewer", "second-reviewer")
        builders.publish(meeting("another"))
        record = submitted(meeting(), by="author")
        text = text_of(own, record)
        assert "author edited it last, so somebody else must approve it" in text
        assert "Who can: second-reviewer" in text
        assert "Approve and publish</button>" not in text
        reviewed(own, record, "publish")
        assert reload(record).review_state == "in-review"
        assert "Approve and publish</button>" in text_of(other, record)

    def test_analysts_and_viewers_read_it_and_approve_nothing(self, writer, by_role):
        record = submitted(meeting(), by="somebody")
        for client in (writer, by_role("viewer")):
            text = text_of(client, record)
            assert "Awaiting approval." in text
            assert "</button>" not in text.partition('id="content-main"')[2].partition("</main>")[0]
            answer = {"_review_step": "publish"}
            assert client.post(review_page(record), answer).status_code == 403
        assert reload(record).review_state == "in-review"

    def test_a_record_that_was_never_changed_has_nothing_to_review(self, reviewer):
        record = meeting()
        builders.publish(record)
        assert "Nothing differs from the published revision." in text_of(reviewer, record)

    def test_of_every_kind_the_shipped_records_are_as_published(self, shipped, reviewer):
        for model in REVIEWABLE.values():
            record = model.objects.order_by("pk").last()
            assert "Nothing differs from the published revision." in text_of(reviewer, record)


def test_approving_asks_as_often_for_many_passages(reviewer):
    """The record is published anew, with citations from ever more documents."""
    record = meeting()
    builders.publish(record)

    def queries(start, end):
        documents = [builders.document(f"report-{n}") for n in range(start, end)]
        builders.publish(*documents)
        for each in documents:
            builders.cite(record, "status", document=each)
        submitted(record)
        tokens = reviewer.get(review_page(record)).context["tokens"]
        form = {"_version": tokens, "_review_step": "publish"}
        with CaptureQueriesContext(connection) as caught:
            reviewer.post(review_page(record), form)
        assert reload(record).review_state == "published"
        return len(caught)

    queries(0, 1)
    few = queries(1, 3)
    assert queries(3, 30) == few


class TestLists:
    def test_steps_are_confirmed_on_a_page_that_shows_what_they_are_taken_with(
        self, writer, reviewer
    ):
        record = meeting(summary="A summary to read.")
        workflow.record_edit(record, "writer")
        form = {"action": "submit_for_review", "_selected_action": [record.pk]}
        response = writer.post(changelist("meeting"), form)
        assert "Eighth meeting" in response.content.decode()
        assert reload(record).review_state == "draft"
        act(writer, "meeting", "submit_for_review", record)
        assert reload(record).review_state == "in-review"

        form = {"action": "approve_and_publish", "_selected_action": [record.pk]}
        response = reviewer.post(changelist("meeting"), form)
        assert "<ins>A summary to read.</ins>" in response.content.decode()
        assert reload(record).review_state == "in-review"
        act(reviewer, "meeting", "approve_and_publish", record)
        assert reload(record).review_state == "published"

    def test_what_one_lacks_does_not_hold_up_the_others(self, writer):
        record, other = meeting(), meeting("ninth-meeting")
        record.citations.filter(field="status").delete()
        assert "Cite a passage for status." in writer.get(page(record)).content.decode()
        response = act(writer, "meeting", "submit_for_review", record, other)
        assert "Eighth meeting: Cite a passage for status." in messages_of(response)
        states = reload(record).review_state, reload(other).review_state
        assert states == ("draft", "in-review")

    def test_a_named_draft_that_is_not_complete_is_said(self, writer):
        record = meeting()
        force = Force.objects.get(slug="japan-coast-guard")
        force.citations.all().delete()
        response = act(writer, "meeting", "submit_for_review", record)
        assert "Japan Coast Guard: Cite a passage for name." in messages_of(response)
        assert reload(record).review_state == "in-review"
        assert reload(force).review_state == "draft"

    def test_what_changed_since_it_was_shown_is_left_alone(self, reviewer):
        record, other = submitted(meeting()), submitted(meeting("ninth-meeting"))
        builders.publish(*Country.objects.all(), *Force.objects.all(), *Document.objects.all())
        form = {"action": "approve_and_publish", "_selected_action": [record.pk, other.pk]}
        shown = reviewer.post(changelist("meeting"), form).context["tokens"]
        Meeting.objects.filter(pk=record.pk).update(title="Slipped in")
        submitted(record)

        form |= {"_confirmed": "1", "_version": list(shown)}
        response = reviewer.post(changelist("meeting"), form, follow=True)

        assert any("was changed meanwhile" in line for line in messages_of(response))
        states = reload(record).review_state, reload(other).review_state
        assert states == ("in-review", "published")

    def test_records_that_name_each_other_are_published_in_order(self, reviewer):
        builders.publish(builders.document(), builders.country("CN"))
        parent = builders.force(CCG)
        child = builders.force(("a-squadron", "CN", "A squadron"), parent=parent)
        for row in (parent, child):
            submitted(row)
        act(reviewer, "force", "approve_and_publish", child, parent)
        assert {row.review_state for row in Force.objects.all()} == {"published"}

    def test_returning_asks_for_the_reason(self, reviewer):
        record = submitted(meeting())
        response = act(reviewer, "meeting", "return_to_draft", record)
        assert "Give the reason" in messages_of(response)[0]
        act(reviewer, "meeting", "return_to_draft", record, reason="No date.")
        assert reload(record).review_state == "draft"

    def test_withdrawing_asks_for_the_reason_and_takes_what_nothing_public_names(self, reviewer):
        parent = builders.force(CCG)
        child = builders.force(("a-squadron", "CN", "A squadron"), parent=parent)
        record = meeting()
        builders.publish(record)
        response = act(reviewer, "meeting", "withdraw_selected", record)
        assert "Give the reason" in messages_of(response)[0]

        act(reviewer, "meeting", "withdraw_selected", record, reason="Retracted.")
        named = (parent, child, builders.force(JCG))
        response = act(reviewer, "force", "withdraw_selected", *named, reason="Made up.")

        row = Publication.objects.current().get(kind="meeting")
        assert (row.state, row.reason, row.approver) == ("withdrawn", "Retracted.", "reviewer")
        assert {reload(each).review_state for each in named} == {"withdrawn"}
        assert messages_of(response) == ["3 records were withdrawn."]

    def test_what_public_records_name_is_not_withdrawn(self, reviewer):
        builders.publish(meeting())
        named = builders.force(JCG)
        response = act(reviewer, "force", "withdraw_selected", named, reason="Made up.")
        assert "is named by published records: meeting/eighth-meeting" in messages_of(response)[0]
        assert reload(named).review_state == "published"

    def test_all_rows_across_pages_are_taken(self, writer):
        Document.objects.bulk_create(
            Document(slug=f"d{n}", title="D", language="en") for n in range(60)
        )
        form = {"action": "submit_for_review", "select_across": "1", "_selected_action": ["1"]}
        response = writer.post(changelist("document"), form)
        assert len(response.context["records"]) == 60
        act(writer, "document", "submit_for_review", *response.context["records"])
        assert not Document.objects.exclude(review_state="in-review").exists()

    def test_each_is_told_of_also_where_the_filter_leaves_it_out_by_now(self, reviewer):
        record, other = submitted(meeting()), submitted(meeting("ninth-meeting"))
        url = f"{changelist('meeting')}?review_state__exact=in-review"
        form = {"action": "return_to_draft", "_selected_action": [record.pk, other.pk]}
        shown = reviewer.post(url, form).context["tokens"]
        workflow.return_to_draft(reload(record), "another", "No date.")
        other.delete()

        form |= {"_confirmed": "1", "_version": list(shown), "reason": "x"}
        told = messages_of(reviewer.post(url, form, follow=True))

        assert told == [
            "1 of the records was deleted meanwhile.",
            "Eighth meeting was changed meanwhile; look at it again.",
        ]

    def test_people_are_deleted_as_they_were_seen(self, writer):
        person = Person.objects.create(slug="le", name="Le")
        form = {"action": "delete_selected", "_selected_action": [person.pk]}
        shown = writer.post(changelist("person"), form).context["tokens"]
        workflow.record_edit(reload(person), "somebody")
        form |= {"_confirmed": "1", "_version": list(shown)}
        response = writer.post(changelist("person"), form, follow=True)
        assert messages_of(response) == ["Le was changed meanwhile; look at it again."]
        act(writer, "person", "delete_selected", person, reason="Entered twice.")
        assert not Person.objects.exists()

    def test_only_what_was_never_published_is_deleted(self, writer):
        record, draft = meeting(), meeting("draft-meeting")
        builders.publish(record)
        response = act(writer, "meeting", "delete_selected", record, draft)
        assert any("withdraw it instead" in line for line in messages_of(response))
        assert list(Meeting.objects.values_list("slug", flat=True)) == [record.slug]

    def test_what_others_name_is_not_deleted(self, writer):
        meeting()
        response = act(writer, "force", "delete_selected", *Force.objects.all())
        assert all("is named by others" in line for line in messages_of(response))
        assert Force.objects.count() == 2

    def test_analysts_have_no_action_that_approves(self, writer):
        record = submitted(meeting(), by="somebody")
        text = writer.get(changelist("meeting")).content.decode()
        assert "approve_and_publish" not in text
        act(writer, "meeting", "approve_and_publish", record)
        assert reload(record).review_state == "in-review"

    def test_more_than_a_hundred_at_a_time_are_too_many(self, writer):
        many = [Document(slug=f"d{n}", title="D", language="en") for n in range(101)]
        Document.objects.bulk_create(many)
        response = act(writer, "document", "submit_for_review", *Document.objects.all())
        assert messages_of(response) == ["Select at most 100 records at a time."]


def test_an_edit_leaves_the_ledger_as_it_is_until_it_is_approved(writer, reviewer):
    record = meeting()
    builders.publish(record)
    before = list(Publication.objects.values_list("sha256", flat=True))
    form = form_of(writer, page(record))
    assert "slug" not in form
    saved(writer, page(record), {**form, "slug": "another", "participants-1-DELETE": "on"})

    changed = reload(record)
    assert (changed.slug, changed.review_state) == (record.slug, "draft")
    assert (changed.edited_by, changed.approved_by) == ("writer", "")
    assert list(Publication.objects.values_list("sha256", flat=True)) == before

    act(writer, "meeting", "submit_for_review", record)
    act(reviewer, "meeting", "approve_and_publish", record)
    newest = Publication.objects.get(kind="meeting", superseded_at=None)
    assert newest.revision == 2
    assert len(json.loads(newest.body)["participants"]) == 1
