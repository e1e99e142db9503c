"""Reads a second with one, two and three databases, and through the cache."""

import re
import subprocess
from contextlib import ExitStack
from pathlib import Path

from drills.processes import Ports, program
from drills.services import environment, served
from drills.topology import Service


def measure(service: Service, record: str, addresses: Ports, folder: Path) -> None:
    """Print requests a second of a list and of a record, which has a first revision."""
    databases = [server.url for server in service.cluster.servers]
    kinds = {"list of 50": "/api/v1/engagements/?page_size=50", "one record": record}
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
    print("Through the cache, of both replicas")
    for kind, path in {
        "list of 50, asked about again": kinds["list of 50"],
        "a revision, kept": f"{record}revisions/1/",
    }.items():
        address = f"{service.cache}{path}"
        print(f"{kind:<32}{sorted(wrk(address) for _ in range(3))[1]:>8.0f}")


def wrk(address: str) -> float:
    """Return the requests a second of 8 clients in 3 seconds."""
    command = [program("wrk"), "-t1", "-c8", "-d3s", address]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    if "Non-2xx" in output:
        raise AssertionError(output)
    found = re.search(r"Requests/sec: +([0-9.]+)", output)
    assert found is not None, output
    return float(found.group(1))
