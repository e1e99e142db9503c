"""Each module imports only from the layers above its own, and every module has a layer."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.anywhere

ROOT = Path(__file__).resolve().parent.parent

# From the top: a line imports from lines above it, never from below or, without `within`, beside.
LAYERS: list[tuple[str, ...]] = [
    ("agreements.exceptions", "agreements.edtf", "agreements.text", "agreements.countries"),
    ("agreements.joined",),
    ("agreements.memory",),
    ("agreements.outages",),
    ("agreements.places",),
    ("agreements.time_limits",),
    ("agreements.planned",),
    ("agreements.databases", "agreements.entrusted"),
    ("agreements.waiting", "agreements.indexes"),
    ("agreements.program",),
    ("agreements.form_renderer",),
    ("agreements.handbook",),
    ("agreements.nearest_date",),
    ("agreements.dates",),
    ("agreements.date_words",),
    ("agreements.date_forms",),
    ("agreements.date_fields", "agreements.checks"),
    ("agreements.fixture_files",),
    ("agreements.models",),
    ("agreements.bulk",),
    ("agreements.summary",),
    ("agreements.records", "agreements.presence", "agreements.roles", "agreements.versions"),
    ("agreements.access",),
    ("agreements.snapshots", "agreements.differences"),
    ("agreements.history",),
    ("agreements.edited",),
    ("agreements.naming",),
    ("agreements.suggestions",),
    ("agreements.triggers", "agreements.desk_words"),
    ("agreements.database_roles",),
    ("agreements.representations",),
    ("agreements.ledger", "agreements.totals"),
    ("agreements.heads",),
    ("agreements.conditional",),
    ("agreements.kept",),
    ("agreements.proposal",),
    ("agreements.quality",),
    ("agreements.likeness",),
    ("agreements.workflow",),
    ("agreements.merging",),
    ("agreements.intake",),
    ("agreements.readings",),
    ("agreements.desk",),
    ("agreements.exchange",),
    ("agreements.queues",),
    ("agreements.catalogue",),
    ("agreements.pictures",),
    ("agreements.releases",),
    ("agreements.backups",),
    (
        *("agreements.admin", "agreements.api", "agreements.pages"),
        *("agreements.management", "agreements.templatetags"),
    ),
    ("agreements.apps",),
    ("coastguard",),
]
# Written by Django, or holding nothing.
OUTSIDE = ("agreements.migrations", "agreements.__init__")
PACKAGES = ("agreements", "coastguard")


def modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            if not name.startswith(OUTSIDE):
                found[name] = path
    return found


MODULES = modules()


def layer(name: str) -> tuple[int, str] | None:
    """The number of a module's layer, and the package or module that it belongs to there."""
    for number, names in enumerate(LAYERS):
        for each in names:
            if name == each or name.startswith(f"{each}."):
                return number, each
    return None


def imported(path: Path, name: str) -> Iterator[str]:
    """Every module of this project that a file imports, wherever in it."""
    package = (
        name.removesuffix(".__init__") if path.name == "__init__.py" else name.rpartition(".")[0]
    )
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")
            start = ".".join(above[: len(above) - node.level + 1]) if node.level else ""
            source = ".".join(filter(None, (start, node.module)))
            for alias in node.names:
                below = f"{source}.{alias.name}"
                is_module = below in MODULES or f"{below}.__init__" in MODULES
                yield below if is_module else source


def faults() -> Iterator[str]:
    for name, path in MODULES.items():
        mine = layer(name)
        if mine is None:
            yield f"{name}: has no layer"
            continue
        for other in set(imported(path, name)):
            if other.partition(".")[0] not in PACKAGES or other == "agreements":
                continue
            theirs = layer(other)
            if theirs is None:
                yield f"{name}: imports {other}, which has no layer"
            elif theirs[0] > mine[0] or (theirs[0] == mine[0] and theirs[1] != mine[1]):
                yield f"{name}: imports {other}"


def test_every_module_imports_from_above_only():
    assert sorted(faults()) == []


def test_every_layer_is_there():
    for names in LAYERS:
        for each in names:
            assert any(name == each or name.startswith(f"{each}.") for name in MODULES), each


@pytest.mark.parametrize(
    ("module", "text", "imports"),
    [
        ("agreements.text", "from agreements import workflow", "agreements.workflow"),
        ("agreements.text", "def f():\n    import agreements.ledger", "agreements.ledger"),
        ("agreements.readings.store", "from .batch import Batch", "agreements.readings.batch"),
        ("agreements.readings.store", "from .. import ledger", "agreements.ledger"),
        ("agreements.api.views", "from agreements.models import Force", "agreements.models"),
    ],
)
def test_imports_of_every_form_are_seen(tmp_path, module, text, imports):
    path = tmp_path / "module.py"
    path.write_text(text)
    assert imports in set(imported(path, module))


def test_a_module_without_a_layer_is_seen():
    assert layer("agreements.utils") is None
    assert layer("agreements.textual") is None
