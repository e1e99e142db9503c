"""Examples for the OpenAPI description: answers as the shipped data gives them, in short."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_DOCUMENT = {
    "slug": "vna-vcg-jcg-talks",
    "title": "Report on talks of the Vietnam Coast Guard and the Japan Coast Guard in Hanoi",
    "publisher": "VNA",
    "sha256": "257fe2192f95a3caac0439c5931b437b8e17dd2f536452de5fde56b1cfdd8f49",
}
_STAMP = {
    "revision": 1,
    "published_at": "2026-11-22T12:00:00Z",
    "sha256": "0f" * 32,
}
_MEETING_ADDRESS = "https://example.org/api/v1/meetings/vcg-jcg-talks-hanoi-2023/"


def _citation(field: str, locator: str, quote: str) -> dict[str, Any]:
    return {
        "field": field,
        "document": _DOCUMENT,
        "locator": locator,
        "quote": quote,
        "stance": "supports",
        "stated_value": "",
        "inferred": False,
        "confidence": "high",
        "verified": True,
        "note": "",
    }


def _side(code: str, country: str, slug: str, name: str, role: str) -> dict[str, Any]:
    return {
        "country": {"code": code, "name": country},
        "force": {"slug": slug, "name": name},
        "role": role,
        "delegates": [],
    }


_VCG = ("VN", "Vietnam", "vietnam-coast-guard", "Vietnam Coast Guard")
_JCG = ("JP", "Japan", "japan-coast-guard", "Japan Coast Guard")

_COUNTRY: dict[str, Any] = {
    "code": "VN",
    "alpha3": "VNM",
    "name": "Vietnam",
    "names": [
        {"text": "Vietnam", "language": "en"},
        {"text": "Việt Nam", "language": "vi"},
    ],
    **_STAMP,
}
_FORCE: dict[str, Any] = {
    "slug": "vietnam-coast-guard",
    "name": "Vietnam Coast Guard",
    "names": [
        {"text": "Vietnam Coast Guard", "language": "en", "kind": "official"},
        {"text": "Cảnh sát biển Việt Nam", "language": "vi", "kind": "official"},
        {"text": "VCG", "language": "en", "kind": "acronym"},
    ],
    "kind": "coast-guard",
    "country": {"code": "VN", "name": "Vietnam"},
    "established": None,
    "parent": None,
    "predecessor": None,
    "citations": [_citation("name", "paragraph 1", "Vietnam Coast Guard (VCG)")],
    **_STAMP,
}
_TOPIC: dict[str, Any] = {
    "slug": "search-and-rescue",
    "name": "Search and rescue",
    "labels": [{"text": "Tìm kiếm cứu nạn", "language": "vi"}],
    **_STAMP,
}
_SERIES: dict[str, Any] = {
    "slug": "vcg-jcg-bilateral-conference",
    "title": "Bilateral conference of the Vietnam Coast Guard and the Japan Coast Guard",
    "summary": "A numbered run of conferences of the two forces.",
    "citations": [],
    **_STAMP,
}
_SOURCE: dict[str, Any] = {
    "slug": _DOCUMENT["slug"],
    "title": _DOCUMENT["title"],
    "publisher": _DOCUMENT["publisher"],
    "author": None,
    "language": "en",
    "published": {"edtf": "2023-02", "earliest": "2023-02-01", "latest": "2023-02-28"},
    "url": None,
    "sha256": _DOCUMENT["sha256"],
    "origin": None,
    "note": None,
    "records": [
        {
            "kind": "meeting",
            "slug": "vcg-jcg-talks-hanoi-2023",
            "title": "Talks of the Vietnam Coast Guard and the Japan Coast Guard in Hanoi",
        }
    ],
    "revision": 1,
    "published_at": "2026-11-22T12:00:00Z",
    "ledger_sha256": "0f" * 32,
}
_AGREEMENT: dict[str, Any] = {
    "kind": "agreement",
    "slug": "vcg-jcg-memorandum-2015",
    "title": "Memorandum of understanding of the Vietnam and Japan coast guards",
    "summary": "The two forces signed the memorandum in September 2015.",
    "status": "signed",
    "date": {"edtf": "2015-09", "earliest": "2015-09-01", "latest": "2015-09-30"},
    "location": None,
    "participants": [_side(*_VCG, "party"), _side(*_JCG, "party")],
    "topics": [],
    "series": None,
    "ordinal": None,
    "links": [],
    "instrument": "memorandum-of-understanding",
    "title_as_given": "Memorandum of Understanding",
    "binding": None,
    "ambit": "bilateral",
    "entered_into_force": None,
    "terminated": None,
    "identified": True,
    "citations": [
        _citation("date", "paragraph 6", "signed the Memorandum of Understanding in September 2015")
    ],
    **_STAMP,
}
_MEETING: dict[str, Any] = {
    "kind": "meeting",
    "slug": "vcg-jcg-talks-hanoi-2023",
    "title": "Talks of the Vietnam Coast Guard and the Japan Coast Guard in Hanoi",
    "summary": None,
    "status": "held",
    "date": {"edtf": "2023-02-21", "earliest": "2023-02-21", "latest": "2023-02-21"},
    "location": {"name": "Hanoi", "country": "VN"},
    "participants": [
        {
            **_side(*_VCG, "host"),
            "delegates": [
                {
                    "name": "Vu Trung Kien",
                    "names": [{"text": "Vũ Trung Kiên", "language": "vi"}],
                    "rank": "Senior Colonel",
                    "position": "Senior Colonel, Deputy commander in charge of law",
                    "role": None,
                }
            ],
        },
        _side(*_JCG, "guest"),
    ],
    "topics": ["maritime-law-enforcement"],
    "series": None,
    "ordinal": None,
    "links": [],
    "level": "high-level",
    "modality": None,
    "outcomes": None,
    "citations": [_citation("location", "paragraph 2", "held talks in Hanoi on February 21")],
    **_STAMP,
}
_EXERCISE: dict[str, Any] = {
    "kind": "exercise",
    "slug": "jcg-patrol-ship-visits-by-2023",
    "title": "Visits by eight patrol ships of the Japan Coast Guard",
    "summary": None,
    "status": "held",
    "date": None,
    "location": None,
    "participants": [_side(*_JCG, "guest"), _side(*_VCG, "host")],
    "topics": [],
    "series": None,
    "ordinal": None,
    "links": [],
    "activity": "ship-visit",
    "count_stated": "eight patrol ships",
    "vessels": [],
    "area": None,
    "citations": [_citation("count_stated", "paragraph 7", "has sent eight patrol ships to visit")],
    **_STAMP,
}
_TOTAL: dict[str, Any] = {
    "slug": "vcg-signed-cooperation-documents",
    "title": "Cooperation documents signed by the Vietnam Coast Guard",
    "what": "cooperation documents that the Vietnam Coast Guard has signed",
    "count": 10,
    "approximate": False,
    "as_of": None,
    "force": {"slug": "vietnam-coast-guard", "name": "Vietnam Coast Guard"},
    "countries": ["CN", "ID", "IN", "JP", "KH", "KR", "MY", "PH", "TH", "US"],
    "criteria": {"counts": "agreements", "instrument": None, "activity": None, "period": None},
    "document": _DOCUMENT,
    "locator": "paragraph 3",
    "quote": "signed 10 cooperation documents",
    "verified": True,
    "note": None,
    "recorded": 10,
    "gap": 0,
    **_STAMP,
}
_REVISION: dict[str, Any] = {
    "revision": 1,
    "state": "published",
    "published_at": "2026-11-22T12:00:00Z",
    "superseded_at": None,
    "reason": None,
    "merged_into": None,
    "sha256": "0f" * 32,
    "url": f"{_MEETING_ADDRESS}revisions/1/",
}
_CHANGE: dict[str, Any] = {
    "sequence": 90,
    "change": "published",
    "kind": "meeting",
    "slug": _MEETING["slug"],
    "title": _MEETING["title"],
    "revision": 1,
    "published_at": "2026-11-22T12:00:00Z",
    "reason": None,
    "merged_into": None,
    "sha256": "0f" * 32,
    "url": _MEETING_ADDRESS,
}
_ROWS = {
    "text/csv": "slug,date_edtf,date_earliest,date_latest\r\n"
    "vcg-jcg-talks-hanoi-2023,2023-02-21,2023-02-21,2023-02-21\r\n",
    "application/x-ndjson": '{"slug":"vcg-jcg-talks-hanoi-2023",'
    '"date":{"edtf":"2023-02-21","earliest":"2023-02-21","latest":"2023-02-21"}}\n',
}


def _answer(name: str, value: Any, **more: Any) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, **more)


def page_of(name: str, row: dict[str, Any]) -> OpenApiExample:
    """Return the example of a page of what is not a record."""
    return _answer(name, {"next": None, "previous": None, "results": [row]})


# By the first part of the address.
RECORDS: dict[str, list[OpenApiExample]] = {
    "countries": [_answer("A country", _COUNTRY)],
    "forces": [_answer("A force", _FORCE)],
    "topics": [_answer("A topic", _TOPIC)],
    "series": [_answer("A series", _SERIES)],
    "documents": [_answer("A document", _SOURCE)],
    "agreements": [_answer("An agreement", _AGREEMENT)],
    "meetings": [_answer("A meeting", _MEETING)],
    "exercises": [_answer("An exercise", _EXERCISE)],
    "totals": [_answer("A total", _TOTAL)],
    "engagements": [
        _answer("An agreement", _AGREEMENT),
        _answer("A meeting", _MEETING),
        _answer("An exercise", _EXERCISE),
    ],
}
REVISIONS = page_of("A record published once", _REVISION)
CHANGES = page_of("A publication", _CHANGE)
COUNTS = _answer(
    "With by=partner,year",
    {
        "next": None,
        "previous": None,
        "by": ["partner", "year"],
        "total": 2,
        "results": [
            {"partner": "JP", "partner_name": "Japan", "year": 2015, "count": 1},
            {"partner": "JP", "partner_name": "Japan", "year": 2023, "count": 1},
        ],
    },
)
# Of lists of meetings with fields=slug,date, in their other forms.
TABLES = {
    kind: OpenApiExample("With fields=slug,date", value=rows, response_only=True, media_type=kind)
    for kind, rows in _ROWS.items()
}
PROBLEM = _answer(
    "A bad parameter",
    {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "country: Write an ISO 3166 alpha-2 code, such as VN.",
        "errors": [
            {"parameter": "country", "detail": "Write an ISO 3166 alpha-2 code, such as VN."}
        ],
    },
    status_codes=["400"],
)
GONE = _answer(
    "A withdrawn record",
    {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "detail": "This record was withdrawn: The document was retracted.",
        "reason": "The document was retracted.",
        "withdrawn_at": "2026-11-24T09:30:00Z",
    },
    status_codes=["410"],
)
