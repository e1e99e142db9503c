"""An empty database of either kind, which is gone when the drill is over."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drills.postgres import Cluster

SQLITE, POSTGRES, GIVEN = "sqlite", "postgres", "given"
KINDS = (SQLITE, POSTGRES, GIVEN)


@contextmanager
def blank(kind: str, folder: Path, port: int) -> Iterator[str]:
    """Make an empty database; yield its address. One that is given is that of DATABASE_URL."""
    if kind == GIVEN:
        yield os.environ["DATABASE_URL"]
    elif kind == SQLITE:
        yield f"sqlite:///{folder / 'drill.sqlite3'}"
    else:
        cluster = Cluster(folder, [port])
        try:
            cluster.start()
            yield cluster.primary.url
        finally:
            cluster.stop()
