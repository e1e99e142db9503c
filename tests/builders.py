"""Small functions that make desk records. The same forces recur through the tests."""

from typing import Any

from agreements import workflow
from agreements.history import Way
from agreements.models import (
    KINDS,
    Citation,
    Country,
    Document,
    Force,
    ForceName,
    Participant,
    Publication,
    Reviewable,
    Topic,
)
from agreements.quality import problems_of

VCG = ("vietnam-coast-guard", "VN", "Vietnam Coast Guard")
JCG = ("japan-coast-guard", "JP", "Japan Coast Guard")
CCG = ("china-coast-guard", "CN", "China Coast Guard")
ALPHA3 = {"VN": "VNM", "JP": "JPN", "CN": "CHN", "KH": "KHM", "NA": "NAM"}


def country(code: str) -> Country:
    row, _ = Country.objects.get_or_create(code=code, defaults={"alpha3": ALPHA3[code]})
    return row


def document(slug: str = "news-report", **values: Any) -> Document:
    values = {"title": "A news report", "language": "en", **values}
    return Document.objects.get_or_create(slug=slug, defaults=values)[0]


def force(body: tuple[str, str, str] = VCG, **values: Any) -> Force:
    slug, code, name = body
    row, created = Force.objects.get_or_create(
        slug=slug,
        defaults={"name": name, "country": country(code), "kind": "coast-guard", **values},
    )
    if created:
        ForceName.objects.create(force=row, text=name, language="en")
        cite(row, "name")
        if body is VCG:
            ForceName.objects.create(force=row, text="Cảnh sát biển Việt Nam", language="vi")
    return row


def topic(slug: str = "search-and-rescue", name: str = "Search and rescue") -> Topic:
    return Topic.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def cite(record: Any, field: str, **values: Any) -> Citation:
    target = record.record_kind if record.record_kind in ("force", "series") else "engagement"
    values = {"document": document(), "locator": "paragraph 1", **values}
    return Citation.objects.create(**{target: record}, field=field, **values)


def engagement(
    kind: str, slug: str, sides: tuple = ((VCG, "host"), (JCG, "guest")), **values: Any
) -> Any:
    """A record with its participants and a citation for every fact that must have one."""
    defaults = {"title": slug.replace("-", " ").capitalize(), "status": "held"}
    if kind == "agreement":
        defaults["status"] = "signed"
    if kind == "exercise":
        defaults["activity"] = "ship-visit"
    row = KINDS[kind].objects.create(slug=slug, **{**defaults, **values})
    for body, role in sides:
        side = force(body) if isinstance(body, tuple) else None
        Participant.objects.create(
            engagement=row, country=country(body[1] if side else body), force=side, role=role
        )
    for problem in list(problems_of(row)):
        reckoned = {"inferred": True, "note": "Reckoned."} if problem.rule == "D3" else {}
        cite(row, problem.field, **reckoned)
    return row


def meeting(slug: str = "eighth-meeting", **values: Any) -> Any:
    return engagement("meeting", slug, **values)


def agreement(slug: str = "memorandum-2015", **values: Any) -> Any:
    return engagement("agreement", slug, **{"sides": ((VCG, "party"), (JCG, "party")), **values})


def exercise(slug: str = "ship-visit", **values: Any) -> Any:
    return engagement("exercise", slug, **values)


def approved(record: Reviewable, author: str = "analyst", approver: str = "reviewer") -> Reviewable:
    workflow.record_edit(record, author)
    workflow.submit(record, author)
    workflow.approve(record, approver)
    return record


def _approved_together(records: list[Reviewable]) -> list[Reviewable]:
    """Approve many as `approved` does each, in the time of a few."""
    once = list({id(row): row for row in records}.values())
    workflow.record_edits(once, "analyst", Way.COMMAND, "")
    for lacking in workflow.pass_review([(row, "analyst", "reviewer") for row in once]):
        raise lacking
    return records


def publish(*records: Reviewable, **options: Any) -> list[Publication]:
    """Approve and publish records, and first whatever they name that is not public yet."""
    named: list[Reviewable] = []
    for model in (Country, Topic, Document, Force):
        named += model.objects.exclude(review_state="published")
    batch = [*named, *(row for row in records if row not in named)]
    return workflow.publish(_approved_together(batch), **options)


def reload(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)
