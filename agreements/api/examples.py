"""Examples for the OpenAPI description, of the shape that answers have."""

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

AGREEMENT: dict[str, Any] = {
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
MEETING: dict[str, Any] = {
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
EXERCISE: dict[str, Any] = {
    "kind": "exercise",
    "slug": "jcg-patrol-ship-visits",
    "title": "Visits of Japan Coast Guard patrol ships",
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
TOTAL: dict[str, Any] = {
    "slug": "vcg-cooperation-documents",
    "title": "Cooperation documents that the Vietnam Coast Guard has signed",
    "what": "signed cooperation documents",
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

EXAMPLES = {
    kind: OpenApiExample(f"A {kind}", value=value, response_only=True, status_codes=["200"])
    for kind, value in (
        ("agreement", AGREEMENT),
        ("meeting", MEETING),
        ("exercise", EXERCISE),
        ("total", TOTAL),
    )
}
PROBLEM = OpenApiExample(
    "A bad parameter",
    value={
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "country: Write an ISO 3166 alpha-2 code, such as VN.",
        "errors": [
            {"parameter": "country", "detail": "Write an ISO 3166 alpha-2 code, such as VN."}
        ],
    },
    response_only=True,
    status_codes=["400"],
)
