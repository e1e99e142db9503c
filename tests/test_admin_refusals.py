"""What the admin refuses or warns of: constraints, quotations, permissions."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from agreements.models import (
    DocumentText,
    Participant,
    Publication,
    ReportedTotal,
    Series,
)
from tests import builders
from tests.admin_pages import (
    LISTS,
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
from tests.builders import JCG, VCG, reload

pytestmark = pytest.mark.django_db


class TestRefusals:
    """What constraints and triggers would refuse comes as an error on the form."""

    def test_a_status_of_another_kind(self, analyst):
        record = builders.meeting()
        errors = refused(
            analyst, page(record), {**form_of(analyst, page(record)), "status": "signed"}
        )
        assert "not one of the available choices" in errors[0]

    def test_a_force_of_another_country(self, analyst):
        record = builders.meeting()
        form = form_of(analyst, page(record))
        form["participants-0-force"] = builders.force(JCG).pk
        assert refused(analyst, page(record), form) == ["This force belongs to another country."]
        host = record.participants.get(role="host")
        form = form_of(analyst, page(host)) | {"force": builders.force(JCG).pk}
        assert refused(analyst, page(host), form) == ["This force belongs to another country."]

    def test_a_force_that_changes_its_country_under_records(self, analyst):
        builders.meeting()
        vcg = builders.force(VCG)
        form = form_of(analyst, page(vcg)) | {"country": builders.country("KH").pk}
        assert "change those first" in refused(analyst, page(vcg), form)[0]

    def test_the_same_side_twice(self, analyst):
        record = builders.meeting(sides=(("VN", "host"), (JCG, "guest")))
        form = form_of(analyst, page(record))
        add_row(form, "participants", country=builders.country("VN").pk, force="", role="host")
        assert refused(analyst, page(record), form)
        new = form_of(analyst, add_page("meeting"))
        new |= {"title": "Talks", "slug": "talks", "status": "held"}
        for _ in range(2):
            add_row(new, "participants", country=builders.country("VN").pk, role="host")
        assert "This country is named twice in this role." in refused(
            analyst, add_page("meeting"), new
        )
        jcg = builders.force(JCG)
        guest = record.participants.get(role="guest")
        Participant.objects.create(
            engagement=record, country=jcg.country, force=jcg, role="observer"
        )
        assert refused(analyst, page(guest), {**form_of(analyst, page(guest)), "role": "observer"})

    def test_a_number_twice_in_a_series_or_without_one(self, analyst):
        series = Series.objects.create(slug="talks", title="Talks")
        builders.agreement(series=series, ordinal=8)
        record = builders.meeting()
        form = form_of(analyst, page(record)) | {"ordinal": "8"}
        assert refused(analyst, page(record), form) == ["A number needs a series, and starts at 1."]
        form |= {"series": series.pk}
        assert refused(analyst, page(record), form) == [
            "This series has a record with this number already."
        ]

    @pytest.mark.parametrize(
        ("prefix", "values"),
        [
            ("engagement_topics", {"topic": "topic"}),
            ("links", {"relation": "renews", "target": "other"}),
        ],
    )
    def test_the_same_row_twice(self, analyst, prefix, values):
        made = {"topic": builders.topic(), "other": builders.meeting("other")}
        record = builders.meeting()
        form = form_of(analyst, page(record))
        row = {name: made[value].pk if value in made else value for name, value in values.items()}
        add_row(form, prefix, **row)
        add_row(form, prefix, **row)
        assert refused(analyst, page(record), form)

    def test_a_link_to_itself_a_parent_of_itself_and_an_origin_in_a_circle(self, analyst):
        record, vcg = builders.meeting(), builders.force(VCG)
        form = form_of(analyst, page(record))
        add_row(form, "links", relation="renews", target=record.pk)
        assert refused(analyst, page(record), form) == ["A record cannot be linked to itself."]
        for name in ("parent", "predecessor"):
            form = form_of(analyst, page(vcg)) | {name: vcg.pk}
            assert "leads back" in refused(analyst, page(vcg), form)[0]
        first = builders.document("first")
        second = builders.document("second", origin=first)
        form = form_of(analyst, page(first)) | {"origin": second.pk}
        assert "leads back" in refused(analyst, page(first), form)[0]

    def test_a_slug_or_a_text_that_exists_already(self, analyst):
        builders.agreement("taken")
        record = builders.meeting("free")
        form = form_of(analyst, page(record)) | {"slug": "taken"}
        assert "already exists" in refused(analyst, page(record), form)[0]
        first = builders.document("first", sha256="a" * 64)
        second = builders.document("second")
        form = form_of(analyst, page(second)) | {"sha256": first.sha256}
        assert "already exists" in refused(analyst, page(second), form)[0]

    def test_a_quotation_that_is_too_long_and_a_date_that_is_none(self, analyst):
        record = builders.meeting()
        form = form_of(analyst, page(record)) | {"date": "2024-13", "citations-0-quote": "a " * 21}
        errors = refused(analyst, page(record), form)
        assert any("2024-13" in error for error in errors)
        assert "Quote at most 20 words." in errors

    def test_an_agreement_that_is_only_counted_has_no_type(self, analyst):
        record = builders.agreement(instrument="treaty")
        form = form_of(analyst, page(record))
        form.pop("identified")
        assert refused(analyst, page(record), form) == [
            "An unidentified agreement has no type, title or date."
        ]


class TestQuotations:
    TEXT = "First line\n\nThe two sides met in Hanoi last week.\n"

    @pytest.fixture
    def held(self):
        document = builders.document("held", sha256="b" * 64)
        DocumentText.objects.create(document=document, text=self.TEXT)
        return document

    def write(self, client, record, **values):
        form = form_of(client, page(record))
        form |= {f"citations-0-{name}": value for name, value in values.items()}
        return saved(client, page(record), form)

    def test_a_quotation_is_looked_up_in_the_text_when_it_is_written(self, analyst, held):
        record = builders.meeting()
        first = record.citations.order_by("pk").first()
        passage = {"document": held.pk, "locator": "paragraph 2", "quote": "met in  Hanoi"}
        response = self.write(analyst, record, **passage)
        assert reload(first).verified
        assert not any("unverified" in line for line in messages_of(response))

        response = self.write(analyst, record, locator="paragraph 1")
        assert not reload(first).verified
        assert any("it stands in paragraph 2" in line for line in messages_of(response))

        self.write(analyst, record, locator="paragraph 2")
        assert reload(first).verified
        self.write(analyst, record, note="Read twice.")
        assert reload(first).verified
        self.write(analyst, record, document=builders.document().pk)
        assert not reload(first).verified

    def test_a_total_is_looked_up_too(self, analyst, held):
        total = ReportedTotal.objects.create(
            slug="t",
            title="T",
            what="talks",
            count=1,
            counts="meetings",
            document=held,
            locator="x",
        )
        form = form_of(analyst, page(total))
        saved(analyst, page(total), {**form, "locator": "paragraph 2", "quote": "two sides met"})
        assert reload(total).verified
        form = form_of(analyst, page(total))
        response = saved(analyst, page(total), {**form, "quote": "three sides"})
        assert "not in the text" in " ".join(messages_of(response))
        assert not reload(total).verified

    def test_the_text_is_shown_by_paragraph_and_its_sum_is_fixed(self, analyst, held):
        text = reverse("admin:agreements_document_text", args=[held.pk])
        html = analyst.get(text).content.decode()
        assert '<p id="paragraph-1" data-number="1" dir="auto">First line</p>' in html
        assert "sha256" not in form_of(analyst, page(held))


class TestPermissions:
    @pytest.mark.parametrize("model", LISTS)
    def test_nobody_reads_without_an_account(self, client, model):
        response = client.get(changelist(model))
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")

    def test_who_may_only_look_changes_nothing(self, client, django_user_model):
        record = builders.meeting()
        reader = django_user_model.objects.create_user("reader", is_staff=True)
        reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
        client.force_login(reader)

        html = client.get(page(record)).content.decode()
        assert "_review_step" not in html
        assert client.post(page(record), {"title": "Mine"}).status_code == 403
        assert client.get(add_page("meeting")).status_code == 403
        act(client, "meeting", "submit_for_review", record)
        assert reload(record).review_state == "draft"
        assert reload(record).title == record.title

    def test_the_ledger_is_read_only(self, analyst):
        builders.publish(builders.meeting())
        row = Publication.objects.get(kind="meeting")
        html = analyst.get(page(row)).content.decode()
        assert "&quot;kind&quot;: &quot;meeting&quot;" in html
        assert analyst.post(page(row), {"slug": "x"}).status_code == 403
        assert analyst.get("/admin/agreements/publication/add/").status_code == 403
        assert analyst.post(f"{page(row)[:-7]}delete/", {"post": "yes"}).status_code == 403
        found = analyst.get(changelist("publication"), {"kind__exact": "meeting", "q": "eighth"})
        assert found.context["cl"].result_count == 1

    def test_the_timeline_leads_to_the_page_of_each_kind(self, analyst):
        for record in (builders.meeting(), builders.agreement(), builders.exercise()):
            assert page(record) in analyst.get(changelist("engagement")).content.decode()
            spine = reverse("admin:agreements_engagement_change", args=[record.pk])
            assert analyst.get(spine).url == page(record)
