"""From draft to publication and out again: who may, what must be there, what comes along."""

import json

import pytest

from agreements import workflow
from agreements.exceptions import LedgerError, QualityError, WorkflowError
from agreements.models import (
    Citation,
    Document,
    EngagementLink,
    Force,
    Meeting,
    Publication,
    Reviewable,
    Series,
)
from tests.builders import (
    JCG,
    VCG,
    agreement,
    approved,
    cite,
    country,
    document,
    exercise,
    force,
    meeting,
    publish,
    reload,
)

pytestmark = pytest.mark.django_db


def public(kind: str, slug: str) -> dict:
    row = Publication.objects.current().published().get(kind=kind, slug=slug)
    return json.loads(row.body)


def in_review(record: Reviewable, author: str = "analyst") -> Reviewable:
    workflow.record_edit(record, author)
    workflow.submit(record, author)
    return record


def publish_again(record: Reviewable) -> list[Publication]:
    return workflow.publish([approved(reload(record))])


def test_a_record_goes_from_draft_to_publication():
    record = meeting()
    assert record.review_state == "draft"
    assert in_review(record).review_state == "in-review"
    workflow.approve(record, "reviewer")
    assert (record.review_state, record.approved_by) == ("approved", "reviewer")
    publish(record)
    row = Publication.objects.get(kind="meeting")
    assert (row.author, row.approver, row.state) == ("analyst", "reviewer", "published")
    assert reload(record).review_state == "published"


def test_who_edited_last_cannot_approve():
    record = in_review(meeting(), "analyst")
    with pytest.raises(WorkflowError, match="analyst edited it last, so somebody else must"):
        workflow.approve(record, "analyst")
    assert reload(record).review_state == "in-review"


def test_a_lone_analyst_can_be_allowed_to(settings):
    settings.ALLOW_SELF_APPROVAL = True
    record = in_review(meeting(), "analyst")
    workflow.approve(record, "analyst")
    assert reload(record).approved_by == "analyst"


def test_approval_has_a_name():
    with pytest.raises(WorkflowError, match="who approves"):
        workflow.approve(in_review(meeting()), " ")


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (lambda record: workflow.approve(record, "reviewer"), "needs it to be in review"),
        (
            lambda record: workflow.return_to_draft(record, "reviewer", "No date."),
            "needs it to be in review or approved",
        ),
        (lambda record: workflow.publish([record]), "needs it to be approved"),
    ],
)
def test_a_step_out_of_turn_is_refused(step, message):
    record = meeting()
    with pytest.raises(WorkflowError, match=message):
        step(record)
    assert reload(record).review_state == "draft"


def test_an_edit_takes_approval_away():
    record = approved(meeting())
    version = record.version
    workflow.record_edit(record, "another-analyst")
    kept = reload(record)
    assert (kept.review_state, kept.approved_by) == ("draft", "")
    assert (kept.edited_by, kept.version) == ("another-analyst", version + 1)


def test_what_was_edited_meanwhile_cannot_be_approved():
    record = in_review(meeting())
    workflow.record_edit(reload(record), "another-analyst")
    with pytest.raises(WorkflowError, match="changed meanwhile"):
        workflow.approve(record, "reviewer")
    assert reload(record).review_state == "draft"


def test_what_was_edited_meanwhile_cannot_be_published():
    record = approved(meeting())
    publish(*Force.objects.all())
    workflow.record_edit(reload(record), "another-analyst")
    with pytest.raises(WorkflowError, match="changed meanwhile"):
        workflow.publish([record])
    assert reload(record).review_state == "draft"
    assert not Publication.objects.filter(kind="meeting").exists()


def test_a_record_named_twice_is_published_once():
    record = meeting()
    publish(record, record)
    record = approved(reload(record))
    assert workflow.publish([record, reload(record)]) == []


def test_one_bad_record_keeps_all_from_publication():
    good, bad = meeting(), meeting("ninth-meeting")
    with pytest.raises(WorkflowError, match="Ninth meeting is draft"):
        workflow.publish([approved(good), bad])
    assert not Publication.objects.exists()
    assert reload(good).review_state == "approved"


def test_what_a_record_names_is_published_before_it():
    record = approved(meeting())
    with pytest.raises(WorkflowError, match=r"is not published; publish it first"):
        workflow.publish([record])
    assert not Publication.objects.exists()


def test_bodies_are_published_before_their_parts():
    ministry = force(("ministry", "VN", "Ministry"), kind="ministry")
    flotilla = force(("a-flotilla", "VN", "Flotilla"), parent=ministry)
    force(("squadron", "VN", "Squadron"), parent=ministry, predecessor=flotilla)
    force(("a-crew", "VN", "Crew"), parent=ministry, predecessor=Force.objects.get(slug="squadron"))
    publish()
    order = Publication.objects.filter(kind="force").order_by("sequence")
    assert [row.slug for row in order] == ["ministry", "a-flotilla", "squadron", "a-crew"]


@pytest.mark.parametrize("field", ["status", "participants"])
def test_an_asserted_fact_needs_a_passage(field):
    record = meeting()
    record.citations.filter(field=field).delete()
    with pytest.raises(QualityError, match=f"Cite a passage for {field}."):
        in_review(record)


def test_a_passage_that_disputes_a_fact_is_not_evidence_for_it():
    record = meeting()
    record.citations.filter(field="status").update(stance=Citation.Stance.DISPUTES)
    with pytest.raises(QualityError, match="Cite a passage for status."):
        in_review(record)


def test_what_is_not_said_needs_no_passage():
    record = meeting(date=None, outcomes="")
    assert {row.field for row in record.citations.all()} == {"status", "participants"}
    in_review(record)


def test_no_is_a_fact_too():
    record = agreement(binding=False)
    record.citations.filter(field="binding").delete()
    with pytest.raises(QualityError, match="Cite a passage for binding."):
        in_review(record)


def test_an_agreement_has_parties_of_two_countries():
    record = agreement()
    record.participants.filter(country__code="JP").delete()
    with pytest.raises(QualityError, match="Name the parties of at least two countries."):
        in_review(record)


def test_a_counted_agreement_has_no_date():
    record = agreement(date="2015-09")
    record.identified = False
    record.save()
    with pytest.raises(QualityError, match="only counted has no date"):
        in_review(record)


def test_an_unapproved_edit_of_a_force_does_not_reach_its_meetings():
    record = meeting()
    publish(record)
    side = force(VCG)
    Force.objects.filter(pk=side.pk).update(name="Vietnam Marine Police")
    workflow.record_edit(reload(side), "analyst")

    Meeting.objects.filter(pk=record.pk).update(title="Eighth high-level meeting")
    publish_again(record)

    names = {each["force"]["name"] for each in public("meeting", "eighth-meeting")["participants"]}
    assert names == {VCG[2], JCG[2]}


def test_a_link_to_a_draft_is_left_out_until_that_is_published():
    first, planned = meeting(), meeting("ninth-meeting", status="planned")
    EngagementLink.objects.create(source=first, relation="announces", target=planned)
    publish(first)
    assert public("meeting", "eighth-meeting")["links"] == []

    publish(planned)
    publish_again(first)

    (link,) = public("meeting", "eighth-meeting")["links"]
    assert (link["relation"], link["slug"], link["title"]) == (
        "announces",
        "ninth-meeting",
        "Ninth meeting",
    )


def test_records_that_link_to_each_other_are_published_together():
    one, other = meeting(), exercise()
    EngagementLink.objects.create(source=one, relation="announces", target=other)
    EngagementLink.objects.create(source=other, relation="part-of", target=one)
    publish(one, other)
    assert public("meeting", "eighth-meeting")["links"][0]["slug"] == "ship-visit"
    assert public("exercise", "ship-visit")["links"][0]["slug"] == "eighth-meeting"


def test_a_link_shows_the_title_that_is_public():
    first, second = meeting(), meeting("ninth-meeting")
    EngagementLink.objects.create(source=first, relation="announces", target=second)
    publish(first, second)
    Meeting.objects.filter(pk=second.pk).update(title="Not approved yet")
    workflow.record_edit(reload(second), "analyst")
    Meeting.objects.filter(pk=first.pk).update(summary="Held in Hanoi.")

    publish_again(first)

    assert public("meeting", "eighth-meeting")["links"][0]["title"] == "Ninth meeting"


def test_withdrawal_leaves_a_tombstone_with_its_reason():
    record = meeting()
    publish(record)
    row = workflow.withdraw(reload(record), "reviewer", " The report was retracted. ")
    assert (row.state, row.revision, row.reason) == ("withdrawn", 2, "The report was retracted.")
    assert (row.author, row.approver) == ("analyst", "reviewer")
    assert reload(record).review_state == "withdrawn"
    assert not Publication.objects.current().published().filter(kind="meeting").exists()


def test_withdrawal_is_an_edit_by_hand():
    record = meeting()
    publish(record)
    record = reload(record)
    Meeting.objects.filter(pk=record.pk).update(loaded_version=record.version)
    workflow.withdraw(record, "reviewer", "A mistake.")
    assert reload(record).edited_since_load


def test_a_withdrawn_record_can_come_back():
    record = meeting()
    publish(record)
    workflow.withdraw(reload(record), "reviewer", "A mistake.")
    (row,) = publish_again(record)
    assert (row.revision, row.state) == (3, "published")


def test_merging_names_the_record_that_took_its_place():
    one, other = meeting(), meeting("meeting-in-hanoi")
    publish(one, other)
    row = workflow.withdraw(reload(other), "reviewer", "The same meeting.", reload(one))
    assert (row.state, row.successor) == ("merged", "eighth-meeting")


def test_a_record_is_not_merged_into_itself_or_into_a_draft():
    record, draft = meeting(), meeting("ninth-meeting")
    publish(record)
    for successor in (record, draft):
        with pytest.raises(LedgerError, match="merge into one that is"):
            workflow.withdraw(reload(record), "reviewer", "The same.", reload(successor))
    assert reload(record).review_state == "published"


def test_a_record_is_merged_into_one_of_its_kind():
    one, other = meeting(), exercise("eighth-exercise")
    publish(one, other)
    with pytest.raises(WorkflowError, match="of its own kind"):
        workflow.withdraw(reload(one), "reviewer", "The same.", reload(other))


@pytest.mark.parametrize(("reason", "message"), [("  ", "Give the reason"), ("x" * 2001, "2000")])
def test_a_withdrawal_has_a_reason_that_fits(reason, message):
    record = meeting()
    publish(record)
    with pytest.raises(WorkflowError, match=message):
        workflow.withdraw(reload(record), "reviewer", reason)


def test_what_is_not_published_cannot_be_withdrawn():
    with pytest.raises(LedgerError, match="The meeting eighth-meeting is not published."):
        workflow.withdraw(meeting(), "reviewer", "A mistake.")


def test_what_published_records_name_cannot_be_withdrawn():
    series = Series.objects.create(slug="conference", title="Conference")
    record = meeting(series=series, location_country=country("KH"))
    force(("squadron", "VN", "Squadron"), parent=force(VCG), predecessor=force(JCG))
    force(("flotilla", "CN", "Flotilla"))
    document("reprint", origin=document())
    workflow.publish([approved(series)])
    publish(record)

    for named in (series, force(VCG), force(JCG), document(), country("VN"), country("KH")):
        with pytest.raises(WorkflowError, match="is named by published records"):
            workflow.withdraw(reload(named), "reviewer", "A mistake.")

    workflow.withdraw(reload(force(("flotilla", "CN", "Flotilla"))), "reviewer", "A mistake.")
    workflow.withdraw(Document.objects.get(slug="reprint"), "reviewer", "A mistake.")


def test_a_force_that_only_its_parts_name_cannot_be_withdrawn():
    parent = force(VCG)
    force(("squadron", "VN", "Squadron"), parent=parent)
    publish()
    with pytest.raises(WorkflowError, match="named by published records: force/squadron"):
        workflow.withdraw(reload(parent), "reviewer", "A mistake.")


def test_a_finding_of_the_program_leaves_approval_standing():
    record = meeting()
    publish(record)
    record = reload(record)
    # Something that is published with it, as a finding is.
    cite(record, "summary")
    workflow.record_verification(record)
    assert (reload(record).review_state, reload(record).approved_by) == ("approved", "reviewer")
    assert len(workflow.publish([reload(record)])) == 1
