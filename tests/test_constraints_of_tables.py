"""The constraints that many tables share: lengths, listed words, bounds and keys."""

import pytest
from django.db import models

from agreements.models import (
    Agreement,
    Citation,
    Country,
    Delegate,
    Document,
    Engagement,
    EngagementLink,
    EngagementTopic,
    Exercise,
    Force,
    ForceName,
    Meeting,
    Participant,
    Person,
    PersonName,
    ReportedTotal,
    Series,
    Topic,
    TopicLabel,
)
from tests.builders import (
    VCG,
    agreement,
    country,
    document,
    exercise,
    force,
    meeting,
    topic,
)
from tests.raw import changed, raw_save, refuse

pytestmark = pytest.mark.django_db


def records() -> dict[type[models.Model], models.Model]:
    """One row of every table that has text."""
    record = meeting()
    side = record.participants.first()
    person = Person.objects.create(slug="le-quang-dao", name="Lê Quang Đạo")
    series = Series.objects.create(slug="conference", title="Conference")
    return {
        Country: country("VN"),
        Force: force(VCG),
        ForceName: force(VCG).names.first(),
        Person: person,
        PersonName: PersonName.objects.create(person=person, text="Le Quang Dao", language="en"),
        Topic: topic(),
        TopicLabel: TopicLabel.objects.create(topic=topic(), text="Cứu nạn", language="vi"),
        Series: series,
        Document: document(),
        Engagement: Engagement.objects.get(pk=record.pk),
        Meeting: record,
        Agreement: agreement(),
        Exercise: exercise(),
        Participant: side,
        Delegate: Delegate.objects.create(participant=side, person=person),
        EngagementLink: EngagementLink.objects.create(
            source=record, relation="announces", target=Engagement.objects.get(slug="ship-visit")
        ),
        Citation: record.citations.first(),
        ReportedTotal: ReportedTotal.objects.create(
            slug="ten", title="Ten", what="documents", count=10, counts="agreements",
            document=document(), locator="paragraph 1",
        ),
    }  # fmt: skip


MODELS = (
    Country,
    Force,
    ForceName,
    Person,
    PersonName,
    Topic,
    TopicLabel,
    Series,
    Document,
    Engagement,
    Agreement,
    Meeting,
    Exercise,
    Delegate,
    Citation,
    ReportedTotal,
)
UNBOUNDED = {
    # User names, as long as Django lets them be.
    "edited_by",
    "approved_by",
    # Dates: what is stored is what was parsed.
    "established",
    "period",
    "published",
    "date",
    "entered_into_force",
    "terminated",
    "as_of",
}


def long_texts() -> list[tuple[type[models.Model], str, int]]:
    return [
        (model, field.name, field.max_length)
        for model in MODELS
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField)
        and field.max_length
        and not field.choices
        and field.name not in UNBOUNDED
    ]


@pytest.mark.parametrize(("model", "name", "length"), long_texts())
def test_text_over_its_length_is_refused(model, name, length):
    row = records()[model]
    refuse(changed(row, **{name: "x" * (length + 1)}), because="length|too long|foreign key")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Force, "slug"),
        (Force, "name"),
        (ForceName, "text"),
        (ForceName, "language"),
        (Person, "slug"),
        (Person, "name"),
        (PersonName, "text"),
        (Topic, "slug"),
        (Topic, "name"),
        (TopicLabel, "text"),
        (Series, "slug"),
        (Series, "title"),
        (Document, "slug"),
        (Document, "title"),
        (Engagement, "slug"),
        (Engagement, "title"),
        (Citation, "locator"),
        (ReportedTotal, "slug"),
        (ReportedTotal, "title"),
        (ReportedTotal, "locator"),
    ],
)
def test_what_must_be_said_cannot_be_empty(model, name):
    refuse(changed(records()[model], **{name: ""}), because="not_empty")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Force, "kind"),
        (ForceName, "kind"),
        (Agreement, "instrument"),
        (Agreement, "ambit"),
        (Meeting, "level"),
        (Meeting, "modality"),
        (Exercise, "activity"),
        (Participant, "role"),
        (Delegate, "role"),
        (EngagementLink, "relation"),
        (Citation, "field"),
        (Citation, "stance"),
        (Citation, "confidence"),
        (ReportedTotal, "counts"),
        (ReportedTotal, "instrument"),
        (ReportedTotal, "activity"),
        (Country, "review_state"),
        (Force, "review_state"),
        (Topic, "review_state"),
        (Series, "review_state"),
        (Document, "review_state"),
        (Engagement, "review_state"),
        (ReportedTotal, "review_state"),
    ],
)
def test_only_listed_words_are_taken(model, name):
    refuse(changed(records()[model], **{name: "x"}), because="known")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Force, "established"),
        (ForceName, "period"),
        (Document, "published"),
        (Engagement, "date"),
        (Agreement, "entered_into_force"),
        (Agreement, "terminated"),
        (ReportedTotal, "as_of"),
        (ReportedTotal, "period"),
    ],
)
def test_bounds_are_in_order_and_belong_to_a_date(model, name):
    row = records()[model]
    turned = {name: "2024", f"{name}_earliest": "2024-12-31", f"{name}_latest": "2024-01-01"}
    refuse(changed(row, **turned), because="bounds")
    refuse(changed(row, **{name: None, f"{name}_earliest": "2024-01-01"}), because="bounds")


def test_rows_with_a_key_stand_once():
    every = records()
    record, label = every[Engagement], every[TopicLabel]
    EngagementTopic.objects.create(engagement=record, topic=topic())
    twice = [
        ForceName(force=force(VCG), text=VCG[2], language="en"),
        PersonName(person=every[Person], text="Le Quang Dao", language="en"),
        TopicLabel(topic=label.topic, language="vi", text="Khác"),
        EngagementTopic(engagement=record, topic=topic()),
        EngagementLink(
            source=record, relation="announces", target=every[EngagementLink].target
        ),
        Country(code="VN", alpha3="XXX"),
        Country(code="XX", alpha3="VNM"),
    ]  # fmt: skip
    for row in twice:
        refuse(raw_save, row, because="(?i)unique")
