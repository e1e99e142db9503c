"""What lists can be asked for, and what they answer."""

import unicodedata
from datetime import timedelta

import pytest
from django.utils import timezone

from agreements.dates import PartialDate
from agreements.models import EngagementTopic, Series
from tests import builders
from tests.builders import CCG, JCG, VCG, cite, document, meeting, publish
from tests.public import get, slugs

pytestmark = pytest.mark.django_db


def dated(slug: str, edtf: str | None, **values):
    return meeting(slug, date=PartialDate.parse(edtf) if edtf else None, **values)


class TestParticipants:
    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def records(cls, class_database):
        publish(
            meeting("vn-jp"),
            meeting("vn-cn", sides=((CCG, "host"), (VCG, "guest"))),
            meeting("vn-jp-kh", sides=((VCG, "host"), (JCG, "guest"), ("KH", "observer"))),
        )

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"country": "VN"}, ["vn-cn", "vn-jp", "vn-jp-kh"]),
            ({"country": "jp"}, ["vn-jp", "vn-jp-kh"]),
            ({"country": ["VN", "KH"]}, ["vn-jp-kh"]),
            ({"country": ["CN", "JP"]}, []),
            ({"country": ["VN", "JP"]}, ["vn-jp", "vn-jp-kh"]),
            ({"country": ["JP", "vn", "JP"]}, ["vn-jp", "vn-jp-kh"]),
            ({"country": ["VN", "vn"]}, ["vn-cn", "vn-jp", "vn-jp-kh"]),
            ({"country": ["VN", "KH", "JP"]}, ["vn-jp-kh"]),
            ({"country": ["VN", "KH", "CN"]}, []),
            ({"country": ["VN", "KH", "JP", "CN"]}, []),
            ({"country": "FR"}, []),
            ({"force": "japan-coast-guard"}, ["vn-jp", "vn-jp-kh"]),
            ({"force": ["vietnam-coast-guard", "china-coast-guard"]}, ["vn-cn"]),
            ({"force": "japan-coast-guard", "country": "KH"}, ["vn-jp-kh"]),
            ({"role": "observer"}, ["vn-jp-kh"]),
            ({"role": "host"}, ["vn-cn", "vn-jp", "vn-jp-kh"]),
            ({"role": "host", "country": "VN"}, ["vn-jp", "vn-jp-kh"]),
            ({"role": "guest", "country": "VN"}, ["vn-cn"]),
            ({"role": "guest", "force": "japan-coast-guard"}, ["vn-jp", "vn-jp-kh"]),
            ({"role": "host", "country": ["VN", "JP"]}, []),
            ({"country": ["VN", "JP"], "force": "china-coast-guard"}, []),
        ],
    )
    def test_are_all_of_those_asked_for(self, client, query, found):
        assert slugs(client, "meetings/", ordering="title", **query) == found
        assert slugs(client, "engagements/", ordering="title", **query) == found

    def test_forces_are_asked_for_by_country(self, client):
        assert slugs(client, "forces/", country="JP") == ["japan-coast-guard"]


class TestDates:
    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def records(cls, class_database):
        publish(
            dated("day", "2023-02-21"),
            dated("month", "2015-09"),
            dated("year", "2020"),
            dated("about", "2024~"),
            dated("until", "../2010"),
            dated("since", "2022-05/.."),
            dated("unknown-year", "XXXX-07-24"),
            dated("undated", None),
        )

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"date_from": "2023-02-21", "date_to": "2023-02-21"}, {"day", "since"}),
            ({"date_from": "2023-02-22", "date_to": "2023-12"}, {"since"}),
            ({"date_from": "2015-09-30", "date_to": "2015-09-30"}, {"month"}),
            ({"date_from": "2015-10", "date_to": "2015-10"}, set()),
            ({"date_from": "2020", "date_to": "2020"}, {"year"}),
            ({"date_from": "2024"}, {"about", "since"}),
            ({"date_to": "2010-12-31"}, {"until"}),
            ({"date_to": "0001"}, {"until"}),
            ({"date_from": "9999"}, {"since"}),
            ({"date_from": "2011", "date_to": "2022-04"}, {"month", "year"}),
            ({"date_from": "2011", "date_to": "2022-05"}, {"month", "year", "since"}),
            ({"undated": "true"}, {"unknown-year", "undated"}),
            ({"undated": "true", "q": "unknown"}, {"unknown-year"}),
            ({"undated": "false"}, {"day", "month", "year", "about", "until", "since"}),
            ({"date_certain": "true"}, {"day", "month", "year"}),
            ({"date_certain": "true", "date_from": "2020-01", "date_to": "2020"}, {"year"}),
            ({"date_certain": "true", "date_from": "2020-01-02", "date_to": "2020"}, set()),
            ({"date_certain": "true", "date_from": "2024"}, set()),
            ({"date_certain": "false", "date_from": "2024"}, {"about", "since"}),
        ],
    )
    def test_a_range_holds_what_could_lie_in_it(self, client, query, found):
        assert set(slugs(client, "meetings/", **query)) == found

    def test_an_unknown_year_is_in_no_range(self, client):
        found = slugs(client, "meetings/", date_from="0001", date_to="9999")
        assert not {"unknown-year", "undated"} & set(found)

    def test_orders_by_date_and_those_without_come_last(self, client):
        order = ["until", "month", "year", "since", "day", "about"]
        assert slugs(client, "meetings/", ordering="date")[:6] == order
        assert slugs(client, "meetings/", ordering="-date")[:6] == order[::-1]
        for ordering in ("date", "-date"):
            last = slugs(client, "meetings/", ordering=ordering)[6:]
            assert set(last) == {"unknown-year", "undated"}

    def test_the_timeline_begins_with_the_newest(self, client):
        assert slugs(client, "engagements/") == slugs(client, "engagements/", ordering="-date")

    @pytest.mark.parametrize(
        "query",
        [
            {"date_from": "2024", "date_to": "2023"},
            {"undated": "true", "date_from": "2024"},
        ],
    )
    def test_a_range_that_nothing_can_lie_in_is_refused(self, client, query):
        assert get(client, "meetings/", 400, **query)["errors"]

    def test_documents_are_asked_for_by_when_they_were_published(self, client):
        report = document("old-report", title="Old", published=PartialDate.parse("2001-05"))
        publish(report)
        assert slugs(client, "documents/", date_from="2001", date_to="2001") == ["old-report"]
        assert slugs(client, "documents/", undated="true") == ["news-report"]


class TestOverdue:
    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def records(cls, class_database):
        today = timezone.now().date()
        past, coming = today - timedelta(days=40), today + timedelta(days=400)
        publish(
            dated("late", past.isoformat(), status="planned"),
            dated("held", past.isoformat()),
            dated("coming", coming.isoformat(), status="planned"),
            dated("some-day", None, status="planned"),
        )

    def test_is_planned_and_past(self, client):
        assert slugs(client, "meetings/", overdue="true") == ["late"]
        rest = slugs(client, "meetings/", overdue="false")
        assert set(rest) == {"held", "coming", "some-day"}
        assert slugs(client, "exercises/", overdue="true") == []

    def test_is_not_known_of_agreements(self, client):
        assert (
            get(client, "agreements/", 400, overdue="true")["errors"][0]["parameter"] == "overdue"
        )


class TestValues:
    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def records(cls, class_database):
        series = Series.objects.create(slug="yearly-talks", title="Yearly talks")
        cited = meeting("cited")
        cite(cited, "date", document=document("other-report", title="Other report"))
        disputed = meeting("disputed")
        cite(disputed, "status", stance="disputes", stated_value="planned")
        about = builders.exercise("drill", activity="search-and-rescue-drill", status="ongoing")
        EngagementTopic.objects.create(engagement=about, topic=builders.topic())
        publish(
            series,
            meeting("eighth", series=series, ordinal=8, level="minister"),
            meeting("ninth", series=series, ordinal=9, status="planned"),
            cited,
            disputed,
            about,
            builders.agreement("memorandum", instrument="memorandum-of-understanding"),
        )

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"series": "yearly-talks"}, {"eighth", "ninth"}),
            ({"series": "yearly-talks", "ordinal": "8"}, {"eighth"}),
            ({"ordinal": "9"}, {"ninth"}),
            ({"level": "minister"}, {"eighth"}),
            ({"status": "planned"}, {"ninth"}),
            ({"status": "signed"}, {"memorandum"}),
            ({"activity": "search-and-rescue-drill"}, {"drill"}),
            ({"instrument": "memorandum-of-understanding"}, {"memorandum"}),
            ({"topic": "search-and-rescue"}, {"drill"}),
            ({"document": "other-report"}, {"cited"}),
            ({"disputed": "true"}, {"disputed"}),
            ({"disputed": "false"}, {"eighth", "ninth", "cited", "drill", "memorandum"}),
            ({"status": "held", "level": "minister", "country": "VN"}, {"eighth"}),
        ],
    )
    def test_narrow_the_timeline(self, client, query, found):
        assert set(slugs(client, "engagements/", **query)) == found
        assert get(client, "engagements/", count="true", **query)["count"] == len(found)

    def test_a_list_of_a_kind_takes_the_values_of_that_kind(self, client):
        assert slugs(client, "agreements/", status="signed") == ["memorandum"]
        assert get(client, "agreements/", 400, status="held")["errors"][0]["parameter"] == "status"
        assert get(client, "meetings/", 400, status="signed")["errors"][0]["parameter"] == "status"
        for name in ("instrument", "activity"):
            assert get(client, "meetings/", 400, **{name: "other"})["errors"]

    def test_fields_are_those_asked_for(self, client):
        record = get(client, "meetings/eighth/", fields="title,ordinal")
        assert record == {"title": "Eighth", "ordinal": 8}
        listed = get(client, "meetings/", fields="slug,sha256,revision")["results"]
        assert {frozenset(each) for each in listed} == {frozenset({"slug", "sha256", "revision"})}
        assert get(client, "documents/other-report/", fields="records")["records"]

    def test_fields_of_the_timeline_are_those_of_any_kind(self, client):
        records = get(client, "engagements/", fields="slug,ordinal,level,activity")["results"]
        assert {"slug": "eighth", "ordinal": 8, "level": "minister"} in records

    def test_there_is_a_count_only_when_it_is_asked_for(self, client):
        assert get(client, "engagements/", count="true", page_size="1")["count"] == 6
        assert "count" not in get(client, "engagements/")
        assert "count" not in get(client, "engagements/", count="false")

    def test_orders_by_title_and_by_publication(self, client):
        publish(meeting("a-late-one"))
        assert slugs(client, "engagements/", ordering="title")[0] == "a-late-one"
        assert slugs(client, "engagements/", ordering="-title")[-1] == "a-late-one"
        assert slugs(client, "engagements/", ordering="-published_at")[0] == "a-late-one"
        assert slugs(client, "engagements/", ordering="published_at")[-1] == "a-late-one"

    def test_a_document_lists_the_published_records_that_cite_it(self, client):
        records = get(client, "documents/other-report/")["records"]
        assert records == [{"kind": "meeting", "slug": "cited", "title": "Cited"}]


class TestWords:
    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def records(cls, class_database):
        publish(
            meeting("eighth", title="Eighth meeting", location_name="Đà Nẵng"),
            meeting("other", title="Other meeting", sides=((JCG, "host"), ("KH", "guest"))),
        )

    @pytest.mark.parametrize(
        "words",
        [
            "canh sat bien",
            "CẢNH SÁT BIỂN",
            "Cảnh sát biển Việt Nam",
            unicodedata.normalize("NFD", "Cảnh sát biển"),
            "bien canh",
            "can sa bi",
            "vietnam coast",
            "Viet nam",
            "da nang",
            "Đà Nẵng",
            "đà",
            "Da-Nang!",
            "eighth",
            "eig",
        ],
    )
    def test_are_found_in_any_case_and_without_diacritics(self, client, words):
        assert slugs(client, "meetings/", q=words) == ["eighth"]

    @pytest.mark.parametrize("words", ["ighth", "oast", "eighth other", "%", "zanzibar"])
    def test_begin_a_word_and_are_all_found(self, client, words):
        response = client.get("/api/v1/meetings/", {"q": words})
        assert response.status_code == 400 or "eighth" not in str(response.json()["results"])

    def test_find_countries_and_forces_by_any_of_their_names(self, client):
        assert [row["code"] for row in get(client, "countries/", q="nhat ban")["results"]] == ["JP"]
        assert slugs(client, "forces/", q="canh sat bien") == ["vietnam-coast-guard"]
