"""Migrations after the first release stop nobody on PostgreSQL, or say why they do.

Their SQL is read by squawk, a linter of migrations. A migration explains each rule that it breaks
in HOLDS, in its module: `HOLDS = {"ban-drop-column": "No version since … reads it."}`.
"""

from importlib import import_module

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from agreements.indexes import AddIndexConcurrently, RemoveIndexConcurrently
from drills.stepping import RELEASED
from tests.migration_sql import RUNS_PYTHON, faults, rules_broken, sql_of

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer, whatever a migration does"
)


@pytest.fixture
def loader(django_db_setup, django_db_blocker):
    """The migrations, beside a database that is in no transaction."""
    with django_db_blocker.unblock():
        yield MigrationLoader(connection)


def broken_by(loader, operations, atomic=True):
    """Return the rules that operations would break after the newest migration."""
    migration = migrations.Migration("0099_next", "agreements")
    migration.operations, migration.atomic = operations, atomic
    before = loader.project_state()
    return rules_broken(sql_of(migration, before), atomic)


def field(name, value, **options):
    return migrations.AddField("person", name, value, **options)


BY_DATE = models.Index(fields=["noted_at"], name="search_by_day")
UNSAFE = {
    "an index": ([migrations.AddIndex("fruitlesssearch", BY_DATE)],
        "require-concurrent-index-creation"),
    "an index away": ([migrations.RemoveIndex("country", "country_review_state")],
        "require-concurrent-index-deletion"),
    "a column that older programs leave out": ([field("rank", models.IntegerField(default=0))],
        "ban-drop-default"),
    "a column away": ([migrations.RemoveField("person", "name")], "ban-drop-column"),
    "a new name": ([migrations.RenameField("person", "name", "title")], "renaming-column"),
    "a type": ([migrations.AlterField("person", "version", models.BigIntegerField(default=1))],
        "changing-column-type"),
    "a rule": ([migrations.AddConstraint("person", models.CheckConstraint(
        condition=models.Q(version__gt=0), name="person_version"))],
        "constraint-missing-not-valid"),
    "only once": ([migrations.AddConstraint("person", models.UniqueConstraint(
        fields=["edited_by"], name="person_once"))], "disallowed-unique-constraint"),
    "rows": ([migrations.RunPython(migrations.RunPython.noop)], RUNS_PYTHON),
}  # fmt: skip


class TestWhatIsFound:
    @pytest.mark.parametrize("name", UNSAFE)
    def test_what_stops_others(self, loader, name):
        operations, rule = UNSAFE[name]
        assert rule in broken_by(loader, operations)

    def test_what_stops_nobody(self, loader):
        operations = [
            migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True)),
                ("person", models.ForeignKey("agreements.Person", models.CASCADE)),
                ("text", models.CharField(max_length=9, db_index=True))]),
            field("rank", models.IntegerField(db_default=0)),
            field("born", models.DateField(null=True)),
        ]  # fmt: skip
        assert broken_by(loader, operations) == set()

    def test_indexes_beside_the_service(self, loader):
        operations = [
            AddIndexConcurrently("fruitlesssearch", BY_DATE),
            RemoveIndexConcurrently("country", "country_review_state"),
        ]
        assert broken_by(loader, operations, atomic=False) == set()

    def test_of_a_released_one(self, loader):
        migration = loader.get_migration("agreements", "0009_reads_at_a_million")
        before = loader.project_state(("agreements", migration.name), at_end=False)
        broken = rules_broken(sql_of(migration, before), migration.atomic)
        assert {"ban-drop-default", "require-concurrent-index-creation", RUNS_PYTHON} <= broken

    def test_what_is_not_explained_or_needs_no_explanation(self):
        why = "No version since the third reads it."
        assert faults({"ban-drop-column"}, {"ban-drop-column": why}) == []
        assert faults({"ban-drop-column"}, {}) == ["ban-drop-column: HOLDS does not say why"]
        assert faults(set(), {"ban-drop-column": why}) != []
        assert faults({"ban-drop-column"}, {"ban-drop-column": "I know."}) != []


def test_each_migration_stops_nobody_or_says_why(loader):
    found = {}
    for app, name in loader.graph.forwards_plan(loader.graph.leaf_nodes("agreements")[0]):
        if app != "agreements" or name in RELEASED:
            continue
        migration = loader.get_migration(app, name)
        before = loader.project_state((app, name), at_end=False)
        broken = rules_broken(sql_of(migration, before), migration.atomic)
        module = import_module(f"agreements.migrations.{name}")
        found[name] = faults(broken, getattr(module, "HOLDS", {}))
    assert not any(found.values()), found
    assert {name for app, name in loader.graph.nodes if app == "agreements"} == {*found, *RELEASED}
