"""Readings that are well formed and cannot be: refused with file, line and field, nothing kept."""

import pytest

from agreements import workflow
from agreements.models import Force
from tests.readings import (
    HEADER,
    MEETINGS,
    READING,
    SECOND_HEADER,
    SECOND_READING,
    SERIES,
    is_empty,
    refused,
    run,
    tables,
    write,
)

pytestmark = pytest.mark.django_db


def test_two_definitions_of_a_record_conflict(tmp_path):
    write(tmp_path, READING, "1.yaml")
    write(tmp_path, SECOND_HEADER + MEETINGS, "2.yaml")
    told = refused("load_readings", tmp_path)
    assert f"2.yaml:7: meetings[0].slug: Defined at {tmp_path}/1.yaml:32 already;" in told
    assert is_empty()


def test_two_definitions_in_one_reading_conflict(tmp_path):
    told = refused("load_readings", write(tmp_path, READING + MEETINGS.removeprefix("meetings:\n")))
    assert "meetings[1].slug: Given at" in told


def test_values_beside_another_readings_definition_conflict(tmp_path):
    write(tmp_path, READING, "1.yaml")
    write(tmp_path, SECOND_READING + "    status: planned\n", "2.yaml")
    told = refused("load_readings", tmp_path)
    assert "2.yaml:10: meetings[0].status: Give it where the record is defined" in told


def test_a_document_in_two_readings_conflicts(tmp_path):
    write(tmp_path, READING, "1.yaml")
    write(tmp_path, HEADER, "2.yaml")
    told = refused("load_readings", tmp_path)
    assert "2.yaml:2: document.slug: This document is given at" in told


def test_one_text_is_one_document(tmp_path):
    totals = """\
totals:
  - {slug: documents-signed, title: Documents signed, what: documents, count: 10,
     counts: agreements, at: paragraph 5}
"""
    write(tmp_path, READING, "1.yaml")
    write(tmp_path, SECOND_HEADER.replace("b" * 64, "a" * 64) + totals, "2.yaml")
    told = refused("load_readings", tmp_path)
    assert "2.yaml:2: document.sha256: " in told
    assert is_empty()


@pytest.mark.parametrize(
    ("known", "unknown", "message"),
    [
        ("topics: [search-and-rescue]", "topics: [piracy]", "topics: No topic 'piracy'"),
        ("person: le-quang-dao", "person: nobody", "person: No person 'nobody'"),
        ("country: JP, force: japan-coast-guard", "country: JP, force: navy", "No force 'navy'"),
        ("    status: held\n", "    status: held\n    series: x\n", "series: No series 'x'"),
        (
            "    status: held\n",
            "    status: held\n    links: [{relation: renews, target: x}]\n",
            "links[0].target: No record 'x' here or on the desk.",
        ),
        ("language: en, sha256", "language: en, origin: x, sha256", "origin: No document 'x'"),
    ],
)
def test_an_unknown_reference_is_refused(tmp_path, known, unknown, message):
    assert message in refused("load_readings", write(tmp_path, READING.replace(known, unknown)))
    assert is_empty()


def test_evidence_for_what_nobody_defines_is_refused(tmp_path):
    told = refused("load_readings", write(tmp_path, SECOND_READING))
    assert "meetings[0].title: No reading defines this record and the desk lacks it." in told


def test_evidence_for_a_record_of_another_kind_is_refused(tmp_path):
    run("load_readings", write(tmp_path, READING, "1.yaml"))
    text = SECOND_READING.replace("meetings:", "agreements:")
    told = refused("load_readings", write(tmp_path, text, "2.yaml"))
    assert "agreements[0].title: No reading defines this record and the desk lacks it." in told


def test_a_slug_belongs_to_one_kind(tmp_path):
    agreement = MEETINGS.replace("meetings:", "agreements:").replace("held", "signed")
    told = refused("load_readings", write(tmp_path, READING + agreement))
    assert "[0].slug: " in told
    assert is_empty()


def test_a_force_of_another_country_is_refused(tmp_path):
    text = READING.replace("{country: JP, force: japan", "{country: CN, force: japan")
    told = refused("load_readings", write(tmp_path, text))
    assert "participants[1].force: japan-coast-guard belongs to JP, not to CN." in told


def test_a_force_that_moves_away_from_its_participations_is_refused(tmp_path):
    run("load_readings", write(tmp_path, READING, "1.yaml"))
    before = tables()
    moved = """\
forces:
  - {slug: japan-coast-guard, name: Japan Coast Guard, kind: coast-guard, country: CN,
     citations: [{fields: [name], at: paragraph 1}]}
"""
    told = refused("load_readings", write(tmp_path, SECOND_HEADER + moved, "2.yaml"))
    assert "2.yaml:7: forces[0]: participants name this force for another country" in told
    assert tables() == before


def test_forces_cannot_be_parts_of_each_other(tmp_path):
    circle = """\
forces:
  - {slug: fleet, name: Fleet, kind: navy, country: VN, parent: squadron}
  - {slug: squadron, name: Squadron, kind: navy, country: VN, predecessor: fleet}
"""
    told = refused("load_readings", write(tmp_path, HEADER + circle))
    assert "talks.yaml:7: forces[0].parent: fleet comes back to itself" in told


def test_a_force_cannot_be_its_own_parent(tmp_path):
    circle = "forces: [{slug: fleet, name: Fleet, kind: navy, country: VN, parent: fleet}]\n"
    told = refused("load_readings", write(tmp_path, HEADER + circle))
    assert "forces[0].parent: fleet comes back to itself" in told


def test_documents_cannot_be_origins_of_each_other(tmp_path):
    write(tmp_path, HEADER.replace("language: en", "language: en, origin: second-report"), "1.yaml")
    text = SECOND_HEADER.replace("language: en", "language: en, origin: talks-report")
    write(tmp_path, text, "2.yaml")
    told = refused("load_readings", tmp_path)
    assert "1.yaml:2: document.origin: talks-report comes back to itself" in told


def numbered(slug: str, line: str = "    ordinal: 8\n") -> str:
    return f"""\
  - slug: {slug}
    title: {slug}
    status: held
    series: coast-guard-conference
{line}    participants: [{{country: VN, role: host}}, {{country: JP, role: guest}}]
    citations: [{{fields: [status, participants, ordinal], at: paragraph 3}}]
"""


def test_a_number_stands_once_in_its_series(tmp_path):
    text = HEADER + SERIES + "meetings:\n" + numbered("eighth") + numbered("eighth-again")
    told = refused("load_readings", write(tmp_path, text))
    assert "This series has a record with this number already." in told
    assert "talks.yaml:17: meetings[1]" in told
    assert is_empty()


def test_every_record_that_the_tables_refuse_is_told(tmp_path):
    text = HEADER + SERIES + "meetings:\n" + "".join(map(numbered, ["one", "two", "three"]))
    told = refused("load_readings", write(tmp_path, text))
    assert "meetings[1]" in told
    assert "meetings[2]" in told


def test_a_number_without_a_series_is_refused(tmp_path):
    text = READING.replace("    status: held\n", "    status: held\n    ordinal: 8\n")
    told = refused("load_readings", write(tmp_path, text))
    assert "meetings[0].ordinal: A number needs a series." in told


def test_a_link_to_itself_is_refused(tmp_path):
    link = "    links: [{relation: renews, target: eighth-meeting}]\n"
    told = refused("load_readings", write(tmp_path, READING + link))
    assert "meetings[0].links[0]: A record cannot be linked to itself." in told


def test_a_quotation_of_21_words_is_refused(tmp_path):
    words = " ".join(["word"] * 21)
    told = refused(
        "load_readings", write(tmp_path, READING.replace("met on 16 December 2024", words))
    )
    assert "meetings[0].citations[0].quote: Quote at most 20 words; these are 21." in told


def test_a_citation_is_for_a_field_of_its_kind(tmp_path):
    text = READING.replace("fields: [status, date]", "fields: [status, date, instrument]")
    told = refused("load_readings", write(tmp_path, text))
    assert "meetings[0].citations[0].fields: 'instrument': write one of title," in told


def test_a_citation_names_a_field_once(tmp_path):
    text = READING.replace("fields: [status, date]", "fields: [status, date, status]")
    told = refused("load_readings", write(tmp_path, text))
    assert "meetings[0].citations[0].fields: 'status' stands twice." in told


@pytest.mark.parametrize("field", ["status", "date", "participants", "delegates"])
def test_an_asserted_fact_needs_evidence(tmp_path, field):
    text = READING.replace(f"{field},", "summary,").replace(f", {field}]", "]")
    told = refused("load_readings", write(tmp_path, text))
    assert f"meetings[0].citations: Cite a passage for {field}." in told
    assert is_empty()


def test_a_passage_that_disputes_a_fact_is_no_evidence_for_it(tmp_path):
    text = READING.replace("{fields: [status, date],", "{fields: [status, date], stance: disputes,")
    told = refused("load_readings", write(tmp_path, text))
    assert "meetings[0].citations: Cite a passage for status." in told


def test_a_reader_cannot_approve(tmp_path):
    text = READING.replace("approved_by: reviewer", "approved_by: analyst")
    told = refused("load_readings", write(tmp_path, text))
    assert (
        "talks.yaml:4: approved_by: Somebody else than analyst, who read it, must approve." in told
    )
    assert "1 error(s)" in told
    assert is_empty()


def test_a_lone_analyst_can_be_allowed_to_approve(tmp_path, settings):
    settings.ALLOW_SELF_APPROVAL = True
    text = READING.replace("approved_by: reviewer", "approved_by: analyst")
    run("load_readings", write(tmp_path, text))
    assert Force.objects.filter(approved_by="analyst").count() == 2


def test_without_an_approver_records_are_drafts(tmp_path):
    text = READING.replace("approved_by: reviewer\n", "")
    run("load_readings", write(tmp_path, text))
    assert workflow.approved() == []


def test_a_participant_stands_once(tmp_path):
    guest = "      - {country: JP, force: japan-coast-guard, role: guest}\n"
    text = READING.replace(guest, guest * 2)
    told = refused("load_readings", write(tmp_path, text))
    assert "participants[2].country: This participant stands twice." in told


def test_a_person_stands_once_in_a_delegation(tmp_path):
    text = READING.replace("position: Commander}]", "position: Commander}, {person: le-quang-dao}]")
    told = refused("load_readings", write(tmp_path, text))
    assert "delegates[1].person: This person stands twice." in told


def test_a_delegate_is_somebody(tmp_path):
    text = READING.replace(
        "person: le-quang-dao, rank: Major General, position: Commander", "rank: x"
    )
    told = refused("load_readings", write(tmp_path, text))
    assert "delegates[0].position: Give the person, or at least the position." in told


def test_evidence_needs_a_document(tmp_path):
    text = "\n".join(line for line in READING.splitlines() if not line.startswith("document"))
    told = refused("load_readings", write(tmp_path, text))
    assert "meetings[0].citations: Name the document of this reading." in told


def test_only_a_counted_agreement_is_unidentified(tmp_path):
    agreement = """\
agreements:
  - slug: one-of-ten
    title: One of ten documents
    status: signed
    identified: false
    instrument: treaty
    participants: [{country: VN, role: party}, {country: JP, role: party}]
    citations: [{fields: [status, participants, instrument], at: paragraph 3}]
"""
    told = refused("load_readings", write(tmp_path, HEADER + agreement))
    assert "agreements[0]: An unidentified agreement has no type, title or date." in told
