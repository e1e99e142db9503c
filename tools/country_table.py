"""Write agreements/countries.json: ISO 3166 codes and names from CLDR, by way of Babel.

Run it after an update of Babel; tests/test_countries.py holds the table against Babel's. States
that are no more are not CLDR's: they are written out here, from ISO 3166-3.
"""

import json
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_global

LANGUAGES = ("en", "vi")
# CLDR's territories that ISO 3166-1 does not assign: reserved, private and grouping codes. Kosovo's
# is private too, but data sets use it (docs/adr/0010-former-states.md).
NOT_ISO = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())
# Codes of former states, which CLDR maps to their successors beside the successors' own.
FORMER = frozenset(
    "ANT ATB BUR CTE DDR FQH FXX NHB NTZ PCI PCZ PUS ROM SCG SUN TMP VDR WAK YMD YUG ZAR".split()
)
# ISO 3166-3 (codes of formerly used names of countries): of its entries those that acted as states.
# Code, former alpha-3, until, names in English and Vietnamese, and what stands in its place.
_SOVIET = "AM AZ BY EE GE KG KZ LT LV MD RU TJ TM UA UZ"
FORMER_STATES = (
    ("ANHH", "ANT", "2010", "Netherlands Antilles", "Antille thuộc Hà Lan", "BQ CW SX"),
    ("BUMM", "BUR", "1989", "Burma", "Miến Điện", "MM"),
    ("BYAA", "BYS", "1992", "Byelorussian SSR", "Byelorussia Xô viết", "BY"),
    ("CSHH", "CSK", "1993", "Czechoslovakia", "Tiệp Khắc", "CZ SK"),
    ("CSXX", "SCG", "2006", "Serbia and Montenegro", "Serbia và Montenegro", "ME RS"),
    ("DDDE", "DDR", "1990", "East Germany", "Đông Đức", "DE"),
    ("DYBJ", "DHY", "1977", "Dahomey", "Dahomey", "BJ"),
    ("HVBF", "HVO", "1984", "Upper Volta", "Thượng Volta", "BF"),
    ("RHZW", "RHO", "1980", "Southern Rhodesia", "Nam Rhodesia", "ZW"),
    ("SKIN", "SKM", "1975", "Sikkim", "Sikkim", "IN"),
    ("SUHH", "SUN", "1992", "Soviet Union", "Liên Xô", _SOVIET),
    ("TPTL", "TMP", "2002", "East Timor", "Đông Timor", "TL"),
    ("VDVN", "VDR", "1977", "North Vietnam", "Việt Nam Dân chủ Cộng hòa", "VN"),
    ("YDYE", "YMD", "1990", "South Yemen", "Nam Yemen", "YE"),
    ("YUCS", "YUG", "2003", "Yugoslavia", "Nam Tư", "BA CSXX HR MK SI"),
    ("ZRCD", "ZAR", "1997", "Zaire", "Zaire", "CD"),
)
TABLE = Path(__file__).resolve().parent.parent / "agreements" / "countries.json"


def table() -> dict[str, dict[str, Any]]:
    """Return {code: {"alpha3": …, "names": {language: name}}}, sorted by code.

    Codes are alpha-2; those of former states are alpha-4, and their rows have `former`, as
    `agreements.countries` tells.
    """
    alpha3 = {
        targets[0]: alias
        for alias, targets in get_global("territory_aliases").items()
        if len(alias) == 3 and alias.isalpha() and len(targets) == 1 and alias not in FORMER
    }
    territories = {language: Locale(language).territories for language in LANGUAGES}
    codes = (
        code
        for code in territories["en"]
        if len(code) == 2 and code.isalpha() and code not in NOT_ISO
    )
    rows = {
        code: {
            "alpha3": alpha3[code],
            "names": {language: names[code] for language, names in territories.items()},
        }
        for code in codes
    }
    return dict(sorted((rows | _former()).items()))


def _former() -> dict[str, dict[str, Any]]:
    return {
        code: {
            "alpha3": alpha3,
            "names": {"en": english, "vi": vietnamese},
            "former": {"until": until, "successors": successors.split()},
        }
        for code, alpha3, until, english, vietnamese, successors in FORMER_STATES
    }


if __name__ == "__main__":
    rows = (f'  "{code}": {json.dumps(row, ensure_ascii=False)}' for code, row in table().items())
    TABLE.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
