"""Statistics: what is counted, held against a count of the records themselves."""

import csv
import io
import json
from collections import Counter
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements import kept, workflow
from agreements.catalogue.statistics import DIMENSIONS
from agreements.dates import PartialDate
from agreements.models import Meeting
from tests.builders import CCG, JCG, VCG, engagement, meeting, publish
from tests.public import get

pytestmark = pytest.mark.django_db

NAMES = {"partner", "country", "force", "topic", "document", "series"}


def values(record, dimension, beside=None, homes=frozenset()):
    """The values that a record has in a dimension, reckoned from its public JSON alone."""
    sides = {side["country"]["code"] for side in record["participants"]}
    forces = {
        side["force"]["slug"]: side["country"]["code"]
        for side in record["participants"]
        if side["force"]
    }
    date = record["date"]
    bounds = [date["earliest"], date["latest"]] if date else [None]
    years = {bound and bound[:4] for bound in bounds}
    found = {
        "country": sides,
        "partner": sides - set(homes),
        "force": set(forces),
        "topic": set(record["topics"]),
        "role": {side["role"] for side in record["participants"]},
        "document": {row["document"]["slug"] for row in record["citations"]},
        "series": {record["series"]["slug"]} if record["series"] else set(),
        "year": {int(year) for year in years} if len(years) == 1 and None not in years else set(),
    }
    found = found[dimension] if dimension in found else {record.get(dimension)}
    if dimension == "partner" and beside is not None:
        found = sides - {forces.get(beside, beside)}
    return found or {None}


def reckoned(records, by, homes=frozenset()):
    counts = Counter()
    for record in records:
        if len(by) == 1:
            counts.update((value,) for value in values(record, *by, homes=homes))
            continue
        one, other = by
        if one == "partner" and other in ("country", "force"):
            counts.update(
                (partner, side)
                for side in values(record, other)
                for partner in values(record, one, beside=side)
            )
        elif other == "partner" and one in ("country", "force"):
            counts.update(
                (side, partner)
                for side in values(record, one)
                for partner in values(record, other, beside=side)
            )
        else:
            counts.update(
                (first, second)
                for first in values(record, one, homes=homes)
                for second in values(record, other, homes=homes)
            )
    return counts


def counted(client, by, **query):
    answer = get(client, "stats/", by=",".join(by), **query)
    return Counter({tuple(row[name] for name in by): row["count"] for row in answer["results"]})


def everything(client, **query):
    response = client.get("/api/v1/engagements/", {"format": "ndjson", **query})
    return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


@pytest.mark.usefixtures("shipped_for_class")
class TestCounts:
    @pytest.mark.parametrize("dimension", DIMENSIONS)
    def test_by_one_thing_are_those_of_the_records(self, client, dimension):
        assert counted(client, [dimension]) == reckoned(everything(client), [dimension])

    @pytest.mark.parametrize("by", list(permutations(DIMENSIONS, 2)), ids=",".join)
    def test_by_two_things_are_those_of_the_records(self, client, by):
        assert counted(client, by) == reckoned(everything(client), by)

    def test_of_partners_leave_out_who_is_asked_for(self, client):
        query = {"country": ["VN", "JP"]}
        expected = reckoned(everything(client, **query), ["partner"], homes={"VN", "JP"})
        assert counted(client, ["partner"], **query) == expected
        assert (None,) in expected

    def test_of_partners_leave_out_the_country_of_a_force(self, client):
        query = {"force": "vietnam-coast-guard"}
        found = everything(client, **query)
        by_year = reckoned(found, ["partner", "year"], homes={"VN"})
        assert counted(client, ["partner", "year"], **query) == by_year
        assert sum(by_year.values()) >= len(found)

    @pytest.mark.parametrize(
        "query",
        [
            {"kind": "agreement"},
            {"date_from": "2023", "date_to": "2024"},
            {"status": "planned", "role": "host"},
            {"q": "canh sat bien", "topic": "search-and-rescue"},
            {"disputed": "true"},
            {"undated": "true"},
        ],
    )
    def test_take_the_filters_of_the_timeline(self, client, query):
        found = everything(client, **query)
        answer = get(client, "stats/", by="kind,status", **query)
        assert answer["total"] == len(found)
        assert counted(client, ["kind", "status"], **query) == reckoned(found, ["kind", "status"])

    def test_say_the_names_of_what_they_count(self, client):
        for name in NAMES:
            for row in get(client, "stats/", by=name)["results"]:
                assert (row[name] is None) == (row[f"{name}_name"] is None)
        row = get(client, "stats/", by="partner", country="VN", kind="agreement")["results"][0]
        assert row == {"partner": "CN", "partner_name": "China", "count": 1}

    def test_are_by_kind_where_nobody_says(self, client):
        answer = get(client, "stats/")
        assert answer["by"] == ["kind"]
        assert sum(row["count"] for row in answer["results"]) == answer["total"]

    def test_come_as_tables(self, client):
        response = client.get("/api/v1/stats/", {"by": "partner,year", "format": "csv"})
        text = b"".join(response.streaming_content).decode()
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        found = counted(client, ["partner", "year"])
        assert len(rows) == len(found)
        for row in rows:
            key = (row["partner"] or None, int(row["year"]) if row["year"] else None)
            assert found[key] == int(row["count"])
        lines = client.get("/api/v1/stats/", {"by": "partner,year", "format": "ndjson"})
        parsed = [json.loads(line) for line in b"".join(lines.streaming_content).splitlines()]
        assert parsed == get(client, "stats/", by="partner,year")["results"]


class TestRefusals:
    @pytest.mark.parametrize(
        "by", ["colour", "kind,kind", "kind,status,year", "", "kind,", ",", "KIND", "kind year"]
    )
    def test_of_what_nothing_is_counted_by(self, client, by):
        faults = get(client, "stats/", 400, by=by)["errors"]
        assert [fault["parameter"] for fault in faults] == ["by"]

    @pytest.mark.parametrize("name", ["ordering", "page_size", "cursor", "fields", "count"])
    def test_of_what_a_list_takes_alone(self, client, name):
        assert get(client, "stats/", 400, **{name: "1"})["errors"][0]["parameter"] == name

    def test_of_a_slug_that_never_was(self, client):
        assert get(client, "stats/", 400, force="never")["errors"][0]["parameter"] == "force"


class TestThePast:
    def test_is_counted_as_it_was(self, client):
        publish(meeting("talks"), meeting("visit"))
        before = get(client, "changes/", page_size=100)["results"][-1]["published_at"]
        workflow.withdraw(Meeting.objects.get(slug="visit"), "reviewer", "A mistake.")
        publish(engagement("exercise", "drill", sides=((VCG, "party"), (CCG, "party"))))
        assert counted(client, ["kind"], as_of=before) == {("meeting",): 2}
        assert counted(client, ["kind"]) == {("meeting",): 1, ("exercise",): 1}
        assert counted(client, ["partner"], country="VN", as_of=before) == {("JP",): 2}

    def test_before_the_first_publication_has_none(self, client):
        publish(meeting("talks"))
        answer = get(client, "stats/", as_of="2020-01-01")
        assert (answer["total"], answer["results"]) == (0, [])


class TestQueries:
    def test_are_as_many_for_many_records(self, client):
        def cost():
            kept.answers.clear()
            with CaptureQueriesContext(connection) as queries:
                for by in ("partner,year", "country,partner", "force,partner", "topic"):
                    get(client, "stats/", by=by)
            return len(queries)

        for number in range(2):
            publish(meeting(f"talks-{number}", date=PartialDate.parse(f"20{10 + number}")))
        few = cost()
        for number in range(2, 12):
            sides = ((VCG, "host"), ((JCG, CCG)[number % 2], "guest"))
            date = PartialDate.parse(f"20{10 + number}")
            publish(meeting(f"talks-{number}", sides=sides, date=date))
        assert cost() == few
