"""Suggestions on the workbench over HTTP: shown, accepted for a record, never taken on trust."""

import re
from html import unescape

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from agreements.intake.particulars import Particulars
from agreements.intake.texts import create_document, replace_text
from agreements.models import (
    Agreement,
    Citation,
    Delegate,
    Exercise,
    Force,
    ForceName,
    Meeting,
    Person,
    PersonName,
    Presence,
    Series,
)
from agreements.versions import token
from agreements.workflow import record_edit
from tests import builders
from tests.builders import JCG, VCG, meeting, reload

pytestmark = pytest.mark.django_db

HEADLINE = "Two coast guards meet in Hanoi"
TALKS = (
    "The Vietnam Coast Guard and the Japan Coast Guard held their eighth high-level meeting in "
    "Hanoi on 12 May 2024, after which the officers called on the harbour master of the port."
)
PEOPLE = (
    "Rear Admiral Tomas Belarmino, deputy commandant of the Japan Coast Guard, thanked the hosts."
)
SIGNED = "The two forces signed a memorandum of understanding on 3 March 2015 in Tokyo, Japan."
DRILL = (
    "The Vietnam Coast Guard and the Japan Coast Guard carried out five joint patrols last year."
)
TEXT = "\n".join([HEADLINE, TALKS, PEOPLE, SIGNED, DRILL])


def client_of(django_user_model, role):
    user = django_user_model.objects.create_user(role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def writer(django_user_model):
    return client_of(django_user_model, "analyst")


@pytest.fixture
def viewer(django_user_model):
    return client_of(django_user_model, "viewer")


@pytest.fixture
def document(db):
    builders.force(VCG), builders.force(JCG)
    given = Particulars(
        title=HEADLINE,
        publisher="Harbour Gazette",
        language="en",
        published="2024-06-07",
        slug="two-meet",
    )
    return create_document(given, TEXT, "somebody", "workbench")


@pytest.fixture
def record(document):
    """A meeting without a date, a place, a level or a passage from the text."""
    return meeting(sides=((VCG, "host"), (JCG, "guest")))


def address(name, document, *arguments):
    return reverse(f"admin:agreements_document_{name}", args=[document.pk, *arguments])


def key_of(record):
    return f"{record.record_kind}-{record.pk}"


def asked(client, document, record=None):
    """What the list answers to the scripts of the workbench."""
    query = {"record": key_of(record)} if record else {}
    response = client.get(
        address("proposals", document), query, headers={"Accept": "application/json"}
    )
    assert response.status_code == 200
    return response.json()


def listed(client, document, record=None):
    """Each suggestion of the list by its id: its HTML."""
    html = asked(client, document, record)["html"]
    parts = re.split(r'<li class="suggestion', html)[1:]
    return {re.search(r'id="(suggested-[\w-]+)"', part)[1]: part for part in parts}


def the_one(client, document, record, type, words):
    """The HTML of the first suggestion of a type from some words."""
    for name, html in listed(client, document, record).items():
        if name.startswith(f"suggested-{type}-") and words in unescape(said(html)):
            return html
    raise AssertionError(f"no {type} from {words!r}")


def said(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def forms_of(html):
    """The forms of a suggestion: address and inputs, with what is chosen in its lists."""
    found = []
    for action, inner in re.findall(
        r'<form method="post" action="([^"]*)".*?>(.*?)</form>', html, re.S
    ):
        values = dict(
            re.findall(r'<input type="(?:hidden|text)" name="(\w+)".*?value="([^"]*)"', inner)
        )
        for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', inner, re.S):
            chosen = re.search(r'value="(\w*)" selected', options) or re.search(
                r'value="(\w*)"', options
            )
            values[name] = chosen[1]
        values.pop("csrfmiddlewaretoken", None)
        found.append((action, {name: unescape(value) for name, value in values.items()}))
    return found


def accept(client, html, field=None, answers=200, **changed):
    """Post the form of a suggestion that fills a field; return the answer."""
    for action, values in forms_of(html):
        if field is None or values.get("field") == field:
            response = client.post(action, values | changed)
            assert response.status_code == answers, response.content
            return response.json()
    raise AssertionError(f"no form for {field}: {said(html)}")


def rows():
    """How many rows every table has, but that of who has which record open."""
    models = set(apps.get_app_config("agreements").get_models()) - {Presence}
    return {model: model.objects.count() for model in models}


def citations(record):
    return [
        (row.field, row.quote, row.locator)
        for row in record.citations.filter(document__slug="two-meet")
    ]


class TestTheList:
    def test_shows_values_as_a_person_reads_them(self, writer, document, record):
        html = the_one(writer, document, record, "date", "12 May 2024")
        assert "2024-05-12" in html
        assert "¶ 2" in html
        assert "Harbour" not in html

    def test_says_what_is_inferred_and_why(self, writer, document):
        html = the_one(writer, document, None, "date", "last year")
        assert "inferred" in html
        assert "2023" in html
        assert "Reckoned from the date of publication." in html

    def test_tells_where_the_words_stand(self, writer, document):
        places = asked(writer, document)["places"]
        paragraphs = TEXT.split("\n")
        found = {
            (place["type"], paragraphs[place["paragraph"] - 1][place["start"] : place["end"]])
            for place in places
        }
        assert ("date", "12 May 2024") in found
        assert ("force", "Vietnam Coast Guard") in found
        assert ("instrument", "memorandum of understanding") in found

    def test_enters_nothing(self, writer, document, record):
        before = rows()
        asked(writer, document)
        asked(writer, document, record)
        writer.get(address("proposals", document), headers={"Accept": "text/html"})
        assert rows() == before

    def test_has_a_page_without_scripts(self, writer, document, record):
        url = address("proposals", document)
        page = writer.get(url, {"record": key_of(record)}, headers={"Accept": "text/html"})
        text = page.content.decode()
        assert "<h1>Suggestions" in text
        assert "12 May 2024" in text
        action, values = forms_of(the_one(writer, document, record, "date", "12 May 2024"))[0]
        answer = writer.post(action, values, headers={"Accept": "text/html"}, follow=True)
        assert answer.redirect_chain == [(f"{url}?record={key_of(record)}", 302)]
        assert "Cited for Date: 12 May 2024." in answer.content.decode()

    def test_a_refusal_without_scripts_says_why(self, writer, document, record):
        action, values = forms_of(the_one(writer, document, record, "date", "12 May 2024"))[0]
        values["reading"] = "forged"
        answer = writer.post(action, values, headers={"Accept": "text/html"}, follow=True)
        assert "These words are read differently now" in answer.content.decode()

    def test_a_document_without_a_text_has_none(self, writer):
        bare = builders.document()
        answer = asked(writer, bare)
        assert answer["places"] == []
        assert "is not held here" in answer["html"]

    def test_the_text_leads_to_it(self, writer, document, record):
        page = writer.get(f"{address('text', document)}?record={key_of(record)}").content.decode()
        assert f"{address('proposals', document)}?record={key_of(record)}" in page

    @pytest.mark.parametrize("key", ["meeting-0", "meeting-99999999999999999999", "x", "\0", "-1"])
    def test_an_unknown_record_is_none(self, writer, document, key):
        answer = writer.get(address("proposals", document), {"record": key})
        assert answer.status_code in (200, 400)

    def test_queries_do_not_grow_with_the_text(
        self, writer, document, record, django_assert_max_num_queries
    ):
        counts = []
        for text in (TEXT, "\n".join([TEXT] * 8)):
            replace_text(document, text, "somebody", "workbench", "longer")
            asked(writer, document, record)
            with django_assert_max_num_queries(60) as queries:
                asked(writer, document, record)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestAcceptingOne:
    def test_a_date_fills_the_field_and_cites_exactly_its_words(self, writer, document, record):
        answer = accept(writer, the_one(writer, document, record, "date", "12 May 2024"), "date")
        assert answer["said"] == "Cited for Date: 12 May 2024."
        record = reload(record)
        assert str(record.date) == "2024-05-12"
        assert citations(record) == [("date", "12 May 2024", "paragraph 2")]
        row = record.citations.get(document=document)
        assert row.stated_value == "12 May 2024"
        assert row.verified
        assert not row.inferred

    def test_what_is_inferred_stays_so_with_its_reason(self, writer, document):
        drill = builders.exercise(date=None)
        accept(writer, the_one(writer, document, drill, "date", "last year"), "date")
        drill = reload(drill)
        row = drill.citations.get(document=document)
        assert str(drill.date) == "2023"
        assert row.inferred
        assert row.note == "Reckoned from the date of publication."

    def test_another_value_is_shown_and_nothing_done_before_somebody_chose(self, writer, document):
        record = meeting(date="2024-05-13")
        html = the_one(writer, document, record, "date", "12 May 2024")
        assert "the record says “13 May 2024”" in unescape(html)
        accept(writer, html, "date", differing="use")
        assert str(reload(record).date) == "2024-05-12"
        assert citations(record) == [("date", "12 May 2024", "paragraph 2")]

    def test_words_may_dispute_the_record(self, writer, document):
        record = meeting(date="2024-05-13")
        accept(
            writer, the_one(writer, document, record, "date", "12 May"), "date", differing="dispute"
        )
        row = record.citations.get(document=document)
        assert str(reload(record).date) == "2024-05-13"
        assert (row.stance, row.stated_value) == ("disputes", "12 May 2024")

    def test_a_value_that_came_between_is_asked_about(self, writer, document):
        record = meeting(date="2024-05-13")
        answer = accept(writer, the_one(writer, document, record, "date", "12 May 2024"), "date")
        assert "The record says something else than “12 May 2024”" in answer["said"]
        assert str(reload(record).date) == "2024-05-13"
        action, values = next(each for each in forms_of(answer["panel"]) if "/use/" in each[0])
        assert writer.post(action, values).status_code == 200
        assert str(reload(record).date) == "2024-05-12"

    def test_a_date_of_an_agreement_may_be_its_entry_into_force(self, writer, document):
        pact = builders.agreement(date=None)
        html = the_one(writer, document, pact, "date", "3 March 2015")
        accept(writer, html, "entered_into_force")
        pact = reload(pact)
        assert (str(pact.entered_into_force), pact.date) == ("2015-03-03", None)

    def test_a_force_becomes_a_side(self, writer, document):
        record = meeting(sides=(("VN", "host"),))
        accept(writer, the_one(writer, document, record, "force", "Japan Coast Guard"))
        sides = {
            (row.country.code, row.force and row.force.slug) for row in record.participants.all()
        }
        assert sides == {("VN", None), ("JP", JCG[0])}
        assert ("participants", "Japan Coast Guard", "paragraph 2") in citations(record)

    def test_a_force_that_the_desk_lacks_becomes_a_draft(self, writer, document, record):
        ForceName.objects.filter(force__slug=JCG[0]).delete()
        record.participants.filter(force__slug=JCG[0]).delete()
        Citation.objects.filter(force__slug=JCG[0]).delete()
        Force.objects.filter(slug=JCG[0]).delete()
        html = the_one(writer, document, record, "force", "Japan Coast Guard")
        assert "not on the desk" in html
        assert not Force.objects.filter(country__code="JP").exists()
        accept(writer, html)
        force = Force.objects.get(country__code="JP")
        assert force.review_state == "draft"
        assert record.participants.get(force=force)

    def test_an_instrument_and_a_level_fill_their_choices(self, writer, document, record):
        pact = builders.agreement(instrument="")
        accept(writer, the_one(writer, document, pact, "instrument", "memorandum"), "instrument")
        assert reload(pact).instrument == "memorandum-of-understanding"
        accept(writer, the_one(writer, document, record, "meeting", "eighth"), "level")
        assert reload(record).level == "high-level"

    def test_an_activity_and_a_count_fill_an_exercise(self, writer, document):
        drill = builders.exercise(activity="other")
        drill.citations.filter(field="activity").delete()
        accept(writer, the_one(writer, document, drill, "exercise", "joint patrols"), "activity")
        accept(writer, the_one(writer, document, drill, "count", "joint patrols"), "count_stated")
        drill = reload(drill)
        assert (drill.activity, drill.count_stated) == ("joint-patrol", "five joint patrols")

    def test_a_country_is_given_to_a_force(self, writer, document):
        force = Force.objects.get(slug=VCG[0])
        html = the_one(writer, document, force, "country", "Japan")
        assert "the record says “Vietnam”" in unescape(html)
        accept(writer, html, "country", differing="use")
        assert reload(force).country.code == "JP"

    def test_what_is_accepted_is_not_offered_again(self, writer, document, record):
        accept(writer, the_one(writer, document, record, "date", "12 May 2024"), "date")
        html = the_one(writer, document, record, "date", "12 May 2024")
        assert html.startswith(" done")
        assert forms_of(html) == []
        places = asked(writer, document, record)["places"]
        assert not [each for each in places if each["type"] == "date" and each["paragraph"] == 2]

    def test_a_count_leads_to_a_total_with_what_is_known_of_it(self, writer, document):
        html = the_one(writer, document, None, "count", "joint patrols")
        link = unescape(re.search(r'href="([^"]*reportedtotal/add[^"]*)"', html)[1])
        form = writer.get(link).content.decode()
        assert 'value="5"' in form
        assert "paragraph 5" in form


class TestNumbers:
    def test_a_number_goes_into_the_series_that_was_chosen(self, writer, document, record):
        series = Series.objects.create(slug="talks", title="Talks")
        meeting("seventh-meeting", series=series, ordinal=7)
        html = the_one(writer, document, record, "meeting", "eighth")
        assert "Talks" in html
        accept(writer, html, "ordinal", series=series.pk)
        record = reload(record)
        assert (record.series, record.ordinal) == (series, 8)
        assert ("ordinal", "eighth high-level meeting", "paragraph 2") in citations(record)

    def test_a_new_series_is_a_draft_with_its_passage(self, writer, document, record):
        html = the_one(writer, document, record, "meeting", "eighth")
        accept(writer, html, "ordinal", series="new", series_title="High-level talks")
        record = reload(record)
        assert (record.series.title, record.ordinal) == ("High-level talks", 8)
        assert record.series.review_state == "draft"
        assert record.series.citations.get().field == "title"

    @pytest.mark.parametrize("series", ["new", "0", "99999999999999999999", "x"])
    def test_one_that_is_none_is_refused_whole(self, writer, document, record, series):
        before = rows()
        html = the_one(writer, document, record, "meeting", "eighth")
        accept(writer, html, "ordinal", answers=400, series=series, series_title=" ")
        assert rows() == before
        assert reload(record).ordinal is None

    def test_a_number_that_is_taken_leaves_the_record_as_it_was(self, writer, document, record):
        series = Series.objects.create(slug="talks", title="Talks")
        meeting("another-meeting", series=series, ordinal=8)
        before = rows()
        html = the_one(writer, document, record, "meeting", "eighth")
        answer = accept(writer, html, "ordinal", answers=400, series=series.pk)
        assert "has a record with this number already" in answer["said"]
        assert rows() == before
        assert reload(record).series is None


class TestPeople:
    def test_somebody_new_joins_the_side_that_the_words_tell(self, writer, document, record):
        html = the_one(writer, document, record, "person", "Belarmino")
        answer = accept(writer, html, "delegates")
        row = Delegate.objects.get()
        assert row.participant.force.slug == JCG[0]
        assert (row.person.name, row.rank) == ("Tomas Belarmino", "Rear Admiral")
        assert row.position.startswith("deputy commandant")
        assert "is new on the desk" in answer["said"]
        assert citations(record)[0][0] == "delegates"
        assert "Tomas Belarmino" in citations(record)[0][1]

    def test_somebody_known_is_not_made_twice(self, writer, document, record):
        known = Person.objects.create(slug="belarmino", name="Tomas Belarmino")
        accept(writer, the_one(writer, document, record, "person", "Belarmino"), "delegates")
        assert Delegate.objects.get().person == known
        assert Person.objects.count() == 1

    def test_namesakes_are_for_the_analyst_to_tell(self, writer, document, record):
        for number in (1, 2):
            Person.objects.create(slug=f"belarmino-{number}", name="Tomas Belarmino")
        html = the_one(writer, document, record, "person", "Belarmino")
        second = Person.objects.get(slug="belarmino-2")
        accept(writer, html, "delegates", person=second.pk)
        assert Delegate.objects.get().person == second

    @pytest.mark.parametrize(
        "changed", [{"side": "0"}, {"side": ""}, {"person": "77"}, {"person": "x"}]
    )
    def test_a_side_or_person_that_is_none_is_refused(self, writer, document, record, changed):
        before = rows()
        html = the_one(writer, document, record, "person", "Belarmino")
        accept(writer, html, "delegates", answers=400, **changed)
        assert rows() == before

    def test_of_another_record_no_side_is_taken(self, writer, document, record):
        other = meeting("ninth-meeting")
        side = other.participants.first()
        html = the_one(writer, document, record, "person", "Belarmino")
        accept(writer, html, "delegates", answers=400, side=side.pk)
        assert not Delegate.objects.exists()

    def test_a_small_form_adds_changes_and_removes_them(self, writer, document, record):
        side = record.participants.first()

        def post(page, *arguments, answers=200, **values):
            url = address(page, document, key_of(record), *arguments)
            response = writer.post(url, {"_version": token(reload(record)), **values})
            assert response.status_code == answers, response.content
            return response.json()

        answer = post("add_delegate", side=side.pk, name="Lan Phạm", rank="Colonel", role="head")
        row = Delegate.objects.get()
        assert (row.person.name, row.role) == ("Lan Phạm", "head")
        assert PersonName.objects.get().language == "en"
        assert "Colonel Lan Phạm" in unescape(answer["panel"])
        post("delegate", row.pk, position="chief of staff")
        assert Delegate.objects.get().position == "chief of staff"
        assert Delegate.objects.get().rank == "Colonel"
        post("add_delegate", side=side.pk, answers=400)
        post("add_delegate", side=side.pk, role="queen", position="x", answers=400)
        post("delegate", 999, remove=1, answers=400)
        post("delegate", row.pk, remove=1)
        assert not Delegate.objects.exists()

    def test_people_are_found_by_any_of_their_names(self, writer):
        person = Person.objects.create(slug="lan", name="Phạm Lan")
        PersonName.objects.create(person=person, text="Lan Pham", language="en")
        answer = writer.get(
            reverse("admin:agreements_document_find"), {"of": "person", "q": "pham"}
        )
        assert [each["label"] for each in answer.json()["results"]] == ["Phạm Lan"]


class TestEvents:
    def event(self, client, document, words, record=None):
        return the_one(client, document, record, "event", words)

    def test_shows_what_a_record_would_say(self, writer, document):
        text = said(self.event(writer, document, "Eighth high-level meeting"))
        assert "Status held" in text
        assert "Date 12 May 2024" in text
        assert "Vietnam Coast Guard" in text

    def test_accepted_it_is_a_draft_with_each_value_cited(self, writer, document):
        answer = accept(writer, self.event(writer, document, "Eighth high-level meeting"))
        record = Meeting.objects.get()
        assert answer["record"] == key_of(record)
        assert record.review_state == "draft"
        assert (record.status, str(record.date)) == ("held", "2024-05-12")
        assert record.level == "high-level"
        cited = {field for field, _quote, _locator in citations(record)}
        assert {"status", "date", "level", "participants"} <= cited
        assert all(row.verified for row in record.citations.all())

    def test_of_an_agreement_and_of_an_exercise_too(self, writer, document):
        accept(writer, self.event(writer, document, "Memorandum of understanding"))
        accept(writer, self.event(writer, document, "Joint patrol"))
        assert str(Agreement.objects.get().date) == "2015-03-03"
        assert Exercise.objects.get().activity == "joint-patrol"

    def test_a_passage_that_is_cited_is_done(self, writer, document):
        accept(writer, self.event(writer, document, "Eighth high-level meeting"))
        html = self.event(writer, document, "Eighth high-level meeting")
        assert html.startswith(" done")
        assert "Begin this record" not in html

    def test_for_a_record_on_the_desk_it_is_cited_instead(self, writer, document):
        record = meeting(date="2024-05-12", level="")
        html = self.event(writer, document, "Eighth high-level meeting")
        assert f"It is “{record}”" in unescape(html)
        action, values = next(each for each in forms_of(html) if "cite-event" in each[0])
        answer = writer.post(action, values)
        assert answer.status_code == 200
        record = reload(record)
        assert record.level == "high-level"
        assert ("date", "12 May 2024") in {
            (field, quote[-11:]) for field, quote, _ in citations(record)
        }
        assert Meeting.objects.count() == 1
        assert writer.post(action, values | {"_version": token(record)}).status_code == 400

    def test_what_the_record_says_differently_is_told_and_not_cited(self, writer, document):
        record = meeting(date="2024-05", status="cancelled")
        html = self.event(writer, document, "Eighth high-level meeting")
        action, values = next(each for each in forms_of(html) if "cite-event" in each[0])
        answer = writer.post(action, values).json()
        assert "It says something else of: status (held)" in answer["said"]
        assert reload(record).status == "cancelled"
        assert "status" not in {field for field, _quote, _locator in citations(record)}

    def test_one_of_other_days_is_not_thought_the_same(self, writer, document):
        record = meeting(date="2023-05-12")
        html = self.event(writer, document, "Eighth high-level meeting")
        assert str(record) not in unescape(html)

    def test_its_number_tells_it_from_another_of_those_days(self, writer, document):
        series = Series.objects.create(slug="talks", title="Talks")
        ninth = meeting("ninth-meeting", date="2024-05", series=series, ordinal=9)
        eighth = meeting(series=series, ordinal=8)
        text = unescape(self.event(writer, document, "Eighth high-level meeting"))
        assert f"It is “{eighth}”" in text
        assert f"It is “{ninth}”" not in text


class TestRefusals:
    def post_of_the_date(self, client, document, record):
        action, values = forms_of(the_one(client, document, record, "date", "12 May 2024"))[0]
        return action, values

    def test_a_viewer_sees_them_and_accepts_none(self, viewer, writer, document, record):
        html = asked(viewer, document, record)["html"]
        assert "12 May 2024" in html
        assert "<form" not in html
        action, values = self.post_of_the_date(writer, document, record)
        event = forms_of(the_one(writer, document, record, "event", "Eighth"))
        before = rows()
        assert viewer.post(action, values).status_code == 403
        for action, values in event:
            assert viewer.post(action, values).status_code == 403
        assert rows() == before

    def test_a_stale_token_is_a_conflict_with_what_was_asked_for(self, writer, document, record):
        action, values = self.post_of_the_date(writer, document, record)
        record_edit(reload(record), "somebody")
        response = writer.post(action, values)
        assert response.status_code == 409
        answer = response.json()
        assert "was changed meanwhile" in answer["said"]
        assert "12 May 2024" in answer["panel"]
        assert reload(record).date is None
        again, values = next(each for each in forms_of(answer["panel"]) if "/accept/" in each[0])
        assert writer.post(again, values).status_code == 200
        assert str(reload(record).date) == "2024-05-12"

    def test_without_a_token_nothing_is_done(self, writer, document, record):
        action, values = self.post_of_the_date(writer, document, record)
        del values["_version"]
        assert writer.post(action, values).status_code == 409
        assert citations(record) == []

    def test_of_two_at_once_one_comes_second(self, writer, document, record):
        first = self.post_of_the_date(writer, document, record)
        second = forms_of(the_one(writer, document, record, "meeting", "eighth"))[-1]
        assert writer.post(*first).status_code == 200
        assert writer.post(*second).status_code == 409

    def test_a_text_that_was_replaced_is_read_anew_first(self, writer, document, record):
        action, values = self.post_of_the_date(writer, document, record)
        event, told = forms_of(the_one(writer, document, None, "event", "Eighth"))[0]
        replace_text(document, TEXT.replace("12 May", "13 May"), "somebody", "workbench", "better")
        for url, posted in ((action, values), (event, told)):
            answer = writer.post(url, posted)
            assert answer.status_code == 400
            assert "The text was replaced meanwhile" in answer.json()["said"]
        assert citations(record) == []
        assert Meeting.objects.count() == 1

    def test_a_date_of_publication_that_was_changed_is_not_what_was_seen(self, writer, document):
        drill = builders.exercise(date=None)
        action, values = forms_of(the_one(writer, document, drill, "date", "last year"))[0]
        type(document).objects.filter(pk=document.pk).update(published="2030-06-07")
        answer = writer.post(action, values)
        assert answer.status_code == 400
        assert reload(drill).date is None

    @pytest.mark.parametrize(
        "forged",
        [
            {"start": "0", "end": "4"},
            {"start": "100000", "end": "100004"},
            {"start": "x"},
            {"end": "99999999999999999999"},
            {"paragraph": "77"},
            {"paragraph": "0"},
            {"type": "country"},
            {"type": "nothing"},
            {"type": ""},
            {"reading": "0000000000000000"},
            {"reading": ""},
            {"field": "title"},
            {"field": "level"},
            {"field": "nothing"},
            {"field": ""},
            {"text": "0" * 64},
        ],
    )
    def test_what_is_forged_enters_nothing(self, writer, document, record, forged):
        action, values = self.post_of_the_date(writer, document, record)
        before = rows()
        assert writer.post(action, values | forged).status_code == 400
        assert rows() == before
        assert reload(record).date is None

    def test_no_value_is_taken_from_the_post(self, writer, document, record):
        action, values = self.post_of_the_date(writer, document, record)
        posted = values | {"value": "1999-01-01", "date": "1999-01-01", "edtf": "1999-01-01"}
        assert writer.post(action, posted).status_code == 200
        assert str(reload(record).date) == "2024-05-12"

    def test_an_event_that_is_forged_begins_nothing(self, writer, document):
        action, values = forms_of(the_one(writer, document, None, "event", "Eighth"))[0]
        before = rows()
        forgeries = (
            {"reading": "x"},
            {"start": "0", "end": "3"},
            {"kind": "exercise"},
            {"kind": "force"},
            {"kind": ""},
        )
        for forged in forgeries:
            assert writer.post(action, values | forged).status_code == 400
        assert rows() == before

    def test_an_event_of_another_kind_is_not_cited_for_a_record(self, writer, document, record):
        pact = builders.agreement()
        event = forms_of(the_one(writer, document, None, "event", "Eighth"))[0][1]
        url = address("cite_event", document, key_of(pact))
        answer = writer.post(url, event | {"_version": token(reload(pact))})
        assert answer.status_code == 400
        assert citations(pact) == []

    @pytest.mark.parametrize("value", ["\0", "9" * 400, "<script>", "‮"])
    def test_odd_values_are_refused_in_words(self, writer, document, record, value):
        action, values = self.post_of_the_date(writer, document, record)
        for name in ("type", "paragraph", "start", "reading", "field", "text"):
            assert writer.post(action, values | {name: value}).status_code in (400, 409)
        assert citations(record) == []
        side = record.participants.first()
        url = address("add_delegate", document, key_of(record))
        posted = {"_version": token(reload(record)), "side": side.pk, "name": "Lan", "rank": value}
        assert writer.post(url, posted | {"name": value * 3}).status_code in (200, 400)
