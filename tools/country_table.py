"""Write agreements/countries.json: ISO 3166 codes and names from CLDR, by way of Babel.

Run it after an update of Babel; tests/test_countries.py holds the table against Babel's.
"""

import json
from pathlib import Path

from babel import Locale
from babel.core import get_global

LANGUAGES = ("en", "vi")
# CLDR's territories that ISO 3166-1 does not assign: reserved, private and grouping codes.
NOT_ISO = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())
# Codes of former states, which CLDR maps to their successors beside the successors' own.
FORMER = frozenset(
    "ANT ATB BUR CTE DDR FQH FXX NHB NTZ PCI PCZ PUS ROM SCG SUN TMP VDR WAK YMD YUG ZAR".split()
)
TABLE = Path(__file__).resolve().parent.parent / "agreements" / "countries.json"


def table() -> dict[str, dict]:
    """Return {alpha-2: {"alpha3": …, "names": {language: name}}}, sorted by code."""
    alpha3 = {
        targets[0]: alias
        for alias, targets in get_global("territory_aliases").items()
        if len(alias) == 3 and alias.isalpha() and len(targets) == 1 and alias not in FORMER
    }
    territories = {language: Locale(language).territories for language in LANGUAGES}
    codes = sorted(
        code
        for code in territories["en"]
        if len(code) == 2 and code.isalpha() and code not in NOT_ISO
    )
    return {
        code: {
            "alpha3": alpha3[code],
            "names": {language: names[code] for language, names in territories.items()},
        }
        for code in codes
    }


if __name__ == "__main__":
    rows = (f'  "{code}": {json.dumps(row, ensure_ascii=False)}' for code, row in table().items())
    TABLE.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
