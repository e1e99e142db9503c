"""What the pages of an import share: the file that waits, its mapping, and the way between them."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from agreements.exchange.foreign import waiting
from agreements.exchange.foreign.mapping import Mapping
from agreements.exchange.foreign.waiting import Waiting
from agreements.models import ImportMapping
from agreements.models.engagements import KINDS

STEPS: tuple[tuple[str, Any], ...] = (
    ("begin", gettext_lazy("What it is")),
    ("columns", gettext_lazy("Columns")),
    ("values", gettext_lazy("Dates and values")),
    ("countries", gettext_lazy("Countries")),
    ("check", gettext_lazy("Check")),
)


@dataclass(frozen=True)
class Step:
    """A page of the way: what it is called, its address, whether it is open, and the one shown."""

    name: Any
    address: str
    open: bool
    current: bool


def address(step: str, key: str) -> str:
    """Return the address of a page of an import."""
    return reverse(f"admin:agreements_importmapping_{step}", args=[key])


def may_import(request: HttpRequest, kind: str = "") -> bool:
    """Whether somebody may map files, and add and change the records of a kind."""
    needed = ["add_importmapping", "change_importmapping"]
    needed += [f"{action}_{kind}" for action in ("add", "change") if kind]
    return all(request.user.has_perm(f"agreements.{name}") for name in needed)


class ImportPage(View):
    """A page of an import for whoever may import. Subclasses give `step` and `template`."""

    step = ""
    http_method_names = ["get", "head", "post"]

    request: HttpRequest
    waiting: Waiting
    row: ImportMapping | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_import(request):
            raise PermissionDenied
        found = waiting.find(request.user, str(kwargs.get("key", "")))
        if found is None:
            text = _("This file is no longer kept. Bring it again; what you said of it is kept.")
            messages.warning(request, text)
            return HttpResponseRedirect(reverse("admin:agreements_importmapping_add"))
        self.waiting = found
        rows = ImportMapping.objects.select_related("document")
        self.row = rows.filter(pk=found.mapping).first() if found.mapping else None
        if self.row is None and self.step != "begin":
            return HttpResponseRedirect(address("begin", found.key))
        if self.row is not None and not may_import(request, self.row.kind):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def mapping(self) -> Mapping:
        """What was said of the file so far."""
        assert self.row is not None
        return Mapping.from_json(self.row.kind, self.row.document.slug, self.row.settings)

    def keep(self, mapping: Mapping) -> None:
        """Keep what was said."""
        assert self.row is not None
        self.row.settings = mapping.as_json()
        self.row.edited_by = self.request.user.get_username()
        self.row.save(update_fields=["settings", "edited_by", "edited_at"])

    def on(self, step: str) -> HttpResponse:
        """Go to another page of the import."""
        return HttpResponseRedirect(address(step, self.waiting.key))

    def page(self, context: dict[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
        """Answer with the page of this step."""
        table = self.waiting.table
        shared = {
            **admin.site.each_context(self.request),
            "opts": ImportMapping._meta,
            "title": _("Import a data set: %(name)s") % {"name": table.name or _("a file")},
            "table": table,
            "mapping": self.row,
            "kind_name": KINDS[self.row.kind]._meta.verbose_name_plural if self.row else "",
            "steps": self._steps(),
        }
        template = f"admin/agreements/imports/{self.step}.html"
        return render(self.request, template, {**shared, **context}, status=status)

    def _steps(self) -> list[Step]:
        return [
            Step(
                name,
                address(step, self.waiting.key),
                self.row is not None or step == "begin",
                step == self.step,
            )
            for step, name in STEPS
        ]


def lines_of(text: str, most: int = 50, longest: int = 40) -> list[str]:
    """Return the lines of a text box, each once, without spaces around them."""
    lines = [line.strip()[:longest] for line in text.replace("\0", "").splitlines()]
    return list(dict.fromkeys(filter(None, lines)))[:most]
