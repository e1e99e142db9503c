"""Records in and out as files: a page that previews an import, and answers that are exports."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from agreements.admin.actions import ActingAdmin
from agreements.admin.addresses import PLURALS
from agreements.countries import country_name
from agreements.exceptions import Conflict, ExchangeError, ExchangeProblem
from agreements.exchange import files, holding
from agreements.exchange.columns import COLUMNS, REQUIRED
from agreements.exchange.plans import OUTCOMES, REFUSED
from agreements.exchange.preview import Line, Preview, carry_out
from agreements.exchange.resources import export_rows
from agreements.exchange.storing import Stored

_FORM = "_form"
_A_PAGE = 50
_MOST_PROBLEMS = 1000
OUTCOME_NAMES = {
    "refused": gettext_lazy("refused"),
    "changed": gettext_lazy("changed"),
    "new": gettext_lazy("new"),
    "unchanged": gettext_lazy("unchanged"),
}


class ImportForm(forms.Form):
    """The file to import."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV in UTF-8, or XLSX; at most 10 MB."),
        widget=forms.ClearableFileInput({"accept": ".csv,.xlsx"}),
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Of an XLSX file with several; empty for the first."),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > files.MOST_BYTES:
            text = _("The file is too large: at most %(count)d MB are read.")
            raise forms.ValidationError(text % {"count": files.MOST_BYTES // 1_000_000})
        return file


@dataclass(frozen=True)
class Tab:
    """The rows of a preview that have one outcome: its name, and how many there are."""

    outcome: str
    name: str
    count: int
    current: bool


class ExchangingAdmin(ActingAdmin):
    """A list whose records are imported and exported as CSV and XLSX."""

    exchanges = True
    actions = ["export_as_csv", "export_as_xlsx"]

    def get_urls(self) -> list[Any]:
        start, wrap = f"{self.opts.app_label}_{self.opts.model_name}", self.admin_site.admin_view
        return [
            path("import/", wrap(self.import_view), name=f"{start}_import"),
            path("import/<str:held>/", wrap(self.preview_view), name=f"{start}_import_preview"),
            path("export/", wrap(self.export_view), name=f"{start}_export"),
            *super().get_urls(),
        ]

    @property
    def exchanged_kind(self) -> str:
        """The kind of the records, as files know it."""
        return self.model.RECORD_KIND

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may add records and change them, which an import does."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    # Export

    @admin.action(permissions=["view"], description=gettext_lazy("Export as CSV"))
    def export_as_csv(self, request: HttpRequest, queryset: QuerySet) -> Any:
        """Answer with the records that were selected, as CSV."""
        return self.exported("csv", queryset)

    @admin.action(permissions=["view"], description=gettext_lazy("Export as XLSX"))
    def export_as_xlsx(self, request: HttpRequest, queryset: QuerySet) -> Any:
        """Answer with the records that were selected, as XLSX."""
        return self.exported("xlsx", queryset)

    def export_view(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """Answer with the records of the list as it is filtered."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        query = request.GET.copy()
        form = (query.pop(_FORM, None) or ["csv"])[-1]
        if form not in files.FORMATS:
            raise BadRequest("Export as csv or xlsx.")
        request.GET = query  # type: ignore[assignment]
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters as error:
            raise BadRequest("Filter by what the list offers.") from error
        return self.exported(form, rows)

    def exported(self, form: str, rows: QuerySet) -> HttpResponse | StreamingHttpResponse:
        """Return records as a file of a form."""
        kind = self.exchanged_kind
        cells = export_rows(kind, self.model._default_manager.filter(pk__in=rows.values("pk")))
        answer: HttpResponse | StreamingHttpResponse
        title = PLURALS.get(kind, "people")
        if form == "csv":
            answer = StreamingHttpResponse(files.stream(COLUMNS[kind], cells))
        else:
            try:
                answer = HttpResponse(files.write(form, COLUMNS[kind], cells, title))
            except ExchangeError as error:
                raise BadRequest(str(error)) from error
        answer["Content-Type"] = files.content_type(form)
        answer["Content-Disposition"] = f'attachment; filename="{title}.{form}"'
        return answer

    # Import

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file; on POST, read it and show what its import would do."""
        self._require_import(request)
        form = ImportForm(request.POST or None, request.FILES or None)
        problems: list[ExchangeProblem] = []
        if request.method == "POST" and form.is_valid():
            file, sheet = form.cleaned_data["file"], form.cleaned_data["sheet"]
            try:
                table = files.read(file.name or "", file.read(), sheet)
                key = holding.keep(request.user, self.exchanged_kind, table)
            except ExchangeError as error:
                problems = error.problems
            else:
                return HttpResponseRedirect(self._list_address("import_preview", key))
        context = {
            "title": _("Import %(name)s") % {"name": self.opts.verbose_name_plural},
            "form": form,
            "problems": problems[:_MOST_PROBLEMS],
            "columns": COLUMNS[self.exchanged_kind],
            "required": REQUIRED[self.exchanged_kind],
        }
        return self._exchange_page(request, "import", context)

    def preview_view(self, request: HttpRequest, held: str) -> HttpResponse:
        """Show what an import would do; on POST, do exactly that, or throw the file away."""
        self._require_import(request)
        made = holding.held_preview(request.user, self.exchanged_kind, held)
        if made is None:
            return self._gone(request)
        if request.method != "POST":
            return self._import_preview(request, made)
        if "_discard" in request.POST:
            holding.forget(request.user, self.exchanged_kind, held)
            return HttpResponseRedirect(self._list_address("changelist"))
        return self._agreed(request, held, made)

    def _gone(self, request: HttpRequest) -> HttpResponse:
        text = _("This preview is no longer kept. Bring the file again.")
        self.message_user(request, text, messages.WARNING)
        return HttpResponseRedirect(self._list_address("import"))

    def _agreed(self, request: HttpRequest, held: str, made: Preview) -> HttpResponse:
        kind = self.exchanged_kind
        table = holding.held_table(request.user, kind, held)
        if table is None:
            return self._gone(request)
        try:
            # What was read on the page, even where it was previewed anew in another window.
            agreed = request.POST.get("_agreed", "") or "nothing"
            stored = carry_out(kind, table, request.user.get_username(), agreed)
        except (Conflict, ExchangeError) as error:
            holding.keep(request.user, kind, table, key=held)
            again = holding.held_preview(request.user, kind, held)
            told = str(error) if isinstance(error, Conflict) else _("Some rows are refused.")
            return self._import_preview(request, again or made, told)
        holding.forget(request.user, kind, held)
        self.message_user(request, _told(stored), messages.SUCCESS)
        return HttpResponseRedirect(self._list_address("changelist"))

    def _import_preview(
        self, request: HttpRequest, made: Preview, conflict: str = ""
    ) -> HttpResponse:
        counts = made.counts
        asked = request.GET.get("show", "")
        shown = asked if counts.get(asked) else next((o for o in OUTCOMES if counts[o]), REFUSED)
        lines = [line for line in made.lines if line.outcome == shown]
        # What wants a look comes first.
        lines.sort(key=lambda line: not (line.alike or line.notes))
        page: Page[Line] = Paginator(lines, _A_PAGE).get_page(request.GET.get("p"))
        moved = [line for line in made.lines if line.leaves]
        context = {
            "title": _("Import of %(name)s") % {"name": made.name or _("a file")},
            "preview": made,
            "conflict": conflict,
            "tabs": [
                Tab(outcome, str(OUTCOME_NAMES[outcome]), counts[outcome], outcome == shown)
                for outcome in OUTCOMES
            ],
            "counts": counts,
            "outcome": shown,
            "page": page,
            "alike": sum(bool(line.alike) for line in made.lines),
            "noted": sum(bool(line.notes) for line in made.lines),
            "published": sum(line.leaves == "published" for line in moved),
            "leaving": len(moved),
            "countries": [country_name(code, get_language() or "en") for code in made.countries],
        }
        status = HTTPStatus.CONFLICT if conflict else HTTPStatus.OK
        return self._exchange_page(request, "preview", context, status)

    def _exchange_page(
        self, request: HttpRequest, name: str, context: dict[str, Any], status: int = HTTPStatus.OK
    ) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        template = f"admin/agreements/exchange/{name}.html"
        return TemplateResponse(request, template, {**shared, **context}, status=status)

    def _require_import(self, request: HttpRequest) -> None:
        if not self.has_import_permission(request):
            raise PermissionDenied

    def _list_address(self, page: str, *arguments: str) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=arguments)


def _told(stored: Stored) -> str:
    """Return in words what an import stored."""
    added, changed = len(stored.created), len(stored.changed)
    texts = []
    if added:
        text = ngettext("%(count)d record was added.", "%(count)d records were added.", added)
        texts.append(text % {"count": added})
    if changed:
        text = ngettext("%(count)d record was changed.", "%(count)d records were changed.", changed)
        texts.append(text % {"count": changed})
    texts.append(_("They are drafts.") if texts else _("Nothing was changed."))
    return " ".join(texts)
