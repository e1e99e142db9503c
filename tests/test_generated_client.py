"""The client that openapi-python-client makes of the description, against a real server."""

import asyncio
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.public import PATHS
from tests.servers import ROOT, manage, serving
from tests.test_api_schema import description, operations

pytestmark = pytest.mark.served

PACKAGE = "maritime_client"
TOOLS = Path(sys.executable).parent
RECORDS = {
    "countries": "VN",
    "forces": "vietnam-coast-guard",
    "agreements": "vcg-jcg-memorandum-2015",
    "meetings": "vcg-jcg-talks-hanoi-2023",
    "exercises": "jcg-patrol-ship-visits-by-2023",
    "engagements": "vcg-jcg-memorandum-2015",
    "series": "vcg-jcg-bilateral-conference",
    "topics": "search-and-rescue",
    "documents": "vna-vcg-jcg-talks",
    "totals": "vcg-signed-cooperation-documents",
}
MERGED = "ccg-vietnamese-officials-further-discussions"
HEIR = "ccg-call-on-vietnamese-defence-ministry"
SCRIPT = """
from datetime import date

from maritime_client import Client
from maritime_client.api.engagements import engagements_list
from maritime_client.api.meetings import meetings_list, meetings_retrieve
from maritime_client.models import (
    ActivityStatus, Level, Ordering, Problem, PublishedMeeting, PublishedMeetingList
)


def earliest(meeting: PublishedMeeting) -> date | None:
    return meeting.date.earliest if meeting.date else None


def talks(client: Client) -> dict[str, date | None]:
    found = meetings_list.sync(
        client=client,
        country=["VN", "JP"],
        status=ActivityStatus.HELD,
        level=Level.HIGH_LEVEL,
        ordering=Ordering.DATE_FALLING,
    )
    if isinstance(found, Problem):
        raise ValueError(found.detail)
    assert isinstance(found, PublishedMeetingList)
    return {meeting.slug: earliest(meeting) for meeting in found.results}


def head_of(client: Client, slug: str) -> str | None:
    meeting = meetings_retrieve.sync(slug, client=client)
    assert isinstance(meeting, PublishedMeeting)
    for side in meeting.participants:
        for delegate in side.delegates:
            if delegate.role == "head":
                return delegate.name
    return None
"""


@pytest.fixture(scope="module")
def site(prepared, tmp_path_factory):
    """The address of a server with the shipped records, and a release of them."""
    state = tmp_path_factory.mktemp("released")
    with serving(prepared, state) as address:
        manage(state, "make_release", "1.0.0")
        yield address


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """The folder that the client was generated into, as anybody would generate it."""
    folder = tmp_path_factory.mktemp("generated")
    made = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--meta=none"),
            *("--path", str(ROOT / "docs" / "openapi.yaml"), "--fail-on-warning"),
            *("--output-path", str(folder / PACKAGE)),
        ],
        # It tidies what it wrote with ruff.
        env={**os.environ, "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "arning" not in made.stdout + made.stderr
    return folder


@pytest.fixture(scope="module")
def generated(package):
    """The client's package, imported."""
    sys.path.insert(0, str(package))
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(package))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def models(generated):
    return importlib.import_module(f"{PACKAGE}.models")


@pytest.fixture
def client(generated, site):
    with generated.Client(site, raise_on_unexpected_status=True) as client:
        yield client


def operation(name: str):
    """The module of an operation: `meetings_list` is in `api.meetings`."""
    return importlib.import_module(f"{PACKAGE}.api.{name.partition('_')[0]}.{name}")


def same(answer):
    """JSON whose instants are compared as instants: the client writes +00:00, the API Z."""
    if isinstance(answer, dict):
        return {key: same(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [same(each) for each in answer]
    if isinstance(answer, str) and re.match(r"\d{4}-\d\d-\d\dT", answer):
        return datetime.fromisoformat(answer)
    return answer


class TestModels:
    def test_have_names_that_say_what_they_are(self, models):
        path = Path(models.__file__).parent
        names = {each.name for each in pkgutil.iter_modules([str(path)])}
        assert names == {
            re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
            for name in description()["components"]["schemas"]
            # A union of three, which needs no class.
            if name != "PublishedEngagement"
        } | {"release_manifest_counts"}

    def test_hold_the_vocabularies_by_name(self, models):
        assert models.ActivityStatus.HELD == "held"
        assert models.Ordering.DATE_FALLING == "-date"
        assert models.Instrument.MEMORANDUM_OF_UNDERSTANDING == "memorandum-of-understanding"

    def test_satisfy_a_strict_type_checker(self, package, tmp_path):
        script = tmp_path / "script.py"
        script.write_text(SCRIPT)
        checked = subprocess.run(
            [
                *(sys.executable, "-m", "mypy", "--strict", "--config-file="),
                # As where the client is installed: what is checked is who uses it.
                *("--follow-imports=silent", str(script)),
            ],
            env={**os.environ, "MYPYPATH": str(package)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr

    def test_answer_the_script_that_was_checked(self, client):
        names: dict = {}
        exec(SCRIPT, names)
        assert names["talks"](client)["vcg-jcg-talks-hanoi-2023"] == date(2023, 2, 21)
        assert names["head_of"](client, "vcg-jcg-tenth-bilateral-conference") == "Vu Trung Kien"

    def test_do_what_the_documents_show(self, generated, site, capsys):
        page = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
        (shown,) = re.findall(r"```python\n(.+?)```", page, re.DOTALL)
        exec(shown.replace("http://127.0.0.1:8000", site), {})
        assert "2023-02-21 Talks of the" in capsys.readouterr().out


class TestOperations:
    @pytest.mark.parametrize(
        ("path", "name"), [(path, each["operationId"]) for path, _, each in operations()]
    )
    def test_is_read_into_types_and_written_as_it_was(self, client, site, path, name):
        values = {
            "slug": RECORDS.get(name.partition("_")[0]),
            "revision": 1,
            "version": "1.0.0",
            "file": "meetings.csv",
        }
        keys = {key: values[key] for key in re.findall(r"{(\w+)}", path)}
        read = operation(name).sync_detailed(**keys, client=client)
        assert read.status_code == (302 if "latest" in path else 200)
        answer = httpx.get(f"{site}{path.format(**keys)}")
        if name == "releases_file":
            assert read.parsed == answer.text
        else:
            assert same(read.parsed.to_dict()) == same(answer.json())
            assert not read.parsed.additional_properties

    @pytest.mark.parametrize("path", PATHS)
    def test_every_record_is_as_its_type_says(self, client, site, path):
        page = operation(f"{path}_list").sync(client=client, page_size=100, count=True)
        answer = httpx.get(f"{site}/api/v1/{path}/?page_size=100").json()
        assert len(page.results) == page.count > 0
        assert same([record.to_dict() for record in page.results]) == same(answer["results"])

    def test_are_all_of_the_api(self, generated):
        api = Path(generated.__file__).parent / "api"
        made = {
            each.stem
            for each in api.rglob("*.py")
            if each.stem != "__init__" and each.parent != api
        }
        assert made == {each["operationId"] for _, _, each in operations()}

    def test_can_be_awaited(self, client):
        name = operation("meetings_retrieve")

        async def awaited():
            async with client:
                return await name.asyncio(RECORDS["meetings"], client=client)

        assert asyncio.run(awaited()) == name.sync(RECORDS["meetings"], client=client)


class TestTypes:
    def test_dates_and_instants_are_dates_and_instants(self, client, models):
        meeting = operation("meetings_retrieve").sync(RECORDS["meetings"], client=client)
        assert isinstance(meeting, models.PublishedMeeting)
        assert meeting.date.earliest == date(2023, 2, 21)
        assert meeting.published_at == datetime(2026, 11, 22, 12, tzinfo=UTC)
        assert meeting.status is models.ActivityStatus.HELD
        assert meeting.citations[0].stance is models.Stance.SUPPORTS

    def test_the_timeline_is_of_three_types(self, client, models):
        page = operation("engagements_list").sync(client=client, page_size=100)
        types = {
            "agreement": models.PublishedAgreement,
            "meeting": models.PublishedMeeting,
            "exercise": models.PublishedExercise,
        }
        assert {record.kind for record in page.results} == set(types)
        for record in page.results:
            assert type(record) is types[record.kind]

    def test_pages_lead_on(self, client):
        read = operation("changes_list").sync
        first = read(client=client, page_size=100)
        (cursor,) = parse_qs(urlsplit(first.next_).query)["cursor"]
        second = read(client=client, page_size=100, cursor=cursor)
        sequences = [row.sequence for row in (*first.results, *second.results)]
        assert sequences == list(range(1, len(sequences) + 1))
        assert second.next_ is None

    def test_counts_have_the_keys_that_were_asked_for(self, client, generated):
        found = operation("stats_read").sync(client=client, by="partner", country=["VN"])
        japan = next(row for row in found.results if row.partner == "JP")
        assert (japan.partner_name, japan.count) == ("Japan", japan.to_dict()["count"])
        assert isinstance(japan.year, generated.types.Unset)

    def test_a_repeated_parameter_is_a_list(self, client):
        page = operation("agreements_list").sync(client=client, country=["VN", "JP"], page_size=100)
        assert page.results
        for record in page.results:
            assert {"VN", "JP"} <= {side.country.code for side in record.participants}

    def test_tables_are_read_as_they_come(self, client):
        # Whole, since the client sends no page_size of its own accord.
        table = client.get_httpx_client().get("/api/v1/changes/", params={"format": "csv"})
        rows = table.text.splitlines()
        assert len(rows) == operation("changes_list").sync(client=client, count=True).count + 1


class TestRefusals:
    def test_are_problems_that_name_the_parameter(self, client, models):
        read = operation("meetings_list").sync_detailed(client=client, date_from="2023-02-30")
        assert isinstance(read.parsed, models.Problem)
        assert (read.status_code, read.parsed.status) == (400, 400)
        assert [fault.parameter for fault in read.parsed.errors] == ["date_from"]

    @pytest.mark.parametrize(
        ("status", "slug", "headers"),
        [
            (404, "never", {}),
            (406, RECORDS["meetings"], {"Accept": "image/png"}),
            (412, RECORDS["meetings"], {"If-Match": '"another"'}),
        ],
    )
    def test_have_a_type(self, generated, models, site, status, slug, headers):
        with generated.Client(site, headers=headers) as client:
            read = operation("meetings_retrieve").sync_detailed(slug, client=client)
        assert isinstance(read.parsed, models.Problem)
        assert (read.status_code, read.parsed.status) == (status, status)

    def test_what_one_has_is_not_sent_again(self, client):
        read = operation("meetings_list").sync_detailed
        etag = read(client=client).headers["ETag"]
        again = read(client=client, if_none_match=etag)
        assert (again.status_code, again.parsed, again.content) == (304, None, b"")


@pytest.fixture(scope="module")
def ended(prepared, tmp_path_factory):
    """The address of a server where one meeting was withdrawn and one was merged."""
    state = tmp_path_factory.mktemp("ended")
    why = ("--reason=The document was retracted.", "--by=reviewer")
    with serving(prepared, state) as address:
        manage(state, "withdraw", f"meeting/{RECORDS['meetings']}", *why)
        manage(state, "withdraw", f"meeting/{MERGED}", f"--merged-into={HEIR}", *why)
        yield address


class TestEndings:
    """Records that are no longer public, on a server of their own."""

    @pytest.fixture
    def client(self, generated, ended):
        with generated.Client(ended, raise_on_unexpected_status=True) as client:
            yield client

    def test_a_withdrawn_record_tells_why(self, client, models):
        read = operation("meetings_retrieve").sync_detailed(RECORDS["meetings"], client=client)
        assert read.status_code == 410
        assert isinstance(read.parsed, models.Problem)
        assert read.parsed.reason == "The document was retracted."
        assert isinstance(read.parsed.withdrawn_at, datetime)

    def test_a_withdrawn_record_is_still_read_as_it_was(self, client):
        meeting = operation("meetings_retrieve").sync(
            RECORDS["meetings"], client=client, as_of="2026-11-22"
        )
        assert meeting.slug == RECORDS["meetings"]
        past = operation("meetings_revisions").sync(RECORDS["meetings"], client=client)
        assert [row.state for row in past.results] == ["published", "withdrawn"]

    def test_a_merged_record_leads_to_its_heir(self, generated, client, models, ended):
        read = operation("meetings_retrieve").sync_detailed
        moved = read(MERGED, client=client)
        assert moved.status_code == 301
        assert moved.parsed == models.Moved(url=moved.headers["Location"])
        with generated.Client(ended, follow_redirects=True) as following:
            assert read(MERGED, client=following).parsed.slug == HEIR
