"""The OpenAPI description: in step with the API, and true of what it answers."""

import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker

from agreements.releases.making import make
from coastguard.headers import DOCS
from tests.public import LISTS, PATHS, get
from tests.released import releases_in

pytestmark = pytest.mark.django_db

# Said by their parts.
UNTOLD = {"Root", "PublishedEngagement"}
WRITTEN = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
EVERY_LIST = {"q", "ordering", "as_of", "fields", "page_size", "cursor", "count", "format"}
DATED = {"date_from", "date_to", "date_certain", "undated"}
ENGAGEMENTS = {
    *("country", "force", "role", "status", "topic", "document", "series", "ordinal", "disputed"),
    *("happened", "place"),
    *DATED,
    *EVERY_LIST,
}
PARAMETERS = {
    "countries": EVERY_LIST,
    "topics": EVERY_LIST,
    "series": EVERY_LIST | {"document"},
    "forces": EVERY_LIST | {"country", "document"},
    "documents": EVERY_LIST | DATED,
    "totals": EVERY_LIST | {"country", "force", "document"},
    "agreements": ENGAGEMENTS | {"instrument"},
    "meetings": ENGAGEMENTS | {"level", "overdue"},
    "exercises": ENGAGEMENTS | {"activity", "overdue"},
    "engagements": ENGAGEMENTS | {"kind", "instrument", "activity", "level", "overdue"},
    "stats": (ENGAGEMENTS - EVERY_LIST)
    | {"by", "kind", "instrument", "activity", "level", "overdue", "q", "as_of", "format"},
    "changes": (ENGAGEMENTS - {"fields", "ordering"})
    | {"since", "kind", "instrument", "activity", "level"},
}


@cache
def description() -> dict[str, Any]:
    return yaml.safe_load(WRITTEN.read_text())


def validator(part: dict[str, Any]) -> Draft202012Validator:
    """A validator of one part of the description, whose references are into the whole."""
    return Draft202012Validator(
        {**part, "components": description()["components"]}, format_checker=FormatChecker()
    )


def operations():
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def schema_of(path: str, status: str = "200") -> dict[str, Any]:
    responses = description()["paths"][f"/api/v1/{path}"]["get"]["responses"]
    kind = "application/json" if status == "200" else "application/problem+json"
    return responses[status]["content"][kind]["schema"]


class TestDescription:
    def test_is_in_step_with_the_api(self):
        fresh = io.StringIO()
        call_command("spectacular", "--validate", "--fail-on-warn", stdout=fresh)
        assert yaml.safe_load(fresh.getvalue()) == description(), (
            "docs/openapi.yaml is out of step: run `make openapi`."
        )

    def test_is_what_is_served(self, client):
        served = client.get("/api/v1/schema/", {"format": "json"}).json()
        assert served == description()
        assert yaml.safe_load(client.get("/api/v1/schema/").content) == served

    def test_is_openapi_3_1(self):
        assert re.fullmatch(r"3\.1\.\d+", description()["openapi"])

    def test_is_of_reading_only(self):
        assert {method for _, method, _ in operations()} == {"get"}

    def test_tells_what_each_group_and_operation_is_for(self):
        told = {tag["name"]: tag["description"] for tag in description()["tags"]}
        assert {tag for *_, operation in operations() for tag in operation["tags"]} == set(told)
        for path, _, operation in operations():
            assert operation["summary"], path
            assert operation["description"], path

    def test_explains_every_parameter_and_shape(self):
        for path, _, operation in operations():
            assert all(each.get("description") for each in operation["parameters"]), path
        for name, shape in description()["components"]["schemas"].items():
            told = shape.get("description") or name.endswith("List") or name in UNTOLD
            assert told, name

    def test_shows_an_example_of_every_kind_of_record(self):
        for kind, path in LISTS.items():
            for address in (f"/api/v1/{path}/", f"/api/v1/{path}/{{slug}}/"):
                operation = description()["paths"][address]["get"]
                assert operation["responses"]["200"]["content"]["application/json"]["examples"], (
                    kind
                )

    def test_gives_every_operation_a_name_of_its_own(self):
        names = [operation["operationId"] for _, _, operation in operations()]
        assert len(set(names)) == len(names)

    @pytest.mark.parametrize("path", PATHS)
    def test_holds_every_address_of_a_record(self, path):
        record = f"/api/v1/{path}/{{slug}}/"
        addresses = {f"/api/v1/{path}/", record, f"{record}revisions/"}
        assert addresses | {f"{record}revisions/{{revision}}/"} <= set(description()["paths"])

    @pytest.mark.parametrize("path", PARAMETERS)
    def test_holds_every_parameter_and_no_other(self, path):
        parameters = description()["paths"][f"/api/v1/{path}/"]["get"]["parameters"]
        assert {each["name"] for each in parameters} == PARAMETERS[path] | {"If-None-Match"}
        assert all(each.get("description") for each in parameters)

    def test_tells_how_each_operation_refuses(self):
        for path, _, operation in operations():
            responses = operation["responses"]
            found = "302" if "/latest/" in path else "200"
            conditional = {"304", "412"} if found == "200" else set()
            assert {found, "400", "404", "406", *conditional} <= set(responses), path
            assert "content" not in responses.get("304", {})
            for status in set(responses) - {"200", "206", "301", "302", "304"}:
                assert list(responses[status]["content"]) == ["application/problem+json"]
            if path.endswith("/{slug}/"):
                assert {"301", "410"} <= set(responses)

    def test_examples_are_as_their_schemas_say(self):
        shown = 0
        for path, _, operation in operations():
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    for name, example in content.get("examples", {}).items():
                        faults = list(validator(content["schema"]).iter_errors(example["value"]))
                        assert not faults, (path, name, faults[0].message)
                        shown += 1
        assert shown


@pytest.mark.usefixtures("shipped_for_class")
class TestAnswers:
    """What the shipped data answers is what the description says."""

    def check(self, path: str, answer: Any, status: str = "200"):
        faults = list(validator(schema_of(path, status)).iter_errors(answer))
        assert not faults, (list(faults[0].absolute_path), faults[0].message)

    @pytest.mark.parametrize("path", [*PATHS, "changes"])
    def test_of_a_list(self, client, path):
        self.check(f"{path}/", get(client, f"{path}/", page_size=100))
        self.check(f"{path}/", get(client, f"{path}/", page_size=1, count="true"))

    @pytest.mark.parametrize("path", PATHS)
    def test_of_a_record_and_its_past(self, client, path):
        for record in get(client, f"{path}/", page_size=100)["results"]:
            key = record.get("slug") or record["code"]
            self.check(f"{path}/{{slug}}/", get(client, f"{path}/{key}/"))
        past = get(client, f"{path}/{key}/revisions/")
        self.check(f"{path}/{{slug}}/revisions/", past)
        first = get(client, f"{path}/{key}/revisions/1/")
        self.check(f"{path}/{{slug}}/revisions/{{revision}}/", first)

    def test_of_a_release(self, client, tmp_path):
        with releases_in(tmp_path), transaction.atomic():
            make("1.0.0")
            self.check("releases/", get(client, "releases/"))
            self.check("releases/{version}/", get(client, "releases/1.0.0/"))
            transaction.set_rollback(True)

    @pytest.mark.parametrize("path", PATHS)
    def test_of_some_keys_of_records(self, client, path):
        whole = get(client, f"{path}/", page_size=100)
        keys = ",".join(sorted(whole["results"][0])[::2])
        answer = get(client, f"{path}/", page_size=100, fields=keys)
        for record, part in zip(whole["results"], answer["results"], strict=True):
            assert part == {name: record[name] for name in keys.split(",") if name in record}

    def test_of_a_refusal(self, client):
        self.check("meetings/", get(client, "meetings/", 400, colour="red"), "400")
        self.check("meetings/", get(client, "meetings/", 404, format="xml"), "404")
        self.check("meetings/{slug}/", get(client, "meetings/never/", 404), "404")
        self.check("changes/", get(client, "changes/", 400, since="x"), "400")

    def test_have_no_key_that_the_description_lacks(self, client):
        schemas = description()["components"]["schemas"]
        for kind, path in LISTS.items():
            described = set(schemas[f"Published{kind.capitalize()}"]["properties"])
            for record in get(client, f"{path}/", page_size=100)["results"]:
                assert set(record) == described


class TestPage:
    def test_asks_no_other_host_and_runs_under_the_policy(self, client):
        page = client.get(reverse("docs"))
        assert page["Content-Security-Policy"] == DOCS
        html = page.content.decode()
        addresses = re.findall(r"""(?:src|href)=["']([^"']*)""", html)
        assert len(addresses) >= 5
        assert all(re.match(r"/(?!/)", address) for address in addresses)
        assert "<style" not in html
        assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|\bon\w+=", html)

    def test_finds_its_scripts_and_styles(self, client):
        html = client.get(reverse("docs")).content.decode()
        for address in re.findall(r"""(?:src|href)=["']([^"']*)""", html):
            assert client.get(address.replace("&amp;", "&")).status_code == 200, address

    def test_starts_with_the_description_of_this_host(self, client):
        script = client.get(reverse("docs"), {"script": ""})
        assert script["Content-Type"] == "application/javascript"
        assert '"/api/v1/schema/"' in script.content.decode()
        assert "://" not in script.content.decode()
