"""Importing through the admin: previewed first, then all or nothing, and never more than drafts."""

from unittest import mock

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from agreements import workflow
from agreements.models import (
    Agreement,
    Change,
    Citation,
    Country,
    Delegate,
    Document,
    DocumentText,
    EngagementLink,
    Exercise,
    Force,
    Meeting,
    Participant,
    Person,
    Publication,
    ReportedTotal,
    Series,
    Topic,
)
from tests import builders as make
from tests.tables import (
    address,
    agree,
    bring,
    counts,
    csv_file,
    exported,
    refusals,
    said,
    table,
)

pytestmark = pytest.mark.django_db

EXERCISE = ["slug", "title", "status", "activity", "participants"]
PATROL = ["joint-patrol-2024", "A joint patrol", "held", "joint-patrol", "VN; JP (guest)"]


def patrols(*slugs: str) -> bytes:
    return csv_file(EXERCISE, *([slug, *PATROL[1:]] for slug in slugs))


class TestPreview:
    def test_shows_what_would_be_added_and_stores_nothing(self, analyst):
        page = bring(analyst, "exercise", patrols("joint-patrol-2024", "joint-patrol-2025"))
        assert counts(page) == {"new": 2}
        text = page.content.decode()
        assert "2 records would be added" in text
        assert "<ins>A joint patrol</ins>" in text
        assert "Japan, Vietnam" in text
        assert not Exercise.objects.exists()
        assert not Country.objects.exists()
        assert not Change.objects.exists()

    def test_shows_old_and_new_of_what_would_change(self, analyst):
        make.exercise("ship-visit", title="A visit of ships", status="planned")
        page = bring(analyst, "exercise", csv_file(["slug", "status"], ["ship-visit", "held"]))
        assert counts(page) == {"changed": 1}
        assert "<del>planned</del>" in page.content.decode()
        assert "<ins>held</ins>" in page.content.decode()
        assert Exercise.objects.get().status == "planned"

    def test_says_that_a_published_record_becomes_a_draft(self, analyst):
        make.publish(make.exercise("ship-visit", status="planned"))
        page = bring(analyst, "exercise", csv_file(["slug", "status"], ["ship-visit", "held"]))
        assert "1 changed record is past its draft" in page.content.decode()
        assert "the public sees its former revision" in page.content.decode()

    def test_tells_every_fault_by_row_and_column(self, analyst):
        rows = [
            ["a-patrol", "", "held", "joint-patrol", "VN"],
            ["b-patrol", "B", "signed", "patrolling", "VN/no-such-force (host); XX"],
            ["c-patrol", "C", "held", "joint-patrol", "VN"],
        ]
        page = bring(analyst, "exercise", csv_file(EXERCISE, *rows))
        assert counts(page) == {"refused": 2, "new": 1}
        assert refusals(page) == [
            (2, "title"),
            (3, "activity"),
            (3, "participants"),
            (3, "participants"),
            (3, "status"),
        ]
        assert "write one of planned, held" in said(page)
        assert 'name="_agreed"' in page.content.decode()
        assert "Import as drafts" not in page.content.decode()

    def test_a_refused_file_cannot_be_agreed_to(self, analyst):
        page = bring(analyst, "exercise", csv_file(EXERCISE, ["a", "", "held", "other", "VN"]))
        assert agree(analyst, page).status_code == 409
        assert not Exercise.objects.exists()

    @pytest.mark.parametrize("show", ["changed", "nonsense", "", "%00"])
    @pytest.mark.parametrize("number", ["1", "2", "-1", "x", "9" * 30])
    def test_takes_whatever_stands_in_its_address(self, analyst, show, number):
        page = bring(analyst, "exercise", patrols(*(f"patrol-{n}" for n in range(60))))
        again = analyst.get(page.request["PATH_INFO"], {"show": show, "p": number})
        assert again.status_code == 200
        assert again.context["outcome"] == "new"

    def test_shows_a_page_of_rows_at_a_time(self, analyst):
        page = bring(analyst, "exercise", patrols(*(f"patrol-{n}" for n in range(120))))
        assert len(page.context["page"].object_list) == 50
        last = analyst.get(page.request["PATH_INFO"], {"p": 3})
        assert len(last.context["page"].object_list) == 20

    def test_tells_of_quotations_that_are_not_where_they_should_be(self, analyst):
        held = make.document("news-report", sha256="a" * 64)
        DocumentText.objects.create(document=held, text="Ships of both came to port.\n")
        passage = "news-report | paragraph 1"
        cell = f"title | {passage} | Ships of both\nstatus | {passage} | they left"
        content = csv_file([*EXERCISE, "citations"], [*PATROL, cell])
        page = bring(analyst, "exercise", content)
        assert "they left" in page.context["preview"].lines[0].notes[0]
        agree(analyst, page)
        assert Citation.objects.get(field="title").verified
        assert not Citation.objects.get(field="status").verified

    def test_tells_what_a_new_record_may_be_the_same_as(self, analyst):
        held = make.exercise("ship-visit", title="A visit of two ships", date="2024-12-16")
        headers = [*EXERCISE, "date"]
        sides = "VN/vietnam-coast-guard (host); JP/japan-coast-guard (guest)"
        row = ["visit-of-ships", "Visit of two ships", "held", "ship-visit", sides, "2024-12-16"]
        page = bring(analyst, "exercise", csv_file(headers, row))
        ((number, title, _why),) = page.context["preview"].lines[0].alike
        assert (number, title) == (held.pk, "A visit of two ships")
        assert "May be the same as" in page.content.decode()
        assert "1 record was added." in agree(analyst, page).content.decode()


class TestStoring:
    def test_makes_drafts_with_everything_that_belongs_to_them(self, analyst):
        make.force(make.VCG), make.force(make.JCG), make.document("news-report")
        make.topic("search-and-rescue")
        Series.objects.create(slug="joint-drills", title="Joint drills")
        Person.objects.create(slug="nguyen-van-a", name="Nguyễn Văn A")
        make.meeting("the-talks")
        headers = [
            *EXERCISE, "date", "location_name", "location_country", "series", "ordinal", "topics",
            "delegates", "links", "vessels", "citations",
        ]  # fmt: skip
        row = [
            "sar-drill-2024", "A search and rescue drill", "held", "search-and-rescue-drill",
            "VN/vietnam-coast-guard (host); JP/japan-coast-guard (guest)",
            "2024-12-16/2024-12-21", "Da Nang", "vn", "joint-drills", "2", "search-and-rescue",
            "VN/vietnam-coast-guard (host) | nguyen-van-a | head | Colonel | Commander\n"
            "JP/japan-coast-guard |  | member |  | Captain of the ship",
            "announces: the-talks", "CSB 8001\nSettsu",
            "title, status, date | news-report | paragraph 2 | held off Da Nang"
            "|  | low | inferred | | Ours",
        ]  # fmt: skip
        answer = agree(analyst, bring(analyst, "exercise", csv_file(headers, row)))
        assert "1 record was added. They are drafts." in answer.content.decode()
        drill = Exercise.objects.get(slug="sar-drill-2024")
        assert (drill.review_state, drill.edited_by, drill.version) == ("draft", "analyst", 1)
        assert (str(drill.date), str(drill.date_latest)) == ("2024-12-16/2024-12-21", "2024-12-21")
        assert (drill.location_country.code, drill.series.slug, drill.ordinal) == (
            "VN", "joint-drills", 2,
        )  # fmt: skip
        assert drill.vessels == "CSB 8001\nSettsu"
        assert [(each.force.slug, each.role) for each in drill.participants.all()] == [
            ("vietnam-coast-guard", "host"),
            ("japan-coast-guard", "guest"),
        ]
        assert list(Delegate.objects.values_list("rank", "position", "role")) == [
            ("Colonel", "Commander", "head"),
            ("", "Captain of the ship", "member"),
        ]
        assert [link.target.slug for link in drill.links.all()] == ["the-talks"]
        assert list(drill.citations.values_list("field", "confidence", "inferred", "note")) == [
            (name, "low", True, "Ours") for name in ("title", "status", "date")
        ]
        (change,) = Change.objects.filter(key="sar-drill-2024")
        assert (change.step, change.way, change.by) == ("created", "file", "analyst")
        assert "records.csv" in change.reason
        assert change.state["participants"][0]["force"] == "vietnam-coast-guard"

    def test_a_change_makes_a_published_record_a_draft_and_leaves_the_public_one(self, analyst):
        make.publish(make.exercise("ship-visit", status="planned"))
        version = Exercise.objects.get().version
        before = Publication.objects.count()
        agree(
            analyst,
            bring(analyst, "exercise", csv_file(["slug", "status"], ["ship-visit", "held"])),
        )
        visit = Exercise.objects.get()
        assert (visit.status, visit.review_state, visit.approved_by) == ("held", "draft", "")
        assert (visit.version, visit.edited_by) == (version + 1, "analyst")
        assert Publication.objects.count() == before
        assert analyst.get("/api/v1/exercises/ship-visit/").json()["status"] == "planned"
        change = Change.objects.filter(key="ship-visit").first()
        assert (change.step, change.way) == ("edited", "file")

    def test_keeps_what_the_file_says_nothing_of(self, analyst):
        visit = make.exercise("ship-visit", summary="A summary.")
        sides = list(visit.participants.values_list("pk", "uid"))
        cited = list(visit.citations.values_list("pk", "uid"))
        content = csv_file(["slug", "title"], ["ship-visit", "Another title"])
        agree(analyst, bring(analyst, "exercise", content))
        visit.refresh_from_db()
        assert (visit.title, visit.summary) == ("Another title", "A summary.")
        assert list(visit.participants.values_list("pk", "uid")) == sides
        assert list(visit.citations.values_list("pk", "uid")) == cited

    def test_an_empty_cell_empties_the_field(self, analyst):
        make.exercise("ship-visit", summary="A summary.", date="2024")
        content = csv_file(["slug", "summary", "date"], ["ship-visit", "", ""])
        agree(analyst, bring(analyst, "exercise", content))
        visit = Exercise.objects.get()
        assert (visit.summary, visit.date, visit.date_earliest) == ("", None, None)

    def test_changes_sides_and_keeps_the_delegates_of_those_that_stay(self, analyst):
        visit = make.exercise("ship-visit")
        host = visit.participants.get(role="host")
        Delegate.objects.create(participant=host, position="Commander")
        cell = "VN/vietnam-coast-guard (host); CN/china-coast-guard (guest)"
        make.force(make.CCG)
        content = csv_file(["slug", "participants"], ["ship-visit", cell])
        agree(analyst, bring(analyst, "exercise", content))
        assert {side.country.code for side in visit.participants.all()} == {"VN", "CN"}
        assert Delegate.objects.get().participant_id == host.pk

    def test_the_same_file_twice_changes_nothing_the_second_time(self, analyst):
        content = patrols("joint-patrol-2024", "joint-patrol-2025")
        agree(analyst, bring(analyst, "exercise", content))
        changes, versions = Change.objects.count(), list(Exercise.objects.values_list("version"))
        page = bring(analyst, "exercise", content)
        assert counts(page) == {"unchanged": 2}
        assert "The desk has all of this already." in page.content.decode()
        answer = agree(analyst, page)
        assert "Nothing was changed." in answer.content.decode()
        assert Change.objects.count() == changes
        assert list(Exercise.objects.values_list("version")) == versions

    def test_countries_that_the_desk_lacks_are_written_along_as_drafts(self, analyst):
        agree(analyst, bring(analyst, "exercise", patrols("joint-patrol-2024")))
        assert set(Country.objects.values_list("code", "alpha3", "review_state", "edited_by")) == {
            ("VN", "VNM", "draft", "analyst"),
            ("JP", "JPN", "draft", "analyst"),
        }
        assert Change.objects.filter(kind="country", step="created").count() == 2

    def test_a_person_who_changes_changes_the_records_that_name_them(self, analyst):
        visit = make.exercise("ship-visit")
        person = Person.objects.create(slug="nguyen-van-a", name="Nguyen Van A")
        Delegate.objects.create(participant=visit.participants.first(), person=person)
        make.cite(visit, "delegates")
        make.publish(visit)
        content = csv_file(["slug", "name"], ["nguyen-van-a", "Nguyễn Văn A"])
        page = bring(analyst, "person", content)
        assert "1 record that names this person becomes a draft again." in page.content.decode()
        agree(analyst, page)
        assert Exercise.objects.get().review_state == "draft"

    def test_records_of_one_file_may_name_each_other(self, analyst):
        make.country("VN")
        rows = [
            ["a-unit", "A unit", "coast-guard", "VN", "the-force"],
            ["the-force", "The force", "coast-guard", "VN", ""],
        ]
        headers = ["slug", "name", "kind", "country", "parent"]
        agree(analyst, bring(analyst, "force", csv_file(headers, *rows)))
        assert Force.objects.get(slug="a-unit").parent.slug == "the-force"
        links = csv_file(
            [*EXERCISE, "links"],
            [*PATROL, "renews: joint-patrol-2023"],
            ["joint-patrol-2023", *PATROL[1:], ""],
        )
        agree(analyst, bring(analyst, "exercise", links))
        assert EngagementLink.objects.get().target.slug == "joint-patrol-2023"

    def test_every_kind_can_be_imported(self, analyst):
        make.force(make.VCG), make.document("news-report")
        rows = {
            "topic": (["slug", "name", "labels"], ["piracy", "Piracy", "cướp biển | vi"]),
            "person": (["slug", "name", "names"], ["a-person", "A person", "Một người | vi"]),
            "series": (["slug", "title"], ["the-talks", "The talks"]),
            "document": (["slug", "title", "language"], ["a-report", "A report", "vi"]),
            "agreement": (
                ["slug", "title", "status", "binding", "participants"],
                ["a-treaty", "A treaty", "in-force", "yes", "VN; JP"],
            ),
            "meeting": (
                ["slug", "title", "status", "level"],
                ["a-talk", "Talks", "held", "minister"],
            ),
            "total": (
                ["slug", "title", "what", "count", "counts", "document", "locator", "countries"],
                ["ten", "Ten", "drills", "10", "exercises", "news-report", "paragraph 1", "VN; JP"],
            ),
            "country": (["code"], ["fr"]),
        }  # fmt: skip
        for kind, (headers, row) in rows.items():
            answer = agree(analyst, bring(analyst, kind, csv_file(headers, row)))
            assert "1 record was added." in answer.content.decode(), kind
        assert Topic.objects.get(slug="piracy").labels.get().text == "cướp biển"
        assert Person.objects.get().names.get().language == "vi"
        assert Agreement.objects.get().binding is True
        assert Meeting.objects.get().level == "minister"
        assert {each.code for each in ReportedTotal.objects.get().countries.all()} == {"VN", "JP"}
        assert Country.objects.get(code="FR").alpha3 == "FRA"


class TestAllOrNothing:
    def test_the_last_row_bad_stores_no_row(self, analyst):
        rows = [[f"patrol-{n}", *PATROL[1:]] for n in range(5)]
        page = bring(analyst, "exercise", csv_file(EXERCISE, *rows, ["last", "", "", "", ""]))
        assert counts(page) == {"refused": 1, "new": 5}
        agree(analyst, page)
        assert not Exercise.objects.exists()

    def test_killed_half_way_stores_nothing(self, analyst):
        page = bring(analyst, "exercise", patrols("joint-patrol-2024"))
        with (
            mock.patch.object(workflow, "record_creations", side_effect=DatabaseError("gone")),
            pytest.raises(DatabaseError),
        ):
            agree(analyst, page)
        assert not Exercise.objects.exists()
        assert not Participant.objects.exists()
        assert not Country.objects.exists()

    def test_what_somebody_changed_since_the_preview_is_previewed_anew(self, analyst):
        visit = make.exercise("ship-visit", status="planned")
        page = bring(analyst, "exercise", csv_file(["slug", "status"], ["ship-visit", "held"]))
        Exercise.objects.filter(pk=visit.pk).update(title="Edited meanwhile")
        workflow.record_edit(visit, "colleague")
        again = agree(analyst, page)
        assert again.status_code == 409
        assert "look at it again" in again.content.decode()
        assert Exercise.objects.get().status == "planned"
        agree(analyst, again)
        assert Exercise.objects.get().status == "held"

    def test_a_key_that_was_taken_since_the_preview_is_previewed_anew(self, analyst):
        page = bring(analyst, "exercise", patrols("joint-patrol-2024"))
        make.meeting("joint-patrol-2024")
        again = agree(analyst, page)
        assert again.status_code == 409
        assert refusals(again) == [(2, "slug")]

    @pytest.mark.parametrize("agreed", ["", "forged", "0" * 64])
    def test_only_what_was_read_is_agreed_to(self, analyst, agreed):
        page = bring(analyst, "exercise", patrols("joint-patrol-2024"))
        again = analyst.post(page.request["PATH_INFO"], {"_agreed": agreed})
        assert again.status_code == 409
        assert not Exercise.objects.exists()

    def test_agreeing_twice_stores_once(self, analyst):
        page = bring(analyst, "exercise", patrols("joint-patrol-2024"))
        agree(analyst, page)
        again = agree(analyst, page)
        assert "no longer kept" in again.content.decode()
        assert Exercise.objects.count() == 1


class TestWaiting:
    def test_a_preview_is_nobody_elses(self, analyst, django_user_model, client):
        page = bring(analyst, "exercise", patrols("joint-patrol-2024"))
        client.force_login(django_user_model.objects.create_superuser("somebody"))
        other = client.get(page.request["PATH_INFO"])
        assert other.url == address("exercise", "import")

    def test_a_preview_belongs_to_the_list_that_it_was_made_on(self, analyst):
        page = bring(analyst, "exercise", patrols("joint-patrol-2024"))
        key = page.request["PATH_INFO"].split("/")[-2]
        answer = analyst.get(address("meeting", "import_preview", key))
        assert answer.url == address("meeting", "import")

    @pytest.mark.parametrize("key", ["x" * 32, "0", "%00", "a" * 500, "..%2f.."])
    def test_what_is_no_key_leads_back(self, analyst, key):
        answer = analyst.get(address("exercise", "import") + f"{key}/")
        assert answer.status_code == 302

    def test_the_session_of_the_account_is_no_preview(self, analyst):
        key = analyst.session.session_key
        answer = analyst.get(address("exercise", "import_preview", key))
        assert answer.url == address("exercise", "import")

    def test_a_file_can_be_thrown_away(self, analyst):
        before = Session.objects.count()
        page = bring(analyst, "exercise", patrols("joint-patrol-2024"))
        assert Session.objects.count() == before + 1
        analyst.post(page.request["PATH_INFO"], {"_discard": "1"})
        assert Session.objects.count() == before

    def test_what_was_stored_is_kept_no_longer(self, analyst):
        before = Session.objects.count()
        agree(analyst, bring(analyst, "exercise", patrols("joint-patrol-2024")))
        assert Session.objects.count() == before


class TestRules:
    def test_columns_that_the_desk_keeps_itself_are_refused(self, analyst):
        content = csv_file([*EXERCISE, "review_state", "mood"], [*PATROL, "published", "good"])
        page = bring(analyst, "exercise", content)
        assert refusals(page) == [(1, "mood"), (1, "review_state")]
        assert "an import only writes drafts" in said(page)

    def test_a_table_without_its_key_is_refused(self, analyst):
        page = bring(analyst, "exercise", csv_file(["title"], ["A patrol"]))
        assert refusals(page) == [(1, "slug"), (1, "title")] or refusals(page) == [(1, "slug")]

    @pytest.mark.parametrize(
        ("column", "cell", "why"),
        [
            ("date", "03/04/2023", "more than one way"),
            ("date", "12/5/23", "more than one way"),
            ("date", "1980-01-xx", "EDTF"),
            ("date", "2023-02-30", "not in the calendar"),
            ("ordinal", "eight", "integer"),
            ("ordinal", "9" * 30, "less than or equal"),
            ("ordinal", "3", "A number needs a series"),
            ("series", "no-such-series", "There is no series"),
            ("topics", "piracy; smuggling", "There is no topic"),
            ("location_country", "Vietnam", "ISO 3166"),
            ("location_country", "ß", "ISO 3166"),
            ("participants", "VN; VN", "stands twice"),
            ("participants", "Vietnam and Japan", "write a country"),
            ("participants", "VN (chief)", "write one of party, host"),
            ("delegates", "KH | | head | | Minister", "as the participants have it"),
            ("delegates", "VN", "write on each line"),
            ("links", "renews joint-patrol-2023", "write the relation"),
            ("links", "renews: joint-patrol-2024", "cannot be linked to itself"),
            ("links", "follows: joint-patrol-2024", "write one of implements"),
            ("citations", "date | no-such-document | paragraph 1", "There is no document"),
            ("citations", "mood | news-report | paragraph 1", "write one of title"),
            ("citations", "date | news-report", "write on each line"),
            ("citations", "date | news-report |", "locator: This field cannot be blank"),
            ("citations", "date | news-report | p. 1 | " + "word " * 21, "at most 20 words"),
            ("citations", "date | news\\export | p. 1", "backslash"),
            ("citations", "date | news-report | p. 1\\", "backslash"),
            ("title", "x" * 301, "at most 300 characters"),
            ("title", "A patrol\nof two days", "on one line"),
            ("summary", "x" * 5001, "at most 5000 characters"),
            ("summary", "a\x01b", "control characters"),
            ("title", "\u200b\u2060", "something that can be seen"),
            ("slug", "no spaces", "valid"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_cell(self, analyst, column, cell, why):
        make.document("news-report")
        values = {**dict(zip(EXERCISE, PATROL, strict=True)), column: cell}
        page = bring(analyst, "exercise", csv_file(list(values), list(values.values())))
        assert set(refusals(page)) == {(2, column)}
        assert why in said(page)

    def test_a_force_acts_for_its_own_country(self, analyst):
        make.force(make.VCG)
        row = [*PATROL[:-1], "JP/vietnam-coast-guard (host)"]
        page = bring(analyst, "exercise", csv_file(EXERCISE, row))
        assert refusals(page) == [(2, "participants")]
        assert "belongs to VN" in said(page)

    def test_one_key_stands_once(self, analyst):
        page = bring(analyst, "exercise", patrols("joint-patrol-2024", "joint-patrol-2024"))
        assert refusals(page) == [(2, "slug"), (3, "slug")]

    def test_one_number_stands_once_in_a_series(self, analyst):
        series = Series.objects.create(slug="drills", title="Drills")
        make.exercise("third-drill", series=series, ordinal=3)
        headers = [*EXERCISE, "series", "ordinal"]
        rows = [[f"drill-{n}", *PATROL[1:], "drills", str(n)] for n in (3, 4)]
        again = ["another-drill", *PATROL[1:], "drills", "4"]
        page = bring(analyst, "exercise", csv_file(headers, *rows, again))
        assert refusals(page) == [(2, "ordinal"), (4, "ordinal")]

    def test_two_records_may_change_their_numbers(self, analyst):
        series = Series.objects.create(slug="drills", title="Drills")
        for number in (1, 2):
            make.exercise(f"drill-{number}", series=series, ordinal=number)
        content = csv_file(["slug", "ordinal"], ["drill-1", "2"], ["drill-2", "1"])
        agree(analyst, bring(analyst, "exercise", content))
        found = dict(Exercise.objects.values_list("slug", "ordinal"))
        assert found == {"drill-1": 2, "drill-2": 1}

    def test_nothing_stands_above_itself(self, analyst):
        make.country("VN")
        headers = ["slug", "name", "kind", "country", "parent"]
        rows = [
            ["one", "One", "navy", "VN", "other"],
            ["other", "Other", "navy", "VN", "one"],
        ]
        page = bring(analyst, "force", csv_file(headers, *rows))
        assert refusals(page) == [(2, "parent"), (3, "parent")]

    def test_an_unidentified_agreement_is_bare(self, analyst):
        headers = ["slug", "title", "status", "identified", "instrument"]
        row = ["one-of-ten", "One of ten", "signed", "false", "treaty"]
        page = bring(analyst, "agreement", csv_file(headers, row))
        assert refusals(page) == [(2, "identified")]

    def test_a_force_that_records_name_keeps_its_country(self, analyst):
        make.exercise("ship-visit")
        content = csv_file(["slug", "country"], ["vietnam-coast-guard", "JP"])
        assert refusals(bring(analyst, "force", content)) == [(2, "country")]

    def test_a_text_is_of_one_document_and_stays_with_it(self, analyst):
        held = make.document("news-report", sha256="a" * 64)
        DocumentText.objects.create(document=held, text="A text.")
        content = csv_file(
            ["slug", "title", "language", "sha256"],
            ["news-report", "A news report", "en", "b" * 64],
            ["other-report", "Another", "en", "a" * 64],
        )
        page = bring(analyst, "document", content)
        assert (2, "sha256") in refusals(page)
        assert "is held" in said(page)
        assert Document.objects.count() == 1

    def test_new_records_need_their_columns(self, analyst):
        page = bring(analyst, "exercise", csv_file(["slug", "title"], ["a-patrol", "A patrol"]))
        assert refusals(page) == [(2, "activity"), (2, "status")]


class TestFiles:
    """What is no table at all; tests/test_exchange_files.py has every form of that."""

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            ("slug,title\na,b\n".encode("utf-16"), "UTF-16"),
            (b"<html><table>", "web page"),
            (b"PK\x03\x04", "broken"),
            (b"slug,slug\na,b\n", "stands twice"),
            (b"slug,title\na\n", "This row has 1 cell"),
        ],
    )
    def test_is_refused_on_the_page_that_asks_for_it(self, analyst, content, why):
        page = bring(analyst, "exercise", content)
        assert page.request["PATH_INFO"] == address("exercise", "import")
        assert why in page.content.decode()

    def test_a_file_that_is_too_large_is_not_even_read(self, analyst, monkeypatch):
        monkeypatch.setattr("agreements.exchange.files.MOST_BYTES", 20)
        page = bring(analyst, "exercise", patrols("joint-patrol-2024"))
        assert "file" in page.context["form"].errors

    def test_there_must_be_one(self, analyst):
        page = analyst.post(address("exercise", "import"), {"file": "no file"})
        assert page.context["form"].errors["file"] == ["This field is required."]

    def test_a_sheet_is_chosen_by_its_name(self, analyst):
        content = exported(analyst, "topic", "xlsx")
        page = bring(analyst, "topic", content, "topics.xlsx", sheet="Elsewhere")
        assert "it has: topics" in page.content.decode()


def test_a_preview_takes_no_more_queries_for_more_rows(analyst):
    def queries(rows: int) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as brought:
            page = bring(analyst, "exercise", patrols(*(f"patrol-{n}" for n in range(rows))))
        with CaptureQueriesContext(connection) as shown:
            analyst.get(page.request["PATH_INFO"])
        return len(brought), len(shown)

    # Up to twenty are compared with the desk one by one, more of them together.
    assert queries(30) == queries(90)


class TestWho:
    @pytest.mark.parametrize(("role", "may"), [("viewer", False), ("analyst", True)])
    def test_an_import_is_for_those_who_may_add_and_change(
        self, client, django_user_model, role, may
    ):
        user = django_user_model.objects.create_user("linh", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        answer = bring(client, "exercise", patrols("joint-patrol-2024"))
        assert answer.status_code == (200 if may else 403)
        links = client.get(address("exercise", "changelist")).content.decode()
        assert (address("exercise", "import") in links) is may
        assert address("exercise", "export") in links


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.usefixtures("shipped")
def test_what_was_exported_changes_nothing_when_it_is_imported(analyst, form):
    changes = Change.objects.count()
    for kind in ("country", "topic", "person", "force", "series", "document", "agreement",
                 "meeting", "exercise", "total"):  # fmt: skip
        content = exported(analyst, kind, form)
        page = bring(analyst, kind, content, f"records.{form}")
        assert counts(page) == {"unchanged": len(table(content))}, kind
    assert Change.objects.count() == changes
