"""What runs in the sandbox: `python -m agreements.exchange.xlsx_child NAME SHEET LANGUAGE LIMITS`.

The file is on stdin. It answers on stdout with JSON: the fields of a `Table`, or `problems`.
"""

import json
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.utils import translation

from agreements.exceptions import ExchangeError
from agreements.exchange.xlsx_files import read_xlsx
from agreements.intake.child import confine

_TEXTS = Path(__file__).resolve().parents[1] / "locale"


def main(name: str, sheet: str, language: str, limits: str) -> None:
    """Confine this process, read the file, and answer in somebody's language."""
    confine(json.loads(limits))
    settings.configure(LOCALE_PATHS=[_TEXTS])
    django.setup()
    translation.activate(language)
    try:
        table = read_xlsx(name, sys.stdin.buffer.read(), sheet)
    except ExchangeError as error:
        answer: dict[str, Any] = {"problems": error.problems}
    else:
        answer = {**vars(table), "rows": [(row.number, row.cells) for row in table.rows]}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
