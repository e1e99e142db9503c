"""What is counted as it is published: it answers as the ledger does, whatever was published.

The ledger itself is asked as of the moment of its newest row.
"""

from io import StringIO
from itertools import combinations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements import kept, workflow
from agreements.catalogue.statistics import DIMENSIONS
from agreements.dates import PartialDate
from agreements.models import (
    ColumnCount,
    CountedUntil,
    EngagementTopic,
    FacetCount,
    Series,
)
from tests.builders import (
    CCG,
    JCG,
    VCG,
    agreement,
    exercise,
    force,
    meeting,
    publish,
    reload,
    topic,
)
from tests.public import LISTS, get

pytestmark = pytest.mark.django_db

BY = [*((name,) for name in DIMENSIONS), *combinations(DIMENSIONS, 2)]
FILTERS = (
    {},
    {"kind": "meeting"},
    {"status": "held"},
    {"happened": "true"},
    {"happened": "false", "kind": "meeting"},
    {"instrument": "treaty"},
    {"series": "talks"},
    {"country": "VN"},
    {"country": "VN", "kind": "meeting"},
    {"country": ["VN", "JP"]},
    {"country": "NA"},
    {"force": "japan-coast-guard"},
    {"role": "observer"},
    {"role": "host", "country": "VN"},
    {"topic": "search-and-rescue"},
    {"date_from": "2020"},
)
ONE_SIDE = ((VCG, "host"),)
THREE = ((VCG, "host"), (JCG, "guest"), ("KH", "observer"))


def newest(client):
    page = get(client, "changes/", page_size=100)
    while page["next"]:
        page = client.get(page["next"]).json()
    return page["results"][-1]["published_at"]


def agree(client, by=BY, filters=FILTERS):
    """Hold that statistics and counts are those of the ledger; return the number of records."""
    moment = newest(client)
    for number, query in enumerate(filters):
        # By each thing with every filter, by each two of them with every third one.
        pairs = by[len(DIMENSIONS) :] if number == 0 else by[len(DIMENSIONS) + number % 3 :: 3]
        for names in (*by[: len(DIMENSIONS)], *pairs):
            asked = {"by": ",".join(names), **query}
            now, then = (get(client, "stats/", **asked, **more) for more in ({}, {"as_of": moment}))
            assert now == then, asked
    for path in ("engagements/", "meetings/"):
        for query in filters:
            known = {**query, "count": "true", "page_size": 100}
            if path == "meetings/":
                known = {name: known[name] for name in known if name not in ("kind", "instrument")}
            found = get(client, path, **known)
            assert found["count"] == len(found["results"]), (path, known)
    for path in LISTS.values():
        found = get(client, f"{path}/", count="true", page_size=100)
        assert found["count"] == len(found["results"]), path
    verified = StringIO()
    call_command("verify_ledger", stdout=verified)
    assert "all as written" in verified.getvalue()
    return get(client, "stats/")["total"]


def records():
    talks = Series.objects.create(slug="talks", title="Talks")
    third = meeting("third", sides=THREE, date=PartialDate.parse("2021/2022"), status="planned")
    EngagementTopic.objects.create(engagement=third, topic=topic())
    return [
        meeting("first", series=talks, ordinal=1, date=PartialDate.parse("2020-05")),
        meeting("second", sides=ONE_SIDE, date=PartialDate.parse("2020")),
        third,
        agreement("treaty", instrument="treaty", date=PartialDate.parse("../2019")),
        exercise("visit", sides=((CCG, "host"), (VCG, "guest")), date=PartialDate.parse("2024")),
    ]


def test_of_what_is_published_revised_withdrawn_and_merged(client):
    first, second, third, treaty, visit = records()
    publish(first.series, first, second, third, treaty, visit)
    assert agree(client) == 5
    second.date, second.status = PartialDate.parse("2023-01"), "cancelled"
    second.save()
    third.participants.last().delete()
    publish(reload(second), reload(third))
    assert agree(client, BY[:13]) == 5
    workflow.withdraw(reload(visit), "reviewer", "It was another ship.")
    assert agree(client, BY[:13]) == 4


def test_of_many_that_are_published_together_and_renamed(client):
    publish(*(meeting(f"talks-{number}", date=None) for number in range(12)))
    side = force(VCG)
    side.name = "Coast Guard of Vietnam"
    side.save()
    publish(reload(side))
    call_command("carry_names", f"force/{side.slug}", stdout=StringIO())
    assert agree(client, BY[:13], FILTERS[:5]) == 12


def test_what_is_not_counted_is_asked_of_the_ledger(client):
    publish(*records()[1:])
    before = get(client, "stats/", by="country,partner")
    CountedUntil.objects.all().delete()
    FacetCount.objects.all().delete()
    ColumnCount.objects.all().delete()
    kept.answers.clear()
    assert get(client, "stats/", by="country,partner") == before
    assert get(client, "meetings/", count="true")["count"] == 2
    with pytest.raises(CommandError, match="count_again"):
        call_command("verify_ledger")
    publish(meeting("later"))
    assert agree(client, BY[:13], FILTERS[:2]) == 5


def test_a_migrate_that_has_nothing_to_do_counts_what_is_not_counted():
    publish(*records()[1:])
    CountedUntil.objects.all().delete()
    call_command("migrate", verbosity=0)
    call_command("verify_ledger", stdout=StringIO())


def test_a_wrong_count_is_found_and_counted_again(client):
    publish(*records()[1:])
    for model in (FacetCount, ColumnCount):
        row = model.objects.order_by("pk").last()
        model.objects.filter(pk=row.pk).update(number=row.number + 1)
        with pytest.raises(CommandError, match="count_again"):
            call_command("verify_ledger")
        call_command("count_again", stdout=StringIO())
        agree(client, BY[:13], FILTERS[:2])


def test_they_cost_as_many_queries_for_few_as_for_many(client):
    def costs():
        found = {}
        for names in BY:
            kept.answers.clear()
            with CaptureQueriesContext(connection) as queries:
                get(client, "stats/", by=",".join(names))
            found[names] = len(queries)
        return found

    publish(*(meeting(f"talks-{number}") for number in range(3)))
    few = costs()
    publish(*(meeting(f"visit-{number}", sides=THREE) for number in range(30)))
    assert costs() == few
