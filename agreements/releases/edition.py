"""What a release is of: the ledger as it stood at one head, and the release before it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agreements import ledger
from agreements.catalogue.asking import Answer
from agreements.catalogue.listings import BY_KIND, Listing
from agreements.catalogue.texts import JSONText
from agreements.exceptions import ReleaseError
from agreements.heads import Head, head_at
from agreements.models import Publication
from agreements.models.publications import PublicationQuerySet

# In the order in which records are published: what others name comes before them.
LISTINGS = tuple(BY_KIND[kind] for kind in ledger.KIND_ORDER)
_SEMANTIC = re.compile(r"(?:0|[1-9][0-9]{0,3})(?:\.(?:0|[1-9][0-9]{0,4})){2}")
_CALENDAR = re.compile(r"2[0-9]{3}\.(?:0?[1-9]|1[0-2])")


@dataclass(frozen=True)
class Former:
    """The release before: its version, and the head that it was made at."""

    version: str
    head: Head


@dataclass(frozen=True)
class Edition:
    """All that the files of a release depend on, besides the ledger and the program."""

    version: str
    head: Head
    previous: Former | None = None
    notes: str = ""

    @property
    def date(self) -> str:
        """The day of the head, in UTC: the date of the data."""
        return self.instant[:10]

    @property
    def instant(self) -> str:
        """The time of the head."""
        return instant_of(self.head)

    def standing(self) -> PublicationQuerySet:
        """Return the row of every record that stood at the head, tombstones included."""
        return standing(self.head)


def standing(head: Head) -> PublicationQuerySet:
    """Return the row of every record that stood at a head, as the API finds it `as_of` then."""
    return Publication.objects.standing_at(head.published_at)


def instant_of(head: Head) -> str:
    """Return the time of a head as the public JSON has it."""
    assert head.published_at is not None
    return ledger.instant(head.published_at)


def answer_of(listing: Listing, head: Head) -> Answer:
    """Return the records of a listing as they stood at a head, in the order of their publication.

    It is what the API answers with `as_of=` the head's time and `ordering=published_at`.
    """
    rows = standing(head).filter(kind__in=listing.kinds).published()
    return Answer(listing, head.published_at, None, "published_at", standing(head), rows, {})


def texts_of(listing: Listing, head: Head) -> Iterator[Sequence[JSONText]]:
    """Yield the public JSON of a listing's records at a head, some at a time."""
    answer = answer_of(listing, head)
    for rows in answer.everything():
        yield list(answer.texts(rows))


def version_key(version: str) -> tuple[int, ...]:
    """Return what versions are ordered by; raise a ReleaseError on what is none."""
    if not (_SEMANTIC.fullmatch(version) or _CALENDAR.fullmatch(version)):
        raise ReleaseError(
            f"{version!r} is not a version: write MAJOR.MINOR.PATCH such as 1.2.0, "
            "or YEAR.MONTH such as 2026.11."
        )
    return tuple(map(int, version.split(".")))


def head_of(sequence: int | None) -> Head:
    """Return the head at a row of the ledger, or the newest.

    Raises a ReleaseError where there is none, and where others were published together with it,
    after it: it may name them, and no moment is between the two.
    """
    newest = head_at()
    if not newest.sequence:
        raise ReleaseError("The ledger is empty: publish records first.")
    if sequence is None:
        return newest
    values = (
        Publication.objects.filter(sequence=sequence)
        .values_list("sequence", "sha256", "published_at")
        .first()
    )
    if values is None:
        raise ReleaseError(
            f"The ledger has no row {sequence}: write a head from 1 to {newest.sequence}."
        )
    head = Head(*values)
    together = Publication.objects.filter(
        sequence__gt=head.sequence, published_at=values[2]
    ).order_by("-sequence")
    last = together.values_list("sequence", flat=True).first()
    if last is not None:
        raise ReleaseError(
            f"Row {head.sequence} was published together with those up to {last}, and what it "
            f"names may be among them: write {last}."
        )
    return head
