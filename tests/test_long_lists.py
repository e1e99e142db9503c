"""Lists of more rows than are counted: what they say, and that they find what short ones find."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements import desk_words, workflow
from agreements.admin import long_lists
from agreements.models import (
    Document,
    Engagement,
    ForceName,
    Meeting,
    Participant,
)
from agreements.workflow import record_creation
from tests import builders
from tests.admin_pages import changelist
from tests.builders import JCG, VCG

pytestmark = pytest.mark.django_db
MODELS = {model._meta.model_name: model for model in (Meeting, Engagement, Document, Participant)}


@pytest.fixture(scope="class")
def desk(class_database):
    """Records that differ in all that lists are filtered, searched and ordered by."""
    for number, day in enumerate(("2019-05-02", "2031", None, "2020-01", "2019-05-02", "2024")):
        meeting = builders.meeting(
            f"meeting-{number}",
            title=f"{'Annual' if number % 2 else 'Đặc biệt'} talks {number}",
            sides=((VCG, "host"), (JCG if number < 4 else "KH", "guest")),
            date=day,
            status="planned" if day in ("2031", "2020-01") else "held",
            level="working" if number else "",
        )
        builders.agreement(f"agreement-{number}", title=f"Accord {number}", date=day)
        builders.document(
            f"document-{number}",
            url=f"https://example.org/{number}",
            sha256=None if number else "a" * 64,
        )
        if number < 2:
            meeting.engagement_topics.create(topic=builders.topic("rescue", "Rescue"))
    ForceName.objects.create(
        force=builders.force(JCG), text="Kaijo Hoan-cho", language="ja", kind="official"
    )


@pytest.fixture
def long(monkeypatch):
    """Make every list long that has more than a row; of its rows all are on the first page."""
    monkeypatch.setattr(long_lists, "MOST_COUNTED", 1)


def rows(client, model, **query):
    """Return what a list shows, in its order, and the page."""
    response = client.get(changelist(model), query)
    assert response.status_code == 200, response.url
    shown = [row.pk for row in response.context["cl"].result_list]
    assert len(shown) == len(set(shown))
    return shown, response.content.decode()


def choices(client, model):
    """Return the query of each choice of each filter of a list."""
    changes = client.get(changelist(model)).context["cl"]
    for spec in changes.filter_specs:
        for choice in spec.choices(changes):
            query = choice["query_string"].removeprefix("?")
            if query:
                yield dict(pair.split("=") for pair in query.split("&"))


class TestSameRows:
    @pytest.mark.parametrize("looked_up", [0, 1000])
    @pytest.mark.parametrize("model", MODELS)
    def test_by_every_filter(self, analyst, desk, monkeypatch, model, looked_up):
        asked = list(choices(analyst, model))
        short = [sorted(rows(analyst, model, **query)[0]) for query in asked]
        monkeypatch.setattr(long_lists, "MOST_COUNTED", 1)
        monkeypatch.setattr(long_lists, "MOST_LOOKED_UP", looked_up)
        assert [sorted(rows(analyst, model, **query)[0]) for query in asked] == short
        assert model == "participant" or len({tuple(each) for each in short}) > 2

    @pytest.mark.parametrize("looked_up", [0, 1000])
    @pytest.mark.parametrize(
        ("model", "words", "number"),
        [
            ("meeting", "annual", 3),
            ("meeting", "nnua", 3),
            ("meeting", "talks annual 3", 1),
            ("meeting", "meeting-4", 1),
            ("meeting", "kaijo", 4),
            ("meeting", "annual kaijo", 0),
            ("meeting", 'talks"', 0),
            ("meeting", "ta%ks", 0),
            ("engagement", "accord", 6),
            ("engagement", "accord 5", 1),
            ("participant", "meeting-4", 2),
            ("document", "example.org/3", 1),
        ],
    )
    def test_by_words(self, analyst, desk, long, monkeypatch, model, words, number, looked_up):
        monkeypatch.setattr(long_lists, "MOST_LOOKED_UP", looked_up)
        assert len(rows(analyst, model, q=words)[0]) == number

    @pytest.mark.parametrize("model", MODELS)
    def test_in_their_order(self, analyst, desk, monkeypatch, model):
        short = rows(analyst, model)[0]
        columns = analyst.get(changelist(model)).context["cl"].list_display
        orders = admin.site.get_model_admin(MODELS[model]).long_orders
        asked = [
            (f"{sign}{columns.index(name)}", order[0])
            for name, order in orders.items()
            for sign in ("", "-")
        ]
        before = [self.ordered_by(analyst, model, *each) for each in asked]
        monkeypatch.setattr(long_lists, "MOST_COUNTED", 1)
        assert rows(analyst, model)[0] == short
        assert [self.ordered_by(analyst, model, *each) for each in asked] == before

    @staticmethod
    def ordered_by(client, model, column, field):
        response = client.get(changelist(model), {"o": column})
        return [getattr(row, field) for row in response.context["cl"].result_list]

    def test_changes_by_the_whole_key_and_the_kind(self, analyst, desk, long):
        for meeting in Meeting.objects.all()[:2]:
            record_creation(meeting, "analyst")
        assert len(rows(analyst, "change")[0]) == 2
        assert len(rows(analyst, "change", q="meeting-1")[0]) == 1
        assert rows(analyst, "change", q="meeting-")[0] == []
        assert len(rows(analyst, "change", kind__exact="meeting")[0]) == 2
        assert rows(analyst, "change", kind__exact="agreement")[0] == []

    @pytest.mark.parametrize("looked_up", [0, 1000])
    def test_the_ledger_by_the_whole_slug_and_by_words(
        self, analyst, desk, long, monkeypatch, looked_up
    ):
        monkeypatch.setattr(long_lists, "MOST_LOOKED_UP", looked_up)
        one, other, *_rest = Meeting.objects.order_by("slug")
        builders.publish(one, other)
        workflow.withdraw(other, "reviewer", "It was another one.")
        found = {
            words: len(rows(analyst, "publication", q=words)[0])
            for words in ("meeting-0", "Meeting-1", "meeting-", "dac biet", "annual 1", "an", "xyz")
        }
        assert found == {
            "meeting-0": 1, "Meeting-1": 2, "meeting-": 0, "dac biet": 1, "annual 1": 0,
            "an": 0, "xyz": 0,
        }  # fmt: skip
        assert len(rows(analyst, "publication", q="annual talks")[0]) == 2
        assert len(rows(analyst, "publication", state__exact="withdrawn")[0]) == 1
        assert len(rows(analyst, "publication", standing="superseded")[0]) == 1

    @pytest.mark.parametrize("most", [0, 1000])
    @pytest.mark.parametrize("model", ["meeting", "engagement"])
    def test_in_their_order_where_few_are_sorted(self, analyst, desk, monkeypatch, model, most):
        queries = [{"when": when} for when in ("coming", "overdue", "undated")]
        short = [rows(analyst, model, **query)[0] for query in queries]
        monkeypatch.setattr(long_lists, "MOST_COUNTED", 1)
        monkeypatch.setattr(long_lists, "MOST_SORTED", most)
        assert [rows(analyst, model, **query)[0] for query in queries] == short

    def test_a_word_and_a_filter(self, analyst, desk, long):
        assert len(rows(analyst, "meeting", q="annual", status__exact="planned")[0]) == 2


class TestWhatIsSaid:
    def test_a_short_list_is_counted(self, analyst, desk):
        html = rows(analyst, "meeting")[1]
        assert re.search(r"\b6 meetings", html)
        assert "working level (5)" in html

    def test_a_long_list_is_estimated(self, analyst, desk, long):
        html = rows(analyst, "meeting")[1]
        assert re.search(r"(more than 1|about [\d,]+) meetings?", html)
        assert "first 1." in html
        assert "working level (" not in html

    def test_how_many_a_filter_finds_is_counted_where_they_are_few(
        self, analyst, desk, monkeypatch
    ):
        monkeypatch.setattr(long_lists, "MOST_COUNTED", 3)
        html = rows(analyst, "meeting", when="undated")[1]
        assert re.search(r"\b1 meeting\b", html)
        assert "more than" not in html

    def test_words_of_two_letters_find_nothing(self, analyst, desk, long):
        found, html = rows(analyst, "meeting", q="ta 4")
        assert found == []
        assert "three letters" in html

    def test_steps_are_for_the_rows_of_a_page(self, analyst, desk, long):
        assert "Select all" not in rows(analyst, "meeting")[1].replace("Select all objects", "")


class TestPages:
    @pytest.fixture
    def pages(self, monkeypatch):
        """Four rows are counted, on pages of two."""
        monkeypatch.setattr(long_lists, "MOST_COUNTED", 4)
        monkeypatch.setattr(admin.site.get_model_admin(Meeting), "list_per_page", 2)

    def test_hold_the_first_rows(self, analyst, desk, pages):
        order = [row.pk for row in Meeting.objects.order_by("-date_earliest", "slug")]
        assert rows(analyst, "meeting")[0] == order[:2]
        assert rows(analyst, "meeting", p=2)[0] == order[2:4]
        assert analyst.get(changelist("meeting"), {"p": 3}).status_code == 302

    def test_every_record_is_found(self, analyst, desk, pages):
        for meeting in Meeting.objects.all():
            assert rows(analyst, "meeting", q=meeting.slug)[0] == [meeting.pk]

    def test_the_last_come_first_in_the_opposite_order(self, analyst, desk, pages):
        order = [row.pk for row in Meeting.objects.order_by("date_earliest", "-slug")]
        assert rows(analyst, "meeting", o="2")[0] == order[:2]


class TestQueries:
    @pytest.mark.parametrize(
        "query",
        [{}, {"q": "talks"}, {"when": "coming"}, {"o": "4"}, {"status__exact": "held"}],
        ids=str,
    )
    def test_as_many_for_few_rows_as_for_many(self, analyst, long, query):
        def asked():
            with CaptureQueriesContext(connection) as queries:
                found, _html = rows(analyst, "meeting", **query)
            return len(queries), len(found)

        for number in range(3):
            builders.meeting(f"meeting-{number}", title="Talks", date="2040")
        asked()
        few = asked()
        for number in range(3, 20):
            builders.meeting(f"meeting-{number}", title="Talks", date="2040")
        assert few[1] == 3
        assert asked() == (few[0], 20)


class TestWords:
    """The index of words stays in step with the records."""

    def found(self, word):
        return len(desk_words.keys_of(Meeting.objects.all(), Engagement, [word], "", 10))

    def test_after_changes(self):
        meeting = builders.meeting("first-talks", title="Lighthouse talks")
        assert (self.found("lighthouse"), self.found("first-talks")) == (1, 1)
        meeting.title = "Harbour talks"
        meeting.save()
        assert (self.found("lighthouse"), self.found("harbour")) == (0, 1)
        Meeting.objects.filter(pk=meeting.pk).update(title="Pilot talks")
        assert (self.found("harbour"), self.found("pilot")) == (0, 1)
        meeting.delete()
        assert self.found("pilot") == 0

    def test_after_a_migration(self):
        desk_words.remove(connection)
        builders.meeting("first-talks", title="Lighthouse talks")
        desk_words.install(connection, anew=True)
        assert self.found("lighthouse") == 1
