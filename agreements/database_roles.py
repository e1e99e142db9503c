"""What the service's roles may do in PostgreSQL: the least that they work with.

The *owner* migrates, loads fixtures and restores. The *web* role serves the desk and the API: it
reads everything and works on the desk's tables, but to the ledger, to the history and to the list
of releases it can add only, and it can make nothing. The *reader* role sees the ledger's tables and
nothing else, so whatever is answered with it cannot tell of a draft.

A role is given exactly this after every `migrate`: what it had else is taken away. A table that a
later version brings is the desk's, unless triggers say that its rows are only ever added. Until it
has been given it, a role has nothing of a new table. SQLite has no roles; there the triggers hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from agreements.entrusted import FUNCTIONS
from agreements.exceptions import RoleError
from agreements.models import (
    ColumnCount,
    CountedUntil,
    FacetCount,
    Publication,
    PublicationFacet,
    Release,
)
from agreements.triggers import APPEND_ONLY

# All that public answers are made from.
PUBLIC = frozenset(
    model._meta.db_table
    for model in (Publication, PublicationFacet, ColumnCount, FacetCount, CountedUntil, Release)
)
# Migrations are the owner's; whether they were applied may be asked.
_TO_READ = frozenset({"django_migrations"})
_BY_COLUMN = ("SELECT", "INSERT", "UPDATE", "REFERENCES")
_EVERY = (*_BY_COLUMN, "DELETE", "TRUNCATE", "TRIGGER")
# With any of these a role does what it likes, whatever it was granted.
_MIGHTY = ("rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls")


# What an extension brought is not the service's: it has another owner.
_HELD = """
SELECT relname, array_remove(array_agg(CASE WHEN
    CASE WHEN named = ANY (%s) THEN has_any_column_privilege(%s, pg_class.oid, named)
    ELSE has_table_privilege(%s, pg_class.oid, named) END
THEN named END), NULL)
FROM pg_class, unnest(%s::text[]) AS named
WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
AND relowner = (SELECT relowner FROM pg_class WHERE oid = 'agreements_publication'::regclass)
GROUP BY relname ORDER BY relname
"""


@dataclass(frozen=True)
class Role:
    """A role by its name there, and whether it serves the desk as well as readers."""

    name: str
    web: bool

    def rights(self, table: str) -> tuple[str, ...]:
        """Return what the role may do with a table."""
        if not self.web:
            return ("SELECT",) if table in PUBLIC else ()
        if table in _TO_READ:
            return ("SELECT",)
        if table in APPEND_ONLY:
            return ("SELECT", "INSERT")
        return ("SELECT", "INSERT", "UPDATE", "DELETE")


def named() -> list[Role]:
    """Return the roles that the environment names."""
    given = ((settings.WEB_ROLE, True), (settings.READER_ROLE, False))
    return [Role(name, web) for name, web in given if name]


def has_tables(database: BaseDatabaseWrapper) -> bool:
    """Whether a database has roles, and a ledger: a migration backwards may have left none."""
    return (
        database.vendor == "postgresql"
        and "agreements_publication" in database.introspection.table_names()
    )


def statements(database: BaseDatabaseWrapper, role: Role) -> Iterator[str]:
    """Yield the SQL that gives a role what it may do in a database, and takes all else away."""
    schema, name = _one(database, "SELECT current_schema(), current_database()")

    def written(template: str, **names: sql.Composable) -> str:
        known = {
            "role": sql.Identifier(role.name),
            "schema": sql.Identifier(schema),
            "database": sql.Identifier(name),
        }
        return sql.SQL(template).format(**known, **names).as_string(None)

    # New databases let everybody make temporary tables, those of old versions any table.
    yield written("REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM PUBLIC, {role}")
    yield written("GRANT CONNECT ON DATABASE {database} TO {role}")
    yield written("REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}")
    yield written("GRANT USAGE ON SCHEMA {schema} TO {role}")
    yield written("REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM PUBLIC, {role}")
    for table in _held(database, role.name):
        named = sql.Identifier(table)
        yield written("REVOKE ALL ON {schema}.{table} FROM PUBLIC, {role}", table=named)
        if rights := role.rights(table):
            yield written(
                f"GRANT {', '.join(rights)} ON {{schema}}.{{table}} TO {{role}}", table=named
            )
    if role.web:
        # Their next number, but not to set it.
        yield written("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")
    for function in FUNCTIONS:
        yield written(f"REVOKE ALL ON FUNCTION {function} FROM {{role}}")
        if role.web:
            yield written(f"GRANT EXECUTE ON FUNCTION {function} TO {{role}}")


def apply(database: BaseDatabaseWrapper, roles: list[Role]) -> None:
    """Give roles what they may do, all or nothing.

    Raises a RoleError where a role is not there, or may do more in spite of it.
    """
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        for role in roles:
            _require(database, role)
            for statement in statements(database, role):
                cursor.execute(statement)
        wrong = [fault for role in roles for fault in faults(database, role)]
        if wrong:
            raise RoleError("\n".join(wrong))


def faults(database: BaseDatabaseWrapper, role: Role) -> Iterator[str]:
    """Yield what a role may do beyond what it should, and what it may not that it needs.

    Raises a RoleError where the role is not there.
    """
    _require(database, role)
    mighty = ", ".join(_MIGHTY)
    row = _one(database, f"SELECT {mighty} FROM pg_roles WHERE rolname = %s", role.name)  # noqa: S608
    for attribute, has in zip(_MIGHTY, row, strict=True):
        if has:
            yield f"{role.name}: has {attribute.removeprefix('rol')}; ALTER ROLE takes it away."
    yield from _makes(database, role)
    for table, held in _held(database, role.name).items():
        rights = set(role.rights(table))
        if held - rights:
            yield f"{role.name}: may {', '.join(sorted(held - rights))} {table}."
        if rights - held:
            yield f"{role.name}: may not {', '.join(sorted(rights - held))} {table}."
    for function in FUNCTIONS:
        query = "SELECT has_function_privilege(%s, %s, 'EXECUTE')"
        if _one(database, query, role.name, function)[0] != role.web:
            yield f"{role.name}: {'may not' if role.web else 'may'} call {function}."


def _require(database: BaseDatabaseWrapper, role: Role) -> None:
    if not _one(database, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", role.name)[0]:
        raise RoleError(
            f"There is no role {role.name}: CREATE ROLE {role.name} LOGIN PASSWORD '…'."
        )


def _makes(database: BaseDatabaseWrapper, role: Role) -> Iterator[str]:
    row = _one(
        database,
        "SELECT has_schema_privilege(%s, current_schema(), 'CREATE'),"
        " has_database_privilege(%s, current_database(), 'CREATE'),"
        " has_database_privilege(%s, current_database(), 'TEMPORARY'),"
        # An owner grants itself anything.
        " EXISTS (SELECT 1 FROM pg_class WHERE relkind IN ('r', 'p')"
        " AND relnamespace = current_schema()::regnamespace"
        " AND pg_has_role(%s, relowner, 'MEMBER'))",
        *[role.name] * 4,
    )
    told = ("make tables", "make schemas", "make temporary tables", "act as the tables' owner")
    for what, may in zip(told, row, strict=True):
        if may:
            yield f"{role.name}: may {what}."


def _held(database: BaseDatabaseWrapper, role: str) -> dict[str, set[str]]:
    """Return what a role may do with each table of the service; granted for a column, it is."""
    with database.cursor() as cursor:
        cursor.execute(_HELD, [list(_BY_COLUMN), role, role, list(_EVERY)])
        return {table: set(rights) for table, rights in cursor.fetchall()}


def _one(database: BaseDatabaseWrapper, query: str, *values: str) -> tuple:
    with database.cursor() as cursor:
        cursor.execute(query, values or None)
        row: tuple = cursor.fetchone()
        return row
