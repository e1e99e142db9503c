"""The pictures on the desk: a page for each, and its drawing and its table as files."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from agreements.admin.addresses import desk_address
from agreements.admin.picture_forms import SelectionForm, TimelineForm
from agreements.models import Engagement
from agreements.pictures import links, tables, words
from agreements.pictures.drawing import matrix as matrix_drawing
from agreements.pictures.drawing import network as network_drawing
from agreements.pictures.drawing import svg
from agreements.pictures.drawing import timeline as timeline_drawing
from agreements.pictures.matrix import matrix
from agreements.pictures.network import network
from agreements.pictures.selection import Selection, version
from agreements.pictures.timeline import BY_KIND, Timeline, timeline

VIEW = "agreements.view_publication"

# Makes an address whole, for a file that is read elsewhere; None on a page of the desk.
Whole = Callable[[str], str] | None


@dataclass(frozen=True)
class Shown:
    """A picture with its tables, the first of which is also a file; no drawing: nothing to draw."""

    title: str
    drawing: str
    tables: tuple[tables.Table, ...]
    notes: tuple[str, ...] = ()

    @property
    def svg(self) -> SafeString:
        # ElementTree escaped whatever came from records.
        return mark_safe(self.drawing)  # noqa: S308


def _read(data: Callable[..., Any], *asked: Any) -> Any:
    """Return a picture's data, read once for as long as the ledger stays as it is."""
    return _kept(data, asked, version(), get_language())


@lru_cache(maxsize=32)
def _kept(data: Callable[..., Any], asked: tuple, _version: str, _language: str | None) -> Any:
    return data(*asked)


def _timeline(selection: Selection, form: SelectionForm, whole: Whole) -> Shown:
    picture = _read(timeline, selection, form.cleaned_data["by"] or BY_KIND)
    if whole is None:
        address = _on_the_desk(picture)
    else:

        def address(kind: str, slug: str) -> str | None:
            return whole(links.record(kind, slug))

    empty = not picture.dated and not picture.undated
    return Shown(
        words.timeline_title(picture),
        "" if empty else timeline_drawing.draw(picture, address, headed=whole is not None),
        (tables.of_timeline(picture, address),),
        tuple(words.timeline_notes(picture)),
    )


def _on_the_desk(picture: Timeline) -> Callable[[str, str], str | None]:
    """Return where records are edited; one query for all of them."""
    entries = [*picture.without_date, *(each for lane in picture.lanes for each in lane.entries)]
    slugs = {entry.slug for entry in entries}
    keys = dict(Engagement.objects.filter(slug__in=slugs).values_list("slug", "pk"))

    def address(kind: str, slug: str) -> str | None:
        return desk_address(kind, keys[slug]) if slug in keys else None

    return address


def _matrix(selection: Selection, form: SelectionForm, whole: Whole) -> Shown:
    picture = _read(matrix, selection)

    def address(row: matrix_drawing.Row | None, column: matrix_drawing.Column | None) -> str | None:
        found = links.cell(picture, row, column)
        return whole(found) if found and whole else found

    return Shown(
        words.matrix_title(picture),
        matrix_drawing.draw(picture, address, headed=whole is not None) if picture.columns else "",
        (tables.of_matrix(picture, address),),
        tuple(words.matrix_notes(picture)),
    )


def _network(selection: Selection, form: SelectionForm, whole: Whole) -> Shown:
    picture = _read(network, selection)

    def address(tie: network_drawing.Tie) -> str | None:
        found = links.tie(picture, tie)
        return whole(found) if found and whole else found

    return Shown(
        words.network_title(),
        network_drawing.draw(picture, address, headed=whole is not None) if picture.ties else "",
        (tables.of_network(picture, address), tables.of_sides(picture)),
        tuple(words.network_notes(picture)),
    )


@dataclass(frozen=True)
class Picture:
    """One of the pictures: its form, and how it is made."""

    label: Any
    about: Any
    form: type[SelectionForm]
    show: Callable[[Selection, SelectionForm, Whole], Shown]


PICTURES = {
    "timeline": Picture(
        _("Timeline"),
        _("What was agreed, held and planned, and how surely each is dated."),
        TimelineForm,
        _timeline,
    ),
    "matrix": Picture(
        _("Partners by year"),
        _("How often one country or force did something with each of the others."),
        SelectionForm,
        _matrix,
    ),
    "network": Picture(
        _("Network"),
        _("Which forces act with which, and how often."),
        SelectionForm,
        _network,
    ),
}


def page(request: HttpRequest, name: str) -> HttpResponse:
    """GET: the picture with its form and its tables; 400 with the form where that is wrong."""
    picture = PICTURES[name]
    form = picture.form(request.GET)
    shown = picture.show(form.selection(), form, None) if form.is_valid() else None
    query = request.GET.urlencode()
    context = {
        **admin.site.each_context(request),
        "title": picture.label,
        "about": picture.about,
        "form": form,
        "shown": shown,
        "pictures": [
            (each.label, reverse(f"picture_{key}"), key == name) for key, each in PICTURES.items()
        ],
        "files": [
            (kind, reverse(f"picture_{name}_{kind}") + (f"?{query}" if query else ""))
            for kind in FILES
        ],
        "name": name,
    }
    status = HTTPStatus.OK if shown else HTTPStatus.BAD_REQUEST
    return render(request, "admin/agreements/pictures/page.html", context, status=status)


def _svg(shown: Shown) -> HttpResponse:
    drawing = shown.drawing or svg.blank(shown.title, words.nothing())
    return HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")


def _csv(shown: Shown) -> HttpResponse:
    # Spreadsheets take a file for UTF-8 by its byte-order mark.
    return HttpResponse(f"\ufeff{shown.tables[0].as_csv()}", content_type="text/csv; charset=utf-8")


FILES = {"svg": _svg, "csv": _csv}


def file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """GET: the drawing or its table; 400 where it is asked for wrongly."""
    picture = PICTURES[name]
    form = picture.form(request.GET)
    if not form.is_valid():
        text = "\n".join(
            f"{field}: {' '.join(map(str, each))}" for field, each in form.errors.items()
        )
        return HttpResponse(
            text, status=HTTPStatus.BAD_REQUEST, content_type="text/plain; charset=utf-8"
        )
    selection = form.selection()
    etag = quote_etag(f"{name}-{kind}-{get_language()}-{version()}")
    response = get_conditional_response(request, etag=etag)
    if response is None:
        shown = picture.show(selection, form, request.build_absolute_uri)
        response = FILES[kind](shown)
        response["Content-Disposition"] = f'inline; filename="{name}.{kind}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _for_viewers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view to whoever on the desk may read the ledger."""

    def guarded(request: HttpRequest, **arguments: str) -> HttpResponse:
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        return view(request, **arguments)

    return guarded


def _routes() -> list:
    found = []
    for name in PICTURES:
        view = admin.site.admin_view(require_safe(_for_viewers(partial(page, name=name))))
        found.append(path(f"{name}/", view, name=f"picture_{name}"))
        for kind in FILES:
            one = require_safe(_for_viewers(partial(file, name=name, kind=kind)))
            # An answer may be kept, as long as it is asked whether it still holds.
            view = admin.site.admin_view(one, cacheable=True)
            found.append(path(f"{name}.{kind}", view, name=f"picture_{name}_{kind}"))
    return found


urlpatterns = _routes()
