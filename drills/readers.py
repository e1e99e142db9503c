"""Readers that ask without a pause, and keep what they were answered."""

import hashlib
import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

# The same for all, so that the addresses in answers are the same too.
HOST = "localhost"


@dataclass(frozen=True)
class Answer:
    """What came of one request; times are of this machine's monotonic clock.

    `status` is 0 where the connection failed or the answer broke off, and `fault` says how.
    """

    reader: str
    path: str
    began: float
    status: int
    sha256: str = ""
    head: int | None = None
    lag: float | None = None
    retry_after: str = ""
    cache: str = ""
    fault: str = ""


class Reader:
    """One reader with one connection, which is opened again after a fault."""

    def __init__(self, name: str, address: str):
        self.name = name
        self._host = urlsplit(address).netloc
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, path: str) -> Answer:
        began = time.monotonic()
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection(self._host, timeout=60)
            self._connection.request("GET", path, headers={"Host": HOST})
            response = self._connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return Answer(self.name, path, began, 0, fault=type(error).__name__)
        head, lag = response.headers["Ledger-Head"], response.headers["Replica-Lag"]
        return Answer(
            self.name,
            path,
            began,
            response.status,
            hashlib.sha256(body).hexdigest(),
            int(head) if head else None,
            float(lag) if lag else None,
            response.headers["Retry-After"] or "",
            response.headers["X-Cache"] or "",
        )

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@contextmanager
def reading(
    readers: Sequence[tuple[str, str, Callable[[], str]]], pause: float = 0.0
) -> Iterator[list[Answer]]:
    """Let readers (name, address, next path) ask until the end; yield what they are answered."""
    answers: list[Answer] = []
    stopped = threading.Event()

    def read(name: str, address: str, path: Callable[[], str]) -> None:
        reader = Reader(name, address)
        while not stopped.wait(pause):
            answers.append(reader.ask(path()))
        reader.close()

    threads = [threading.Thread(target=read, args=each) for each in readers]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
