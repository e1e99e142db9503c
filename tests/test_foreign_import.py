"""A data set that others made, brought in through the pages of the admin, once and again."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agreements import workflow
from agreements.models import Agreement, Change, Citation, Document, Exercise, ImportMapping
from agreements.quality import problems_of
from tests.admin_pages import fields_of
from tests.foreign_files import ODD, exercises, treaties
from tests.tables import agree, counts

pytestmark = pytest.mark.django_db
ADD = "/admin/agreements/importmapping/add/"
DOCUMENT = {
    "document-title": "Invented exercises 1970-2010",
    "document-slug": "invented-exercises",
    "document-language": "en",
}
ACTIVITIES = {"1": "joint-patrol", "2": "search-and-rescue-drill", "3": "joint-training"}


def upload(client, content: bytes, name: str = "exercises.csv", **fields: str):
    file = SimpleUploadedFile(name, content)
    return client.post(ADD, {"file": file, **fields}, follow=True)


def send(client, page, form: str, **changes: Any):
    """Post the form of a page as a browser would, with changes."""
    values = {**fields_of(page.content.decode(), form), **changes}
    return client.post(page.request["PATH_INFO"], values, follow=True)


def begin(client, content: bytes, kind: str = "exercise", **fields: str):
    page = upload(client, content, **fields)
    assert page.resolver_match.url_name.endswith("_begin"), page.content.decode()[:2000]
    told = {"name": "Exercises", "kind": kind, "held": "", **DOCUMENT}
    return client.post(page.request["PATH_INFO"], told, follow=True)


def decide(client, page):
    """Answer each open name as its coder meant it."""
    answers = {}
    for each in page.context["asked"]:
        code = {**ODD, "Columbia": "CO", "Untied States": "US", "Nigera": "NG"}.get(
            each.named.name, each.named.match.best
        )
        answers[f"other-{each.number}"] = code
    return send(client, page, "countries_form", **answers, _next="1")


def values_of(page) -> dict[str, str]:
    """The answers of the page of values: what each type of exercise means."""
    answers = {"constant-status": "held", "constant-activity": "other", "open_end": "0"}
    for choice in page.context["choices"]:
        for number, value in enumerate(choice.values):
            if value.cell in ACTIVITIES:
                answers[f"value-activity-{number}"] = ACTIVITIES[value.cell]
    return answers


def to_check(client, content: bytes):
    """Map a data set of exercises as far as the page of checks."""
    page = begin(client, content)
    page = send(client, page, "columns_form", **{_use(page, "xtype"): "activity"})
    page = send(client, page, "values_form", **values_of(page))
    return decide(client, page)


def _use(page, header: str) -> str:
    return next(f"use-{n}" for n, column, _ in page.context["columns"] if column.name == header)


def store(client, check):
    preview = client.post(check.request["PATH_INFO"], {"_preview": "1"}, follow=True)
    return preview, agree(client, preview)


class TestExercises:
    def test_proposes_what_the_columns_are(self, analyst):
        page = begin(analyst, exercises(200))
        said = {column.name: use for _, column, use in page.context["columns"]}
        assert said == {
            "xid": "id",
            "xname": "title",
            "start_date": "first",
            "end_date": "last",
            "party1 … party39": "party",
            "xtype": "activity",
            "region": "",
            "coder_note": "",
        }
        mapping = ImportMapping.objects.get()
        assert mapping.settings["missing"] == ["-9"]
        assert mapping.settings["unknown"] == ["xx"]

    def test_takes_no_guess_that_nobody_confirmed(self, analyst):
        page = begin(analyst, exercises(200))
        page = send(analyst, page, "columns_form")
        page = send(analyst, page, "values_form", **values_of(page))
        assert {each.named.name for each in page.context["asked"]} == set(ODD)
        again = send(analyst, page, "countries_form", _next="1")
        assert again.resolver_match.url_name.endswith("_countries")
        assert ImportMapping.objects.get().settings["countries"] == {}
        good = send(analyst, page, "countries_form", _good="1")
        assert ImportMapping.objects.get().settings["countries"] == {
            "Kazakstan": "KZ",
            "Saudia Arabia": "SA",
            "Venezula": "VE",
        }
        assert {each.named.name for each in good.context["asked"]} == {
            *("West Germany", "Korea", "NATO", "multiple")
        }

    def test_a_faint_likeness_is_shown_and_not_chosen(self, analyst):
        rows = "Title,Party 1,Party 2,Signed\nFisheries,Norge,Tailand,21/01/1978\n"
        rows += "Rescue,Japan,France,22/02/1979\nBorders,Chad,Niger,23/03/1981\n"
        page = begin(analyst, rows.encode(), "agreement")
        page = send(analyst, page, "columns_form")
        page = send(analyst, page, "values_form")
        faint, like = page.context["asked"]
        assert (faint.named.name, like.named.name) == ("Norge", "Tailand")
        assert [code for code, _label, _chosen in faint.options][1:2] == ["KP"]
        given = fields_of(page.content.decode(), "countries_form")
        assert (given["choice-0"], given["choice-1"]) == ("", "TH")
        # Ticked as it stands, it is still not decided.
        page = send(analyst, page, "countries_form", **{"sure-0": "on", "sure-1": "on"})
        assert ImportMapping.objects.get().settings["countries"] == {"Tailand": "TH"}
        assert [each.named.name for each in page.context["asked"]] == ["Norge"]

    def test_comes_in_as_drafts_that_cite_record_and_column(self, analyst):
        check = to_check(analyst, exercises(200))
        preview, done = store(analyst, check)
        assert counts(preview) == {"new": 200}
        assert "200 records were added" in done.content.decode()
        assert {row.review_state for row in Exercise.objects.all()} == {"draft"}
        fourth = Exercise.objects.get(slug="invented-exercises-4")
        assert (fourth.title, fourth.activity) == ("Sea Lantern 4", "joint-patrol")
        assert str(fourth.date) == f"1974-{str(fourth.date)[5:7]}/{fourth.date_latest}"
        date = fourth.citations.get(field="date")
        assert date.locator == "record 4, columns start_date, end_date"
        assert re.fullmatch(r"1974-\d\d-xx; 1974-\d\d-28", date.stated_value)
        assert date.document.slug == "invented-exercises"
        old = Exercise.objects.get(slug="invented-exercises-11")
        assert "YUCS" in old.participants.values_list("country__code", flat=True)
        whole = Exercise.objects.get(slug="invented-exercises-150")
        assert whole.participants.count() == 39
        problems = [str(each) for row in (fourth, old, whole) for each in problems_of(row)]
        assert problems == []

    def test_an_unknown_end_and_the_unnamed_are_said_as_the_file_says_them(self, analyst):
        store(analyst, to_check(analyst, exercises(200)))
        third = Exercise.objects.get(slug="invented-exercises-3")
        assert len(str(third.date)) == len("1973-01-01")
        unnamed = Exercise.objects.get(slug="invented-exercises-10")
        assert unnamed.title.startswith("Joint exercise of ")
        assert unnamed.title.endswith(", 1980")
        undated = Exercise.objects.get(slug="invented-exercises-97")
        assert undated.date is None
        noted = Exercise.objects.filter(summary__contains="NATO")
        assert noted.count() > 0

    def test_a_second_time_goes_to_the_check_and_changes_nothing(self, analyst):
        content = exercises(120)
        store(analyst, to_check(analyst, content))
        before = list(Exercise.objects.values_list("slug", "version", "edited_by"))
        changes, citations = Change.objects.count(), Citation.objects.count()
        check = upload(analyst, content)
        assert check.resolver_match.url_name.endswith("_check")
        assert check.context["counts"]["unchanged"] == 120
        assert "The desk has all of this already." in check.content.decode()
        preview = analyst.post(check.request["PATH_INFO"], {"_preview": "1"}, follow=True)
        assert counts(preview) == {"unchanged": 120}
        assert 'value="Import as drafts"' not in preview.content.decode()
        assert list(Exercise.objects.values_list("slug", "version", "edited_by")) == before
        assert (Change.objects.count(), Citation.objects.count()) == (changes, citations)

    def test_keeps_what_somebody_edited_unless_it_is_ticked(self, analyst):
        content = exercises(30)
        store(analyst, to_check(analyst, content))
        record = Exercise.objects.get(slug="invented-exercises-7")
        record.title = "Another name"
        record.save()
        workflow.record_edit(record, "somebody-else")
        check = upload(analyst, content)
        assert [(each.row, each.title) for each in check.context["kept"]] == [(8, "Sea Lantern 7")]
        assert check.context["counts"] == {"refused": 0, "changed": 0, "new": 0, "unchanged": 29}
        path = check.request["PATH_INFO"]
        check = analyst.post(path, {"over": "8", "_take": "1"}, follow=True)
        assert check.context["counts"]["changed"] == 1
        store(analyst, check)
        record.refresh_from_db()
        assert record.title == "Sea Lantern 7"

    def test_rows_that_cannot_be_read_are_told_and_left_out_on_purpose_only(self, analyst):
        content = exercises(30).replace(b"Sea Lantern 7,", b"Sea Lantern 7,1977-13-41 maybe", 1)
        content = content.replace(b"1977-13-41 maybe", b"spring,", 1)
        lines = content.decode().splitlines()
        cells = lines[7].split(",")
        lines[7] = ",".join([*cells[:3], *cells[4:]])
        check = to_check(analyst, "\n".join(lines).encode())
        problems = [(each.row, each.column) for each in check.context["problems"]]
        assert problems == [(8, "start_date")]
        assert "“spring" in check.content.decode()
        assert not check.context["ready"]
        path = check.request["PATH_INFO"]
        check = analyst.post(path, {"leave": "8", "_leave": "1"}, follow=True)
        preview, _done = store(analyst, check)
        assert counts(preview) == {"new": 29}

    def test_states_out_of_their_time_are_remarked(self, analyst):
        check = to_check(analyst, exercises(400))
        assert any("Soviet Union was until 1992" in line for line, *_ in check.context["remarks"])


class TestTreaties:
    def test_misspelt_states_in_latin_1_without_identifiers(self, analyst):
        refused = upload(analyst, treaties(), name="treaties.tsv")
        assert "is not in UTF-8" in refused.content.decode()
        page = begin(analyst, treaties(), "agreement", name="t.tsv", encoding="latin-1")
        said = {column.name: use for _, column, use in page.context["columns"]}
        assert said == {
            "Parties": "party",
            "Signed": "date",
            "Type": "instrument",
            "Subject": "",
        }
        subject = {_use(page, "Subject"): "summary", "missing": "n.d."}
        page = send(analyst, page, "columns_form", **subject)
        page = send(analyst, page, "values_form", unknown="xx")
        asked = {each.named.name: each.named.match.best for each in page.context["asked"]}
        assert asked == {
            "Phillipines": "PH",
            "Columbia": "CO",
            "Venezula": "VE",
            "Untied States": "US",
            "Nigera": "NG",
        }
        check = decide(analyst, page)
        assert check.context["problems"] == []
        preview, _done = store(analyst, check)
        assert counts(preview) == {"new": 6}
        boundary = Agreement.objects.get(summary="Subject: Maritime boundaries")
        assert str(boundary.date) == "2001"
        sides = boundary.citations.get(field="participants")
        assert sides.stated_value == "Columbia; Venezula"
        assert {row.country.code for row in boundary.participants.all()} == {"CO", "VE"}
        assert Agreement.objects.get(date=None).title == "Agreement between Nigeria and Ghana"
        again = upload(analyst, treaties(), name="t.tsv", encoding="latin-1")
        assert again.context["counts"] == {"refused": 0, "changed": 0, "new": 0, "unchanged": 6}


class TestDoors:
    def test_nobody_reads_the_file_of_somebody_else(self, analyst, django_user_model):
        page = upload(analyst, exercises(5))
        other = Client()
        other.force_login(django_user_model.objects.create_superuser("another"))
        answer = other.get(page.request["PATH_INFO"])
        assert answer["Location"] == ADD
        assert not Document.objects.exists()

    @pytest.mark.parametrize("step", ["begin", "columns", "values", "countries", "check"])
    def test_keys_of_nothing_lead_to_the_first_page(self, analyst, step):
        for key in ("x", "a" * 32, "%00", "é"):
            path = reverse(f"admin:agreements_importmapping_{step}", args=["key"])
            answer = analyst.get(path.replace("key", key))
            assert answer.status_code in (302, 404)

    def test_bad_posts_are_told(self, analyst):
        page = begin(analyst, exercises(20))
        path = page.request["PATH_INFO"]
        twice = analyst.post(path, {"use-0": "title", "use-1": "title"})
        assert twice.status_code == 400
        assert "only one can be it" in twice.content.decode()
        nothing = analyst.post(path, {"use-0": "\0", "separators": "\0", "missing": "\0" * 5})
        assert nothing.status_code == 400
        check = path.replace("columns", "check")
        assert analyst.post(check, {"_leave": "1", "leave": ["9" * 30, "x\0"]}).status_code == 302
        assert analyst.post(check, {"_preview": "1"}).status_code == 302
        countries = analyst.post(path.replace("columns", "countries"), {"list": "a\0;b"})
        assert countries.status_code == 400

    def test_a_web_page_is_no_data_set(self, analyst):
        answer = upload(analyst, b"<html><body>1,2</body></html>")
        assert answer.status_code == 400
        assert "web page" in answer.content.decode()
