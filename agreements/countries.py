"""ISO 3166 codes and names, from CLDR (see tools/country_table.py)."""

import json
from functools import cache
from pathlib import Path
from typing import TypedDict


class CountryRow(TypedDict):
    alpha3: str
    names: dict[str, str]


@cache
def country_table() -> dict[str, CountryRow]:
    """Return {alpha-2: {"alpha3": …, "names": {language: name}}}, in the order of the codes."""
    return json.loads(Path(__file__).with_name("countries.json").read_text(encoding="utf-8"))


def country_name(code: str, language: str = "en") -> str:
    """Return a country's name; in English where CLDR's table here lacks the language."""
    names = country_table()[code]["names"]
    return names.get(language.partition("-")[0], names["en"])
