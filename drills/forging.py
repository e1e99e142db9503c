"""Somebody with the database's own password: what they can do to the ledger by SQL alone."""

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from agreements import ledger, summary, triggers
from agreements.models import Meeting, Publication, PublicationFacet

ROWS, FACETS = Publication._meta.db_table, PublicationFacet._meta.db_table
# Beyond every sequence, and still a number of its column.
FAR = 10**9
REVISED = 12


def add_revisions() -> None:
    """Give the shipped ledger a past: revisions of some meetings, and the end of others."""
    records = list(Meeting.objects.order_by("slug")[:REVISED])
    for turn in (1, 2):
        for record in records:
            record.title = f"{record.title} ({turn})"
            record.edited_by, record.approved_by = "analyst", "reviewer"
        ledger.append_records(records)
    for record in records[:3]:
        ledger.append_tombstone("meeting", record.slug, "analyst", "reviewer", "A mistake.")


class Forger:
    """Changes rows with no rule in the way, as a superuser does; all of it is undone."""

    def __init__(self, chance: random.Random):
        self.chance = chance
        self.postgresql = connection.vendor == "postgresql"

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Take the rules away; what is done within is undone at the end."""
        with transaction.atomic():
            if self.postgresql:
                # Else a rule that waits for the transaction's end keeps the table as it is.
                self.do("SET CONSTRAINTS ALL IMMEDIATE")
                self.do("SET LOCAL session_replication_role = replica")
            else:
                self.do("PRAGMA defer_foreign_keys = ON")
                self.do("PRAGMA ignore_check_constraints = ON")
                for rule in triggers.rules(postgresql=False):
                    if rule.table in (ROWS, FACETS):
                        self.do(f"DROP TRIGGER {rule.name}")
            try:
                yield
            finally:
                transaction.set_rollback(True)
        if not self.postgresql:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")

    def rules_again(self) -> None:
        """Put the triggers back, as somebody does who does not want to be noticed."""
        if not self.postgresql:
            triggers.install(connection)

    def do(self, statement: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)

    def found(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall()

    def row(self, **wanted: Any) -> Publication:
        """Return any row of the ledger that is so."""
        rows = list(Publication.objects.filter(**wanted).order_by("sequence"))
        return self.chance.choice(rows)

    def last(self) -> Publication:
        return Publication.objects.latest("sequence")

    def set(self, row: Publication, **values: Any) -> None:
        """Change columns of a row."""
        told = ", ".join(f"{name} = %s" for name in values)
        self.do(f"UPDATE {ROWS} SET {told} WHERE id = %s", *values.values(), row.pk)  # noqa: S608

    def set_facet(self, pk: int, **values: Any) -> None:
        told = ", ".join(f"{name} = %s" for name in values)
        self.do(f"UPDATE {FACETS} SET {told} WHERE id = %s", *values.values(), pk)  # noqa: S608

    def facet(self, row: Publication) -> int:
        """Return the key of any facet of a row."""
        keys = row.facets.order_by("pk").values_list("pk", flat=True)
        return self.chance.choice(list(keys))

    def remove(self, row: Publication) -> None:
        self.do(f"DELETE FROM {FACETS} WHERE publication_id = %s", row.pk)  # noqa: S608
        self.do(f"DELETE FROM {ROWS} WHERE id = %s", row.pk)  # noqa: S608

    def renumber(self, first: int, by: int) -> None:
        """Move the sequences of all rows from one on, and those of their facets."""
        for table in (ROWS, FACETS):
            moved = f"UPDATE {table} SET sequence = sequence + %s WHERE sequence >= %s"  # noqa: S608
            self.do(moved, FAR, first)
            self.do(moved, by - FAR, FAR)

    def add(self, like: Publication, sequence: int, **values: Any) -> Publication:
        """Write another row with a hash that is right where it stands, and its facets."""
        new = Publication.objects.get(pk=like.pk)
        new.pk, new.sequence, new.superseded_at = None, sequence, None
        for name, value in values.items():
            setattr(new, name, value)
        before = Publication.objects.filter(sequence__lt=sequence).order_by("-sequence").first()
        new.sha256 = ledger.digest(before.sha256 if before else ledger.GENESIS, new)
        new.save(force_insert=True)
        self.copies(new)
        return new

    def copies(self, row: Publication) -> None:
        """Make a row's filter columns and facets those of its body."""
        for name, value in ledger.columns(json.loads(row.body)).items():
            setattr(row, name, value)
        row.save()
        self.do(f"DELETE FROM {FACETS} WHERE publication_id = %s", row.pk)  # noqa: S608
        PublicationFacet.objects.bulk_create(
            PublicationFacet(publication=row, facet=name, value=value, **ledger.shared(row))
            for name, value in sorted(ledger.facets(json.loads(row.body)))
        )

    def chain_anew(self, first: int) -> None:
        """Compute the hash of every row from one on, so that the chain holds again."""
        rows = list(Publication.objects.filter(sequence__gte=first).order_by("sequence"))
        before = Publication.objects.filter(sequence__lt=first).order_by("-sequence").first()
        previous = before.sha256 if before else ledger.GENESIS
        for row in rows:
            previous = ledger.digest(previous, row)
            self.set(row, sha256=previous)
        summary.renew()
        self.rules_again()

    def counts(self, model: Any) -> Sequence[int]:
        return list(model.objects.order_by("pk").values_list("pk", flat=True))
