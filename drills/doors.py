"""The ways in which an analyst changes a record: what each posts, and what it leaves.

Each way opens its page first, as a person does, and returns what posts the change later: whoever
opened the same version and posts second must be told, and must find their text in the answer.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from html import unescape
from random import Random
from typing import Any

import requests

from drills.desks import Desk
from drills.forms import Person

TOLD = re.compile("changed meanwhile|changed since|deleted meanwhile|saved this record first")


@dataclass
class Record:
    """The record that everybody edits."""

    desk: Desk
    number: int
    slug: str
    document: int

    @property
    def page(self) -> str:
        return f"/admin/agreements/meeting/{self.number}/change/"


@dataclass
class Came:
    """What came of a change: whether it was stored, and for one that was not whether it was told.

    `kept` says whether the answer holds what was typed.
    """

    won: bool
    told: bool
    kept: bool
    answer: requests.Response


@dataclass
class Change:
    """A change that is ready to be posted, and a query that finds what it leaves."""

    way: str
    by: str
    text: str
    post: Callable[[], Came]
    # Finds one row where the change is there; "" where its text stands in the history alone.
    left: str = ""
    values: tuple[Any, ...] = ()


Door = Callable[[Person, Record, str, Random], Change]
_SUMMARY = "SELECT 1 FROM agreements_engagement WHERE id = %s AND summary = %s"
_NOTE = "SELECT 1 FROM agreements_citation WHERE engagement_id = %s AND note = %s"
_LOCATOR = "SELECT 1 FROM agreements_citation WHERE engagement_id = %s AND locator = %s"
_POSITION = (
    "SELECT 1 FROM agreements_delegate d JOIN agreements_participant p ON p.id = d.participant_id "
    "WHERE p.engagement_id = %s AND d.position = %s"
)


def _posted(person: Person, path: str, form: dict[str, Any], text: str) -> Came:
    return came(person.post(path, form), text)


def came(answer: requests.Response, text: str, stored: Iterable[int] = (302,)) -> Came:
    said = unescape(answer.text)
    told = answer.status_code == 409 and bool(TOLD.search(said))
    return Came(answer.status_code in stored, told, text in said, answer)


def _of_form(
    way: str, person: Person, record: Record, text: str, typed: dict[str, Any], left: str
) -> Change:
    form = person.form(record.page, "meeting_form")
    form |= {"_reason": f"Why: {text}", **typed}

    def post() -> Came:
        found = came(person.post(record.page, form), text)
        found.kept &= f"Why: {text}" in unescape(found.answer.text)
        return found

    return Change(way, person.name, text, post, left, (record.number, text))


def field(person: Person, record: Record, text: str, draw: Random) -> Change:
    """A field of the record's own form."""
    return _of_form("field", person, record, text, {"summary": text}, _SUMMARY)


def row(person: Person, record: Record, text: str, draw: Random) -> Change:
    """A row of an inline is changed."""
    return _of_form("row", person, record, text, {"citations-0-note": text}, _NOTE)


def new_row(person: Person, record: Record, text: str, draw: Random) -> Change:
    """A row is added, and the one that was added last is removed."""
    form = person.form(record.page, "meeting_form")
    number, typed = int(form["citations-INITIAL_FORMS"]), dict[str, Any]()
    if number > _ROWS:
        typed[f"citations-{number - 1}-DELETE"] = "on"
    typed["citations-TOTAL_FORMS"] = str(max(number + 1, int(form["citations-TOTAL_FORMS"])))
    values = {
        "field": "summary",
        "document": str(record.document),
        "locator": text,
        "stance": "supports",
        "confidence": "high",
    }
    typed |= {f"citations-{number}-{name}": value for name, value in values.items()}
    return _of_form("new row", person, record, text, typed, _LOCATOR)


# Citations that the record has for good.
_ROWS = 3


def delegate(person: Person, record: Record, text: str, draw: Random) -> Change:
    """A delegate of a side, on the page of the side."""
    query = "SELECT participant_id FROM agreements_delegate d JOIN agreements_participant p"
    query += " ON p.id = d.participant_id WHERE p.engagement_id = %s ORDER BY d.id"
    ((side,), *_) = record.desk.ask(query, record.number)
    path = f"/admin/agreements/participant/{side}/change/"
    form = {**person.form(path, "participant_form"), "delegates-0-position": text}
    return Change(
        "delegate",
        person.name,
        text,
        partial(_posted, person, path, form, text),
        _POSITION,
        (record.number, text),
    )


def table(person: Person, record: Record, text: str, draw: Random) -> Change:
    """A table that changes the record is imported: its preview is agreed to."""
    answer = person.bring("meeting", [{"slug": record.slug, "summary": text}])
    preview = answer.headers["Location"]
    page = person.get(preview).text
    return Change(
        "import",
        person.name,
        text,
        lambda: came(person.agree(preview, page), text),
        _SUMMARY,
        (record.number, text),
    )


def restore(person: Person, record: Record, text: str, draw: Random) -> Change:
    """The record becomes again what it was some versions ago, for a reason."""
    query = (
        "SELECT id FROM agreements_change WHERE kind = 'meeting' AND record_id = %s "
        "AND state IS NOT NULL ORDER BY id DESC LIMIT 8"
    )
    changes = [number for (number,) in record.desk.ask(query, record.number)]
    for number in draw.sample(changes[1:], len(changes) - 1):
        path = f"/admin/agreements/meeting/{record.number}/restore/{number}/"
        page = person.get(path).text
        token = re.search(r'name="_version" value="([^"]+)"', page)
        # Where nothing differs there is nothing to restore.
        if token:
            form = {"_version": token[1], "reason": text}
            return Change("restore", person.name, text, partial(_posted, person, path, form, text))
    return field(person, record, text, draw)


def workbench(person: Person, record: Record, text: str, draw: Random) -> Change:
    """A field is changed in the panel beside a document's text."""
    start = f"/admin/agreements/document/{record.document}/text/record/meeting-{record.number}/"
    panel = person.get(start).json()["panel"]
    token = re.search(r'name="_version" value="([^"]+)"', panel)
    assert token, panel[:500]
    form = {"_version": token[1], "summary": text}

    def post() -> Came:
        answer = person.post(f"{start}save/", form)
        said = unescape(answer.json()["panel"])
        told = answer.status_code == 409 and bool(TOLD.search(said))
        return Came(answer.status_code == 200, told, text in said, answer)

    return Change("workbench", person.name, text, post, _SUMMARY, (record.number, text))


def submit(person: Person, record: Record, text: str, draw: Random) -> Change:
    """The record is submitted for review, as an action on the list, confirmed on its page."""
    path = "/admin/agreements/meeting/"
    form = {"action": "submit_for_review", "_selected_action": str(record.number)}
    page = person.post(path, form)
    tokens = re.findall(r'name="_version" value="([^"]+)"', page.text)
    confirmed = {**form, "_confirmed": "1", "_version": tokens}

    def post() -> Came:
        answer = person.post(path, confirmed)
        said = unescape(person.get(path).text)
        won, told = "was submitted for review" in said, bool(TOLD.search(said))
        # Nothing was typed.
        return Came(won, told, True, answer)

    return Change("submit", person.name, "", post)


DOORS: dict[str, Door] = {
    "field": field,
    "row": row,
    "new row": new_row,
    "delegate": delegate,
    "import": table,
    "restore": restore,
    "workbench": workbench,
    "submit": submit,
}


def review(person: Person, record: Record, text: str, draw: Random) -> Change:
    """A reviewer returns what is in review for a reason, or approves what they read."""
    path = f"/admin/agreements/meeting/{record.number}/review/"
    page = person.get(path).text
    form: dict[str, Any] = {}
    form["_version"] = re.findall(r'name="_version" value="([^"]+)"', page)
    returns = draw.random() < 0.5
    form |= {"_review_step": "return" if returns else "publish", "reason": text}

    def post() -> Came:
        return came(person.post(path, form), text)

    return Change("return" if returns else "publish", person.name, text if returns else "", post)


def delete(person: Person, record: Record, text: str, draw: Random) -> Change:
    """The record is deleted, for a reason, on the page that asks."""
    path = f"/admin/agreements/meeting/{record.number}/delete/"
    page = person.get(path).text
    token = re.search(r'name="_version" value="([^"]+)"', page)
    assert token, page[:500]
    form = {"_version": token[1], "reason": text, "post": "yes"}
    return Change("delete", person.name, text, partial(_posted, person, path, form, text))
