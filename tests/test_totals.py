"""How many published records match a total: the same in a pass over all as asked for one by one."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements import totals
from agreements.models import Publication
from tests import builders
from tests.builders import CCG, JCG, VCG

PERIODS = (
    None,
    {"earliest": "2015-01-01", "latest": "2019-12-31"},
    {"earliest": None, "latest": "2016-12-31"},
    {"earliest": "2018-01-01", "latest": None},
)
AS_OF = (None, {"earliest": "2016-01-01", "latest": "2016-12-31"})


def body(slug, counts, force, countries, instrument="", period=None, as_of=None):
    """Return what of a total's public body is compared."""
    return {
        "slug": slug,
        "force": {"slug": force} if force else None,
        "countries": list(countries),
        "as_of": as_of,
        "criteria": {"counts": counts, "instrument": instrument, "activity": "", "period": period},
    }


@pytest.fixture
def claims():
    """A total of every shape that there is."""
    shapes = product(
        ("agreements", "meetings", "exercises", "engagements", "countries"),
        ("", VCG[0], JCG[0], "unknown-force"),
        ((), ("VN",), ("VN", "JP"), ("CN",)),
        PERIODS,
        AS_OF,
    )
    found = [
        body(f"total-{number}", counts, force, countries, "", period, as_of)
        for number, (counts, force, countries, period, as_of) in enumerate(shapes)
    ]
    treaties = body("treaties", "agreements", VCG[0], (), "treaty")
    assert len(found) > 500
    return [*found, treaties]


@pytest.fixture
def ledger(db):
    """Published records that differ in all that totals ask for; one more is withdrawn."""
    sides = ((VCG, "party"), (JCG, "party"))
    wide = ((VCG, "party"), (JCG, "party"), (CCG, "party"))
    builders.publish(
        builders.meeting("talks-2015", date="2015-09", sides=sides),
        builders.meeting("talks-2018", date="2018-02-03", sides=wide),
        builders.meeting("talks-undated", date=None, sides=sides),
        builders.meeting("talks-planned", date="2016", status="planned", sides=sides),
        builders.agreement("treaty-2016", date="2016~", sides=sides, instrument="treaty"),
        builders.agreement("pledge-2019", date="../2019", sides=(("VN", "party"), ("KH", "party"))),
        builders.exercise("drill-2017", date="2016-12-30/2017-01-02", sides=wide),
        builders.exercise("drills", date="2017", sides=sides, count_stated="several"),
    )


def one_by_one(claims, standing):
    """Return the same from the records that each total matches."""
    found = {}
    for claim in claims:
        records, codes = totals.matching(claim, standing)
        number = len(codes) if codes is not None else records.distinct().count()
        if claim["criteria"]["counts"] == "countries" and codes is None:
            number = len(set(records.filter(facets__facet="country").values_list("facets__value")))
        found[claim["slug"]] = number
    return found


def test_a_pass_over_all_finds_what_each_matches(ledger, claims):
    standing = Publication.objects.current()
    found = totals.recorded(claims, standing)
    assert found == one_by_one(claims, standing)
    assert len(set(found.values())) > 4


def test_many_totals_ask_no_more_than_few(ledger, claims):
    def asked(some):
        with CaptureQueriesContext(connection) as queries:
            totals.recorded(some, Publication.objects.current())
        return len(queries)

    assert asked([claims[0], *claims[-3:]]) <= asked(claims) <= 4


def test_of_no_totals_nothing_is_asked(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert totals.recorded([], Publication.objects.current()) == {}
