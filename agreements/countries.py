"""ISO 3166 codes and names: from CLDR, and of former states (see tools/country_table.py)."""

import json
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict


class Former(TypedDict):
    """Of a state that is no more: the last year of its code, and the codes in its place."""

    until: str
    successors: list[str]


class CountryRow(TypedDict):
    alpha3: str
    names: dict[str, str]
    former: NotRequired[Former]


@cache
def country_table() -> dict[str, CountryRow]:
    """Return {code: {"alpha3": …, "names": {language: name}}}, in the order of the codes.

    The codes have two letters (ISO 3166-1 and XK); those of former states, whose rows also have
    `former`, have the four of ISO 3166-3.
    """
    return json.loads(Path(__file__).with_name("countries.json").read_text(encoding="utf-8"))


def country_name(code: str, language: str = "en") -> str:
    """Return a country's name; in English where CLDR's table here lacks the language."""
    names = country_table()[code]["names"]
    return names.get(language.partition("-")[0], names["en"])


def code_of(text: str) -> str | None:
    """Return the code that a text writes, in capitals or not; None where it is no country's."""
    # Capitals of other letters may be of these: of ß they are SS, which is South Sudan.
    code = text.upper() if text.isascii() else ""
    return code if code in country_table() else None
