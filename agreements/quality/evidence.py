"""Whether the citations of a record bear what it asserts."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from agreements.dates import PartialDate
from agreements.models import Citation
from agreements.quality.dossier import Dossier, origin_of, passage

_DATES = ("date", "entered_into_force", "terminated", "established")
_YEAR = re.compile(r"(?<![0-9])(?:1[5-9]|20)[0-9]{2}(?![0-9])")
_NUMBER = re.compile(r"[0-9]+")


def uncited_facts(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """E1: every fact has a passage that supports it."""
    for name in dossier.facts:
        if not dossier.support_of(name):
            yield name, _("Cite a passage for %(field)s.") % {"field": name}


def weak_facts(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """C2: a fact rests on more than passages of low confidence."""
    for name in dossier.facts:
        rows = dossier.support_of(name)
        if rows and all(row.confidence == Citation.Confidence.LOW for row in rows):
            text = _("%(field)s rests on passages of low confidence alone.")
            yield name, text % {"field": name}


def unreasoned_inferences(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """I1: what is inferred is inferred for a reason."""
    for row in dossier.citations:
        if row.inferred and not row.note.strip():
            text = _("%(passage)s: it is inferred; give the reasoning in its note.")
            yield row.field, text % {"passage": passage(row)}


def uncertain_dates(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """D3: a part of a date that is marked uncertain was inferred from a passage."""
    for name in _DATES:
        value: PartialDate | None = getattr(dossier.record, name, None)
        if value is None or not ("?" in value.edtf or "%" in value.edtf):
            continue
        if not any(row.inferred for row in dossier.support_of(name)):
            text = _("%(date)s is uncertain: cite a passage for %(field)s as inferred.")
            yield name, text % {"date": value, "field": name}


def slips(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """D7: what a document states is what the record has, unless that was inferred."""
    for row in dossier.citations:
        if row.stance != Citation.Stance.SUPPORTS or row.inferred:
            continue
        if _slipped(row.stated_value, getattr(dossier.record, row.field, None), row.field):
            text = _("%(passage)s: it states “%(stated)s”, and the record has something else.")
            yield row.field, text % {"passage": passage(row), "stated": row.stated_value}


def empty_disputes(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """X1: who disputes a value says what it is instead."""
    for row in dossier.citations:
        disputes = row.stance == Citation.Stance.DISPUTES
        if disputes and not row.stated_value.strip() and not row.note.strip():
            text = _(
                "%(passage)s: it disputes; give the value as stated, or a note of what it says."
            )
            yield row.field, text % {"passage": passage(row)}


def one_origin(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """O1: documents of one origin are one source."""
    read = {row.document_id: row.document for row in dossier.citations}
    if len(read) > 1 and len({origin_of(document).pk for document in read.values()}) == 1:
        text = _("The %(count)d documents cited have one origin: they count as one source.")
        yield "", text % {"count": len(read)}


def _slipped(stated: str, value: object, name: str) -> bool:
    if isinstance(value, PartialDate):
        years = [int(year) for year in _YEAR.findall(stated)]
        return bool(years) and not any(_has_year(value, year) for year in years)
    numbers = [int(number) for number in _NUMBER.findall(stated)]
    return name == "ordinal" and len(numbers) == 1 and numbers[0] != value


def _has_year(value: PartialDate, year: int) -> bool:
    first, last = value.earliest, value.latest
    if not value.bounded:
        return False
    return (first is None or first.year <= year) and (last is None or year <= last.year)
