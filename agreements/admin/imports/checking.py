"""The last page before the preview: what could not be read, what was edited since, what is new."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agreements.admin.imports.steps import ImportPage
from agreements.exceptions import ExchangeError, ExchangeProblem
from agreements.exchange import holding
from agreements.exchange.foreign import uses, waiting
from agreements.exchange.foreign.date_forms import FORMS
from agreements.exchange.foreign.edited import edited_since
from agreements.exchange.foreign.mapping import Mapping
from agreements.exchange.foreign.naming import names_in, settled
from agreements.exchange.foreign.translating import Translation, gaps, translate
from agreements.exchange.preview import Preview, preview
from agreements.exchange.tables import Row, Table

_SHOWN = 200
_MOST_ROWS = 100_000


class Check(ImportPage):
    """What an import would do, as far as it can be told; on POST, what to leave out or to take."""

    step = "check"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        mapping = self.mapping
        lacking = gaps(self.waiting.table, mapping)
        names = names_in(self.waiting.table, mapping)
        unmatched = [each.name for each in names if not each.code]
        context: dict[str, Any] = {"gaps": lacking, "unmatched": unmatched}
        if not lacking and not unmatched:
            context |= self._outcome(settled(self.waiting.table, mapping))
        return self.page({**context, "said": told_of(mapping)})

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        told = request.POST
        if "_preview" in told:
            return self._to_preview()
        if "_leave" in told:
            rows = _numbers(told.getlist("leave"))
            self.waiting.without = sorted({*self.waiting.without, *rows})
        elif "_all" in told:
            self.waiting.without = []
        elif "_take" in told:
            self.waiting.over = sorted(_numbers(told.getlist("over")))
        waiting.save(self.waiting)
        return self.on("check")

    def _to_preview(self) -> HttpResponse:
        kind = self.mapping.kind
        if not holding.held_preview(self.request.user, kind, self.waiting.preview):
            return self.on("check")
        name = f"admin:agreements_{kind}_import_preview"
        return HttpResponseRedirect(reverse(name, args=[self.waiting.preview]))

    def _outcome(self, mapping: Mapping) -> dict[str, Any]:
        """Return what the import would do: its counts, its problems, what stays as edited."""
        found = translate(self.waiting.table, mapping, frozenset(self.waiting.without))
        problems, made = list(found.problems), None
        if not problems and found.table.rows:
            try:
                made = self._preview(mapping.kind, found)
            except ExchangeError as error:
                problems = error.problems
            else:
                problems = made.problems
        rows = sorted({problem.row for problem in problems if problem.row})
        return {
            "made": made,
            "counts": made.counts if made else {},
            "shown": problems[:_SHOWN],
            "problems": problems,
            "bad_rows": rows,
            "remarks": _together(found.remarks),
            "remark_count": len(found.remarks),
            "left_out": found.left_out,
            "without": self.waiting.without,
            "kept": [_Kept(*each) for each in self.waiting.kept],
            "over": set(self.waiting.over),
            "ready": made is not None and not problems,
        }

    def _preview(self, kind: str, found: Translation) -> Preview:
        """Return the preview of a translation without what was edited; keep it for its page."""
        user, state = self.request.user, self.waiting
        made, table = preview(kind, found.table), found.table
        edited = edited_since(made)
        staying = {line.number for line in edited} - set(state.over)
        if staying:
            rows: list[Row] = [row for row in table.rows if row.number not in staying]
            table = Table(table.headers, rows, table.name)
            made = preview(kind, table)
        state.kept = [(line.number, line.pk or 0, line.title) for line in edited]
        state.preview = holding.keep(user, kind, table, made, state.preview)
        waiting.save(state)
        return made


class _Kept:
    """A record that somebody edited after the last import."""

    def __init__(self, row: int, pk: int, title: str) -> None:
        self.row, self.pk, self.title = row, pk, title


def _numbers(texts: list[str]) -> set[int]:
    return {int(text) for text in texts[:_MOST_ROWS] if text.isdecimal() and len(text) < 8}


def _together(remarks: list[ExchangeProblem]) -> list[tuple[str, list[int], int]]:
    """Return remarks, each once, with the first rows that have it and how many do."""
    rows: dict[str, list[int]] = {}
    for remark in remarks:
        rows.setdefault(remark.message, []).append(remark.row)
    return [(message, found[:8], len(found)) for message, found in sorted(rows.items())]


def told_of(mapping: Mapping) -> list[tuple[str, str]]:
    """Return what a mapping says, in lines of a name and a text."""
    names = {use: str(name) for _group, each in uses.uses_of(mapping.kind) for use, name in each}
    by_use: dict[str, list[str]] = {}
    for column, use in mapping.columns.items():
        by_use.setdefault(use, []).append(column)
    lines = [
        (names[use], ", ".join(found) if len(found) < 4 else f"{found[0]} … {found[-1]}")
        for use, found in by_use.items()
    ]
    choices = uses.choices_of(mapping.kind)
    for field, value in mapping.constants.items():
        if field in choices and not mapping.column(field):
            lines.append((str(uses.choice_name(field)), str(dict(choices[field]).get(value, ""))))
    return lines


def forms_said(mapping: Mapping) -> str:
    """Return the forms of dates that a mapping names."""
    return "; ".join(str(FORMS[form].name) for form in mapping.forms if form in FORMS)
