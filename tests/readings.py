"""Readings as text, written to files, and what the tables hold after they were loaded."""

import hashlib
import re
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import CommandError, call_command

HEADER = """\
format: 1
document: {slug: talks-report, title: A report of the talks, language: en, sha256: %s}
read_by: analyst
approved_by: reviewer
approved_at: "2026-11-22T12:00:00Z"
""" % ("a" * 64)

FORCES = """\
forces:
  - slug: vietnam-coast-guard
    name: Vietnam Coast Guard
    kind: coast-guard
    country: VN
    names:
      - {text: Vietnam Coast Guard, language: en}
      - {text: Cảnh sát biển Việt Nam, language: vi}
    citations:
      - {fields: [name], at: paragraph 1, quote: "the Vietnam Coast Guard"}
  - slug: japan-coast-guard
    name: Japan Coast Guard
    kind: coast-guard
    country: JP
    citations:
      - {fields: [name], at: paragraph 1, quote: "the Japan Coast Guard"}
"""

PEOPLE = """\
people:
  - slug: le-quang-dao
    name: Lê Quang Đạo
    names:
      - {text: Le Quang Dao, language: en}
"""

TOPICS = """\
topics:
  - slug: search-and-rescue
    name: Search and rescue
    labels: [{text: Tìm kiếm cứu nạn, language: vi}]
"""

SERIES = """\
series:
  - slug: coast-guard-conference
    title: Conference of the two coast guards
"""

MEETINGS = """\
meetings:
  - slug: eighth-meeting
    title: Eighth meeting of the two coast guards
    status: held
    date: 2024-12-16
    topics: [search-and-rescue]
    participants:
      - {country: VN, force: vietnam-coast-guard, role: host,
         delegates: [{person: le-quang-dao, rank: Major General, position: Commander}]}
      - {country: JP, force: japan-coast-guard, role: guest}
    citations:
      - {fields: [status, date], at: paragraph 1, quote: "met on 16 December 2024"}
      - {fields: [participants, delegates], at: paragraph 2, quote: "hosted by the commander"}
"""

READING = HEADER + TOPICS + PEOPLE + FORCES + MEETINGS

SECOND_HEADER = HEADER.replace("talks-report", "second-report").replace("a" * 64, "b" * 64)
SECOND_READING = (
    SECOND_HEADER
    + """\
meetings:
  - slug: eighth-meeting
    citations:
      - {fields: [status], at: paragraph 4, quote: "as was reported"}
"""
)


def write(folder: Path, text: str = READING, name: str = "talks.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def of_text(reading: str, text: str) -> str:
    """The reading, as one of a document whose text is this one."""
    return reading.replace("a" * 64, hashlib.sha256(text.encode()).hexdigest())


def run(command: str, *arguments: Any, **options: Any) -> str:
    """Run a management command; return what it wrote."""
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=out, **options)
    return out.getvalue()


def refused(command: str, *arguments: Any, **options: Any) -> str:
    """Run a command that must fail; return what it wrote and its last message."""
    out = StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    raise AssertionError(f"{command} was not refused: {out.getvalue()}")


def counted(report: str, kind: str) -> tuple[int, ...]:
    """(created, changed, unchanged) of a kind in the report of load_readings."""
    found = re.search(rf"^{kind} +(\d+) +(\d+) +(\d+)$", report, re.MULTILINE)
    return tuple(map(int, found.groups())) if found else (0, 0, 0)


def tables() -> dict[str, list]:
    """Every row of every table of the application, as it is stored."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_app_config("agreements").get_models(include_auto_created=True)
    }


def is_empty() -> bool:
    return not any(tables().values())
