"""How the data set, a record, and one revision of it are cited."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext

from agreements import ledger
from agreements.catalogue.records import Record, revision_of
from agreements.heads import Head
from agreements.models import Publication
from agreements.pages.addresses import address, permalink, with_query
from agreements.pages.page import PublicPage
from agreements.pages.records import OfRecord
from agreements.pages.words import kind_in_words

AUTHORS = "The coastguard-agreements contributors"
DATA_SET = "Maritime bilateral agreements"
_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    }
)


@dataclass(frozen=True)
class Work:
    """What is cited: exactly this state, at an address that keeps it."""

    key: str
    title: str
    version: str
    published_at: datetime
    sha256: str
    address: str
    within: str = ""

    @property
    def day(self) -> datetime:
        return self.published_at.astimezone(UTC)

    @property
    def sentence(self) -> str:
        """The work in one sentence, for a list of references."""
        made = f"{self.version}, {ledger.instant(self.published_at)}"
        title = f"{self.title} [data set], {made}"
        if self.within:
            place = gettext("In: %(work)s") % {"work": f"{self.within} [data set]"}
            title = f"{self.title}. {place}, {made}"
        who = f"{AUTHORS} ({self.day.year})"
        return f"{who}. {title}. {self.address}. SHA-256 {self.sha256}."

    @property
    def note(self) -> str:
        return f"{self.version}, {ledger.instant(self.published_at)}, SHA-256 {self.sha256}"


def bibtex(work: Work) -> str:
    """Return an entry for BibTeX and BibLaTeX, in UTF-8."""
    fields = {
        "author": f"{{{_escaped(AUTHORS)}}}",
        "title": f"{{{_escaped(work.title)}}}",
        "howpublished": _escaped(work.within or "Data set"),
        "year": str(work.day.year),
        "month": str(work.day.month),
        "version": _escaped(work.version),
        "note": _escaped(work.note),
        "url": work.address,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{work.key},\n{lines}}}\n"


def _escaped(text: str) -> str:
    return " ".join(text.split()).translate(_BIBTEX)


def ris(work: Work) -> str:
    """Return an entry as reference managers import it."""
    fields = [
        ("TY", "DATA"),
        ("ID", work.key),
        ("AU", AUTHORS),
        ("TI", work.title),
        ("T2", work.within),
        ("PY", str(work.day.year)),
        ("DA", work.day.strftime("%Y/%m/%d")),
        ("ET", work.version),
        ("UR", work.address),
        ("N1", f"SHA-256 {work.sha256}"),
        ("ER", ""),
    ]
    shown = [(tag, " ".join(value.split())) for tag, value in fields if value or tag == "ER"]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in shown)


def csl_json(work: Work) -> str:
    """Return an entry in the form that citation processors read."""
    item: dict[str, Any] = {
        "id": work.key,
        "type": "dataset",
        "title": work.title,
        "author": [{"literal": AUTHORS}],
        "issued": {"date-parts": [[work.day.year, work.day.month, work.day.day]]},
        "version": work.version,
        "URL": work.address,
        "note": f"SHA-256 {work.sha256}",
    }
    if work.within:
        item["container-title"] = work.within
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


class Form(NamedTuple):
    """A form in which citations are written."""

    name: str
    write: Callable[[Work], str]
    media_type: str


# By the ending of its address.
FORMS = {
    "bib": Form("BibTeX", bibtex, "application/x-bibtex"),
    "ris": Form("RIS", ris, "application/x-research-info-systems"),
    "json": Form("CSL-JSON", csl_json, "application/vnd.citationstyles.csl+json"),
}


def in_every_form(work: Work, page: str, query: QueryDict, *args: Any) -> list[dict[str, str]]:
    """Return a citation in every form, and where each is found as a file."""
    return [
        {
            "name": form.name,
            "text": form.write(work),
            "address": with_query(address(page, *args, ending), query),
        }
        for ending, form in FORMS.items()
    ]


def written(work: Work, form: str) -> HttpResponse:
    """Return a citation as a file."""
    _, write, media_type = FORMS[form]
    response = HttpResponse(write(work), content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{work.key}.{form}"'
    return response


class CitedRecord(OfRecord):
    """How a record is cited: the revision that stands, at the address that keeps it."""

    template_name = "pages/cite_record.html"

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        record = self.record()
        response = self.elsewhere(record)
        if response is not None:
            return response
        work = self.work(record.row)
        form = kwargs.get("form")
        if form:
            return written(work, form)
        return self.rendered(
            {
                **self.of_record(record.row, record.data()),
                "work": work,
                "texts": self.texts(work, record.row),
            }
        )

    def texts(self, work: Work, row: Publication) -> list[dict[str, str]]:
        return in_every_form(work, "record-cite-file", self.request.GET, row.kind, row.slug)

    def work(self, row: Publication) -> Work:
        kind = kind_in_words(row.kind)
        return Work(
            f"{row.kind}-{row.slug}-r{row.revision}",
            f"{row.title} ({kind})",
            gettext("revision %(number)s") % {"number": row.revision},
            row.published_at,
            row.sha256,
            permalink(self.request, row.kind, row.slug, row.revision),
            DATA_SET,
        )


class CitedRevision(CitedRecord):
    """How one revision is cited."""

    parameters = ()
    unchanging = True

    def record(self) -> Record:
        found = revision_of(self.listing, self.kwargs["key"], self.kwargs["revision"])
        if found is None:
            raise Http404
        return found

    def elsewhere(self, record: Record) -> HttpResponseBase | None:
        return None if record.published else self.gone(record.row)

    def texts(self, work: Work, row: Publication) -> list[dict[str, str]]:
        args = (row.kind, row.slug, row.revision)
        return in_every_form(work, "revision-cite-file", self.request.GET, *args)


class CitePage(PublicPage):
    """How the data set is cited, as it stands or as it stood at a moment."""

    template_name = "pages/cite.html"

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        head = self.ledger_head
        work = self.work(head) if head and head.published_at else None
        form = kwargs.get("form")
        if form and work is None:
            raise Http404
        if form and work:
            return written(work, form)
        texts = in_every_form(work, "cite-file", self.request.GET) if work else []
        return self.rendered({"work": work, "texts": texts})

    def work(self, head: Head) -> Work:
        assert head.published_at is not None
        moment = ledger.instant(head.published_at)
        return Work(
            f"maritime-bilateral-agreements-{head.sequence}",
            DATA_SET,
            gettext("row %(number)s of its ledger") % {"number": head.sequence},
            head.published_at,
            head.sha256,
            self.request.build_absolute_uri(f"/?as_of={moment}"),
        )
