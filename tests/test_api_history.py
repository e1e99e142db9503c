"""Answers as of a past day, totals against what is recorded, and the feed of changes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from agreements import workflow
from agreements.dates import PartialDate
from agreements.models import ReportedTotal
from tests import builders
from tests.builders import CCG, JCG, VCG, meeting, publish, reload
from tests.public import get, slugs

pytestmark = pytest.mark.django_db

MARCH = datetime(2025, 3, 1, 12, tzinfo=UTC)
APRIL = datetime(2025, 4, 1, 12, tzinfo=UTC)


class TestAsOf:
    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def records(cls, class_database):
        """Talks are published in March, given another title in April, and withdrawn today."""
        talks = meeting("talks", title="Talks in March")
        publish(talks, at=MARCH)
        talks.title = "Talks in April"
        talks.save()
        publish(talks, meeting("more-talks"), at=APRIL)
        workflow.withdraw(reload(talks), "reviewer", "Retracted.")

    def title(self, client, moment):
        return get(client, "meetings/talks/", as_of=moment)["title"]

    @pytest.mark.parametrize(
        ("moment", "title"),
        [
            ("2025-03-01", "Talks in March"),
            ("2025-03-01T12:00:00Z", "Talks in March"),
            ("2025-03-01T12:00:00", "Talks in March"),
            ("2025-03-01T19:00:00+07:00", "Talks in March"),
            ("2025-04-01T11:59:59.999999Z", "Talks in March"),
            ("2025-04-01T12:00:00Z", "Talks in April"),
            ("2025-04-01T07:00:00-05:00", "Talks in April"),
            ("2025-04-01", "Talks in April"),
            ("2025-12-31", "Talks in April"),
        ],
    )
    def test_a_record_is_as_it_was(self, client, moment, title):
        assert self.title(client, moment) == title
        listed = get(client, "meetings/", as_of=moment, q="talks", ordering="published_at")
        assert title in [record["title"] for record in listed["results"]]

    def test_a_list_is_as_it_was(self, client):
        assert slugs(client, "meetings/", as_of="2025-03-31") == ["talks"]
        assert set(slugs(client, "meetings/", as_of="2025-04-30")) == {"talks", "more-talks"}
        assert slugs(client, "meetings/") == ["more-talks"]
        assert get(client, "engagements/", as_of="2025-03-31", count="true")["count"] == 1

    @pytest.mark.parametrize("moment", ["2025-02-28", "2025-03-01T11:59:59.999999Z", "0001-01-01"])
    def test_before_the_first_publication_there_is_nothing(self, client, moment):
        assert slugs(client, "meetings/", as_of=moment) == []
        assert get(client, "meetings/talks/", 404, as_of=moment)["status"] == 404

    def test_a_withdrawal_does_not_change_the_past(self, client):
        assert get(client, "meetings/talks/", 410)["reason"] == "Retracted."
        assert get(client, "meetings/talks/", 410, as_of=timezone.now().isoformat())
        yesterday = (timezone.now() - timedelta(days=1)).date().isoformat()
        assert self.title(client, yesterday) == "Talks in April"

    def test_today_is_as_now(self, client):
        today = timezone.now().date().isoformat()
        assert slugs(client, "meetings/", as_of=today) == ["more-talks"]

    @pytest.mark.parametrize("moment", ["2999-01-01", "9999-12-31", "2999-01-01T00:00:00Z"])
    def test_the_future_is_refused(self, client, moment):
        for path in ("meetings/", "meetings/talks/"):
            fault = get(client, path, 400, as_of=moment)["errors"][0]
            assert fault["parameter"] == "as_of"

    @pytest.mark.parametrize(
        "moment",
        ["2025", "2025-03", "yesterday", "2025-02-30", "20250301", "2025-03-01T25:00", "0"],
    )
    def test_anything_else_is_refused(self, client, moment):
        assert get(client, "meetings/", 400, as_of=moment)["errors"][0]["parameter"] == "as_of"

    def test_words_and_filters_look_at_the_past_too(self, client):
        assert slugs(client, "meetings/", q="march", as_of="2025-03-31") == ["talks"]
        assert slugs(client, "meetings/", q="march", as_of="2025-04-30") == []

    def test_a_document_lists_who_cited_it_then(self, client):
        then = get(client, "documents/news-report/", as_of="2025-03-31")["records"]
        now = get(client, "documents/news-report/")["records"]
        assert "more-talks" not in [row["slug"] for row in then]
        assert "talks" in [row["slug"] for row in then]
        assert "talks" not in [row["slug"] for row in now]


class TestOverdueThen:
    def test_is_what_was_late_at_the_time(self, client):
        date = PartialDate.parse("2025-03-10")
        publish(meeting("visit", date=date, status="planned"), at=MARCH)
        assert slugs(client, "meetings/", overdue="true", as_of="2025-03-10") == []
        assert slugs(client, "meetings/", overdue="true", as_of="2025-03-11") == ["visit"]


def total(slug: str = "claim", countries: tuple[str, ...] = (), **values):
    values = {"title": "A claim", "what": "records", "count": 10, "counts": "meetings", **values}
    row = ReportedTotal.objects.create(
        slug=slug, document=builders.document(), locator="paragraph 1", **values
    )
    row.countries.set(builders.country(code) for code in countries)
    return row


class TestTotals:
    def recorded(self, client, **query):
        record = get(client, "totals/claim/", **query)
        assert record["gap"] == record["count"] - record["recorded"]
        listed = get(client, "totals/", **query)["results"]
        assert record in listed
        return record["recorded"]

    def test_counts_the_records_of_its_kind(self, client):
        publish(meeting("one"), meeting("two"), builders.exercise(), total())
        assert self.recorded(client) == 2

    @pytest.mark.parametrize("status", ["planned", "postponed", "cancelled", "unconfirmed"])
    def test_does_not_count_what_did_not_come_about(self, client, status):
        publish(meeting("one", status=status), total())
        assert self.recorded(client) == 0

    def test_does_not_count_what_is_under_negotiation(self, client):
        publish(builders.agreement("draft-text", status="under-negotiation"), builders.agreement())
        publish(total(counts="agreements"))
        assert self.recorded(client) == 1

    def test_does_not_count_a_record_that_stands_for_many(self, client):
        publish(builders.exercise("visits", count_stated="eight patrol ships"))
        publish(builders.exercise("visit"), total(counts="exercises"))
        assert self.recorded(client) == 1

    def test_counts_what_its_force_took_part_in(self, client):
        publish(meeting("one"), meeting("two", sides=((CCG, "host"), ("KH", "guest"))))
        publish(total(force=builders.force(JCG)))
        assert self.recorded(client) == 1

    def test_counts_a_force_with_any_of_the_partners(self, client):
        publish(
            meeting("with-japan"),
            meeting("with-china", sides=((VCG, "host"), (CCG, "guest"))),
            meeting("with-cambodia", sides=((VCG, "host"), ("KH", "guest"))),
            total(force=builders.force(), countries=("JP", "CN")),
        )
        assert self.recorded(client) == 2

    def test_counts_where_all_countries_took_part_when_it_names_no_force(self, client):
        publish(
            meeting("one"),
            meeting("two", sides=((VCG, "host"), (CCG, "guest"))),
            total(countries=("VN", "JP")),
        )
        assert self.recorded(client) == 1

    def test_counts_the_partner_countries_of_a_force(self, client):
        publish(
            meeting("one"),
            builders.agreement("two"),
            meeting("three", sides=((VCG, "host"), ("KH", "guest"))),
            total(counts="countries", force=builders.force()),
        )
        assert self.recorded(client) == 2

    def test_counts_only_its_instrument_and_its_activity(self, client):
        publish(
            builders.agreement("one", instrument="memorandum-of-understanding"),
            builders.agreement("two", instrument="protocol"),
            total(counts="agreements", instrument="protocol"),
        )
        assert self.recorded(client) == 1

    def test_counts_what_could_lie_in_its_period(self, client):
        for slug, edtf in (("in", "2020-05"), ("at-its-edge", "2019~/2020"), ("after", "2022")):
            publish(meeting(slug, date=PartialDate.parse(edtf)))
        publish(meeting("undated"), total(period=PartialDate.parse("2020/2021")))
        assert self.recorded(client) == 2

    def test_does_not_count_what_came_after_the_claim(self, client):
        publish(meeting("before", date=PartialDate.parse("2020")), meeting("undated"))
        publish(meeting("after", date=PartialDate.parse("2022")))
        publish(total(as_of=PartialDate.parse("2021-06")))
        assert self.recorded(client) == 2

    def test_counts_what_stood_then(self, client):
        publish(total(), meeting("one"), at=MARCH)
        publish(meeting("two"), at=APRIL)
        assert self.recorded(client, as_of="2025-03-31") == 1
        assert self.recorded(client, as_of="2025-04-30") == 2
        assert get(client, "totals/claim/revisions/1/")["recorded"] == 1

    def test_leaves_out_the_country_that_its_force_had_then(self, client):
        publish(
            meeting("one"),
            total(counts="countries", force=builders.force()),
            at=MARCH,
        )
        guard = builders.force()
        guard.participations.all().delete()
        guard.country = builders.country("KH")
        guard.save()
        publish(guard, at=APRIL)
        assert self.recorded(client, as_of="2025-03-31") == 1


class TestChanges:
    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def records(cls, class_database):
        talks, double, wrong = meeting("talks"), meeting("double"), meeting("wrong")
        publish(talks, double, wrong)
        talks.title = "Talks in Hanoi"
        talks.save()
        publish(talks)
        workflow.withdraw(reload(double), "reviewer", "The same.", successor=reload(talks))
        workflow.withdraw(reload(wrong), "reviewer", "Never held.")

    def test_tell_what_was_written_in_its_order(self, client):
        rows = get(client, "changes/", page_size="100")["results"]
        assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
        told = [(row["change"], row["slug"]) for row in rows if row["kind"] == "meeting"]
        assert told == [
            ("published", "double"),
            ("published", "talks"),
            ("published", "wrong"),
            ("revised", "talks"),
            ("merged", "double"),
            ("withdrawn", "wrong"),
        ]
        assert rows[-2]["merged_into"] == "talks"
        assert rows[-1]["reason"] == "Never held."
        assert rows[0].keys() == rows[-1].keys()

    def test_since_gives_only_what_came_after(self, client):
        rows = get(client, "changes/", page_size="100")["results"]
        later = get(client, "changes/", since=rows[-3]["sequence"])["results"]
        assert later == rows[-2:]
        assert get(client, "changes/", since=rows[-1]["sequence"])["results"] == []
        assert get(client, "changes/", since="0", page_size="100")["results"] == rows

    def test_are_asked_for_by_kind(self, client):
        rows = get(client, "changes/", kind="force", count="true")
        assert {row["kind"] for row in rows["results"]} == {"force"}
        assert rows["count"] == len(rows["results"]) == 2

    def test_come_in_pages(self, client):
        everything = get(client, "changes/", page_size="100")["results"]
        walked, page = [], get(client, "changes/", page_size="4")
        while True:
            walked += page["results"]
            if page["next"] is None:
                break
            page = client.get(page["next"]).json()
        assert walked == everything
