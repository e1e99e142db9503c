"""The queues as the admin shows them: counted on its front page, each on a page of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.views.decorators.http import require_safe

from agreements.admin.addresses import desk_address
from agreements.admin.searches import noting_address
from agreements.admin.strict import SEARCH_WORDS
from agreements.models import Change
from agreements.queues import GROUPS, QUEUES, Counted, Queue, Reader, Sought, Waiting
from agreements.queues.queue import MOST_LISTED, Link
from agreements.queues.tables import looked_up
from agreements.records import KINDS_OF_RECORD

_A_PAGE = 50
_LONGEST_TERM = 200
_VIEW_CHANGES = "agreements.view_change"
# The changes that the front page groups, and the groups that it shows.
_LATEST = 50
_MOST_GROUPS = 6
_NAMED = 2


@dataclass(frozen=True)
class Box:
    """A queue on the front page: where it is, what it is, and how many rows it has."""

    queue: Queue
    address: str
    counted: Counted


@dataclass(frozen=True)
class Number:
    """A number that a series lacks, the searches for it, and where another one is noted."""

    number: int
    sought: Sought | None
    note: str


@dataclass(frozen=True)
class Row:
    """A row of a queue, with the addresses that it leads to."""

    waiting: Waiting
    address: str
    also: list[tuple[str, str]]
    note: str
    numbers: list[Number]

    @property
    def sought_numbers(self) -> list[Number]:
        """The missing numbers that somebody looked for."""
        return [each for each in self.numbers if each.sought]

    @property
    def may_note_numbers(self) -> bool:
        """Whether a search may be noted against any of its numbers."""
        return any(each.note for each in self.numbers)


@dataclass(frozen=True)
class Happened:
    """Changes that somebody made on end: the last of them, and the records, the first named."""

    change: Change
    records: list[tuple[str, str]]
    more: int


@admin.site.admin_view
def front_page(request: HttpRequest) -> HttpResponse:
    """GET: what waits for whoever reads it, then everything that the desk has."""
    reader = Reader.of(request.user)
    groups = [(name, list(_boxes(reader, queues))) for name, queues in GROUPS]
    context = {
        "queues": [(name, boxes) for name, boxes in groups if boxes],
        "latest": latest_changes(reader) if request.user.has_perm(_VIEW_CHANGES) else [],
    }
    return admin.site.index(request, context)


@admin.site.admin_view
@require_safe
def queue_page(request: HttpRequest, key: str) -> HttpResponse:
    """GET: the rows of a queue, `p` the page, `kind` one kind of record, `q` words of their titles.

    404 for a queue that there is not, 403 for one that is not the reader's.
    """
    found, reader = QUEUES.get(key), Reader.of(request.user)
    if found is None:
        raise Http404
    if not found.open_to(reader):
        raise PermissionDenied
    if found.page:
        return HttpResponseRedirect(reverse(found.page))
    kind, words = _asked(request, found, reader)
    rows = found.rows(reader, found.narrowed(reader, kind, words))
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("p"))
    may_note = request.user.has_perm("agreements.add_fruitlesssearch")
    kinds = found.kinds_for(reader)
    context = {
        **admin.site.each_context(request),
        "title": found.name,
        "queue": found,
        "page": page,
        "most": number_format(MOST_LISTED, force_grouping=True),
        "more": page.paginator.count > MOST_LISTED,
        "rows": [_row(each, may_note) for each in found.shown(page.object_list)],
        "kind": kind,
        "kinds": [(each, _plural(each)) for each in kinds] if len(kinds) > 1 else [],
        "words": words,
    }
    return TemplateResponse(request, "admin/agreements/queues/queue.html", context)


def _boxes(reader: Reader, queues: tuple[Queue, ...]) -> Iterator[Box]:
    for each in queues:
        if each.open_to(reader):
            address = reverse(each.page) if each.page else reverse("queue", args=[each.key])
            yield Box(each, address, each.count(reader))


def _asked(request: HttpRequest, found: Queue, reader: Reader) -> tuple[str, str]:
    """Return the kind and the words that an address asks for; refuse what it cannot ask for."""
    kind, words = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    if kind and kind not in found.kinds_for(reader):
        raise BadRequest("kind: choose one of those that the page offers.")
    if len(words) > _LONGEST_TERM:
        raise BadRequest("q: write at most 200 characters.")
    return kind, " ".join(words.split()[:SEARCH_WORDS])


def _plural(kind: str) -> str:
    return str(KINDS_OF_RECORD[kind]._meta.verbose_name_plural)


def _row(waiting: Waiting, may_note: bool) -> Row:
    numbers = [
        Number(
            each.number,
            each.sought,
            _note({**waiting.target, "ordinal": each.number}) if may_note else "",
        )
        for each in waiting.missing
    ]
    whole = bool(waiting.target) and not numbers
    return Row(
        waiting,
        address(waiting.link),
        [(name, address(link)) for name, link in waiting.also],
        _note(waiting.target) if whole and may_note else "",
        numbers,
    )


def _note(target: dict[str, int]) -> str:
    return noting_address(target, from_queue=True)


def address(link: Link) -> str:
    """Return the address of a page of a record that a queue leads to."""
    found = desk_address(link.kind, link.pk, link.page)
    query = f"?{link.query}" if link.query else ""
    return f"{found}{query}{f'#{link.fragment}' if link.fragment else ''}"


def latest_changes(reader: Reader) -> list[Happened]:
    """Return what was changed last on the desk; what one did on end, in one step, is one row."""
    changes = Change.objects.filter(kind__in=reader.kinds).defer("state")[:_LATEST]
    runs = [
        list(run) for _key, run in groupby(changes, key=lambda each: (each.by, each.step, each.way))
    ][:_MOST_GROUPS]
    named = [each for run in runs for each in _named_of(run)]
    records = looked_up((each.kind, each.record_id) for each in named)
    return [
        Happened(
            run[0],
            [_record_of(each, records) for each in _named_of(run)],
            len({(each.kind, each.record_id) for each in run}) - len(_named_of(run)),
        )
        for run in runs
    ]


def _named_of(run: list[Change]) -> list[Change]:
    """Return the changes of a run whose records are named, each record once."""
    return list({(each.kind, each.record_id): each for each in run}.values())[:_NAMED]


def _record_of(change: Change, records: dict[tuple[str, int], Any]) -> tuple[str, str]:
    """Return what a changed record is called, and its address; none for what is gone."""
    record = records.get((change.kind, change.record_id))
    if record is None:
        return change.key, ""
    return str(record), desk_address(change.kind, record.pk)
