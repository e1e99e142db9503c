"""What a service in production writes: a line of JSON for each request, and nobody's secrets."""

import json
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
import requests

from tests.servers import PASSWORD, ROOT, copied, environment_of, wait_for

SECRET = "k7Qm2vXz9RtY4wNbE8uHs3LdPf6GjCa1-5oTiVyMqWrZxBnD_0"
# As the proxy asks: for somebody at an address, who came by HTTPS, under a name of the site.
THROUGH = {
    "Host": "agreements.example.org",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.9, 198.51.100.4",
}


@pytest.fixture(scope="module")
def service(prepared, tmp_path_factory):
    """A server in production, one of whose tables is gone; its address and its log."""
    state = tmp_path_factory.mktemp("state")
    with copied(prepared, state) as named, socket.socket() as probe:
        if not named:
            named = {"DATABASE_URL": f"sqlite:///{state}/coastguard.sqlite3"}
            with closing(sqlite3.connect(state / "coastguard.sqlite3")) as database:
                database.execute("DROP TABLE agreements_facetcount")
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        log = state / "log"
        with log.open("w") as file:
            server = subprocess.Popen(
                [
                    *(sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level=info"),
                    *("--log-config", "coastguard/granian-log.json", "--port", str(port)),
                    *("--workers-kill-timeout", "30", "coastguard.wsgi:application"),
                ],
                cwd=ROOT,
                env=environment_of(
                    state,
                    COASTGUARD_ENV="production",
                    SECRET_KEY=SECRET,
                    ALLOWED_HOSTS="agreements.example.org",
                    TRUSTED_PROXIES="1",
                    **named,
                ),
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_for(port, server, [])
            yield f"http://127.0.0.1:{port}", log
        finally:
            server.terminate()
            server.wait(60)


def lines_of(log):
    # Every line, from the server's own first words on, is one object.
    return [json.loads(line) for line in log.read_bytes().decode().split("\n") if line]


def answered(log, number):
    (line,) = [
        line
        for line in lines_of(log)
        if line.get("request_id") == number and line["logger"] == "coastguard.access"
    ]
    return line


def cookie(answer, name):
    # For another host than the one that was asked, a jar would not keep it.
    return re.search(rf"{name}=([^;]+)", answer.headers["Set-Cookie"]).group(1)


def get(service, path, **headers):
    return requests.get(f"{service[0]}{path}", headers={**THROUGH, **headers}, timeout=60)


pytestmark = pytest.mark.served


def test_a_request_is_a_line_that_tells_no_more_than_its_path(service):
    number = "of-this-test-1"
    told = get(service, "/api/v1/meetings/?q=what+I+look+for", **{"X-Request-ID": number})
    assert told.status_code == 200
    line = answered(service[1], number)
    assert list(line)[:4] == ["time", "level", "logger", "message"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00", line["time"])
    assert line["ms"] > 0
    assert {name: line[name] for name in ("method", "path", "status", "client", "user")} == {
        "method": "GET",
        "path": "/api/v1/meetings/",
        "status": 200,
        "client": "198.51.100.4",
        "user": None,
    }
    assert "look" not in service[1].read_text()


def test_what_caches_keep_has_no_id_of_one_request(service):
    for path in ("/api/v1/meetings/", "/api/v1/meetings/nothing/", "/.well-known/security.txt"):
        assert "X-Request-ID" not in get(service, path).headers, path


@pytest.mark.parametrize("given", ["a b", "x" * 65, "", "a\tb", "é", 'x","level":"INFO'])
def test_what_is_no_id_is_replaced(service, given):
    told = get(service, "/admin/login/", **{"X-Request-ID": given.encode()})
    number = told.headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", number)
    assert answered(service[1], number)["path"] == "/admin/login/"


def test_a_failure_is_found_by_the_id_that_readers_are_told(service):
    told = get(service, "/api/v1/stats/?by=country")
    assert told.status_code == 500
    assert told.headers["Content-Type"] == "application/problem+json"
    assert told.headers["Cache-Control"] == "no-store"
    number = told.json()["request_id"]
    assert number == told.headers["X-Request-ID"]
    assert "facetcount" not in told.text
    (fault,) = [
        line
        for line in lines_of(service[1])
        if line.get("request_id") == number and line["level"] == "ERROR"
    ]
    assert fault["error"].splitlines()[-1].endswith("no such table: agreements_facetcount")
    assert "agreements/catalogue/" in fault["error"]
    assert answered(service[1], number)["status"] == 500


def test_a_long_answer_has_its_line_when_it_is_over(service):
    told = get(service, "/api/v1/meetings/?format=csv", **{"X-Request-ID": "of-this-test-2"})
    assert told.status_code == 200
    assert answered(service[1], "of-this-test-2")["status"] == 200


def test_who_logs_in_is_told_by_number_and_by_no_secret(service):
    # The login's page needs style sheets that are collected in production; the post does not.
    cookies = {"__Host-csrftoken": "c0ff" * 8}
    form = {
        "username": "analyst",
        "password": PASSWORD,
        "next": "/admin/",
        "csrfmiddlewaretoken": cookies["__Host-csrftoken"],
    }
    secure = {**THROUGH, "Referer": "https://agreements.example.org/admin/login/"}
    posted = requests.post(
        f"{service[0]}/admin/login/",
        form,
        headers=secure,
        cookies=cookies,
        allow_redirects=False,
        timeout=60,
    )
    assert posted.status_code == 302, posted.text
    number = posted.headers["X-Request-ID"]
    assert answered(service[1], number)["user"] is not None
    wrong = {**form, "password": "a wrong password of somebody"}
    requests.post(f"{service[0]}/admin/login/", wrong, headers=secure, cookies=cookies, timeout=60)
    key = cookie(posted, "sessionid")
    get(service, f"/admin/agreements/importmapping/{'k3' * 16}/columns/", Cookie=f"sessionid={key}")
    written = service[1].read_text()
    secrets = [PASSWORD, "wrong password", key, "k3" * 16, *cookies.values(), SECRET, "sessionid"]
    assert [secret for secret in secrets if secret in written] == []
    assert "csrfmiddlewaretoken" not in written


def test_nobody_writes_a_line_of_their_own(service):
    port = int(service[0].rpartition(":")[2])
    path = "/x%0d%0a%7b%22level%22%3a%22forged%22%7d%e2%80%a8forged%c2%85forged"
    with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
        head = "".join(f"{name}: {value}\r\n" for name, value in THROUGH.items())
        raw.sendall(f"GET {path} HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode())
        while raw.recv(65536):
            pass
    lines = [line for line in lines_of(service[1]) if "forged" in line.get("path", "")]
    assert len({line["request_id"] for line in lines}) == 1
    assert "forged" not in {line["level"] for line in lines}
    assert all("\r\n" in line["path"] for line in lines)
    assert len(service[1].read_text().splitlines()) == len(lines_of(service[1]))


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probes_are_not_written_down(service, path):
    assert requests.get(f"{service[0]}{path}", timeout=60).status_code == 200
    assert path not in {line.get("path") for line in lines_of(service[1])}
