"""What hangs on the ledger's rows, tampered with: facets, counts, and the rules of the database."""

from typing import Any

from django.db.models import F

from agreements import ledger, triggers
from agreements.models import ColumnCount, CountedUntil
from drills.altering import Tampering, at, two
from drills.forging import FACETS, ROWS, Forger

_COUNTS = "count of records by their "


def facet_changed(**values: Any) -> Tampering:
    def tampering(forger: Forger) -> str:
        row = forger.row(facets__isnull=False)
        forger.set_facet(forger.facet(row), **values)
        return at(row)

    return tampering


def facet_removed(forger: Forger) -> str:
    row = forger.row(facets__isnull=False)
    forger.do(f"DELETE FROM {FACETS} WHERE id = %s", forger.facet(row))  # noqa: S608
    return at(row)


def facet_added(forger: Forger) -> str:
    row = forger.row()
    row.facets.create(facet="topic", value="smuggled-in", **ledger.shared(row))
    return at(row)


def facet_moved(forger: Forger) -> str:
    row, other = two(forger)
    row.facets.create(facet="topic", value="moved", **ledger.shared(row))
    facet = row.facets.get(value="moved").pk
    forger.set_facet(facet, publication_id=other.pk)
    return at(other)


def count_changed(model: Any) -> Tampering:
    def tampering(forger: Forger) -> str:
        model.objects.filter(pk=forger.chance.choice(forger.counts(model))).update(
            number=F("number") + 1
        )
        return _COUNTS

    return tampering


def count_removed(model: Any) -> Tampering:
    def tampering(forger: Forger) -> str:
        pk = forger.chance.choice(list(model.objects.exclude(number=0).values_list("pk")))[0]
        model.objects.filter(pk=pk).delete()
        return _COUNTS

    return tampering


def count_added(forger: Forger) -> str:
    ColumnCount.objects.create(kind="meeting", status="x", year=1999, number=3)
    return _COUNTS


def counted_elsewhere(forger: Forger) -> str:
    CountedUntil.objects.update(sequence=forger.chance.randrange(1, forger.last().sequence))
    return "The counts are"


def counted_twice(forger: Forger) -> str:
    CountedUntil.objects.create(pk=2, sequence=3)
    return "The counts are"


def not_counted(forger: Forger) -> str:
    CountedUntil.objects.all().delete()
    return "The counts are"


def rule_dropped(forger: Forger) -> str:
    name, on = _a_rule(forger)
    forger.do(f"DROP TRIGGER {name}{on}")
    return f"Triggers are missing: {name}"


def rule_disarmed(forger: Forger) -> str:
    """Leave a trigger of the same name in place that refuses nothing."""
    name, _ = _a_rule(forger)
    if forger.postgresql:
        forger.do(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NEW; END $$"
        )
    else:
        forger.do(f"DROP TRIGGER {name}")
        forger.do(f"CREATE TRIGGER {name} BEFORE DELETE ON {ROWS} WHEN 0 BEGIN SELECT 1; END")
    return f"Triggers are missing: {name}"


def rule_disabled(forger: Forger) -> str:
    name, _ = _a_rule(forger)
    forger.do(f"ALTER TABLE {ROWS} DISABLE TRIGGER {name}")
    return f"Triggers are missing: {name}"


def _a_rule(forger: Forger) -> tuple[str, str]:
    rules = [rule.name for rule in triggers.rules(forger.postgresql) if rule.table == ROWS]
    forger.rules_again()
    return forger.chance.choice(rules), f" ON {ROWS}" if forger.postgresql else ""
