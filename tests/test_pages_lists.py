"""Lists on pages: what the API lists, its filters as a form, and timelines."""

import html
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements import kept
from agreements.models import Series
from tests import builders
from tests.builders import CCG, VCG, cite, meeting, publish
from tests.public import get, linked, listed, read, slugs, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("shipped_for_class")
class TestTheSameAsTheAPI:
    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"q": "canh sat"},
            {"country": ["JP", "VN"]},
            {"force": "japan-coast-guard", "role": "host"},
            {"status": "planned"},
            {"date_from": "2023", "date_to": "2023", "date_certain": "true"},
            {"undated": "true"},
            {"kind": "exercise", "ordering": "title"},
            {"overdue": "true"},
            {"as_of": "2026-11-28"},
        ],
    )
    def test_a_search_finds_what_the_api_finds(self, client, query):
        answer = get(client, "engagements/", count="true", page_size="100", **query)
        response = client.get("/en/search/", {**query, "page_size": "100"})
        text = text_of(response)
        number = answer["count"]
        assert f"{number} record{'' if number == 1 else 's'} found" in text
        assert listed(response) == [record["slug"] for record in answer["results"]]

    def test_each_list_holds_what_the_apis_holds(self, client):
        for page, path in (
            *(("countries", "countries"), ("forces", "forces"), ("topics", "topics")),
            *(("series", "series"), ("documents", "documents"), ("claims", "totals")),
        ):
            answer = get(client, f"{path}/", count="true", page_size="100")
            response = client.get(f"/en/{page}/", {"page_size": "100"})
            assert f"{answer['count']} record" in text_of(response)
            keys = [each.get("slug") or each["code"] for each in answer["results"]]
            found = re.findall(rf'<a href="/en/{page}/([^/"]+)/"', response.content.decode())
            assert [key for key in found if key in keys] == keys

    def test_pages_follow_one_another_as_the_apis_do(self, client):
        address, found = "/en/search/?page_size=7&country=VN", []
        while address:
            response = client.get(address)
            found += listed(response)
            following = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
            address = html.unescape(following[1]) if following else None
        everything = slugs(client, "engagements/", country="VN", page_size="100")
        assert found == everything

    def test_the_links_to_programs_answer_the_same_question(self, client):
        response = client.get("/en/search/", {"country": "CN", "status": "held"})
        page = client.get(
            next(link for link in linked(response) if "/api/" in link and "status" in link)
        ).json()
        found = listed(response)
        assert [record["slug"] for record in page["results"]] == found
        csv = next(link for link in linked(response) if "format=csv" in link)
        assert len(client.get(csv).getvalue().decode().splitlines()) > len(found)

    def test_the_numbers_of_a_claim_are_the_apis_and_its_records_are_listed(self, client):
        for total in get(client, "totals/", page_size="100")["results"]:
            response = client.get(f"/en/claims/{total['slug']}/")
            row = re.search(r"<tbody><tr>(.*?)</tr>", response.content.decode(), re.S)
            numbers = [int(each) for each in re.findall(r">(?:≈ )?(-?\d+)</td>", row[1])]
            assert numbers == [total["count"], total["recorded"], total["gap"]]
            if total["criteria"]["counts"] == "countries":
                part = text_of(response).split("Countries that are counted")[1]
                counted = part.split("Records that match")[0]
                assert len(counted.split(" , ")) == total["recorded"]
            else:
                assert len(listed(response)) == total["recorded"]

    def test_a_record_leads_to_itself_in_the_api(self, client):
        response = client.get("/vi/forces/vietnam-coast-guard/", {"as_of": "2026-11-28"})
        record = client.get(
            re.search(
                r'<link rel="alternate" type="application/json" href="([^"]+)"',
                response.content.decode(),
            )[1]
        ).json()
        assert record["slug"] == "vietnam-coast-guard"


@pytest.mark.usefixtures("shipped_for_class")
class TestTheForm:
    def test_what_is_left_blank_is_not_asked(self, client):
        response = client.get("/en/search/", {"q": "", "country": ["", "VN"], "kind": ""})
        assert (response.status_code, response.url) == (302, "/en/search/?country=VN")

    def test_keeps_what_was_filled_in(self, client):
        query = {"q": "talks", "country": ["VN", "CN", "KH"], "status": "held", "date_from": "2020"}
        page = client.get("/en/search/", query).content.decode()
        assert 'name="q" value="talks"' in page
        for code in query["country"]:
            assert f'<option value="{code}" selected>' in page
        assert page.count('name="country"') == 3
        assert '<option value="held" selected>' in page
        assert "<details open>" in page

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("date_from", "2023-13"),
            ("country", "Atlantis"),
            ("kind", "treaty"),
            ("ordering", "size"),
            ("as_of", "2199-01-01"),
            ("force", "nobody-at-all"),
            ("undated", "perhaps"),
            ("ordinal", "0"),
        ],
    )
    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_a_bad_value_is_refused_where_it_stands(self, client, language, name, value):
        response = client.get(f"/{language}/search/", {name: value})
        page = response.content.decode()
        assert response.status_code == 400
        assert f'id="id_{name}_fault"' in page
        assert f'aria-describedby="id_{name}_fault' in page
        assert value in page

    def test_a_refusal_speaks_the_readers_language(self, client):
        problem = get(client, "engagements/", 400, date_from="2023-13")["errors"][0]["detail"]
        assert problem in read(client, "/en/search/", 400, date_from="2023-13")
        assert problem not in read(client, "/vi/search/", 400, date_from="2023-13")

    @pytest.mark.parametrize("query", ["colour=red", "cursor=forged", "page_size=0", "fields=slug"])
    def test_what_has_no_place_in_the_form_is_refused_above_it(self, client, query):
        text = read(client, f"/en/search/?{query}", 400)
        assert f"This cannot be asked: {query.partition('=')[0]}" in text

    def test_an_unknown_parameter_is_refused_on_every_page(self, client):
        for page in ("", "forces/vietnam-coast-guard/", "countries/JP/VN/", "changes/", "cite/"):
            response = client.get(f"/en/{page}", {"colour": "red", "as_of": "2026-11-28"})
            assert response.status_code == 400
            assert f"/en/{page}?as_of=2026-11-28" in linked(response)


class TestTimelines:
    @pytest.fixture
    def two_states(self):
        publish(
            meeting("first", date="2015-09"),
            meeting("second", date="2023-12-19/2023-12-22"),
            meeting("later-that-year", date="2023-12-30"),
            meeting("planned-one", date="2027", status="planned"),
            meeting("some-july", date="XXXX-07-24"),
            builders.agreement("memorandum"),
            builders.exercise("drill", date="2023"),
            meeting("with-china", date="2024", sides=((VCG, "host"), (CCG, "guest"))),
        )

    def test_a_pair_is_told_year_by_year(self, client, two_states):
        response = client.get("/en/countries/JP/VN/")
        text = text_of(response)
        assert "Japan – Vietnam" in text
        assert "Agreements: 1 Exercises: 1 Meetings: 5" in text
        heads = re.findall(r"<h3 id=[^>]+>([^<]+)</h3>", response.content.decode())
        assert heads == [
            "Planned: announced, and not recorded as held",
            "2015",
            "2023",
            "Without a date: the sources do not say in which year",
        ]
        order = listed(response)
        assert order[:5] == ["planned-one", "first", "drill", "second", "later-that-year"]
        assert set(order[5:]) == {"memorandum", "some-july"}
        assert "with-china" not in order

    @pytest.mark.parametrize(
        ("given", "leads_to"),
        [
            ("VN/JP", "JP/VN"),
            ("jp/vn", "JP/VN"),
            ("vn/vn", "VN"),
        ],
    )
    def test_a_pair_has_one_address(self, client, two_states, given, leads_to):
        response = client.get(f"/vi/countries/{given}/?as_of=2026-11-28")
        address = f"/vi/countries/{leads_to}/?as_of=2026-11-28"
        assert (response.status_code, response.url) == (301, address)

    def test_a_pair_of_what_is_not_published_is_not_found(self, client, two_states):
        assert client.get("/en/countries/DE/VN/").status_code == 404

    def test_a_country_shows_its_partners_with_their_counts(self, client, two_states):
        response = client.get("/en/countries/VN/")
        rows = re.findall(
            r'<tr><th scope="row"><a href="/en/countries/(\w\w/\w\w)/">[^<]*</a></th>'
            r'<td class="number">(\d+)</td>',
            response.content.decode(),
        )
        assert rows == [("JP/VN", "7"), ("CN/VN", "1")]
        assert "Vietnam Coast Guard" in text_of(response)

    def test_a_force_shows_its_names_partners_and_years(self, client, two_states):
        text = read(client, "/en/forces/vietnam-coast-guard/")
        assert "Cảnh sát biển Việt Nam (Vietnamese, official name)" in text
        assert "Japan 7 China 1" in text
        assert "2015" in text

    def test_a_series_says_which_numbers_are_not_recorded(self, client):
        series = Series.objects.create(slug="yearly-talks", title="Yearly talks")
        cite(series, "title")
        publish(
            series,
            meeting("third", series=series, ordinal=3),
            meeting("fourth", series=series, ordinal=4),
            meeting("sixth", series=series, ordinal=6),
            meeting("unnumbered", series=series),
        )
        text = read(client, "/en/series/yearly-talks/")
        run = text[text.index("In order") :]
        places = [
            run.index(each)
            for each in (
                *("No. 1 to 2: not recorded", "No. 3", "No. 4", "No. 5: not recorded", "No. 6"),
                "Without a number",
            )
        ]
        assert places == sorted(places)

    def test_a_number_far_away_makes_no_long_page(self, client):
        series = Series.objects.create(slug="yearly-talks", title="Yearly talks")
        cite(series, "title")
        publish(series, meeting("last", series=series, ordinal=32767))
        response = client.get("/en/series/yearly-talks/")
        assert "No. 1 to 32766: not recorded" in text_of(response)
        assert len(response.content) < 20_000

    def test_a_topic_and_a_document_list_what_is_theirs(self, client, two_states):
        text = read(client, "/en/documents/news-report/")
        assert "First" in text
        assert "Memorandum" in text
        assert "The text itself is its publisher's" in text


class TestAnEmptyLedger:
    @pytest.mark.parametrize(
        "page", ["", "search/", "countries/", "claims/", "changes/", "cite/", "feeds/changes.atom"]
    )
    def test_is_shown_as_such(self, client, page):
        assert client.get(f"/en/{page}").status_code == 200


class TestCost:
    """As many queries for many rows as for few."""

    PAGES = (
        *("", "search/", "meetings/", "countries/VN/", "countries/JP/VN/"),
        *("forces/vietnam-coast-guard/", "documents/news-report/", "changes/"),
        *("feeds/changes.atom", "series/yearly-talks/", "meetings/number-1/"),
        *("topics/search-and-rescue/", "meetings/number-1/revisions/"),
    )

    @pytest.fixture(scope="class")
    def queries(self, class_database):
        """How many each page makes of 2 meetings, and of 20."""
        series = Series.objects.create(slug="yearly-talks", title="Yearly talks")
        cite(series, "title")
        topic = builders.topic()
        found = []
        for first, last in ((1, 3), (3, 21)):
            made = [
                meeting(f"number-{number}", date="2023-12", series=series, ordinal=number)
                for number in range(first, last)
            ]
            for each in made:
                each.engagement_topics.create(topic=topic)
                cite(each, "topics")
            publish(series, *made)
            found.append({page: self.number_of_queries(page) for page in self.PAGES})
        return found

    @staticmethod
    def number_of_queries(page):
        kept.answers.clear()
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(f"/en/{page}").status_code == 200
        return len(queries)

    @pytest.mark.parametrize("page", PAGES)
    def test_is_the_same_for_2_and_for_20(self, queries, page):
        few, many = queries
        assert many[page] == few[page] > 0


def test_the_first_page_counts_what_the_lists_hold(client, shipped):
    page = client.get("/en/").content.decode()
    counts = dict(re.findall(r'<a href="/en/(\w+)/"><strong>(\d+)</strong>', page))
    for name, path in (("claims", "totals"), ("meetings", "meetings"), ("forces", "forces")):
        assert int(counts[name]) == get(client, f"{path}/", count="true")["count"]
    assert json.loads(counts["topics"]) == 30
