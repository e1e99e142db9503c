"""The cells of a row read into the fields of a record, each with its citation."""

from typing import Any

from django.utils.translation import gettext as _

from agreements.countries import country_name
from agreements.dates import PartialDate
from agreements.exchange.cells import Side, write_list
from agreements.exchange.foreign import uses
from agreements.exchange.foreign.date_forms import (
    ForeignDateError,
    date_of_parts,
    interval,
    read_date,
)
from agreements.exchange.foreign.mapping import NO_COUNTRY, TO_NOTE
from agreements.exchange.foreign.periods import out_of_time
from agreements.exchange.foreign.record import Record
from agreements.exchange.foreign.splitting import split
from agreements.models import Agreement, Engagement, Exercise, Meeting, Participant

_PARTY = str(Participant.Role.PARTY)
_MODELS = {"agreement": Agreement, "meeting": Meeting, "exercise": Exercise}
_CALLED = {"agreement": "Agreement", "meeting": "Meeting", "exercise": "Joint exercise"}
_NAMED = 3


def read_row(record: Record) -> None:
    """Read every mapped cell of a row into the record's values, citations, remarks, problems."""
    _read_dates(record)
    _read_countries(record)
    _read_texts(record)
    _read_choices(record)
    _read_title(record)
    _read_notes(record)


def _read_dates(record: Record) -> None:
    mapping = record.mapping
    whole = mapping.column(uses.WHOLE_DATE)
    if whole:
        _date(record, "date", [whole], _point(record, whole))
    first, last = mapping.column(uses.FIRST_DAY), mapping.column(uses.LAST_DAY)
    if first or last:
        columns = [name for name in (first, last) if name]
        _date(record, "date", columns, *(_point(record, name) for name in (first, last)))
    if mapping.column("year"):
        ends = [_of_parts(record, parts) for parts in (uses.FIRST_PARTS, uses.LAST_PARTS)]
        columns = mapping.columns_of(*uses.FIRST_PARTS, *uses.LAST_PARTS)
        _date(record, "date", columns, *ends)
    for use in uses.dates_of(mapping.kind):
        if name := mapping.column(use):
            _date(record, use, [name], _point(record, name))


def _point(record: Record, column: str) -> str:
    cell, mapping = record.cell(column), record.mapping
    if not cell:
        return ""
    try:
        return read_date(cell, mapping.forms, mapping.unknown, mapping.in_order)
    except ForeignDateError as error:
        record.refuse(column, str(error))
        return ""


def _of_parts(record: Record, parts: tuple[str, ...]) -> str:
    columns = [record.mapping.column(part) for part in parts]
    try:
        cells = [record.cell(name) for name in columns]
        return date_of_parts(cells[0], cells[1], cells[2], record.mapping.unknown)
    except ForeignDateError as error:
        record.refuse(", ".join(filter(None, columns)), str(error))
        return ""


def _date(
    record: Record, name: str, columns: list[str], first: str, last: str | None = None
) -> None:
    try:
        value = first if last is None else _joined(record, first, last)
    except ForeignDateError as error:
        record.refuse(", ".join(columns), str(error))
        return
    record.values[name] = value
    if value:
        record.cite(name, columns, record.told(columns), value)


def _joined(record: Record, first: str, last: str) -> str:
    if last and not first:
        return interval("..", last, False)
    return interval(first, last, record.mapping.open_end)


def _read_countries(record: Record) -> None:
    sides: dict[str, str] = {}
    columns = record.mapping.columns_of(*uses.ROLES)
    for column in columns:
        role = record.mapping.columns[column]
        for code in _codes(record, column):
            # One that is host, or otherwise told apart, is not a mere party besides.
            if sides.get(code, _PARTY) == _PARTY:
                sides[code] = role
    if sides:
        record.values["participants"] = write_list(
            Side(code, "", "" if role == _PARTY else role) for code, role in sides.items()
        )
        filled = [name for name in columns if record.cell(name)]
        # A party whose cell is its name says nothing else than the record.
        names = "; ".join(country_name(code) for code in sides)
        record.cite("participants", filled, record.told(filled), names)
    place = record.mapping.column(uses.PLACE_COUNTRY)
    if place and (found := _codes(record, place)):
        if len(found) > 1:
            record.refuse(place, _("A place is in one country; this cell names several."))
        record.values["location_country"] = found[0]
        record.cite("location", [place], record.cell(place), country_name(found[0]))


def _codes(record: Record, column: str) -> list[str]:
    codes = []
    for name in split(record.cell(column), record.mapping.separators):
        code = record.mapping.countries.get(name, "")
        if code == TO_NOTE:
            record.notes.append(f"{column}: {name}")
        elif not code:
            text = _("“%(name)s” is not matched to a country yet.")
            record.refuse(column, text % {"name": name[:60]})
        elif code != NO_COUNTRY:
            codes.append(code)
            if remark := out_of_time(code, record.values.get("date", "")):
                record.remark(column, remark)
    return codes


def _read_texts(record: Record) -> None:
    for use in uses.texts_of(record.mapping.kind):
        column = record.mapping.column(use)
        if not column:
            continue
        cell = record.cell(column)
        record.values[use] = _fitting(record, use, cell)
        if cell:
            name = "location" if use == uses.PLACE else use
            record.cite(name, [column], cell, record.values[use])


def _fitting(record: Record, use: str, cell: str) -> str:
    """Return a cell as long as its field can be; what is longer is in the citation."""
    field: Any = _MODELS[record.mapping.kind]._meta.get_field(use)
    longest = field.max_length
    return cell if len(cell) <= longest else f"{cell[: longest - 1]}…"


def _read_choices(record: Record) -> None:
    mapping = record.mapping
    for name in uses.choices_of(mapping.kind):
        column = mapping.column(name)
        cell = record.cell(column)
        value = mapping.constants.get(name, "")
        if cell:
            value = mapping.values.get(name, {}).get(cell, mapping.otherwise.get(name, "?"))
            if value == "?":
                text = _("Nobody has said yet what “%(cell)s” means.")
                record.refuse(column, text % {"cell": cell[:60]})
                continue
            if value:
                record.cite(name, [column], cell, value)
        elif value:
            record.infer(name, "The data set as a whole says so of each of its records.")
        if not value and name in uses.NEEDED[mapping.kind]:
            record.refuse(column, _("This is needed, and the cell says nothing."))
        if column or value:
            record.values[name] = value


def _read_title(record: Record) -> None:
    column = record.mapping.column(uses.TITLE)
    cell = " ".join(record.cell(column).split())
    if cell:
        record.values["title"] = _fitting(record, "title", cell)
        record.cite("title", [column], cell, record.values["title"])
    else:
        record.values["title"] = composed_title(
            record.mapping.kind,
            record.values.get("participants", ""),
            record.values.get("date", ""),
        )


def composed_title(kind: str, participants: str, date: str) -> str:
    """Return a title of our own: "Joint exercise of Japan, India and 3 others, 1980"."""
    names = [country_name(side.split()[0]) for side in participants.split("; ") if side]
    title = _CALLED[kind]
    if len(names) > _NAMED + 1:
        shown = f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} others"
    else:
        shown = " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    if shown:
        title += f" {'between' if kind == 'agreement' else 'of'} {shown}"
    value = PartialDate(date) if date else None
    day = value and (value.earliest or value.latest)
    return f"{title}, {day.year}" if day else title


def _read_notes(record: Record) -> None:
    lines = []
    for column in record.mapping.columns_of(uses.NOTES):
        if cell := record.cell(column):
            lines.append(f"{column}: {cell}")
    lines += dict.fromkeys(record.notes)
    record.values["summary"] = "\n".join(lines)
    longest = Engagement._meta.get_field("summary").max_length or 0
    if len(record.values["summary"]) > longest:
        record.refuse(", ".join(record.mapping.columns_of(uses.NOTES)), _too_long(longest))
    columns = record.mapping.columns_of(uses.NOTES)
    if lines:
        record.cite("summary", [name for name in columns if record.cell(name)])


def _too_long(longest: int) -> str:
    return _("The summary would be longer than %(count)d characters.") % {"count": longest}
