"""The names and codes of countries that files write, each with what it may mean."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from agreements.countries import country_table
from agreements.suggestions.country_names import written_names
from agreements.text import fold

# From here on a name is another spelling, in per cent.
_SPELLING = 75
# Names that are said of more than one state, or of what has no code of its own.
_SEVERAL: dict[str, tuple[str, ...]] = {
    "Korea": ("KR", "KP"),
    "Congo": ("CG", "CD"),
    "Virgin Islands": ("VI", "VG"),
    "Burma": ("BUMM", "MM"),
    "East Timor": ("TPTL", "TL"),
    "America": ("US",),
    "England": ("GB",),
    "Scotland": ("GB",),
    "Russia (USSR)": ("SUHH", "RU"),
    "Russia/USSR": ("SUHH", "RU"),
    "Russia (Soviet Union)": ("SUHH", "RU"),
    "USSR/Russia": ("SUHH", "RU"),
    "Soviet Union/Russia": ("SUHH", "RU"),
    "Yugoslavia (Serbia)": ("YUCS", "RS"),
    "Serbia (Yugoslavia)": ("YUCS", "RS"),
}
_WEST_GERMANY = _("West Germany, until 1990, has the code of Germany.")
_SOUTH_VIETNAM = _("South Vietnam, until 1976, has no code of its own.")
_NORTH_YEMEN = _("North Yemen, until 1990, has the code of Yemen.")
# What has no code of its own, with the code that comes nearest.
_NEAREST: dict[str, tuple[str, Any]] = {
    "West Germany": ("DE", _WEST_GERMANY),
    "Germany, West": ("DE", _WEST_GERMANY),
    "German Federal Republic": ("DE", _WEST_GERMANY),
    "Federal Republic of Germany": ("DE", _WEST_GERMANY),
    "Germany, Federal Republic of": ("DE", _WEST_GERMANY),
    "FRG": ("DE", _WEST_GERMANY),
    "South Vietnam": ("VN", _SOUTH_VIETNAM),
    "Vietnam, South": ("VN", _SOUTH_VIETNAM),
    "Republic of Vietnam": ("VN", _SOUTH_VIETNAM),
    "Vietnam, Republic of": ("VN", _SOUTH_VIETNAM),
    "Yemen Arab Republic": ("YE", _NORTH_YEMEN),
    "North Yemen": ("YE", _NORTH_YEMEN),
    "Yemen, North": ("YE", _NORTH_YEMEN),
    "Yemen (Arab Republic)": ("YE", _NORTH_YEMEN),
    "United Arab Republic": ("EG", _("Egypt, from 1958 to 1961 with Syria.")),
    "Tanganyika": ("TZ", _("Joined with Zanzibar in 1964 to Tanzania.")),
    "Zanzibar": ("TZ", _("Joined with Tanganyika in 1964 to Tanzania.")),
}
_SHORT = {"st": "saint", "rep": "republic", "dem": "democratic", "peoples": "people s"}


@dataclass(frozen=True)
class Meaning:
    """What a name may mean: codes, the likeliest first, and what to know of it."""

    codes: tuple[str, ...]
    remark: Any = ""

    @property
    def sure(self) -> bool:
        """Whether it can mean one thing only."""
        return len(self.codes) == 1 and not self.remark


def plain(name: str) -> str:
    """Return a name as names are compared: `Bahamas, The` is `bahamas`, `St. Lucia` saint lucia."""
    words = fold(name.replace("&", " and ")).split()
    return " ".join(_SHORT.get(word, word) for word in words if word != "the")


@cache
def known_names() -> dict[str, Meaning]:
    """Return {plain name: what it means} of every name that is known."""
    found: dict[str, set[str]] = {}
    for code, row in country_table().items():
        own = [plain(text) for text in [*row["names"].values(), *_aliases().get(code, ())]]
        for text in [*own, *_others(code, own)]:
            found.setdefault(text, set()).add(code)
    names = {name: Meaning(tuple(sorted(codes, key=len))) for name, codes in found.items()}
    for text, several in _SEVERAL.items():
        remark = _("It is said of more than one state.") if len(several) > 1 else ""
        names[plain(text)] = Meaning(several, remark)
    for text, (code, remark) in _NEAREST.items():
        names[plain(text)] = Meaning((code,), remark)
    return names


@cache
def known_codes() -> dict[str, str]:
    """Return {code: alpha-2 or alpha-4} of the codes of ISO 3166 of two, three and four letters."""
    found = {row["alpha3"]: code for code, row in country_table().items()}
    return found | {code: code for code in country_table()}


@cache
def correlates() -> dict[str, str]:
    """Return {number or letters: code} of the states of the Correlates of War project.

    Its states are written with numbers (365) or three letters (RUS). One of its codes covers
    Russia and the Soviet Union, which ISO 3166 tells apart.
    """
    rows = json.loads(Path(__file__).with_name("cow.json").read_text(encoding="utf-8"))
    return {part: code for both, code in rows.items() for part in both.split()}


def looks_like_code(name: str) -> bool:
    """Whether a name is a code: a number, or two to four capitals."""
    return bool(re.fullmatch(r"[0-9]{1,3}|[A-Z]{2,4}", name))


def is_known(name: str) -> bool:
    """Whether a name, whole, is that of a country."""
    return plain(name) in known_names() or name.strip() in known_codes()


def _others(code: str, own: list[str]) -> list[str]:
    """Return what articles call a state, without what is only another spelling of its name."""
    texts = [plain(text) for text in written_names(code)]
    return [text for text in texts if all(fuzz.ratio(text, name) < _SPELLING for name in own)]


@cache
def _aliases() -> dict[str, list[str]]:
    return json.loads(Path(__file__).with_name("aliases.json").read_text(encoding="utf-8"))
