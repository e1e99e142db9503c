"""The key by which the place of a record is found: its country's code and its name, folded."""

from agreements.text import fold

# As long as a facet of the ledger may be.
_LONGEST = 120


def place_key(country: str | None, name: str | None) -> str:
    """Return "VN:ha noi"; "VN:" where no place in the country is named, ":name" without one."""
    return f"{country or ''}:{fold(name or '').strip()}"[:_LONGEST]


def place_keys(location: dict[str, str | None] | None) -> set[str]:
    """Return what a public `location` is found by: its place, and its country as a whole."""
    if not location:
        return set()
    country = location["country"]
    return {place_key(country, location["name"]), *([country] if country else [])}
