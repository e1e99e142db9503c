"""Many people save one record at the very same time: one wins, and the others are told.

On a real server with several processes and threads, so that the database's own locks are at work.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import requests

from drills.desks import Desk
from drills.edits import play
from tests.admin_pages import fields_of
from tests.servers import PASSWORD, copied, environment_of, running

PEOPLE = 6
ROUNDS = 3


def logged_in(site: str) -> requests.Session:
    session = requests.Session()
    login = session.get(f"{site}/admin/login/")
    form = {**fields_of(login.text, "login-form"), "username": "analyst", "password": PASSWORD}
    assert session.post(login.url, form).status_code == 200
    return session


def first_of(session: requests.Session, site: str, model: str) -> str:
    listing = session.get(f"{site}/admin/agreements/{model}/").text
    found = re.search(rf"/admin/agreements/{model}/[0-9]+/change/", listing)
    assert found, listing
    return f"{site}{found.group()}"


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
    sessions = [logged_in(site) for _ in range(PEOPLE)]
    url = first_of(sessions[0], site, "meeting")
    before = version_of(sessions[0].get(url).text)
    for turn in range(ROUNDS):
        forms = [fields_of(session.get(url).text, "meeting_form") for session in sessions]
        texts = [f"Typed by number {number} in turn {turn}." for number in range(PEOPLE)]

        posts = [{**form, **typed(text)} for form, text in zip(forms, texts, strict=True)]

        answers = everybody(
            lambda number, posts=posts: sessions[number].post(
                url, posts[number], allow_redirects=False
            )
        )

        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [302] + [409] * (PEOPLE - 1)
        for number, answer in enumerate(answers):
            assert answer.status_code == 302 or texts[number] in answer.text
        (winner,) = (number for number in range(PEOPLE) if answers[number].status_code == 302)
        assert texts[winner] in sessions[0].get(url).text
    assert version_of(sessions[0].get(url).text) == before + ROUNDS


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
