"""A database that cannot be reached: readers and the desk are told when to try again."""

import socket
import subprocess
import sys

import pytest
import requests

from tests.servers import ROOT, environment_of, running

pytestmark = pytest.mark.served


@pytest.fixture(scope="module")
def nowhere():
    """The address of a database where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"postgres://nobody@127.0.0.1:{taken.getsockname()[1]}/nothing"


@pytest.fixture(scope="module", params=["alone", "with replicas"])
def service(request, nowhere, tmp_path_factory):
    replicas = f"{nowhere}, {nowhere}" if request.param == "with replicas" else ""
    state = tmp_path_factory.mktemp("state")
    with running(state, DATABASE_URL=nowhere, REPLICA_URLS=replicas) as address:
        yield address


KNOWN = {"Cookie": f"sessionid={'a' * 32}"}


@pytest.mark.parametrize(
    "path", ["/api/v1/meetings/", "/api/v1/meetings/?format=csv", "/en/", "/sitemap.xml", "/admin/"]
)
def test_readers_are_told_when_to_try_again(service, path):
    answer = requests.get(f"{service}{path}", headers=KNOWN, timeout=60)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Replica-Lag" not in answer.headers
    if path.startswith("/api/"):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.json()["title"] == "Service Unavailable"
    else:
        assert "The database cannot be reached just now" in answer.text


def test_whoever_logs_in_is_told_too(service):
    session = requests.Session()
    page = session.get(f"{service}/admin/login/", timeout=60)
    assert page.status_code == 200
    form = {
        "username": "analyst",
        "password": "tide",
        "csrfmiddlewaretoken": session.cookies["csrftoken"],
    }
    answer = session.post(f"{service}/admin/login/", form, timeout=60)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_what_needs_no_database_is_answered(service):
    assert requests.get(f"{service}/api/v1/", timeout=60).status_code == 200


def healthy(address):
    command = [sys.executable, "-m", "coastguard.health", address]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_a_server_without_its_database_is_healthy_and_none_is_not(service, nowhere):
    # A server takes connections before it has loaded the program.
    assert requests.get(f"{service}/api/v1/", timeout=60).status_code == 200
    assert healthy(service)
    assert not healthy(f"http://{nowhere.partition('@')[2].partition('/')[0]}")


def test_it_says_that_it_is_not_ready(service):
    ready = requests.get(f"{service}/readyz", timeout=60)
    assert (ready.status_code, ready.headers["Retry-After"]) == (503, "5")
    assert ready.json() == {"status": "database unreachable"}
    assert requests.get(f"{service}/livez", timeout=60).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"REPLICA_URLS": "postgres://a@b/c"}, "REPLICA_URLS"),
        ({"DATABASE_URL": "postgres://a@b/c", "REPLICA_URLS": "sqlite:///x"}, "REPLICA_URLS"),
        ({"REPLICA_MAX_LAG": "0"}, "REPLICA_MAX_LAG"),
        ({"REPLICA_MAX_LAG": "soon"}, "REPLICA_MAX_LAG"),
        ({"REPLICA_MAX_LAG_ALONE": "-1"}, "REPLICA_MAX_LAG_ALONE"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(tmp_path, given, named):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment_of(tmp_path, **given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"ImproperlyConfigured: {named}" in done.stderr
