"""The pages on which a record ends: withdrawn, merged into another one, or deleted."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements import history, workflow
from agreements.models import Change, Engagement, Force, Meeting, Participant, Person, Publication
from tests import builders
from tests.admin_pages import messages_of, page
from tests.builders import JCG, VCG, approved, cite, document, force, meeting, publish, reload

pytestmark = pytest.mark.django_db

COAST_POLICE = ("vietnam-coast-police", "VN", "Vietnam Coast Police")


@pytest.fixture
def reviewer(django_user_model):
    """The client of a reviewer."""
    user = django_user_model.objects.create_user("reviewer", is_staff=True)
    user.groups.add(Group.objects.get(name="reviewer"))
    client = Client()
    client.force_login(user)
    return client


def ending(record, name):
    return reverse(f"admin:agreements_{record._meta.model_name}_{name}", args=[record.pk])


def merge_url(loser, winner):
    return f"{ending(loser, 'merge')}?into={winner.pk}"


def posted(client, url, **values):
    """Read a page and post its form with the values."""
    form = client.get(url).context
    hidden = {
        "_version": form["version_token"],
        "_winners_version": form.get("winners_token", ""),
        "_plan": form["plan"].fingerprint if form.get("plan") else "",
    }
    return client.post(url, {**hidden, **values}, follow=True)


def text_of(response):
    return " ".join(response.content.decode().split())


class TestWithdraw:
    @pytest.fixture(autouse=True)
    def _record(self, db):
        self.record = meeting()
        publish(self.record)
        self.url = ending(self.record, "withdraw")

    def test_the_page_says_what_the_public_will_see(self, reviewer):
        text = text_of(reviewer.get(self.url))
        assert "/api/v1/meetings/eighth-meeting/" in text
        assert "answers “410 Gone” with your reason" in text

    def test_with_a_reason_it_is_withdrawn(self, reviewer):
        response = posted(reviewer, self.url, reason=" The report\r\nwas retracted. ")
        assert messages_of(response) == ["Eighth meeting was withdrawn."]
        answer = reviewer.get("/api/v1/meetings/eighth-meeting/")
        assert answer.status_code == 410
        assert answer.json()["reason"] == "The report\nwas retracted."
        change = history.changes_of(self.record).first()
        assert (change.step, change.by, change.way) == ("withdrawn", "reviewer", "form")

    @pytest.mark.parametrize(
        ("reason", "message"),
        [("", "This field is required."), ("x" * 2001, "at most 2000 characters")],
    )
    def test_the_reason_is_asked_for(self, reviewer, reason, message):
        response = posted(reviewer, self.url, reason=reason)
        assert message in text_of(response)
        assert reload(self.record).review_state == "published"

    def test_who_edited_it_last_is_told_who_could(self, reviewer, django_user_model):
        Meeting.objects.filter(pk=self.record.pk).update(edited_by="Reviewer")
        django_user_model.objects.create_superuser("administrator")
        text = text_of(reviewer.get(self.url))
        assert "reviewer edited it last, so somebody else must approve it." in text
        assert "Who can, besides its last editor: administrator" in text
        assert 'name="reason"' not in text

    def test_published_records_that_name_it_are_led_to(self, reviewer):
        body = force(VCG)
        text = text_of(reviewer.get(ending(body, "withdraw")))
        assert f'<a href="{page(self.record)}">Eighth meeting</a>' in text
        assert 'name="reason"' not in text

    def test_what_is_not_public_has_nothing_to_withdraw(self, reviewer):
        draft = meeting("draft")
        assert "It is not public" in text_of(reviewer.get(ending(draft, "withdraw")))
        response = posted(reviewer, ending(draft, "withdraw"), reason="None.")
        assert "It is not public" in text_of(response)
        assert reload(draft).review_state == "draft"

    def test_a_change_meanwhile_is_shown_with_the_reason_kept(self, reviewer):
        token = reviewer.get(self.url).context["version_token"]
        Meeting.objects.filter(pk=self.record.pk).update(location_name="Hai Phong")
        workflow.record_edit(reload(self.record), "analyst", reason="It was there.")

        response = reviewer.post(self.url, {"_version": token, "reason": "Retracted."})

        assert response.status_code == 409
        text = text_of(response)
        assert "Hai Phong" in text
        assert "It was there." in text
        assert "Retracted.</textarea>" in text
        again = {"_version": response.context["version_token"], "reason": "Retracted."}
        assert reviewer.post(self.url, again).status_code == 302

    @pytest.mark.parametrize("token", ["", "forged"])
    def test_without_a_token_nothing_is_done(self, reviewer, token):
        response = reviewer.post(self.url, {"_version": token, "reason": "Retracted."})
        assert response.status_code == 409
        assert reload(self.record).review_state == "published"

    @pytest.mark.parametrize("name", ["withdraw", "merge", "merge_records"])
    @pytest.mark.parametrize("number", [0, 10**6, 2**63, "x"])
    def test_what_is_not_there_is_not_found(self, reviewer, name, number):
        url = reverse(f"admin:agreements_meeting_{name}", args=[number])
        assert reviewer.get(url).status_code == 404

    def test_the_way_there_is_on_the_page_of_the_record(self, reviewer):
        text = text_of(reviewer.get(page(self.record)))
        assert self.url in text
        assert ending(self.record, "merge") in text
        assert ending(meeting("draft"), "withdraw") not in text_of(
            reviewer.get(page(Meeting.objects.get(slug="draft")))
        )


class TestMerge:
    @pytest.fixture(autouse=True)
    def _two(self, db):
        self.kept, self.double = meeting("kept"), meeting("double", summary="In Hanoi.")
        cite(self.double, "outcomes", locator="paragraph 4")
        self.url = merge_url(self.double, self.kept)

    def test_first_the_record_that_stays_is_chosen(self, reviewer):
        response = reviewer.get(ending(self.double, "merge"))
        assert ending(self.double, "merge_records") in text_of(response)
        found = reviewer.get(ending(self.double, "merge_records"), {"term": "kept"}).json()
        assert found == {
            "results": [{"id": str(self.kept.pk), "text": "Kept (kept)"}],
            "pagination": {"more": False},
        }

    def test_it_is_not_the_record_itself_nor_one_of_another_kind(self, reviewer):
        builders.exercise("kept-too")
        found = reviewer.get(ending(self.double, "merge_records"), {"term": "e"}).json()
        assert [row["text"] for row in found["results"]] == ["Kept (kept)"]

    @pytest.mark.parametrize("into", ["", "0", "x", "1\u0660", str(2**63), "-1"])
    def test_anything_else_is_a_form_error(self, reviewer, into):
        response = reviewer.get(ending(self.double, "merge"), {"into": into})
        assert response.status_code == 200
        assert response.context["into"].errors["into"]

    @pytest.mark.parametrize("query", [{"term": "x" * 60000}, {"page": "x"}, {"page": "9" * 99}])
    def test_the_search_takes_anything(self, reviewer, query):
        assert reviewer.get(ending(self.double, "merge_records"), query).status_code == 200

    def test_the_page_says_what_moves_what_stays_and_what_the_public_will_see(self, reviewer):
        publish(self.kept, self.double)
        text = text_of(reviewer.get(self.url))
        assert "citation for outcomes: A news report, paragraph 4" in text
        assert "becomes a draft" in text
        assert "participant Vietnam Coast Guard, host: “Kept” has it already" in text
        assert "<del>In Hanoi.</del>" in text
        assert "/api/v1/meetings/double/ redirects to /api/v1/meetings/kept/ for ever" in text

    def test_it_is_done_as_agreed(self, reviewer):
        publish(self.kept, self.double)
        response = posted(reviewer, self.url, reason="The same meeting.")
        assert response.redirect_chain[-1][0] == page(self.kept)
        assert messages_of(response) == [
            "“Double” was merged into “Kept”. 1 record is a draft now."
        ]
        assert reviewer.get("/api/v1/meetings/double/").status_code == 301
        row = Publication.objects.current().get(slug="double")
        assert (row.reason, row.author, row.approver) == (
            *("The same meeting.", "analyst"),
            "reviewer",
        )

    def test_a_draft_is_deleted(self, reviewer):
        assert "it is deleted, and its history is kept" in text_of(reviewer.get(self.url))
        posted(reviewer, self.url, reason="The same meeting.")
        assert not Engagement.objects.filter(slug="double").exists()

    def test_two_steps_where_published_records_name_it(self, reviewer):
        double = force(COAST_POLICE)
        record = meeting("talks", sides=((COAST_POLICE, "host"), (JCG, "guest")))
        publish(double, force(VCG), record)
        url = merge_url(double, force(VCG))

        text = text_of(reviewer.get(url))
        assert "Take the first step" in text
        assert f'<a href="{page(record)}">Talks</a>' in text

        response = posted(reviewer, url, reason="One force.")
        assert messages_of(response) == [
            "Once the drafts are published, complete the merge on this page. "
            "1 record is a draft now."
        ]
        text = text_of(response)
        assert "Still to be published" in text
        assert 'name="reason"' not in text

        workflow.publish([approved(reload(record), "reviewer", "administrator")])
        response = posted(reviewer, url, reason="One force.")
        assert response.redirect_chain[-1][0] == page(force(VCG))
        assert reviewer.get("/api/v1/forces/vietnam-coast-police/").status_code == 301

    @pytest.mark.parametrize("changed", ["kept", "double"])
    def test_a_change_of_either_is_shown(self, reviewer, changed):
        context = reviewer.get(self.url).context
        Meeting.objects.filter(slug=changed).update(location_name="Hai Phong")
        workflow.record_edit(Meeting.objects.get(slug=changed), "analyst")
        form = {
            "_version": context["version_token"],
            "_winners_version": context["winners_token"],
            "_plan": context["plan"].fingerprint,
            "reason": "The same meeting.",
        }
        response = reviewer.post(self.url, form)
        assert response.status_code == 409
        text = text_of(response)
        assert "was changed meanwhile" in text
        assert "The same meeting.</textarea>" in text

    def test_a_change_of_what_would_move_is_shown(self, reviewer):
        context = reviewer.get(self.url).context
        cite(self.double, "summary", locator="paragraph 5")
        form = {
            "_version": context["version_token"],
            "_winners_version": context["winners_token"],
            "_plan": context["plan"].fingerprint,
            "reason": "The same meeting.",
        }
        response = reviewer.post(self.url, form)
        assert response.status_code == 409
        text = text_of(response)
        assert "What the merge would move was changed meanwhile" in text
        assert "paragraph 5" in text
        form["_plan"] = ""
        assert reviewer.post(self.url, form).status_code == 409
        assert Engagement.objects.filter(slug="double").exists()

    def test_what_stands_in_the_way_is_said(self, reviewer):
        publish(self.double)
        text = text_of(reviewer.get(self.url))
        assert "Kept is not published; publish it first, or merge into one that is." in text
        assert 'name="reason"' not in text

    def test_totals_and_countries_have_no_such_page(self, reviewer):
        record = builders.country("VN")
        assert reviewer.get(f"{page(record).removesuffix('change/')}merge/").status_code == 302
        assert "/merge/" not in text_of(reviewer.get(page(record)))


class TestDelete:
    @pytest.fixture(autouse=True)
    def _record(self, db):
        self.record = meeting()
        workflow.record_edit(self.record, "analyst")
        self.url = ending(self.record, "delete")

    def form(self, client, **values):
        token = client.get(self.url).context["version_token"]
        return {"post": "yes", "_version": token, **values}

    def test_the_reason_is_kept_in_the_history(self, reviewer):
        response = reviewer.post(self.url, self.form(reviewer, reason="Entered twice."))
        assert response.status_code == 302
        change = Change.objects.filter(kind="meeting").first()
        assert (change.step, change.by, change.reason) == ("deleted", "reviewer", "Entered twice.")
        assert change.state["title"] == "Eighth meeting"

    def test_it_may_be_left_out(self, reviewer):
        assert reviewer.post(self.url, self.form(reviewer)).status_code == 302
        assert not Engagement.objects.exists()

    def test_a_change_meanwhile_is_shown_and_nothing_deleted(self, reviewer):
        form = self.form(reviewer, reason="Entered twice.")
        Meeting.objects.filter(pk=self.record.pk).update(location_name="Hai Phong")
        workflow.record_edit(reload(self.record), "analyst")

        response = reviewer.post(self.url, form)

        assert response.status_code == 409
        text = text_of(response)
        assert "Hai Phong" in text
        assert "Entered twice.</textarea>" in text
        assert Engagement.objects.exists()
        token = response.context["version_token"]
        assert reviewer.post(self.url, {**form, "_version": token}).status_code == 302

    @pytest.mark.parametrize("token", ["", "forged"])
    def test_without_a_token_nothing_is_deleted(self, reviewer, token):
        response = reviewer.post(self.url, {"post": "yes", "_version": token})
        assert response.status_code == 409
        assert Engagement.objects.exists()

    def test_what_was_published_is_not_deleted(self, reviewer):
        publish(self.record)
        assert reviewer.get(self.url).status_code == 403
        assert reviewer.post(self.url, {"post": "yes"}).status_code == 403

    def test_what_protects_it_is_said(self, reviewer):
        text = text_of(reviewer.get(ending(force(VCG), "delete")))
        assert "cannot be deleted: these name it." in text
        assert Force.objects.filter(slug=VCG[0]).exists()

    def test_people_and_participants_are_deleted_as_seen_too(self, reviewer):
        person = Person.objects.create(slug="somebody", name="Somebody")
        side = self.record.participants.first()
        for row in (person, side):
            url = ending(row, "delete")
            assert reviewer.post(url, {"post": "yes"}).status_code == 409
            token = reviewer.get(url).context["version_token"]
            form = {"post": "yes", "_version": token, "reason": "Entered twice."}
            assert reviewer.post(url, form).status_code == 302
            assert Change.objects.first().reason == "Entered twice."
        assert not Person.objects.exists()
        assert not Participant.objects.filter(pk=side.pk).exists()
        assert history.changes_of(self.record).first().step == "edited"


@pytest.mark.parametrize("name", ["withdraw", "merge", "delete"])
def test_pages_make_as_many_queries_for_many_records(reviewer, name):
    double, kept = force(COAST_POLICE), force(VCG)
    url = merge_url(double, kept) if name == "merge" else ending(double, name)

    def grow(start, end):
        for number in range(start, end):
            record = meeting(f"talks-{number}", sides=((COAST_POLICE, "host"), (JCG, "guest")))
            cite(double, "kind", document=document(f"report-{number}"))
            if name != "delete":
                publish(record)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert reviewer.get(url).status_code == 200
        return len(caught)

    grow(0, 2)
    few = queries()
    grow(2, 12)
    assert queries() == few
