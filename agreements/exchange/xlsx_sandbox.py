"""Reading a large XLSX file in a process of its own, whose memory and time are bounded.

What is unpacked from ten megabytes may take gigabytes once it is read, and only its reader can
tell.
Of a small file that cannot come to much; it is read here, at once.
"""

import io
import zipfile

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.exceptions import ExchangeError, ExchangeProblem
from agreements.exchange import xlsx_files
from agreements.exchange.tables import Row, Table, refuse
from agreements.intake.sandbox import Ended, Limits, answered

# Bytes, unpacked.
MOST_READ_HERE = 2_000_000
_LIMITS = Limits(seconds=150, cpu_seconds=120, memory=1_000_000_000, answer=400_000_000)


def read_xlsx(name: str, content: bytes, sheet: str = "", limits: Limits = _LIMITS) -> Table:
    """Return the table in a sheet of an XLSX file, or in its first. Raises an ExchangeError."""
    if not MOST_READ_HERE < _unpacked(content) <= xlsx_files.MOST_UNPACKED:
        return xlsx_files.read_xlsx(name, content, sheet)
    arguments = [name, sheet, get_language() or "en"]
    try:
        told = answered("agreements.exchange.xlsx_child", arguments, content, limits)
    except Ended as ended:
        raise refuse(_("The file takes too much to be read; bring it in parts.")) from ended
    if "problems" in told:
        raise ExchangeError([ExchangeProblem(*each) for each in told["problems"]])
    rows = [Row(number, cells) for number, cells in told.pop("rows")]
    return Table(rows=rows, **told)


def _unpacked(content: bytes) -> int:
    """Return what the package says of its size; 0 where it is none, which its reader tells."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return sum(member.file_size for member in packed.infolist())
    except (ValueError, zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return 0
