"""No update is lost: of two people who save one record, the second is told and keeps their text."""

import pytest
from django.db import connection
from django.urls import reverse

from agreements import workflow
from agreements.history import changes_of
from agreements.models import Meeting, ReportedTotal
from tests import builders
from tests.admin_pages import (
    add_page,
    add_row,
    changelist,
    errors_of,
    form_of,
    messages_of,
    page,
    review_page,
    saved,
)
from tests.builders import meeting, reload

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(django_user_model):
    """The client of a second person who may edit everything."""
    from django.test import Client

    client = Client()
    client.force_login(django_user_model.objects.create_superuser("reviewer"))
    return client


def clashes(response):
    return [(row.label, row.theirs, row.mine) for row in response.context["conflict"].clashes]


def conflicting(client, url, form):
    """Post a form that comes second; return the page with its conflict."""
    response = client.post(url, form)
    assert response.status_code == 409
    assert "Nothing was saved. Read what changed, then save again." in errors_of(response)
    return response


class TestPages:
    @pytest.fixture(autouse=True)
    def _record(self, db):
        self.record = meeting(summary="As it was.", location_name="Hanoi")
        workflow.record_edit(self.record, "analyst")
        self.url = page(self.record)

    def test_the_second_save_is_told_and_stores_nothing(self, analyst, other):
        mine, theirs = form_of(analyst, self.url), form_of(other, self.url)
        saved(other, self.url, {**theirs, "title": "As the reviewer has it"})

        response = conflicting(analyst, self.url, {**mine, "title": "As the analyst has it"})

        assert reload(self.record).title == "As the reviewer has it"
        assert clashes(response) == [("Title", "As the reviewer has it", "As the analyst has it")]
        text = response.content.decode()
        assert "Somebody else saved this record first" in text
        assert 'value="As the analyst has it"' in text

    def test_what_was_not_touched_takes_what_was_saved_and_a_second_save_keeps_both(
        self, analyst, other
    ):
        mine, theirs = form_of(analyst, self.url), form_of(other, self.url)
        saved(other, self.url, {**theirs, "location_name": "Hai Phong", "date": "2024-12-16"})

        response = conflicting(analyst, self.url, {**mine, "summary": "As the analyst has it."})

        assert clashes(response) == []
        again = response.context["adminform"].form.data
        saved(analyst, self.url, {**again.dict(), "_version": response.context["version_token"]})
        record = reload(self.record)
        assert (record.location_name, str(record.date)) == ("Hai Phong", "2024-12-16")
        assert record.summary == "As the analyst has it."

    def test_rows_that_others_added_removed_and_changed_are_there(self, analyst, other):
        mine, theirs = form_of(analyst, self.url), form_of(other, self.url)
        kept, gone = list(self.record.citations.order_by("pk"))[:2]
        theirs = {**theirs, "citations-0-locator": "paragraph 7", "citations-1-DELETE": "on"}
        add_row(
            theirs,
            "citations",
            field="summary",
            document=kept.document_id,
            locator="paragraph 9",
            stance="supports",
            confidence="high",
        )
        saved(other, self.url, theirs)

        response = conflicting(analyst, self.url, {**mine, "citations-0-note": "A note of mine."})

        data = response.context["adminform"].form.data.dict()
        saved(analyst, self.url, {**data, "_version": response.context["version_token"]})
        rows = {row.field: row for row in self.record.citations.all()}
        assert rows["summary"].locator == "paragraph 9"
        assert gone.pk not in {row.pk for row in rows.values()}
        changed = self.record.citations.get(pk=kept.pk)
        assert (changed.locator, changed.note) == ("paragraph 7", "A note of mine.")

    def test_a_row_that_others_removed_and_this_one_changed_is_kept_as_typed(self, analyst, other):
        mine, theirs = form_of(analyst, self.url), form_of(other, self.url)
        saved(other, self.url, {**theirs, "citations-1-DELETE": "on"})

        response = conflicting(analyst, self.url, {**mine, "citations-1-locator": "paragraph 77"})

        assert ("citation", "removed", "changed") in clashes(response)
        data = response.context["adminform"].form.data.dict()
        saved(analyst, self.url, {**data, "_version": response.context["version_token"]})
        assert self.record.citations.filter(locator="paragraph 77").count() == 1

    @pytest.mark.parametrize(
        "token", [None, "", "forged", "eyJhIjoxfQ:1abcde:xyz", "-1", "0", "\0", "9" * 30]
    )
    def test_without_a_token_nothing_is_saved(self, analyst, token):
        form = {**form_of(analyst, self.url), "title": "Otherwise", "_version": token or ""}
        if token is None:
            del form["_version"]
        response = conflicting(analyst, self.url, form)
        assert reload(self.record).title == self.record.title
        assert 'value="Otherwise"' in response.content.decode()

    def test_the_token_of_another_record_is_none(self, analyst):
        another = meeting("ninth-meeting")
        token = form_of(analyst, page(another))["_version"]
        conflicting(analyst, self.url, {**form_of(analyst, self.url), "_version": token})

    def test_a_step_taken_meanwhile_is_a_conflict_too(self, analyst):
        form = form_of(analyst, self.url)
        workflow.submit(reload(self.record), "analyst")
        conflicting(analyst, self.url, {**form, "title": "Otherwise"})
        assert reload(self.record).review_state == "in-review"

    def test_an_edit_of_a_delegate_is_an_edit_of_the_record(self, analyst, other):
        side = self.record.participants.first()
        mine, theirs = form_of(analyst, page(side)), form_of(other, self.url)
        saved(other, self.url, {**theirs, "title": "As the reviewer has it"})
        add_row(mine, "delegates", position="Commander", role="head")

        response = conflicting(analyst, page(side), mine)

        assert not side.delegates.exists()
        data = response.context["adminform"].form.data.dict()
        saved(analyst, page(side), {**data, "_version": response.context["version_token"]})
        assert side.delegates.get().position == "Commander"

    def test_of_a_record_that_was_deleted_the_text_is_kept_for_a_new_one(self, analyst):
        form = {**form_of(analyst, self.url), "title": "As the analyst has it"}
        form["_reason"] = "Because of the second report."
        workflow.delete(reload(self.record), "reviewer", reason="Entered twice.")

        response = conflicting(analyst, self.url, form)

        text = response.content.decode()
        assert "The record was deleted meanwhile." in text
        assert "Entered twice." in text
        assert "Because of the second report." in text
        data = response.context["adminform"].form.data.dict()
        saved(analyst, add_page("meeting"), data)
        record = Meeting.objects.get()
        assert record.title == "As the analyst has it"
        assert (record.participants.count(), record.citations.count()) == (2, 3)

    def test_members_of_a_set_are_laid_over_each_other(self, analyst, other):
        total = ReportedTotal.objects.create(
            slug="ten",
            title="Ten",
            what="agreements",
            count=10,
            counts="agreements",
            document=builders.document(),
            locator="paragraph 1",
        )
        workflow.record_edit(total, "analyst")
        japan, china = builders.country("JP"), builders.country("CN")
        mine, theirs = form_of(analyst, page(total)), form_of(other, page(total))
        saved(other, page(total), {**theirs, "countries": [japan.pk, china.pk]})

        response = conflicting(analyst, page(total), {**mine, "count": "11"})

        data = response.context["adminform"].form.data
        form = {name: data.getlist(name) for name in data}
        saved(analyst, page(total), {**form, "_version": response.context["version_token"]})
        assert {row.code for row in total.countries.all()} == {"JP", "CN"}
        assert reload(total).count == 11


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there a change waits as it begins")
class TestDeletedWhileItIsWaitedFor:
    """Somebody deletes a record after its change has begun, and before it has the record's lock."""

    @pytest.fixture(autouse=True)
    def _record(self, db):
        self.record = meeting(summary="As it was.")
        workflow.record_edit(self.record, "analyst")

    def post(self, client, url, form):
        """Post a form; the record goes just before its row would be locked."""

        def delete_first(execute, sql, params, many, context):
            if "FOR UPDATE" in sql and Meeting.objects.filter(pk=self.record.pk).exists():
                workflow.delete(reload(self.record), "reviewer", reason="Entered twice.")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(delete_first):
            response = client.post(url, form)
        assert not Meeting.objects.exists()
        return response

    def test_the_text_is_kept_for_a_new_one(self, analyst):
        form = {**form_of(analyst, page(self.record)), "title": "As the analyst has it"}
        response = self.post(analyst, page(self.record), form)
        assert response.status_code == 409
        text = response.content.decode()
        assert "The record was deleted meanwhile." in text
        assert 'value="As the analyst has it"' in text

    def test_who_deletes_it_too_is_told(self, analyst):
        url = reverse("admin:agreements_meeting_delete", args=[self.record.pk])
        token = analyst.get(url).context["version_token"]
        response = self.post(analyst, url, {"_version": token, "post": "yes"})
        assert response.status_code == 302


class TestReasons:
    """Whoever came second also typed why: that comes back with the refusal."""

    WHY = "Because of “the second report”."

    @pytest.fixture(autouse=True)
    def _record(self, db):
        self.record = meeting(summary="As it was.")
        workflow.record_edit(self.record, "analyst")

    def edit(self, **values):
        record = reload(self.record)
        Meeting.objects.filter(pk=record.pk).update(**values)
        workflow.record_edit(record, "somebody else")

    def test_on_a_form(self, analyst):
        form = {**form_of(analyst, page(self.record)), "_reason": self.WHY}
        self.edit(title="Otherwise")
        response = conflicting(analyst, page(self.record), form)
        assert 'name="_reason" maxlength="2000" value="Because' in response.content.decode()

    @pytest.mark.parametrize("theirs", ["Otherwise.", "As it was."])
    def test_on_the_page_of_an_earlier_state(self, analyst, theirs):
        first = changes_of(self.record).last()
        self.edit(summary="As it became.")
        url = reverse("admin:agreements_meeting_restore", args=[self.record.pk, first.pk])
        token = analyst.get(url).context["version_token"]
        self.edit(summary=theirs)

        response = analyst.post(url, {"_version": token, "reason": self.WHY})

        assert response.status_code == 409
        assert self.WHY in response.content.decode()
        assert reload(self.record).summary == theirs

    def test_on_a_review(self, analyst):
        workflow.submit(reload(self.record), "somebody else")
        tokens = analyst.get(review_page(self.record)).context["tokens"]
        self.edit(title="Otherwise")

        form = {"_version": tokens, "_review_step": "return", "reason": self.WHY}
        response = analyst.post(review_page(self.record), form)

        assert response.status_code == 409
        assert self.WHY in response.content.decode()

    def test_on_a_step_of_a_list(self, analyst):
        workflow.submit(reload(self.record), "somebody else")
        form = {"action": "return_to_draft", "_selected_action": [self.record.pk]}
        tokens = analyst.post(changelist("meeting"), form).context["tokens"]
        self.edit(title="Otherwise")

        confirmed = {**form, "_confirmed": "1", "_version": tokens, "reason": self.WHY}
        response = analyst.post(changelist("meeting"), confirmed)

        assert response.status_code == 409
        assert f"{self.WHY}</textarea>" in response.content.decode()
        assert "was changed meanwhile" in messages_of(response)[0]


class TestPresence:
    def test_whoever_else_has_the_page_open_is_named(self, analyst, other):
        record = meeting()
        assert "Also being edited by" not in analyst.get(page(record)).context["present"]
        response = other.get(page(record))
        assert response.context["present"] == ["analyst"]
        assert "Also being edited by analyst" in response.content.decode()
        told = analyst.post(reverse("presence", args=["meeting", record.pk])).json()
        assert told == {"others": ["reviewer"], "version": 1, "by": ""}

    @pytest.mark.parametrize(
        ("kind", "pk"), [("meeting", 10**6), ("fleet", 1), ("meeting", 10**30)]
    )
    def test_nothing_is_told_of_what_is_not_there(self, analyst, kind, pk):
        assert analyst.post(reverse("presence", args=[kind, pk])).status_code == 404

    def test_strangers_are_told_nothing(self, client):
        response = client.post(reverse("presence", args=["meeting", meeting().pk]))
        assert response.status_code == 302
