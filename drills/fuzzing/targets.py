"""What is fuzzed: each target is given bytes, and passes unless the program breaks its word.

A target lets through what its module says that it raises; whatever else comes out is a fault.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.exceptions import ValidationError

from agreements.catalogue.parameters import DayField, MomentField, WholeNumber, WordsField
from agreements.date_forms import interpretation
from agreements.date_words import in_words
from agreements.dates import PartialDate, PartialDateError
from agreements.exceptions import (
    BadParameters,
    ExchangeError,
    IntakeError,
    ReadingError,
)
from agreements.exchange import files
from agreements.exchange.foreign.date_forms import FORMS, ForeignDateError, read_date
from agreements.exchange.foreign.mapping import Mapping
from agreements.exchange.foreign.profile import profile
from agreements.exchange.foreign.proposing import forms_of, propose
from agreements.exchange.foreign.reading import ENCODINGS, read_foreign
from agreements.intake import plain
from agreements.intake.extraction import clean_text, extract
from agreements.intake.found import Refused
from agreements.intake.kinds import recognised
from agreements.readings import read_batch, store_batch
from agreements.suggestions.names import Gazetteer
from agreements.suggestions.proposals.whole_text import proposals_of
from agreements.text import fold

Target = Callable[[bytes], None]


@dataclass(frozen=True)
class Fuzzed:
    """A target, and the bytes that fuzzing it begins with."""

    run: Target
    seeds: tuple[bytes, ...]


def dates(data: bytes) -> None:
    """Partial dates: refused with a text that can be shown, or read, described and written back."""
    text = _text(data)
    valid, shown = interpretation(text)
    assert isinstance(shown, str)
    try:
        date = PartialDate.parse(text)
    except PartialDateError as error:
        assert str(error)
        if error.nearest is not None:
            assert str(PartialDate.parse(error.nearest)) == error.nearest
        return
    assert valid or text != text.strip()
    assert str(date) == text
    assert PartialDate(str(date)) == date
    assert in_words(date)
    if date.earliest and date.latest:
        assert date.earliest <= date.latest


def foreign_dates(data: bytes) -> None:
    """Dates of foreign files: read by a form that a user names, or refused."""
    cell, unknown = _text(data[1:]), ("xx", "-9")
    form = list(FORMS)[data[0] % len(FORMS)] if data else next(iter(FORMS))
    try:
        edtf = read_date(cell, [form], unknown)
    except ForeignDateError:
        return
    assert not edtf or PartialDate.parse(edtf)


def readings(data: bytes) -> None:
    """Readings: refused with the line of each fault, or checked to the end and not stored."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "reading.yaml"
        path.write_bytes(data)
        try:
            batch = read_batch([path])
            store_batch(batch, dry_run=True)
        except ReadingError as error:
            assert error.problems
            for problem in error.problems:
                assert problem.line >= 1
                assert str(problem).isprintable() or "\n" not in str(problem)


def csv(data: bytes) -> None:
    """CSV files: refused at their row, or read and equal after they are written again."""
    _table("records.csv", data)


def xlsx(data: bytes) -> None:
    """XLSX packages, byte by byte."""
    _table("records.xlsx", b"PK\x03\x04" + data.removeprefix(b"PK\x03\x04"))


def xlsx_parts(data: bytes) -> None:
    """XLSX packages, one part of which is other than a spreadsheet would write it."""
    parts = dict(_parts_of_book())
    names = list(parts)
    name = names[data[0] % len(names)] if data else names[0]
    parts[name] = data[1:]
    _table("records.xlsx", _packed(parts))


def _table(name: str, data: bytes) -> None:
    try:
        table = files.read(name, data)
    except ExchangeError as error:
        assert error.problems
        return
    for row in table.rows:
        assert len(row.cells) == len(table.headers)
    cells = [row.cells for row in table.rows]
    for form in ("csv", "xlsx") if len(data) % 16 == 0 else ("csv",):
        try:
            # The names of columns are the program's own in what it writes.
            names = [f"column-{number}" for number in range(len(table.headers))]
            written = files.write(form, names, cells)
        except ExchangeError:
            continue
        again = files.read("", written)
        assert [row.cells for row in again.rows] == cells


def foreign(data: bytes) -> None:
    """Foreign tables: what their columns, dates and values may mean is proposed."""
    encodings = list(ENCODINGS)
    encoding = encodings[data[0] % len(encodings)] if data else encodings[0]
    kind = ("agreement", "meeting", "exercise")[data[1] % 3] if len(data) > 1 else "meeting"
    try:
        table = read_foreign("data.csv", data[2:], encoding)
    except ExchangeError:
        return
    mapping, found = Mapping(kind, "data"), profile(table)
    propose(mapping, found, table.headers)
    assert Mapping.from_json(kind, "data", mapping.as_json()) == mapping
    for column in range(min(3, len(table.headers))):
        forms_of([row.cells[column] for row in table.rows], list(mapping.unknown))


def intake(data: bytes) -> None:
    """Files of documents, read in a process of their own: told what is wrong, in time."""
    name = ("report.html", "report.docx", "report.pdf", "report.txt")[data[0] % 4 if data else 3]
    try:
        found = extract(name, data[1:])
    except IntakeError as error:
        assert str(error)
    else:
        assert found.text.strip()


def texts(data: bytes) -> None:
    """Plain texts, and whatever kind of file the bytes are taken for."""
    try:
        recognised("report.txt", data)
    except Refused as refusal:
        assert refusal.reason
    try:
        plain.checked(plain.tidy(plain.read(data).text))
    except Refused as refusal:
        assert refusal.reason
    try:
        text = clean_text(_text(data))
    except IntakeError as error:
        assert str(error)
    else:
        assert clean_text(text) == text


def suggestions(data: bytes) -> None:
    """Texts of documents: each suggestion stands where it says that it does."""
    text = _text(data)
    try:
        text = clean_text(text)
    except IntakeError:
        return
    lines = [line for line in text.split("\n") if line.strip()]
    published = PartialDate.parse("2024-05-16")
    for found in proposals_of(text, _gazetteer(), published, ("", "en", "vi")[len(data) % 3]):
        assert 0 <= found.span.start <= found.span.end <= max(map(len, lines))


def parameters(data: bytes) -> None:
    """Parameters of the API, and the folding of what is searched for."""
    text = _text(data)
    for field in (
        DayField(False),
        DayField(True),
        MomentField(),
        WholeNumber(1, 100),
        WordsField(),
    ):
        try:
            field.clean(text)
        except (ValidationError, BadParameters):
            continue
    assert fold(fold(text)) == fold(text)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer()


@cache
def _parts_of_book() -> dict[str, bytes]:
    return dict(_parts(_book()))


def _book() -> bytes:
    rows = [["talks", "Talks", "held"], ["visit", "A visit\nof ships", "2024-05/2024-06"]]
    return files.write("xlsx", ["slug", "title", "date"], rows)


def _parts(book: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        for name in packed.namelist():
            yield name, packed.read(name)


def _packed(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return made.getvalue()


_READINGS = tuple(path.read_bytes() for path in sorted(settings.SEEDS_DIR.glob("*.yaml")))
_DATES = (
    *(b"2015-09", b"2023-12-19/2023-12-22", b"2024~", b"2021?-09-12", b"XXXX-07-24/XXXX-07-28"),
    *(
        b"../2025",
        b"2025/",
        b"201X",
        b"2001-21",
        b"Y-170000002",
        b"2004-01-01T10:10:10Z",
        b"03/04/2023",
    ),
)
_CSV = (
    b'slug,title,date\ntalks,"Talks, held",2024-05\n',
    b"sep=;\na;b\n'=1+1;@x\n",
    b'\xef\xbb\xbfa\tb\r\n1\t"two\r\nlines"\r\n',
)
_TEXTS = (
    b"On 16 May 2024 the Vietnam Coast Guard and the Japan Coast Guard held talks in Hanoi.",
    "Ngày 16/5/2024, tại Hà Nội, Cảnh sát biển Việt Nam và Nhật Bản ký bản ghi nhớ.".encode(),
    b"Major General Tran Van A, last Monday; from 3 to 5 June, two ships and eight officers.",
)
_FOREIGN = (
    b"xid,xname,start_date,end_date,party1,party2,xtype\n1,Lantern,2001-05-xx,-9,Japan,USSR,1\n"
)
TARGETS: dict[str, Fuzzed] = {
    "dates": Fuzzed(dates, _DATES),
    "foreign-dates": Fuzzed(foreign_dates, tuple(b"\0" + each for each in _DATES)),
    "readings": Fuzzed(readings, _READINGS),
    "csv": Fuzzed(csv, _CSV),
    "xlsx": Fuzzed(xlsx, (_book(),)),
    "xlsx-parts": Fuzzed(
        xlsx_parts,
        tuple(bytes([at]) + part for at, (_, part) in enumerate(_parts(_book()))),
    ),
    "foreign": Fuzzed(foreign, tuple(b"\0\0" + each for each in (*_CSV, _FOREIGN))),
    "texts": Fuzzed(texts, _TEXTS),
    "intake": Fuzzed(
        intake,
        (
            b"\0<html><body><article><h1>Talks</h1><p>They met.</p></article></body></html>",
            b"\2%PDF-1.4",
        ),
    ),
    "suggestions": Fuzzed(suggestions, _TEXTS),
    "parameters": Fuzzed(parameters, (*_DATES, b"2026-11-22T12:00:00Z", b"100", b"canh sat")),
}
