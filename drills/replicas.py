"""Public reads on replicas: paused, killed and restarted under load. See drills/README.md."""

import argparse
import http.client
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from urllib.parse import quote, urlsplit

from drills.comparing import everything_was_right, writes_went_to_the_primary
from drills.measuring import measure
from drills.processes import Ports, folder_for_all, running, wait_until
from drills.readers import HOST, Answer, reading
from drills.report import Report
from drills.topology import BOUND, BOUND_ALONE, SLACK, Service, counted, deployed, since

# Meetings that are published first, and what their slugs begin with. Their table, of 2,300 bytes
# each, is longer than what the kernel takes of an answer before anybody reads it (4 MB).
RECORDS = 6000
SLUG = "drill"
PATHS = (
    "/api/v1/agreements/?format=ndjson",
    f"/api/v1/meetings/{SLUG}-0/",
    "/api/v1/stats/?by=kind",
    "/api/v1/meetings/?q=told+time&format=ndjson",
    "/api/v1/changes/?since={since}&format=ndjson",
    f"/en/meetings/{SLUG}-0/",
)


def turns(paths: Sequence[str], start: int) -> Callable[[], str]:
    """Return what gives one path after the other, beginning somewhere."""
    following = cycle([*paths[start % len(paths) :], *paths[: start % len(paths)]])
    return lambda: next(following)


def lately() -> str:
    """Return a question about a moment that has just passed."""
    moment = datetime.now(UTC) - timedelta(milliseconds=300)
    return f"/api/v1/meetings/{SLUG}-0/?as_of={quote(moment.isoformat())}"


def reads_go_to_replicas(service: Service, report: Report) -> None:
    servers = service.cluster.servers
    paths = ["/api/v1/engagements/", "/en/", "/en/map/", "/en/feeds/changes.atom", "/sitemap.xml"]
    readers = [
        (f"reader {number}", service.application, turns(paths, number)) for number in range(4)
    ]
    # The first requests of each process find out how far the replicas are.
    with reading(readers):
        time.sleep(2)
    before = counted(servers)
    with reading(readers) as answers:
        time.sleep(3)
    primary, *replicas = since(before, servers)
    statuses = Counter(answer.status for answer in answers)
    report.check(set(statuses) == {200}, "pages, feed, map and lists are answered", dict(statuses))
    report.check(primary == 0, "without a publication, the primary reads nothing", primary)
    report.check(all(replicas), "both replicas read", replicas)


def everything_happens(service: Service, report: Report) -> list[Answer]:
    """Pause, kill and restart while readers read and somebody publishes; return the answers."""
    first = int(service.cluster.primary.ask("SELECT max(sequence) FROM agreements_publication"))
    paths = [path.format(since=first) for path in PATHS]
    readers: list[tuple[str, str, Callable[[], str]]] = [
        *(("application", service.application, turns(paths, number)) for number in range(3)),
        *(("cache", service.cache, turns(paths, number)) for number in range(3)),
        ("single", service.single, turns(paths, 0)),
        ("lately", service.application, lately),
    ]
    with reading(readers, pause=0.01) as answers:
        time.sleep(3)
        paused(service, report, answers)
        all_paused(service, report, answers)
        killed(service, report, answers)
        for mode in ("fast", "immediate"):
            mark = len(answers)
            with service.without_primary():
                service.cluster.primary.restart(mode)
            time.sleep(SLACK + 1)
            told(report, f"primary restarted, -m {mode}", answers[mark:])
        gone(service, report, answers)
    return answers


def told(report: Report, what: str, answers: Sequence[Answer]) -> None:
    """Check that readers got an answer or were told when to ask again, and count both."""
    wrong = [
        answer
        for answer in answers
        if answer.status != 200 and not (answer.status == 503 and answer.retry_after)
    ]
    counts = Counter(
        f"{answer.reader} {answer.status or answer.fault}"
        for answer in answers
        if answer.status != 200
    )
    report.check(not wrong, what, f"{len(answers)} answers; other than 200: {dict(counts) or 0}")


def paused(service: Service, report: Report, answers: list[Answer]) -> None:
    """One replica receives and does not replay: its lag grows up to the bound, then it is left."""
    mark, replica = len(answers), service.paused
    replica.ask("SELECT pg_wal_replay_pause()")
    time.sleep(BOUND + SLACK)
    lags = [each.lag for each in answers[mark:] if each.reader == "single" and each.lag is not None]
    report.check(max(lags) > BOUND - 1, "its lag is told as it grows", f"up to {max(lags)} s")
    mark_left, before = len(answers), counted([replica])
    time.sleep(2)
    left = answers[mark_left:]
    report.check(
        since(before, [replica]) == [0], "beyond the bound it is not read", since(before, [replica])
    )
    report.check(
        all(each.lag is None for each in left if each.reader == "single"),
        "the primary is read instead where it was the only one",
        Counter(each.reader for each in left)["single"],
    )
    told(report, "one replica paused", answers[mark:])
    replica.ask("SELECT pg_wal_replay_resume()")
    used_again(service, report, "after it goes on, it is read again")


def used_again(service: Service, report: Report, what: str) -> None:
    service.cluster.catch_up()
    before = counted([service.paused])
    time.sleep(SLACK)
    reads = since(before, [service.paused])
    report.check(reads[0] > 0, what, reads[0])


def all_paused(service: Service, report: Report, answers: list[Answer]) -> None:
    mark = len(answers)
    for replica in service.cluster.replicas:
        replica.ask("SELECT pg_wal_replay_pause()")
    time.sleep(BOUND + SLACK)
    late = len(answers)
    time.sleep(1)
    direct = [each for each in answers[late:] if each.reader in ("application", "single")]
    report.check(
        bool(direct) and all(each.lag is None for each in direct),
        "with both paused, the primary answers",
        len(direct),
    )
    told(report, "both replicas paused", answers[mark:])
    for replica in service.cluster.replicas:
        replica.ask("SELECT pg_wal_replay_resume()")
    service.cluster.catch_up()
    time.sleep(SLACK)


def killed(service: Service, report: Report, answers: list[Answer]) -> None:
    """A replica loses power while it is read, and in the middle of a long table."""
    mark = len(answers)
    with slow_reader(service.single, "/api/v1/meetings/?format=ndjson") as response:
        begun = response.read(100_000)
        service.paused.kill()
        try:
            whole = begun + response.read()
        except http.client.HTTPException as error:
            ended = type(error).__name__
        else:
            ended = f"ended after {len(whole)} bytes as if it were whole"
    report.check(ended == "IncompleteRead", "a table that is being sent breaks off", ended)
    time.sleep(2)
    told(report, "a replica killed", answers[mark:])
    mark = len(answers)
    service.paused.start()
    used_again(service, report, "started again, it is read again")
    told(report, "a replica started", answers[mark:])


@contextmanager
def slow_reader(address: str, path: str) -> Iterator[http.client.HTTPResponse]:
    """Ask for something from a replica with little room for what is sent."""
    host, port = urlsplit(address).netloc.split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    connection.sock = socket.socket()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.sock.connect((host, int(port)))
    connection.request("GET", path, headers={"Host": HOST})
    response = connection.getresponse()
    assert response.headers["Replica-Lag"], "not from a replica"
    yield response
    connection.close()


def gone(service: Service, report: Report, answers: list[Answer]) -> None:
    """The primary is down for longer than the replicas answer alone."""
    mark = len(answers)
    with service.without_primary():
        service.cluster.primary.stop("immediate")
        time.sleep(BOUND_ALONE - 2)
        near = len(answers)
        desk = desk_of(service)
        time.sleep(SLACK + 1)
        far = len(answers)
        time.sleep(1)
        beyond = Counter(each.status for each in answers[far:])
        service.cluster.primary.start()
    report.check(desk == (503, True), "the desk says when to try again", desk)
    alone = Counter(each.status for each in answers[mark:near] if each.reader != "lately")
    report.check(set(alone) == {200}, "the replicas answer alone", dict(alone))
    report.check(set(beyond) == {503}, "beyond the bound readers are told to wait", dict(beyond))
    told(report, "the primary down", answers[mark:])
    service.cluster.catch_up()
    time.sleep(SLACK)
    mark = len(answers)
    time.sleep(2)
    again = Counter(each.status for each in answers[mark:])
    report.check(set(again) == {200}, "when it is back, all is answered", dict(again))


def desk_of(service: Service) -> tuple[int, bool]:
    """Return what somebody who is logged in is answered at the desk, and whether to try again."""
    connection = http.client.HTTPConnection(urlsplit(service.application).netloc)
    connection.request("GET", "/admin/", headers={"Host": HOST, "Cookie": f"sessionid={'a' * 32}"})
    response = connection.getresponse()
    connection.close()
    return response.status, bool(response.headers["Retry-After"])


def drill(report: Report, folder: Path, options: argparse.Namespace) -> None:
    databases, addresses = Ports(options.databases), Ports(options.addresses)
    with deployed(folder, databases, addresses, report) as service:
        reads_go_to_replicas(service, report)
        report.step(f"{RECORDS} records more are published")
        given = [SLUG, str(RECORDS), str(service.lines)]
        command = [sys.executable, "-m", "drills.publishing", *given]
        settings = service.settings | {"DJANGO_SETTINGS_MODULE": "coastguard.settings"}
        with running(command, folder / "publishing.log", settings):
            wait_until(service.lines.exists, "publications begin", 300)
            report.step("Readers read while one revision after the other is published")
            answers = everything_happens(service, report)
        report.step("Answers are compared with the primary's")
        everything_was_right(service, report, answers)
        writes_went_to_the_primary(service, report)
        if options.measure:
            report.step("Reads are measured")
            measure(service, f"/api/v1/meetings/{SLUG}-1/", addresses, folder)
    report.print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--databases", type=int, default=57600, help="first port of databases")
    parser.add_argument("--addresses", type=int, default=8600, help="first port of servers")
    parser.add_argument("--no-measure", dest="measure", action="store_false")
    options = parser.parse_args()
    # So that what was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report = Report("Public reads on replicas")
    with folder_for_all() as folder:
        drill(report, folder, options)
    sys.exit(report.failed)


if __name__ == "__main__":
    main()
