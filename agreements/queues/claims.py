"""Totals that claim more than is recorded, compared as the API compares them."""

from dataclasses import dataclass
from functools import lru_cache

from agreements import totals
from agreements.models import Publication


@dataclass(frozen=True)
class Excess:
    """A published total, by its slug: what it claims, what is recorded, and what is counted."""

    slug: str
    title: str
    claimed: int
    recorded: int
    counts: str

    @property
    def gap(self) -> int:
        return self.claimed - self.recorded


def excesses() -> tuple[Excess, ...]:
    """Return the totals whose claim exceeds the published records that match it, by slug.

    Both come from the ledger, so they are compared anew when it has grown and not before: the
    hash of its last row stands for all of it.
    """
    last = Publication.objects.order_by("-sequence").values_list("sha256", flat=True).first()
    return _compared(last) if last else ()


@lru_cache(maxsize=4)
def _compared(_last: str) -> tuple[Excess, ...]:
    standing = Publication.objects.current()
    bodies = [row.body_data for row in standing.published().filter(kind="total").order_by("slug")]
    matching = totals.recorded(bodies, standing)
    found = (
        Excess(
            body["slug"],
            body["title"],
            body["count"],
            matching.get(body["slug"], 0),
            body["criteria"]["counts"],
        )
        for body in bodies
    )
    return tuple(each for each in found if each.gap > 0)
