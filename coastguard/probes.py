"""Whether this process lives (`/livez`), and whether it can do its work (`/readyz`).

Probes come from beside the process: over HTTP, to its address and not to the site's name. So they
are answered before anything looks at the host or leads to HTTPS. `/livez` asks nothing of the
database: without that a process says so itself, and starting it again would not help.
"""

import logging
from functools import cache
from http import HTTPStatus

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from agreements import triggers
from coastguard.middleware import Handler
from coastguard.replicas import watch
from coastguard.unavailable import RETRY_AFTER

LIVE, READY = "/livez", "/readyz"
PROBES = frozenset({LIVE, READY})

_log = logging.getLogger(__name__)


def answer_probes(get_response: Handler) -> Handler:
    """Answer probes, and hand on all else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info not in PROBES:
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        lack = "" if request.path_info == LIVE else lacking()
        response = JsonResponse({"status": lack or "ok"}, headers={"Cache-Control": "no-store"})
        if lack:
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
            response.headers["Retry-After"] = str(RETRY_AFTER)
        return response

    return middleware


def lacking() -> str:
    """Return what this process cannot do without and has not, in a few words; "" where it is ready.

    Without the primary it is ready as long as readers are answered from replicas.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        lack = _missing(connection)
    except Error as error:
        _log.warning("not ready: %s", type(error).__name__)
        connection.close()
        return "" if _reads_replicas() else "database unreachable"
    if lack:
        _log.warning("not ready: %s", lack)
    return lack


def _missing(connection: BaseDatabaseWrapper) -> str:
    applied = MigrationRecorder(connection).applied_migrations()
    if known_migrations() - applied.keys():
        return "migrations not applied"
    if triggers.missing(connection):
        return "triggers missing"
    return ""


def _reads_replicas() -> bool:
    return bool(settings.REPLICAS) and any(True for _ in watch().near())


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations that this program comes with."""
    return frozenset(MigrationLoader(None).disk_migrations)
