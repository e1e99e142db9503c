"""A new public name is carried to every published record that names it, and nothing else is."""

import json

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements import ledger, workflow
from agreements.models import (
    Change,
    EngagementLink,
    EngagementTopic,
    Publication,
    PublicationFacet,
    ReportedTotal,
    Series,
    TopicLabel,
)
from tests.admin_pages import act
from tests.builders import JCG, VCG, approved, document, force, meeting, publish, reload, topic
from tests.public import get
from tests.readings import refused, run

pytestmark = pytest.mark.django_db

NAME = "Coast Guard of Viet Nam"
STAMP = ("revision", "published_at", "sha256")


def rename(record, name=NAME, field="name"):
    """Another editor and another approver than those of the records that name it."""
    type(record).objects.filter(pk=record.pk).update(**{field: name})
    workflow.publish([approved(reload(record), "second analyst", "second reviewer")])


def newest(kind, slug):
    return Publication.objects.current().get(kind=kind, slug=slug)


def said(row):
    return json.loads(row.body)


@pytest.fixture
def by_role(django_user_model):
    """Return the client of a new account in a role."""

    def make(role):
        user = django_user_model.objects.create_user(role, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def talks():
    record = meeting("talks", date="2024-12", location_country=force(VCG).country)
    publish(record)
    return record


def test_the_public_reads_the_new_name_once_it_is_carried(client, talks):
    before = get(client, "meetings/talks/")
    rename(force())
    assert get(client, "meetings/talks/") == before
    assert run("carry_names", "force/vietnam-coast-guard") == "meeting: 1 published again\n"
    after = get(client, "meetings/talks/")
    assert after["participants"][0]["force"] == {"slug": VCG[0], "name": NAME}
    assert after["revision"] == 2
    after["participants"][0]["force"]["name"] = VCG[2]
    assert {**after, **{name: before[name] for name in STAMP}} == before


def test_the_revision_says_who_approved_the_rename_and_why_it_is_there(talks):
    rename(force())
    run("carry_names", "force/vietnam-coast-guard")
    row = newest("meeting", "talks")
    assert (row.author, row.approver) == ("second analyst", "second reviewer")
    assert row.reason == "It names the force vietnam-coast-guard as revision 2 of that does."
    note = Change.objects.filter(kind="meeting", key="talks").first()
    assert (note.step, note.by, note.reason) == ("published", "second reviewer", row.reason)
    assert list(ledger.verify()) == []


def test_the_record_is_found_by_the_new_name_and_not_by_the_old_one(client, talks):
    for name in ("Border Watch", "Harbour Patrol"):
        rename(force(), name)
        assert get(client, "meetings/", q=name)["results"] == []
        run("carry_names", "force/vietnam-coast-guard")
        found = get(client, "meetings/", q=name)["results"]
        assert [row["slug"] for row in found] == ["talks"]
    assert get(client, "meetings/", q="Border Watch")["results"] == []


def test_what_waits_on_the_desk_stays_there(client, talks):
    workflow.record_edit(reload(talks), "analyst")
    type(talks).objects.filter(pk=talks.pk).update(title="A title that nobody approved")
    talks.participants.filter(force__slug=JCG[0]).delete()
    rename(force())
    run("carry_names", "force/vietnam-coast-guard")
    after = get(client, "meetings/talks/")
    assert after["title"] == "Talks"
    assert [side["force"]["name"] for side in after["participants"]] == [NAME, JCG[2]]
    assert reload(talks).review_state == "draft"


def test_once_carried_a_record_of_which_nothing_waits_is_as_its_desk_renders_it(talks):
    rename(force())
    run("carry_names", "force/vietnam-coast-guard")
    carried = newest("meeting", "talks")
    assert workflow.publish([approved(reload(talks))]) == []
    assert carried.search_text == newest("meeting", "talks").search_text


def test_a_second_time_nothing_is_published(talks):
    rename(force())
    run("carry_names", "force/vietnam-coast-guard")
    told = run("carry_names", "force/vietnam-coast-guard")
    assert told == "Every published record names it as it is called now.\n"
    assert Publication.objects.filter(slug="talks").count() == 2


def test_other_names_stay_as_they_were_published(talks):
    rename(force(JCG), "Japanese Coast Guard")
    rename(force(VCG))
    run("carry_names", "force/vietnam-coast-guard")
    sides = said(newest("meeting", "talks"))["participants"]
    assert [side["force"]["name"] for side in sides] == [NAME, JCG[2]]


def named_everywhere():
    """A record of every kind that names others, and all that they name, public."""
    base = force(("base", "VN", "Base"), parent=force(VCG), predecessor=force(JCG))
    series = Series.objects.create(slug="conference", title="Conference")
    first, second = meeting("first-talks", series=series, ordinal=1), meeting("second-talks")
    EngagementLink.objects.create(source=second, relation="part-of", target=first)
    EngagementTopic.objects.create(engagement=first, topic=topic())
    reprint = document("reprint", title="A reprint", origin=document())
    total = ReportedTotal.objects.create(
        slug="ten",
        title="Ten",
        what="Talks",
        count=10,
        counts="meetings",
        force=force(VCG),
        document=document(),
        locator="paragraph 1",
    )
    publish(base, series, first, second, reprint, total)
    return {"force": force(VCG), "document": document(), "series": series, "meeting": first}


@pytest.mark.parametrize(
    ("kind", "field", "places"),
    [
        (
            "force",
            "name",
            ["force/base", "meeting/first-talks", "meeting/second-talks", "total/ten"],
        ),
        (
            *("document", "title"),
            [
                *("document/reprint", "force/base", "force/japan-coast-guard"),
                *("force/vietnam-coast-guard", "meeting/first-talks", "meeting/second-talks"),
                "total/ten",
            ],
        ),
        ("series", "title", ["meeting/first-talks"]),
        ("meeting", "title", ["meeting/second-talks"]),
    ],
)
def test_a_name_is_carried_to_wherever_it_stands(kind, field, places):
    record = named_everywhere()[kind]
    old = getattr(record, field)
    holding = Publication.objects.current().exclude(kind=kind, slug=record.slug)
    assert len(holding.filter(body__contains=f'"{field}":"{old}"')) == len(places)
    rename(record, "Another name", field)
    run("carry_names", f"{kind}/{record.slug}")
    assert not holding.filter(body__contains=f'"{field}":"{old}"').exists()
    again = Publication.objects.current().exclude(reason="").order_by("kind", "slug")
    assert [f"{row.kind}/{row.slug}" for row in again] == places
    assert all('"Another name"' in row.body for row in again)
    assert list(ledger.verify()) == []


def test_records_are_found_by_the_new_label_of_their_topic(client):
    record = named_everywhere()["meeting"]
    TopicLabel.objects.create(topic=topic(), language="vi", text="Cứu nạn trên biển")
    workflow.publish([approved(reload(topic()))])
    assert get(client, "meetings/", q="cuu nan")["results"] == []
    body = newest("meeting", record.slug).body
    run("carry_names", "topic/search-and-rescue")
    assert [row["slug"] for row in get(client, "meetings/", q="cuu nan")["results"]] == [
        "first-talks"
    ]
    assert newest("meeting", record.slug).body == body


def test_all_of_them_go_out_at_once_or_none(talks):
    publish(meeting("other-talks"))
    rename(force())
    head = Publication.objects.count()

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        workflow.carry_name("force", VCG[0], progress=stop)
    assert Publication.objects.count() == head
    workflow.carry_name("force", VCG[0])
    rows = Publication.objects.filter(sequence__gt=head)
    assert len(rows) == 2
    assert len({row.published_at for row in rows}) == 1


def test_it_tells_how_far_it_is(talks, monkeypatch):
    monkeypatch.setattr("agreements.ledger.publishing.AT_A_TIME", 1)
    publish(meeting("other-talks"))
    rename(force())
    told = run("carry_names", "force/vietnam-coast-guard")
    assert told == "1 of 2 records\nmeeting: 2 published again\n"


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("force/nobody", "The force nobody is not published. Nothing was published."),
        ("person/le-quang-dao", "write KIND/KEY with one of country, force"),
        ("force", "write KIND/KEY with one of country, force"),
    ],
)
def test_what_cannot_be_carried_is_refused(record, message):
    assert message in refused("carry_names", record)


def queries_to_carry(count):
    records = [meeting(f"talks-{count}-{number}") for number in range(count)]
    for record in records:
        # Each also names something that no other one does.
        EngagementTopic.objects.create(engagement=record, topic=topic(f"topic-of-{record.slug}"))
    publish(*records)
    rename(force(), f"Coast Guard {count}")
    with CaptureQueriesContext(connection) as queries:
        written = workflow.carry_name("force", VCG[0])
    return written["meeting"], len(queries)


def test_the_queries_are_as_many_for_few_records_as_for_many():
    few, queries = queries_to_carry(2)
    many, as_many = queries_to_carry(20)
    assert (few, many) == (2, 22)
    assert queries == as_many


def test_a_reviewer_is_told_what_names_it_as_before_and_carries_the_name(by_role, talks):
    reviewer = by_role("reviewer")
    record = force()
    type(record).objects.filter(pk=record.pk).update(name=NAME)
    workflow.record_edit(reload(record), "writer")
    workflow.submit(reload(record), "writer")
    told = act(reviewer, "force", "approve_and_publish", reload(record)).content.decode()
    assert f"1 published record names {NAME} as it was called before" in told
    told = act(reviewer, "force", "carry_name", reload(record)).content.decode()
    assert f"Every published record that names {NAME} calls it as it is called now." in told
    row = newest("meeting", "talks")
    assert said(row)["participants"][0]["force"]["name"] == NAME
    assert (row.author, row.approver) == ("writer", "reviewer")
    assert PublicationFacet.objects.filter(publication=row, facet="force").count() == 2


def test_whoever_may_not_approve_carries_no_name(by_role, talks):
    rename(force())
    act(by_role("analyst"), "force", "carry_name", reload(force()))
    assert newest("meeting", "talks").revision == 1
