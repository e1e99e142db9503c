"""Which places of a paragraph are taken by what was found first."""

from __future__ import annotations

from bisect import bisect_left, insort

from agreements.suggestions.spans import Span


class PlacesTaken:
    """Spans that do not overlap; asking and adding stay fast in long paragraphs."""

    def __init__(self) -> None:
        self._spans: list[Span] = []

    def take(self, span: Span) -> bool:
        """Take a place, and return whether it was free."""
        at = bisect_left(self._spans, span)
        if any(span.overlaps(other) for other in self._spans[max(0, at - 1) : at + 1]):
            return False
        insort(self._spans, span)
        return True
