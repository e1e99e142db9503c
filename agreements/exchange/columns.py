"""Our own form of each kind of record: the columns of its table, in their order.

What each column holds is in docs/import-export.md. A file may leave columns out: they stay as they
are on the desk, and are empty in new records. `REQUIRED` are those that a new record needs.
"""

from agreements.countries import code_of

_ENGAGEMENT = (
    "slug",
    "title",
    "summary",
    "status",
    "date",
    "location_name",
    "location_country",
    "series",
    "ordinal",
    "topics",
    "participants",
    "delegates",
    "links",
)
COLUMNS: dict[str, tuple[str, ...]] = {
    "country": ("code",),
    "topic": ("slug", "name", "labels"),
    "person": ("slug", "name", "names"),
    "force": (
        "slug",
        "name",
        "kind",
        "country",
        "established",
        "parent",
        "predecessor",
        "names",
        "citations",
    ),
    "series": ("slug", "title", "summary", "citations"),
    "document": (
        "slug",
        "title",
        "publisher",
        "author",
        "language",
        "published",
        "url",
        "sha256",
        "origin",
        "note",
    ),
    "agreement": (
        *_ENGAGEMENT,
        "instrument",
        "title_as_given",
        "binding",
        "ambit",
        "entered_into_force",
        "terminated",
        "identified",
        "citations",
    ),
    "meeting": (*_ENGAGEMENT, "level", "modality", "outcomes", "citations"),
    "exercise": (*_ENGAGEMENT, "activity", "count_stated", "vessels", "area", "citations"),
    "total": (
        "slug",
        "title",
        "what",
        "count",
        "approximate",
        "as_of",
        "force",
        "countries",
        "counts",
        "instrument",
        "activity",
        "period",
        "document",
        "locator",
        "quote",
        "note",
    ),
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "country": ("code",),
    "topic": ("slug", "name"),
    "person": ("slug", "name"),
    "force": ("slug", "name", "kind", "country"),
    "series": ("slug", "title"),
    "document": ("slug", "title", "language"),
    "agreement": ("slug", "title", "status"),
    "meeting": ("slug", "title", "status"),
    "exercise": ("slug", "title", "status", "activity"),
    "total": ("slug", "title", "what", "count", "counts", "document", "locator"),
}
# What the desk keeps of a record and no file sets: an import never publishes.
OF_THE_DESK = frozenset(
    ("kind_of_record", "review_state", "version", "edited_by", "approved_by", "loaded_version")
)


def key_column(kind: str) -> str:
    """Return the column by which a record of a kind is known: a slug, or a country's code."""
    return COLUMNS[kind][0]


def key_in(kind: str, cell: str) -> str:
    """Return the key that a cell of the key's column holds."""
    key = cell.strip()
    return (code_of(key) or key) if kind == "country" else key
