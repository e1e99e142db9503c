"""The pictures on the desk: a page for each, and its drawing and its table as files."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from agreements.admin.addresses import desk_address
from agreements.models import Engagement
from agreements.pictures import links
from agreements.pictures.forms import PictureForm
from agreements.pictures.shown import CONTENT_TYPES, PICTURES, Leads, Records, version
from agreements.pictures.timeline import Timeline

VIEW = "agreements.view_publication"


def _on_the_desk(picture: Timeline) -> Records:
    """Return where records are edited; one query for all of them."""
    entries = [*picture.without_date, *(each for lane in picture.lanes for each in lane.entries)]
    slugs = {entry.slug for entry in entries}
    keys = dict(Engagement.objects.filter(slug__in=slugs).values_list("slug", "pk"))

    def address(kind: str, slug: str) -> str | None:
        return desk_address(kind, keys[slug]) if slug in keys else None

    return address


def _in_files(request: HttpRequest) -> Leads:
    """A file is read elsewhere, so that it leads to the API."""
    whole = request.build_absolute_uri
    return Leads(
        records=lambda _picture: lambda kind, slug: whole(links.record(kind, slug)),
        listed=lambda selection: whole(links.listed(selection)),
        headed=True,
    )


def page(request: HttpRequest, name: str) -> HttpResponse:
    """GET: the picture with its form and its tables; 400 with the form where that is wrong."""
    picture = PICTURES[name]
    form = PictureForm(request.GET, picture)
    shown = None
    if form.is_valid():
        leads = Leads(records=_on_the_desk, listed=links.listed)
        shown = picture.show(form.selection, form.lanes, leads)
    form.offer()
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
            for kind in CONTENT_TYPES
        ],
        "name": name,
    }
    status = HTTPStatus.OK if shown else HTTPStatus.BAD_REQUEST
    return render(request, "admin/agreements/pictures/page.html", context, status=status)


def file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """GET: the drawing or its table; 400 where it is asked for wrongly."""
    picture = PICTURES[name]
    form = PictureForm(request.GET, picture)
    if not form.is_valid():
        text = "\n".join(
            f"{field}: {' '.join(map(str, each))}" for field, each in form.errors.items()
        )
        return HttpResponse(
            text, status=HTTPStatus.BAD_REQUEST, content_type="text/plain; charset=utf-8"
        )
    etag = quote_etag(f"{name}-{kind}-{get_language()}-{version()}")
    response = get_conditional_response(request, etag=etag)
    if response is None:
        shown = picture.show(form.selection, form.lanes, _in_files(request))
        response = HttpResponse(shown.as_file(kind), content_type=CONTENT_TYPES[kind])
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
        for kind in CONTENT_TYPES:
            one = require_safe(_for_viewers(partial(file, name=name, kind=kind)))
            # An answer may be kept, as long as it is asked whether it still holds.
            view = admin.site.admin_view(one, cacheable=True)
            found.append(path(f"{name}.{kind}", view, name=f"picture_{name}_{kind}"))
    return found


urlpatterns = _routes()
