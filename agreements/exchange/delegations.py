"""Delegates, who stand in a column of their own, put to the sides that they belong to."""

from typing import Any

from django.utils.translation import gettext as _

from agreements.exchange.cells import CellError, Side
from agreements.exchange.matching import matched
from agreements.exchange.plans import Plan
from agreements.snapshots import Snapshot


def with_delegates(plan: Plan, rows: list[Snapshot]) -> None:
    """Give a plan's sides the delegates that a cell names. Raises a CellError."""
    sides = plan.after["participants"]
    found: list[list[Snapshot]] = [[] for _side in sides]
    for row in rows:
        delegate = dict(row)
        mine = found[_position(delegate.pop("side"), sides)]
        if delegate["person"] and any(each["person"] == delegate["person"] for each in mine):
            raise CellError(_("“%(text)s” stands twice.") % {"text": delegate["person"]})
        mine.append(delegate)
    for side, mine in zip(sides, found, strict=True):
        side["delegates"] = matched("delegates", side["delegates"], mine)


def _position(side: Side, sides: list[Snapshot]) -> int:
    """Return where a side stands among a record's; its role may be left out where it is clear."""
    found = [
        position
        for position, each in enumerate(sides)
        if each["country"] == side.country.upper()
        and (each["force"] or "") == side.force
        and side.role in ("", each["role"])
    ]
    if len(found) != 1:
        values: dict[str, Any] = {"side": str(side)}
        raise CellError(_("“%(side)s”: write a side as the participants have it.") % values)
    return found[0]
