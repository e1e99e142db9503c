"""The page that asks what each column means."""

from collections import Counter
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from agreements.admin.imports.steps import ImportPage, lines_of
from agreements.exchange.foreign import uses
from agreements.exchange.foreign.mapping import Mapping
from agreements.exchange.foreign.profile import profile
from agreements.exchange.foreign.splitting import SEPARATORS


class Columns(ImportPage):
    """What each column becomes, what stands for nothing, and what parts names in a cell."""

    step = "columns"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self._page(self.mapping, [])

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        mapping = self.mapping
        known = uses.known_uses(mapping.kind)
        chosen: dict[str, str] = {}
        for number, column in enumerate(profile(self.waiting.table).columns):
            use = request.POST.get(f"use-{number}", "")
            chosen |= dict.fromkeys(column.headers, use if use in known else "")
        headers = self.waiting.table.headers
        mapping.columns = {name: chosen[name] for name in headers if chosen.get(name)}
        mapping.missing = lines_of(request.POST.get("missing", ""))
        told = request.POST.getlist("separators")
        mapping.separators = [name for name in SEPARATORS if name in told]
        problems = problems_of(mapping)
        if problems:
            return self._page(mapping, problems, HTTPStatus.BAD_REQUEST)
        self.keep(mapping)
        return self.on("columns" if "_stay" in request.POST else "values")

    def _page(
        self, mapping: Mapping, problems: list[str], status: int = HTTPStatus.OK
    ) -> HttpResponse:
        found = profile(self.waiting.table)
        columns = [
            (number, column, mapping.columns.get(column.headers[0], ""))
            for number, column in enumerate(found.columns)
        ]
        context = {
            "columns": columns,
            "uses": uses.uses_of(mapping.kind),
            "missing": "\n".join(mapping.missing),
            "separators": [
                (name, label, name in mapping.separators)
                for name, (label, _pattern) in SEPARATORS.items()
            ],
            "found_separators": [SEPARATORS[name][0] for name in found.separators],
            "found_missing": found.missing,
            "problems": problems,
        }
        return self.page(context, status)


def problems_of(mapping: Mapping) -> list[str]:
    """Return in words what cannot be about the uses of columns."""
    counts = Counter(use for use in mapping.columns.values() if use not in uses.SHARED)
    names = {use: name for _group, each in uses.uses_of(mapping.kind) for use, name in each}
    problems = [
        _("“%(use)s” is said of %(count)d columns; only one can be it.")
        % {"use": names[use], "count": count}
        for use, count in counts.items()
        if count > 1
    ]
    ways = [
        bool(mapping.columns_of(*way))
        for way in (
            (uses.WHOLE_DATE,),
            (uses.FIRST_DAY, uses.LAST_DAY),
            (*uses.FIRST_PARTS, *uses.LAST_PARTS),
        )
    ]
    if sum(ways) > 1:
        problems.append(
            _("Say the date in one way: in one column, by first and last day, or in parts.")
        )
    if ways[2] and not mapping.column("year"):
        problems.append(_("A month or a day needs the column of its year."))
    if mapping.columns_of("last_month", "last_day") and not mapping.column("last_year"):
        problems.append(_("The last month or day needs the column of its year."))
    if not mapping.columns:
        problems.append(_("Say of at least one column what it is."))
    return problems
