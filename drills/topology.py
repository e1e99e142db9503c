"""The whole service: databases, PgBouncer, the program with and without replicas, the cache."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from drills.postgres import READER, WEB, Cluster, Server
from drills.processes import Ports
from drills.report import Report
from drills.services import cached, environment, manage, pooled, served

# Seconds that a replica may be behind here, and while the primary is away. Less than deployed, so
# that the drill takes less time.
BOUND = 3
BOUND_ALONE = 12
# How long what is known may be late: two looks at the databases, and a busy machine.
SLACK = 3
READS = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
WHERE query LIKE '%agreements_publication%' AND query NOT LIKE '%pg_stat%'
-- The watch asks each replica once a second which row is its newest.
AND query NOT LIKE '%max(sequence)%'
"""
WRITES = """
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
        # What changes the schema, and what loads, is the owner's; both, and all that reads for
        # long, goes to the primary itself.
        owner = environment(state, [cluster.primary.url], WEB_ROLE=WEB, READER_ROLE=READER)
        for command in (["migrate", "-v0"], ["load_fixtures", "-v0"]):
            manage(owner, *command)
        alone = environment(state, [cluster.primary.url_as(WEB)])
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


def counted(servers: Sequence[Server], query: str = READS) -> list[int]:
    """Return how many statements of a kind each server has run."""
    return [int(server.ask(query)) for server in servers]


def since(before: list[int], servers: Sequence[Server]) -> list[int]:
    """Return how many reads of the ledger each server has run since it was counted."""
    return [now - then for now, then in zip(counted(servers), before, strict=True)]
