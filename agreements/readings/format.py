"""The keys of a reading and the shapes of their values. docs/readings.md tells it in words."""

from agreements.countries import country_table
from agreements.models import (
    STATUSES,
    Agreement,
    Citation,
    Delegate,
    EngagementLink,
    Exercise,
    Force,
    ForceName,
    Meeting,
    Participant,
    ReportedTotal,
)
from agreements.readings.shapes import (
    Refused,
    Shape,
    choice,
    language,
    listed,
    mapping,
    moment,
    ordinal,
    partial_date,
    pattern,
    scalar,
    sha256,
    slug,
    text,
    truth,
    url,
    whole_number,
)


def _country_code(value: str) -> str:
    if value not in country_table():
        raise Refused(f"{value[:60]!r}: write an ISO 3166 alpha-2 code, such as VN.")
    return value


country = scalar(_country_code)
name = mapping({"text": text(200), "language": language}, required=("text", "language"))

CITATION = mapping(
    {
        "fields": listed(text(30)),
        "at": text(100),
        "quote": text(300),
        "stated": text(200),
        "inferred": truth,
        "confidence": choice(Citation.Confidence.values),
        "stance": choice(Citation.Stance.values),
        "note": text(2000),
    },
    required=("fields", "at"),
)

DELEGATE = mapping(
    {
        "person": slug,
        "rank": text(100),
        "position": text(200),
        "role": choice(Delegate.Role.values),
    }
)

PARTICIPANT = mapping(
    {
        "country": country,
        "force": slug,
        "role": choice(Participant.Role.values),
        "delegates": listed(DELEGATE),
    },
    required=("country", "role"),
)

_DOCUMENT_FIELDS: dict[str, Shape] = {
    "slug": slug,
    "title": text(300),
    "publisher": text(200),
    "author": text(200),
    "language": language,
    "published": partial_date,
    "url": url,
    "note": text(2000),
}
DOCUMENT = mapping(
    {**_DOCUMENT_FIELDS, "sha256": sha256, "origin": slug},
    required=("slug", "title", "language", "sha256"),
)
KNOWN_DOCUMENT = mapping(_DOCUMENT_FIELDS, required=("slug", "title", "language"))

PERSON = mapping(
    {"slug": slug, "name": text(200), "names": listed(name)}, required=("slug", "name")
)
TOPIC = mapping(
    {"slug": slug, "name": text(200), "labels": listed(name)}, required=("slug", "name")
)
FORCE = mapping(
    {
        "slug": slug,
        "name": text(200),
        "kind": choice(Force.Kind.values),
        "country": country,
        "established": partial_date,
        "parent": slug,
        "predecessor": slug,
        "names": listed(
            mapping(
                {
                    "text": text(200),
                    "language": language,
                    "kind": choice(ForceName.Kind.values),
                    "period": partial_date,
                },
                required=("text", "language"),
            )
        ),
        "citations": listed(CITATION),
    },
    required=("slug",),
)
SERIES = mapping(
    {"slug": slug, "title": text(300), "summary": text(5000), "citations": listed(CITATION)},
    required=("slug",),
)
TOTAL = mapping(
    {
        "slug": slug,
        "title": text(300),
        "what": text(300),
        "count": whole_number,
        "approximate": truth,
        "as_of": partial_date,
        "force": slug,
        "countries": listed(country),
        "counts": choice(ReportedTotal.Counts.values),
        "instrument": choice(Agreement.Instrument.values),
        "activity": choice(Exercise.Activity.values),
        "period": partial_date,
        "at": text(100),
        "quote": text(300),
        "note": text(2000),
    },
    required=("slug", "title", "what", "count", "counts", "at"),
)


def _engagement(kind: str, **fields: Shape) -> Shape:
    return mapping(
        {
            "slug": slug,
            "title": text(300),
            "summary": text(5000),
            "status": choice(STATUSES[kind].values),  # type: ignore[index]
            "date": partial_date,
            "location": mapping({"name": text(200), "country": country}),
            "series": slug,
            "ordinal": ordinal,
            "topics": listed(slug),
            "participants": listed(PARTICIPANT),
            "links": listed(
                mapping(
                    {"relation": choice(EngagementLink.Relation.values), "target": slug},
                    required=("relation", "target"),
                )
            ),
            "citations": listed(CITATION),
            **fields,
        },
        required=("slug",),
    )


READING = mapping(
    {
        "format": pattern("1", "1, the format that this program reads"),
        "document": DOCUMENT,
        "also_documents": listed(KNOWN_DOCUMENT),
        "read_by": text(150),
        "approved_by": text(150),
        "approved_at": moment,
        "verified": mapping(
            {"sha256": sha256, "quotations": whole_number, "digest": sha256},
            required=("sha256", "quotations", "digest"),
        ),
        "people": listed(PERSON),
        "topics": listed(TOPIC),
        "forces": listed(FORCE),
        "series": listed(SERIES),
        "agreements": listed(
            _engagement(
                "agreement",
                instrument=choice(Agreement.Instrument.values),
                title_as_given=text(300),
                binding=truth,
                ambit=choice(Agreement.Ambit.values),
                entered_into_force=partial_date,
                terminated=partial_date,
                identified=truth,
            )
        ),
        "meetings": listed(
            _engagement(
                "meeting",
                level=choice(Meeting.Level.values),
                modality=choice(Meeting.Modality.values),
                outcomes=text(5000),
            )
        ),
        "exercises": listed(
            _engagement(
                "exercise",
                activity=choice(Exercise.Activity.values),
                count_stated=text(100),
                vessels=listed(text(200)),
                area=text(200),
            )
        ),
        "totals": listed(TOTAL),
    },
    required=("format", "read_by"),
)
