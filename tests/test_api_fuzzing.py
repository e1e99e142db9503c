"""Requests of every kind, made up from the description: no fault, and no answer it lacks.

How many requests each operation gets, and from which seed, is in FUZZ_EXAMPLES and FUZZ_SEED; see
`make fuzz`.
"""

import os
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from agreements import merging, workflow
from agreements.models import Meeting
from agreements.releases.making import make
from coastguard.wsgi import application
from tests.released import releases_in
from tests.test_api_schema import description

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES") or 15)
SEED = os.environ.get("FUZZ_SEED")
WITHDRAWN = "vcg-jcg-talks-hanoi-2023"
MERGED = "ccg-vietnamese-officials-further-discussions"
HEIR = "ccg-call-on-vietnamese-defence-ministry"
# Values that mean something in the shipped data: made-up ones would find nothing.
KNOWN = {
    "slug": {
        "countries": ["VN", "JP"],
        "forces": ["vietnam-coast-guard", "japan-coast-guard"],
        "agreements": ["vcg-jcg-memorandum-2015"],
        "meetings": [WITHDRAWN, MERGED, HEIR],
        "exercises": ["settsu-visit-da-nang"],
        "engagements": ["vcg-jcg-memorandum-2015", WITHDRAWN, MERGED, "settsu-visit-da-nang"],
        "series": ["vcg-jcg-bilateral-conference"],
        "topics": ["search-and-rescue"],
        "documents": ["vna-vcg-jcg-talks"],
        "totals": ["vcg-signed-cooperation-documents"],
    },
    "revision": [1, 2],
    "version": ["1.0.0"],
    "file": ["meetings.csv", "README.md", "meetings.ndjson", "SHA256SUMS", "meetings.parquet"],
    "Range": ["bytes=0-99", "bytes=-10", "bytes=999999999-"],
    "force": [["vietnam-coast-guard"], ["japan-coast-guard", "vietnam-coast-guard"]],
    "country": [["VN"], ["JP", "vn"]],
    "topic": ["search-and-rescue", "training"],
    "document": ["vna-vcg-jcg-talks", "vcg-international-integration"],
    "series": ["vcg-jcg-bilateral-conference"],
    "date_from": ["2015", "2023-02", "2023-02-21"],
    "date_to": ["2023", "2024-12", "2025-01-01"],
    "as_of": ["2026-11-22", "2026-11-22T12:00:00Z", "2020-01-01", "2026-11-23T00:00:00+07:00"],
    "fields": ["slug", "title,slug", "citations,sha256,revision"],
    "by": ["partner", "country,year", "force,topic", "status,kind", "level,activity"],
    "q": ["canh sat", "coast guard", "nothing of the kind"],
    "format": ["csv", "ndjson", "json"],
}

config = SchemathesisConfig(seed=int(SEED)) if SEED else SchemathesisConfig()
schema = schemathesis.openapi.from_dict(description(), config=config)
schema.app = application
requests = 0


@pytest.fixture(scope="module", autouse=True)
def told(request):
    """Say how many requests were made where somebody asked for a number of them."""
    yield
    if "FUZZ_EXAMPLES" in os.environ:
        capture = request.config.pluginmanager.get_plugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"\n{requests} requests made up from the description, seed {SEED}.")


@pytest.fixture(scope="class", autouse=True)
def released(shipped_for_class, tmp_path_factory):
    """A release, so that there are files to ask for."""
    with releases_in(tmp_path_factory.mktemp("releases")):
        make("1.0.0")
        yield


@pytest.fixture(scope="class", autouse=True)
def ended(shipped_for_class, released):
    """A meeting is withdrawn and another merged: such addresses have answers of their own."""
    workflow.withdraw(Meeting.objects.get(slug=WITHDRAWN), "reviewer", "It was retracted.")
    loser, heir = (Meeting.objects.get(slug=slug) for slug in (MERGED, HEIR))
    assert merging.merge(loser, heir, "reviewer", "They are one.").tombstone


@pytest.fixture
def kept_connection():
    """Let requests to the WSGI application leave the tests' connection open, as Client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def made_meaningful(case: Any) -> None:
    """Put known values in place of half of the made-up ones, the same for the same request."""
    tag = case.operation.path.removeprefix("/api/v1/").partition("/")[0]
    for values in (case.path_parameters, case.query, case.headers):
        for name in list(values or {}):
            choice = crc32(f"{name} {sorted(map(str, case.query))} {values[name]}".encode())
            known = KNOWN["slug"][tag] if name == "slug" else KNOWN.get(name)
            if known and choice % 2:
                values[name] = known[choice // 2 % len(known)]
    if "format" in (case.query or {}) and case.operation.path.endswith("}/"):
        case.query["format"] = "json"


@pytest.mark.usefixtures("kept_connection")
class TestGenerated:
    @schema.parametrize()
    @hypothesis_settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=not SEED,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def test_requests_are_answered_as_described(self, case):
        global requests
        if case.meta.generation.mode.is_positive:
            made_meaningful(case)
        response = case.call()
        requests += 1
        checks = [
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_headers_conformance,
            negative_data_rejection,
            unsupported_method,
            allow_header_conformance,
        ]
        # With `fields` an answer has fewer keys than its shape, as that parameter says.
        if "fields" not in (case.query or {}):
            checks.append(response_schema_conformance)
        case.validate_response(response, checks=checks)
