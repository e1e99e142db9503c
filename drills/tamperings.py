"""Every way of tampering with the ledger that the drill knows, by the sort that it is of.

Of those under `HIDDEN` nothing can show without a pin.
"""

from collections.abc import Callable

from agreements.models import ColumnCount, FacetCount
from drills import altering, forgeries, hanging
from drills.altering import BODIES, COLUMNS, Tampering, body_changed, column_changed, loose, removed
from drills.forging import FAR, Forger
from drills.hanging import count_changed, count_removed, facet_changed

SHOWN: dict[str, dict[str, Tampering]] = {
    "row changed": {
        **{f"body: {name}": body_changed(how) for name, how in BODIES.items()},
        **{name: column_changed(name, value) for name, value in COLUMNS.items()},
        "state": altering.withdrawn,
        "sha256 in capitals": altering.large_hash,
        "sha256 is none": altering.no_hash,
        "superseded": altering.superseded,
        "superseded later": altering.superseded_later,
        "sequence": altering.far_sequence,
    },
    "facet": {
        "value": facet_changed(value="else"),
        "facet": facet_changed(facet="place", value="else"),
        "kind": facet_changed(kind="else"),
        "date_key": facet_changed(date_key="1999-01-01"),
        "sequence": facet_changed(sequence=FAR),
        "removed": hanging.facet_removed,
        "added": hanging.facet_added,
        "moved": hanging.facet_moved,
    },
    "count": {
        "by columns": count_changed(ColumnCount),
        "by facets": count_changed(FacetCount),
        "by columns, removed": count_removed(ColumnCount),
        "by facets, removed": count_removed(FacetCount),
        "added": hanging.count_added,
        "until another row": hanging.counted_elsewhere,
        "until two rows": hanging.counted_twice,
        "until none": hanging.not_counted,
    },
    "row removed": {
        **{which: removed(which) for which in ("first", "middle", "last")},
        "and the gap closed": altering.removed_and_closed,
    },
    "rows reordered": {
        "sequences": altering.sequences_swapped,
        "hashes": altering.hashes_swapped,
        "contents": altering.contents_swapped,
    },
    "row added": {
        "last": altering.added_last,
        "last, with no hash": altering.added_last_without_hash,
        "between": altering.added_between,
        "a copy": altering.added_twice,
    },
    "rule": {"dropped": hanging.rule_dropped, "disarmed": hanging.rule_disarmed},
}
ON_POSTGRESQL: dict[str, Tampering] = {
    "rule disabled": hanging.rule_disabled,
    "no day": loose("date_key", "infinity"),
    "a day before Christ": loose("earliest", "0044-03-15 BC"),
    "no time": loose("published_at", "-infinity"),
    "never superseded": loose("superseded_at", "infinity"),
}
ON_SQLITE: dict[str, Tampering] = {
    "sequence a word": loose("sequence", "two"),
    "sequence negative": loose("sequence", -5),
    "sequence a fraction": loose("sequence", 2.5),
    "revision a word": loose("revision", "two"),
    "revision the largest": loose("revision", 2**63 - 1),
    "body of bytes": loose("body", b"{}"),
    "body with NUL": loose("body", "{}\0"),
    "title not UTF-8": altering.not_utf8,
    "author of bytes": loose("author", b"analyst"),
    "time a word": loose("published_at", "yesterday"),
    "time with a zone": loose("published_at", "2026-01-01 00:00:00+00:00"),
    "day a word": loose("date_key", "today"),
    "day a number": loose("earliest", 20260101),
    "flag two": loose("undated", 2),
    "ordinal a fraction": loose("ordinal", 1.5),
}
HIDDEN: dict[str, Callable[[Forger], int]] = {
    "body, and all hashes since": forgeries.body_forged,
    "approver, and all hashes since": forgeries.approver_forged,
    "two rows reordered, and all hashes since": forgeries.order_forged,
    "row removed, and all hashes since": forgeries.removal_forged,
    "row added, and all hashes since": forgeries.addition_forged,
    "row added at the end, whole": forgeries.end_forged,
    "last rows cut off": forgeries.end_cut,
}
