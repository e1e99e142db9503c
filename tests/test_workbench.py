"""The workbench over HTTP: a text beside its records, words cited, records begun and submitted."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from agreements.desk.passages import HeldText, segments
from agreements.history import changes_of
from agreements.intake.particulars import Particulars
from agreements.intake.texts import create_document
from agreements.models import (
    Agreement,
    Change,
    Citation,
    Country,
    Document,
    DocumentText,
    Exercise,
    Force,
    Meeting,
    ReportedTotal,
)
from agreements.suggestions.spans import Span
from agreements.text import paragraphs, word_count
from agreements.versions import token
from tests import builders
from tests.builders import JCG, VCG, meeting, reload

pytestmark = pytest.mark.django_db

TALKS = (
    "The Vietnam Coast Guard and the Japan Coast Guard held high-level talks in Hanoi on 12 May "
    "2024, where officers spoke for two days about search and rescue."
)
ABROAD = "The Philippine Coast Guard hosted its Indonesian counterpart in Manila on 3 June 2024."
SMALL = "<script>alert(1)</script> was written on the hull, and <b>bold</b> beside it."
WIDE = "Tàu tuần tra 🚢🚢 đã thăm cảng Đà Nẵng ngày 5/6/2024 trong ba ngày."
TEXT = "\n".join(["Two coast guards talk", TALKS, ABROAD, SMALL, WIDE])


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
def document(db):
    builders.force(VCG), builders.force(JCG)
    builders.topic()
    given = Particulars(
        title="Two coast guards talk", language="en", published="2024-06-07", slug="two-talk"
    )
    return create_document(given, TEXT, "writer", "workbench")


def address(name, document, *arguments):
    return reverse(f"admin:agreements_document_{name}", args=[document.pk, *arguments])


def key_of(record):
    return f"{record.record_kind}-{record.pk}"


def selected(document, words, **values):
    """What a page posts of some words that are selected in the text."""
    for number, paragraph in enumerate(paragraphs(document.held_text.text), 1):
        if words in paragraph:
            start = paragraph.index(words)
            return {
                "paragraph": number,
                "start": start,
                "end": start + len(words),
                "text": document.sha256,
                **values,
            }
    raise AssertionError(words)


def begun(client, document, words, kind="meeting"):
    response = client.post(address("begin", document), selected(document, words, kind=kind))
    assert response.status_code == 200, response.content
    return reload_key(response.json()["record"])


def reload_key(key):
    kind, number = key.split("-")
    models = {"meeting": Meeting, "agreement": Agreement, "exercise": Exercise, "force": Force}
    return models[kind].objects.get(pk=number)


def change(client, document, name, record, *arguments, answers=200, **values):
    """Post a change of a record as its panel would; return the answer."""
    url = address(name, document, key_of(record), *arguments)
    response = client.post(url, {"_version": token(reload(record)), **values})
    assert response.status_code == answers, response.content
    return response.json()


def cite(client, document, record, words, field, **options):
    return change(
        client, document, "cite", record, **selected(document, words, field=field), **options
    )


def passages(record):
    """The quotations of a record, by field."""
    return {row.field: row.quote for row in reload(record).citations.all()}


class TestTheText:
    def test_is_shown_with_what_is_cited(self, writer, document):
        record = meeting()
        builders.cite(
            record, "date", document=document, locator="paragraph 2", quote="on 12 May 2024"
        )
        page = writer.get(address("text", document)).content.decode()
        assert 'data-number="2"' in page
        assert ">on 12 May 2024</a>" in page
        assert f"?record={key_of(record)}" in page
        assert str(record) in page

    def test_is_no_markup(self, writer, document):
        page = writer.get(address("text", document)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; was written" in page

    def test_overlapping_passages_are_cut_apart(self):
        found = segments("one two three four", {"a": Span(0, 7), "b": Span(4, 13)})
        assert [(each.text, each.passages) for each in found] == [
            ("one ", ("a",)),
            ("two", ("a", "b")),
            (" three", ("b",)),
            (" four", ()),
        ]
        assert found[1].beginning == ("b",)

    def test_a_document_without_a_text_says_so(self, writer):
        bare = builders.document()
        page = writer.get(address("text", bare)).content.decode()
        assert "is not held here" in page
        assert address("replace", bare) in page

    def test_the_list_leads_to_texts(self, writer, document):
        bare = builders.document()
        page = writer.get(reverse("admin:agreements_document_changelist")).content.decode()
        assert address("text", document) in page
        assert reverse("admin:agreements_document_change", args=[bare.pk]) in page
        assert reverse("admin:agreements_document_read") in page

    def test_a_citation_leads_to_its_passage(self, writer, document):
        record = meeting()
        row = builders.cite(record, "date", document=document)
        url = reverse("admin:agreements_meeting_change", args=[record.pk])
        page = writer.get(url).content.decode()
        assert f"{address('text', document)}#citation-{row.pk}" in page

    def test_a_record_in_the_panel_shows_what_it_lacks(self, writer, document):
        record = begun(writer, document, "Two coast guards talk")
        page = writer.get(f"{address('text', document)}?record={key_of(record)}").content.decode()
        assert "Cite a passage for status." in page

    def test_no_more_queries_for_more_citations(
        self, writer, document, django_assert_max_num_queries
    ):
        counts = []
        record = meeting()
        url = f"{address('text', document)}?record={key_of(record)}"
        writer.get(url)
        for number in (20, 180):
            for each in range(number):
                other = record if each % 2 else meeting(f"meeting-{number}-{each}")
                builders.cite(
                    other, "date", document=document, locator="paragraph 2", quote="in Hanoi"
                )
            with django_assert_max_num_queries(60) as queries:
                assert writer.get(url).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestSelecting:
    def test_the_toolbar_offers_what_the_words_say(self, writer, document):
        record = begun(writer, document, "Two coast guards talk")
        query = selected(document, "in Hanoi on 12 May 2024", record=key_of(record))
        answer = writer.get(address("selection", document), query).json()
        toolbar = unescape(answer["toolbar"])
        assert "12 May 2024</strong>" in toolbar
        assert "in Hanoi on 12 May 2024" in toolbar
        assert toolbar.index('value="date"') < toolbar.index('value="title"')
        assert 'value="exercise"' in toolbar

    def test_characters_beyond_the_basic_plane_count_once(self, writer, document):
        begun(writer, document, "đã thăm cảng Đà Nẵng ngày 5/6/2024", "exercise")
        row = Citation.objects.get(field="date")
        assert row.quote in WIDE
        assert "5/6/2024" in row.quote
        assert row.verified

    @pytest.mark.parametrize(
        "wrong",
        [
            {"paragraph": "0"},
            {"paragraph": "99"},
            {"paragraph": "1e3"},
            {"start": "-1"},
            {"start": "50", "end": "4"},
            {"end": "99999"},
            {"start": "9" * 40},
            {"paragraph": "\0"},
            {"text": "another"},
            {"text": "\0"},
        ],
    )
    def test_what_is_not_there_is_refused(self, writer, document, wrong):
        query = selected(document, "in Hanoi") | wrong
        assert (
            writer.post(address("begin", document), {**query, "kind": "meeting"}).status_code == 400
        )
        if "\0" not in "".join(wrong.values()):
            assert writer.get(address("selection", document), query).status_code == 400
        assert not Meeting.objects.exists()

    def test_a_quotation_is_found_where_it_was_selected(self, writer):
        text = "A title\nShips met metres from the port; the crews met again in the port."
        given = Particulars(title="A title", language="en", slug="a-title")
        document = create_document(given, text, "writer", "workbench")
        paragraph = paragraphs(text)[1]
        start = paragraph.rindex("port")
        record = meeting()
        place = {"paragraph": 2, "start": start, "end": start + 4, "text": document.sha256}
        change(writer, document, "cite", record, field="location", **place)
        row = record.citations.get(document=document)
        found = HeldText(text).place(row)
        assert found.span.contains(Span(start, start + 4))


class TestBeginning:
    def test_all_that_the_words_say_is_filled_in_and_cited(self, writer, document):
        record = begun(writer, document, TALKS)
        assert record.status == "held"
        assert str(record.date) == "2024-05-12"
        assert record.location_name == "Hanoi"
        assert record.level == "high-level"
        sides = {side.force.slug for side in record.participants.all()}
        assert sides == {"vietnam-coast-guard", "japan-coast-guard"}
        cited = passages(record)
        assert {"status", "date", "location", "participants", "level", "topics"} <= set(cited)
        for quote in cited.values():
            assert quote in TALKS
            assert word_count(quote) <= 20
        assert all(row.verified for row in record.citations.select_related("document"))
        assert "Vietnam Coast Guard" in record.title

    def test_it_is_noted(self, writer, document):
        record = begun(writer, document, TALKS)
        [first] = changes_of(record)
        assert (first.step, first.way, first.by) == ("created", "workbench", "writer")
        assert first.state["participants"]
        assert record.edited_by == "writer"

    def test_countries_that_the_desk_lacks_become_drafts(self, writer, document):
        record = begun(writer, document, ABROAD)
        assert {side.country.code for side in record.participants.all()} == {"PH", "ID"}
        assert Country.objects.get(code="PH").review_state == "draft"

    def test_a_force_that_the_desk_lacks_is_one_click(self, writer, document):
        response = writer.post(
            address("begin", document), selected(document, ABROAD, kind="meeting")
        )
        assert 'name="force" value="philippine-coast-guard"' in response.json()["panel"]
        record = reload_key(response.json()["record"])
        where = selected(document, ABROAD, force="philippine-coast-guard")
        change(writer, document, "force", record, **where)
        change(writer, document, "force", record, **where, answers=400)
        force = Force.objects.get(slug="philippine-coast-guard")
        assert force.country.code == "PH"
        assert force.names.get().text == "Philippine Coast Guard"
        assert {row.field for row in force.citations.all()} >= {"name", "country"}
        assert record.participants.get(country__code="PH").force == force

    def test_words_that_say_nothing_still_begin_one(self, writer, document):
        record = begun(writer, document, "was written on the hull", "agreement")
        assert record.status == "unknown"
        assert record.title
        assert not record.citations.exists()

    def test_two_of_one_name_have_two_slugs(self, writer, document):
        first = begun(writer, document, TALKS)
        second = begun(writer, document, TALKS)
        assert first.slug != second.slug

    def test_what_may_be_the_same_event_is_shown_and_can_take_the_passages(self, writer, document):
        held = meeting("talks-in-hanoi", date="2024-05")
        record = begun(writer, document, TALKS)
        panel = change(writer, document, "save_record", record, title="Talks")["panel"]
        assert "Perhaps recorded already" in panel
        answer = change(writer, document, "hand_over", record, other=str(held.pk))
        assert answer["record"] == key_of(held)
        assert not Meeting.objects.filter(pk=record.pk).exists()
        assert held.citations.filter(document=document, field="date").exists()

    def test_a_draft_can_be_discarded(self, writer, document):
        record = begun(writer, document, TALKS)
        answer = change(writer, document, "discard", record)
        assert answer["record"] == ""
        assert not Meeting.objects.filter(pk=record.pk).exists()
        last = Change.objects.filter(kind="meeting", record_id=record.pk).first()
        assert (last.step, last.way) == ("deleted", "workbench")

    def test_but_not_another_persons(self, writer, by_role, document):
        record = begun(writer, document, TALKS)
        other = by_role("analyst", "another")
        change(other, document, "discard", record, answers=400)
        assert Meeting.objects.filter(pk=record.pk).exists()


class TestCiting:
    def test_an_empty_field_takes_the_value(self, writer, document):
        record = begun(writer, document, "Two coast guards talk")
        answer = cite(writer, document, record, "on 12 May 2024", "date")
        assert "12 May 2024" in answer["said"]
        record = reload(record)
        row = record.citations.get(field="date")
        assert str(record.date) == "2024-05-12"
        assert (row.locator, row.quote) == ("paragraph 2", "on 12 May 2024")
        assert row.stated_value == "12 May 2024"
        assert row.verified_against == document.sha256
        [last, _first] = changes_of(record)
        assert (last.step, last.way, last.by) == ("edited", "workbench", "writer")

    def test_another_value_is_kept_and_the_difference_shown(self, writer, document):
        record = meeting(date="2024-05-13")
        answer = cite(writer, document, record, "on 12 May 2024", "date")
        row = record.citations.get(document=document)
        assert str(reload(record).date) == "2024-05-13"
        assert row.stated_value == "12 May 2024"
        assert "something else" in answer["said"]
        where = selected(document, "on 12 May 2024", field="date")
        change(writer, document, "use_value", record, **where)
        assert str(reload(record).date) == "2024-05-12"
        change(writer, document, "citation", record, row.pk, dispute="1")
        assert reload(row).stance == "disputes"

    def test_a_coarser_value_is_no_other(self, writer, document):
        record = meeting(date="2024-05")
        answer = cite(writer, document, record, "on 12 May 2024", "date")
        assert "something else" not in answer["said"]

    def test_own_words_are_left_to_the_analyst(self, writer, document):
        record = begun(writer, document, TALKS)
        answer = cite(writer, document, record, "officers spoke for two days", "summary")
        assert answer["focus"] == "id_meeting_summary"
        assert reload(record).summary == ""

    def test_a_status_that_the_words_do_not_give_is_asked_for(self, writer, document):
        record = begun(writer, document, "Two coast guards talk")
        answer = cite(writer, document, record, "for two days", "status")
        assert answer["focus"] == "id_meeting_status"

    def test_twice_is_refused(self, writer, document):
        record = begun(writer, document, "Two coast guards talk")
        cite(writer, document, record, "on 12 May 2024", "date")
        answer = cite(writer, document, record, "on 12 May 2024", "date", answers=400)
        assert "already" in answer["said"]
        assert record.citations.filter(field="date").count() == 1

    def test_a_whole_sentence_is_cut(self, writer, document):
        record = begun(writer, document, "Two coast guards talk")
        cite(writer, document, record, ABROAD, "summary")
        quote = record.citations.get(field="summary").quote
        assert word_count(quote) < word_count(ABROAD)

    @pytest.mark.parametrize("field", ["", "outcome", "name", "activity", "pk", "\0"])
    def test_an_unknown_field_is_refused(self, writer, document, field):
        record = meeting()
        before = record.citations.count()
        cite(writer, document, record, "in Hanoi", field, answers=400)
        assert record.citations.count() == before

    def test_a_published_record_becomes_a_draft(self, writer, document):
        record = meeting()
        builders.publish(record)
        cite(writer, document, reload(record), "in Hanoi", "location")
        assert reload(record).review_state == "draft"

    def test_a_force_is_cited_too(self, writer, document):
        force = builders.force(JCG)
        cite(writer, document, force, "the Japan Coast Guard held", "name")
        assert force.citations.filter(document=document, field="name").exists()

    def test_it_can_be_undone(self, writer, document):
        record = begun(writer, document, "Two coast guards talk")
        before = record.citations.count()
        cite(writer, document, record, "on 12 May 2024", "date")
        assert reload(record).date is not None
        change(writer, document, "undo", record)
        assert reload(record).date is None
        assert record.citations.count() == before
        assert changes_of(record).first().step == "restored"
        change(writer, document, "undo", record, answers=400)


class TestEditing:
    def test_one_field_is_saved_and_the_others_stay(self, writer, document):
        record = begun(writer, document, TALKS)
        change(writer, document, "save_record", record, summary="They talked.\r\nAt length.")
        record = reload(record)
        assert record.summary == "They talked.\nAt length."
        assert record.level == "high-level"

    def test_what_is_refused_is_shown_with_what_was_typed(self, writer, document):
        record = begun(writer, document, TALKS)
        answer = change(writer, document, "save_record", record, date="May 12", answers=400)
        assert 'value="May 12"' in answer["panel"]
        assert str(reload(record).date) == "2024-05-12"

    @pytest.mark.parametrize(
        "values",
        [
            {"status": "signed"},
            {"title": ""},
            {"title": "x" * 301},
            {"title": "a\0b"},
            {"ordinal": "8"},
            {"ordinal": "9" * 40},
            {"series": "9" * 40},
            {"series": "1\0"},
            {"location_country": "x"},
        ],
    )
    def test_no_bad_value_is_stored(self, writer, document, values):
        record = begun(writer, document, TALKS)
        version = record.version
        change(writer, document, "save_record", record, answers=400, **values)
        assert reload(record).version == version

    def test_sides_come_change_and_go(self, writer, document):
        record = begun(writer, document, "Two coast guards talk")
        force = builders.force(VCG)
        change(writer, document, "add_side", record, side="country-VN", role="host")
        change(writer, document, "add_side", record, side=f"force-{force.pk}", role="host")
        [side] = record.participants.all()
        assert side.force == force
        change(writer, document, "side", record, side.pk, role="guest")
        assert reload(side).role == "guest"
        change(writer, document, "side", record, side.pk, role="king", answers=400)
        change(writer, document, "side", record, side.pk, remove="1")
        assert not record.participants.exists()

    @pytest.mark.parametrize("side", ["", "country-XX", "force-0", "force-x", "force-" + "9" * 30])
    def test_no_side_of_nothing(self, writer, document, side):
        record = begun(writer, document, "Two coast guards talk")
        change(writer, document, "add_side", record, side=side, role="host", answers=400)
        assert not record.participants.exists()

    def test_topics_come_and_go(self, writer, document):
        record = begun(writer, document, "Two coast guards talk")
        topic = builders.topic()
        change(writer, document, "topic", record, topic=topic.pk)
        change(writer, document, "topic", record, topic=topic.pk, answers=400)
        change(writer, document, "topic", record, topic="9" * 30, answers=400)
        row = record.engagement_topics.get()
        change(writer, document, "topic", record, remove=row.pk)
        assert not record.engagement_topics.exists()

    def test_a_citation_is_described_and_removed(self, writer, document):
        record = begun(writer, document, TALKS)
        row = record.citations.get(field="level")
        change(writer, document, "citation", record, row.pk, confidence="low", note="A headline.")
        assert (reload(row).confidence, reload(row).note) == ("low", "A headline.")
        change(writer, document, "citation", record, row.pk, inferred="on")
        assert reload(row).inferred
        change(writer, document, "citation", record, row.pk, inferred="")
        assert not reload(row).inferred
        change(writer, document, "citation", record, row.pk, stance="maybe", answers=400)
        change(writer, document, "citation", record, row.pk, remove="1")
        change(writer, document, "citation", record, row.pk, remove="1", answers=400)

    def test_a_force_has_no_sides(self, writer, document):
        force = builders.force(VCG)
        change(writer, document, "add_side", force, side="country-JP", role="host", answers=400)

    def test_records_are_found_by_what_is_typed(self, writer, document):
        url = reverse("admin:agreements_document_find")
        record = meeting("ninth-conference")
        for of, typed, label in (
            ("side", "canh sat bien", "Vietnam Coast Guard"),
            ("side", "nhat ban", "Japan"),
            ("topic", "rescue", "Search and rescue"),
            ("record", "ninth", str(record)),
        ):
            found = writer.get(url, {"of": of, "q": typed}).json()["results"]
            assert label in [each["label"] for each in found]
        assert writer.get(url, {"of": "user", "q": "a"}).status_code == 400


class TestSomebodyElse:
    def test_second_gets_both_versions_and_nothing_is_lost(self, writer, document):
        record = begun(writer, document, TALKS)
        old = token(record)
        change(writer, document, "save_record", record, summary="Theirs.")
        url = address("save_record", document, key_of(record))
        response = writer.post(url, {"_version": old, "summary": "Mine."})
        assert response.status_code == 409
        panel = response.json()["panel"]
        assert "Theirs." in panel
        assert "Mine." in panel
        assert reload(record).summary == "Theirs."

    @pytest.mark.parametrize("forged", ["", "x", "e30:1abc:zzzz", "\0"])
    def test_a_forged_token_is_refused(self, writer, document, forged):
        record = begun(writer, document, TALKS)
        url = address("save_record", document, key_of(record))
        response = writer.post(url, {"_version": forged, "summary": "Mine."})
        assert response.status_code == 409
        assert reload(record).summary == ""

    def test_citing_second_is_refused_and_told(self, writer, document):
        record = begun(writer, document, "Two coast guards talk")
        old = token(record)
        change(writer, document, "save_record", record, summary="Theirs.")
        where = selected(document, "on 12 May 2024", field="date", _version=old)
        response = writer.post(address("cite", document, key_of(record)), where)
        assert response.status_code == 409
        assert "on 12 May 2024" in response.json()["panel"]
        assert not record.citations.filter(field="date").exists()

    def test_a_record_that_was_deleted_meanwhile(self, writer, document):
        record = begun(writer, document, TALKS)
        old = token(record)
        change(writer, document, "discard", record)
        url = address("save_record", document, key_of(record))
        assert writer.post(url, {"_version": old, "summary": "x"}).status_code == 404

    def test_who_else_is_there_is_told(self, writer, by_role, document):
        record = begun(writer, document, TALKS)
        other = by_role("analyst", "another")
        answer = other.get(address("record", document, key_of(record))).json()
        assert "writer" in answer["panel"]


class TestReview:
    def test_a_record_goes_with_the_drafts_that_it_names(self, writer, document):
        record = begun(writer, document, ABROAD)
        where = selected(document, ABROAD, force="philippine-coast-guard")
        change(writer, document, "force", record, **where)
        answer = change(writer, document, "submit_record", record)
        assert reload(record).review_state == "in-review"
        assert reload(document).review_state == "in-review"
        assert Country.objects.get(code="PH").review_state == "in-review"
        assert Force.objects.get(country__code="PH").review_state == "in-review"
        assert "Submitted" in answer["said"]

    def test_what_lacks_a_passage_stays(self, writer, document):
        record = begun(writer, document, "Two coast guards talk")
        answer = change(writer, document, "submit_record", record, answers=400)
        assert "Cite a passage for status." in answer["said"]
        assert reload(record).review_state == "draft"


class TestWhoMay:
    def test_a_viewer_reads(self, by_role, document):
        record = meeting()
        builders.cite(record, "date", document=document, locator="paragraph 2", quote="in Hanoi")
        viewer = by_role("viewer")
        url = f"{address('text', document)}?record={key_of(record)}"
        page = viewer.get(url).content.decode()
        assert "in Hanoi" in page
        assert 'data-may-cite=""' in page
        assert "data-post" not in page
        assert "data-on-change" not in page

    def test_a_viewer_changes_nothing(self, by_role, document):
        record = meeting()
        viewer = by_role("viewer")
        where = selected(document, "in Hanoi", _version=token(record))
        before = Change.objects.count()
        for name, arguments, values in (
            ("begin", (), {"kind": "meeting"}),
            ("cite", (key_of(record),), {"field": "location"}),
            ("use_value", (key_of(record),), {"field": "date"}),
            ("save_record", (key_of(record),), {"title": "x"}),
            ("add_side", (key_of(record),), {"side": "country-VN", "role": "host"}),
            ("side", (key_of(record), 1), {"remove": "1"}),
            ("topic", (key_of(record),), {"topic": "1"}),
            ("force", (key_of(record),), {"force": "x"}),
            ("citation", (key_of(record), 1), {"remove": "1"}),
            ("undo", (key_of(record),), {}),
            ("discard", (key_of(record),), {}),
            ("hand_over", (key_of(record),), {"other": "1"}),
            ("submit_record", (key_of(record),), {}),
            ("save_document", (), {"title": "x"}),
            ("submit_document", (), {}),
            ("replace", (), {"text": "x"}),
        ):
            response = viewer.post(address(name, document, *arguments), {**where, **values})
            assert response.status_code == 403, name
        assert viewer.get(reverse("admin:agreements_document_read")).status_code == 403
        assert Change.objects.count() == before

    def test_nobody_else_sees_anything(self, client, document):
        assert client.get(address("text", document)).status_code == 302
        assert client.post(address("begin", document), {}).status_code == 302

    def test_a_form_of_another_site_is_refused(self, writer, document):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = writer.cookies
        response = strict.post(address("begin", document), selected(document, TALKS))
        assert response.status_code == 403

    @pytest.mark.parametrize(
        "key", ["meeting-0", "meeting-x", "meeting-" + "9" * 30, "person-1", "x", "total-1"]
    )
    def test_records_that_are_none(self, writer, document, key):
        assert writer.get(address("record", document, key)).status_code == 404
        assert writer.post(address("cite", document, key), {}).status_code == 404
        assert writer.get(f"{address('text', document)}?record={key}").status_code == 200

    def test_documents_that_are_none(self, writer, document):
        for number in ("0", "9" * 30):
            url = f"/admin/agreements/document/{number}/text/"
            assert writer.get(url).status_code == 404


class TestTheDocument:
    def test_its_particulars_are_edited_beside_the_text(self, writer, document):
        url = address("save_document", document)
        values = {"_version": token(document), "publisher": "Harbour News"}
        assert writer.post(url, values).status_code == 200
        assert reload(document).publisher == "Harbour News"
        assert writer.post(url, values).status_code == 409
        values = {"_version": token(reload(document)), "origin": document.pk}
        assert writer.post(url, values).status_code == 400

    def test_a_changed_text_marks_its_citations(self, writer, document):
        record = begun(writer, document, TALKS)
        url = address("replace", document)
        text = TEXT.replace("Two coast guards talk\n", "Two coast guards talk\nA new line.\n")
        text = text.replace("12 May", "13 May")
        preview = writer.post(url, {"text": text}).content.decode()
        assert "12 May 2024" in preview
        assert "paragraph 3 now" in preview
        values = {"text": text, "replace": "1", "_version": token(document)}
        assert writer.post(url, values).status_code == 400
        assert writer.post(url, {**values, "reason": "The agency corrected it."}).status_code == 302
        row = record.citations.get(field="level")
        assert not row.verified
        page = writer.get(address("text", document)).content.decode()
        assert "To verify again" in page
        move = address("move", document, f"citation-{row.pk}")
        answer = writer.post(move, {"_version": token(reload(record))})
        assert answer.status_code == 200
        row = Citation.objects.get(pk=row.pk)
        assert (row.locator, row.verified) == ("paragraph 3", True)
        lost = record.citations.get(field="date")
        move = address("move", document, f"citation-{lost.pk}")
        assert writer.post(move, {"_version": token(reload(record))}).status_code == 400

    def test_a_total_is_moved_too(self, writer, document):
        total = ReportedTotal.objects.create(
            slug="officers",
            title="Officers",
            what="officers",
            count=2,
            counts="meetings",
            document=document,
            locator="paragraph 4",
            quote="officers spoke for two days",
        )
        page = writer.get(address("text", document)).content.decode()
        assert "To verify again" in page
        move = address("move", document, f"total-{total.pk}")
        assert writer.post(move, {"_version": token(total)}).status_code == 200
        assert reload(total).locator == "paragraph 2"

    @pytest.mark.parametrize("name", ["citation-0", "citation-x", "force-1", "x"])
    def test_passages_that_are_none(self, writer, document, name):
        assert writer.post(address("move", document, name)).status_code == 404


READ = "admin:agreements_document_read"


class TestReading:
    def test_two_posts_without_scripts(self, writer):
        url = reverse(READ)
        text = "Harbour services meet\nBy Mira Tolland\nPublished on 22 December 2023\nThey met."
        first = writer.post(url, {"text": text})
        page = first.content.decode()
        assert 'value="2023-12-22"' in page
        assert 'name="proposed"' in page
        assert not Document.objects.exists()
        values = {"text": text, "proposed": "1", "title": "Harbour services meet"}
        values |= {"language": "en", "published": "2023-12-22", "slug": "harbour"}
        second = writer.post(url, values)
        document = Document.objects.get()
        assert second["Location"] == address("text", document)
        assert DocumentText.objects.get().document == document
        assert str(document.published) == "2023-12-22"
        [created] = changes_of(document)
        assert (created.step, created.way, created.by) == ("created", "workbench", "writer")

    def test_a_file_is_read(self, writer):
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("note.txt", b"Harbour services meet\nThey met.")
        answer = writer.post(reverse("admin:agreements_document_propose"), {"file": file}).json()
        assert answer["text"].startswith("Harbour services meet")
        assert answer["values"]["title"] == "Harbour services meet"

    def test_what_cannot_be_read_says_why(self, writer):
        from django.core.files.uploadedfile import SimpleUploadedFile

        url = reverse("admin:agreements_document_propose")
        for values in (
            {"text": ""},
            {"text": "\0"},
            {"file": SimpleUploadedFile("a.pdf", b"<svg></svg>")},
            {"file": SimpleUploadedFile("a.txt", b"")},
        ):
            response = writer.post(url, values)
            assert response.status_code == 400
            assert response.json()["error"]
        assert writer.post(reverse(READ), {"text": "\0"}).status_code == 400

    def test_a_text_that_is_held_is_recognised(self, writer, document):
        url = reverse("admin:agreements_document_propose")
        answer = writer.post(url, {"text": TEXT}).json()
        assert answer["held"]
        assert address("text", document) in answer["alike"]
        values = {"text": TEXT, "proposed": "1", "title": "x", "language": "en", "slug": "x"}
        assert writer.post(reverse(READ), values).status_code == 400
        assert Document.objects.count() == 2

    def test_a_republication_is_offered_its_origin(self, writer, document):
        other = TEXT + "\nA line that another site has added below the agency's report."
        answer = writer.post(reverse("admin:agreements_document_propose"), {"text": other}).json()
        assert not answer["held"]
        assert f'data-origin="{document.pk}"' in answer["alike"]
        values = {"text": other, "proposed": "1", "title": "x", "language": "en", "slug": "x"}
        assert writer.post(reverse(READ), {**values, "origin": document.pk}).status_code == 302
        assert Document.objects.get(slug="x").origin == document

    @pytest.mark.parametrize(
        "wrong",
        [{"published": "last week"}, {"slug": "a b"}, {"title": ""}, {"origin": "9" * 40}],
    )
    def test_a_bad_value_comes_back(self, writer, wrong):
        values = {"text": "Words.", "proposed": "1", "title": "x", "language": "en", "slug": "x"}
        assert writer.post(reverse(READ), values | wrong).status_code == 400
        assert not Document.objects.exists()

    def test_adding_a_document_begins_with_its_text(self, writer):
        url = reverse("admin:agreements_document_add")
        assert writer.get(url)["Location"] == reverse(READ)
        assert writer.get(f"{url}?without_text=1").status_code == 200
        assert reverse(READ) in writer.get(reverse("admin:index")).content.decode()
