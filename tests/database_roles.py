"""A database on PostgreSQL whose tables belong to one role, and which others work with."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.servers import Prepared, database_there, url_of

PASSWORD = "of a role that is gone after the test".replace(" ", "-")

# Tables, sequences and functions go over to the new owner, who is nobody mighty.
HAND_OVER = """
DO $$ DECLARE found record; BEGIN
FOR found IN
    SELECT format('ALTER TABLE %I OWNER TO %I', relname, '{owner}') AS told FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    UNION ALL
    SELECT format('ALTER FUNCTION %s OWNER TO %I', oid::regprocedure, '{owner}') FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'agreements%'
LOOP EXECUTE found.told; END LOOP; END $$
"""


class Owned(NamedTuple):
    """The names of a database's roles, and its address as each."""

    owner: str
    web: str
    reader: str
    urls: dict[str, str]

    def connect(self, role: str) -> psycopg.Connection:
        return psycopg.connect(self.urls[role])


@contextmanager
def owned(prepared: Prepared) -> Iterator[Owned]:
    """Copy a prepared database for an owner of its own; yield what it is called."""
    names = {role: f"desk_{role}_{uuid4().hex[:8]}" for role in ("owner", "web", "reader")}
    with database_there(prepared.name) as database:
        administrator = url_of(database)
        with psycopg.connect(administrator, autocommit=True) as connection:
            for name in names.values():
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                        sql.Identifier(name), sql.Literal(PASSWORD)
                    )
                )
            connection.execute(f'ALTER DATABASE "{database}" OWNER TO {names["owner"]}')
            connection.execute(HAND_OVER.replace("{owner}", names["owner"]))
        urls = {role: _as(administrator, name) for role, name in names.items()}
        try:
            yield Owned(**names, urls=urls)
        finally:
            with psycopg.connect(administrator, autocommit=True) as connection:
                connection.execute(f"REASSIGN OWNED BY {names['owner']} TO CURRENT_USER")
                for name in names.values():
                    connection.execute(f"DROP OWNED BY {name}")
                    connection.execute(f"DROP ROLE {name}")


def _as(url: str, name: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{name}:{PASSWORD}@{host}"))
