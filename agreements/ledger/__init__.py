"""The append-only ledger: publishing, withdrawing, reading as of a day, verifying.

Each row's SHA-256 covers the previous row's, so that a row changed, removed or put in between
shows. Rows are only ever written here.
"""

from agreements.ledger.appending import wait_for_publications
from agreements.ledger.finding import find_again
from agreements.ledger.names import named_as_before, naming, reason_of_renaming
from agreements.ledger.ordering import KIND_ORDER, depths_of, in_order
from agreements.ledger.pins import Pin, pins_in
from agreements.ledger.published import PublishedIndex
from agreements.ledger.publishing import (
    Publishing,
    append_records,
    append_tombstone,
    ever_published,
    parts,
    standing,
    titles_of,
)
from agreements.ledger.rows import (
    GENESIS,
    NEAR,
    columns,
    digest,
    encode,
    facets,
    instant,
    instant_written,
    key_written,
    pair_of,
    public_json,
    publications,
    shared,
)
from agreements.ledger.verifying import Verification, verify

__all__ = [
    "GENESIS",
    "KIND_ORDER",
    "NEAR",
    "Pin",
    "Publishing",
    "PublishedIndex",
    "Verification",
    "append_records",
    "append_tombstone",
    "columns",
    "depths_of",
    "digest",
    "encode",
    "ever_published",
    "facets",
    "find_again",
    "in_order",
    "instant",
    "instant_written",
    "key_written",
    "named_as_before",
    "naming",
    "pair_of",
    "parts",
    "pins_in",
    "public_json",
    "publications",
    "reason_of_renaming",
    "shared",
    "standing",
    "titles_of",
    "verify",
    "wait_for_publications",
]
