"""The tables of a release: one for each kind of record, and one for each of their lists."""

from dataclasses import replace

from rest_framework import serializers

from agreements.catalogue import shapes
from agreements.catalogue.listings import BY_KIND
from agreements.releases import vocabularies as words
from agreements.releases.columns import (
    DATETIME,
    INTEGER,
    STRING,
    Column,
    Reference,
    Table,
    shape_columns,
)
from agreements.releases.vocabularies import Vocabulary
from agreements.representations.engagements import (
    DelegateSerializer,
    EngagementSerializer,
    LinkSerializer,
    ParticipantSerializer,
)
from agreements.representations.fields import CitationSerializer

ENGAGEMENTS = ("agreement", "meeting", "exercise")
_LISTS = frozenset(
    {
        *("names", "labels", "records", "countries", "participants", "delegates"),
        *("topics", "links", "citations", "vessels"),
    }
)
# Of a table, the vocabularies of its columns.
_WORDS: dict[str, dict[str, Vocabulary]] = {
    "forces": {"kind": words.FORCE_KIND},
    "engagements": {"kind": words.ENGAGEMENT_KIND, "status": words.STATUS},
    "agreements": {
        "kind": words.ENGAGEMENT_KIND,
        "status": words.AGREEMENT_STATUS,
        "instrument": words.INSTRUMENT,
        "ambit": words.AMBIT,
    },
    "meetings": {
        "kind": words.ENGAGEMENT_KIND,
        "status": words.ACTIVITY_STATUS,
        "level": words.LEVEL,
        "modality": words.MODALITY,
    },
    "exercises": {
        "kind": words.ENGAGEMENT_KIND,
        "status": words.ACTIVITY_STATUS,
        "activity": words.ACTIVITY,
    },
    "totals": {
        "criteria_counts": words.COUNTED,
        "criteria_instrument": words.INSTRUMENT,
        "criteria_activity": words.ACTIVITY,
    },
}
_OF_KINDS = {
    "country": "A state, by its ISO 3166 code.",
    "topic": "What cooperation is about.",
    "document": "A source: its particulars, never its text.",
    "force": "A body that acts for a state: coast guard, navy, ministry, agency, centre.",
    "series": "A numbered or recurring run of engagements.",
    "agreement": "An instrument that sides agreed or negotiate.",
    "meeting": "Talks, a conference or a visit, at any level.",
    "exercise": "What was done together: patrols, drills, ship visits, courses.",
    "total": "A count that a document claims, against the published records that match it.",
}


OF_ENGAGEMENT = Reference(("kind", "slug"), "engagements", ("kind", "slug"))


def table_of(kind: str) -> str:
    """Return the name of the table of a kind of record."""
    return BY_KIND[kind].name


def key_name(kind: str) -> str:
    """Return the name of the column that names a record of a kind."""
    return "code" if kind == "country" else "slug"


def naming(kind: str, name: str = "", about: str = "", required: bool = True) -> Column:
    """Return a column that names a record of a kind."""
    name = name or kind
    return Column(name, STRING, about or f"Record of table {table_of(kind)}.", (name,), required,
                  names=kind)  # fmt: skip


def _record_table(kind: str) -> Table:
    listing = BY_KIND[kind]
    name, key = listing.name, key_name(kind)
    found = list(shape_columns(listing.shapes[0], _WORDS.get(name, {}), _LISTS))
    made = _table(name, _OF_KINDS[kind], found, (key,))
    if kind not in ENGAGEMENTS:
        return made
    return replace(made, references=(OF_ENGAGEMENT, *made.references))


def _table(name: str, about: str, columns: list[Column], key: tuple[str, ...]) -> Table:
    """Return a table whose key is required, with the references that its columns make."""
    columns = [replace(each, required=each.required or each.name in key) for each in columns]
    references = tuple(
        Reference((each.name,), table_of(each.names), (key_name(each.names),))
        for each in columns
        if each.names and table_of(each.names) != "engagements"
    )
    return Table(name, about, tuple(columns), key, references)


def _engagement_child(name: str, about: str, columns: list[Column], *key: str) -> Table:
    """Return a table of what belongs to an agreement, a meeting or an exercise."""
    whose = [
        Column("kind", STRING, "Kind of the engagement.", ("kind",), True, words.ENGAGEMENT_KIND),
        Column("slug", STRING, "The engagement.", ("slug",), True),
    ]
    made = _table(name, about, [*whose, *columns], ("kind", "slug", *key))
    return replace(made, references=(OF_ENGAGEMENT, *made.references))


def _shape(shape: type[serializers.Serializer], **vocabularies: Vocabulary) -> list[Column]:
    return list(shape_columns(shape, vocabularies, _LISTS))


POSITION = Column("position", INTEGER, "Place in the list, from 1.", ("position",), True)
LANGUAGE = Column("language", STRING, "BCP 47 language tag.", ("language",))
TEXT = Column("text", STRING, "The name, in its language and script.", ("text",))
_PARTICIPANT = Column(
    "participant", INTEGER, "Position of the participant.", ("participant",), True
)
_NUMBER = Column("number", INTEGER, "Place in the delegation, from 1.", ("number",), True)

RECORDS = _table(
    "records",
    "Every published record of every kind, and when it was published.",
    [
        Column("kind", STRING, "Kind of the record.", ("kind",), True, words.RECORD_KIND),
        Column("slug", STRING, "What names it; of a country, its code.", ("slug",), True),
        Column("title", STRING, "Its title or name.", ("title",)),
        Column("revision", INTEGER, "Counts its publications, from 1.", ("revision",), True),
        Column("published_at", DATETIME, "When this revision was published.", ("published_at",)),
        Column("sha256", STRING, "Of its row of the ledger and all before it.", ("sha256",)),
    ],
    ("kind", "slug"),
)
_COMMON = [
    *_shape(EngagementSerializer, **_WORDS["engagements"]),
    *shape_columns(shapes.Stamp, {}),
]
_PARTICIPANTS = _engagement_child(
    "participants",
    "A country, and where it is known the force that acted for it, in an engagement.",
    [POSITION, *_shape(ParticipantSerializer, role=words.PARTICIPANT_ROLE)],
    "position",
)
_DELEGATES = _engagement_child(
    "delegates",
    "A person in a participant's delegation, with rank and position as held then.",
    [
        _PARTICIPANT,
        _NUMBER,
        *_shape(DelegateSerializer, role=words.DELEGATE_ROLE),
    ],
    "participant",
    "number",
)
_DELEGATE_NAMES = _engagement_child(
    "delegate_names",
    "A delegate's name in another language or script.",
    [_PARTICIPANT, _NUMBER, POSITION, TEXT, LANGUAGE],
    "participant",
    "number",
    "position",
)
_CITATIONS = _table(
    "citations",
    "A passage that supports or disputes a value of a record.",
    [
        Column("kind", STRING, "Kind of the record.", ("kind",), True, words.RECORD_KIND),
        Column("slug", STRING, "The record.", ("slug",), True),
        POSITION,
        *_shape(
            CitationSerializer,
            field=words.CITED_FIELD,
            stance=words.STANCE,
            confidence=words.CONFIDENCE,
        ),
    ],
    ("kind", "slug", "position"),
)
_LINKS = _engagement_child(
    "links",
    "How an engagement relates to another one. What it names may have been withdrawn since: "
    "then it stands in the table retired.",
    [
        POSITION,
        *(
            replace(each, name=f"target_{each.name}", path=("target", *each.path), required=True)
            if each.name != "relation"
            else each
            for each in _shape(LinkSerializer, relation=words.RELATION)
        ),
    ],
    "position",
)

TABLES: tuple[Table, ...] = (
    RECORDS,
    _record_table("country"),
    _table(
        "country_names",
        "A name of a country.",
        [naming("country"), POSITION, TEXT, LANGUAGE],
        ("country", "position"),
    ),
    _record_table("topic"),
    _table(
        "topic_labels",
        "A label of a topic in another language.",
        [naming("topic"), POSITION, TEXT, LANGUAGE],
        ("topic", "position"),
    ),
    _record_table("document"),
    _record_table("force"),
    _table(
        "force_names",
        "A name, an acronym or an alias of a force.",
        [
            naming("force"),
            POSITION,
            TEXT,
            LANGUAGE,
            Column("kind", STRING, "What sort of name it is.", ("kind",), True, words.NAME_KIND),
        ],
        ("force", "position"),
    ),
    _record_table("series"),
    _table(
        "engagements",
        "Agreements, meetings and exercises together, with what they have in common.",
        _COMMON,
        ("kind", "slug"),
    ),
    *map(_record_table, ENGAGEMENTS),
    _table(
        "exercise_vessels",
        "A vessel that took part in an exercise.",
        [
            naming("exercise"),
            POSITION,
            Column("vessel", STRING, "As the documents name it.", ("vessel",), True),
        ],
        ("exercise", "position"),
    ),
    _PARTICIPANTS,
    replace(
        _DELEGATES,
        references=(
            Reference(
                ("kind", "slug", "participant"), "participants", ("kind", "slug", "position")
            ),
        ),
    ),
    replace(
        _DELEGATE_NAMES,
        references=(
            Reference(
                ("kind", "slug", "participant", "number"),
                "delegates",
                ("kind", "slug", "participant", "number"),
            ),
        ),
    ),
    _engagement_child("engagement_topics", "A topic of an engagement.", [naming("topic")], "topic"),
    _LINKS,
    replace(
        _CITATIONS,
        references=(
            Reference(("kind", "slug"), "records", ("kind", "slug")),
            *_CITATIONS.references,
        ),
    ),
    _record_table("total"),
    _table(
        "total_countries",
        "A country that a total is about.",
        [naming("total"), naming("country")],
        ("total", "country"),
    ),
)
