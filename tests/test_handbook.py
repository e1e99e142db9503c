"""The handbook: what it says is what the program does, and everybody on the desk can read it."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import translation

from agreements.date_words import describe
from agreements.dates import PartialDate
from agreements.handbook import (
    ANCHORS_OF_FIELDS,
    handbook,
    handbook_url,
    help_with_link,
    read_handbook,
)
from agreements.models import ActivityStatus, AgreementStatus, Engagement
from agreements.models.evidence import QUOTE_WORDS
from agreements.quality import RULES
from agreements.quality.dossier import FACTS
from agreements.text import word_count
from tests.admin_pages import page
from tests.builders import cite, meeting
from tests.conftest import ROOT

SOURCE = (ROOT / "docs" / "handbook.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The Markdown of one section."""
    return SOURCE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    """The rows of the last table of a section, without its head, in plain text."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    start = max(number for number, line in enumerate(lines) if line.startswith("|---"))
    cells = (line.strip("|").split("|") for line in lines[start + 1 :])
    return [[cell.strip().replace("`", "") for cell in row] for row in cells]


class _Page(HTMLParser):
    """Every id and every address of a page, and each element that needs a name."""

    def __init__(self, html: str):
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.boxes: list[dict] = []
        self.styled: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        self.styled += [tag] if "style" in given else []
        if "tabindex" in given and tag == "div":
            self.boxes.append(given)


class TestWhatItSays:
    def test_every_rule_that_the_code_checks_is_in_its_table(self):
        told = {rule: finding for rule, _, finding in rows("What the program checks")}
        done = {rule.name: "blocks" if rule.blocking else "advises" for rule in RULES}
        assert told == done

    def test_every_rule_that_the_code_checks_is_stated(self):
        assert {rule.name for rule in RULES} <= handbook().rules

    def test_the_rules_are_in_the_order_of_the_table(self):
        assert [row[0] for row in rows("What the program checks")] == [rule.name for rule in RULES]

    def test_the_facts_are_those_that_must_be_cited(self):
        told = {
            record: tuple(facts.split(", ")) for record, facts in rows("What counts as evidence")
        }
        names = {model: model.__name__.lower() for model in FACTS} | {Engagement: "all three kinds"}
        assert told == {names[model]: facts for model, facts in FACTS.items()}

    def test_every_date_is_read_as_it_says(self):
        examples = [(edtf, words) for _, edtf, words in rows("Partial dates") if words]
        assert len(examples) > 10
        with translation.override("en"):
            assert [(edtf, describe(PartialDate(edtf))) for edtf, _ in examples] == examples

    def test_every_status_has_its_line(self):
        told = {name for names, *_ in rows("Status") for name in names.split(", ")}
        assert told == {*ActivityStatus.values, *AgreementStatus.values}

    def test_the_keys_are_those_of_the_workbench(self):
        folder = ROOT / "agreements" / "templates" / "admin" / "agreements" / "workbench"
        keys = re.findall(r"<kbd>(.+?)</kbd>", (folder / "keys.html").read_text(encoding="utf-8"))
        assert set(re.findall(r"`([^`]+)`", section("By keyboard"))) == set(keys)

    def test_every_record_that_it_names_is_shipped(self):
        shipped = set()
        for path in (ROOT / "fixtures").glob("*.json"):
            shipped |= {row["fields"].get("slug") for row in json.loads(path.read_bytes())}
        named = set(re.findall(r"`([a-z]+(?:-[a-z0-9]+){2,})`", SOURCE))
        assert len(named) > 20
        assert named - shipped == set()

    def test_every_quotation_is_short(self):
        quoted = re.findall(r"“([^”]+)”", SOURCE)
        assert quoted
        assert [words for words in quoted if word_count(words) > QUOTE_WORDS] == []

    def test_every_field_with_a_link_is_one_of_the_desk(self):
        fields = {
            field.name
            for model in apps.get_app_config("agreements").get_models()
            for field in model._meta.get_fields()
        }
        assert set(ANCHORS_OF_FIELDS) <= fields
        assert set(ANCHORS_OF_FIELDS.values()) <= handbook().anchors


class TestReading:
    def test_a_rule_is_an_anchor_and_its_name_a_link_to_it(self):
        read = read_handbook("# Title\n\n## One\n\nSee E1 and E9.\n\n- **E1** A rule, as in C9.\n")
        assert '<p>See <a href="#E1">E1</a> and E9.</p>' in read.body
        assert '<strong id="E1"><a href="#E1">E1</a></strong> A rule, as in C9.' in read.body
        assert read.anchors == {"E1", "one"}

    def test_markup_in_it_is_text(self):
        read = read_handbook("# Title\n\n## One\n\n<b onclick=x>\n\n| <i> |\n|---|\n| & |\n")
        assert "&lt;b onclick=x&gt;" in read.body
        assert "<i>" not in read.body

    @pytest.mark.parametrize("text", ["## One\n\n## One\n", "- **E1** A.\n- **E1** B.\n"])
    def test_two_of_one_name_are_refused(self, text):
        with pytest.raises(ValueError, match="have the same name"):
            read_handbook(f"# Title\n\n{text}")


class TestHelp:
    def test_a_field_of_the_handbook_has_a_link(self):
        text = help_with_link("stated_value", "What the document says.")
        assert text == (
            'What the document says. <a href="/admin/handbook/#D7" target="handbook" '
            'class="handbook-link">Handbook D7</a>'
        )
        assert 'href="/admin/handbook/#confidence"' in help_with_link("confidence", "")

    def test_help_is_escaped(self):
        assert help_with_link("quote", "<b>").startswith("&lt;b&gt; <a")

    def test_another_field_is_left_alone(self):
        assert help_with_link("slug", "Its key.") == "Its key."

    def test_addresses_end_with_the_anchor(self):
        assert handbook_url() == reverse("handbook") == "/admin/handbook/"
        assert handbook_url("Q2") == "/admin/handbook/#Q2"


@pytest.fixture
def reader(client, django_user_model):
    """The client of somebody who may come in and nothing more."""
    client.force_login(django_user_model.objects.create_user("viewer", is_staff=True))
    return client


@pytest.mark.django_db
class TestPage:
    def test_whoever_is_not_logged_in_is_sent_to_log_in(self, client):
        response = client.get(handbook_url())
        assert response.status_code == 302
        assert response["Location"] == "/admin/login/?next=/admin/handbook/"

    def test_who_is_not_of_the_staff_stays_out(self, client, django_user_model):
        client.force_login(django_user_model.objects.create_user("visitor"))
        assert client.get(handbook_url()).status_code == 302

    def test_anybody_of_the_staff_reads_it(self, reader):
        response = reader.get(handbook_url())
        assert response.status_code == 200
        found = _Page(response.content.decode())
        assert handbook().anchors <= set(found.ids)
        assert len(found.ids) == len(set(found.ids))
        local = {link[1:] for link in found.links if link.startswith("#")}
        assert local - set(found.ids) == set()
        assert {part.anchor for part in handbook().sections} <= local
        assert found.styled == []

    def test_every_table_is_a_named_box_that_the_keyboard_reaches(self, reader):
        html = reader.get(handbook_url()).content.decode()
        boxes = _Page(html).boxes
        assert len(boxes) == html.count("<table>") > 5
        assert all(box["tabindex"] == "0" and box["aria-label"] and box["role"] for box in boxes)

    def test_its_text_is_marked_as_english_on_a_vietnamese_page(self, reader):
        html = reader.get(handbook_url(), headers={"accept-language": "vi"}).content.decode()
        assert '<html lang="vi"' in html
        assert '<div class="handbook-text" lang="en">' in html

    def test_it_is_read_only(self, reader):
        assert reader.post(handbook_url()).status_code == 405

    def test_every_page_of_the_desk_leads_to_it(self, reader):
        assert handbook_url() in _Page(reader.get("/admin/").content.decode()).links

    def test_what_a_record_lacks_leads_to_the_rule(self, analyst):
        record = meeting(status="planned", date="2001")
        record.citations.filter(field="status").delete()
        links = _Page(analyst.get(page(record)).content.decode()).links
        assert handbook_url("E1") in links
        assert handbook_url("S3") in links

    def test_what_a_record_has_leads_nowhere(self, analyst):
        record = meeting()
        cite(record, "date", stance="disputes", stated_value="May 4")
        links = _Page(analyst.get(page(record)).content.decode()).links
        assert handbook_url("E1") not in links
        assert handbook_url("X1") not in links


def test_it_goes_into_the_image():
    assert "COPY docs/handbook.md docs/" in (ROOT / "Dockerfile").read_text()
    assert "!docs/handbook.md" in (ROOT / ".dockerignore").read_text().splitlines()
