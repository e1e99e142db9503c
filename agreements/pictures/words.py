"""What pictures say in words: titles, notes, and what a pointer or a screen reader gets."""

from collections import Counter
from collections.abc import Iterator

from django.template.defaultfilters import capfirst
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agreements.date_words import in_words
from agreements.dates import PartialDate
from agreements.models import ActivityStatus, AgreementStatus, EngagementKind, Force
from agreements.pictures.matrix import ACROSS, EARLIER, Column, Matrix, Row
from agreements.pictures.network import Network, Tie
from agreements.pictures.selection import KINDS, Selection
from agreements.pictures.sides import COUNTRY, Side, named
from agreements.pictures.timeline import BY_KIND, DOUBT, OFF, PLANNED, Entry, Lane, Period, Timeline

KIND_NAMES = {
    EngagementKind.AGREEMENT: gettext_lazy("Agreements"),
    EngagementKind.MEETING: gettext_lazy("Meetings"),
    EngagementKind.EXERCISE: gettext_lazy("Exercises"),
}
STAGE_NAMES = {
    PLANNED: gettext_lazy("planned, under negotiation"),
    OFF: gettext_lazy("postponed, cancelled"),
    DOUBT: gettext_lazy("unconfirmed"),
}
_STATUSES = {**dict(AgreementStatus.choices), **dict(ActivityStatus.choices)}


def status_of(entry: Entry) -> str:
    return str(_STATUSES.get(entry.status, entry.status))


def kind_of(kind: str) -> str:
    return str(EngagementKind(kind).label)


def date_of(entry: Entry) -> str:
    """A record's date in words; "" where it has none."""
    return in_words(entry.date) if entry.date else ""


def doubt(value: PartialDate | None) -> str:
    """The sign that stands before a title: "?" uncertain, "~" approximate, "?~" both."""
    if value is None:
        return ""
    uncertain = "?" in value.edtf or "%" in value.edtf
    approximate = "~" in value.edtf or "%" in value.edtf
    return "?" * uncertain + "~" * approximate


def entry(record: Entry) -> str:
    """A record in a sentence or two."""
    parts = {
        "title": record.title,
        "kind": capfirst(kind_of(record.kind)),
        "status": status_of(record),
        "date": date_of(record) or _("no date"),
        "countries": ", ".join(map(named, record.countries)),
    }
    return _("%(title)s. %(kind)s, %(status)s; %(date)s. %(countries)s") % parts


def lane_name(by: str, lane: Lane) -> str:
    return str(KIND_NAMES[EngagementKind(lane.key)]) if by == BY_KIND else lane.label


def period_name(period: Period) -> str:
    """ "2015", or "September 2015"."""
    if not period.month:
        return str(period.year)
    return _("%(month)s %(year)s") % {"month": MONTHS[period.month], "year": period.year}


def count(lane: Lane, by: str, period: Period, number: int) -> str:
    parts = {"lane": lane_name(by, lane), "period": period_name(period), "number": number}
    return _("%(lane)s, %(period)s: %(number)d") % parts


def spread(picture: Timeline, lane: Lane) -> str:
    """How many records of a lane lie in no one month or year."""
    if picture.counted == "month":
        text = ngettext("%(number)d in no one month", "%(number)d in no one month", lane.spread)
    else:
        text = ngettext("%(number)d in no one year", "%(number)d in no one year", lane.spread)
    return text % {"number": lane.spread}


def timeline_title(picture: Timeline) -> str:
    if picture.by == BY_KIND:
        return _("Timeline of agreements, meetings and exercises")
    return _("Timeline of agreements, meetings and exercises, by country")


def timeline_description(picture: Timeline) -> str:
    parts = {"dated": picture.dated, "undated": picture.undated}
    return (
        _(
            "%(dated)d records along time, and %(undated)d of which no year is known. "
            "The table gives the same."
        )
        % parts
    )


def column_lines(column: Column) -> list[str]:
    """What stands above a column, in one line or two."""
    if isinstance(column, int):
        return [str(column)]
    if column == EARLIER:
        return [_("earlier")]
    if column == ACROSS:
        return [_("two years"), _("or more")]
    return [_("year not"), _("certain")]


def column_name(column: Column) -> str:
    """The same in one line, for tables."""
    return " ".join(column_lines(column))


def row_name(row: Row) -> str:
    return row.side.name if row.side else _("no partner named")


def by_kind(kinds: Counter[str], between: str = ", ") -> str:
    """ "2 meetings, 1 exercise"."""
    texts = {
        "agreement": ngettext("%(number)d agreement", "%(number)d agreements", kinds["agreement"]),
        "meeting": ngettext("%(number)d meeting", "%(number)d meetings", kinds["meeting"]),
        "exercise": ngettext("%(number)d exercise", "%(number)d exercises", kinds["exercise"]),
    }
    return between.join(texts[kind] % {"number": kinds[kind]} for kind in KINDS if kinds[kind])


def cell(row: Row, column: Column | None, kinds: Counter[str]) -> str:
    parts = {
        "row": row_name(row) if row.side else _("all records"),
        "column": _("total") if column is None else column_name(column),
        "kinds": by_kind(kinds),
    }
    return _("%(row)s, %(column)s: %(kinds)s") % parts


def matrix_title(picture: Matrix) -> str:
    name = picture.centre.name if picture.centre else ""
    return _("Partners of %(name)s by year") % {"name": name}


def matrix_description(picture: Matrix) -> str:
    parts = {"rows": len(picture.rows), "columns": len(picture.columns)}
    return (
        _(
            "%(rows)d partners by %(columns)d columns; each cell says how many records there are. "
            "The table gives the same."
        )
        % parts
    )


def side_kind(kind: str) -> str:
    if kind == COUNTRY:
        return _("country, its force not known")
    return str(dict(Force.Kind.choices).get(kind, kind))


def below(side: Side) -> str:
    """The second line of a side's label."""
    return _("force not known") if side.is_country else side.country_name


def node(side: Side, weight: int) -> str:
    text = ngettext(
        "%(name)s (%(kind)s): %(number)d record with another country",
        "%(name)s (%(kind)s): %(number)d records with other countries",
        weight,
    )
    return text % {"name": side.name, "kind": side_kind(side.kind), "number": weight}


def tie(pair: Tie) -> str:
    parts = {"one": pair.one.name, "other": pair.other.name, "kinds": by_kind(pair.kinds)}
    return _("%(one)s and %(other)s: %(kinds)s") % parts


def network_title() -> str:
    return _("Network of forces")


def network_description(picture: Network) -> str:
    parts = {"sides": len(picture.sides), "ties": len(picture.ties)}
    return (
        _(
            "%(sides)d forces and countries, and the %(ties)d pairs of them that records name "
            "together. The table gives the same."
        )
        % parts
    )


def others(picture: Network) -> str:
    """What the picture leaves out; "" where that is nothing."""
    if not picture.others and not picture.other_ties:
        return ""
    parts = {"sides": picture.others, "ties": picture.other_ties}
    return _("Not drawn, having fewest records: %(sides)d sides and %(ties)d ties.") % parts


def timeline_notes(picture: Timeline) -> Iterator[str]:
    """What a reader of the timeline should know of it."""
    if picture.by != BY_KIND:
        yield _("A record stands in the lane of each country that takes part in it.")
    if picture.others:
        text = ngettext(
            "%(number)d country with fewer records has no lane.",
            "%(number)d countries with fewer records have no lane.",
            picture.others,
        )
        yield text % {"number": picture.others}
    if picture.counted:
        yield _(
            "There are too many records to draw each, so they are counted. "
            "Choose fewer years, a country or a force to see them."
        )
    if picture.undated > len(picture.without_date):
        yield not_drawn(picture)


def not_drawn(picture: Timeline) -> str:
    text = ngettext(
        "%(number)d record without a year is not drawn.",
        "%(number)d records without a year are not drawn.",
        picture.undated,
    )
    return text % {"number": picture.undated}


def matrix_notes(picture: Matrix) -> Iterator[str]:
    """What a reader of the matrix should know of it."""
    yield _(
        "A record with several partners is counted in the row of each, and once in the last row. "
        "The rows of forces, set in, are part of their country's."
    )
    yield from _asked_notes(picture.selection)
    if picture.others:
        text = ngettext(
            "%(number)d row with fewer records is left out.",
            "%(number)d rows with fewer records are left out.",
            picture.others,
        )
        yield text % {"number": picture.others}


def network_notes(picture: Network) -> Iterator[str]:
    """What a reader of the network should know of it."""
    yield _(
        "Two sides of different countries are tied by each record that names both. "
        "A country stands for itself where a record names none of its forces."
    )
    if picture.one_sided:
        text = ngettext(
            "%(number)d record names sides of one country only, and ties nobody.",
            "%(number)d records name sides of one country only, and tie nobody.",
            picture.one_sided,
        )
        yield text % {"number": picture.one_sided}
    if any(tie.weight != tie.naming_both for tie in picture.ties):
        yield _(
            "Some records name a country with its force and others without. No search finds the "
            "latter alone, so their number has no link."
        )
    yield from _asked_notes(picture.selection)
    if others(picture):
        yield others(picture)


def _asked_notes(selection: Selection) -> Iterator[str]:
    if selection.role:
        yield _("Only who has the role that is asked for is a partner here.")
    if not selection.happened:
        yield _("What is planned or was called off is counted too.")


def nothing() -> str:
    return _("Nothing is published here.")
