"""Exporting through the admin: what a list shows, harmless to spreadsheets, and whole."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements import models
from agreements.exchange.columns import COLUMNS
from agreements.models import Change, Delegate, Exercise, Person
from tests import builders as make
from tests.tables import address, agree, bring, counts, csv_file, exported, table

pytestmark = pytest.mark.django_db
# As the kinds name each other; links name records of any kind, and come when all are there.
IN_ORDER = ("country", "topic", "person", "document", "force", "series")
EVERYTHING = (
    models.ReportedTotal, models.EngagementLink, models.Engagement, models.Series,
    models.Force, models.Document, models.Person, models.Topic, models.Country,
)  # fmt: skip
LINKED = ("agreement", "meeting", "exercise", "total")


def selected(client, kind: str, form: str, *records):
    keys = [record.pk for record in records]
    chosen = {"action": f"export_as_{form}", "_selected_action": keys}
    return client.post(address(kind, "changelist"), chosen)


class TestLists:
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_a_list_is_exported_as_it_is_filtered(self, analyst, form):
        make.exercise("ship-visit", title="A visit of ships")
        make.exercise("patrol", activity="joint-patrol")
        assert [row["slug"] for row in table(exported(analyst, "exercise", form))] == [
            "patrol",
            "ship-visit",
        ]
        some = table(exported(analyst, "exercise", form, activity__exact="joint-patrol"))
        assert [row["slug"] for row in some] == ["patrol"]
        assert [row["slug"] for row in table(exported(analyst, "exercise", form, q="visit"))] == [
            "ship-visit"
        ]

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_the_rows_that_are_selected_are_exported(self, analyst, form):
        make.exercise("ship-visit")
        chosen = make.exercise("patrol")
        answer = selected(analyst, "exercise", form, chosen)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert [row["slug"] for row in table(content)] == ["patrol"]
        assert answer["Content-Disposition"] == f'attachment; filename="exercises.{form}"'

    def test_a_list_offers_its_exports_with_its_filters(self, analyst):
        page = analyst.get(address("exercise", "changelist"), {"status__exact": "held"})
        text = page.content.decode()
        assert f"{address('exercise', 'export')}?status__exact=held&amp;_form=csv" in text
        plain = analyst.get(address("exercise", "changelist")).content.decode()
        assert f"{address('exercise', 'export')}?_form=xlsx" in plain

    @pytest.mark.parametrize(
        "query",
        ["_form=pdf", "_form=%00", "_form=", "status__exact=%00&_form=csv", "title__regex=(a%2B)"],
    )
    def test_what_is_not_offered_is_refused(self, analyst, query):
        assert analyst.get(f"{address('exercise', 'export')}?{query}").status_code == 400

    def test_viewers_export_and_strangers_do_not(self, client, django_user_model):
        make.exercise("ship-visit")
        user = django_user_model.objects.create_user("linh", is_staff=True)
        client.force_login(user)
        assert client.get(address("exercise", "export")).status_code == 403
        user.groups.add(Group.objects.get(name="viewer"))
        assert len(table(exported(client, "exercise"))) == 1

    def test_the_number_of_queries_does_not_grow_with_the_rows(self, analyst):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                exported(analyst, "exercise")
            return len(captured)

        for number in range(2):
            make.exercise(f"visit-{number}")
        few = queries()
        for number in range(2, 20):
            make.exercise(f"visit-{number}")
        assert queries() == few


class TestCells:
    def test_a_record_is_one_row_with_all_that_belongs_to_it(self, analyst):
        visit = make.exercise("ship-visit", date="2024-12", vessels="CSB 8001\nSettsu")
        visit.citations.all().delete()
        make.cite(visit, "date", quote="in December")
        make.cite(visit, "status", quote="in December")
        make.cite(visit, "title", stance="disputes", note="a | b")
        person = Person.objects.create(slug="nguyen-van-a", name="Nguyễn Văn A")
        side = visit.participants.first()
        Delegate.objects.create(participant=side, person=person, rank="Colonel", role="head")
        (row,) = table(exported(analyst, "exercise"))
        assert row == {
            **dict.fromkeys(COLUMNS["exercise"], ""),
            "slug": "ship-visit",
            "title": "Ship visit",
            "status": "held",
            "date": "2024-12",
            "participants": "VN/vietnam-coast-guard (host); JP/japan-coast-guard (guest)",
            "delegates": "VN/vietnam-coast-guard (host) | nguyen-van-a | head | Colonel",
            "activity": "ship-visit",
            "vessels": "CSB 8001\nSettsu",
            "citations": (
                "date, status | news-report | paragraph 1 | in December\n"
                r"title | news-report | paragraph 1 |  | disputes |  |  |  | a \| b"
            ),
        }

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    @pytest.mark.parametrize("text", ["=1+1", "+84 24", "@x", "'tis", "-9", "=HYPERLINK(1)"])
    def test_nothing_is_run_and_everything_comes_back(self, analyst, form, text):
        make.exercise("ship-visit", title=text, summary=f"{text}\n{text}")
        content = exported(analyst, "exercise", form)
        if form == "csv" and text != "-9":
            assert f",{text}".encode() not in content
        assert table(content)[0]["title"] == text
        assert counts(bring(analyst, "exercise", content)) == {"unchanged": 1}

    def test_a_text_that_xlsx_cannot_hold_is_refused_in_words(self, analyst):
        visit = make.exercise("ship-visit")
        for number in range(120):
            make.cite(visit, "title", quote="x" * 280, locator=f"paragraph {number}")
        answer = analyst.get(address("exercise", "export"), {"_form": "xlsx"})
        assert answer.status_code == 400
        assert len(table(exported(analyst, "exercise"))[0]["citations"]) > 32_767


@pytest.mark.usefixtures("shipped")
class TestAnotherDesk:
    def test_a_desk_can_be_made_again_from_its_exports(self, analyst):
        before = {kind: exported(analyst, kind) for kind in (*IN_ORDER, *LINKED)}
        models.Force.objects.update(parent=None, predecessor=None)
        models.Document.objects.update(origin=None)
        for model in EVERYTHING:
            model.objects.all().delete()
        for kind in IN_ORDER:
            agree(analyst, bring(analyst, kind, before[kind]))
        for kind in LINKED:
            agree(analyst, bring(analyst, kind, without_links(before[kind])))
        for kind in LINKED[:-1]:
            agree(analyst, bring(analyst, kind, before[kind]))
        assert {kind: exported(analyst, kind) for kind in before} == before
        assert set(Exercise.objects.values_list("review_state")) == {("draft",)}


def without_links(content: bytes) -> bytes:
    rows = table(content)
    headers = [name for name in rows[0] if name != "links"]
    return csv_file(headers, *([row[name] for name in headers] for row in rows))


class TestCommands:
    def test_records_go_out_and_in_on_the_command_line(self, tmp_path, capsys):
        make.exercise("ship-visit")
        file = tmp_path / "exercises.csv"
        call_command("export_records", "exercise", file)
        Exercise.objects.all().delete()
        call_command("import_records", "exercise", file, "--dry-run")
        assert "1 new" in capsys.readouterr().out
        assert not Exercise.objects.exists()
        call_command("import_records", "exercise", file, "--by", "linh")
        assert Exercise.objects.get().edited_by == "linh"
        assert Change.objects.first().way == "file"
