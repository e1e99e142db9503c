"""The shipped fixtures: what they hold, how they load, and what is refused."""

import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import TestCase

from agreements import workflow
from agreements.models import (
    Citation,
    Document,
    DocumentText,
    Engagement,
    Force,
    Meeting,
    Publication,
    ReportedTotal,
)
from agreements.records import REVIEWABLE
from agreements.text import word_count
from tests.builders import approved
from tests.readings import READING, is_empty, refused, run, tables, write

pytestmark = pytest.mark.django_db

FILES = sorted(settings.FIXTURES_DIR.glob("*.json"))
REFERENCE, DOCUMENTS, ENGAGEMENTS, EVIDENCE, LEDGER = FILES


def rows(*, of: str) -> list[dict]:
    found = [row for path in FILES for row in json.loads(path.read_text(encoding="utf-8"))]
    return [row for row in found if row["model"] == f"agreements.{of}"]


def fixture(folder: Path, *content: dict, name: str = "brought.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def country(code: str = "FR", alpha3: str = "FRA", **fields) -> dict:
    return {"model": "agreements.country", "fields": {"code": code, "alpha3": alpha3, **fields}}


def force(**fields) -> dict:
    defaults = {"slug": "navy", "name": "Navy", "kind": "navy", "country": ["FR"]}
    return {"model": "agreements.force", "fields": {**defaults, **fields}}


def meeting(**fields) -> dict:
    defaults = {"kind": "meeting", "slug": "talks", "title": "Talks", "status": "held"}
    return {"model": "agreements.engagement", "fields": {**defaults, **fields}}


def test_they_are_what_the_readings_give_whether_or_not_texts_are_held(tmp_path):
    seeds = tmp_path / "seeds"
    shutil.copytree(settings.SEEDS_DIR, seeds, ignore=shutil.ignore_patterns("*.txt"))
    (seeds / "held.txt").write_text("A text that somebody holds.", encoding="utf-8")

    run("build_fixtures", "--seeds", seeds, "--output", tmp_path / "fixtures")

    built = sorted((tmp_path / "fixtures").iterdir())
    assert [path.name for path in built] == [path.name for path in FILES]
    for path, shipped_path in zip(built, FILES, strict=True):
        assert path.read_bytes() == shipped_path.read_bytes(), path.name


@pytest.fixture
def building_here(monkeypatch):
    """The test's own empty database, instead of one that a process of its own makes."""
    monkeypatch.setenv("COASTGUARD_FIXTURE_BUILD", "1")


def test_readings_without_a_time_of_approval_make_no_fixtures(building_here, tmp_path):
    text = READING.replace('approved_at: "2026-11-22T12:00:00Z"\n', "")
    seeds = write(tmp_path, text).parent
    told = refused("build_fixtures", "--seeds", seeds, "--output", tmp_path / "out")
    assert "Write approved_at in a reading: it dates the fixtures." in told
    assert not (tmp_path / "out").exists()


def test_readings_with_faults_make_no_fixtures(building_here, tmp_path):
    seeds = write(tmp_path, READING.replace("status: held", "status: done")).parent
    told = refused("build_fixtures", "--seeds", seeds, "--output", tmp_path / "out")
    assert "talks.yaml:34: meetings[0].status" in told


def test_readings_that_are_not_verified_make_no_fixtures(building_here, tmp_path):
    seeds = write(tmp_path).parent
    told = refused("build_fixtures", "--seeds", seeds, "--output", tmp_path / "out")
    assert "Quotations are not verified as they stand; run manage.py verify_readings: " in told
    assert not (tmp_path / "out").exists()


def test_a_dangling_key_is_refused(tmp_path):
    path = fixture(tmp_path, country(), force(parent=["nobody"]))
    assert "Nothing was loaded" in refused("loaddata", path)
    assert is_empty()


def test_a_truncated_file_is_refused(tmp_path):
    path = fixture(tmp_path, country())
    path.write_text(path.read_text()[:-9])
    assert "brought.json: not JSON: " in refused("loaddata", path)
    assert is_empty()


def test_a_bad_last_file_takes_back_the_first(tmp_path):
    good = fixture(tmp_path, country(), name="1.json")
    bad = fixture(tmp_path, force(kind="pirates"), name="2.json")
    assert "agreements_force_kind_known" in refused("loaddata", good, bad)
    assert is_empty()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (country(colour="red"), "has no field named 'colour'"),
        ({"model": "agreements.fleet", "fields": {}}, "Invalid model identifier"),
        (meeting(date="2023-02-30"), "2023-02-30"),
        (meeting(status="done"), "agreements_engagement_status_of_kind"),
        (meeting(status="signed"), "agreements_engagement_status_of_kind"),
        (meeting(title="x" * 301), "Could not load agreements.Engagement"),
        (meeting(title="a\0b"), "'title' holds a NUL character"),
        (meeting(slug=""), "agreements_engagement_slug_not_empty"),
        (country("FRA"), "Could not load agreements.Country"),
        (country(review_state="done"), "agreements_country_review_state_known"),
    ],
)
def test_a_bad_row_is_refused(tmp_path, row, message):
    told = refused("loaddata", fixture(tmp_path, row))
    assert message in told
    assert is_empty()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (meeting(slug="../talks"), "Enter a valid “slug”"),
        (meeting(slug="t\u00e0lks"), "Enter a valid “slug”"),
        (meeting(slug="talks\u202e"), "Enter a valid “slug”"),
        (meeting(slug=5), "row 1: slug: write a text, not 5"),
        (meeting(title=["Talks"]), "row 1: title: write a text"),
        (meeting(title={"en": "Talks"}), "row 1: title: write a text"),
        (meeting(title=True), "row 1: title: write a text"),
        (meeting(title="\ud800"), "surrogates not allowed"),
        (meeting(title="\u200b"), "something that can be seen"),
        (meeting(version=2**63), "Nothing was loaded"),
        (meeting(date="03/04/2023"), "more than one way"),
        (country("fr"), "ISO 3166"),
        (country("ZZ", "ZZZ"), "ISO 3166"),
        (country("FR", "FRX"), "The alpha-3 code of FR is FRA"),
        ({**country(), "pk": 2**70}, "Nothing was loaded"),
        ({"model": [], "fields": {}}, "row 1: write an object with a model and fields"),
        ({"model": "agreements.country", "fields": []}, "row 1: write an object"),
        (None, "row 1: write an object"),
        ("row", "row 1: write an object"),
    ],
)
def test_a_value_that_no_form_would_take_is_refused(tmp_path, row, message):
    assert message in refused("loaddata", fixture(tmp_path, row))
    assert is_empty()


TWICE = '{"model": "agreements.country", "fields": {"code": "FR", "code": "DE", "alpha3": "FRA"}}'
XML = '<?xml version="1.0"?>{0}<django-objects version="1.0">{1}</django-objects>'
FIELD = '<field name="{0}" type="CharField">{1}</field>'
FRANCE = FIELD.format("code", "FR") + FIELD.format("alpha3", "FRA")
XML_FRANCE = f'<object model="agreements.country">{FRANCE}</object>'


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("1.jsonl", TWICE, "the key 'code' stands twice"),
        ("1.jsonl", json.dumps(country()) + "\n" + json.dumps(country(edited_by="x")), "stands in"),
        ("1.jsonl", json.dumps(country())[:-3], "not JSON lines"),
        ("1.jsonl", json.dumps(meeting(title="a\0b")), "'title' holds a NUL"),
        ("1.jsonl", json.dumps(meeting(date="2024", date_earliest="2023-01-01")), "disagrees"),
        ("1.yaml", "- model: agreements.country\n  fields: {code: FR, code: DE}\n", "stands twice"),
        (
            "1.yaml",
            "- {model: agreements.country, fields: {code: FR, alpha3: FRA}}\n" * 2,
            "stands",
        ),
        ("1.yaml", "- &a {model: x, fields: {}}\n- *a\n", "anchors and aliases"),
        ("1.yaml", "- !!python/object/apply:os.getcwd []\n", "could not determine a constructor"),
        ("1.yaml", "- {model: agreements.force, fields: {slug: 5}}\n", "slug: write a text"),
        ("1.yaml", "- {model: agreements.topic, fields: {slug: no}}\n", "slug: write a text"),
        ("1.yaml", "- {model: x\n\tfields: {}}\n", "not YAML"),
        ("1.yaml", "model: agreements.country\n", "write a list of rows"),
        ("1.yaml", "- {model: x, 5: y}\n", "the keys of a mapping are texts"),
        ("1.xml", XML.format("", XML_FRANCE * 2), "stands in"),
        ("1.xml", XML.format("", XML_FRANCE.replace("alpha3", "code")), "stands twice"),
        ("1.xml", XML.format('<!DOCTYPE x [<!ENTITY a "aa">]>', XML_FRANCE), "not XML"),
        ("1.xml", XML.format("", XML_FRANCE)[:-9], "not XML"),
        ("1.json", "null", "write a list of rows"),
        ("1.json", "{}", "write a list of rows"),
        ("1.json", "", "not JSON"),
        ("1.json", "[" * 100_000, "nested too deep"),
        ("1.json", "\ufeff[]", "not JSON"),
        ("1.json", b"\xff\xfe[\0]\0", "not JSON"),
        ("1.json", '[{"model": "x", "fields": {"title": "é"}}]'.encode("latin-1"), "not JSON"),
        ("1.json", '[{"model": "x", "pk": ' + "9" * 5000 + ', "fields": {}}]', "not JSON"),
        ("1.json.gz", b"\x1f\x8bbroken", "cannot be read"),
        ("1.json.zip", b"PKbroken", "cannot be read"),
        ("1.json.bz2", b"BZh9broken", "cannot be read"),
        ("1.json.xz", b"broken", "cannot be read"),
        ("1.csv", "code\nFR\n", "not a known serialization format"),
    ],
    ids=range(31),
)
def test_a_file_that_is_none_or_says_a_thing_twice_is_refused(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert message in refused("loaddata", path)
    assert is_empty()


def test_a_key_that_stands_twice_in_an_object_is_refused(tmp_path):
    path = tmp_path / "brought.json"
    path.write_text(
        '[{"model": "agreements.country", "fields":'
        ' {"code": "FR", "alpha3": "FRA", "alpha3": "FRX"}}]'
    )
    assert "the key 'alpha3' stands twice in one object" in refused("loaddata", path)
    assert is_empty()


def test_a_row_that_stands_twice_is_refused(tmp_path):
    path = fixture(tmp_path, country(), country(edited_by="somebody"))
    assert 'agreements.country ["FR"]: stands in' in refused("loaddata", path)
    assert is_empty()


def test_a_row_that_stands_in_two_files_is_refused(tmp_path):
    paths = [fixture(tmp_path, country(), name=name) for name in ("1.json", "2.json")]
    assert f'2.json: agreements.country ["FR"]: stands in {paths[0]}' in refused("loaddata", *paths)


@pytest.mark.parametrize("bound", ["2023-12-31", None, "soon", 5])
def test_bounds_that_disagree_with_their_date_are_refused(tmp_path, bound):
    path = fixture(tmp_path, meeting(date="2024-12", date_earliest=bound))
    assert "date_earliest disagrees with its date" in refused("loaddata", path)
    assert is_empty()


def test_bounds_that_agree_with_their_date_are_accepted(tmp_path):
    bounds = {"date_earliest": "2024-12-01", "date_latest": "2024-12-31"}
    run("loaddata", fixture(tmp_path, meeting(date="2024-12", **bounds), meeting(slug="undated")))
    dated = Engagement.objects.get(slug="talks")
    assert str(dated.date_latest) == "2024-12-31"


def test_bounds_without_a_date_are_refused(tmp_path):
    path = fixture(tmp_path, meeting(date_latest="2024-12-31"))
    assert "date_latest disagrees with its date" in refused("loaddata", path)


def edit(record, **values) -> None:
    type(record).objects.filter(pk=record.pk).update(**values)
    record.refresh_from_db()
    workflow.record_edit(record, "another-analyst")


def test_an_empty_database_is_filled():
    report = run("load_fixtures")
    assert report.endswith(f"rows loaded from {len(FILES)} fixtures.\n")
    assert "all as written" in run("verify_ledger")


class TestShipped(TestCase):
    """On a database that the fixtures were loaded into, once for all of these."""

    @classmethod
    def setUpTestData(cls):
        call_command("loaddata", *FILES, verbosity=0)

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path

    def test_they_give_a_desk_and_a_ledger(self):
        assert Meeting.objects.exists()
        assert Publication.objects.current().published().filter(kind="meeting").exists()
        assert Publication.objects.count() == len(rows(of="publication"))
        assert "all as written" in run("verify_ledger")

    def test_every_published_record_of_the_desk_is_in_the_ledger(self):
        current = Publication.objects.current().published()
        for kind, model in REVIEWABLE.items():
            keys = {row.record_key for row in model.objects.filter(review_state="published")}
            assert keys == set(current.filter(kind=kind).values_list("slug", flat=True))

    def test_loading_them_twice_changes_nothing(self):
        before = tables()
        run("loaddata", *FILES)
        assert tables() == before

    def test_every_quotation_is_verified_and_short(self):
        for row in (*Citation.objects.select_related("document"), *ReportedTotal.objects.all()):
            assert row.verified or not row.quote, row
            assert word_count(row.quote) <= 20, row.quote

    def test_no_text_of_a_document_is_shipped(self):
        assert not DocumentText.objects.exists()
        assert rows(of="documenttext") == []

    def test_what_was_edited_since_is_kept_with_all_that_belongs_to_it(self):
        record = Meeting.objects.filter(participants__delegates__isnull=False).first()
        edit(record, title="As an analyst has it")
        record.participants.first().delete()
        record.citations.all().delete()
        before = tables()

        report = run("loaddata", ENGAGEMENTS, EVIDENCE)

        assert (
            f"kept as changed on the desk (--overwrite replaces it): meeting {record.slug}"
            in report
        )
        assert tables() == before

    def test_a_force_that_was_edited_since_keeps_its_names(self):
        side = Force.objects.get(slug="vietnam-coast-guard")
        edit(side, name="Vietnam Marine Police")
        side.names.all().delete()
        before = tables()
        assert "force vietnam-coast-guard" in run("loaddata", REFERENCE, EVIDENCE)
        assert tables() == before

    def test_what_was_edited_since_is_replaced_when_told_to(self):
        before = tables()
        record = Meeting.objects.first()
        edit(record, title="As an analyst has it")

        report = run("loaddata", "--overwrite", ENGAGEMENTS)

        assert "kept" not in report
        after = tables()
        # All is as it was but the history, which tells of the edit and of its end.
        assert len(after.pop("agreements.Change")) == len(before.pop("agreements.Change")) + 2
        assert after == before

    def test_what_was_published_since_stays_in_the_ledger(self):
        record = Meeting.objects.filter(review_state="published").first()
        edit(record, title="As an analyst has it")
        workflow.publish([approved(record)])
        before = tables()

        run("loaddata", ENGAGEMENTS, LEDGER)

        assert tables() == before
        assert "all as written" in run("verify_ledger")

    def test_a_withdrawn_record_does_not_come_back(self):
        record = Meeting.objects.filter(review_state="published").first()
        workflow.withdraw(record, "reviewer", "A mistake.")
        assert f"meeting {record.slug}" in run("loaddata", ENGAGEMENTS)
        assert Meeting.objects.get(pk=record.pk).review_state == "withdrawn"

    def test_what_a_later_reading_changed_is_kept(self):
        record = Document.objects.first()
        Document.objects.filter(pk=record.pk).update(version=2, loaded_version=2, title="Corrected")
        assert f"document {record.slug}" in run("loaddata", DOCUMENTS)
        assert Document.objects.get(pk=record.pk).title == "Corrected"

    def test_another_ledger_is_refused(self):
        (row,) = [each for each in rows(of="publication") if each["fields"]["sequence"] == 1]
        row["fields"] |= {"sha256": "f" * 64, "author": "somebody else"}
        before = tables()
        assert "the ledger is append-only" in refused("loaddata", fixture(self.folder, row))
        assert tables() == before

    def test_a_desk_in_use_is_left_alone(self):
        record = Meeting.objects.first()
        edit(record, title="As an analyst has it")
        before = tables()
        assert run("load_fixtures") == "The ledger has rows already; fixtures are left alone.\n"
        assert tables() == before
