"""The pictures in public: the timeline, partners by year, the network, the map; and their files."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from agreements.exceptions import BadParameters
from agreements.pages.addresses import address, api_path, with_query
from agreements.pages.page import PublicPage
from agreements.pictures.forms import PictureForm
from agreements.pictures.selection import PARAMETERS, Selection
from agreements.pictures.shown import CONTENT_TYPES, PICTURES, Leads, Picture


class PicturePage(PublicPage):
    """A picture with the form that narrows it, its table, and what it leaves out."""

    template_name = "pages/picture.html"
    picture: Picture = PICTURES["timeline"]
    # Whether the picture is read apart from the page.
    apart = False

    @property
    def parameters(self) -> tuple[str, ...]:  # type: ignore[override]
        return (*PARAMETERS, *self.picture.parameters)

    @property
    def section(self) -> str:
        return "pictures"

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        form = PictureForm(self.request.GET, self.picture)
        if not form.is_valid():
            raise BadParameters(form.faults)
        shown = self.picture.show(form.selection, form.lanes, self.leads())
        form.offer()
        name = self.picture.name
        question = self.request.GET
        return self.rendered(
            {
                "form": form,
                "shown": shown,
                "files": [
                    (ending, with_query(address(f"{name}-file", ending), question))
                    for ending in CONTENT_TYPES
                ],
                "in_api": self.request.build_absolute_uri(
                    with_query(api_path("engagements"), form.selection.parameters)
                ),
            }
        )

    def refuse(self, error: BadParameters) -> HttpResponseBase:
        form = PictureForm(self.request.GET, self.picture)
        form.is_valid()
        form.offer()
        return self.rendered({"form": form}, HTTPStatus.BAD_REQUEST)

    def frame(self) -> dict[str, Any]:
        as_of = self.request.GET.get("as_of", "") if self.moment else ""
        pictures = [
            (each.label, address(each.name, as_of=as_of), each is self.picture)
            for each in PICTURES.values()
        ]
        return {
            **super().frame(),
            "title": self.picture.label,
            "about": self.picture.about,
            "name": self.picture.name,
            "pictures": pictures,
        }

    def leads(self) -> Leads:
        """Marks lead to the records' pages, and numbers to the search that finds as many."""
        as_of = self.request.GET.get("as_of", "")
        return Leads(
            records=lambda _picture: (
                lambda kind, slug: self.whole(address("record", kind, slug, as_of=as_of))
            ),
            listed=lambda selection: self.whole(self.search(selection)),
            headed=self.apart,
        )

    @staticmethod
    def search(selection: Selection) -> str:
        return with_query(address("search"), selection.parameters)

    def whole(self, found: str) -> str:
        return self.request.build_absolute_uri(found) if self.apart else found


class PictureFile(PicturePage):
    """The drawing or its table, to keep and to show elsewhere."""

    apart = True

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        form = PictureForm(self.request.GET, self.picture)
        if not form.is_valid():
            raise BadParameters(form.faults)
        shown = self.picture.show(form.selection, form.lanes, self.leads())
        ending = kwargs["ending"]
        response = HttpResponse(shown.as_file(ending), content_type=CONTENT_TYPES[ending])
        response["Content-Disposition"] = f'inline; filename="{self.picture.name}.{ending}"'
        return response

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        response = super().get(request, **kwargs)
        # Pages elsewhere show it, as they may read the API.
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def refuse(self, error: BadParameters) -> HttpResponseBase:
        text = "\n".join(f"{name}: {fault}" for name, fault in error.faults.items())
        return HttpResponse(
            text, status=HTTPStatus.BAD_REQUEST, content_type="text/plain; charset=utf-8"
        )


def routes() -> list[URLPattern]:
    """Return the addresses of each picture and of its files."""
    found = []
    for name, picture in PICTURES.items():
        found.append(path(f"{name}/", PicturePage.as_view(picture=picture), name=name))
        file = PictureFile.as_view(picture=picture)
        found.append(path(f"{name}.<file:ending>", file, name=f"{name}-file"))
    return found
