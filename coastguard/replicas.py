"""Public reads from streaming replicas: how far behind each may be, and which one is asked."""

import logging
import math
import threading
import time
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import count
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from agreements import databases
from agreements.databases import Reading
from coastguard.middleware import Handler
from coastguard.unavailable import Unavailable

HEADER = "Replica-Lag"
# Seconds between two looks at a database.
EVERY = 1.0
# What the primary has on disk: all that was committed before it is asked. Replicas get no more.
_WRITTEN = "SELECT pg_current_wal_flush_lsn() - '0/0'::pg_lsn"
# What a replica shows to readers. No row where it is none, or no longer one.
_REPLAYED = "SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn WHERE pg_is_in_recovery()"
# The ledger's newest row there, asked afterwards, so that it is not older than that.
_LAST = "SELECT coalesce(max(sequence), 0) FROM agreements_publication"

_log = logging.getLogger(__name__)


class LedgerRouter:
    """The ledger is read where the request reads; all else, and every write, is the primary's."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        if model._meta.app_label == "agreements":
            return databases.alias_to_read()
        return DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


class Written(NamedTuple):
    """How far the primary had written when it was asked, which is when its log had so many bytes.

    `asked_at` is this process's own clock: those of the databases are never compared.
    """

    asked_at: float
    position: int


class Replayed(NamedTuple):
    """How far a replica had replayed when it was asked, and the ledger's newest row there then."""

    position: int
    last: int


class Near(NamedTuple):
    """A replica that is near enough, how many seconds it is behind at most, and a row it has."""

    alias: str
    lag: float
    least: int


class Watch:
    """How far behind each replica is, at most.

    The primary is asked once a second how far it has written, each replica how far it has
    replayed. A replica that has replayed what the primary had written a while ago holds all that
    was committed until then, so it is behind by at most that while. That holds while the primary
    is idle, since then nothing is missing; while replication is broken; and when the primary is
    gone, since then the while grows.

    A replica that was killed may begin again from before what it had replayed, and answer so until
    it is asked again; whoever reads there is told the least that it had, and finds out.

    A replica may be behind by `bound` seconds; while the primary is silent, by `bound_alone`.
    """

    def __init__(self, replicas: Sequence[str], bound: float, bound_alone: float):
        self._replicas = replicas
        self._bound = bound
        self._bound_alone = max(bound, bound_alone)
        # Less than the bound, so that replicas that lost their primary are not left meanwhile.
        self._silence = max(bound / 2, 2 * EVERY)
        # Old ones first. Replaced and never changed, since other threads are reading it.
        self._written: tuple[Written, ...] = ()
        self._replayed: dict[str, Replayed] = {}
        self._turn = count()
        self._starting = threading.Lock()
        self._started = False

    def near(self) -> Iterator[Near]:
        """Yield replicas that are near enough, another first each time.

        A replica that was given up meanwhile is passed over.
        """
        if not self._started:
            self._start()
        first = next(self._turn) % len(self._replicas)
        for alias in (*self._replicas[first:], *self._replicas[:first]):
            replayed = self._replayed.get(alias)
            if replayed is None:
                continue
            lag = self._lag(replayed)
            if lag <= (self._bound_alone if self._is_alone() else self._bound):
                yield Near(alias, lag, replayed.last)

    def _lag(self, replayed: Replayed) -> float:
        """Return how many seconds a replica is behind at most; infinite where nobody knows."""
        for written in reversed(self._written):
            if written.position <= replayed.position:
                return time.monotonic() - written.asked_at
        return math.inf

    def _is_alone(self) -> bool:
        return not self._written or time.monotonic() - self._written[-1].asked_at > self._silence

    def give_up(self, alias: str) -> None:
        """Do not read from a replica until it has been asked again."""
        self._replayed.pop(alias, None)

    def _start(self) -> None:
        # Not before the first request: a server makes its processes after it has loaded this.
        with self._starting:
            if self._started:
                return
            for alias in (DEFAULT_DB_ALIAS, *self._replicas):
                self._look(alias)
                threading.Thread(target=self._keep_looking, args=[alias], daemon=True).start()
            self._started = True

    def _keep_looking(self, alias: str) -> None:
        if alias != DEFAULT_DB_ALIAS:
            # Half a turn after the primary, so that what it had written then has come through.
            time.sleep(EVERY / 2)
        while True:
            time.sleep(EVERY)
            try:
                self._look(alias)
            except Exception:
                # What is not known counts as too far behind; it is asked again.
                _log.exception("%s: not asked how far it is", alias)
                self.give_up(alias)

    def _look(self, alias: str) -> None:
        asked_at = time.monotonic()
        if alias == DEFAULT_DB_ALIAS:
            position = self._ask(alias, _WRITTEN)
            if position is not None:
                self._remember(Written(asked_at, position))
            return
        position, last = self._ask(alias, _REPLAYED), self._ask(alias, _LAST)
        if position is None or last is None:
            self.give_up(alias)
        else:
            self._replayed[alias] = Replayed(position, last)

    def _ask(self, alias: str, question: str) -> int | None:
        connection = connections[alias]
        try:
            with connection.cursor() as cursor:
                cursor.execute(question)
                row = cursor.fetchone()
        except Error:
            connection.close()
            return None
        return int(row[0]) if row and row[0] is not None else None

    def _remember(self, written: Written) -> None:
        # Of several moments with the same position, the last tells most. One that is beyond the
        # new one is of a database that was put back to an earlier state.
        known = [each for each in self._written if each.position < written.position]
        oldest = written.asked_at - self._bound_alone - EVERY
        self._written = (*(each for each in known if each.asked_at >= oldest), written)


@cache
def watch() -> Watch:
    """Return the one watch over the replicas that the environment names."""
    return Watch(settings.REPLICAS, settings.REPLICA_MAX_LAG, settings.REPLICA_MAX_LAG_ALONE)


class ReadFromReplicas:
    """Answers readers from a replica that is near enough, and says how far behind it may be.

    One that fails before an answer begins is passed over for the next, and then for the primary.
    An answer that has begun breaks off where its database does.
    """

    def __init__(self, get_response: Handler):
        if not settings.REPLICAS:
            raise MiddlewareNotUsed
        self._get_response = get_response
        self._watch = watch()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_public_read(request):
            return self._get_response(request)
        for alias, lag, least in self._watch.near():
            reading = Reading(alias, least)
            with databases.reading_from(reading):
                response: HttpResponseBase = self._get_response(request)
            if isinstance(response, Unavailable) and reading.alias == alias:
                _log.warning("%s: given up, and another database is asked", alias)
                self._watch.give_up(alias)
                connections[alias].close()
                continue
            return _told(response, reading, lag) if reading.begun else response
        return self._get_response(request)


def _is_public_read(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and not request.path_info.startswith("/admin/")


def _told(response: HttpResponseBase, reading: Reading, lag: float) -> HttpResponseBase:
    """Return an answer with the lag of the replica that it was read from, if it was."""
    if response.streaming:
        response.streaming_content = _read_on(response.streaming_content, reading)  # type: ignore[attr-defined]
    if reading.alias != DEFAULT_DB_ALIAS:
        # In tenths, rounded up: never less than it may be.
        response.headers[HEADER] = f"{math.ceil(lag * 10) / 10:.1f}"
    return response


def _read_on(pieces: Iterator[bytes], reading: Reading) -> Iterator[bytes]:
    """Yield the pieces of an answer, each read where the first one was."""
    while True:
        with databases.reading_from(reading):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
