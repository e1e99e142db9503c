"""A bare server of stored documents: one statement a page, no framework, nothing kept.

It is what reading the ledger costs at least: `granian --interface wsgi bench.bare:application`.
"""

import os
import sqlite3
import threading
from urllib.parse import parse_qs, urlsplit

import psycopg

PAGE = 50
STANDING = "kind = 'agreement' AND superseded_at IS NULL AND state = 'published'"
LISTED = (
    f"SELECT body FROM agreements_publication WHERE {STANDING}"  # noqa: S608
    " ORDER BY undated, date_key DESC, sequence LIMIT 50 OFFSET {}"
)
ONE = f"SELECT body FROM agreements_publication WHERE {STANDING} AND slug = {{}}"  # noqa: S608
_local = threading.local()


def _database():
    if not hasattr(_local, "database"):
        url = os.environ["DATABASE_URL"]
        if url.startswith("sqlite"):
            _local.database = sqlite3.connect(urlsplit(url).path.removeprefix("/"))
            _local.mark = "?"
        else:
            _local.database = psycopg.connect(url, autocommit=True, prepare_threshold=0)
            _local.database.execute("SET jit = off")
            _local.mark = "%s"
    return _local.database


def _rows(statement: str, value: object) -> list:
    database = _database()
    return database.execute(statement.format(_local.mark), (value,)).fetchall()


def application(environ, start_response):
    path, query = environ["PATH_INFO"], parse_qs(environ["QUERY_STRING"])
    if path == "/agreements/":
        offset = (int(query.get("page", ["1"])[0]) - 1) * PAGE
        rows = _rows(LISTED, offset)
        body = '{"results":[' + ",".join(row[0] for row in rows) + "]}"
    else:
        body = _rows(ONE, path.split("/")[2])[0][0]
    answer = body.encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))]
    start_response("200 OK", headers)
    return [answer]
