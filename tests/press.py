"""Invented press reports, in the manner of many agencies, with what is to be found in them marked.

A mark is {value|words}: an EDTF date, a country's code, or a force by its slug, which begins with
"+" where the database of these tests lacks it. {VN+vietnam-coast-guard|Vietnam} is both.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from agreements.dates import PartialDate
from agreements.suggestions.register import KnownForce, Register
from agreements.suggestions.spans import Span

REGISTER = Register(
    forces=(
        KnownForce(
            "vietnam-coast-guard",
            "VN",
            "coast-guard",
            ("Vietnam Coast Guard", "Cảnh sát biển Việt Nam", "Bộ Tư lệnh Cảnh sát biển"),
            ("VCG",),
        ),
        KnownForce(
            "vietnam-coast-guard-region-2",
            "VN",
            "coast-guard",
            ("Vietnam Coast Guard Region 2", "Bộ Tư lệnh Vùng Cảnh sát biển 2"),
            unit=True,
        ),
        KnownForce(
            "japan-coast-guard",
            "JP",
            "coast-guard",
            ("Japan Coast Guard", "Lực lượng Bảo vệ bờ biển Nhật Bản"),
        ),
        KnownForce("china-coast-guard", "CN", "coast-guard", ("China Coast Guard",), ("CCG",)),
        KnownForce(
            "vietnam-ministry-of-national-defence",
            "VN",
            "ministry",
            ("Ministry of National Defence of Vietnam", "Ministry of National Defence"),
            ("MND",),
        ),
        KnownForce("singapore-navy", "SG", "navy", ("Singapore Navy",)),
        KnownForce(
            "japan-international-cooperation-agency",
            "JP",
            "agency",
            ("Japan International Cooperation Agency",),
            ("JICA",),
        ),
    ),
    people={
        "vu-trung-kien": ("Vu Trung Kien", "Vũ Trung Kiên"),
        "kishi-nobuo": ("Kishi Nobuo",),
    },
    topics={
        "search-and-rescue": ("Search and rescue", "Tìm kiếm cứu nạn"),
        "joint-patrols": ("Joint patrols", "Tuần tra chung"),
        "drug-trafficking": ("Drug trafficking", "Buôn bán ma túy"),
    },
    places={"Hanoi": "VN", "Yokohama": "JP", "Da Nang": "VN", "San José": ""},
)

_MARK = re.compile(r"\{([^|{}]+)\|([^{}]+)\}")


@dataclass
class Report:
    """An invented report: its text, and what stands where in it."""

    text: str = ""
    dates: dict[Span, str] = field(default_factory=dict)
    countries: dict[Span, str] = field(default_factory=dict)
    forces: dict[Span, str] = field(default_factory=dict)


def report(marked: str) -> Report:
    """Read a text with its marks."""
    read, at = Report(), 0
    for mark in _MARK.finditer(marked):
        read.text += marked[at : mark.start()]
        span = Span(len(read.text), len(read.text) + len(mark[2]))
        read.text += mark[2]
        at = mark.end()
        _note(read, span, mark[1])
    read.text += marked[at:]
    return read


def _note(read: Report, span: Span, value: str) -> None:
    if re.fullmatch(r"[A-Z]{2}", value):
        read.countries[span] = value
    elif both := re.fullmatch(r"([A-Z]{2})\+(.+)", value):
        read.countries[span], read.forces[span] = both.groups()
    elif re.match(r"\d|XXXX", value):
        read.dates[span] = value
    else:
        read.forces[span] = value.removeprefix("+")


def reports() -> list[tuple[str, str, PartialDate | None, Report]]:
    """Return (name, language, published, report) of each report in tests/press_reports/."""
    found = []
    for path in sorted(Path(__file__).with_name("press_reports").glob("*.txt")):
        for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
            head, marked = block.split("\n", 1)
            name, _, day = head.removeprefix("# ").partition(" ")
            found.append((name, path.stem, PartialDate(day) if day else None, report(marked)))
    return found
