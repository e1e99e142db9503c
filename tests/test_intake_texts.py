"""Texts of documents made and replaced: what becomes of quotations, review and history."""

import hashlib
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from agreements import workflow
from agreements.exceptions import IntakeError, WorkflowError
from agreements.intake import texts
from agreements.intake.extraction import extract
from agreements.intake.particulars import Particulars, propose
from agreements.intake.texts import attach_text, create_document, replace_text
from agreements.models import Change, Citation, Document, DocumentText, Publication, ReportedTotal
from tests.articles import ARTICLE, OTHER_ARTICLE, word_document
from tests.builders import approved, cite, meeting, publish, reload

pytestmark = pytest.mark.django_db

PARAGRAPHS = ARTICLE.split("\n")
MOVED = "\n".join([PARAGRAPHS[0], "By Mira Tolland and Osk Vann", "Corrected.", *PARAGRAPHS[2:]])
WAY = Change.Way.WORKBENCH


def plan(text: str = ARTICLE, **values) -> Document:
    particulars = Particulars(**{"slug": "plan", "title": "The plan", "language": "en", **values})
    return create_document(particulars, text, "analyst", WAY)


def steps(record) -> list[tuple[str, str, str, str]]:
    noted = Change.objects.filter(kind=record.record_kind, record_id=record.pk).order_by("pk")
    return list(noted.values_list("step", "by", "way", "reason"))


def verified_meeting(document: Document) -> tuple:
    """A meeting with a citation whose quotation stands in paragraph 4, verified."""
    row = meeting()
    row.citations.all().update(document=document)
    cite(
        row, "date", document=document, locator="paragraph 4", quote="signed a plan on 21 December"
    )
    attach_text(document, document.held_text.text)
    return row, row.citations.get(field="date", quote__gt="")


# A document from a text


def test_a_document_is_made_with_its_text_and_its_history():
    row = create_document(propose(ARTICLE), ARTICLE + "\r\n\r\n", "analyst", WAY)

    row = reload(row)
    assert row.title == "Harbour services of Arland and Belmar sign a plan for the strait"
    assert (row.publisher, row.author, str(row.published)) == ("ANA", "Mira Tolland", "2023-12-22")
    assert row.published_earliest.isoformat() == "2023-12-22"
    assert row.held_text.text == ARTICLE
    assert row.sha256 == hashlib.sha256(ARTICLE.encode()).hexdigest()
    assert row.held_text.shingles.exists()
    assert (row.review_state, row.edited_by, row.version) == ("draft", "analyst", 1)
    assert steps(row) == [("created", "analyst", "workbench", "")]


def test_a_file_becomes_the_same_document_as_its_text():
    found = extract("talks.docx", word_document())
    row = create_document(propose(found.text, found), found.text, "analyst", WAY)
    assert row.sha256 == hashlib.sha256(ARTICLE.encode()).hexdigest()


def test_an_origin_is_kept():
    origin = plan()
    copy = create_document(
        Particulars(slug="copy", title="The plan", language="en"),
        f"A reprint\n{ARTICLE}",
        "analyst",
        WAY,
        origin=origin,
    )
    assert reload(copy).origin == origin


@pytest.mark.parametrize("text", [ARTICLE, f" {ARTICLE}\r\n", "\n\n".join(PARAGRAPHS)])
def test_a_text_that_is_held_makes_no_second_document(text):
    plan()
    with pytest.raises(IntakeError, match=r"held already: “The plan” \(plan\)"):
        plan(text, slug="again")
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "message"), [(" \n", "no text"), ("a\0b", "NUL"), ("a" * 500_001, "longer than")]
)
def test_what_is_no_text_makes_no_document(text, message):
    with pytest.raises(IntakeError, match=message):
        plan(text)
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("slug", "no slug"),
        ("language", "English"),
        ("published", "22/12/2023"),
        ("url", "nowhere"),
        ("publisher", "P" * 201),
    ],
)
def test_a_refused_value_is_told_with_its_field(name, value):
    with pytest.raises(ValidationError) as caught:
        plan(**{name: value})
    assert name in caught.value.message_dict
    assert not Document.objects.exists()
    assert not DocumentText.objects.exists()


def test_two_who_bring_one_text_at_once_make_one_document(monkeypatch):
    def taken(*_arguments, **_options):
        raise IntegrityError("UNIQUE constraint failed: agreements_document.sha256")

    monkeypatch.setattr(Document, "save", taken)
    with pytest.raises(IntakeError, match="has just brought this text"):
        plan()


# Another text


def test_a_replaced_text_is_looked_through_again():
    row, citation = verified_meeting(plan())
    document = citation.document
    assert citation.verified

    outcome = replace_text(document, MOVED, "analyst", WAY, "The page was corrected.")

    citation.refresh_from_db()
    document = reload(document)
    assert document.sha256 == hashlib.sha256(MOVED.encode()).hexdigest()
    assert document.held_text.text == MOVED
    assert citation.verified_against == ""
    (lost,) = outcome.lost
    assert (lost.row, lost.moved) == (citation, 5)
    assert lost.fault == "it stands in paragraph 5"
    assert outcome.records == [citation.target]
    assert steps(document)[-1] == ("edited", "analyst", "workbench", "The page was corrected.")
    assert steps(row)[-1] == ("verified", "analyst", "workbench", "")


def test_what_stands_where_it_stood_is_verified_against_the_new_text():
    _row, citation = verified_meeting(plan())
    text = f"{ARTICLE}\nA line more."

    outcome = replace_text(citation.document, text, "analyst", WAY, "A line more.")

    citation = Citation.objects.get(pk=citation.pk)
    assert citation.verified_against == hashlib.sha256(text.encode()).hexdigest()
    assert citation.verified
    assert (outcome.verified, outcome.lost, outcome.changed) == (1, [], [citation])


def test_what_is_gone_stands_nowhere():
    _row, citation = verified_meeting(plan())
    outcome = replace_text(citation.document, OTHER_ARTICLE, "analyst", WAY, "Another page.")
    assert [(each.fault, each.moved) for each in outcome.lost] == [("not in the text", None)]


def test_a_published_record_waits_to_be_published_with_its_verification():
    row, citation = verified_meeting(plan())
    publish(row, citation.document)
    document = reload(citation.document)

    replace_text(document, f"{ARTICLE}\nA line more.", "analyst", WAY, "A line more.")

    row = reload(row)
    assert (row.review_state, row.approved_by) == ("approved", "reviewer")
    assert reload(document).review_state == "draft"
    workflow.publish([approved(reload(document)), row])
    body = json.loads(Publication.objects.current().get(kind="meeting").body)
    shown = [each for each in body["citations"] if each["quote"]]
    assert [(each["verified"], each["document"]["sha256"]) for each in shown] == [
        (True, reload(document).sha256)
    ]


def test_a_total_is_looked_up_too():
    document = plan()
    total = ReportedTotal.objects.create(
        slug="places", title="Places", what="places", count=8, counts="exercises",
        document=document, locator="paragraph 7", quote="eight places for each side",
    )  # fmt: skip
    attach_text(document, ARTICLE)
    assert reload(total).verified

    outcome = replace_text(document, OTHER_ARTICLE, "analyst", WAY, "Another page.")

    assert not reload(total).verified
    assert outcome.records == [total]
    assert steps(total)[-1][:2] == ("verified", "analyst")


def test_the_same_text_changes_nothing():
    _row, citation = verified_meeting(plan())
    before = Change.objects.count()

    outcome = replace_text(citation.document, f"{ARTICLE}\r\n", "analyst", WAY, "Again.")

    assert (outcome.verified, outcome.changed) == (1, [])
    assert Change.objects.count() == before
    assert reload(citation.document).version == citation.document.version


def test_a_text_that_is_known_by_its_file_is_attached_as_it_is_known():
    raw = b"\xef\xbb\xbf" + "\r\n".join(PARAGRAPHS).encode()
    document = Document.objects.create(
        slug="plan", title="The plan", language="en", sha256=hashlib.sha256(raw).hexdigest()
    )
    row = meeting()
    cite(row, "date", document=document, locator="paragraph 4", quote="signed a plan")
    found = extract("plan.txt", raw)

    outcome = replace_text(document, found.text, "analyst", WAY, "Held now.", found.sha256)

    assert outcome.verified == 1
    assert reload(document).sha256 == document.sha256
    assert Citation.objects.get(quote__gt="").verified
    assert steps(document) == []
    assert steps(row) == [("verified", "analyst", "workbench", "")]


def test_the_text_of_another_document_is_refused():
    plan()
    other = plan(OTHER_ARTICLE, slug="other")
    with pytest.raises(IntakeError, match="held already: “The plan”"):
        replace_text(other, ARTICLE, "analyst", WAY, "Mistaken.")
    assert reload(other).held_text.text == OTHER_ARTICLE


def test_a_document_that_was_changed_meanwhile_keeps_its_text():
    document = plan()
    workflow.record_edit(reload(document), "another analyst")
    with pytest.raises(WorkflowError, match="changed meanwhile"):
        replace_text(document, MOVED, "analyst", WAY, "Corrected.")
    assert reload(document).held_text.text == ARTICLE
    assert reload(document).sha256 == hashlib.sha256(ARTICLE.encode()).hexdigest()


def test_either_all_is_replaced_or_nothing(monkeypatch):
    _row, citation = verified_meeting(plan())

    def broken(*_arguments):
        raise RuntimeError

    monkeypatch.setattr(texts.workflow, "record_verification", broken)
    with pytest.raises(RuntimeError):
        replace_text(citation.document, MOVED, "analyst", WAY, "Corrected.")
    assert Citation.objects.get(pk=citation.pk).verified
    assert reload(citation.document).held_text.text == ARTICLE
