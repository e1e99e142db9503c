"""Public reads on replicas: paused, killed and restarted under load. See drills/README.md."""

import argparse
import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg

from drills.postgres import Cluster, Server
from drills.processes import Ports, folder_for_all, program, running, wait_until
from drills.readers import HOST, Answer, Reader, reading
from drills.report import Report
from drills.services import cached, environment, manage, pooled, served

# Seconds that a replica may be behind here, and while the primary is away. Less than deployed, so
# that the drill takes less time.
BOUND = 3
BOUND_ALONE = 12
# How long what is known may be late: two looks at the databases, and a busy machine.
SLACK = 3
# Meetings that are published first, and what their slugs begin with.
RECORDS = 1200
SLUG = "drill"
PATHS = (
    "/api/v1/agreements/?format=ndjson",
    f"/api/v1/meetings/{SLUG}-0/",
    "/api/v1/stats/?by=kind",
    "/api/v1/meetings/?q=told+time&format=ndjson",
    "/api/v1/changes/?since={since}&format=ndjson",
    f"/en/meetings/{SLUG}-0/",
)
_READS = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
WHERE query LIKE '%%agreements_publication%%' AND query NOT LIKE '%%pg_stat%%'
"""
_WRITES = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
WHERE query ~* '^(insert|update|delete|create|alter|lock)|advisory|for (no key )?update'
"""


@dataclass
class Service:
    """The whole of it: databases, and the addresses of what stands before them."""

    cluster: Cluster
    # Two replicas; the same through the cache; one replica, the second; the primary alone.
    application: str
    cache: str
    single: str
    truth: str
    settings: dict[str, str]
    lines: Path
    # When the primary was away: from and to.
    away: list[tuple[float, float]] = field(default_factory=list)

    @contextmanager
    def without_primary(self) -> Iterator[None]:
        """Note how long the primary is away, and how long it takes until that has been noticed."""
        began = time.monotonic()
        yield
        self.away.append((began, time.monotonic() + SLACK))

    @property
    def paused(self) -> Server:
        """The replica that everything happens to."""
        return self.cluster.replicas[-1]


@contextmanager
def deployed(folder: Path, databases: Ports, addresses: Ports, report: Report) -> Iterator[Service]:
    """Run the service as docker-compose.yml does, with the shipped records."""
    with ExitStack() as stack:
        cluster = Cluster(folder, [databases.take() for _ in range(3)])
        stack.callback(cluster.stop)
        cluster.start()
        report.step("A primary and two replicas that stream from it")
        urls = stack.enter_context(pooled(folder / "pool", databases.take(), cluster.servers))
        state = folder / "state"
        state.mkdir()
        bounds = {"REPLICA_MAX_LAG": str(BOUND), "REPLICA_MAX_LAG_ALONE": str(BOUND_ALONE)}
        both = environment(state, urls, **bounds)
        # Commands change the schema and read for long: they go to the primary itself.
        alone = environment(state, [cluster.primary.url])
        for command in (["migrate", "-v0"], ["load_fixtures", "-v0"]):
            manage(alone, *command)
        cluster.primary.ask("CREATE EXTENSION pg_stat_statements")
        cluster.catch_up()
        report.step("The shipped records are loaded")

        def serve(name: str, settings: dict[str, str], workers: int = 1) -> str:
            port = addresses.take()
            log = folder / f"{name}.log"
            return stack.enter_context(served(settings, port, log, workers))

        single = environment(state, [urls[0], urls[-1]], **bounds)
        application = serve("application", both, 2)
        yield Service(
            cluster,
            application,
            stack.enter_context(
                cached(folder / "cache", addresses.take(), application, BOUND_ALONE)
            ),
            serve("single", single),
            serve("truth", alone),
            alone,
            folder / "acknowledged",
        )


def counted(servers: Sequence[Server], query: str = _READS) -> list[int]:
    """Return how many statements of a kind each server has run."""
    return [int(server.ask(query)) for server in servers]


def since(before: list[int], servers: Sequence[Server]) -> list[int]:
    """Return how many reads of the ledger each server has run since it was counted."""
    return [now - then for now, then in zip(counted(servers), before, strict=True)]


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


def everything_was_right(service: Service, report: Report, answers: Sequence[Answer]) -> None:
    """Compare each answer with what the primary has for the head that it states."""
    with psycopg.connect(service.cluster.primary.url) as connection:
        rows = connection.execute(
            "SELECT sequence, sha256, published_at FROM agreements_publication ORDER BY sequence"
        ).fetchall()
    published = {sequence: at for sequence, _, at in rows}
    hashes = {sequence: sha256 for sequence, sha256, _ in rows}
    acknowledged = [line.split() for line in service.lines.read_text().splitlines()]
    lost = [line for line in acknowledged if hashes.get(int(line[1])) != line[2]]
    report.check(not lost, "every acknowledged publication is there", len(acknowledged))
    verified = manage(service.settings, "verify_ledger").strip().partition(",")[0]
    report.check("rows" in verified, "every hash of the ledger is right", verified)
    digest = "SELECT md5(string_agg(sha256, '' ORDER BY sequence)) FROM agreements_publication"
    service.cluster.catch_up()
    same = {server.ask(digest) for server in service.cluster.servers}
    report.check(len(same) == 1, "the replicas hold the same", f"{len(rows)} rows each")

    found = [each for each in answers if each.status == 200]
    stated = {(each.path, each.head, each.sha256) for each in found if each.head is not None}
    truth, wrong = Reader("truth", service.truth), []
    for path, head, sha256 in sorted(stated):
        if "as_of" not in path:
            moment = quote(published[head].astimezone(UTC).isoformat())
            expected = truth.ask(f"{path}{'&' if '?' in path else '?'}as_of={moment}")
        else:
            expected = truth.ask(path)
        if (expected.sha256, expected.head) != (sha256, head):
            wrong.append((path, head))
    truth.close()
    compared = f"{len(found)} answers, {len(stated)} different ones; wrong: {wrong[:3] or 0}"
    report.check(bool(stated) and not wrong, "every answer is what the primary has", compared)
    lag_was_true(service, report, found, acknowledged)

    restarted = [each for each in answers if each.reader == "single" and each.lag is not None]
    heads = [each.head for each in restarted if each.head is not None]
    back = sum(one > other for one, other in zip(heads, heads[1:], strict=False))
    report.check(not back, "heads of one database never go back", f"{len(heads)} in order")


def lag_was_true(
    service: Service, report: Report, found: Sequence[Answer], acknowledged: list[list[str]]
) -> None:
    """No answer lacks what was acknowledged before it was asked for, less the lag that it tells."""
    times = [(float(at), int(sequence)) for at, sequence, _ in acknowledged]
    lacking = []
    for answer in found:
        # An answer about the past is as of its moment, whenever it is asked for.
        if answer.head is None or "as_of" in answer.path:
            continue
        until = answer.began - (answer.lag or 0)
        due = max((sequence for at, sequence in times if at <= until), default=0)
        if answer.head < due:
            lacking.append((answer.reader, answer.path, answer.head, due))
    report.check(
        not lacking, "no answer is older than the lag that it tells", f"wrong: {lacking[:3] or 0}"
    )
    # Of answers that the cache kept, the bound is told, and not how far a replica was.
    read = [each for each in found if each.lag is not None and each.cache != "REVALIDATED"]
    for what, bound, lags in (
        ("with the primary", BOUND, [each.lag for each in read if not while_away(service, each)]),
        ("without it", BOUND_ALONE, [each.lag for each in read if while_away(service, each)]),
    ):
        ordered = sorted(lag for lag in lags if lag is not None)
        middle, most = ordered[len(ordered) // 2], ordered[-1]
        text = f"{len(ordered)} told, median {middle} s, most {most} s"
        report.check(most <= bound, f"{what} no lag is over {bound} s", text)


def while_away(service: Service, answer: Answer) -> bool:
    """Return whether the primary was away when an answer was asked for."""
    return any(began <= answer.began <= ended for began, ended in service.away)


def writes_went_to_the_primary(service: Service, report: Report) -> None:
    _, *replicas = counted(service.cluster.servers, _WRITES)
    refused = sum(
        len(re.findall("read-only transaction|during recovery", (each.folder / "log").read_text()))
        for each in service.cluster.replicas
    )
    report.check(
        not any(replicas) and not refused, "no write or lock was sent to a replica", replicas
    )


def measured(service: Service, databases: Sequence[str], addresses: Ports, folder: Path) -> None:
    """Print requests a second with one, two and three databases."""
    kinds = {
        "list of 50": "/api/v1/engagements/?page_size=50",
        "one record": f"/api/v1/meetings/{SLUG}-1/",
    }
    with ExitStack() as stack:
        started = {}
        for number in range(1, len(databases) + 1):
            settings = environment(folder / "state", databases[:number])
            log = folder / f"measured-{number}.log"
            started[number] = stack.enter_context(served(settings, addresses.take(), log))
        rates: dict[tuple[str, int], list[float]] = {}
        for turn in range(4):
            for kind, path in kinds.items():
                for number, address in started.items():
                    rate = wrk(f"{address}{path}")
                    # The first turn warms everything.
                    if turn:
                        rates.setdefault((kind, number), []).append(rate)
    print("\nRequests a second with 1, 2 and 3 databases (median of 3; 2 processes of 4 threads)")
    for kind in kinds:
        medians = [sorted(rates[kind, number])[1] for number in started]
        ratios = ", ".join(f"{each / medians[0]:.2f}" for each in medians)
        print(f"{kind:<12}{''.join(f'{each:>8.0f}' for each in medians)}   ratios {ratios}")


def wrk(address: str) -> float:
    """Return the requests a second of 8 clients in 3 seconds."""
    command = [program("wrk"), "-t1", "-c8", "-d3s", address]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    if "Non-2xx" in output:
        raise AssertionError(output)
    found = re.search(r"Requests/sec: +([0-9.]+)", output)
    assert found is not None, output
    return float(found.group(1))


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
            urls = [server.url for server in service.cluster.servers]
            measured(service, urls, addresses, folder)
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
