"""Writing and reviewing records in the admin, through its pages."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from agreements import workflow
from agreements.models import (
    Agreement,
    Country,
    Delegate,
    Document,
    Engagement,
    Exercise,
    Force,
    Meeting,
    Person,
    Publication,
    ReportedTotal,
    Series,
    Topic,
)
from tests import builders
from tests.admin_pages import (
    act,
    add_page,
    add_row,
    changelist,
    form_of,
    messages_of,
    page,
    refused,
    saved,
)
from tests.builders import CCG, JCG, VCG, reload

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(django_user_model):
    """Another client, of the one who approves."""
    other = Client()
    other.force_login(django_user_model.objects.create_superuser("reviewer"))
    return other


class TestWriting:
    def test_a_country_is_known_by_its_code(self, analyst):
        form = form_of(analyst, add_page("country"))
        saved(analyst, add_page("country"), {**form, "code": "vn"})

        country = Country.objects.get()
        assert (country.code, country.alpha3) == ("VN", "VNM")
        assert (country.review_state, country.edited_by, country.version) == ("draft", "analyst", 1)
        assert refused(analyst, add_page("country"), {**form, "code": "XX"}) == [
            "Write an ISO 3166 alpha-2 code, such as VN."
        ]

    def test_a_force_with_its_names_and_evidence(self, analyst):
        form = form_of(analyst, add_page("force"))
        form |= {"name": "Japan Coast Guard", "slug": "japan-coast-guard", "kind": "coast-guard"}
        form |= {"country": builders.country("JP").pk, "established": "1948-05-01"}
        add_row(form, "names", text="海上保安庁", language="ja", kind="official", period="1948/..")
        add_row(form, "citations", document=builders.document().pk, field="established",
                locator="paragraph 2", stance="supports", confidence="high")  # fmt: skip
        saved(analyst, add_page("force"), form)

        force = Force.objects.get()
        assert str(force.established_latest) == "1948-05-01"
        assert [str(name) for name in force.names.all()] == ["海上保安庁"]
        assert [row.field for row in force.citations.all()] == ["established"]

        form = form_of(analyst, page(force))
        saved(analyst, page(force), {**form, "names-0-text": "海保", "names-0-kind": "acronym"})
        assert [str(name) for name in force.names.all()] == ["海保"]
        assert reload(force).version == 2

    def test_a_person_a_topic_and_a_series(self, analyst):
        form = form_of(analyst, add_page("person")) | {"name": "Lê Đình Cường", "slug": "le"}
        add_row(form, "names", text="Le Dinh Cuong", language="en")
        saved(analyst, add_page("person"), form)
        form = form_of(analyst, add_page("topic")) | {"name": "Smuggling", "slug": "smuggling"}
        add_row(form, "labels", text="buôn lậu", language="vi")
        saved(analyst, add_page("topic"), form)
        form = form_of(analyst, add_page("series")) | {"title": "Annual talks", "slug": "talks"}
        add_row(form, "citations", document=builders.document().pk, field="title",
                locator="headline", stance="supports", confidence="high")  # fmt: skip
        saved(analyst, add_page("series"), form)

        person, topic, series = Person.objects.get(), Topic.objects.get(), Series.objects.get()
        assert person.names.get().text == "Le Dinh Cuong"
        assert topic.labels.get().text == "buôn lậu"
        assert series.citations.get().locator == "headline"
        for record, name in ((person, "name"), (topic, "name"), (series, "title")):
            saved(analyst, page(record), {**form_of(analyst, page(record)), name: "Another"})
            assert str(reload(record)) == "Another"

    def test_a_document_and_the_total_that_it_claims(self, analyst):
        form = form_of(analyst, add_page("document"))
        form |= {"title": "White paper", "slug": "white-paper", "language": "en"}
        saved(analyst, add_page("document"), {**form, "published": "2024~"})
        document = Document.objects.get()
        assert document.sha256 is None
        assert str(document.published) == "2024~"

        form = form_of(analyst, add_page("reportedtotal"))
        form |= {"title": "Ten partners", "slug": "ten-partners", "what": "forces", "count": "10"}
        form |= {"document": document.pk, "locator": "paragraph 1", "counts": "countries"}
        form |= {"countries": [builders.country("VN").pk, builders.country("JP").pk]}
        saved(analyst, add_page("reportedtotal"), form)
        total = ReportedTotal.objects.get()
        assert total.countries.count() == 2

        form = form_of(analyst, page(total))
        saved(analyst, page(total), {**form, "countries": [builders.country("VN").pk]})
        assert (total.countries.count(), reload(total).version) == (1, 2)

    @pytest.mark.parametrize(
        ("model", "values"),
        [
            (Agreement, {"status": "signed", "instrument": "memorandum-of-understanding",
                         "binding": "unknown", "entered_into_force": "2015-09",
                         "identified": "on"}),
            (Meeting, {"status": "held", "level": "high-level", "modality": "online"}),
            (Exercise, {"status": "planned", "activity": "joint-patrol", "vessels": "CSB 8001"}),
        ],
    )  # fmt: skip
    def test_an_engagement_with_everything_about_it(self, analyst, model, values):
        vcg, jcg, document = builders.force(VCG), builders.force(JCG), builders.document()
        earlier = builders.meeting("earlier-talks")
        url = add_page(model._meta.model_name)
        form = form_of(analyst, url) | {"title": "Ninth of its kind", "slug": "ninth", **values}
        form |= {"date": "2024-12-16/2024-12-21", "location_name": "Hanoi"}
        form |= {"location_country": vcg.country_id, "ordinal": "9"}
        form |= {"series": Series.objects.create(slug="talks", title="Talks").pk}
        add_row(form, "participants", country=vcg.country_id, force=vcg.pk, role="host")
        add_row(form, "participants", country=jcg.country_id, force="", role="guest")
        add_row(form, "engagement_topics", topic=builders.topic().pk)
        add_row(form, "links", relation="implements", target=earlier.pk)
        add_row(form, "citations", field="date", document=document.pk, locator="paragraph 4",
                stance="supports", confidence="medium", quote="in Hanoi")  # fmt: skip
        saved(analyst, url, form)

        record = model.objects.get(slug="ninth")
        assert (record.kind, record.status) == (model.RECORD_KIND, values["status"])
        assert str(record.date_latest) == "2024-12-21"
        sides = [(row.country.code, row.role) for row in record.participants.all()]
        assert sides == [("VN", "host"), ("JP", "guest")]
        assert [row.topic.slug for row in record.engagement_topics.all()] == ["search-and-rescue"]
        assert record.links.get().target_id == earlier.pk
        assert record.citations.get().quote == "in Hanoi"

        form = form_of(analyst, page(record))
        form |= {"participants-0-role": "party", "participants-1-DELETE": "on", "date": "2024"}
        saved(analyst, page(record), form)
        assert [row.role for row in record.participants.all()] == ["party"]
        assert str(reload(record).date) == "2024"
        assert reload(record).version == 2

    def test_delegates_are_on_the_page_of_their_participant(self, analyst):
        record = builders.meeting()
        builders.publish(record)
        host = record.participants.get(role="host")
        person = Person.objects.create(slug="le", name="Lê Quang Đạo")
        assert page(host) in analyst.get(page(record)).content.decode()

        form = form_of(analyst, page(host))
        add_row(form, "delegates", person=person.pk, rank="Major General", role="head")
        response = saved(analyst, page(host), form)

        assert response.redirect_chain[-1][0] == page(record)
        assert Delegate.objects.get().person == person
        assert (reload(record).review_state, reload(record).edited_by) == ("draft", "analyst")

    def test_only_the_statuses_and_fields_of_a_kind_are_offered(self, analyst):
        meeting = analyst.get(add_page("meeting"))
        form = meeting.context["adminform"].form
        citations = meeting.context["inline_admin_formsets"][3].formset
        offered = dict(citations.empty_form.fields["field"].choices)

        assert {"held", "signed"} & set(dict(form.fields["status"].choices)) == {"held"}
        assert {"outcomes", "instrument"} & set(offered) == {"outcomes"}
        filters = meeting = analyst.get(changelist("agreement")).context["cl"].filter_specs
        assert "signed" in dict(filters[1].field.flatchoices)
        assert "held" not in dict(filters[1].field.flatchoices)

    def test_a_saved_page_without_a_change_leaves_a_record_alone(self, analyst):
        record = builders.exercise(vessels="CSB 8001\nCSB 8002")
        series = Series.objects.create(slug="s", title="S", summary="One\n\nTwo")
        builders.publish(record)
        for row in (record, series, record.participants.first(), builders.force(), Topic(), record):
            if row.pk:
                before = type(row).objects.values().get(pk=row.pk)
                saved(analyst, page(row), form_of(analyst, page(row)))
                assert type(row).objects.values().get(pk=row.pk) == before
        assert reload(record).review_state == "published"


class TestReview:
    def test_a_record_is_submitted_approved_and_published(self, analyst, reviewer):
        record = builders.meeting()
        builders.publish(*Document.objects.all())
        saved(analyst, page(record), {**form_of(analyst, page(record)), "summary": "Talks."})
        response = act(analyst, "meeting", "submit_for_review", record)
        assert messages_of(response) == ["Eighth meeting was submitted for review."]

        response = act(analyst, "meeting", "approve_and_publish", record)
        assert "analyst edited it last" in messages_of(response)[0]
        assert reload(record).review_state == "in-review"

        response = act(reviewer, "meeting", "approve_and_publish", record)
        assert messages_of(response) == ["Eighth meeting was approved and published."]
        row = Publication.objects.get(kind="meeting")
        assert (row.author, row.approver) == ("analyst", "reviewer")
        assert "Approve and publish" in str(LogEntry.objects.first())

        public = f"/api/v1/meetings/{record.slug}/"
        assert public in reviewer.get(page(record)).content.decode()

    def test_the_steps_are_buttons_on_the_page(self, analyst, reviewer):
        record = builders.meeting()
        builders.publish(*Document.objects.all())
        workflow.record_edit(record, "analyst")
        form = form_of(analyst, page(record))
        response = saved(
            analyst, page(record), {**form, "title": "Ninth", "_review_step": "submit"}
        )
        assert response.redirect_chain[-1][0] == page(record)
        assert (reload(record).review_state, reload(record).version) == ("in-review", 3)

        form = form_of(reviewer, page(record))
        saved(reviewer, page(record), {**form, "_review_step": "return"})
        assert reload(record).review_state == "draft"
        assert reload(record).edited_by == "analyst"

        saved(analyst, page(record), {**form_of(analyst, page(record)), "_review_step": "submit"})
        saved(
            reviewer, page(record), {**form_of(reviewer, page(record)), "_review_step": "publish"}
        )
        assert reload(record).review_state == "published"

    def test_what_lacks_is_shown_and_said(self, analyst):
        record = builders.meeting()
        record.citations.filter(field="status").delete()
        assert "Cite a passage for status." in analyst.get(page(record)).content.decode()
        other = builders.meeting("ninth-meeting")

        response = act(analyst, "meeting", "submit_for_review", record, other)

        assert messages_of(response) == [
            "Ninth meeting was submitted for review.",
            "Eighth meeting: Cite a passage for status.",
        ]
        assert reload(record).review_state == "draft"

    def test_a_record_waits_for_those_that_it_names(self, reviewer):
        builders.publish(builders.document(), builders.country("CN"))
        parent = builders.force(CCG)
        child = builders.force(("a-squadron", "CN", "A squadron"), parent=parent)
        for row in (parent, child):
            workflow.record_edit(row, "analyst")
            workflow.submit(row)
        response = act(reviewer, "force", "approve_and_publish", child)
        assert "china-coast-guard is not published" in messages_of(response)[0]
        assert reload(child).review_state == "in-review"
        act(reviewer, "force", "approve_and_publish", child, parent)
        assert {row.review_state for row in Force.objects.all()} == {"published"}

    def test_an_edit_leaves_the_ledger_as_it_is_until_it_is_approved(self, analyst, reviewer):
        record = builders.meeting()
        builders.publish(record)
        before = list(Publication.objects.values_list("sha256", flat=True))
        form = form_of(analyst, page(record))
        assert "slug" not in form
        form |= {"slug": "another", "participants-1-DELETE": "on"}
        saved(analyst, page(record), form)

        changed = reload(record)
        assert (changed.slug, changed.review_state) == (record.slug, "draft")
        assert (changed.edited_by, changed.approved_by) == ("analyst", "")
        assert list(Publication.objects.values_list("sha256", flat=True)) == before

        act(analyst, "meeting", "submit_for_review", record)
        act(reviewer, "meeting", "approve_and_publish", record)
        newest = Publication.objects.get(kind="meeting", superseded_at=None)
        assert newest.revision == 2
        assert len(json.loads(newest.body)["participants"]) == 1

    def test_a_published_record_is_never_deleted(self, analyst):
        record, draft = builders.meeting(), builders.meeting("draft-meeting")
        builders.publish(record)
        delete = reverse("admin:agreements_meeting_delete", args=[record.pk])
        assert analyst.post(delete, {"post": "yes"}).status_code == 403
        response = act(analyst, "meeting", "delete_selected", record, draft)
        assert "withdrawn" in messages_of(response)[0]
        assert Meeting.objects.count() == 2

        form = {"action": "delete_selected", "_selected_action": [draft.pk], "post": "yes"}
        response = analyst.post(changelist("meeting"), form, follow=True)
        assert "Successfully deleted 1 meeting" in messages_of(response)[0]
        assert list(Meeting.objects.values_list("slug", flat=True)) == [record.slug]
        assert not Engagement.objects.filter(slug=draft.slug).exists()

    def test_a_participant_that_is_deleted_is_an_edit_of_its_record(self, analyst):
        record = builders.meeting()
        builders.publish(record)
        guest = record.participants.get(role="guest")
        delete = reverse("admin:agreements_participant_delete", args=[guest.pk])
        analyst.post(delete, {"post": "yes"})
        assert record.participants.count() == 1
        assert reload(record).review_state == "draft"
