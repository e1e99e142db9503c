"""The page that asks which country each name of the file is."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.admin.imports.steps import ImportPage
from agreements.countries import country_name, country_table
from agreements.exchange.foreign.known_names import known_codes, known_names, plain
from agreements.exchange.foreign.mapping import NO_COUNTRY, TO_NOTE, Mapping
from agreements.exchange.foreign.naming import Named, names_in

_A_PAGE = 200
_SHOWN_LINES = 20


@dataclass(frozen=True)
class Asked:
    """A name that somebody has to decide: what it may be, as options of a select."""

    number: int
    named: Named
    options: list[tuple[str, str, bool]]
    typed: str = ""
    sure: bool = False


class Countries(ImportPage):
    """Every name once: those that are certain, those that were confirmed, and those that are open.

    Nothing that is not certain is taken before somebody ticks it, chooses it or writes it.
    """

    step = "countries"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self._page(names_in(self.waiting.table, self.mapping), [])

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        mapping = self.mapping
        names = names_in(self.waiting.table, mapping)
        problems = self._take(mapping, names, request.POST)
        self.keep(mapping)
        names = names_in(self.waiting.table, mapping)
        if problems:
            return self._page(names, problems, HTTPStatus.BAD_REQUEST)
        stay = "_next" not in request.POST or any(not each.code for each in names)
        return self.on("countries" if stay else "check")

    def _take(self, mapping: Mapping, names: list[Named], told: QueryDict) -> list[str]:
        """Write what was confirmed into the mapping; return what is wrong with the rest."""
        said, problems = mapping.countries, list[str]()
        again = set(told.getlist("again"))
        for name in [name for name in said if name in again]:
            del said[name]
        for number, each in enumerate(_open(names)):
            code = _answer(number, each, told, problems)
            if "_good" in told and not code and each.match.good:
                code = each.match.best
            if code:
                said[each.name] = code
        lines = told.get("list", "").replace("\0", "").splitlines()
        for line in filter(str.strip, lines[:2000]):
            name, _sign, country = line.replace("\t", ";").rpartition(";")
            code = _code(country.strip())
            if name.strip() and code:
                said[name.strip()] = code
            else:
                problems.append(_("“%(line)s”: write name;country.") % {"line": line[:60]})
        return problems[:_SHOWN_LINES]

    def _page(
        self, names: list[Named], problems: list[str], status: int = HTTPStatus.OK
    ) -> HttpResponse:
        waiting = _open(names)
        told = self.request.POST if status != HTTPStatus.OK else QueryDict()
        said = self.mapping.countries
        asked = [_asked(number, each, told) for number, each in enumerate(waiting[:_A_PAGE])]
        settled = [each for each in names if each.code]
        context = {
            "problems": problems,
            "asked": asked,
            "waiting": len(waiting),
            "good": sum(each.match.good for each in waiting),
            "confirmed": [(each, shown(each.code)) for each in settled if each.name in said],
            "certain": [(each, shown(each.code)) for each in settled if each.name not in said],
            "all_countries": all_countries(),
            "list": told.get("list", "")[:20_000],
        }
        return self.page(context, status)


def shown(code: str) -> str:
    """Return what a name was taken for, in words."""
    if code == NO_COUNTRY:
        return _("no country: left out")
    if code == TO_NOTE:
        return _("an organisation: noted in the summary")
    name = country_name(code, get_language() or "en") if code in country_table() else code
    return f"{name} ({code})"


def all_countries() -> list[str]:
    """Return every country as one writes it into the box: `Japan (JP)`."""
    return sorted(shown(code) for code in country_table())


def _open(names: list[Named]) -> list[Named]:
    return [each for each in names if not each.code]


def _answer(number: int, each: Named, told: QueryDict, problems: list[str]) -> str:
    """Return what somebody said of a name: what they wrote, or chose otherwise, or ticked."""
    if told.get(f"name-{number}") != each.name:
        return ""
    typed = told.get(f"other-{number}", "").strip()
    if typed:
        code = _code(typed)
        if not code:
            text = _("“%(name)s”: “%(typed)s” is no country of the list.")
            problems.append(text % {"name": each.name[:60], "typed": typed[:60]})
        return code
    chosen = told.get(f"choice-{number}", "")
    allowed = {NO_COUNTRY, TO_NOTE, *(guess.code for guess in each.match.guesses)}
    if chosen not in allowed:
        return ""
    return chosen if chosen != each.match.best or f"sure-{number}" in told else ""


def _code(text: str) -> str:
    """Return the code that a text writes: `JP`, `JPN`, `Japan`, `Japan (JP)`, - or +."""
    if text in (NO_COUNTRY, TO_NOTE):
        return text
    written = text.rpartition("(")[2].rstrip(")").strip() if text.endswith(")") else text
    # Capitals of other letters may be of these.
    if written.isascii() and (found := known_codes().get(written.upper())):
        return found
    meaning = known_names().get(plain(text))
    return meaning.codes[0] if meaning and meaning.sure else ""


def _asked(number: int, each: Named, told: Any) -> Asked:
    chosen = told.get(f"choice-{number}", each.match.best)
    options = [("", str(_("– decide –")), not chosen)]
    for guess in each.match.guesses:
        name = shown(guess.code)
        label = f"{name}, {guess.score} %" if 0 < guess.score < 100 else name
        options.append((guess.code, label, guess.code == chosen))
    for code in (NO_COUNTRY, TO_NOTE):
        if code not in {guess.code for guess in each.match.guesses}:
            options.append((code, shown(code), code == chosen))
    typed, sure = told.get(f"other-{number}", ""), f"sure-{number}" in told
    return Asked(number, each, options, typed, sure)
