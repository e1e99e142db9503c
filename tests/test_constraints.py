"""What the database itself refuses, whoever writes: raw saves skip every check in Python."""

import uuid

import pytest
from django.db import models

from agreements.ledger import shared
from agreements.models import (
    Agreement,
    Citation,
    Delegate,
    Document,
    Engagement,
    EngagementLink,
    Exercise,
    Meeting,
    Participant,
    Person,
    Publication,
    PublicationFacet,
    Series,
)
from tests.builders import (
    CCG,
    JCG,
    VCG,
    agreement,
    country,
    document,
    exercise,
    force,
    meeting,
    publish,
)
from tests.raw import changed, raw_save, refuse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("record", "status"),
    [
        (agreement, "held"),
        (agreement, "planned"),
        (meeting, "signed"),
        (meeting, "unknown"),
        (exercise, "in-force"),
        (exercise, "x"),
        (meeting, ""),
    ],
)
def test_a_status_belongs_to_its_kind(record, status):
    refuse(changed(record(), status=status), because="status_of_kind")


def test_a_bulk_load_does_not_pass_by_either():
    row = Engagement(kind="meeting", slug="talks", title="Talks", status="signed")
    refuse(Engagement.objects.bulk_create, [row], because="status_of_kind")
    refuse(raw_save, row, because="status_of_kind")


def test_an_engagement_has_a_kind():
    row = Engagement(kind="", slug="talks", title="Talks", status="held")
    refuse(raw_save, row, because="kind_known|status_of_kind")


def test_a_slug_stands_once_over_all_kinds():
    agreement("talks")
    row = Engagement(kind="meeting", slug="talks", title="Talks", status="held")
    refuse(raw_save, row, because="(?i)unique")


def test_a_citation_is_for_exactly_one_record():
    record = meeting()
    common = {"document": document(), "field": "status", "locator": "paragraph 1"}
    refuse(raw_save, Citation(**common), because="one_target")
    both = Citation(engagement=record, force=force(VCG), **common)
    refuse(raw_save, both, because="one_target")
    refuse(changed(record.citations.first(), force=force(VCG)), because="one_target")
    refuse(changed(record.citations.first(), engagement=None), because="one_target")


def test_a_participants_force_is_of_its_country():
    record = meeting()
    row = Participant(engagement=record, country=country("CN"), force=force(VCG), role="observer")
    refuse(raw_save, row, because="this force belongs to another country")
    refuse(Participant.objects.bulk_create, [row], because="this force belongs to another country")


def test_a_participant_cannot_change_to_another_country_or_force():
    side = meeting().participants.get(force__slug=VCG[0])
    because = "this force belongs to another country"
    refuse(changed(side, country=country("JP")), because=because)
    refuse(changed(side, force=force(JCG)), because=because)


def test_a_force_that_took_part_cannot_change_its_country():
    meeting()
    refuse(changed(force(VCG), country=country("CN")), because="participants name this force")
    assert changed(force(CCG), country=country("KH"))() == 1


def test_a_participant_stands_once():
    side = meeting().participants.get(force__slug=VCG[0])
    again = Participant(
        engagement=side.engagement, country=side.country, force=side.force, role="host"
    )
    refuse(raw_save, again, because="(?i)unique")


def test_a_country_without_its_force_stands_once():
    record = meeting(sides=(("KH", "guest"), (VCG, "host")))
    again = Participant(engagement=record, country=country("KH"), role="guest")
    refuse(raw_save, again, because="(?i)unique")


@pytest.mark.parametrize("model", [Agreement, Meeting, Exercise])
def test_a_row_of_a_kind_belongs_to_an_engagement_of_it(model):
    wrong = agreement() if model is not Agreement else meeting()
    row = model(engagement_ptr_id=wrong.pk)
    if model is Exercise:
        row.activity = "ship-visit"
    refuse(raw_save, row, because=f"this engagement is not of the kind {model.RECORD_KIND}")


def test_a_row_of_a_kind_cannot_move_to_an_engagement_of_another():
    one, other = meeting(), exercise()
    move = Meeting._base_manager.filter(pk=one.pk)
    refuse(
        lambda: move.update(engagement_ptr_id=other.pk),
        because="this engagement is not of the kind meeting",
    )


def test_an_engagement_keeps_its_kind():
    record = Engagement.objects.get(pk=meeting().pk)
    refuse(changed(record, kind="exercise"), because="the kind of an engagement never changes")


def test_a_number_needs_a_series_and_starts_at_one():
    series = Series.objects.create(slug="conference", title="Conference")
    record = Engagement.objects.get(pk=meeting().pk)
    refuse(changed(record, ordinal=8), because="ordinal_in_series")
    refuse(changed(record, ordinal=0, series=series), because="ordinal_in_series")
    refuse(changed(record, ordinal=-1, series=series), because="ordinal")


def test_a_number_stands_once_in_its_series():
    series = Series.objects.create(slug="conference", title="Conference")
    meeting("eighth", series=series, ordinal=8)
    meeting("unnumbered", series=series)
    again = Engagement.objects.get(pk=meeting("eighth-again", series=series).pk)
    refuse(changed(again, ordinal=8), because="(?i)unique")


@pytest.mark.parametrize(
    "values",
    [
        {"instrument": "treaty"},
        {"title_as_given": "Memorandum"},
        {"entered_into_force": "2015", "entered_into_force_earliest": "2015-01-01"},
    ],
)
def test_an_unidentified_agreement_has_no_particulars(values):
    record = agreement(identified=False)
    refuse(changed(record, **values), because="unidentified_bare")


def test_bounds_come_from_the_date_however_a_row_is_saved():
    row = Engagement(
        kind="meeting", slug="talks", title="Talks", status="held",
        date="2024-12", date_earliest="1999-01-01", date_latest="1999-12-31",
    )  # fmt: skip
    raw_save(row)
    stored = Engagement.objects.values_list("date_earliest", "date_latest").get(slug="talks")
    assert [str(day) for day in stored] == ["2024-12-01", "2024-12-31"]


def test_nothing_is_above_itself():
    side, source = force(VCG), document()
    record = Engagement.objects.get(pk=meeting().pk)
    refuse(changed(side, parent=side), because="not_its_own_parent")
    refuse(changed(source, origin=source), because="not_its_own_origin")
    link = EngagementLink(source=record, target=record, relation="renews")
    refuse(raw_save, link, because="not_itself")


def test_a_delegate_is_somebody():
    side = meeting().participants.first()
    refuse(raw_save, Delegate(participant=side, rank="Admiral"), because="somebody")
    raw_save(Delegate(participant=side, position="Commander"))


def test_a_delegate_stands_once():
    side = meeting().participants.first()
    person = Person.objects.create(slug="le-quang-dao", name="Lê Quang Đạo")
    raw_save(Delegate(participant=side, person=person))
    refuse(raw_save, Delegate(participant=side, person=person), because="(?i)unique")


def test_a_text_is_of_one_document():
    Document.objects.filter(pk=document().pk).update(sha256="a" * 64)
    again = Document(slug="copy", title="Copy", language="en", sha256="a" * 64)
    refuse(raw_save, again, because="(?i)unique")
    refuse(changed(document(), sha256="a" * 63), because="sha256_length")


def test_what_records_rest_on_cannot_be_deleted():
    record = meeting()
    for row in (country("VN"), document(), force(VCG)):
        with pytest.raises(models.ProtectedError):
            row.delete()
    assert record.citations.exists()


def test_a_row_of_the_ledger_is_whole():
    publish(meeting())
    good = Publication.objects.first()
    for values, because in (
        ({"state": "merged", "successor": ""}, "merged_into"),
        ({"successor": "else"}, "merged_into"),
        ({"state": "done"}, "state_known|merged_into"),
        ({"kind": "fleet"}, "kind_known"),
        ({"slug": ""}, "not_empty"),
        ({"body": ""}, "not_empty"),
        ({"reason": "x" * 2001}, "length"),
        ({"revision": 0}, "from_one"),
        ({"sha256": good.sha256}, "(?i)unique"),
    ):
        fresh = {"sequence": 999, "revision": 9, "sha256": uuid.uuid4().hex, "slug": "another"}
        row = Publication.objects.get(pk=good.pk)
        row.pk = None
        for name, value in {**fresh, **values}.items():
            setattr(row, name, value)
        refuse(raw_save, row, because=because)


def test_a_facet_of_the_ledger_is_known_and_stands_once():
    publish(meeting())
    row = PublicationFacet.objects.first()
    common = {"publication": row.publication, **shared(row.publication)}
    refuse(raw_save, PublicationFacet(facet="x", value="VN", **common), because="known")
    refuse(raw_save, PublicationFacet(facet="topic", value="", **common), because="not_empty")
    again = PublicationFacet(facet=row.facet, value=row.value, **common)
    refuse(raw_save, again, because="(?i)unique")
