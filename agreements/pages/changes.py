"""The newest publications, as a page and as feeds."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from agreements.catalogue.changes import ChangeFilterSet, change_of, changes, predecessors
from agreements.catalogue.listings import BY_KIND
from agreements.catalogue.names import Name, name_of
from agreements.catalogue.pages import page_of
from agreements.catalogue.records import revisions_of
from agreements.differences import Difference, differences
from agreements.heads import Head
from agreements.models import Publication
from agreements.pages.addresses import address, api_path, neutral, with_query
from agreements.pages.citing import AUTHORS
from agreements.pages.page import PublicPage
from agreements.pages.words import kind_in_words, kinds_in_words, language_now, short_date
from agreements.text import as_xml

_NEWEST = "-published_at"
_IN_A_FEED = "50"
_CHANGES = {
    "published": gettext_lazy("published"),
    "revised": gettext_lazy("revised"),
    "withdrawn": gettext_lazy("withdrawn"),
    "merged": gettext_lazy("merged into another record"),
}
# The time of an empty ledger.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FILTERS = frozenset(ChangeFilterSet.base_filters)


@dataclass(frozen=True)
class Change:
    """What a row of the ledger did, in words."""

    row: Publication
    body: dict[str, Any]
    before: dict[str, Any] | None

    @property
    def change(self) -> str:
        return change_of(self.row)

    @property
    def text(self) -> str:
        return str(_CHANGES[self.change])

    @property
    def kind_name(self) -> str:
        return kind_in_words(self.row.kind)

    @property
    def name(self) -> Name:
        return name_of(self.body, language_now())

    @property
    def date(self) -> str:
        return short_date(self.body.get("date") or self.body.get("published"))

    @property
    def differences(self) -> list[Difference]:
        """What a revision changed; of anything else, nothing."""
        if self.change != "revised" or self.before is None:
            return []
        return differences(self.row.kind, self.before, self.body)

    @property
    def fields(self) -> str:
        """What a revision changed, by name only."""
        return ", ".join(dict.fromkeys(each.label for each in self.differences))


def change_entries(rows: Sequence[Publication]) -> list[Change]:
    """Return rows of the ledger with what each followed, which one query finds."""
    followed = predecessors(rows)
    found = []
    for row in rows:
        before = followed.get((row.kind, row.slug, row.revision - 1))
        found.append(Change(row, row.body_data, before.body_data if before else None))
    return found


class ChangesPage(PublicPage):
    """Whatever was published, revised, withdrawn or merged, the newest first."""

    template_name = "pages/changes.html"
    parameters: Collection[str] = FILTERS | {"as_of", "cursor", "page_size"}

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        query = self.request.GET
        page = page_of(changes(query), query, self.request.build_absolute_uri(), _NEWEST)
        asked = {name: values for name, values in query.lists() if name in FILTERS}
        path = self.request.build_absolute_uri(api_path("changes"))
        return self.rendered(
            {
                "page": page,
                "changes": change_entries(page.rows),
                "asked": asked,
                "kinds": [(kind, kinds_in_words(kind)) for kind in BY_KIND],
                "chosen": query.get("kind", ""),
                "in_api": with_query(path, {**asked, "as_of": query.get("as_of")}),
                "feed": address("feed", **asked),
            }
        )


class LedgerAtom(Atom1Feed):
    """Atom whose time is the ledger's and never the clock's: the same rows are the same bytes."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=self.feed["stands_at"])


class LedgerFeed(Feed):
    """Rows of the ledger as entries."""

    feed_type = LedgerAtom
    author_name = AUTHORS

    def __init__(
        self, title: str, link: str, feed_url: str, rows: Sequence[Publication], head: Head
    ):
        self.title = as_xml(title)
        self.link = link
        self.feed_url = feed_url
        self.rows = rows
        self.head = head

    def feed_extra_kwargs(self, obj: Any) -> dict[str, Any]:
        return {"stands_at": self.head.published_at or _EPOCH}

    def get_object(self, request: Any, *args: Any, **kwargs: Any) -> None:
        self.request = request

    def items(self) -> Iterable[Change]:
        return change_entries(self.rows)

    def item_title(self, item: Change) -> str:
        words = {"kind": capfirst(item.kind_name), "title": item.name.text, "change": item.text}
        return as_xml(gettext("%(kind)s %(change)s: %(title)s") % words)

    def item_description(self, item: Change) -> str:
        return escape(as_xml(self._description(item)))

    def _description(self, item: Change) -> str:
        row = item.row
        if row.reason:
            return row.reason
        if item.fields:
            return gettext("Changed: %(fields)s.") % {"fields": item.fields}
        return ". ".join(filter(None, (item.date, item.body.get("summary"))))

    def item_link(self, item: Change) -> str:
        row = item.row
        if row.state == Publication.State.PUBLISHED:
            return address("revision", row.kind, row.slug, row.revision)
        return address("revisions", row.kind, row.slug)

    def item_guid(self, item: Change) -> str:
        row = item.row
        path = neutral(address("revision", row.kind, row.slug, row.revision))
        return get_tag_uri(self.request.build_absolute_uri(path), row.published_at)

    def item_pubdate(self, item: Change) -> datetime:
        return item.row.published_at

    item_updateddate = item_pubdate

    def item_categories(self, item: Change) -> tuple[str, str]:
        return item.row.kind, item.change


class ChangesFeed(PublicPage):
    """The newest rows that filters leave; the API's own."""

    parameters: Collection[str] = FILTERS | {"as_of", "page_size"}

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        query = self.request.GET.copy()
        query.setdefault("page_size", _IN_A_FEED)
        rows = page_of(changes(query), query, "", _NEWEST).rows
        return self.fed(gettext("Changes of the maritime bilateral agreements"), "changes", rows)

    def fed(
        self, title: str, page: str, rows: Sequence[Publication], *args: str
    ) -> HttpResponseBase:
        """Return rows as a feed that belongs to a page."""
        assert self.ledger_head is not None
        asked = {name: values for name, values in self.request.GET.lists() if name in FILTERS}
        link = address(page, *args, **asked)
        return LedgerFeed(title, link, self.request.get_full_path(), rows, self.ledger_head)(
            self.request
        )


class RecordFeed(ChangesFeed):
    """All that was written of one record."""

    parameters = ("as_of",)

    def respond(self, **kwargs: Any) -> HttpResponseBase:
        kind, key = kwargs["kind"], kwargs["key"]
        rows = revisions_of(BY_KIND[kind], key, self.moment)[::-1]
        if not rows:
            raise Http404
        title = name_of(rows[0].body_data, language_now()).text
        return self.fed(title, "record", rows, kind, key)
