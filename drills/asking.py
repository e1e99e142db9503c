"""Clients that ask without a pause, and note of each request whether its answer came whole."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

HOST = "localhost"
WHOLE = "answered whole"
REFUSED = "refused: no connection was taken"
IDLE = "an idle connection was closed before the next request"
DROPPED = "DROPPED"


@dataclass
class Asked:
    """What came of requests: how many of each outcome, and of those that were dropped what was."""

    outcomes: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    dropped: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def add(self, outcome: str) -> None:
        self.outcomes[outcome] += 1

    def join(self, other: "Asked") -> None:
        """Add what came of others."""
        self.outcomes += other.outcomes
        self.statuses += other.statuses
        self.dropped += other.dropped
        self.slowest = max(self.slowest, other.slowest)


class Client:
    """Asks one address, with a connection for each request or with one for all."""

    def __init__(self, port: int, asked: Asked, keep_alive: bool, timeout: float = 60):
        self.port, self.asked, self.keep_alive, self.timeout = port, asked, keep_alive, timeout
        self._connection: http.client.HTTPConnection | None = None
        self._used = 0

    def ask(
        self, path: str, pause: float = 0.0, cookie: str = ""
    ) -> http.client.HTTPResponse | None:
        """Ask for a path and read the answer, `pause` seconds between its pieces; note it.

        Returns an answer that came whole.
        """
        began = time.monotonic()
        if self._connection is None and not self._connect():
            self.asked.add(REFUSED)
            return None
        assert self._connection is not None
        begun = False
        try:
            headers = {"Host": HOST, "Accept-Language": "en", "Cookie": cookie}
            self._connection.request("GET", path, headers=headers)
            response = self._connection.getresponse()
            begun = True
            while response.read(4096):
                time.sleep(pause)
        except (OSError, http.client.HTTPException) as error:
            # A client that finds its idle connection closed asks again on another one.
            idle = self._used and not begun and isinstance(error, _CLOSED)
            self.asked.add(IDLE if idle else DROPPED)
            if not idle:
                after = time.monotonic() - began
                told = f"{path} after {after:.2f} s, {self._used} before: {error!r}"
                self.asked.dropped.append(told)
            self.close()
            return None
        self._used += 1
        self.asked.add(WHOLE)
        self.asked.statuses[response.status] += 1
        self.asked.slowest = max(self.asked.slowest, time.monotonic() - began)
        if not self.keep_alive or response.will_close:
            self.close()
        return response

    def _connect(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            connection.connect()
        except OSError:
            return False
        self._connection, self._used = connection, 0
        return True

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


# What a connection that the other side has closed gives to who writes to it or waits on it.
_CLOSED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


@contextmanager
def asking(*loops: Callable[[threading.Event], None]) -> Iterator[threading.Event]:
    """Run loops, each in a thread, until the block or the event that it is given says enough."""
    over = threading.Event()
    threads = [threading.Thread(target=loop, args=[over]) for loop in loops]
    for thread in threads:
        thread.start()
    try:
        yield over
    finally:
        over.set()
        for thread in threads:
            thread.join()
