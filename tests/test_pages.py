"""A record on its page, beside its evidence and with its past; nothing that is not published."""

import pytest
from django.urls import reverse

from agreements import workflow
from agreements.models import EngagementLink, Participant, Series, TopicLabel
from tests import builders
from tests.builders import cite, meeting, publish
from tests.public import linked, read, text_of

pytestmark = pytest.mark.django_db


class TestARecord:
    def test_shows_each_value_with_the_passage_it_rests_on(self, client):
        record = meeting("eighth", date="2023-12", summary="They agreed on a hotline.")
        cite(
            record,
            "date",
            document=builders.document("agency", title="An agency's report", publisher="VNA"),
            locator="paragraph 4",
            quote="met in December",
            inferred=True,
            confidence="medium",
            note="The year is that of the report.",
        )
        publish(record)

        text = read(client, "/en/meetings/eighth/")

        assert "They agreed on a hotline." in text
        assert "Held. It took place." in text
        assert "December 2023: 1 to 31 December 2023 2023-12" in text
        assert "Vietnam Coast Guard , Vietnam (host)" in text
        passage = text[text.index("met in December") :]
        assert passage.startswith("met in December An agency's report , VNA, paragraph 4")
        assert "inferred, not said · confidence: medium" in passage
        assert "The year is that of the report." in passage

    def test_says_of_what_is_planned_that_nothing_came_about_yet(self, client):
        publish(meeting("ninth", status="planned", date="2027"))
        text = read(client, "/en/meetings/ninth/")
        assert "Planned. It was announced. Whether it took place is not recorded." in text

    def test_shows_a_dispute_and_decides_nothing(self, client):
        record = meeting("eighth", date="2023-12-19")
        cite(
            record, "date", stance="disputes", stated_value="20 December 2023", quote="on the 20th"
        )
        publish(record)
        text = read(client, "/en/meetings/eighth/")
        assert "Documents disagree about a value of this record." in text
        assert "Date disputed 19 December 2023" in text
        assert "Disputes it: stated as 20 December 2023 on the 20th" in text

    def test_tells_of_what_nothing_is_stated(self, client):
        publish(meeting("eighth"))
        text = read(client, "/en/meetings/eighth/")
        assert "Nothing is recorded about: summary, date, place, level, modality, outcomes" in text

    def test_leads_to_whatever_it_names(self, client):
        series = Series.objects.create(slug="yearly-talks", title="Yearly talks")
        cite(series, "title")
        earlier = meeting("seventh", series=series, ordinal=7)
        record = meeting("eighth", series=series, ordinal=8, location_name="Hanoi")
        record.location_country = builders.country("VN")
        record.save()
        EngagementLink.objects.create(source=record, target=earlier, relation="part-of")
        publish(series, earlier, record)
        found = linked(client.get("/en/meetings/eighth/"))
        for address in (
            *("/en/forces/vietnam-coast-guard/", "/en/countries/VN/", "/en/series/yearly-talks/"),
            *("/en/meetings/seventh/", "/en/documents/news-report/"),
            *("/en/meetings/eighth/revisions/", "/en/meetings/eighth/cite/"),
        ):
            assert address in found

    def test_is_named_in_the_language_of_its_reader(self, client):
        TopicLabel.objects.create(topic=builders.topic(), language="vi", text="Tìm kiếm cứu nạn")
        record = meeting("eighth")
        record.engagement_topics.create(topic=builders.topic())
        cite(record, "topics")
        publish(record)
        text = read(client, "/vi/meetings/eighth/")
        assert "Cảnh sát biển Việt Nam , Việt Nam" in text
        assert "Nhật Bản" in text
        assert "Tìm kiếm cứu nạn" in text
        assert "Search and rescue" in read(client, "/en/meetings/eighth/")

    def test_a_name_in_another_language_is_marked(self, client):
        publish(meeting("eighth"))
        page = client.get("/vi/meetings/eighth/").content.decode()
        assert '<span lang="en">Japan Coast Guard</span>' in page

    def test_hides_no_mark_of_what_is_written_in_it(self, client):
        publish(meeting("eighth", title="<script>alert(1)</script>", summary="a & b <i>"))
        page = client.get("/en/meetings/eighth/").content.decode()
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


class TestWhatIsNoMore:
    def test_a_withdrawn_record_is_gone_with_its_reason(self, client):
        record = meeting("eighth")
        publish(record)
        workflow.withdraw(record, "reviewer", "The source took it back.")
        text = read(client, "/en/meetings/eighth/", 410)
        assert "The source took it back." in text
        assert "eighth" not in read(client, "/en/meetings/").lower().replace("eighth,", "")
        assert "Reason: The source took it back." in read(client, "/en/meetings/eighth/revisions/")
        assert "It took place" in read(client, "/en/meetings/eighth/revisions/1/")
        assert "The source took it back." in read(client, "/en/meetings/eighth/revisions/2/", 410)

    def test_a_merged_record_leads_to_the_one_that_stays(self, client):
        double, kept = meeting("double"), meeting("kept")
        publish(double, kept)
        workflow.withdraw(
            builders.reload(double), "reviewer", "Reported twice.", successor=builders.reload(kept)
        )
        for below in ("", "cite/", "cite.bib"):
            response = client.get(f"/vi/meetings/double/{below}", {"as_of": ""})
            assert response.status_code == 302
            response = client.get(f"/vi/meetings/double/{below}")
            assert (response.status_code, response.url) == (301, f"/vi/meetings/kept/{below}")

    @pytest.mark.parametrize("language", ["en", "vi"])
    @pytest.mark.parametrize(
        "below",
        ["", "revisions/", "revisions/1/", "cite/", "cite.ris", "feed.atom", "revisions/1/cite/"],
    )
    def test_what_never_was_is_not_found_in_the_readers_language(self, client, language, below):
        response = client.get(f"/{language}/meetings/never/{below}")
        assert response.status_code == 404
        assert f'<html lang="{language}">' in response.content.decode()

    def test_nothing_leads_beyond_what_a_revision_number_can_be(self, client):
        publish(meeting("eighth"))
        for number in ("0", "2", "99999999999999999999"):
            assert client.get(f"/en/meetings/eighth/revisions/{number}/").status_code == 404


class TestNothingUnpublished:
    """A draft, and what is withdrawn or edited since, is on no page and in no feed."""

    CANARY = "canary"

    @pytest.fixture
    def canaries(self):
        shown = meeting("shown")
        hidden = meeting("hidden-canary", title="Canary of the desk")
        publish(shown)
        publish(hidden)
        workflow.withdraw(hidden, "reviewer", "Withdrawn.")
        meeting("draft-canary", title="Draft canary", summary="canary")
        builders.force(("canary-force", "VN", "Canary force"))
        shown.title = "Edited canary"
        workflow.record_edit(shown, "analyst")

    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_is_on_no_page(self, client, canaries, language):
        pages = (
            *("", "search/", "search/?q=canary", "meetings/", "forces/", "countries/"),
            *("countries/VN/", "countries/JP/VN/", "forces/vietnam-coast-guard/"),
            *("documents/news-report/", "meetings/shown/", "meetings/shown/revisions/"),
            *("feeds/changes.atom?q=shown", "cite/"),
        )
        for page in pages:
            response = client.get(f"/{language}/{page}")
            assert response.status_code == 200
            shown = response.content.decode().replace("q=canary", "").replace('"canary"', "")
            # What was published once stands in the history of what was published, as withdrawn.
            withdrawn = shown.lower().count("hidden-canary") + shown.count("Canary of the desk")
            assert "canary-force" not in shown
            assert "Draft canary" not in shown
            assert "Edited canary" not in shown
            if page:
                assert withdrawn == 0, page

    def test_the_history_of_publications_says_that_it_was_withdrawn(self, client, canaries):
        text = read(client, "/en/changes/")
        assert "withdrawn Canary of the desk" in text


class TestHistory:
    @pytest.fixture
    def revised(self):
        record = meeting("eighth", date="2023-12", summary="They met.")
        first = publish(record)[-1]
        record.summary = "They met in Hanoi."
        record.save()
        Participant.objects.filter(engagement=record, role="guest").update(role="observer")
        publish(record)
        return first

    def test_says_what_each_revision_changed(self, client, revised):
        text = read(client, "/en/meetings/eighth/revisions/")
        newest, first = text.split("Revision 1")
        assert "They met. → They met in Hanoi." in newest
        assert "guest" in newest
        assert "observer" in newest
        assert "Published for the first time." in first

    def test_a_revision_stays_as_it_was(self, client, revised):
        response = client.get("/en/meetings/eighth/revisions/1/")
        assert "They met in Hanoi." not in text_of(response)
        assert "They met." in text_of(response)
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "They met in Hanoi." in read(client, "/en/meetings/eighth/revisions/2/")

    def test_a_past_moment_is_shown_and_goes_along_with_every_link(self, client, revised):
        moment = revised.published_at.isoformat().replace("+00:00", "Z")
        response = client.get("/en/meetings/eighth/", {"as_of": moment})
        assert "As it was published at" in text_of(response)
        assert "They met in Hanoi." not in text_of(response)
        inward = [
            link
            for link in linked(response)
            if link.startswith("/en/") and not link.endswith(("/eighth/", "/feed.atom"))
        ]
        assert len(inward) > 15
        assert all("as_of=" in link for link in inward), inward
        assert "/en/meetings/eighth/" in linked(response)

    def test_before_the_first_publication_there_is_nothing(self, client, revised):
        assert "0 records found" in read(client, "/en/search/", as_of="2000-01-01")
        read(client, "/en/meetings/eighth/", 404, as_of="2000-01-01")
        read(client, "/en/", as_of="2000-01-01")
        assert "Nothing is published." in read(client, "/en/cite/", as_of="2000-01-01")


def test_the_desk_leads_to_the_page_of_what_is_public(analyst):
    record = meeting("eighth")
    publish(record)
    page = analyst.get(reverse("admin:agreements_meeting_change", args=[record.pk]))
    assert "/en/meetings/eighth/" in linked(page)
