"""Records that may be of the same event: found, explained in a line, and never joined by itself."""

from agreements.likeness.candidate import Candidate, Likely
from agreements.likeness.comparing import Nearest
from agreements.likeness.finding import likely_same, likely_same_many, likely_same_of
from agreements.likeness.pairs import (
    bring_back,
    open_pairs,
    refresh,
    refresh_all,
    refresh_soon,
    tell_apart,
    told_apart,
)
from agreements.likeness.wording import explained

__all__ = [
    "Candidate",
    "Likely",
    "Nearest",
    "bring_back",
    "explained",
    "likely_same",
    "likely_same_many",
    "likely_same_of",
    "open_pairs",
    "refresh",
    "refresh_all",
    "refresh_soon",
    "tell_apart",
    "told_apart",
]
