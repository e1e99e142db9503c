"""A foreign file's bytes as a table, by the encoding that the user names."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.exchange import files
from agreements.exchange.tables import Table, refuse

_PACKED = b"PK\x03\x04"
UTF_8 = "utf-8"
ENCODINGS: dict[str, Any] = {
    UTF_8: gettext_lazy("UTF-8"),
    "cp1252": gettext_lazy("Windows-1252 (Western European)"),
    "latin-1": gettext_lazy("ISO 8859-1 (Latin 1)"),
    "cp1258": gettext_lazy("Windows-1258 (Vietnamese)"),
    "utf-16": gettext_lazy("UTF-16"),
}


def read_foreign(name: str, content: bytes, encoding: str = UTF_8, sheet: str = "") -> Table:
    """Return the table in a file. Of XLSX the encoding does not matter.

    Raises an ExchangeError that tells row and column.
    """
    if encoding == UTF_8 or content.startswith(_PACKED):
        return files.read(name, content, sheet)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        told = _("Line %(line)d is not in %(encoding)s; name another encoding.")
        values = {"line": line, "encoding": ENCODINGS[encoding]}
        raise refuse(told % values) from error
    return files.read(name, text.encode(), sheet)
