"""Somebody without an account looks for a draft: no byte of any answer tells that there is one.

The same ledger is published twice: on a desk that holds nothing else, and on one that is full of
drafts, edits, withdrawn records, texts and whatever else analysts have (`tests.canaries`). Whatever
can be asked (`tests.probes`) is asked of both, and the answers are compared whole.
"""

import functools
import gc
import os
import re
from collections import Counter
from itertools import islice

import cachetools
import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client, override_settings

from agreements import kept, ledger
from agreements.models import Country, Document, Force, Publication, Series, Topic
from agreements.naming import key_of
from agreements.records import KINDS_OF_RECORD, REVIEWABLE
from tests.canaries import CANARY, Clock, Desk
from tests.probes import (
    KNOWN,
    desk_probes,
    filters_of_the_api,
    is_of_the_desk,
    public_probes,
    routes,
)
from tests.public import body

pytestmark = pytest.mark.django_db

# LEAKS=thorough asks every page and list whatever any of them can be asked: ten times as much.
THOROUGH = os.environ.get("LEAKS") == "thorough"
# The questions are the same on both databases: on PostgreSQL every third is asked, unless told to.
ONE_OF = 3 if connection.vendor == "postgresql" and not THOROUGH else 1
# What is made anew for each answer, and the time of day.
_TOKEN = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|csrftoken=\w+|expires=[^;\n]+', re.IGNORECASE
)
# Of pages that nobody keeps, the moment and the id of the answer; of the desk's, what is made of
# their token.
_AT_ONCE = re.compile(rb"^(?:Expires|X-Request-ID): .*$", re.MULTILINE)
_OF_TOKEN = re.compile(rb"^ETag: .*$", re.MULTILINE)
# Shows a new secret each time.
_ENROL = "/admin/second-factor/enrol/"


def forget():
    """Empty everything that this process remembers, so that each answer is made anew."""
    kept.answers.clear()
    for each in gc.get_objects():
        # By its type itself: to ask a lazy object what it is makes it.
        kind = type(each)
        if kind is functools._lru_cache_wrapper:
            if each.__module__.startswith(("agreements", "coastguard")):
                each.cache_clear()
        elif issubclass(kind, cachetools.Cache):
            each.clear()


def answer(client, probe):
    """All of an answer: its status, its headers, its cookies, its bytes."""
    response = client.generic(
        probe.method,
        probe.address,
        probe.form,
        content_type="application/x-www-form-urlencoded" if probe.form else "",
        headers=dict([probe.header] if probe.header else ()),
    )
    headers = sorted(f"{name}: {value}".encode() for name, value in response.items())
    cookies = response.cookies.output().encode()
    whole = b"\n".join([str(response.status_code).encode(), *headers, cookies, body(response)])
    return _AT_ONCE.sub(b"", _TOKEN.sub(b"", whole))


def answers(client, asked):
    """The answer to each probe, whatever cookies those before it left."""
    cookies, found = client.cookies.output(header="", attrs=[]), {}
    for probe in asked:
        client.cookies.clear()
        client.cookies.load(cookies)
        found[probe] = answer(client, probe)
    return found


class Told:
    """What the two databases answered, and what is on the desk of the second."""


def listed(client):
    """By filter and value, the keys that the lists of the API have; or the status without."""
    found = {}
    for probe in filters_of_the_api():
        response = client.get(probe.address)
        # What nobody has published yet is refused by name.
        found[probe] = response.status_code
        if response.status_code == 200:
            rows = response.json()["results"]
            found[probe] = {row.get("slug") or row.get("code") or row.get("key") for row in rows}
    return found


def publish_the_edits():
    """Publish whatever is public as it is on the desk, with what that names, past any review."""
    public = set(Publication.objects.current().published().values_list("kind", "slug"))
    edited = [
        record
        for model in REVIEWABLE.values()
        for record in model.objects.all()
        if record.review_state != "published"
        and (key_of(record) in public or model in (Country, Topic, Force, Series, Document))
    ]
    with ledger.Publishing(ledger.titles_of(edited)) as publishing:
        for some in ledger.parts(ledger.in_order(edited)):
            publishing.append(some)
    forget()


def ask(path, monkeypatch, canaries, keys=None):
    """Make one of the two databases, ask it everything, and take it back."""
    (path / "texts").mkdir(parents=True)
    told = Told()
    with (
        override_settings(RELEASES_DIR=path / "releases"),
        transaction.atomic(),
        Clock().running(monkeypatch) as clock,
    ):
        desk = Client()
        Desk(clock, desk, path / "texts", canaries).make()
        told.ledger = list(Publication.objects.values_list("sequence", "sha256"))
        if canaries:
            keys = {
                kind: list(model.objects.values_list("pk", flat=True).order_by("-pk"))
                for kind, model in KINDS_OF_RECORD.items()
            }
        told.keys = keys
        forget()
        told.public = answers(Client(), islice(public_probes(THOROUGH), None, None, ONE_OF))
        if canaries:
            plain = [probe for probe in told.public if probe.is_plain]
            forget()
            told.logged_in = answers(desk, plain)
        told.desk = {}
        for person, staff in (("nobody", None), ("stranger", False), ("newcomer", True)):
            client = Client()
            if staff is not None:
                client.force_login(User.objects.create_user(person, is_staff=staff))
            cookies = client.cookies.output(header="", attrs=[])
            for probe in islice(desk_probes(keys), None, None, ONE_OF):
                if person != "nobody" and (probe.method == "POST" or probe.address == _ENROL):
                    continue
                client.cookies.clear()
                client.cookies.load(cookies)
                told.desk[person, probe] = _OF_TOKEN.sub(b"", answer(client, probe))
        if canaries:
            told.listed = listed(Client())
            publish_the_edits()
            told.listed_then = listed(Client())
        transaction.set_rollback(True)
    return told


@pytest.fixture(scope="module")
def two(django_db_setup, django_db_blocker, tmp_path_factory):
    """(the database without canaries, the one with them)"""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as monkeypatch:
        path = tmp_path_factory.mktemp("leaks")
        full = ask(path / "full", monkeypatch, canaries=True)
        empty = ask(path / "empty", monkeypatch, canaries=False, keys=full.keys)
    return empty, full


def differing(one, other):
    assert one.keys() == other.keys()
    return [str(probe) for probe in one if one[probe] != other[probe]]


def test_every_address_has_its_probes():
    """A new one fails here until `tests.probes` knows what to ask of it."""
    public = {name for name, route in routes() if not is_of_the_desk(route)}
    assert public == KNOWN


class TestTwoDatabases:
    def test_have_the_same_ledger(self, two):
        empty, full = two
        assert len(empty.ledger) > 15
        assert empty.ledger == full.ledger

    def test_answer_everybody_with_the_same_bytes(self, two):
        empty, full = two
        assert differing(empty.public, full.public) == []

    def test_never_say_what_is_on_the_desk_alone(self, two):
        """Also what was withdrawn holds nothing of its last draft."""
        _, full = two
        said = [
            str(probe)
            for probe, whole in full.public.items()
            if CANARY not in str(probe).lower() and CANARY.encode() in whole.lower()
        ]
        # What cursors hold is signed, and was asked for.
        assert [each for each in said if "cursor=" not in each] == []

    def test_answer_those_who_are_logged_in_as_everybody_else(self, two):
        _, full = two
        asked = {probe: full.public[probe] for probe in full.logged_in}
        assert differing(asked, full.logged_in) == []

    def test_answer_those_without_a_place_there_the_same_at_every_door_of_the_desk(self, two):
        empty, full = two
        assert differing(empty.desk, full.desk) == []

    def test_would_answer_each_filter_otherwise_if_it_looked_at_the_desk(self, two):
        """With the edits published, each filter of the API finds other records for some value."""
        _, full = two
        asked = {probe.filter for probe in full.listed}
        telling = {p.filter for p, keys in full.listed.items() if full.listed_then[p] != keys}
        assert len(asked) > 20
        assert asked - telling == set()

    def test_are_asked_enough_to_tell(self, two):
        """Most of what is asked has an answer, and the refusals are of every kind."""
        _, full = two
        statuses = Counter(whole.split(b"\n")[0].decode() for whole in full.public.values())
        # A few probes alone are refused with 406 or 412: a third of all need not have them.
        rare = {"406", "412"} if ONE_OF == 1 else set()
        assert {"200", "400", "404", "405", "410"} | rare <= set(statuses)
        assert not [each for each in statuses if each.startswith("5")]
        assert statuses["200"] > 500 // ONE_OF
