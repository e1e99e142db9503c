"""What the documents say holds."""

import json
import re
from io import StringIO

from django.apps import apps
from django.core.management import call_command
from django.db.models import Index, UniqueConstraint

from coastguard import environment
from tests.conftest import ROOT


def test_the_data_dictionary_is_in_step_with_the_models():
    printed = StringIO()
    call_command("data_dictionary", stdout=printed)
    written = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == printed.getvalue(), "run: manage.py data_dictionary > docs/data-dictionary.md"


def test_every_link_between_documents_leads_somewhere():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_target_that_the_readme_names_is_in_the_makefile():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?m)(?:^|`)make ([a-z]+)", readme))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"serve", "test"} <= named <= targets


def test_the_examples_in_the_readme_are_what_the_api_answers(client, shipped):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    page, citation = map(json.loads, re.findall(r"```json\n(.+?)```", readme, re.DOTALL))
    address = re.search(r"curl 'http://127.0.0.1:8000(/api/v1/[^']+)'", readme)

    assert client.get(address.group(1)).json() == page
    record = client.get(f"/api/v1/agreements/{page['results'][0]['slug']}/").json()
    assert citation in record["citations"]


def test_every_variable_that_is_asked_for_is_told_of_and_no_other():
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    table = page.partition("## What is set")[2].partition("\n## ")[0]
    told = re.findall(r"(?m)^\| `([A-Z_]+)` \|", table)
    # Some are asked for in production alone.
    assert sorted(told) == sorted(environment.asked)
    assert len(told) > 10


def test_every_test_and_drill_that_the_threat_model_names_is_there():
    page = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:tests|drills|agreements|coastguard|deploy)/[\w./-]+)`", page))
    assert len(named) > 15
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_test_that_the_page_on_bad_input_names_is_there():
    page = (ROOT / "docs" / "bad-input.md").read_text(encoding="utf-8")
    rows = [row for row in page.split("\n") if row.startswith("| ") and "what comes" not in row]
    named = {row: re.findall(r"`(test_\w+\.py)::(test_\w+)`", row) for row in rows}
    assert len(rows) > 60
    assert [row for row, tests in named.items() if not tests] == []
    files = {file for tests in named.values() for file, _ in tests}
    held = {
        (file, test)
        for file in files
        for test in re.findall(
            r"(?m)^ *def (test_\w+)\(", (ROOT / "tests" / file).read_text(encoding="utf-8")
        )
    }
    assert {each for tests in named.values() for each in tests} - held == set()


def test_every_index_has_its_question():
    page = (ROOT / "docs" / "indexes.md").read_text(encoding="utf-8")
    named = {
        each.name
        for model in apps.get_app_config("agreements").get_models()
        for each in (*model._meta.indexes, *model._meta.constraints)
        if isinstance(each, Index | UniqueConstraint)
    }
    written = set(re.findall(r"`(\w+)`", page))
    assert named <= written
    # Those of PostgreSQL alone are made by migrations.
    others = {"publication_words", "agreements_engagement_words", "agreements_document_words"}
    like_one = {name for name in written if name.startswith(("publication_", "engagement_of_"))}
    assert like_one - named <= others
