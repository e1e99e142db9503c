"""Indexes and constraints made while everybody goes on, for migrations of large tables."""

from typing import Any

from django.contrib.postgres import operations
from django.db import migrations

_AWAY = "DROP INDEX CONCURRENTLY IF EXISTS {name}"


class AddIndexConcurrently(operations.AddIndexConcurrently):
    """AddIndex without a lock that stops writers, in a migration with `atomic = False`.

    What a try left that was broken off is removed first. On SQLite, AddIndex as it is.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            name = schema_editor.quote_name(self.index.name)
            self._ensure_not_in_transaction(schema_editor)
            schema_editor.execute(_AWAY.format(name=name))
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        else:
            plain = migrations.AddIndex(self.model_name, self.index)
            plain.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            self._ensure_not_in_transaction(schema_editor)
            schema_editor.execute(_AWAY.format(name=schema_editor.quote_name(self.index.name)))
        else:
            plain = migrations.AddIndex(self.model_name, self.index)
            plain.database_backwards(app_label, schema_editor, from_state, to_state)


class RemoveIndexConcurrently(operations.RemoveIndexConcurrently):
    """RemoveIndex without a lock that stops anybody. On SQLite, RemoveIndex as it is."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            self._ensure_not_in_transaction(schema_editor)
            schema_editor.execute(_AWAY.format(name=schema_editor.quote_name(self.name)))
        else:
            plain = migrations.RemoveIndex(self.model_name, self.name)
            plain.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        else:
            plain = migrations.RemoveIndex(self.model_name, self.name)
            plain.database_backwards(app_label, schema_editor, from_state, to_state)


class AddConstraintNotValid(operations.AddConstraintNotValid):
    """AddConstraint for the rows to come. On SQLite, AddConstraint as it is."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        else:
            plain = migrations.AddConstraint(self.model_name, self.constraint)
            plain.database_forwards(app_label, schema_editor, from_state, to_state)


class ValidateConstraint(operations.ValidateConstraint):
    """Look whether a constraint holds of the rows that were there. On SQLite it was looked at."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
