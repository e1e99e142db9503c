"""Records found again: before a new one is saved, and on the page of possible duplicates."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from agreements import history, likeness, merging, workflow
from agreements.models import (
    Change,
    EngagementLink,
    Meeting,
    Participant,
    PossibleDuplicate,
    Reviewable,
)
from agreements.versions import token
from drills.forms import Person
from tests import builders
from tests.admin_pages import add_row, fields_of, form_of, messages_of

pytestmark = pytest.mark.django_db

DAY = "2024-05-12"
TITLE = "Talks of the Vietnam and Japan coast guards"
PAGE = "/admin/duplicates/"


@pytest.fixture
def by_role(django_user_model):
    """Return the client of a new account in a role."""
    from django.contrib.auth.models import Group

    def make(role, name=None):
        user = django_user_model.objects.create_user(name or role, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def writer(by_role):
    return by_role("analyst")


@pytest.fixture
def held():
    return builders.meeting("talks-2024", title=TITLE, date=DAY)


@pytest.fixture
def after(django_capture_on_commit_callbacks):
    """Do what is done once the transaction of a change is over."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def filled(client, **values):
    """The form of a new meeting of the same two forces."""
    form = form_of(client, reverse("admin:agreements_meeting_add"))
    form |= {"title": "VCG–JCG talks", "slug": "again", "status": "held", "date": "2024-05"}
    for body in (builders.VCG, builders.JCG):
        force = builders.force(body)
        add_row(form, "participants", country=force.country_id, force=force.pk, role="party")
    return {**form, **values}


def post(client, form):
    return client.post(reverse("admin:agreements_meeting_add"), form)


def pairs():
    return set(likeness.open_pairs().values_list("first", "second"))


class TestBeforeSaving:
    def test_what_resembles_is_shown_and_nothing_is_saved(self, writer, held):
        response = post(writer, filled(writer))
        page = response.content.decode()
        assert not Meeting.objects.filter(slug="again").exists()
        assert "Perhaps this is recorded already" in page
        assert reverse("admin:agreements_meeting_change", args=[held.pk]) in page
        assert "Same parties (Japan, Vietnam), dates that overlap" in page
        assert 'value="VCG–JCG talks"' in page
        assert Change.objects.count() == 0

    def test_another_one_is_saved_and_told_apart(self, writer, held, after):
        form = fields_of(post(writer, filled(writer)).content.decode(), "meeting_form")
        assert "_another" not in form
        shown = post(writer, filled(writer)).context["resembling"]
        with after():
            assert post(writer, {**form, "_another": shown.token}).status_code == 302
        made = Meeting.objects.get(slug="again")
        (pair,) = likeness.told_apart()
        assert (pair.first_id, pair.second_id) == (held.pk, made.pk)
        assert (pair.told_apart_by, pair.told_apart_at is not None) == ("analyst", True)
        assert pairs() == set()
        assert made.participants.count() == 2

    def test_what_came_meanwhile_is_asked_for_too(self, writer, held):
        form = filled(writer)
        shown = post(writer, form).context["resembling"]
        second = builders.meeting("second", title=TITLE, date="2024-05-12/2024-05-13")
        response = post(writer, {**form, "_another": shown.token})
        assert [each.record.pk for each in response.context["resembling"].others] == [
            held.pk,
            second.pk,
        ]
        assert not Meeting.objects.filter(slug="again").exists()

    @pytest.mark.parametrize("forged", ["", "1", "a:b:c", "\x00", "é" * 50, "9" * 5000])
    def test_a_token_that_is_none_of_ours_confirms_nothing(self, writer, held, forged):
        assert post(writer, filled(writer, _another=forged)).status_code == 200
        assert not Meeting.objects.filter(slug="again").exists()

    def test_nor_does_another_persons(self, writer, by_role, held):
        shown = post(by_role("analyst", "colleague"), filled(writer)).context["resembling"]
        assert post(writer, filled(writer, _another=shown.token)).status_code == 200
        assert not Meeting.objects.filter(slug="again").exists()

    @pytest.mark.parametrize(
        "values",
        [
            {"date": "2024-06-02"},
            {"title": "Eighth high-level meeting", "date": "2021"},
            {"level": "head-of-state", "title": "Presidents meet"},
        ],
    )
    def test_what_resembles_nothing_is_saved_at_once(self, writer, held, values):
        Meeting.objects.filter(pk=held.pk).update(level="working")
        assert post(writer, filled(writer, **values)).status_code == 302
        assert Meeting.objects.filter(slug="again").exists()

    def test_nor_what_it_is_linked_to(self, writer, held):
        form = filled(writer)
        add_row(form, "links", relation="part-of", target=held.pk)
        assert post(writer, form).status_code == 302

    def test_an_error_of_the_form_comes_first(self, writer, held):
        response = post(writer, filled(writer, title=""))
        assert response.context["resembling"] is None
        assert "Perhaps this is recorded already" not in response.content.decode()

    def test_changing_a_record_asks_nothing(self, writer, held, after):
        other = builders.meeting("other", title=TITLE, date="2020")
        url = reverse("admin:agreements_meeting_change", args=[other.pk])
        with after():
            assert writer.post(url, {**form_of(writer, url), "date": DAY}).status_code == 302
        assert pairs() == {(held.pk, other.pk)}

    def test_words_of_another_record_are_escaped(self, writer, held):
        Meeting.objects.filter(pk=held.pk).update(title="<script>talks</script>")
        assert "<script>talks" not in post(writer, filled(writer)).content.decode()


class TestKeptUpToDate:
    def twin(self, **values):
        return builders.meeting("twin", **{"title": "VCG–JCG talks", "date": "2024-05", **values})

    def test_an_edit_proposes_and_takes_back(self, held, after):
        twin = self.twin()
        with after():
            workflow.record_edit(twin, "analyst")
        assert pairs() == {(held.pk, twin.pk)}
        twin.date = "2023"
        twin.save()
        with after():
            workflow.record_edit(twin, "analyst")
        assert pairs() == set()

    @pytest.mark.parametrize("end", ["withdrawn", "deleted", "merged", "linked"])
    def test_what_ends_is_in_no_pair(self, held, after, end):
        twin = self.twin()
        with after():
            workflow.record_edits([held, twin], "analyst", history.Way.COMMAND, "")
        assert len(pairs()) == 1
        with after():
            if end == "withdrawn":
                builders.publish(twin)
                workflow.withdraw(history.fresh(twin), "reviewer", "Never happened.")
            elif end == "deleted":
                workflow.delete(twin, "analyst")
            elif end == "merged":
                merging.merge(history.fresh(twin), history.fresh(held), "reviewer", "The same.")
            else:
                EngagementLink.objects.create(source=twin, target=held, relation="part-of")
                workflow.record_edit(twin, "analyst")
        assert pairs() == set()

    def test_what_was_told_apart_stays_so(self, held, after):
        twin = self.twin()
        assert likeness.tell_apart(twin.pk, held.pk, "analyst", "Another day.")
        assert not likeness.tell_apart(held.pk, twin.pk, "reviewer", "Indeed.")
        with after():
            workflow.record_edit(twin, "analyst")
        call_command("find_duplicates", verbosity=0)
        assert pairs() == set()
        (pair,) = likeness.told_apart()
        assert (pair.told_apart_by, pair.reason) == ("analyst", "Another day.")
        assert pair.nearness >= 60

    def test_nothing_is_told_of_records_that_are_not_there(self, held):
        assert not likeness.tell_apart(held.pk, held.pk, "analyst")
        assert not likeness.tell_apart(held.pk, 999_999, "analyst")
        assert not PossibleDuplicate.objects.exists()

    def test_what_is_rolled_back_proposes_nothing(self, held, after):
        with after():
            try:
                with transaction.atomic():
                    workflow.record_edit(self.twin(), "analyst")
                    raise ValueError
            except ValueError:
                pass
        assert pairs() == set()

    def test_the_command_finds_them_all_and_says_how_many(self, held, capsys):
        twin = self.twin()
        call_command("find_duplicates")
        told = capsys.readouterr().out
        assert "1 possible duplicate(s): 1 new, 0 gone; 0 told apart." in told
        assert "talks-2024 = twin? Same parties (Japan, Vietnam)" in told
        assert pairs() == {(held.pk, twin.pk)}
        Meeting.objects.filter(pk=twin.pk).update(review_state=Reviewable.ReviewState.WITHDRAWN)
        call_command("find_duplicates")
        assert "0 possible duplicate(s): 0 new, 1 gone" in capsys.readouterr().out

    def test_a_load_proposes_what_it_brings(self, after):
        from tests.conftest import ROOT

        with after():
            call_command("loaddata", *sorted(map(str, (ROOT / "fixtures").glob("*.json"))))
        loaded = pairs()
        call_command("find_duplicates", verbosity=0)
        assert loaded == pairs() != set()

    def test_what_fails_of_it_fails_no_change(self, after, monkeypatch, caplog):
        twin = builders.meeting("twin", title=TITLE, date="2024-05")

        def broken(numbers):
            raise RuntimeError("broken")

        monkeypatch.setattr("agreements.likeness.pairs.refresh", broken)
        with after():
            workflow.record_edit(twin, "analyst")
        assert Meeting.objects.get(pk=twin.pk).edited_by == "analyst"
        assert "broken" in caplog.text


def test_two_who_change_like_records_at_once_fail_neither(site):
    people = [Person(site, "analyst"), Person(site, "analyst")]
    listing = people[0].get("/admin/duplicates/").text
    urls = sorted(set(re.findall(r"/admin/agreements/exercise/[0-9]+/change/", listing)))
    assert len(urls) == 2
    for round_ in range(4):
        barrier = threading.Barrier(2)

        def save(number, round_=round_, barrier=barrier):
            form = people[number].form(urls[number], "exercise_form")
            barrier.wait(timeout=30)
            form["summary"] = f"Round {round_}."
            return people[number].post(urls[number], form).status_code

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(save, range(2))) == [302, 302]
    assert (
        sorted(
            set(
                re.findall(
                    r"/admin/agreements/exercise/[0-9]+/change/",
                    people[0].get("/admin/duplicates/").text,
                )
            )
        )
        == urls
    )


@pytest.fixture
def pair(held):
    builders.meeting("twin", title="VCG–JCG talks", date="2024-05", location_name="Hanoi")
    likeness.refresh_all()
    return likeness.open_pairs().get()


class TestPage:
    def test_both_stand_side_by_side_with_the_reason(self, by_role, pair):
        page = by_role("viewer").get(PAGE).content.decode()
        assert "Same parties (Japan, Vietnam), dates that overlap (12 May 2024; May 2024)" in page
        for text in (TITLE, "VCG–JCG talks", "Hanoi", "Vietnam Coast Guard, Japan Coast Guard"):
            assert text in page
        assert "Tell apart" not in page
        assert "Merge…" not in page

    def test_an_analyst_tells_apart_and_takes_it_back(self, writer, pair):
        url = reverse("tell_apart", args=[pair.pk])
        answer = writer.post(url, {"reason": "Two rounds\r\n of talks."}, follow=True)
        assert "are not the same" in messages_of(answer)[0]
        pair.refresh_from_db()
        assert (pair.told_apart_by, pair.reason) == ("analyst", "Two rounds of talks.")
        assert "No two records look" in writer.get(PAGE).content.decode()
        told = writer.get(f"{PAGE}?apart").content.decode()
        assert "said analyst on" in told
        assert "Two rounds of talks." in told
        writer.post(reverse("bring_back", args=[pair.pk]), {"from": "apart"})
        assert likeness.open_pairs().get().pk == pair.pk

    def test_what_is_taken_back_is_proposed_only_while_it_is_alike(self, writer, pair):
        likeness.tell_apart(pair.first_id, pair.second_id, "analyst", "No.")
        Meeting.objects.filter(pk=pair.second_id).update(review_state="withdrawn")
        writer.post(reverse("bring_back", args=[pair.pk]))
        assert not PossibleDuplicate.objects.exists()

    @pytest.mark.parametrize("reason", ["", "  ", "\x00", "x" * 301])
    def test_a_reason_is_needed(self, writer, pair, reason):
        answer = writer.post(reverse("tell_apart", args=[pair.pk]), {"reason": reason}, follow=True)
        assert "at most 300 characters" in messages_of(answer)[0]
        assert likeness.open_pairs().exists()

    def test_merging_leads_to_the_page_that_merges(self, by_role, pair):
        page = by_role("reviewer").get(PAGE).content.decode()
        url = reverse("admin:agreements_meeting_merge", args=[pair.second_id])
        assert f"{url}?into={pair.first_id}" in page
        Meeting.objects.filter(pk=pair.second_id).update(review_state="published")
        page = by_role("reviewer", "second").get(PAGE).content.decode()
        url = reverse("admin:agreements_meeting_merge", args=[pair.first_id])
        assert f"{url}?into={pair.second_id}" in page

    def test_passages_of_a_draft_go_to_the_other(self, writer, pair):
        draft = Meeting.objects.get(pk=pair.second_id)
        assert "Hand its passages" not in writer.get(PAGE).content.decode()
        workflow.record_edit(draft, "analyst")
        assert "Hand its passages" in writer.get(PAGE).content.decode()
        builders.cite(draft, "location", locator="paragraph 7")
        form = {"draft": draft.pk, "_version": token(draft)}
        answer = writer.post(reverse("hand_over_duplicate", args=[pair.pk]), form)
        assert answer.url == reverse("admin:agreements_meeting_change", args=[pair.first_id])
        assert not Meeting.objects.filter(pk=draft.pk).exists()
        held = Meeting.objects.get(pk=pair.first_id)
        assert held.citations.filter(locator="paragraph 7").exists()
        assert Change.objects.filter(record_id=draft.pk, step="deleted", way="form").exists()

    @pytest.mark.parametrize("told", ["", "forged"])
    def test_not_without_the_version_that_was_seen(self, writer, pair, told):
        draft = Meeting.objects.get(pk=pair.second_id)
        workflow.record_edit(draft, "analyst")
        form = {"draft": draft.pk, "_version": told}
        writer.post(reverse("hand_over_duplicate", args=[pair.pk]), form)
        assert Meeting.objects.filter(pk=draft.pk).exists()

    def test_nor_somebody_elses_draft(self, writer, pair):
        draft = Meeting.objects.get(pk=pair.second_id)
        workflow.record_edit(draft, "colleague")
        form = {"draft": draft.pk, "_version": token(draft)}
        answer = writer.post(reverse("hand_over_duplicate", args=[pair.pk]), form, follow=True)
        assert "Only a draft that you edited last" in messages_of(answer)[0]
        assert Meeting.objects.filter(pk=draft.pk).exists()

    @pytest.mark.parametrize("name", ["tell_apart", "bring_back", "hand_over_duplicate"])
    def test_a_pair_that_is_gone_is_told(self, writer, pair, name):
        url = reverse(name, args=[pair.pk])
        pair.delete()
        answer = writer.post(url, {"reason": "x", "draft": "1"}, follow=True)
        assert "not here any more" in messages_of(answer)[0]

    @pytest.mark.parametrize("name", ["tell_apart", "bring_back", "hand_over_duplicate"])
    def test_bad_input_is_refused(self, writer, by_role, pair, name):
        url = reverse(name, args=[pair.pk])
        assert by_role("viewer").post(url, {"reason": "x"}).status_code == 403
        assert writer.get(url).status_code == 405
        for number in (2**63, 10**30):
            assert writer.post(f"{PAGE}{number}/apart/").status_code == 404
        for draft in ("", "x", "\x00", str(2**64), "0"):
            assert writer.post(url, {"draft": draft, "reason": "\x00"}).status_code == 302
        assert likeness.open_pairs().exists()

    @pytest.mark.parametrize("query", ["p=0", "p=-1", "p=x", "p=99999999999999999999", "apart=%20"])
    def test_any_page_number_is_a_page(self, writer, pair, query):
        assert writer.get(f"{PAGE}?{query}").status_code == 200

    def test_a_form_of_another_site_is_refused(self, writer, pair):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = writer.cookies
        url = reverse("tell_apart", args=[pair.pk])
        assert strict.post(url, {"reason": "x"}).status_code == 403
        assert likeness.open_pairs().exists()

    def test_as_many_queries_for_twenty_pairs_as_for_one(
        self, writer, pair, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(20) as asked:
            writer.get(PAGE)
        one = len(asked)
        for number in range(8):
            builders.meeting(f"again-{number}", title=TITLE, date="2024-05")
        likeness.refresh_all()
        assert likeness.open_pairs().count() > 20
        with django_assert_max_num_queries(one):
            page = writer.get(PAGE).content.decode()
        assert page.count('class="pair"') == 20

    def test_sides_beyond_six_are_counted(self, writer, pair):
        for code in ("CN", "KH"):
            row = Meeting.objects.get(pk=pair.first_id)
            for role in ("party", "observer", "witness"):
                Participant.objects.create(
                    engagement=row, country=builders.country(code), role=role
                )
        assert "and 2 more" in writer.get(PAGE).content.decode()
