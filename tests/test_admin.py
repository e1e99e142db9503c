"""Writing and reviewing records in the admin, through its pages."""

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import (
    Agreement,
    Country,
    Delegate,
    Document,
    Exercise,
    Force,
    Meeting,
    Person,
    ReportedTotal,
    Series,
    Topic,
)
from tests import builders
from tests.admin_pages import (
    add_page,
    add_row,
    changelist,
    form_of,
    page,
    refused,
    saved,
)
from tests.builders import JCG, VCG, reload

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


class TestKeysThatCameByAnotherWay:
    """A draft whose slug is none, written past the program: its pages open, and mend it."""

    @pytest.mark.parametrize("slug", ["<script>x</script>", "two words", "../up", "a" * 90 + "/"])
    @pytest.mark.parametrize("make", [builders.meeting, builders.document, builders.topic])
    def test_are_mended_on_the_page_of_their_record(self, analyst, make, slug):
        record = make()
        type(record).objects.filter(pk=record.pk).update(slug=slug)
        for name in ("history", "delete", "review"):
            address = reverse(
                f"admin:agreements_{record._meta.model_name}_{name}", args=[record.pk]
            )
            assert analyst.get(address).status_code == 200
        saved(analyst, page(record), {**form_of(analyst, page(record)), "slug": "mended"})
        assert reload(record).slug == "mended"


class TestParticipants:
    def test_a_participant_that_is_deleted_is_an_edit_of_its_record(self, analyst):
        record = builders.meeting()
        builders.publish(record)
        guest = record.participants.get(role="guest")
        delete = reverse("admin:agreements_participant_delete", args=[guest.pk])
        token = analyst.get(delete).context["version_token"]
        analyst.post(delete, {"post": "yes", "_version": token})
        assert record.participants.count() == 1
        assert reload(record).review_state == "draft"
