"""What waits on the front page of the desk: who finds which record there, and who does not."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements import roles, workflow
from agreements.likeness import open_pairs
from agreements.models import (
    Document,
    DocumentText,
    Engagement,
    FruitlessSearch,
    Meeting,
    PossibleDuplicate,
    ReportedTotal,
    Series,
)
from agreements.queues import QUEUES
from tests import builders
from tests.builders import meeting, reload
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db

YESTERDAY = timezone.localdate() - timedelta(days=1)
TOMORROW = timezone.localdate() + timedelta(days=1)


def somebody(name: str, role: str) -> Client:
    """The client of an account with a role."""
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def writer() -> Client:
    return somebody("writer", roles.ANALYST)


@pytest.fixture
def reviewer() -> Client:
    return somebody("reviewer", roles.REVIEWER)


def queue_of(client: Client, key: str, **asked: str):
    """The page of a queue."""
    response = client.get(f"/admin/queues/{key}/", asked)
    assert response.status_code == 200, (key, response.status_code)
    return response


def waiting(client: Client, key: str, **asked: str) -> list[str]:
    """The titles that a queue lists, in its order."""
    return [row.waiting.title for row in queue_of(client, key, **asked).context["rows"]]


def matter(client: Client, key: str) -> str:
    """What the only row of a queue says."""
    (row,) = queue_of(client, key).context["rows"]
    return row.waiting.matter


def counted(client: Client) -> dict[str, int]:
    """The numbers of the front page, by the keys of its queues."""
    groups = client.get("/admin/").context["queues"]
    return {box.queue.key: box.counted.number for _name, boxes in groups for box in boxes}


def submitted(slug: str, by: str) -> Meeting:
    record = meeting(slug)
    workflow.record_edit(record, by)
    workflow.submit(record, by)
    return record


class TestAwaitingMyReview:
    def test_has_what_others_edited_last_and_not_what_the_reader_did(self, reviewer):
        submitted("theirs", "writer")
        submitted("own", "reviewer")
        meeting("a-draft")
        assert waiting(reviewer, "awaiting") == ["Theirs"]
        assert counted(reviewer)["awaiting"] == 1

    def test_names_who_submitted_it_and_leads_to_its_review(self, reviewer):
        record = submitted("theirs", "writer")
        (row,) = queue_of(reviewer, "awaiting").context["rows"]
        assert row.waiting.matter == "Submitted by writer; not public yet."
        assert row.address == f"/admin/agreements/meeting/{record.pk}/review/"

    def test_says_what_changes_the_public(self, reviewer):
        record = meeting("theirs")
        builders.publish(record)
        workflow.record_edit(reload(record), "writer")
        workflow.submit(reload(record), "writer")
        assert matter(reviewer, "awaiting") == "Submitted by writer; changes what is public."

    def test_has_the_longest_waiting_first_of_every_kind(self, reviewer):
        submitted("second-in-the-alphabet", "writer")
        topic = builders.topic()
        workflow.record_edit(topic, "writer")
        workflow.submit(topic, "writer")
        submitted("first", "writer")
        expected = ["Second in the alphabet", "Search and rescue", "First"]
        assert waiting(reviewer, "awaiting") == expected

    def test_a_lone_analyst_finds_their_own(self, reviewer, settings):
        settings.ALLOW_SELF_APPROVAL = True
        submitted("own", "reviewer")
        assert waiting(reviewer, "awaiting") == ["Own"]

    def test_is_not_for_who_may_not_approve(self, writer):
        submitted("theirs", "somebody")
        assert "awaiting" not in counted(writer)
        assert writer.get("/admin/queues/awaiting/").status_code == 403


class TestReturnedToMe:
    def returned(self, slug: str, by: str) -> Meeting:
        record = submitted(slug, by)
        workflow.return_to_draft(record, "reviewer", "Paragraph 4 names two open points.")
        return record

    def test_has_the_own_drafts_with_the_reason_until_they_are_submitted_again(self, writer):
        record = self.returned("mine", "writer")
        self.returned("anothers", "somebody")
        assert waiting(writer, "returned") == ["Mine"]
        told = "Returned by reviewer: Paragraph 4 names two open points."
        assert matter(writer, "returned") == told
        workflow.record_edit(reload(record), "writer")
        assert matter(writer, "returned") == f"{told} (Edited since.)"
        workflow.submit(reload(record), "writer")
        assert waiting(writer, "returned") == []

    def test_has_what_one_submitted_and_another_edited(self, writer):
        record = meeting("edited-by-another")
        workflow.record_edit(record, "somebody")
        workflow.submit(record, "writer")
        workflow.return_to_draft(record, "reviewer", "Look again.")
        assert waiting(writer, "returned") == ["Edited by another"]

    def test_is_not_among_the_drafts_as_well(self, writer):
        self.returned("mine", "writer")
        workflow.record_edit(meeting("begun"), "writer")
        workflow.record_edit(meeting("anothers"), "somebody")
        assert waiting(writer, "drafts") == ["Begun"]

    def test_a_draft_that_was_approved_since_is_a_draft_like_others(self, writer):
        record = self.returned("mine", "writer")
        workflow.submit(reload(record), "writer")
        workflow.approve(reload(record), "reviewer")
        workflow.record_edit(reload(record), "writer")
        assert waiting(writer, "returned") == []
        assert waiting(writer, "drafts") == ["Mine"]


class TestApproved:
    def test_has_what_is_approved_and_not_public(self, reviewer, writer):
        builders.approved(meeting("approved"))
        builders.publish(meeting("published"))
        assert waiting(reviewer, "approved") == ["Approved"]
        assert matter(reviewer, "approved") == "Approved by reviewer."
        assert "approved" not in counted(writer)


class TestPlannedButPast:
    def test_has_what_is_planned_and_whose_last_day_is_past(self, writer):
        meeting("past", status="planned", date=YESTERDAY.isoformat())
        meeting("coming", status="planned", date=f"{YESTERDAY}/{TOMORROW}")
        meeting("happened", status="held", date=YESTERDAY.isoformat())
        meeting("undated", status="planned")
        gone = meeting("gone", status="planned", date=YESTERDAY.isoformat())
        Engagement.objects.filter(pk=gone.pk).update(review_state="withdrawn")
        assert waiting(writer, "overdue") == ["Past"]
        assert counted(writer)["overdue"] == 1

    def test_what_was_looked_for_goes_below_with_who_did(self, writer):
        sought = meeting("sought", status="planned", date="2001")
        meeting("longer", status="planned", date="2002")
        meeting("lately", status="planned", date="2003")
        for day, by in ((date(2026, 5, 1), "somebody"), (date(2026, 5, 2), "another")):
            FruitlessSearch.objects.create(
                engagement=sought, sought="It", places="Sites", searched_on=day, by=by
            )
        assert waiting(writer, "overdue") == ["Longer", "Lately", "Sought"]
        text = queue_of(writer, "overdue").content.decode()
        assert "Looked for in vain 2 times, last on 2026-05-02 by another." in text

    def test_one_kind_and_some_words_are_asked_for(self, writer):
        meeting("talks", status="planned", date="2001")
        builders.exercise("patrol", status="planned", date="2001")
        assert waiting(writer, "overdue", kind="exercise") == ["Patrol"]
        assert waiting(writer, "overdue", q="TALK") == ["Talks"]
        assert waiting(writer, "overdue", q="nothing") == []


class TestMissingNumbers:
    def series(self, slug: str, *numbers: int) -> Series:
        run = Series.objects.create(slug=slug, title=slug.capitalize())
        for number in numbers:
            meeting(f"{slug}-{number}", series=run, ordinal=number)
        return run

    def test_has_the_series_with_gaps_between_their_numbers_or_below_them(self, writer):
        self.series("gap", 1, 2, 4, 5)
        self.series("whole", 1, 2, 3)
        self.series("late", 3)
        self.series("empty")
        assert waiting(writer, "numbers") == ["Gap", "Late"]
        told = [row.waiting.matter for row in queue_of(writer, "numbers").context["rows"]]
        assert told[0] == "No. 3 of 5 is missing; recorded: 1–2, 4–5."
        assert told[1] == "No. 1–2 of 3 are missing; recorded: 3."

    def test_what_was_withdrawn_is_missing(self, writer):
        self.series("run", 1, 2, 3)
        assert waiting(writer, "numbers") == []
        Engagement.objects.filter(slug="run-2").update(review_state="withdrawn")
        assert matter(writer, "numbers") == "No. 2 of 3 is missing; recorded: 1, 3."

    def test_a_series_goes_below_once_each_of_its_numbers_was_looked_for(self, writer):
        first, second = self.series("first", 3), self.series("second", 1, 2, 9)

        def look_for(run, *numbers):
            for number in numbers:
                FruitlessSearch.objects.create(
                    series=run, ordinal=number, sought="It", places="Sites",
                    searched_on=date(2026, 5, 1), by="somebody",
                )  # fmt: skip

        look_for(first, 1)
        assert waiting(writer, "numbers") == ["First", "Second"]
        # Number 4 may have been held too; it is not below the highest that is recorded.
        look_for(first, 4)
        assert waiting(writer, "numbers") == ["First", "Second"]
        look_for(first, 2)
        assert waiting(writer, "numbers") == ["Second", "First"]
        row = queue_of(writer, "numbers").context["rows"][1]
        assert [(each.number, each.sought.count) for each in row.numbers] == [(1, 1), (2, 1)]
        assert second.pk != first.pk

    def test_of_a_series_that_lacks_thousands_some_are_listed(self, writer):
        self.series("by-year", 2025)
        (row,) = queue_of(writer, "numbers").context["rows"]
        assert len(row.numbers) == 12
        assert row.waiting.missing_more == 2024 - 12


class TestTotals:
    def total(self, slug: str, count: int) -> ReportedTotal:
        return ReportedTotal.objects.create(
            slug=slug, title=slug.capitalize(), what="talks", count=count, counts="meetings",
            document=builders.document(), locator="paragraph 1",
        )  # fmt: skip

    def test_has_published_totals_that_claim_more_than_is_published(self, writer):
        builders.publish(meeting("held"), self.total("more", 3), self.total("as-many", 1))
        self.total("draft", 9)
        meeting("unpublished")
        assert waiting(writer, "totals") == ["More"]
        expected = "Claims 3, recorded 1: compared with published meetings."
        assert matter(writer, "totals") == expected

    def test_follows_the_ledger(self, writer):
        builders.publish(meeting("held"), self.total("two", 2))
        assert counted(writer)["totals"] == 1
        builders.publish(meeting("held-too"))
        assert counted(writer)["totals"] == 0

    def test_the_widest_gap_comes_first_and_what_was_looked_for_last(self, writer):
        wide = self.total("wide", 9)
        builders.publish(self.total("narrow", 2), wide)
        assert waiting(writer, "totals") == ["Wide", "Narrow"]
        FruitlessSearch.objects.create(
            total=wide, sought="It", places="Sites", searched_on=date(2026, 5, 1), by="somebody"
        )
        assert waiting(writer, "totals") == ["Narrow", "Wide"]

    def test_has_each_that_claims_more(self, writer):
        builders.publish(*(self.total(f"total-{n}", n + 1) for n in range(5)))
        assert counted(writer)["totals"] == 5


class TestQuotations:
    @pytest.fixture
    def held(self) -> Document:
        document = builders.document(sha256="a" * 64)
        DocumentText.objects.create(document=document, text="Begun.\nThey met in the harbour.\n")
        return document

    def test_has_what_is_not_in_the_held_text(self, writer, held):
        record = meeting("cited")
        cite = {"quote": "met in the harbour", "document": held}
        row = builders.cite(record, "date", locator="paragraph 1", **cite)
        found = {"verified_against": held.sha256, "locator": "paragraph 2"}
        builders.cite(record, "date", **found, **cite)
        builders.cite(record, "date", locator="paragraph 1", document=held)
        elsewhere = builders.document("not-held")
        builders.cite(record, "date", quote="unseen", document=elsewhere)
        assert waiting(writer, "quotations") == ["Cited"]
        (shown,) = queue_of(writer, "quotations").context["rows"]
        assert shown.waiting.matter == "paragraph 1: it stands in paragraph 2."
        page = f"/admin/agreements/document/{held.pk}/text/"
        assert shown.address == f"{page}?record=meeting-{record.pk}#citation-{row.pk}"
        assert f'id="citation-{row.pk}"' in writer.get(shown.address).content.decode()

    def test_has_what_was_found_in_another_text(self, writer, held):
        record = meeting("cited")
        found = {"quote": "met in the harbour", "locator": "paragraph 2"}
        builders.cite(record, "date", document=held, verified_against="b" * 64, **found)
        told = "paragraph 2: it stands there, and was not verified in this text."
        assert matter(writer, "quotations") == told
        DocumentText.objects.all().delete()
        told = "paragraph 2: found in another text than the document has now."
        assert matter(writer, "quotations") == told

    def test_has_those_of_totals_and_none_of_withdrawn_records(self, writer, held):
        values = {"document": held, "locator": "paragraph 1", "quote": "unseen"}
        gone = meeting("gone")
        builders.cite(gone, "date", **values)
        Engagement.objects.filter(pk=gone.pk).update(review_state="withdrawn")
        ReportedTotal.objects.create(
            slug="ten", title="Ten", what="talks", count=10, counts="meetings", **values
        )
        builders.cite(builders.force(), "name", **values)
        assert waiting(writer, "quotations") == ["Vietnam Coast Guard", "Ten"]
        assert waiting(writer, "quotations", kind="total") == ["Ten"]

    def test_the_public_ones_come_first(self, writer, held):
        values = {"document": held, "locator": "paragraph 1", "quote": "unseen"}
        builders.cite(meeting("draft"), "date", **values)
        published = meeting("published")
        builders.publish(published)
        builders.cite(published, "date", **values)
        assert waiting(writer, "quotations") == ["Published", "Draft"]


class TestDisputes:
    def test_has_each_disputed_value_once_with_what_is_stated(self, writer):
        record = meeting("disputed", date="2024-05-03")
        for stated in ("May 4", "May 5"):
            builders.cite(record, "date", stance="disputes", stated_value=stated)
        gone = meeting("gone")
        builders.cite(gone, "date", stance="disputes", stated_value="May 6")
        Engagement.objects.filter(pk=gone.pk).update(review_state="withdrawn")
        meeting("agreed")
        assert matter(writer, "disputes") == (
            "date: the record has “2024-05-03”; stated is “May 4” in A news report, paragraph 1; "
            "“May 5” in A news report, paragraph 1."
        )
        assert counted(writer)["disputes"] == 1

    def test_a_choice_is_shown_in_words_and_rows_are_not_shown(self, writer):
        record = meeting("disputed", level="minister")
        builders.cite(record, "level", stance="disputes", stated_value="working level")
        builders.cite(record, "participants", stance="disputes", note="Three sides.")
        told = [row.waiting.matter for row in queue_of(writer, "disputes").context["rows"]]
        assert told[0].startswith("participants: stated is “Three sides.”")
        assert told[1].startswith("level: the record has “minister”; stated is “working level”")


class TestDocuments:
    def test_has_those_that_nothing_cites(self, writer):
        meeting("cites-the-news-report")
        ReportedTotal.objects.create(
            slug="ten", title="Ten", what="talks", count=10, counts="meetings",
            document=builders.document("counted"), locator="paragraph 1",
        )  # fmt: skip
        builders.document("unread", title="Not held")
        held = builders.document("held", title="Held")
        DocumentText.objects.create(document=held, text="Text.")
        assert waiting(writer, "unread") == ["Held", "Not held"]
        rows = queue_of(writer, "unread").context["rows"]
        assert rows[0].address == f"/admin/agreements/document/{held.pk}/text/"
        assert rows[1].waiting.matter == "its text is not held"

    def test_an_origin_known_by_a_cited_republication_has_nothing_to_read(self, writer):
        origin = builders.document("origin", title="Origin")
        reprint = builders.document("reprint", title="Reprint", origin=origin)
        assert waiting(writer, "unread") == ["Origin", "Reprint"]
        builders.cite(meeting("told"), "date", document=reprint)
        assert waiting(writer, "unread") == []
        DocumentText.objects.create(document=origin, text="Text.")
        assert waiting(writer, "unread") == ["Origin"]


class TestDuplicates:
    def test_counts_the_open_pairs_and_leads_to_their_page(self, writer):
        one, other = meeting("one"), meeting("other")
        PossibleDuplicate.objects.all().delete()
        PossibleDuplicate.objects.create(first_id=one.pk, second_id=other.pk, nearness=90)
        assert open_pairs().count() == 1
        assert counted(writer)["duplicates"] == 1
        response = writer.get("/admin/queues/duplicates/")
        assert response["Location"] == "/admin/duplicates/"
        PossibleDuplicate.objects.update(told_apart_by="writer", told_apart_at=timezone.now())
        assert counted(writer)["duplicates"] == 0


class TestFrontPage:
    def test_every_queue_is_there_with_its_number_and_a_quiet_zero(self, reviewer):
        submitted("theirs", "writer")
        html = reviewer.get("/admin/").content.decode()
        shown = re.findall(r'<li class="queue( queue-empty)?" data-queue="(\w+)">', html)
        assert [key for _empty, key in shown] == list(QUEUES)
        assert {key for empty, key in shown if not empty} == {"awaiting"}
        assert html.count("Nothing waits.") == len(QUEUES) - 1
        assert '<span class="queue-count">1</span>' in html

    def test_many_are_counted_to_a_limit(self, writer, monkeypatch):
        monkeypatch.setattr("agreements.queues.queue.MOST_COUNTED", 2)
        for n in range(3):
            workflow.record_edit(meeting(f"draft-{n}"), "writer")
        html = writer.get("/admin/").content.decode()
        assert '<span class="queue-count">2+</span>' in html

    def test_of_very_many_a_queue_lists_the_first(self, reviewer, monkeypatch):
        for module in ("agreements.queues.review", "agreements.admin.queues"):
            monkeypatch.setattr(f"{module}.MOST_LISTED", 2)
        for n in range(2):
            builders.approved(meeting(f"approved-{n}"))
        assert "2 rows" in reviewer.get("/admin/queues/approved/").content.decode()
        for n in range(2, 5):
            builders.approved(meeting(f"approved-{n}"))
        assert "more than 2 rows" in reviewer.get("/admin/queues/approved/").content.decode()
        assert waiting(reviewer, "approved") == ["Approved 0", "Approved 1", "Approved 2"]

    def test_a_viewer_of_one_kind_has_the_queues_of_that_kind(self):
        client = Client()
        user = get_user_model().objects.create_user("guest", is_staff=True)
        user.user_permissions.add(Permission.objects.get(codename="view_exercise"))
        client.force_login(user)
        meeting("talks", status="planned", date="2001")
        builders.exercise("patrol", status="planned", date="2001")
        assert waiting(client, "overdue") == ["Patrol"]
        assert client.get("/admin/queues/overdue/?kind=meeting").status_code == 400
        assert client.get("/admin/queues/totals/").status_code == 403
        assert "totals" not in counted(client)

    def test_the_latest_changes_name_who_did_what_with_which_record(self, writer):
        record = meeting("talks")
        workflow.record_edit(record, "somebody")
        gone = meeting("gone")
        workflow.delete(gone, "another")
        html = writer.get("/admin/").content.decode()
        latest = html.split('class="module latest"')[1]
        assert f'<a href="/admin/agreements/meeting/{record.pk}/change/">Talks</a>' in latest
        assert re.search(r"<strong>another</strong> · deleted.*?<p>gone</p>", latest, re.DOTALL)

    def test_changes_on_end_are_one_line(self, writer):
        for n in range(4):
            workflow.record_edit(meeting(f"talks-{n}"), "somebody")
        (entry,) = writer.get("/admin/").context["latest"]
        assert (entry.change.step, len(entry.records), entry.more) == ("edited", 2, 2)


class TestPages:
    def test_what_is_no_queue_is_not_found(self, writer):
        assert writer.get("/admin/queues/nothing/").status_code == 404
        assert writer.post("/admin/queues/overdue/").status_code == 405

    @pytest.mark.parametrize("key", [key for key, each in QUEUES.items() if not each.page])
    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("p=0", 200), ("p=x", 200), ("p=%00", 400), ("p=99999999999999999999", 200),
            ("unknown=1", 200),
            ("q=%25_%27", 200), ("q=%00", 400), (f"q={'x' * 5000}", 400), ("kind=%00", 400),
            ("kind=person", 400), ("q=%F0%9F%9A%A2", 200),
        ],
    )  # fmt: skip
    def test_bad_input_is_no_fault(self, reviewer, key, query, status):
        assert reviewer.get(f"/admin/queues/{key}/?{query}").status_code == status

    def test_more_than_a_page_are_paged_and_keep_what_was_asked(self, writer):
        for n in range(51):
            meeting(f"talks-{n}", status="planned", date="2001", sides=())
        first, second = (queue_of(writer, "overdue", q="talks", p=str(n)) for n in (1, 2))
        assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 1)
        assert "?q=talks&amp;p=2" in first.content.decode()

    def test_the_handbook_tells_of_each(self):
        told = (ROOT / "docs" / "handbook.md").read_text(encoding="utf-8")
        for each in QUEUES.values():
            assert f"| {each.name} |" in told


def grown(start: int, size: int) -> None:
    """Fill each queue with rows from one number to another."""
    document = builders.document(sha256="a" * 64)
    DocumentText.objects.get_or_create(document=document, defaults={"text": "Text."})
    for n in range(start, size):
        record = submitted(f"submitted-{n}", "writer")
        submitted_by = {"document": document, "locator": "paragraph 1"}
        builders.cite(record, "date", quote="unseen", **submitted_by)
        builders.cite(record, "title", stance="disputes", stated_value="Other", **submitted_by)
        returned = submitted(f"returned-{n}", "reviewer")
        workflow.return_to_draft(returned, "somebody", "Look again.")
        workflow.record_edit(meeting(f"draft-{n}"), "reviewer")
        builders.approved(meeting(f"approved-{n}"))
        run = Series.objects.create(slug=f"run-{n}", title=f"Run {n}")
        planned = meeting(f"planned-{n}", status="planned", date="2001", series=run, ordinal=3)
        total = ReportedTotal.objects.create(
            slug=f"total-{n}", title=f"Total {n}", what="talks", count=10_000,
            counts="meetings", **submitted_by,
        )  # fmt: skip
        builders.publish(total)
        for target in ({"series": run, "ordinal": 1}, {"engagement": planned}, {"total": total}):
            FruitlessSearch.objects.create(
                **target, sought="It", places="Sites", searched_on=date(2026, 5, 1), by="writer"
            )
        builders.document(f"unread-{n}", title=f"Unread {n}", publisher="Agency")


def test_many_rows_ask_no_more_than_few(reviewer):
    addresses = ["/admin/", *(f"/admin/queues/{key}/" for key in QUEUES)]
    found = {}
    start = 0
    for size in (2, 5, 25):
        grown(start, size)
        start = size
        # The totals are compared once for each state of the ledger.
        reviewer.get("/admin/")
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                reviewer.get(address)
            found[size, address] = len(queries)
    for address in addresses:
        assert found[25, address] == found[5, address], address
    rows = {key: len(waiting(reviewer, key)) for key in QUEUES if not QUEUES[key].page}
    assert min(rows.values()) == 25, rows
