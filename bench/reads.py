"""Measure the read API on the shipped data, each query beside the others. See bench/README.md."""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Asked with the ETag of the answer, which the reader then has already.
UNCHANGED = ", unchanged"
QUERIES = {
    "root (no database)": "/api/v1/",
    "list of 20": "/api/v1/engagements/",
    "list of 100": "/api/v1/engagements/?page_size=100",
    "filtered list": "/api/v1/meetings/?country=JP&force=vietnam-coast-guard&date_from=2023",
    "search": "/api/v1/engagements/?q=canh+sat+bien",
    "as of a day": "/api/v1/engagements/?as_of=2026-11-22",
    "one record": "/api/v1/countries/VN/",
    "totals": "/api/v1/totals/",
    "statistics": "/api/v1/stats/?by=partner,year&country=VN",
    "everything as JSON lines": "/api/v1/engagements/?format=ndjson",
    "everything as CSV": "/api/v1/engagements/?format=csv",
    f"list of 20{UNCHANGED}": "/api/v1/engagements/",
}


def load(port: int, path: str, seconds: float, clients: int, held: bool) -> tuple[float, float]:
    """Return requests a second and the 99th percentile in milliseconds."""
    headers = {"If-None-Match": etag_of(port, path)} if held else {}
    expected = http.HTTPStatus.NOT_MODIFIED if held else http.HTTPStatus.OK
    times: list[float] = []
    end = time.perf_counter() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while (start := time.perf_counter()) < end:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != expected:
                sys.exit(f"{path}: {answer.status}")
            times.append(time.perf_counter() - start)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(times) / seconds, statistics.quantiles(times, n=100)[98] * 1000


def etag_of(port: int, path: str) -> str:
    """Return the ETag of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.headers["ETag"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        options.port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, "COASTGUARD_STATE": state}
        if "BENCH_DATABASE_URL" in os.environ:
            environment["DATABASE_URL"] = os.environ["BENCH_DATABASE_URL"]
        manage = [sys.executable, str(ROOT / "manage.py")]
        for command in (["migrate", "-v0"], ["load_fixtures", "-v0"]):
            subprocess.run([*manage, *command], env=environment, check=True, capture_output=True)  # noqa: S603
        server = subprocess.Popen(  # noqa: S603
            [
                sys.executable,
                "-m",
                "gunicorn",
                "coastguard.wsgi",
                "--workers",
                "2",
                "--threads",
                "4",
                "--bind",
                f"127.0.0.1:{options.port}",
                "--log-level",
                "error",
                "--no-control-socket",
            ],
            cwd=ROOT,
            env=environment,
        )
        try:
            wait_for(options.port)
            report(options)
        finally:
            server.terminate()
            server.wait()


def wait_for(port: int) -> None:
    """Return when the server answers."""
    for _ in range(100):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/api/v1/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("The server did not start.")


def report(options: argparse.Namespace) -> None:
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in QUERIES}
    for _ in range(options.rounds):
        for name, path in QUERIES.items():
            held = name.endswith(UNCHANGED)
            found[name].append(load(options.port, path, options.seconds, options.clients, held))
    yardstick = statistics.median(rate for rate, _ in next(iter(found.values())))
    print(f"{'query':<26}{'req/s':>8}{'of root':>9}{'p99 ms':>8}")
    for name, runs in found.items():
        rate = statistics.median(rate for rate, _ in runs)
        slowest = statistics.median(p99 for _, p99 in runs)
        print(f"{name:<26}{rate:>8.0f}{rate / yardstick:>9.2f}{slowest:>8.0f}")


if __name__ == "__main__":
    main()
