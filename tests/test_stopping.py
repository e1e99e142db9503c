"""A server that is told to stop stops, whatever its workers are at."""

import os
import shlex
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from drills.asking import WHOLE
from drills.desks import Desk
from drills.stopping import stop_under_load
from tests.servers import ROOT, copied, environment_of

pytestmark = pytest.mark.served

BOUND = "--workers-kill-timeout"


def command_of_make(port):
    """Return how `make serve` starts the server, with a bound that a test can wait for."""
    told = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "serve", f"PORT={port}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.replace("\\\n", " ")
    (line,) = [line for line in told.splitlines() if " -m granian " in line]
    words = shlex.split(line.removeprefix("exec "))
    words[words.index(BOUND) + 1] = "2"
    return words


def workers_of(server):
    return Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs to see its processes")
def test_though_it_is_told_while_its_workers_start(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        command_of_make(port),
        cwd=ROOT,
        env=environment_of(tmp_path),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while len(workers_of(server)) < 2:
            time.sleep(0.01)
            assert server.poll() is None
        # They hear nothing yet: they are reading the program.
        server.terminate()
        server.wait(60)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def test_docker_waits_for_it_longer_than_it_waits_for_its_workers():
    composed = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    web = composed["services"]["web"]
    (bound,) = [word for word in web["command"] if word.startswith(BOUND)]
    grace = int(web["stop_grace_period"].removesuffix("s"))
    assert grace > int(bound.partition("=")[2])


@pytest.mark.parametrize("name", ["Dockerfile", "docker-compose.yml"])
def test_in_containers_too(name):
    assert BOUND in (ROOT / name).read_text(encoding="utf-8")


def test_what_it_was_asked_is_answered_in_full(prepared, tmp_path):
    """Also what waits for a lock, what is read slowly, what comes on a connection that stays."""
    with copied(prepared, tmp_path / "state") as named:
        url = f"sqlite:///{tmp_path}/state/coastguard.sqlite3"
        desk = Desk("asked", tmp_path / "state", url, environment_of(tmp_path / "state", **named))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        asked, _ = stop_under_load(desk, port, "a test", tmp_path / "log", name="writer")

    assert asked.dropped == []
    assert set(asked.statuses) == {200}
    assert asked.outcomes[WHOLE] > 20
