"""The pictures in public: each number leads to as many records, and nothing else is shown."""

import csv
import io
import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements import kept, workflow
from agreements.pictures import shown, timeline
from agreements.pictures.network import network
from agreements.pictures.selection import Selection
from tests import builders
from tests.builders import CCG, JCG, VCG
from tests.public import get

pytestmark = pytest.mark.django_db

NAMES = ("timeline", "matrix", "network", "map")
CANARY = "Canary that nobody approved"
KCG = ("cambodian-navy", "KH", "Royal Cambodian Navy")
WITH_CHINA = ((VCG, "host"), (CCG, "guest"))
WITH_CAMBODIA = ((VCG, "host"), ("KH", "guest"))
# What pictures are asked, each in the API's own parameters.
QUESTIONS = [
    *("", "country=VN", "country=VN&country=JP", "force=japan-coast-guard", "kind=meeting"),
    *("role=host", "role=party&country=VN", "status=held", "topic=search-and-rescue"),
    *("date_from=2023&date_to=2024", "date_from=2023-03", "date_from=2023-03&date_certain=true"),
    *("date_certain=false", "undated=true", "undated=false", "disputed=false", "happened=true"),
    *("happened=false", "place=VN", "place=VN:Hanoi&place=JP", "place=VN:", "q=talks"),
    *("document=news-report", "overdue=true", "as_of=2026-01-02T00:00:00Z", "country=CN&role=host"),
]


@pytest.fixture(scope="class")
def ledger(class_database):
    """Records in many places and years, some withdrawn or drafts."""
    vietnam, japan = builders.country("VN"), builders.country("JP")
    in_hanoi = {"location_name": "Hanoi", "location_country": vietnam}
    records = [
        builders.agreement("memorandum", date="2015-09", sides=((VCG, "party"), (JCG, "party"))),
        builders.meeting("talks", date="2023-02-21", **in_hanoi),
        builders.meeting(
            "more-talks", date="2023-02-20/2023-04-02", location_name="Hà Nội",
            location_country=vietnam,
        ),
        builders.meeting("talks-with-china", date="2024-12?", sides=WITH_CHINA, **in_hanoi),
        builders.meeting("planned", date="2025", status="planned", location_country=japan),
        builders.exercise(
            "visit", date="2024-05", location_name="Tiên Sa port, Đà Nẵng",
            location_country=vietnam,
        ),
        builders.exercise("exchange", date="2024/..", location_country=vietnam),
        builders.exercise("winter", date="2022-12-30/2023-01-02", location_country=vietnam),
        builders.exercise("some-day", sides=((VCG, "party"),), location_name="Gulf of Thailand"),
        builders.exercise(
            "bay", date="2023-06", location_name="No Such Bay", location_country=japan
        ),
        builders.meeting("in-cambodia", date="2021-04-05", sides=WITH_CAMBODIA),
        builders.meeting("with-its-navy", date="2021-06", sides=((VCG, "host"), (KCG, "guest"))),
    ]  # fmt: skip
    records[1].topics.add(builders.topic(), through_defaults={})
    gone = builders.meeting(
        "gone", date="2023-03-03", title="Talks that were another's", **in_hanoi
    )
    builders.publish(*records, gone, at=datetime(2026, 1, 1, tzinfo=UTC))
    workflow.withdraw(gone, "reviewer-two", "It was another one.")
    builders.meeting("draft", date="2023-04-04", title=CANARY, **in_hanoi)


def page(client: Client, name: str, query: str = "", language: str = "en") -> str:
    answer = client.get(f"/{language}/{name}/?{query}")
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def table(client: Client, name: str, query: str = "") -> list[dict[str, str]]:
    """The table of a picture as its file has it; a heading that stands twice gets a space."""
    answer = client.get(f"/en/{name}.csv?{query}")
    assert answer.status_code == 200, answer.content
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    names = [f"{name} " if name in head[:place] else name for place, name in enumerate(head)]
    return [dict(zip(names, row, strict=True)) for row in rows]


def numbers(html: str) -> list[tuple[str, int]]:
    """Every number of the tables that leads somewhere, with where."""
    found = re.findall(r'<a href="([^"]+)">([\d.,]+)</a>', html)
    return [(unescape(address), int(number)) for address, number in found]


def drawn(html: str) -> ET.Element:
    return ET.fromstring(re.search(r"<svg[^>]*picture-drawing.*?</svg>", html, re.DOTALL)[0])


def drawn_numbers(svg: ET.Element) -> list[tuple[str, int]]:
    """Every part of a drawing that leads to a search, with the number that its name tells."""
    found = []
    for part in svg.iter():
        if part.get("href") and "/search/" in part.get("href"):
            told = part[0].text.rpartition(": ")[2]
            found.append((part.get("href"), sum(map(int, re.findall(r"\d+", told)))))
    return found


def listed(client: Client, address: str) -> int:
    """How many records the API lists for the question of a search."""
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(urlsplit(address).query):
        query.setdefault(name, []).append(value)
    return get(client, "engagements/", **query, count="true")["count"]


@pytest.mark.usefixtures("ledger")
class TestNumbers:
    @pytest.mark.parametrize("question", QUESTIONS)
    @pytest.mark.parametrize("name", ["matrix", "network", "map"])
    def test_each_leads_to_as_many_records(self, client, name, question):
        html = page(client, name, question)
        if "picture-drawing" in html:
            assert set(drawn_numbers(drawn(html))) <= set(numbers(html)) or name == "map"
            for address, number in drawn_numbers(drawn(html)):
                assert listed(client, address) == number, address
        for address, number in numbers(html):
            assert listed(client, address) == number, address

    @pytest.mark.parametrize("name", ["matrix", "network", "map"])
    def test_the_search_finds_them_too(self, client, name):
        for address, number in numbers(page(client, name)):
            found = client.get(address).content.decode()
            assert re.search(r"(\d+) records? found", found)[1] == str(number), address

    @pytest.mark.parametrize("question", QUESTIONS)
    @pytest.mark.parametrize("by", ["kind", "country"])
    def test_columns_of_a_crowded_timeline_lead_to_as_many_records(
        self, client, monkeypatch, question, by
    ):
        monkeypatch.setattr(timeline, "MOST_MARKS", 1)
        shown._kept.cache_clear()
        html = page(client, "timeline", f"{question}&by={by}")
        if question == "":
            assert len(numbers(html)) > 3
        for address, number in numbers(html):
            assert listed(client, address) == number, address
        shown._kept.cache_clear()

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_pictures_are_of_what_the_api_lists(self, client, question):
        query: dict[str, list[str]] = {}
        for name, value in parse_qsl(question):
            query.setdefault(name, []).append(value)
        expected = get(client, "engagements/", **query, count="true")["count"]
        selection = Selection(tuple(parse_qsl(question)))
        picture = timeline.timeline(selection)
        assert picture.dated + picture.undated == expected
        assert network(selection).records == expected
        rows = table(client, "map", question)
        assert sum(int(row["Records"]) for row in rows) == expected

    def test_cells_of_years_that_the_range_cuts_lead_nowhere(self, client):
        query = "country=VN&date_from=2023-03"
        found = re.findall(r"date_from=(\d+)&amp;date_to=\1", page(client, "matrix", query))
        assert "2024" in found
        # "More talks" begins before March and ends after: it is counted, and no list has it.
        assert "2023" not in found
        (row,) = (
            row
            for row in table(client, "matrix", query)
            if row["Force"] == "Japan Coast Guard" and row["Year"] == "2023"
        )
        assert row["Records"] == "2"

    def test_a_country_is_not_linked_where_a_list_would_find_its_forces_too(self, client):
        rows = table(client, "network")
        both = [row for row in rows if "Cambodia" in (row["Country"], row["Country "])]
        assert {row["Force or country"] for row in both} == {"Cambodia", "Royal Cambodian Navy"}
        addresses = [address for address, _ in drawn_numbers(drawn(page(client, "network")))]
        assert any("force=cambodian-navy" in address for address in addresses)
        assert not any("country=KH" in address for address in addresses)
        assert "so their number has no link." in page(client, "network")

    def test_with_a_role_partners_are_those_who_have_it(self, client):
        html = page(client, "matrix", "country=JP&role=guest")
        assert "Only who has the role that is asked for is a partner here." in html
        rows = table(client, "matrix", "country=JP&role=guest")
        assert {row["Country"] for row in rows} == {"no partner named", "all records, each once"}


@pytest.mark.usefixtures("ledger")
class TestMap:
    def test_spellings_of_a_town_are_one_point(self, client):
        points = dict(drawn_numbers(drawn(page(client, "map"))))
        assert points == {
            "/en/search/?place=VN%3AHanoi&place=VN%3AH%C3%A0+N%E1%BB%99i": 3,
            "/en/search/?place=VN%3ATi%C3%AAn+Sa+port%2C+%C4%90%C3%A0+N%E1%BA%B5ng": 1,
        }

    def test_the_table_has_every_place(self, client):
        rows = [
            (row["Country"], row["Place"], row["On the map as"], row["Records"])
            for row in table(client, "map")
        ]
        assert rows == [
            ("Japan", "No Such Bay", "place not found in the gazetteer", "1"),
            ("Japan", "no place named", "–", "1"),
            ("Vietnam", "Hanoi", "Hanoi", "2"),
            ("Vietnam", "Hà Nội", "Hanoi", "1"),
            ("Vietnam", "Tiên Sa port, Đà Nẵng", "Da Nang", "1"),
            ("Vietnam", "no place named", "–", "2"),
            ("no country named", "Gulf of Thailand", "place not found in the gazetteer", "1"),
            ("", "no place stated", "", "3"),
        ]

    def test_coordinates_are_those_of_the_gazetteer(self, client):
        (row,) = (row for row in table(client, "map") if row["Place"] == "Hà Nội")
        assert (float(row["Latitude"]), float(row["Longitude"])) == (21.02, 105.84)

    def test_what_is_not_on_the_map_is_counted(self, client):
        html = page(client, "map")
        assert "5 records name only a country, or a place that the gazetteer" in html
        assert "3 records do not say where they took place." in html

    @pytest.mark.parametrize("address", ["/en/map/", "/en/map.svg"])
    def test_sources_are_named(self, client, address):
        text = client.get(address).content.decode()
        assert "GeoNames, geonames.org, CC BY 4.0" in text
        assert "Natural Earth, naturalearthdata.com, public domain" in text

    def test_where_no_place_is_known_there_is_a_table_all_the_same(self, client):
        assert client.get("/en/map/?place=JP").status_code == 200
        assert [row["Place"] for row in table(client, "map", "place=JP")] == [
            *("No Such Bay", "no place named")
        ]
        html = page(client, "map", "place=JP")
        assert "No Such Bay" in html
        assert "No record here names a town that the gazetteer knows." in html


@pytest.mark.usefixtures("ledger")
class TestPages:
    @pytest.mark.parametrize("language", ["en", "vi"])
    @pytest.mark.parametrize("name", NAMES)
    def test_nothing_is_shown_that_is_not_published(self, client, name, language):
        for ending in ("/", ".svg", ".csv"):
            text = client.get(f"/{language}/{name}{ending}").content.decode()
            assert CANARY not in text
            assert "another&#x27;s" not in text
            assert "another's" not in text

    def test_what_was_withdrawn_later_stood_then(self, client):
        query = "as_of=2026-01-02T00:00:00Z"
        assert "Talks that were another&#x27;s" in page(client, "timeline", query)
        hanoi = [row for row in table(client, "map", query) if row["Place"] == "Hanoi"]
        assert hanoi[0]["Records"] == "3"

    def test_marks_lead_to_the_records_as_they_stood(self, client):
        query = "as_of=2026-01-02T00:00:00Z"
        addresses = set(re.findall(r'<a href="(/en/[a-z]+/[a-z-]+/\?as_of=[^"]+)"', (
            page(client, "timeline", query)
        )))  # fmt: skip
        assert len(addresses) == 13
        assert all(client.get(address).status_code == 200 for address in addresses)

    def test_a_file_leads_back_with_whole_addresses(self, client):
        text = client.get("/vi/timeline.svg").content.decode()
        found = set(re.findall(r'href="http://testserver(/vi/[^"]+)"', text))
        assert len(found) == 12
        assert all(client.get(address).status_code == 200 for address in found)

    @pytest.mark.parametrize("name", NAMES)
    def test_it_needs_no_style_of_its_own_and_no_cookie(self, client, name):
        answer = client.get(f"/en/{name}/")
        assert b"style=" not in answer.content
        assert b"<script" not in answer.content
        assert not answer.cookies
        assert "public" in answer["Cache-Control"]
        assert "Cookie" not in answer.get("Vary", "")

    def test_it_is_told_in_the_language_of_its_address(self, client):
        html = page(client, "matrix", language="vi")
        assert "Cảnh sát biển Việt Nam" in html
        assert "Nhật Bản" in html
        assert "Cảnh sát biển" not in page(client, "matrix")

    def test_the_form_keeps_what_else_was_asked(self, client):
        html = page(client, "matrix", "country=JP&role=guest&country=VN")
        assert '<option value="JP" selected>' in html
        assert '<input type="hidden" name="country" value="VN">' in html
        assert '<input type="hidden" name="role" value="guest">' in html

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            *(("country=XX", "country"), ("force=nobody", "force"), ("kind=treaty", "kind")),
            *(("date_from=x", "date_from"), ("date_from=2024&date_to=2023", "date_to")),
            *(("as_of=2999-01-01", "as_of"), ("colour=red", "colour"), ("happened=1", "happened")),
            *(
                ("place=XX", "place"),
                ("kind=meeting&kind=exercise", "kind"),
                ("fields=slug", "fields"),
            ),
            *(("undated=true&date_from=2024", "undated"), ("role=captain", "role")),
        ],
    )
    def test_what_cannot_be_asked_is_named(self, client, name, query, parameter):
        answer = client.get(f"/en/{name}/?{query}")
        assert answer.status_code == 400
        html = answer.content.decode()
        assert "errorlist" in html
        if f'id="id_{parameter}"' in html:
            assert re.search(f'aria-invalid="true"[^>]* id="id_{parameter}"', html)
        else:
            assert f"{parameter}: " in html
        for ending in ("svg", "csv"):
            answer = client.get(f"/en/{name}.{ending}?{query}")
            assert answer.status_code == 400
            assert answer.content.decode().startswith(f"{parameter}: ")

    @pytest.mark.parametrize("name", NAMES)
    def test_what_was_not_filled_in_is_not_asked(self, client, name):
        answer = client.get(f"/en/{name}/?country=&kind=meeting&date_from=")
        assert answer.status_code == 302
        assert answer["Location"] == f"/en/{name}/?kind=meeting"

    @pytest.mark.parametrize("name", NAMES)
    def test_without_a_language_it_leads_to_the_readers(self, client, name):
        answer = client.get(f"/{name}/?kind=meeting", headers={"Accept-Language": "vi"})
        assert answer["Location"] == f"/vi/{name}/?kind=meeting"


@pytest.mark.usefixtures("shipped_for_class")
class TestHeldAnswers:
    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("ending", ["/", ".svg", ".csv"])
    def test_who_has_it_is_told_so_before_any_record_is_read(self, client, name, ending):
        address = f"/en/{name}{ending}"
        etag = client.get(address)["ETag"]
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address, headers={"If-None-Match": etag})
        assert (answer.status_code, answer["ETag"]) == (304, etag)
        assert len([each for each in queries if "agreements_publication" in each["sql"]]) == 1
        builders.publish(builders.meeting("one-more", date="2024-03-03"))
        answer = client.get(address, headers={"If-None-Match": etag})
        assert answer.status_code == 200
        assert answer["ETag"] != etag

    def test_each_question_and_form_has_its_own(self, client):
        addresses = [
            *("/en/map/", "/vi/map/", "/en/map/?kind=meeting", "/en/map.svg", "/en/map.csv"),
            *("/en/matrix/", "/vi/map.svg"),
        ]
        assert len({client.get(address)["ETag"] for address in addresses}) == len(addresses)


class TestMany:
    def test_no_picture_asks_more_for_more_records(self, client, class_database):
        counts = []
        for more in (3, 30):
            for number in range(more):
                builders.publish(
                    builders.meeting(
                        f"m-{more}-{number}", date=f"20{number:02}",
                        location_country=builders.country("VN"), location_name=f"Bay {number}",
                    )
                )  # fmt: skip
            found = []
            for name in NAMES:
                shown._kept.cache_clear()
                kept.answers.clear()
                with CaptureQueriesContext(connection) as queries:
                    client.get(f"/en/{name}/")
                found.append(len(queries))
            counts.append(found)
        assert counts[0] == counts[1]
        assert max(counts[0]) <= 14

    @pytest.mark.parametrize("name", NAMES)
    def test_an_empty_ledger_is_said_to_be_empty(self, client, db, name):
        html = page(client, name)
        assert "Nothing is published yet" in html
        assert ET.fromstring(client.get(f"/en/{name}.svg").content).tag.endswith("svg")
        assert client.get(f"/en/{name}.csv").status_code == 200
