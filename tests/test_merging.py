"""Two records made one: what moves, what stays behind, in which steps, and what is refused."""

import json

import pytest

from agreements import history, merging, workflow
from agreements.exceptions import Conflict, WorkflowError
from agreements.models import (
    Change,
    Citation,
    Delegate,
    Document,
    DocumentText,
    Engagement,
    EngagementLink,
    EngagementTopic,
    Force,
    ForceName,
    Meeting,
    Person,
    Publication,
    ReportedTotal,
    Series,
    TextShingle,
    Topic,
    TopicLabel,
)
from agreements.text import paragraphs
from tests import builders
from tests.builders import (
    CCG,
    JCG,
    VCG,
    approved,
    cite,
    document,
    exercise,
    force,
    meeting,
    publish,
    reload,
    topic,
)
from tests.readings import refused, run

pytestmark = pytest.mark.django_db

COAST_POLICE = ("vietnam-coast-police", "VN", "Vietnam Coast Police")


def merge(loser, winner, by="reviewer", **options):
    return merging.merge(reload(loser), reload(winner), by, "They are one.", **options)


def plan(loser, winner, by="reviewer"):
    return merging.plan_of(reload(loser), reload(winner), by)


def words(moves):
    return [(str(move.fate), move.what) for move in moves]


def public(kind, slug):
    row = Publication.objects.current().published().get(kind=kind, slug=slug)
    return json.loads(row.body)


def state(record):
    return reload(record).review_state


def steps(record):
    return [(row.step, row.by, row.way) for row in history.changes_of(record)]


class TestEngagements:
    @pytest.fixture(autouse=True)
    def _two(self, db):
        self.kept, self.double = meeting("kept"), meeting("double")

    def publish(self, *more):
        publish(self.kept, self.double, *more)

    def test_evidence_moves_that_the_other_lacks(self):
        cite(self.double, "status", locator="paragraph 9", quote="they met again")
        cite(self.double, "summary")
        self.publish()

        outcome = merge(self.double, self.kept)

        assert outcome.tombstone.state == "merged"
        fields = [(row.field, row.locator) for row in self.kept.citations.all()]
        assert ("status", "paragraph 9") in fields
        assert ("summary", "paragraph 1") in fields
        assert len(fields) == len(set(fields))
        assert [row.field for row in self.double.citations.all()] == ["status", "participants"]

    def test_a_passage_that_disputes_is_another_one_than_one_that_supports(self):
        cite(self.double, "status", stance="disputes", stated_value="cancelled")
        self.publish()
        merge(self.double, self.kept)
        assert self.kept.citations.filter(stance="disputes").count() == 1

    def test_the_one_that_stays_is_a_draft_and_its_publication_stands(self):
        cite(self.double, "summary")
        self.publish()
        before = public("meeting", "kept")

        outcome = merge(self.double, self.kept)

        assert outcome.drafts == [reload(self.kept)]
        assert (state(self.kept), state(self.double)) == ("draft", "withdrawn")
        assert reload(self.kept).edited_by == "reviewer"
        assert public("meeting", "kept") == before

    def test_where_nothing_moves_nothing_becomes_a_draft(self):
        self.publish()
        assert merge(self.double, self.kept).drafts == []
        assert state(self.kept) == "published"

    def test_the_histories_name_each_other(self):
        cite(self.double, "summary")
        self.publish()
        merge(self.double, self.kept)
        assert steps(self.kept)[0] == ("edited", "reviewer", "command")
        assert steps(self.double)[0] == ("merged", "reviewer", "command")
        told = history.changes_of(self.kept).first().reason
        assert told == "“Double” (double) is merged into “Kept” (kept): They are one."
        told = history.changes_of(self.double).first().reason
        assert told == "Merged into Kept: They are one."

    def test_the_last_state_of_the_double_is_in_its_history(self):
        cite(self.double, "summary")
        self.publish()
        merge(self.double, self.kept)
        last = history.changes_of(self.double).first().state
        assert [row["field"] for row in last["citations"]] == ["status", "participants"]

    def test_the_merge_can_be_taken_back_by_restoring_first_the_one_then_the_other(self):
        from agreements.snapshots import restore, snapshot

        cite(self.double, "summary")
        self.publish()
        kept, double = (snapshot(history.fresh(row)) for row in (self.kept, self.double))
        merge(self.double, self.kept)

        restore(history.fresh(self.kept), kept)
        restore(history.fresh(self.double), double)

        assert snapshot(history.fresh(self.double)) == double

    def test_participants_and_delegates_move_that_the_other_lacks(self):
        person = Person.objects.create(slug="somebody", name="Somebody")
        both = {side.force.slug: side for side in self.kept.participants.all()}
        for side in self.double.participants.all():
            Delegate.objects.create(participant=side, person=person, position="Commander")
            Delegate.objects.create(participant=side, position="Captain")
        Delegate.objects.create(participant=both["japan-coast-guard"], person=person)
        china = self.double.participants.create(country=force(CCG).country, force=force(CCG))
        Delegate.objects.create(participant=china, position="Observer")
        self.double.participants.create(country=builders.country("VN"), role="observer")

        merge(self.double, self.kept)

        sides = {
            str(side.force): sorted(str(row.person or row.position) for row in side.delegates.all())
            for side in self.kept.participants.all()
        }
        assert sides == {
            "Vietnam Coast Guard": ["Captain", "Somebody"],
            "Japan Coast Guard": ["Captain", "Somebody"],
            "China Coast Guard": ["Observer"],
        }

    def test_a_country_alone_does_not_cover_its_force(self):
        self.kept.participants.filter(force__slug="japan-coast-guard").update(force=None)
        self.publish()
        merge(self.double, self.kept)
        sides = [str(row.force) for row in self.kept.participants.all()]
        assert sides == ["Vietnam Coast Guard", "None", "Japan Coast Guard"]

    def test_topics_move_once(self):
        for row in (self.kept, self.double):
            EngagementTopic.objects.create(engagement=row, topic=topic())
        other = topic("fisheries", "Fisheries")
        EngagementTopic.objects.create(engagement=self.double, topic=other)
        self.publish()
        merge(self.double, self.kept)
        assert set(self.kept.topics.all()) == {topic(), other}
        assert set(self.double.topics.all()) == {topic()}

    def test_links_of_both_directions_move_but_none_to_itself_and_none_twice(self):
        visit, drill = exercise("visit"), exercise("drill")

        def link(source, relation, target):
            EngagementLink.objects.create(source=source, relation=relation, target=target)

        link(self.double, "announces", visit)
        link(self.kept, "announces", drill)
        link(self.double, "announces", drill)
        link(self.double, "renews", self.kept)
        link(self.kept, "supersedes", self.double)
        link(visit, "part-of", self.double)
        link(drill, "part-of", self.kept)
        link(drill, "part-of", self.double)
        self.publish(visit, drill)

        outcome = merge(self.double, self.kept)

        rows = EngagementLink.objects.exclude(source=self.double.pk)
        assert {(str(row.source), row.relation, str(row.target)) for row in rows} == {
            ("Kept", "announces", "Drill"),
            ("Kept", "announces", "Visit"),
            ("Visit", "part-of", "Kept"),
            ("Drill", "part-of", "Kept"),
        }
        assert {str(row) for row in outcome.drafts} == {"Kept", "Visit", "Drill"}

    @pytest.mark.parametrize(
        ("own", "expected"), [(None, 8), (("conference", None), 8), (("talks", 3), 3)]
    )
    def test_the_place_in_a_series_moves_where_the_other_has_none(self, own, expected):
        series = {
            slug: Series.objects.create(slug=slug, title=slug) for slug in ("conference", "talks")
        }
        workflow.publish([approved(row) for row in series.values()])
        Meeting.objects.filter(pk=self.double.pk).update(series=series["conference"], ordinal=8)
        if own:
            Meeting.objects.filter(pk=self.kept.pk).update(series=series[own[0]], ordinal=own[1])
        self.double, self.kept = reload(self.double), reload(self.kept)
        for record in (self.double, self.kept):
            if record.ordinal:
                cite(record, "ordinal")
        self.publish()

        merge(self.double, self.kept)

        assert reload(self.kept).ordinal == expected

    def test_values_of_its_own_stay_behind_and_are_shown_beside_the_others(self):
        Meeting.objects.filter(pk=self.double.pk).update(title="Talks", summary="In Hanoi.")
        Meeting.objects.filter(pk=self.kept.pk).update(level="working")
        found = plan(self.double, self.kept)
        assert [(row.name, row.before, row.after) for row in found.values] == [
            ("title", "Talks", "Kept"),
            ("summary", "In Hanoi.", ""),
        ]
        assert ("left", "topic “Search and rescue”") not in words(found.left)
        assert words(found.left)[0] == ("left", "participant Vietnam Coast Guard, host")

    def test_what_was_never_published_is_deleted_and_its_history_kept(self):
        cite(self.double, "summary")
        workflow.record_edit(self.double, "analyst")
        number = self.double.pk
        publish(self.kept)

        outcome = merge(self.double, self.kept, by="analyst")

        assert outcome.tombstone is None
        assert not Engagement.objects.filter(slug="double").exists()
        assert self.kept.citations.filter(field="summary").exists()
        kept = Change.objects.filter(kind="meeting", record_id=number)
        assert [row.step for row in kept] == ["deleted", "edited"]
        assert "is merged into “Kept”" in kept[0].reason

    def test_of_withdrawn_records_the_links_stay(self):
        visit = exercise("visit")
        EngagementLink.objects.create(source=visit, relation="part-of", target=self.double)
        self.publish(visit)
        workflow.withdraw(reload(visit), "reviewer", "Never made.")
        assert merge(self.double, self.kept).drafts == []
        assert state(visit) == "withdrawn"
        assert visit.links.get().target_id == self.double.pk

    def test_an_agreement_of_any_state_is_only_merged_into_one_that_is_not_withdrawn(self):
        publish(self.kept)
        workflow.withdraw(reload(self.kept), "reviewer", "Never held.")
        with pytest.raises(WorkflowError, match="Kept was withdrawn; merge into one that is not"):
            merge(self.double, self.kept)


class TestForces:
    @pytest.fixture(autouse=True)
    def _two(self, db):
        self.kept = force(VCG)
        self.double = force(COAST_POLICE)
        self.meeting = meeting(sides=((COAST_POLICE, "host"), (JCG, "guest")))
        ReportedTotal.objects.create(
            slug="ten",
            title="Ten",
            what="meetings",
            count=10,
            counts="meetings",
            force=self.double,
            document=document(),
            locator="paragraph 1",
        )
        self.total = ReportedTotal.objects.get()
        self.unit = force(("squadron", "VN", "Squadron"), parent=self.double)
        self.heir = force(("heir", "VN", "Heir"), predecessor=self.double)

    def publish(self):
        publish(self.kept, self.double, self.unit, self.heir, self.meeting, self.total)

    def test_first_what_names_it_then_the_force_itself(self, client):
        cite(self.double, "kind")
        self.publish()

        first = merge(self.double, self.kept)

        assert first.stage == merging.Stage.MENTIONS
        assert {str(row) for row in first.drafts} == {
            *("Eighth meeting", "Ten", "Squadron", "Heir")
        }
        assert self.meeting.participants.first().force == self.kept
        assert state(self.double) == "published"
        assert steps(self.double)[0] == ("edited", "reviewer", "command")
        assert self.double.citations.count() == 2

        waiting = plan(self.double, self.kept)
        assert (waiting.stage, waiting.mentions) == (merging.Stage.WAITING, [])
        with pytest.raises(WorkflowError, match="is still named by published records: "):
            merge(self.double, self.kept)

        batch = (self.meeting, self.total, self.unit, self.heir)
        workflow.publish([approved(reload(row), "reviewer", "administrator") for row in batch])
        last = merge(self.double, self.kept)

        assert (last.stage, last.drafts) == (merging.Stage.END, [self.kept])
        response = client.get("/api/v1/forces/vietnam-coast-police/")
        assert response.status_code == 301
        assert response["Location"].endswith("/api/v1/forces/vietnam-coast-guard/")
        assert run("verify_ledger")

    def test_names_become_aliases(self):
        ForceName.objects.create(force=self.double, text="VCP", language="en", kind="acronym")
        ForceName.objects.create(
            force=self.double, text="Cảnh sát biển Việt Nam", language="vi", kind="official"
        )
        merge(self.double, self.kept)
        names = {row.text: row.kind for row in self.kept.names.all()}
        assert names == {
            "Vietnam Coast Guard": "official",
            "Cảnh sát biển Việt Nam": "official",
            "Vietnam Coast Police": "alias",
            "VCP": "acronym",
        }

    def test_a_record_that_names_both_in_one_role_names_one_and_keeps_the_delegates(self):
        side = self.meeting.participants.get(force=self.double)
        mate = self.meeting.participants.create(
            country=self.kept.country, force=self.kept, role="host"
        )
        Delegate.objects.create(participant=side, position="Commander")
        Delegate.objects.create(participant=mate, position="Captain")
        Delegate.objects.create(participant=side, position="Captain")

        assert ("removed", "participant Vietnam Coast Police, host") in words(
            plan(self.double, self.kept).mentions
        )
        merge(self.double, self.kept)

        assert self.meeting.participants.filter(force=self.kept).get() == mate
        assert sorted(row.position for row in mate.delegates.all()) == ["Captain", "Commander"]

    def test_its_part_becomes_nobodys_part(self):
        Force.objects.filter(pk=self.kept.pk).update(parent=self.double)
        merge(self.double, self.kept)
        assert reload(self.kept).parent is None
        assert reload(self.unit).parent == self.kept

    def test_what_would_stand_above_itself_is_refused(self):
        Force.objects.filter(pk=self.kept.pk).update(parent=self.unit)
        with pytest.raises(WorkflowError, match="Squadron stands between the two; change its"):
            merge(self.double, self.kept)

    def test_forces_of_two_countries_are_refused(self):
        with pytest.raises(WorkflowError, match="They act for different countries"):
            merge(force(JCG), self.kept)

    def test_of_a_chain_the_first_leads_to_the_last(self, client):
        first = force(("first", "VN", "First"))
        second = force(("second", "VN", "Second"))
        publish(first, second, self.kept)
        merge(first, second)
        workflow.publish([approved(reload(second))])
        merge(second, self.kept)
        location = client.get("/api/v1/forces/first/")["Location"]
        assert location.endswith("/api/v1/forces/vietnam-coast-guard/")


class TestSeries:
    @pytest.fixture(autouse=True)
    def _two(self, db):
        self.kept, self.double = (
            Series.objects.create(slug=slug, title=slug.capitalize()) for slug in ("kept", "double")
        )
        self.one = meeting("one", series=self.kept, ordinal=1)
        self.two = meeting("two", series=self.double, ordinal=2)

    def test_engagements_and_citations_move(self):
        cite(self.double, "title")
        merge(self.double, self.kept)
        assert reload(self.two).series == self.kept
        assert self.kept.citations.count() == 1
        assert not Series.objects.filter(slug="double").exists()

    def test_a_number_that_both_have_is_refused(self):
        Meeting.objects.filter(pk=self.two.pk).update(ordinal=1)
        with pytest.raises(WorkflowError) as error:
            merge(self.double, self.kept)
        assert str(error.value) == "Number 1 is both “One” and “Two”; change one of them first."

    def test_published_ones_take_two_steps(self):
        workflow.publish([approved(self.kept), approved(self.double)])
        publish(self.one, self.two)
        assert [row.slug for row in merge(self.double, self.kept).drafts] == ["two"]
        workflow.publish([approved(reload(self.two), "reviewer", "administrator")])
        assert merge(self.double, self.kept).tombstone.successor == "kept"


class TestDocuments:
    @pytest.fixture(autouse=True)
    def _two(self, db):
        self.kept, self.double = document("kept", title="Kept"), document("double", title="Double")
        self.meeting = meeting()

    def test_citations_totals_and_republications_move(self):
        cite(self.meeting, "summary", document=self.double)
        cite(self.meeting, "date", document=self.double)
        cite(self.meeting, "date", document=self.kept)
        cite(force(VCG), "kind", document=self.double)
        reprint = document("reprint", origin=self.double)
        Document.objects.filter(pk=self.kept.pk).update(origin=self.double)
        total = ReportedTotal.objects.create(
            slug="ten",
            title="Ten",
            what="meetings",
            count=10,
            counts="meetings",
            document=self.double,
            locator="paragraph 1",
        )

        outcome = merge(self.double, self.kept)

        assert {str(row) for row in outcome.drafts} == {
            *("Kept", "Eighth meeting", "Vietnam Coast Guard", "A news report", "Ten")
        }
        assert reload(reprint).origin == self.kept
        assert reload(self.kept).origin is None
        assert reload(total).document == self.kept
        rows = Citation.objects.filter(document=self.kept)
        assert sorted(row.field for row in rows) == ["date", "kind", "summary"]

    def test_a_text_moves_with_its_hashes_where_the_other_has_none(self):
        Document.objects.filter(pk=self.double.pk).update(sha256="d" * 64)
        held = DocumentText.objects.create(document=self.double, text="They met.\n")
        TextShingle.objects.create(held_text=held, value=7)
        merge(self.double, self.kept)
        assert reload(self.kept).sha256 == "d" * 64
        assert paragraphs(self.kept.held_text.text) == ["They met."]
        assert self.kept.held_text.shingles.count() == 1

    def test_a_text_of_its_own_stays(self):
        for row, letter in ((self.kept, "a"), (self.double, "d")):
            Document.objects.filter(pk=row.pk).update(sha256=letter * 64)
            DocumentText.objects.create(document=row, text=f"{letter}\n")
        assert ("left", "its text") in words(plan(self.double, self.kept).left)
        merge(self.double, self.kept)
        assert DocumentText.objects.get().text == "a\n"


class TestTopics:
    def test_engagements_and_labels_move(self):
        kept, double = topic(), topic("rescue", "Rescue")
        for row, languages in ((kept, "en"), (double, "en vi")):
            for language in languages.split():
                TopicLabel.objects.create(topic=row, language=language, text=f"{row} {language}")
        one, both = meeting("one"), meeting("both")
        for engagement, about in ((one, double), (both, double), (both, kept)):
            EngagementTopic.objects.create(engagement=engagement, topic=about)

        merge(double, kept)

        assert [(row.language, row.text) for row in kept.labels.all()] == [
            ("en", "Search and rescue en"),
            ("vi", "Rescue vi"),
        ]
        assert set(kept.engagements.all()) == {
            Engagement.objects.get(pk=row.pk) for row in (one, both)
        }
        assert not Topic.objects.filter(slug="rescue").exists()


class TestRefused:
    def test_kinds_that_do_not_merge(self):
        one, other = builders.country("VN"), builders.country("JP")
        with pytest.raises(WorkflowError, match="no records of its kind can"):
            merge(one, other)

    def test_another_kind(self):
        with pytest.raises(WorkflowError, match="of its own kind only"):
            merge(meeting(), exercise())

    def test_itself(self):
        record = meeting()
        with pytest.raises(WorkflowError, match="This is the record itself"):
            merge(record, record)

    def test_what_is_merged_already(self):
        one, two, three = meeting("one"), meeting("two"), meeting("three")
        publish(one, two, three)
        merge(one, two)
        with pytest.raises(WorkflowError, match="One is not public any more"):
            merge(one, three)

    def test_a_public_one_into_one_that_is_not(self):
        one, two = meeting("one"), meeting("two")
        publish(one)
        with pytest.raises(WorkflowError, match="Two is not published; publish it first"):
            merge(one, two)

    @pytest.mark.parametrize(
        ("reason", "message"), [(" ", "Give the reason"), ("x" * 2001, "2000")]
    )
    def test_without_a_reason_that_fits(self, reason, message):
        with pytest.raises(WorkflowError, match=message):
            merging.merge(meeting("one"), meeting("two"), "reviewer", reason)

    def test_what_was_changed_since_it_was_read(self):
        one, two = meeting("one"), meeting("two")
        workflow.record_edit(reload(one), "analyst")
        with pytest.raises(Conflict, match="One was changed meanwhile"):
            merging.merge(one, two, "reviewer", "They are one.")

    def test_another_plan_than_the_one_that_was_agreed_to(self):
        one, two = meeting("one"), meeting("two")
        agreed = plan(one, two).fingerprint
        cite(one, "summary")
        with pytest.raises(Conflict, match="What the merge would move was changed"):
            merge(one, two, agreed=agreed)
        assert merge(one, two, agreed=plan(one, two).fingerprint)

    def test_nothing_is_moved_of_a_merge_that_fails(self, monkeypatch):
        one, two = meeting("one"), meeting("two")
        cite(one, "summary")

        def fail(*args, **options):
            raise WorkflowError("As a test.")

        monkeypatch.setattr(workflow, "delete", fail)
        with pytest.raises(WorkflowError, match="As a test."):
            merge(one, two)
        assert one.citations.filter(field="summary").exists()
        assert not Change.objects.exists()


class TestCommand:
    def test_says_what_it_left(self):
        kept, double = meeting("kept"), meeting("double")
        cite(double, "summary")
        publish(kept, double)
        told = run(
            "withdraw", "meeting/double", "--reason", "The same.", "--by", "reviewer",
            "--merged-into", "kept",
        )  # fmt: skip
        assert told == "meeting/double r2: merged\nmeeting/kept: a draft now\n"

    def test_says_when_a_draft_was_deleted(self):
        meeting("kept"), meeting("double")
        told = run(
            "withdraw", "meeting/double", "--reason", "The same.", "--by", "reviewer",
            "--merged-into", "kept",
        )  # fmt: skip
        assert told == "meeting/double: merged and deleted\n"

    def test_takes_the_steps_one_by_one(self):
        double = force(COAST_POLICE)
        record = meeting(sides=((COAST_POLICE, "host"), (JCG, "guest")))
        publish(force(VCG), double, record)
        arguments = (
            "withdraw", "force/vietnam-coast-police", "--reason", "The same.", "--by", "reviewer",
            "--merged-into", "vietnam-coast-guard",
        )  # fmt: skip
        assert run(*arguments) == (
            "meeting/eighth-meeting: a draft now\n"
            "Publish the drafts, then run this again to complete the merge.\n"
        )
        assert "is still named by published records: meeting/eighth-meeting" in refused(*arguments)
        workflow.publish([approved(reload(record), "reviewer", "administrator")])
        assert run(*arguments).startswith("force/vietnam-coast-police r2: merged\n")
