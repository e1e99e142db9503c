"""The page that asks how dates are written, and what values stand for."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from agreements.admin.imports.steps import ImportPage, lines_of
from agreements.exchange.foreign import uses
from agreements.exchange.foreign.date_forms import FORMS, ForeignDateError, read_date
from agreements.exchange.foreign.mapping import Mapping
from agreements.exchange.foreign.profile import profile
from agreements.exchange.foreign.proposing import forms_of
from agreements.exchange.foreign.values import MOST_VALUES, Value, values_in
from agreements.exchange.tables import Table

_PLACES = 5
_SHAPES = 40
OPEN = "?"


@dataclass(frozen=True)
class Shape:
    """Dates that are written alike: how many, one of them, and what it is read as."""

    count: int
    example: str
    reads: str
    problem: str


@dataclass(frozen=True)
class Choice:
    """A field with a fixed set of values: its column, if any, with the values that stand there."""

    field: str
    name: Any
    needed: bool
    column: str
    values: list[Value]
    choices: list[tuple[str, Any]]
    constant: str
    otherwise: str

    @property
    def too_many(self) -> bool:
        """Whether the column has more values than are shown."""
        return len(self.values) >= MOST_VALUES


class Values(ImportPage):
    """The forms of dates, in their order, and our value for each value of the file."""

    step = "values"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        mapping = self.mapping
        if not mapping.forms:
            mapping.forms = forms_of(_dates(self.waiting.table, mapping), mapping.unknown)
        return self._page(mapping, [])

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        mapping, told = self.mapping, request.POST
        forms = [told.get(f"form-{number}", "") for number in range(_PLACES)]
        mapping.forms = [form for form in dict.fromkeys(forms) if form in FORMS]
        mapping.unknown = lines_of(told.get("unknown", ""), longest=10)
        mapping.in_order = "in_order" in told
        mapping.open_end = told.get("open_end") == "1"
        problems = [
            problem for choice in self._choices(mapping) for problem in _take(choice, mapping, told)
        ]
        if problems:
            return self._page(mapping, problems, HTTPStatus.BAD_REQUEST)
        self.keep(mapping)
        return self.on("values" if "_stay" in told else "countries")

    def _page(
        self, mapping: Mapping, problems: list[str], status: int = HTTPStatus.OK
    ) -> HttpResponse:
        dates = _dates(self.waiting.table, mapping)
        context = {
            "problems": problems,
            "dated": bool(dates),
            "in_parts": bool(mapping.column("year")),
            "ends": bool(mapping.columns_of(uses.FIRST_DAY, "year")),
            "shapes": _shapes(dates, mapping),
            "forms": [(key, form.name) for key, form in FORMS.items()],
            "places": [
                mapping.forms[number] if number < len(mapping.forms) else ""
                for number in range(_PLACES)
            ],
            "unknown": "\n".join(mapping.unknown),
            "found_unknown": profile(self.waiting.table).unknown,
            "said": mapping,
            "choices": self._choices(mapping),
        }
        return self.page(context, status)

    def _choices(self, mapping: Mapping) -> list[Choice]:
        needed = uses.NEEDED[mapping.kind]
        found = [
            Choice(
                name,
                uses.choice_name(name),
                name in needed,
                mapping.column(name),
                values_in(self.waiting.table, mapping, name),
                choices,
                mapping.constants.get(name, ""),
                mapping.otherwise.get(name, OPEN),
            )
            for name, choices in uses.choices_of(mapping.kind).items()
        ]
        return sorted(found, key=lambda each: (not each.needed, not each.column))


def _take(choice: Choice, mapping: Mapping, told: QueryDict) -> list[str]:
    """Write what was posted of a choice into the mapping; return what is wrong with it."""
    known = dict(choice.choices)
    constant = told.get(f"constant-{choice.field}", "")
    mapping.constants = {**mapping.constants, choice.field: constant if constant in known else ""}
    if not mapping.constants[choice.field]:
        del mapping.constants[choice.field]
    problems = []
    if choice.needed and not choice.column and choice.field not in mapping.constants:
        problems.append(_("Say what %(field)s all records have.") % {"field": choice.name})
    if not choice.column:
        return problems
    otherwise = told.get(f"otherwise-{choice.field}", OPEN)
    if otherwise in known or otherwise == "":
        mapping.otherwise[choice.field] = otherwise
    else:
        mapping.otherwise.pop(choice.field, None)
    said = dict(mapping.values.get(choice.field, {}))
    for number, value in enumerate(choice.values):
        answer = told.get(f"value-{choice.field}-{number}", OPEN)
        if answer in known or answer == "":
            said[value.cell] = answer
        else:
            said.pop(value.cell, None)
    mapping.values[choice.field] = said
    return problems


def _dates(table: Table, mapping: Mapping) -> dict[str, int]:
    """Return the cells of columns that are whole dates, with how often they stand there."""
    columns = mapping.columns_of(
        uses.WHOLE_DATE, uses.FIRST_DAY, uses.LAST_DAY, *uses.dates_of(mapping.kind)
    )
    places = [table.headers.index(name) for name in columns if name in table.headers]
    found: dict[str, int] = {}
    for row in table.rows:
        for place in places:
            if cell := mapping.value(row.cells[place]):
                found[cell] = found.get(cell, 0) + 1
    return found


def _shapes(dates: dict[str, int], mapping: Mapping) -> list[Shape]:
    """Return how dates are written, the commonest first, each with what it is read as."""
    found: dict[tuple[str, bool], list[Any]] = {}
    for cell, count in dates.items():
        reads, problem = "", ""
        try:
            reads = read_date(cell, mapping.forms, mapping.unknown, mapping.in_order)
        except ForeignDateError as error:
            problem = str(error)
        shape = re.sub("[0-9]", "9", re.sub("[A-Za-z]{3,}", "Aaa", cell))
        found.setdefault((shape, bool(problem)), [0, cell, reads, problem])[0] += count
    rows = sorted(found.values(), key=lambda each: (not each[3], -each[0]))
    return [Shape(*row) for row in rows[:_SHAPES]]
