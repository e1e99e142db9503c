"""What a queue is, who reads it, and what one row of it says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise

from agreements.records import KINDS_OF_RECORD
from agreements.roles import APPROVE

# Beyond this many the front page says “1,000+”, and the database stops counting.
MOST_COUNTED = 1000
# Beyond this many a queue's own page says “more than 5,000”.
MOST_LISTED = 5000


@dataclass(frozen=True)
class Reader:
    """For whom a queue is asked: their name, the kinds of record they may see, what they may do."""

    name: str
    kinds: frozenset[str]
    may_approve: bool

    @classmethod
    def of(cls, user: Any) -> "Reader":
        """Return the reader that a user of the desk is."""
        kinds = (
            kind
            for kind, model in KINDS_OF_RECORD.items()
            if user.has_perm(f"agreements.view_{model._meta.model_name}")
        )
        return cls(user.get_username(), frozenset(kinds), user.has_perm(APPROVE))


@dataclass(frozen=True)
class Counted:
    """How many rows a queue has; `more` where there are more than were counted."""

    number: int
    more: bool = False


@dataclass(frozen=True)
class Sought:
    """The searches for one thing that found nothing: how many, the last one's day, and whose."""

    count: int
    last: date
    by: str


@dataclass(frozen=True)
class Link:
    """A page of a record on the desk, by the names that the admin's addresses are made of."""

    kind: str
    pk: int
    page: str = "change"
    query: str = ""
    fragment: str = ""


@dataclass(frozen=True)
class Missing:
    """A number that a series lacks, and the searches for it that found nothing."""

    number: int
    sought: Sought | None


@dataclass(frozen=True)
class Waiting:
    """A row of a queue: the record, what is the matter with it, and where one sees to it.

    `when` is since when it waits, where that is known. `target` is what a search that found
    nothing would be noted against, as the form of one names it. A row of a series has `missing`
    instead, the first of its numbers, and `missing_more` says how many are left out.
    """

    kind: str
    title: str
    matter: str
    link: Link
    when: date | datetime | None = None
    quote: str = ""
    also: tuple[tuple[str, Link], ...] = ()
    target: dict[str, int] = field(default_factory=dict)
    sought: Sought | None = None
    missing: tuple[Missing, ...] = ()
    missing_more: int = 0

    @property
    def kind_name(self) -> str:
        return str(KINDS_OF_RECORD[self.kind]._meta.verbose_name)


@dataclass(frozen=True)
class Narrowed:
    """What of a queue is asked for: the rows of some kinds, and those that have some words."""

    kinds: frozenset[str]
    words: str = ""


class Queue:
    """Records that wait for one reason. Subclasses say which, in what order, and what to tell.

    `kinds` are those that can be in it. `page` names the address of a page of its own, where the
    queue is one that the admin's queue pages do not show.
    """

    key: ClassVar[str]
    name: ClassVar[Promise]
    about: ClassVar[Promise]
    kinds: ClassVar[tuple[str, ...]]
    page: ClassVar[str] = ""

    def open_to(self, reader: Reader) -> bool:
        """Whether it is a queue for somebody."""
        return bool(reader.kinds & set(self.kinds))

    def kinds_for(self, reader: Reader) -> tuple[str, ...]:
        """Return the kinds of record in it that somebody may see."""
        return tuple(kind for kind in self.kinds if kind in reader.kinds)

    def narrowed(self, reader: Reader, kind: str = "", words: str = "") -> Narrowed:
        """Return what is asked for: of one kind that the reader may see, or of all of them."""
        kinds = [kind] if kind else self.kinds_for(reader)
        return Narrowed(frozenset(kinds), words)

    def found(self, reader: Reader, asked: Narrowed) -> Sequence[Any] | QuerySet:
        """Return its rows in any order, as little of each as counting takes."""
        raise NotImplementedError

    def rows(self, reader: Reader, asked: Narrowed) -> Sequence[Any] | QuerySet:
        """Return its rows, the most urgent first; pages are slices of it."""
        raise NotImplementedError

    def shown(self, rows: Iterable[Any]) -> list[Waiting]:
        """Return some of its rows in words, in a number of queries that they do not add to."""
        raise NotImplementedError

    def count(self, reader: Reader) -> Counted:
        """Return how many rows it has, up to where the database stops counting."""
        found = self.found(reader, self.narrowed(reader))[: MOST_COUNTED + 1]
        number = found.count() if isinstance(found, QuerySet) else len(found)
        return Counted(min(number, MOST_COUNTED), number > MOST_COUNTED)
