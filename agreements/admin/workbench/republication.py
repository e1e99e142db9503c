"""A document whose text repeats another's, as it is proposed: what it may republish, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agreements.admin.workbench.panel import may
from agreements.dates import PartialDate
from agreements.intake.alike import Alike, explained, republished
from agreements.models import Document
from agreements.versions import token


@dataclass(frozen=True)
class Held:
    """A held text that another is the same as, or near to, and in a line how."""

    alike: Alike
    why: str

    @property
    def document(self) -> Document:
        return self.alike.document

    @property
    def exact(self) -> bool:
        return self.alike.exact


@dataclass(frozen=True)
class Republication:
    """What a document may republish, and the token with which that is said of it."""

    document: Document
    others: list[Held]
    token: str
    may_change: bool


def shown(alike: Iterable[Alike], published: PartialDate | None) -> list[Held]:
    """Return what is held that is alike to a text that was published then, each with its line."""
    return [Held(each, explained(each, published)) for each in alike]


def republication(document: Document, user: Any) -> Republication | None:
    """Return what a document may republish; None where nothing looks so, or its origin is known."""
    others = shown(republished(document), document.published)
    if not others:
        return None
    return Republication(document, others, token(document), may(user, "change", "document"))
