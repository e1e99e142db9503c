"""Many people save one record at the very same time: one wins, and the others are told.

On a real server with several processes and threads, so that the database's own locks are at work.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from drills.desks import Desk
from drills.edits import play
from drills.forms import Person
from tests.servers import copied, environment_of, running

PEOPLE = 6
ROUNDS = 3


def first_of(person: Person, model: str) -> str:
    listing = person.get(f"/admin/agreements/{model}/").text
    found = re.search(rf"/admin/agreements/{model}/[0-9]+/change/", listing)
    assert found, listing
    return found.group()


def everybody(action):
    """Do something by everybody at once; return what came of it."""
    barrier = Barrier(PEOPLE)

    def together(number):
        barrier.wait()
        return action(number)

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(together, range(PEOPLE)))


def version_of(html: str) -> int:
    return int(re.search(r'data-version="([0-9]+)"', html).group(1))


@pytest.mark.parametrize(
    "typed",
    [lambda text: {"summary": text}, lambda text: {"citations-0-note": text}],
    ids=["field", "inline"],
)
def test_of_simultaneous_saves_one_is_stored_and_the_others_keep_their_text(site, typed):
    people = [Person(site, "analyst") for _ in range(PEOPLE)]
    path = first_of(people[0], "meeting")
    before = version_of(people[0].get(path).text)
    for turn in range(ROUNDS):
        forms = [person.form(path, "meeting_form") for person in people]
        texts = [f"Typed by number {number} in turn {turn}." for number in range(PEOPLE)]

        posts = [{**form, **typed(text)} for form, text in zip(forms, texts, strict=True)]

        answers = everybody(lambda number, posts=posts: people[number].post(path, posts[number]))

        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [302] + [409] * (PEOPLE - 1)
        for number, answer in enumerate(answers):
            assert answer.status_code == 302 or texts[number] in answer.text
        (winner,) = (number for number in range(PEOPLE) if answers[number].status_code == 302)
        assert texts[winner] in people[0].get(path).text
    assert version_of(people[0].get(path).text) == before + ROUNDS


# In them, each way in which a record is changed comes second once at least.
TURNS = 14


def test_whoever_comes_second_is_told_and_keeps_their_text_by_every_way(prepared, tmp_path):
    """As `python -m drills.edits` does it a thousand times."""
    state = tmp_path / "state"
    with copied(prepared, state) as named, running(state, **named) as address:
        url = named.get("DATABASE_URL", f"sqlite:///{state}/coastguard.sqlite3")
        desk = Desk("edited", state, url, environment_of(state, **named))
        found = play(desk, address, TURNS, 3, names=("writer", "analyst", "reviewer"))

    assert {what: told for what, told in found.faults.items() if told} == {}
    assert found.won.total() == TURNS
    assert set(found.statuses) <= {200, 302, 409}
