"""Parts of addresses: kinds of records, their keys, and codes of countries."""

from agreements.catalogue.listings import BY_KIND

# A kind's list is called as in the API, but for totals, which readers know as claims.
SEGMENTS = {kind: listing.name for kind, listing in BY_KIND.items()} | {"total": "claims"}
_KINDS = {segment: kind for kind, segment in SEGMENTS.items()}


class KindConverter:
    """The kind of a record, by the name of its list."""

    regex = "|".join(_KINDS)

    def to_python(self, value: str) -> str:
        return _KINDS[value]

    def to_url(self, value: str) -> str:
        return SEGMENTS[value]


class KeyConverter:
    """The slug of a record; of a country, its code."""

    regex = "[A-Za-z0-9_-]{1,100}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CodeConverter(KeyConverter):
    """The code of a country, in capitals or not."""

    regex = "[A-Za-z]{2}|[A-Za-z]{4}"


class FormConverter(KeyConverter):
    """A form in which citations are written, by the ending of its files."""

    regex = "bib|ris|json"


class FileConverter(KeyConverter):
    """A form in which pictures are files: the drawing, or its table."""

    regex = "svg|csv"
