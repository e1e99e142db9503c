"""The first two pages: the file, and what it is: what kind of records, of which document."""

from http import HTTPStatus

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements import workflow
from agreements.admin.imports.steps import ImportPage, address, may_import
from agreements.admin.workbench.forms import form_field
from agreements.exceptions import ExchangeError, ExchangeProblem
from agreements.exchange import files
from agreements.exchange.foreign import waiting
from agreements.exchange.foreign.mapping import Mapping, digest_of_headers
from agreements.exchange.foreign.profile import profile
from agreements.exchange.foreign.proposing import propose
from agreements.exchange.foreign.reading import ENCODINGS, UTF_8, read_foreign
from agreements.history import Way
from agreements.models import Document, EngagementKind, ImportMapping

_OFFERED = 500
_PARTICULARS = ("title", "slug", "publisher", "author", "language", "published", "url")


class FileForm(forms.Form):
    """The file of a data set."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or XLSX with the names of the columns in the first row."),
        widget=forms.FileInput({"accept": ".csv,.xlsx,.txt,.tsv"}),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        choices=list(ENCODINGS.items()),
        initial=UTF_8,
        required=False,
        help_text=gettext_lazy("Of a CSV file. Old files are often in Windows-1252."),
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
            raise ValidationError(text % {"count": files.MOST_BYTES // 1_000_000})
        return file


class BeginForm(forms.Form):
    """What a data set is."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What to remember this mapping by, for the next file."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Each row is"),
        choices=EngagementKind.choices,
        widget=forms.RadioSelect,
    )
    held = forms.CharField(
        label=gettext_lazy("The data set, where it is a document of the desk already"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"list": "documents", "autocomplete": "off"}),
        help_text=gettext_lazy("Its slug. Leave it empty to write a new document below."),
    )

    def clean_name(self) -> str:
        """Refuse a name that another mapping has."""
        name = self.cleaned_data["name"]
        if ImportMapping.objects.filter(name=name).exists():
            raise ValidationError(_("Another mapping has this name."))
        return name

    def clean_held(self) -> Document | None:
        """Return the document of a slug."""
        slug = self.cleaned_data["held"]
        found = Document.objects.filter(slug=slug).first() if slug else None
        if slug and found is None:
            raise ValidationError(_("There is no such document; write a slug of the list."))
        return found


class DocumentForm(forms.ModelForm):
    """The particulars of a data set that is not on the desk yet."""

    class Meta:
        model = Document
        fields = _PARTICULARS
        formfield_callback = form_field

    prefix = "document"
    use_required_attribute = False


def upload_page(request: HttpRequest) -> HttpResponse:
    """Ask for a file; on POST, keep it, and go on where its mapping is known to lead."""
    if not may_import(request):
        raise PermissionDenied
    form = FileForm(request.POST or None, request.FILES or None)
    problems: list[ExchangeProblem] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            table = read_foreign(
                told["file"].name or "",
                told["file"].read(),
                told["encoding"] or UTF_8,
                told["sheet"],
            )
        except ExchangeError as error:
            problems = error.problems[:200]
        else:
            found = waiting.keep(request.user, table)
            known = known_mappings(table.headers)
            if not known:
                return HttpResponseRedirect(address("begin", found.key))
            found.mapping = known[0].pk
            waiting.save(found)
            return HttpResponseRedirect(address("check", found.key))
    context = {
        **admin.site.each_context(request),
        "opts": ImportMapping._meta,
        "title": _("Import a data set"),
        "form": form,
        "problems": problems,
        "known": ImportMapping.objects.select_related("document")[:50],
    }
    status = HTTPStatus.BAD_REQUEST if problems or form.errors else HTTPStatus.OK
    return render(request, "admin/agreements/imports/upload.html", context, status=status)


def known_mappings(headers: list[str]) -> list[ImportMapping]:
    """Return the mappings of files with the same header row, the one last edited first."""
    rows = ImportMapping.objects.filter(headers=digest_of_headers(headers))
    return list(rows.select_related("document").order_by("-edited_at")[:20])


class Begin(ImportPage):
    """What the file is. POST makes a mapping, with what can be proposed, or takes a known one."""

    step = "begin"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        initial = {"name": self.waiting.table.name.rpartition(".")[0][:100]}
        language = {"language": "en"}
        return self._page(BeginForm(initial=initial), DocumentForm(initial=language))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        for row in known_mappings(self.waiting.table.headers):
            if request.POST.get("use") == str(row.pk):
                return self._take(row, "check")
        form = BeginForm(request.POST)
        is_new = not request.POST.get("held", "").strip()
        of_document = DocumentForm(request.POST if is_new else None)
        if not form.is_valid() or (is_new and not of_document.is_valid()):
            return self._page(form, of_document, HTTPStatus.BAD_REQUEST)
        if not may_import(request, form.cleaned_data["kind"]):
            raise PermissionDenied
        return self._take(self._made(form, of_document), "columns")

    @transaction.atomic
    def _made(self, form: BeginForm, of_document: DocumentForm) -> ImportMapping:
        document, by = form.cleaned_data["held"], self.request.user.get_username()
        if document is None:
            document = of_document.save()
            workflow.record_creation(document, by, Way.FORM)
        headers = self.waiting.table.headers
        mapping = Mapping(form.cleaned_data["kind"], document.slug)
        propose(mapping, profile(self.waiting.table), headers)
        return ImportMapping.objects.create(
            name=form.cleaned_data["name"],
            kind=mapping.kind,
            document=document,
            headers=digest_of_headers(headers),
            settings=mapping.as_json(),
            edited_by=by,
        )

    def _take(self, row: ImportMapping, step: str) -> HttpResponse:
        self.waiting.mapping = row.pk
        waiting.save(self.waiting)
        return self.on(step)

    def _page(
        self, form: BeginForm, of_document: DocumentForm, status: int = HTTPStatus.OK
    ) -> HttpResponse:
        documents = Document.objects.order_by("title").values_list("slug", "title")[:_OFFERED]
        context = {
            "form": form,
            "of_document": of_document,
            "documents": documents,
            "known": known_mappings(self.waiting.table.headers),
        }
        return self.page(context, status)
