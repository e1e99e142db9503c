"""Searches that found nothing: how they are noted, what is refused, and who finds them again."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements import merging, roles, workflow
from agreements.models import Engagement, FruitlessSearch, ReportedTotal, Series
from tests import builders
from tests.admin_pages import changelist, errors_of, form_of, page
from tests.builders import meeting, reload

pytestmark = pytest.mark.django_db

ADD = "/admin/agreements/fruitlesssearch/add/"
BEYOND = str(2**63)


def somebody(name: str, role: str) -> Client:
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def writer() -> Client:
    return somebody("writer", roles.ANALYST)


@pytest.fixture
def talks() -> Series:
    """A series of which the first and the third are recorded."""
    series = Series.objects.create(slug="talks", title="Talks of the coast guards")
    for number in (1, 3):
        meeting(f"talks-{number}", series=series, ordinal=number)
    return series


@pytest.fixture
def total() -> ReportedTotal:
    return ReportedTotal.objects.create(
        slug="ten", title="Ten talks", what="talks", count=10, counts="meetings",
        document=builders.document(), locator="paragraph 1",
    )  # fmt: skip


def planned(slug: str = "planned", status: str = "planned"):
    return meeting(slug, status=status, date="2001")


def noted(**values) -> FruitlessSearch:
    defaults = {"sought": "It", "places": "Sites", "searched_on": date(2026, 5, 1), "by": "writer"}
    return FruitlessSearch.objects.create(**{**defaults, **values})


def refused(client: Client, form: dict, address: str = ADD) -> str:
    """Post a form that must come back; return its errors."""
    response = client.post(address, form)
    assert response.status_code == 200, response.status_code
    assert not FruitlessSearch.objects.exists()
    return " ".join(errors_of(response))


class TestNoting:
    def test_from_the_queue_a_number_is_filled_in_and_the_queue_tells_of_it(self, writer, talks):
        queue = "/admin/queues/numbers/"
        (row,) = writer.get(queue).context["rows"]
        (number,) = row.numbers
        form = form_of(writer, number.note)
        assert form["series"] == str(talks.pk)
        assert form["ordinal"] == "2"
        assert form["sought"] == "No. 2 of: Talks of the coast guards"
        assert form["searched_on"] == timezone.localdate().isoformat()
        form["places"] = "The site of the force,\r\nin both languages"
        response = writer.post(number.note, form, follow=True)
        assert response.redirect_chain == [(queue, 302)]
        search = FruitlessSearch.objects.get()
        assert (search.series, search.ordinal, search.by) == (talks, 2, "writer")
        assert search.places == "The site of the force,\nin both languages"
        (row,) = response.context["rows"]
        assert row.numbers[0].sought.by == "writer"

    def test_from_its_page_a_total_is_filled_in_and_the_page_lists_it(self, writer, total):
        ((address, _number),) = writer.get(page(total)).context["searches"].notes
        form = form_of(writer, address)
        assert form["sought"] == "What is counted by: Ten talks"
        assert "series" not in form
        form["places"] = "The archive of the agency"
        response = writer.post(address, form, follow=True)
        assert response.redirect_chain == [(page(total), 302)]
        text = response.content.decode()
        assert "The archive of the agency" in text
        assert f'datetime="{timezone.localdate()}"' in text

    def test_a_planned_event_is_filled_in(self, writer):
        event = planned()
        ((address, _number),) = writer.get(page(event)).context["searches"].notes
        form = form_of(writer, address)
        assert form["sought"] == "Whether it was held: Planned"
        writer.post(address, {**form, "places": "Newspapers"})
        assert FruitlessSearch.objects.get().engagement_id == event.pk

    def test_a_series_offers_each_number_that_it_lacks(self, writer, talks):
        box = writer.get(page(talks)).context["searches"]
        assert [number for _address, number in box.notes] == ["2"]

    def test_without_a_target_one_is_chosen(self, writer, total):
        form = form_of(writer, ADD)
        assert {"total", "series", "ordinal", "engagement"} <= form.keys()
        form |= {"total": total.pk, "sought": "Talks", "places": "Sites"}
        response = writer.post(ADD, form)
        assert response["Location"] == changelist("fruitlesssearch")
        assert FruitlessSearch.objects.get().total == total

    @pytest.mark.parametrize("status", ["held", "cancelled"])
    def test_a_held_event_has_no_box(self, writer, status):
        assert writer.get(page(planned(status=status))).context["searches"] is None

    def test_a_viewer_reads_the_box_and_notes_nothing(self, total):
        viewer = somebody("viewer", roles.VIEWER)
        assert viewer.get(page(total)).context["searches"] is None
        noted(total=total)
        text = viewer.get(page(total)).content.decode()
        assert "Sites" in text
        assert ADD not in text


class TestRefused:
    @pytest.fixture
    def form(self, total) -> dict:
        today = timezone.localdate().isoformat()
        return {"total": total.pk, "sought": "It", "places": "Sites", "searched_on": today}

    def test_a_day_to_come_or_that_is_none(self, writer, form):
        tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
        assert "still to come" in refused(writer, {**form, "searched_on": tomorrow})
        for text in ("2026-02-30", "03/04/2026", "0000-00-00", "", "9" * 50):
            assert refused(writer, {**form, "searched_on": text})

    def test_no_target_or_two(self, writer, form, talks):
        event = planned()
        for more in (
            {"total": ""},
            {"engagement": event.pk},
            {"series": talks.pk, "ordinal": "2"},
            {"ordinal": "2"},
            {"total": "", "series": talks.pk},
            {"total": "", "ordinal": "2"},
            {"total": "", "series": talks.pk, "ordinal": "2", "engagement": event.pk},
        ):
            assert "Name one: a total" in refused(writer, {**form, **more}), more

    def test_a_number_that_is_recorded_or_none(self, writer, form, talks):
        form |= {"total": "", "series": talks.pk}
        assert "No. 3 of this series is recorded" in refused(writer, {**form, "ordinal": "3"})
        for number in ("0", "-1", "x", BEYOND):
            assert refused(writer, {**form, "ordinal": number}), number

    def test_a_number_of_a_withdrawn_record_is_missing(self, writer, form, talks):
        Engagement.objects.filter(slug="talks-3").update(review_state="withdrawn")
        form |= {"total": "", "series": talks.pk, "ordinal": "3"}
        assert writer.post(ADD, form).status_code == 302

    @pytest.mark.parametrize(("status", "taken"), [("held", False), ("unconfirmed", True)])
    def test_an_event_of_which_it_is_known(self, writer, form, status, taken):
        form |= {"total": "", "engagement": planned(status=status).pk}
        if taken:
            assert writer.post(ADD, form).status_code == 302
        else:
            assert "This event is held" in refused(writer, form)

    @pytest.mark.parametrize("key", ["0", "-1", BEYOND, "x", "1.5", "9999"])
    @pytest.mark.parametrize("name", ["total", "series", "engagement"])
    def test_what_is_not_there(self, writer, form, name, key):
        assert refused(writer, {**form, "total": "", "ordinal": "2", name: key})

    def test_too_much_or_nothing_said(self, writer, form):
        for more in (
            {"sought": ""},
            {"places": " "},
            {"sought": "x" * 301},
            {"places": "x" * 2001},
        ):
            assert refused(writer, {**form, **more})

    def test_nul(self, writer, form):
        for name in form:
            assert writer.post(ADD, {**form, name: "1\x00"}).status_code in (200, 400)
        assert not FruitlessSearch.objects.exists()

    @pytest.mark.parametrize("query", ["total=%00", f"total={BEYOND}", "total=x", "engagement=9999",
        "series=1&ordinal=x", f"series=1&ordinal={BEYOND}", "total=1&series=1", "back=//elsewhere",
        "ordinal=-1", "series="])  # fmt: skip
    def test_an_address_that_names_nothing(self, writer, query):
        assert writer.get(f"{ADD}?{query}").status_code in (200, 400)

    def test_a_target_that_the_address_left_out(self, writer, form):
        del form["total"]
        assert "Name one" in refused(writer, form, f"{ADD}?engagement=9999")


class TestReadAgain:
    def test_nobody_edits_one(self, analyst, total):
        search = noted(total=total)
        address = page(search)
        assert "_save" not in analyst.get(address).content.decode()
        assert analyst.post(address, {"sought": "Other"}).status_code == 403
        assert reload(search).sought == "It"

    @pytest.mark.parametrize(
        ("name", "role", "may"),
        [
            ("writer", roles.ANALYST, True),
            ("another", roles.ANALYST, False),
            ("reviewer", roles.REVIEWER, False),
            ("chief", roles.ADMINISTRATOR, True),
        ],
    )
    def test_its_author_or_an_administrator_deletes_it(self, total, name, role, may):
        search = noted(total=total)
        client = somebody(name, role)
        address = reverse("admin:agreements_fruitlesssearch_delete", args=[search.pk])
        assert client.post(address, {"post": "yes"}).status_code == (302 if may else 403)
        assert FruitlessSearch.objects.exists() != may

    def test_the_list_is_searched_and_filtered(self, writer, total, talks):
        noted(total=total, sought="First", by="another")
        noted(series=talks, ordinal=2, sought="Second")
        noted(engagement=planned(), sought="Third", places="The harbour archive")

        def listed(query):
            response = writer.get(f"{changelist('fruitlesssearch')}?{query}")
            return sorted(row.sought for row in response.context["cl"].result_list)

        assert listed("") == ["First", "Second", "Third"]
        assert listed("about=series") == ["Second"]
        assert listed("about=total") == ["First"]
        assert listed("whose=others") == ["First"]
        assert listed("q=harbour") == ["Third"]
        assert listed("q=coast+guards") == ["Second"]

    def test_it_stays_with_the_series_once_the_number_is_recorded(self, writer, talks):
        noted(series=talks, ordinal=2, sought="The second talks")
        meeting("talks-2", series=talks, ordinal=2)
        assert writer.get("/admin/queues/numbers/").context["rows"] == []
        text = writer.get(page(talks)).content.decode()
        assert "The second talks" in text
        assert "ordinal=2" not in text

    def test_another_ones_note_does_not_keep_a_draft_from_being_deleted(self, writer):
        event = planned()
        noted(engagement=event, by="another")
        address = reverse("admin:agreements_meeting_delete", args=[event.pk])
        answer = writer.get(address)
        form = {"post": "yes", "_version": answer.context["version_token"]}
        assert writer.post(address, form).status_code == 302
        assert not Engagement.objects.exists()

    def test_it_goes_along_when_the_record_is_merged(self):
        double, stays = planned("double"), planned("stays")
        search = noted(engagement=double)
        for each in (double, stays):
            workflow.record_edit(each, "analyst")
        merging.merge(reload(double), reload(stays), "reviewer", "The same talks.")
        assert reload(search).engagement_id == stays.pk

    def test_it_is_nowhere_in_public(self, client, total):
        builders.publish(total)
        noted(total=total, sought="A secret of the desk")
        for address in ("/api/v1/totals/", f"/api/v1/totals/{total.slug}/", "/api/v1/changes/"):
            response = client.get(address)
            assert response.status_code == 200
            assert b"secret" not in response.content
