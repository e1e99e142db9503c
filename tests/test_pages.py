"""Public pages: what they show is the ledger, as the API has it, beside its evidence."""

import html
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements import workflow
from agreements.models import EngagementLink, Participant, Series, TopicLabel
from tests import builders
from tests.builders import CCG, VCG, cite, meeting, publish
from tests.public import get, slugs

pytestmark = pytest.mark.django_db


def read(client, address, expected=200, **query):
    """The text of a page, without its marks."""
    response = client.get(address, query)
    assert response.status_code == expected, response.content
    return text_of(response)


def text_of(response):
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()))


def linked(response):
    found = re.findall(r'href="([^"]*)"', response.content.decode())
    return [html.unescape(each) for each in found]


def listed(response):
    """The keys of the engagements that a page lists, in its order."""
    found = r'<h\d><a href="/\w\w/(?:agreements|meetings|exercises)/([^/"]+)/'
    return re.findall(found, response.content.decode())


class TestARecord:
    def test_shows_each_value_with_the_passage_it_rests_on(self, client):
        record = meeting("eighth", date="2023-12", summary="They agreed on a hotline.")
        cite(
            record,
            "date",
            document=builders.document("agency", title="An agency's report", publisher="VNA"),
            locator="paragraph 4",
            quote="met in December",
            inferred=True,
            confidence="medium",
            note="The year is that of the report.",
        )
        publish(record)

        text = read(client, "/en/meetings/eighth/")

        assert "They agreed on a hotline." in text
        assert "Held. It took place." in text
        assert "December 2023: 1 to 31 December 2023 2023-12" in text
        assert "Vietnam Coast Guard , Vietnam (host)" in text
        passage = text[text.index("met in December") :]
        assert passage.startswith("met in December An agency's report , VNA, paragraph 4")
        assert "inferred, not said · confidence: medium" in passage
        assert "The year is that of the report." in passage

    def test_says_of_what_is_planned_that_nothing_came_about_yet(self, client):
        publish(meeting("ninth", status="planned", date="2027"))
        text = read(client, "/en/meetings/ninth/")
        assert "Planned. It was announced. Whether it took place is not recorded." in text

    def test_shows_a_dispute_and_decides_nothing(self, client):
        record = meeting("eighth", date="2023-12-19")
        cite(
            record, "date", stance="disputes", stated_value="20 December 2023", quote="on the 20th"
        )
        publish(record)
        text = read(client, "/en/meetings/eighth/")
        assert "Documents disagree about a value of this record." in text
        assert "Date disputed 19 December 2023" in text
        assert "Disputes it: stated as 20 December 2023 on the 20th" in text

    def test_tells_of_what_nothing_is_stated(self, client):
        publish(meeting("eighth"))
        text = read(client, "/en/meetings/eighth/")
        assert "Nothing is recorded about: summary, date, place, level, modality, outcomes" in text

    def test_leads_to_whatever_it_names(self, client):
        series = Series.objects.create(slug="yearly-talks", title="Yearly talks")
        cite(series, "title")
        earlier = meeting("seventh", series=series, ordinal=7)
        record = meeting("eighth", series=series, ordinal=8, location_name="Hanoi")
        record.location_country = builders.country("VN")
        record.save()
        EngagementLink.objects.create(source=record, target=earlier, relation="part-of")
        publish(series, earlier, record)
        found = linked(client.get("/en/meetings/eighth/"))
        for address in (
            *("/en/forces/vietnam-coast-guard/", "/en/countries/VN/", "/en/series/yearly-talks/"),
            *("/en/meetings/seventh/", "/en/documents/news-report/"),
            *("/en/meetings/eighth/revisions/", "/en/meetings/eighth/cite/"),
        ):
            assert address in found

    def test_is_named_in_the_language_of_its_reader(self, client):
        TopicLabel.objects.create(topic=builders.topic(), language="vi", text="Tìm kiếm cứu nạn")
        record = meeting("eighth")
        record.engagement_topics.create(topic=builders.topic())
        cite(record, "topics")
        publish(record)
        text = read(client, "/vi/meetings/eighth/")
        assert "Cảnh sát biển Việt Nam , Việt Nam" in text
        assert "Nhật Bản" in text
        assert "Tìm kiếm cứu nạn" in text
        assert "Search and rescue" in read(client, "/en/meetings/eighth/")

    def test_a_name_in_another_language_is_marked(self, client):
        publish(meeting("eighth"))
        page = client.get("/vi/meetings/eighth/").content.decode()
        assert '<span lang="en">Japan Coast Guard</span>' in page

    def test_hides_no_mark_of_what_is_written_in_it(self, client):
        publish(meeting("eighth", title="<script>alert(1)</script>", summary="a & b <i>"))
        page = client.get("/en/meetings/eighth/").content.decode()
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


class TestWhatIsNoMore:
    def test_a_withdrawn_record_is_gone_with_its_reason(self, client):
        record = meeting("eighth")
        publish(record)
        workflow.withdraw(record, "reviewer", "The source took it back.")
        text = read(client, "/en/meetings/eighth/", 410)
        assert "The source took it back." in text
        assert "eighth" not in read(client, "/en/meetings/").lower().replace("eighth,", "")
        assert "Reason: The source took it back." in read(client, "/en/meetings/eighth/revisions/")
        assert "It took place" in read(client, "/en/meetings/eighth/revisions/1/")
        assert "The source took it back." in read(client, "/en/meetings/eighth/revisions/2/", 410)

    def test_a_merged_record_leads_to_the_one_that_stays(self, client):
        double, kept = meeting("double"), meeting("kept")
        publish(double, kept)
        workflow.withdraw(
            builders.reload(double), "reviewer", "Reported twice.", successor=builders.reload(kept)
        )
        for below in ("", "cite/", "cite.bib"):
            response = client.get(f"/vi/meetings/double/{below}", {"as_of": ""})
            assert response.status_code == 302
            response = client.get(f"/vi/meetings/double/{below}")
            assert (response.status_code, response.url) == (301, f"/vi/meetings/kept/{below}")

    @pytest.mark.parametrize("language", ["en", "vi"])
    @pytest.mark.parametrize(
        "below",
        ["", "revisions/", "revisions/1/", "cite/", "cite.ris", "feed.atom", "revisions/1/cite/"],
    )
    def test_what_never_was_is_not_found_in_the_readers_language(self, client, language, below):
        response = client.get(f"/{language}/meetings/never/{below}")
        assert response.status_code == 404
        assert f'<html lang="{language}">' in response.content.decode()

    def test_nothing_leads_beyond_what_a_revision_number_can_be(self, client):
        publish(meeting("eighth"))
        for number in ("0", "2", "99999999999999999999"):
            assert client.get(f"/en/meetings/eighth/revisions/{number}/").status_code == 404


class TestNothingUnpublished:
    """A draft, and what is withdrawn or edited since, is on no page and in no feed."""

    CANARY = "canary"

    @pytest.fixture
    def canaries(self):
        shown = meeting("shown")
        hidden = meeting("hidden-canary", title="Canary of the desk")
        publish(shown)
        publish(hidden)
        workflow.withdraw(hidden, "reviewer", "Withdrawn.")
        meeting("draft-canary", title="Draft canary", summary="canary")
        builders.force(("canary-force", "VN", "Canary force"))
        shown.title = "Edited canary"
        workflow.record_edit(shown, "analyst")

    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_is_on_no_page(self, client, canaries, language):
        pages = (
            *("", "search/", "search/?q=canary", "meetings/", "forces/", "countries/"),
            *("countries/VN/", "countries/JP/VN/", "forces/vietnam-coast-guard/"),
            *("documents/news-report/", "meetings/shown/", "meetings/shown/revisions/"),
            *("feeds/changes.atom?q=shown", "cite/"),
        )
        for page in pages:
            response = client.get(f"/{language}/{page}")
            assert response.status_code == 200
            shown = response.content.decode().replace("q=canary", "").replace('"canary"', "")
            # What was published once stands in the history of what was published, as withdrawn.
            withdrawn = shown.lower().count("hidden-canary") + shown.count("Canary of the desk")
            assert "canary-force" not in shown
            assert "Draft canary" not in shown
            assert "Edited canary" not in shown
            if page:
                assert withdrawn == 0, page

    def test_the_history_of_publications_says_that_it_was_withdrawn(self, client, canaries):
        text = read(client, "/en/changes/")
        assert "withdrawn Canary of the desk" in text


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


class TestHistory:
    @pytest.fixture
    def revised(self):
        record = meeting("eighth", date="2023-12", summary="They met.")
        first = publish(record)[-1]
        record.summary = "They met in Hanoi."
        record.save()
        Participant.objects.filter(engagement=record, role="guest").update(role="observer")
        publish(record)
        return first

    def test_says_what_each_revision_changed(self, client, revised):
        text = read(client, "/en/meetings/eighth/revisions/")
        newest, first = text.split("Revision 1")
        assert "They met. → They met in Hanoi." in newest
        assert "guest" in newest
        assert "observer" in newest
        assert "Published for the first time." in first

    def test_a_revision_stays_as_it_was(self, client, revised):
        response = client.get("/en/meetings/eighth/revisions/1/")
        assert "They met in Hanoi." not in text_of(response)
        assert "They met." in text_of(response)
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "They met in Hanoi." in read(client, "/en/meetings/eighth/revisions/2/")

    def test_a_past_moment_is_shown_and_goes_along_with_every_link(self, client, revised):
        moment = revised.published_at.isoformat().replace("+00:00", "Z")
        response = client.get("/en/meetings/eighth/", {"as_of": moment})
        assert "As it was published at" in text_of(response)
        assert "They met in Hanoi." not in text_of(response)
        inward = [
            link
            for link in linked(response)
            if link.startswith("/en/") and not link.endswith(("/eighth/", "/feed.atom"))
        ]
        assert len(inward) > 15
        assert all("as_of=" in link for link in inward), inward
        assert "/en/meetings/eighth/" in linked(response)

    def test_before_the_first_publication_there_is_nothing(self, client, revised):
        assert "0 records found" in read(client, "/en/search/", as_of="2000-01-01")
        read(client, "/en/meetings/eighth/", 404, as_of="2000-01-01")
        read(client, "/en/", as_of="2000-01-01")
        assert "Nothing is published." in read(client, "/en/cite/", as_of="2000-01-01")


class TestAnEmptyLedger:
    @pytest.mark.parametrize(
        "page", ["", "search/", "countries/", "claims/", "changes/", "cite/", "feeds/changes.atom"]
    )
    def test_is_shown_as_such(self, client, page):
        assert client.get(f"/en/{page}").status_code == 200


class TestCost:
    """As many queries for many rows as for few."""

    @pytest.mark.parametrize(
        "page",
        [
            *("", "search/", "meetings/", "countries/VN/", "countries/JP/VN/"),
            *("forces/vietnam-coast-guard/", "documents/news-report/", "changes/"),
            *("feeds/changes.atom", "series/yearly-talks/", "meetings/number-1/"),
            *("topics/search-and-rescue/", "meetings/number-1/revisions/"),
        ],
    )
    def test_is_the_same_for_2_and_for_20(self, client, page, django_assert_num_queries):
        series = Series.objects.create(slug="yearly-talks", title="Yearly talks")
        cite(series, "title")
        topic = builders.topic()

        def make(first, last):
            made = [
                meeting(f"number-{number}", date="2023-12", series=series, ordinal=number)
                for number in range(first, last)
            ]
            for each in made:
                each.engagement_topics.create(topic=topic)
                cite(each, "topics")
            publish(series, *made)

        make(1, 3)
        with CaptureQueriesContext(connection) as few:
            assert client.get(f"/en/{page}").status_code == 200
        make(3, 21)
        with django_assert_num_queries(len(few)):
            assert client.get(f"/en/{page}").status_code == 200


def test_the_desk_leads_to_the_page_of_what_is_public(analyst):
    record = meeting("eighth")
    publish(record)
    page = analyst.get(reverse("admin:agreements_meeting_change", args=[record.pk]))
    assert "/en/meetings/eighth/" in linked(page)


def test_the_first_page_counts_what_the_lists_hold(client, shipped):
    page = client.get("/en/").content.decode()
    counts = dict(re.findall(r'<a href="/en/(\w+)/"><strong>(\d+)</strong>', page))
    for name, path in (("claims", "totals"), ("meetings", "meetings"), ("forces", "forces")):
        assert int(counts[name]) == get(client, f"{path}/", count="true")["count"]
    assert json.loads(counts["topics"]) == 30
