"""A document whose text repeats another's is proposed as its republication, at every door."""

import hashlib

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from agreements.dates import PartialDate
from agreements.intake.alike import Alike, explained, republished
from agreements.intake.texts import attach_text
from agreements.models import Change, Document
from agreements.versions import token
from tests import builders
from tests.test_intake_alike import edited, prose

pytestmark = pytest.mark.django_db

TEXT = prose(400)
COPY = edited(TEXT, 40)


@pytest.fixture
def writer(django_user_model):
    from django.contrib.auth.models import Group

    user = django_user_model.objects.create_user("analyst", is_staff=True)
    user.groups.add(Group.objects.get(name="analyst"))
    client = Client()
    client.force_login(user)
    return client


def hold(slug, text, published="", **values):
    row = builders.document(
        slug,
        title=slug.capitalize(),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        published=published or None,
        **values,
    )
    attach_text(row, text)
    return row


@pytest.fixture
def agency():
    return hold("agency", TEXT, "2023-02-21")


@pytest.fixture
def paper():
    return hold("paper", COPY, "2023-02-22")


def page(name, document):
    return reverse(f"admin:agreements_document_{name}", args=[document.pk])


@pytest.mark.parametrize("name", ["text", "change"])
def test_one_click_sets_the_origin(writer, agency, paper, name):
    html = writer.get(page(name, paper)).content.decode()
    assert "Perhaps a republication" in html
    assert (
        "% of its text stands in this one; it appeared earlier, so it is the likely origin"
        in (html)
        or "% of this text stands in it; it appeared earlier, so it is the likely origin" in html
    )
    form = {"_version": token(paper), "origin": agency.pk, "back": name}
    answer = writer.post(page("origin", paper), form)
    assert answer.url == page(name, paper)
    paper.refresh_from_db()
    assert paper.origin == agency
    assert paper.title == "Paper"
    assert Change.objects.filter(kind="document", record_id=paper.pk, by="analyst").exists()
    for each in (paper, agency):
        assert "Perhaps a republication" not in writer.get(page(name, each)).content.decode()


def test_the_other_way_round_it_is_told_that_it_came_later(writer, agency, paper):
    html = writer.get(page("text", agency)).content.decode()
    assert "it appeared later, so it may be the one that was taken from this" in html


@pytest.mark.parametrize("origin", ["", "x", "\x00", str(2**64), "0", "itself", "loop"])
def test_what_is_no_origin_is_refused(writer, agency, paper, origin):
    if origin == "loop":
        Document.objects.filter(pk=agency.pk).update(origin=paper)
        origin = str(agency.pk)
    chosen = str(paper.pk) if origin == "itself" else origin
    form = {"_version": token(paper), "origin": chosen}
    answer = writer.post(page("origin", paper), form, follow=True)
    assert "Not saved" in str(list(answer.context["messages"])[0])
    paper.refresh_from_db()
    assert paper.origin is None


@pytest.mark.parametrize("told", ["", "forged"])
def test_not_without_the_version_that_was_seen(writer, agency, paper, told):
    writer.post(page("origin", paper), {"_version": told, "origin": agency.pk})
    paper.refresh_from_db()
    assert paper.origin is None


def test_who_only_reads_sees_it_and_cannot_set_it(client, agency, paper, django_user_model):
    from django.contrib.auth.models import Group

    user = django_user_model.objects.create_user("viewer", is_staff=True)
    user.groups.add(Group.objects.get(name="viewer"))
    client.force_login(user)
    html = client.get(page("text", paper)).content.decode()
    assert "Perhaps a republication" in html
    assert "Set it as the origin" not in html
    form = {"_version": token(paper), "origin": agency.pk}
    assert client.post(page("origin", paper), form).status_code == 403


def test_a_text_that_is_replaced_is_compared_too(writer, agency):
    other = hold("other", prose(400, seed=9))
    html = writer.post(page("replace", other), {"text": COPY}).content.decode()
    assert "Looks like a republication" in html
    assert page("text", agency) in html


def test_where_a_text_is_read_the_line_tells_which_was_first(writer, agency):
    form = {"text": COPY, "published": "2023-02-25"}
    html = writer.post(reverse("admin:agreements_document_read"), form).content.decode()
    assert "it appeared earlier, so it is the likely origin" in html


def test_the_command_that_attaches_texts_tells_it(agency, tmp_path, capsys):
    builders.document("paper", sha256=hashlib.sha256(COPY.encode()).hexdigest())
    (tmp_path / "paper.txt").write_text(COPY, encoding="utf-8")
    call_command("attach_texts", tmp_path)
    assert "perhaps a republication of agency: " in capsys.readouterr().out
    assert Document.objects.get(slug="paper").origin is None


def test_texts_of_their_own_are_proposed_for_nothing(agency):
    assert republished(hold("other", prose(400, seed=9))) == []
    assert republished(builders.document("bare")) == []


@pytest.mark.parametrize(
    ("published", "order"),
    [
        (None, "not known"),
        ("2023-02-22", "appeared earlier"),
        ("2023-02-20", "appeared later"),
        ("2023-02", "do not say"),
    ],
)
def test_dates_tell_which_is_the_origin(agency, published, order):
    date = PartialDate(published) if published else None
    assert order in explained(Alike(agency, False, 0.9, 0.4), date)
