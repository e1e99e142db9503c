"""Walking through pages: every record once, in order, and at a constant number of queries."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements import kept
from agreements.catalogue.pages import ORDERS, order_of
from agreements.dates import PartialDate
from agreements.models import EngagementTopic, Force, ReportedTotal, Series, Topic
from tests import builders
from tests.builders import JCG, VCG, meeting, publish
from tests.public import PATHS, get

pytestmark = pytest.mark.django_db

# Equal dates, equal titles, and records without a date or without bounds.
RECORDS = [
    ("first", "Talks", "2020-05-01"),
    ("second", "Talks", "2020-05-01"),
    ("third", "Talks", "2020-05-01"),
    ("fourth", "Visit", "2019"),
    ("fifth", "Visit", "../2019"),
    ("sixth", "Accord", "XXXX-07-24"),
    ("seventh", "Accord", None),
    ("eighth", "Accord", None),
    ("ninth", "Zone", "2024~/.."),
]


def publish_records():
    publish(
        *(
            meeting(slug, title=title, date=PartialDate.parse(edtf) if edtf else None)
            for slug, title, edtf in RECORDS
        )
    )


def keys(page):
    return [record["slug"] for record in page["results"]]


def pages(client, path, direction="next", **query):
    """Every page from the one asked for on, in the direction of `next` or of `previous`."""
    found = [get(client, path, **query)]
    while found[-1][direction] is not None:
        response = client.get(found[-1][direction])
        assert response.status_code == 200
        found.append(response.json())
        assert len(found) < 50
    return found


class TestWalk:
    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def records(cls, class_database):
        publish_records()

    @pytest.mark.parametrize("ordering", ORDERS)
    @pytest.mark.parametrize("size", [1, 2, 3, 4, 8, 9, 10])
    def test_gives_every_record_once_and_in_order(self, client, ordering, size):
        whole = keys(get(client, "meetings/", ordering=ordering, page_size=100))
        assert len(whole) == len(RECORDS)
        walked = pages(client, "meetings/", ordering=ordering, page_size=size)
        assert [slug for page in walked for slug in keys(page)] == whole
        assert {len(page["results"]) for page in walked[:-1]} <= {size}

    @pytest.mark.parametrize("ordering", ORDERS)
    @pytest.mark.parametrize("size", [1, 2, 4])
    def test_goes_back_over_the_same_pages(self, client, ordering, size):
        forth = pages(client, "meetings/", ordering=ordering, page_size=size)
        back, page = [forth[-1]], forth[-1]
        while page["previous"] is not None:
            page = client.get(page["previous"]).json()
            back.insert(0, page)
        assert [keys(page) for page in back] == [keys(page) for page in forth]
        again = client.get(back[0]["next"]).json()
        assert keys(again) == keys(forth[1])

    @given(
        ordering=st.sampled_from(sorted(ORDERS)),
        size=st.integers(1, 10),
        steps=st.lists(st.booleans(), max_size=12),
    )
    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_to_and_fro_never_leaves_the_same_pages(self, client, ordering, size, steps):
        query = {"ordering": ordering, "page_size": size}
        forth = [keys(page) for page in pages(client, "meetings/", **query)]
        page, at = get(client, "meetings/", **query), 0
        for onwards in steps:
            address = page["next"] if onwards else page["previous"]
            assert (address is None) == (at == (len(forth) - 1 if onwards else 0))
            if address is not None:
                page, at = client.get(address).json(), at + (1 if onwards else -1)
                assert keys(page) == forth[at]

    @pytest.mark.parametrize("ordering", ORDERS)
    @pytest.mark.parametrize("near", [0, 1, 3, 8, 100])
    @pytest.mark.parametrize("words", ["coast guard", "talks", "accord vietnam", "zone"])
    def test_words_are_found_near_and_far(self, client, monkeypatch, ordering, near, words):
        """However many rows are looked through before the index is asked."""
        with monkeypatch.context() as patch:
            patch.setattr("agreements.catalogue.pages.NEAR_ENOUGH", 1000)
            whole = keys(get(client, "meetings/", ordering=ordering, page_size=100, q=words))
            every = keys(get(client, "meetings/", ordering=ordering, page_size=100))
        wanted = {"coast guard": "", "talks": "Talks", "accord vietnam": "Accord", "zone": "Zone"}
        titles = {slug: title for slug, title, _ in RECORDS}
        assert whole == [slug for slug in every if titles[slug].startswith(wanted[words])]
        monkeypatch.setattr("agreements.catalogue.pages.NEAR_ENOUGH", near)
        kept.answers.clear()
        query = {"ordering": ordering, "q": words}
        forth = pages(client, "meetings/", page_size=2, **query)
        assert [slug for page in forth for slug in keys(page)] == whole
        back, page = [forth[-1]], forth[-1]
        while page["previous"] is not None:
            page = client.get(page["previous"]).json()
            back.insert(0, page)
        assert [keys(page) for page in back] == [keys(page) for page in forth]

    @pytest.mark.parametrize("ordering", ORDERS)
    @pytest.mark.parametrize(
        "period",
        [
            {"date_from": "2020"},
            {"date_to": "2020-05-01"},
            {"date_from": "2019", "date_to": "2020"},
        ],
    )
    def test_in_a_period_dates_near_and_wide_stand_in_one_order(self, client, ordering, period):
        listed = keys(get(client, "meetings/", ordering=ordering, page_size=100))
        found = keys(get(client, "meetings/", ordering=ordering, page_size=100, **period))
        assert found == [slug for slug in listed if slug in set(found)]
        assert {"first", "second", "third"} <= set(found)
        assert ("ninth" in found) == ("date_to" not in period)
        assert ("fifth" in found) == (period != {"date_from": "2020"})
        walked = pages(client, "meetings/", ordering=ordering, page_size=2, **period)
        assert [slug for page in walked for slug in keys(page)] == found
        back = pages(client, "meetings/", **{"ordering": ordering, "page_size": 2, **period})[-1]
        before = []
        while back["previous"] is not None:
            back = client.get(back["previous"]).json()
            before = keys(back) + before
        assert before + keys(walked[-1]) == found

    def test_keeps_what_was_asked(self, client):
        query = {"country": ["VN", "JP"], "q": "coast guard", "count": "true", "fields": "slug"}
        page = get(client, "meetings/", page_size=2, **query)
        asked = parse_qs(urlsplit(page["next"]).query)
        assert asked.pop("cursor")
        assert asked.pop("page_size") == ["2"]
        assert asked == {
            name: value if isinstance(value, list) else [value] for name, value in query.items()
        }
        assert client.get(page["next"]).json()["count"] == len(RECORDS)

    @pytest.mark.parametrize("ordering", ORDERS)
    @pytest.mark.parametrize("title", ["Aaa", "Talks", "Zzz"])
    @pytest.mark.parametrize("edtf", [None, "2020-05-01", "2030"])
    def test_a_record_published_on_the_way_costs_no_other(self, client, ordering, title, edtf):
        query = {"ordering": ordering, "page_size": 2}
        before = keys(get(client, "meetings/", ordering=ordering, page_size=100))
        first = get(client, "meetings/", **query)
        second = client.get(first["next"]).json()
        date = PartialDate.parse(edtf) if edtf else None
        publish(meeting("newcomer", title=title, date=date))
        walked, page = keys(first) + keys(second), second
        while page["next"] is not None:
            page = client.get(page["next"]).json()
            walked += keys(page)
        assert len(set(walked)) == len(walked)
        assert [slug for slug in walked if slug != "newcomer"] == before

    def test_a_past_day_can_be_walked_through(self, client):
        moment = get(client, "meetings/first/")["published_at"]
        publish(meeting("newcomer"))
        walked = pages(client, "meetings/", as_of=moment, page_size=2)
        assert {slug for page in walked for slug in keys(page)} == {row[0] for row in RECORDS}


class TestRefusals:
    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def records(cls, class_database):
        publish_records()

    def cursor(self, client, **query):
        page = get(client, "meetings/", page_size=2, **query)
        return parse_qs(urlsplit(page["next"]).query)["cursor"][0]

    def test_an_altered_cursor(self, client):
        cursor = self.cursor(client)
        for at in range(0, len(cursor), 7):
            other = "A" if cursor[at] != "A" else "B"
            altered = cursor[:at] + other + cursor[at + 1 :]
            fault = get(client, "meetings/", 400, cursor=altered)["errors"][0]
            assert fault["parameter"] == "cursor"

    @pytest.mark.parametrize("cursor", ["x", "::", "eyJ4IjoxfQ", "é", "'; --", "A" * 5000, "a:b:c"])
    def test_a_cursor_of_ones_own(self, client, cursor):
        fault = get(client, "meetings/", 400, cursor=cursor)["errors"][0]
        assert fault["parameter"] == "cursor"

    def test_a_cursor_of_another_ordering(self, client):
        cursor = self.cursor(client, ordering="date")
        for ordering in set(ORDERS) - {"date"}:
            fault = get(client, "meetings/", 400, cursor=cursor, ordering=ordering)["errors"][0]
            assert fault["parameter"] == "cursor"
        assert get(client, "changes/", 400, cursor=cursor)["errors"]

    @pytest.mark.parametrize("path", ["meetings/", "topics/", "changes/"])
    @pytest.mark.parametrize(
        "values", [["x"], [None], [{}], [[]], [True], [10**30], [1e400], ["\0"], [], ["a", 1, 2, 3]]
    )
    def test_a_signed_cursor_of_another_form(self, client, path, values):
        """Of an earlier version of the program, whose orders had other columns."""
        page = get(client, path, page_size=1)
        held = parse_qs(urlsplit(page["next"] or "?cursor=").query).get("cursor", [""])[0]
        signer = signing.Signer(salt="agreements.cursor")
        ordering = signer.unsign_object(held)[0] if held else "title"
        many = len(order_of(ordering))
        for back in (False, True, "x", None):
            cursor = signer.sign_object([ordering, back, (values * many)[: max(many, len(values))]])
            fault = get(client, path, 400, cursor=cursor)["errors"][0]
            assert fault["parameter"] == "cursor"

    @pytest.mark.parametrize("path", [*(f"{path}/" for path in PATHS), "changes/"])
    def test_an_altered_cursor_and_a_page_of_no_size_of_every_list(self, client, path):
        for name, values in (
            ("cursor", ("x", "a:b", "\U0001f600", "\u202e")),
            ("page_size", ("0", "-1", "1e9", "1000000000", "１", "²", "1_0")),
        ):
            for value in values:
                fault = get(client, path, 400, **{name: value})["errors"][0]
                assert fault["parameter"] == name

    @pytest.mark.parametrize(
        "size", ["0", "-1", "1e9", "1000000000", "101", "abc", "1.5", "٣", " 1"]
    )
    @pytest.mark.parametrize("path", ["meetings/", "changes/"])
    def test_a_page_of_no_size(self, client, path, size):
        fault = get(client, path, 400, page_size=size)["errors"][0]
        assert fault["parameter"] == "page_size"
        assert "from 1 to 100" in fault["detail"]


def publish_pairs(first: int, last: int) -> None:
    """Publish, for each number, a record of every kind, with all that hangs on it."""
    report = builders.document()
    batch = []
    for number in range(first, last):
        series = Series.objects.create(slug=f"series-{number}", title=f"Series {number}")
        topic = builders.topic(f"topic-{number}", f"Topic {number}")
        force = builders.force((f"force-{number}", "CN", f"Force {number}"))
        claim = ReportedTotal.objects.create(
            slug=f"claim-{number}",
            title=f"Claim {number}",
            what="meetings",
            count=number,
            counts=("meetings", "countries")[number % 2],
            locator="paragraph 1",
            document=report,
            force=force if number % 3 else None,
        )
        batch += [builders.document(f"report-{number}"), series, topic, force, claim]
        sides = ((VCG, "host"), (JCG, "guest"), ((f"force-{number}", "CN", ""), "observer"))
        for kind in ("agreement", "meeting", "exercise"):
            record = builders.engagement(kind, f"{kind}-{number}", sides=sides, series=series)
            EngagementTopic.objects.create(engagement=record, topic=topic)
            builders.cite(record, "title", document=builders.document(f"report-{number}"))
            batch.append(record)
    publish(*batch)


class TestQueries:
    """A list costs the same number of queries whatever it holds."""

    ASKED = {path: ["", "count=true", "ordering=-title"] for path in PATHS}
    ASKED["engagements"] += [
        "country=VN&country=JP&role=host",
        "force=vietnam-coast-guard&date_certain=false&disputed=false&count=true",
    ]
    ASKED["totals"] += ["country=VN", "document=news-report"]
    ASKED["changes"] = ["", "count=true", "since=1", "kind=meeting"]

    def costs(self, client):
        kept.answers.clear()
        found = {}
        for path, queries in self.ASKED.items():
            for query in queries:
                address = f"/api/v1/{path}/?page_size=100&{query}".rstrip("&")
                with CaptureQueriesContext(connection) as queries_made:
                    response = client.get(address)
                assert response.status_code == 200, response.content
                found[address] = len(queries_made), len(response.json()["results"])
        return found

    def test_are_as_many_for_2_rows_as_for_20(self, client):
        publish_pairs(0, 2)
        few = self.costs(client)
        publish_pairs(2, 20)
        many = self.costs(client)
        assert {path: cost for path, (cost, _) in many.items()} == {
            path: cost for path, (cost, _) in few.items()
        }
        assert max(rows for _, rows in many.values()) >= 60
        # The head of the ledger, the page, its count and whether that is up to date, and what is
        # found at reading: for totals, what is standing at all, once for each way to count.
        assert max(cost for path, (cost, _) in many.items() if "/totals/" not in path) <= 5
        assert max(cost for cost, _ in many.values()) <= 7
        assert Force.objects.count() == 22
        assert Topic.objects.count() == 20

    def test_are_as_many_for_2_revisions_as_for_20(self, client):
        talks = meeting("talks")
        costs = []
        for number in range(20):
            talks.title = f"Talks {number}"
            talks.save()
            publish(talks)
            if number in (1, 19):
                kept.answers.clear()
                with CaptureQueriesContext(connection) as queries_made:
                    response = client.get("/api/v1/meetings/talks/revisions/")
                assert len(response.json()["results"]) == number + 1
                costs.append(len(queries_made))
        assert costs[0] == costs[1] == 2
