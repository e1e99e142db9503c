"""Readings that bear on each other: shared records, shared evidence, what names what."""

import pytest

from agreements.models import Citation, Document, Engagement, Force, Meeting
from tests.readings import (
    HEADER,
    READING,
    SECOND_READING,
    counted,
    run,
    tables,
    write,
)

pytestmark = pytest.mark.django_db


def eighth_meeting() -> Meeting:
    return Meeting.objects.get(slug="eighth-meeting")


def test_evidence_from_two_readings_joins_one_record(tmp_path):
    write(tmp_path, READING, "1.yaml")
    write(tmp_path, SECOND_READING, "2.yaml")

    report = run("load_readings", tmp_path)

    assert counted(report, "meeting") == (1, 0, 0)
    cited = {(row.field, row.document.slug) for row in eighth_meeting().citations.all()}
    assert {("status", "talks-report"), ("status", "second-report")} <= cited


def test_the_order_of_the_files_makes_no_difference(tmp_path):
    evidence = write(tmp_path, SECOND_READING, "1.yaml")
    definition = write(tmp_path, READING, "2.yaml")
    run("load_readings", evidence, definition)
    assert eighth_meeting().citations.filter(document__slug="second-report").count() == 1


def test_evidence_can_come_for_a_record_that_the_desk_has(tmp_path):
    run("load_readings", write(tmp_path, READING, "1.yaml"))

    report = run("load_readings", write(tmp_path, SECOND_READING, "2.yaml"))

    assert counted(report, "meeting") == (0, 1, 0)
    assert eighth_meeting().citations.filter(document__slug="second-report").count() == 1


def test_loading_one_of_two_readings_leaves_the_others_citations(tmp_path):
    first = write(tmp_path, READING, "1.yaml")
    write(tmp_path, SECOND_READING, "2.yaml")
    run("load_readings", tmp_path)
    before = tables()

    report = run("load_readings", first)

    assert counted(report, "meeting") == (0, 0, 1)
    assert tables() == before


def test_a_document_that_another_reading_names_keeps_its_evidence(tmp_path):
    run("load_readings", write(tmp_path, READING, "1.yaml"))
    known = "also_documents:\n  - {slug: talks-report, title: That report, language: en}\n"

    run("load_readings", write(tmp_path, SECOND_READING + known, "2.yaml"))

    assert eighth_meeting().citations.filter(document__slug="talks-report").count() == 4
    assert Document.objects.get(slug="talks-report").sha256 == "a" * 64


def test_links_are_stored_between_records_in_any_order(tmp_path):
    ninth = """\
  - slug: ninth-meeting
    title: Ninth meeting of the two coast guards
    status: planned
    participants: [{country: VN, role: host}, {country: JP, role: guest}]
    citations: [{fields: [status, participants], at: paragraph 3}]
"""
    link = "    links: [{relation: announces, target: ninth-meeting}]\n"
    run("load_readings", write(tmp_path, READING + link + ninth))
    (found,) = eighth_meeting().links.all()
    assert (found.relation, found.target.slug) == ("announces", "ninth-meeting")


def test_forces_come_after_the_bodies_that_they_name(tmp_path):
    unit = """\
  - {slug: squadron, name: Squadron, kind: other, country: VN, parent: ministry,
     predecessor: flotilla, citations: [{fields: [name], at: paragraph 1}]}
  - {slug: flotilla, name: Flotilla, kind: other, country: VN, parent: ministry,
     citations: [{fields: [name], at: paragraph 1}]}
  - {slug: ministry, name: Ministry, kind: ministry, country: VN,
     citations: [{fields: [name], at: paragraph 1}]}
"""
    run("load_readings", write(tmp_path, HEADER + "forces:\n" + unit))
    run("publish", "--all")
    squadron = Force.objects.get(slug="squadron")
    assert (squadron.parent.slug, squadron.predecessor.slug) == ("ministry", "flotilla")


def test_documents_come_after_their_origins(tmp_path):
    def header(slug: str, mark: str, origin: str = "") -> str:
        text = HEADER.replace("talks-report", slug).replace("a" * 64, mark * 64)
        return text.replace("language: en", f"language: en, origin: {origin}") if origin else text

    write(tmp_path, header("reprint", "c", "translation"), "1.yaml")
    write(tmp_path, header("translation", "b", "dispatch"), "2.yaml")
    write(tmp_path, header("dispatch", "a"), "3.yaml")

    run("load_readings", tmp_path)
    run("publish", "--all")

    assert Document.objects.get(slug="reprint").origin.origin.slug == "dispatch"


def test_a_changed_quotation_is_no_longer_verified(tmp_path):
    path = write(tmp_path)
    run("load_readings", path)
    Citation.objects.update(verified_against="a" * 64)

    report = run("load_readings", write(tmp_path, READING.replace("met on 16", "met on the 16")))

    assert f"quotations not verified as they stand: {path}" in report
    unverified = {row.field for row in Citation.objects.all() if not row.verified}
    assert unverified == {"status", "date"}


def test_what_was_verified_on_the_desk_stays_so_when_the_reading_is_loaded_again(tmp_path):
    path = write(tmp_path)
    run("load_readings", path)
    Citation.objects.update(verified_against="a" * 64)
    before = tables()
    run("load_readings", path)
    assert tables() == before


def test_an_engagement_counts_once_however_many_readings_name_it(tmp_path):
    write(tmp_path, READING, "1.yaml")
    write(tmp_path, SECOND_READING, "2.yaml")
    run("load_readings", tmp_path)
    assert Engagement.objects.count() == 1
