"""A query, checked, and the rows of the ledger that answer it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, F, Q, QuerySet
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.catalogue import filters
from agreements.catalogue.counted import Counted
from agreements.catalogue.listings import Listing
from agreements.catalogue.pages import (
    ORDERS,
    Led,
    Near,
    Page,
    Section,
    order_names,
    order_of,
    page_of,
)
from agreements.catalogue.parameters import MomentField
from agreements.catalogue.texts import JSONText, Row, record_text
from agreements.databases import in_time, streamed
from agreements.exceptions import BadParameters
from agreements.ledger import NEAR
from agreements.models import Publication
from agreements.models.publications import PublicationQuerySet

# Rows read from the database together where a list is written whole.
AT_A_TIME = 500
ORDER_COLUMNS = ("sequence", "undated", "date_key", "title_key")


@dataclass(frozen=True)
class Answer:
    """What a query asks of a listing, and where it is answered.

    `moment` is None where nobody asks about the past. `standing` are the rows of all kinds at that
    moment, tombstones included; `rows` those that are asked for, in no order yet. `values` are
    the filters' values. `near` and `led` are other ways to the same rows.
    """

    listing: Listing
    moment: datetime | None
    fields: Sequence[str] | None
    ordering: str
    standing: PublicationQuerySet
    rows: PublicationQuerySet
    values: dict[str, Any]
    near: Near | None = None
    led: Led | None = None

    def page(self, query: QueryDict, address: str) -> Page:
        """Return the page that the query asks for; `address` is the query's own.

        Raises BadParameters for a bad page, and where nothing is found because what is asked for
        never was published.
        """
        page = page_of(
            _plain(self.rows),
            query,
            address,
            self.ordering,
            self._sections() if self.ordering.endswith("date") else (Section(),),
            self.near,
            self.led,
            self._number,
        )
        if not page.rows:
            refuse_unknown(self.values)
        return page

    def _number(self) -> int:
        """Return how many rows there are."""
        known = None
        if self.moment is None:
            known = Counted(self.listing.kinds, self.values).number()
        return self.rows.count() if known is None else known

    def _sections(self) -> Sequence[Section]:
        """Return the sections of the order by date that a range of dates consists of.

        What begins in the range is a stretch of the order. Before that stand those that begin
        earlier and reach into it, of which those that last longest are asked by themselves and the
        others are near; behind it, those of which only the last day is known.
        """
        first, last = self.values.get("date_from"), self.values.get("date_to")
        within = Section(first, last)
        if not (first or last) or self.values.get("date_certain"):
            return (within,)
        sections = [within]
        if first and first > date.min:
            before = first - timedelta(days=1)
            longer = Q(earliest__lt=F("latest"), latest__gte=first)
            near = Q(wide=False, date_key__gte=first - min(NEAR, first - date.min))
            reaching = (longer & near, longer & Q(wide=True), Q(latest__isnull=True))
            sections.insert(0, Section(None, before, reaching, led=False))
        if last and last < date.max:
            behind = last + timedelta(days=1)
            sections.append(Section(behind, None, (Q(earliest__isnull=True),), led=False))
        return sections

    def everything(self, alone: bool = False) -> Iterator[Sequence[Any]]:
        """Yield all rows in their order, some at a time, in constant memory.

        They are found fastest `alone`: when nothing else is asked until the last one is taken.
        """
        names = order_names(order_of(self.ordering))
        rows = _plain(self.rows, ()).order_by(*names)
        found = False
        others = nullcontext(in_time(rows.iterator(AT_A_TIME), AT_A_TIME))
        with closing(streamed(rows)) if alone else others as each:
            for some in batched(map(Row._make, each), AT_A_TIME):
                found = True
                yield some
        if not found:
            refuse_unknown(self.values)

    def texts(self, rows: Sequence[Publication]) -> Iterable[JSONText]:
        """Return the public JSON of rows, with what is found at reading."""
        more = self.listing.found(rows, self.standing)
        if not more:
            return [record_text(row, self.fields) for row in rows]
        return [record_text(row, self.fields, more[row.slug]) for row in rows]

    def bodies(self, rows: Sequence[Publication]) -> list[dict[str, Any]]:
        """Return the public JSON of rows, parsed."""
        return [text.parsed() for text in self.texts(rows)]


def _plain(rows: QuerySet, more: Sequence[str] = ORDER_COLUMNS) -> Any:
    """Return rows as named tuples, which cost a third of what instances of the model do."""
    written = rows.annotate(at=Cast("published_at", CharField()))
    return written.values_list(*Row._fields, *more, named=True)


def question(**values: Any) -> QueryDict:
    """Return a query that asks for values; lists repeat a name, and what is empty is left out."""
    query = QueryDict(mutable=True)
    for name, value in values.items():
        if value not in (None, "", []):
            query.setlist(name, value if isinstance(value, list) else [str(value)])
    return query


def batched(rows: Iterable[Any], size: int = AT_A_TIME) -> Iterator[list[Any]]:
    """Yield rows some at a time."""
    rows = iter(rows)
    while some := list(islice(rows, size)):
        yield some


def ask(listing: Listing, query: QueryDict) -> Answer:
    """Check a query and return what answers it; raise BadParameters, naming what is wrong."""
    filters.check_names(query, {*listing.filters.base_filters, *filters.LIST_PARAMETERS})
    moment, fields = moment_of(query), fields_of(listing, query)
    ordering = query.get("ordering", listing.ordering)
    if ordering not in ORDERS:
        raise BadParameters(
            {"ordering": _("Write one of: %(choices)s.") % {"choices": ", ".join(ORDERS)}}
        )
    standing = Publication.objects.standing_at(moment)
    listed = standing.filter(kind__in=listing.kinds).published()
    filterset = filtered(listing.filters, query, listed, moment)
    rows, values = filterset.qs, filterset.form.cleaned_data
    if values.get("q"):
        near, led = _near(listing, query, listed, moment, values["q"]), None
    else:
        near, led = None, _led(listing, filterset)
    return Answer(listing, moment, fields, ordering, standing, rows, values, near, led)


def _led(listing: Listing, filterset: filters.LedgerFilterSet) -> Led | None:
    """Return the rows in the order of the facet asked for that fewest have, where one is."""
    facets = filterset.facets
    if not facets:
        return None
    asked = filterset.form.cleaned_data.get("kind")
    kinds = [asked] if asked else listing.kinds
    # Of one kind they are told apart in the index.
    where = Q(**{f"{filters.LEAD}__kind": kinds[0]}) if len(kinds) == 1 else Q()
    return Led(_plain(filterset.led(rarest(facets))), f"{filters.LEAD}__", where)


def rarest(facets: Sequence[filters.Facet]) -> filters.Facet:
    """Return the facet of several that fewest records have, as far as its sort tells."""
    return min(facets, key=lambda facet: filters.RARE_FIRST.index(facet[0]))


def _near(
    listing: Listing,
    query: QueryDict,
    listed: PublicationQuerySet,
    moment: datetime | None,
    terms: list[str],
) -> Near:
    """Return how words are looked for in the first rows of a list, without an index."""
    others = query.copy()
    del others["q"]
    rows = filtered(listing.filters, others, listed, moment).qs
    for term in terms:
        rows = rows.filter(search_text__contains=f" {term}")
    return Near(listed, _plain(rows))


def filtered(
    filter_set: type[filters.LedgerFilterSet],
    query: QueryDict,
    rows: PublicationQuerySet,
    moment: datetime | None,
) -> filters.LedgerFilterSet:
    """Return a query's filters, checked: `qs` are the rows that they leave."""
    filterset = filter_set(data=query, queryset=rows)
    filterset.moment = moment or timezone.now()
    if not filterset.is_valid():
        errors = filterset.form.errors.get_json_data()
        raise BadParameters(
            {name: " ".join(each["message"] for each in found) for name, found in errors.items()}
        )
    return filterset


def moment_of(query: QueryDict) -> datetime | None:
    """Return the moment that `as_of` asks about, None where it is not given."""
    if len(query.getlist("as_of")) > 1:
        raise BadParameters({"as_of": str(filters.ONCE)})
    try:
        return MomentField().clean(query.get("as_of"))
    except ValidationError as error:
        raise BadParameters({"as_of": " ".join(error.messages)}) from error


def fields_of(listing: Listing, query: QueryDict) -> Sequence[str] | None:
    """Return the keys that `fields` asks for, None where it is not given."""
    asked = query.get("fields")
    if asked is None:
        return None
    known = listing.keys
    names = asked.split(",")
    unknown = [name[:50] for name in names if name not in known]
    if unknown:
        raise BadParameters(
            {
                "fields": _("Unknown: %(unknown)s. Known: %(known)s.")
                % {"unknown": ", ".join(unknown[:5]), "known": ", ".join(known)}
            }
        )
    if len(set(names)) < len(names):
        raise BadParameters({"fields": _("Name each once.")})
    return names


def refuse_unknown(values: dict[str, Any]) -> None:
    """An empty answer to a slug that never was published is a typing error: say so."""
    for name in ("force", "topic", "series", "document"):
        given = values.get(name) or []
        for slug in [given] if isinstance(given, str) else given:
            if not Publication.objects.filter(kind=name, slug=slug).exists():
                raise BadParameters(
                    {
                        name: _("No %(name)s %(slug)s was ever published.")
                        % {"name": name, "slug": slug}
                    }
                )
