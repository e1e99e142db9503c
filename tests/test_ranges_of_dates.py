"""Ranges of dates, and who took part: page by page, both ways, what they hold and in what order."""

from datetime import date
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements import kept
from agreements.dates import PartialDate
from tests.builders import CCG, JCG, VCG, agreement, meeting, publish
from tests.public import get

pytestmark = pytest.mark.django_db

# Days, months, years, decades, centuries, and dates that are open on a side, near one another.
DATES = (
    *("1979-12-31", "1980-01-01", "1980", "1980-06", "1980-06-30", "1980-07-01", "1981-01"),
    *("197X", "198X", "19XX", "1979/1981", "1979-06/1980-05", "1900/1980-01-01", "1980~", "1981?"),
    *("../1979-06", "../1980", "../1981-01-01", "../2020", "1979/..", "1980-06-30/..", "2020/.."),
    *("2000-02-29", "1950", "XXXX-07-24", None, "1980-06-30"),
)
SIDES = (
    ((VCG, "host"), (JCG, "guest")),
    ((CCG, "host"), (VCG, "guest")),
    ((JCG, "host"), (CCG, "guest"), (VCG, "observer")),
)
RANGES = (
    {"date_from": "1980-06-30", "date_to": "1980-06-30"},
    {"date_from": "1980", "date_to": "1980"},
    {"date_from": "1980-02", "date_to": "1981-06"},
    {"date_from": "1980-06-15"},
    {"date_to": "1980-06-15"},
    {"date_from": "0001", "date_to": "9999"},
    {"date_from": "1985", "date_to": "1986"},
    {"date_from": "1980", "date_to": "1980", "date_certain": "true"},
    {"date_to": "1980", "date_certain": "true"},
    {"date_from": "1980", "date_certain": "false"},
    {},
)
WHO = (
    {},
    {"country": "VN"},
    {"country": ["VN", "JP"]},
    {"force": "china-coast-guard", "role": "host"},
    {"role": "observer"},
    {"country": "JP", "q": "talks"},
)


def made(numbers):
    for number in numbers:
        text = DATES[number % len(DATES)]
        when = PartialDate.parse(text) if text else None
        if number % 3:
            sides = SIDES[number % len(SIDES)]
            yield meeting(f"talks-{number}", date=when, sides=sides, title=f"Talks {number}")
        else:
            yield agreement(f"talks-{number}", date=when, title=f"Talks {number}")


def walked(client, path, **query):
    """The slugs of all pages, read forwards, which are those read backwards."""
    page = get(client, path, **query)
    forwards = [page]
    while page["next"]:
        page = client.get(page["next"]).json()
        forwards.append(page)
    backwards = [page]
    while page["previous"]:
        page = client.get(page["previous"]).json()
        backwards.insert(0, page)
    found = [[row["slug"] for row in each["results"]] for each in forwards]
    assert [[row["slug"] for row in each["results"]] for each in backwards] == found
    return [slug for page in found for slug in page]


def holds(record, asked):
    """Whether a public record is in a range, from its date alone."""
    when = PartialDate.parse(record["date"]["edtf"]) if record["date"] else None
    first = when.earliest if when else None
    last = when.latest if when else None
    if "date_certain" in asked and bool(when and when.certain) != (asked["date_certain"] == "true"):
        return False
    if not {"date_from", "date_to"} & asked.keys():
        return True
    if first is None and last is None:
        return False
    start = day(asked.get("date_from"), "earliest") or date.min
    end = day(asked.get("date_to"), "latest") or date.max
    if asked.get("date_certain") == "true":
        return (first or date.min) >= start and (last or date.max) <= end
    return (last or date.max) >= start and (first or date.min) <= end


def day(text, bound):
    return getattr(PartialDate.parse(text), bound) if text else None


def took_part(record, asked):
    sides = record["participants"]
    role = asked.get("role")
    codes = [asked["country"]] if isinstance(asked.get("country"), str) else asked.get("country")
    if asked.get("force"):
        sides = [each for each in sides if each["force"]["slug"] == asked["force"]]
    if role:
        sides = [each for each in sides if each["role"] == role]
    return bool(sides) and set(codes or ()) <= {each["country"]["code"] for each in sides}


@pytest.mark.parametrize("path", ["engagements/", "meetings/"])
@pytest.mark.parametrize("ordering", ["date", "-date", "title"])
def test_each_is_in_the_pages_once_and_in_order(client, path, ordering):
    publish(*made(range(54)))
    everything = get(client, path, ordering=ordering, page_size=100)["results"]
    assert len(everything) > 30
    some = 0
    for when, who in product(RANGES, WHO):
        asked = {**when, **who}
        expected = [row["slug"] for row in everything if holds(row, when) and took_part(row, who)]
        some += bool(expected)
        assert walked(client, path, ordering=ordering, page_size=15, **asked) == expected, asked
    assert some > 50


def test_they_cost_as_many_queries_for_few_as_for_many(client):
    def costs():
        found = {}
        for number, (when, who) in enumerate(product(RANGES, WHO[:5])):
            kept.answers.clear()
            with CaptureQueriesContext(connection) as queries:
                get(client, "engagements/", page_size=100, **when, **who)
            found[number] = len(queries)
        return found

    publish(*made(range(27)))
    few = costs()
    publish(*made(range(27, 81)))
    assert costs() == few
    # The head of the ledger and each section of the order: what begins before the range, by a
    # near day, by a far one or open, what begins in it, and what ends behind it.
    assert max(few.values()) <= 6


def test_what_stood_at_a_moment_is_found_as_it_was(client):
    publish(*made(range(27)))
    before = walked(client, "engagements/", date_from="1980", date_to="1980", country="VN")
    moment = get(client, "changes/", page_size=100)["results"][-1]["published_at"]
    publish(*made(range(27, 54)))
    asked = {"date_from": "1980", "date_to": "1980", "country": "VN"}
    assert len(walked(client, "engagements/", **asked)) > len(before)
    assert walked(client, "engagements/", as_of=moment, page_size=3, **asked) == before
