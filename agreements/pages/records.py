"""A record, its past, and each of its revisions."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from agreements.catalogue.changes import change_of
from agreements.catalogue.listings import BY_KIND, Listing
from agreements.catalogue.names import name_of, named_in, names_of
from agreements.catalogue.records import Record, record_at, revision_of, revisions_of
from agreements.differences import differences
from agreements.models import Publication
from agreements.pages.addresses import address, api_path, permalink, with_query
from agreements.pages.around import LISTED, Around
from agreements.pages.entries import Entry
from agreements.pages.facts import facts_of, stated, unstated
from agreements.pages.page import PublicPage
from agreements.pages.words import kind_in_words, language_now


class OfRecord(PublicPage):
    """A page about one record. Its key is the slug, or of a country the code in capitals."""

    @property
    def listing(self) -> Listing:
        return BY_KIND[self.kwargs["kind"]]

    def record(self) -> Record:
        """Return the record that the address names, in whatever state it is."""
        found = record_at(self.listing, self.kwargs["key"], self.moment)
        if found is None:
            raise Http404
        return found

    def elsewhere(self, record: Record) -> HttpResponseBase | None:
        """Return the answer for a record that is merged or withdrawn, None for one that stands."""
        if record.published:
            return None
        if record.merged:
            heir = record.heir()
            return HttpResponsePermanentRedirect(self._same_page_of(heir.slug))
        return self.gone(record.row)

    def gone(self, row: Publication) -> HttpResponseBase:
        """Return the page that says that, when and why a record was withdrawn."""
        context = {"row": row, "kind_name": kind_in_words(row.kind)}
        return self.rendered(context, HTTPStatus.GONE, "pages/gone.html")

    def _same_page_of(self, key: str) -> str:
        match = self.request.resolver_match
        assert match is not None
        path = reverse(match.view_name, kwargs={**self.kwargs, "key": key})
        return with_query(path, self.request.GET)

    def get(self, request: Any, **kwargs: Any) -> HttpResponseBase:
        code = kwargs["key"].upper()
        if kwargs["kind"] == "country" and code != kwargs["key"]:
            return self.public(HttpResponsePermanentRedirect(self._same_page_of(code)))
        return super().get(request, **kwargs)

    def of_record(self, row: Publication, body: dict[str, Any]) -> dict[str, Any]:
        """Return what every page about a record shows of it."""
        kind, name = row.kind, name_of(body, language_now())
        return {
            "kind": kind,
            "key": row.slug,
            "row": row,
            "record": body,
            "name": name,
            "title": name.text,
            "kind_name": kind_in_words(kind),
            "permalink": permalink(self.request, kind, row.slug),
            "revision_permalink": permalink(self.request, kind, row.slug, row.revision),
        }


class RecordPage(OfRecord):
    """What a record says, the passages it rests on, and what belongs to it."""

    template_name = "pages/record.html"

    @property
    def parameters(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("as_of", "cursor") if self.kwargs["kind"] in LISTED else ("as_of",)

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        record = self.record()
        response = self.elsewhere(record)
        if response is not None:
            return response
        query, body = self.request.GET, record.data()
        around = Around(
            record,
            body,
            query.get("as_of", ""),
            query.get("cursor", ""),
            self.request.build_absolute_uri(),
        )
        in_api = api_path(self.listing.name, record.row.slug)
        return self.rendered(
            {
                **self.of_record(record.row, body),
                **said(record, body),
                **around.shown(),
                "around": f"pages/around/{record.row.kind}.html",
                "feed": address("record-feed", record.row.kind, record.row.slug),
                "in_api": self.request.build_absolute_uri(
                    with_query(in_api, {"as_of": query.get("as_of")})
                ),
            }
        )


class RevisionPage(OfRecord):
    """One revision, as it was published: it never changes."""

    template_name = "pages/record.html"
    parameters = ()
    unchanging = True

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        record = revision_of(self.listing, kwargs["key"], kwargs["revision"])
        if record is None:
            raise Http404
        if not record.published:
            return self.gone(record.row)
        body = record.data()
        number = str(record.row.revision)
        in_api = api_path(self.listing.name, record.row.slug, "revisions", number)
        return self.rendered(
            {
                **self.of_record(record.row, body),
                **said(record, body),
                "around": "pages/around/nothing.html",
                "in_api": self.request.build_absolute_uri(in_api),
            }
        )


class RevisionsPage(OfRecord):
    """A record's past: what each revision changed."""

    template_name = "pages/revisions.html"

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        rows = revisions_of(self.listing, kwargs["key"], self.moment)
        if not rows:
            raise Http404
        past, before = [], None
        for row in rows:
            body = row.body_data
            past.append(
                {
                    "row": row,
                    "change": change_of(row),
                    "differences": differences(row.kind, before, body) if before else [],
                }
            )
            before = body
        last = rows[-1]
        in_api = api_path(self.listing.name, last.slug, "revisions")
        return self.rendered(
            {
                **self.of_record(last, last.body_data),
                "past": past[::-1],
                "feed": address("record-feed", last.kind, last.slug),
                "in_api": self.request.build_absolute_uri(in_api),
            }
        )


def said(record: Record, body: dict[str, Any]) -> dict[str, Any]:
    """Return a record's values with their passages, named as they were when it stood."""
    kind = record.row.kind
    names = names_of(record.standing, set(named_in(body)), language_now())
    facts = facts_of(kind, body, names)
    return {
        "entry": Entry(kind, record.row.slug, body, names),
        "facts": stated(facts),
        "unstated": unstated(facts),
        "disputed": any(fact.disputed for fact in facts),
    }
