"""Every address of the site × every method × every role: what nobody has classified fails.

`test_roles.py` has the table of the desk for GET and POST. Here are the other methods there, every
action of every list, and all that is public: the same bytes for whoever asks.
"""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from tests.test_roles import (
    ADMINISTRATOR,
    ALLOWED,
    ANALYST,
    ANONYMOUS,
    DOORS,
    EXPORTS,
    IN_AND_OUT,
    PEOPLE,
    QUERIES,
    REVIEWER,
    STEPS,
    STRANGER,
    SUPERUSER,
    VIEWER,
    address,
    door,
    made,
    outcome,
    visited,
)
from tests.test_roles import desk as desk  # noqa: PLC0414

pytestmark = pytest.mark.django_db

READS = ("GET", "HEAD")
OTHERS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
KINDS = (
    *("countries", "forces", "agreements", "meetings", "exercises", "engagements"),
    *("series", "topics", "documents", "totals"),
)
# What everybody reads, and nobody writes to.
PUBLIC = {
    *("api-root", "changes", "stats", "releases", "latest-release", "latest-file", "release"),
    *("release-file", "schema", "docs", "robots", "sitemap"),
    *(f"{kind}-{page}" for kind in KINDS for page in ("list", "detail", "revision", "revisions")),
    *(
        f"pages:{page}"
        for page in (
            *("home", "search", "changes", "cite", "cite-file", "releases", "feed", "pair"),
            *("timeline", "timeline-file", "matrix", "matrix-file", "network", "network-file"),
            *("map", "map-file", "list", "record", "record-cite", "record-cite-file"),
            *("record-feed", "revisions", "revision", "revision-cite", "revision-cite-file"),
        )
    ),
    # The API's own answer to what it does not have.
    "api/v1/",
}
# Of the service itself, by their addresses: whether it runs, and whom to tell of a weakness.
SERVICE = {"livez", "readyz", ".well-known/security.txt", "security.txt"}
# Posted to by everybody, to choose a language; nothing is stored but a cookie.
CHOICES = {"set_language"}
VALUES = {
    "slug": "JP", "revision": "1", "version": "1.0.0", "file": "data.csv", "form": "bib",
    "one": "JP", "other": "KH", "ending": "svg", "kind": "countries", "key": "JP",
}  # fmt: skip


def public_addresses(patterns=None, namespace: str = "", above: str = "") -> Iterator[tuple]:
    """Every address that is not below /admin/, as (name or route, route)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{above}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from public_addresses(pattern.url_patterns, namespace + inner, route)
        elif not route.startswith("admin/"):
            yield (f"{namespace}{pattern.name}" if pattern.name else route), route


ADDRESSES = list(public_addresses())


def path_of(route: str) -> str:
    """An address that a route leads to, in a database that has one country published."""
    route = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)", lambda found: VALUES[found[1]], route)
    route = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: VALUES[found[1]], route)
    return "/" + re.sub(r"[\^$]|\\Z", "", route).removeprefix("/")


@pytest.fixture
def written():
    """The tables that anything writes to meanwhile, sessions aside."""
    found = set()

    def watch(execute, sql, params, many, context):
        kind, *words = sql.split(None, 3)
        if kind in ("INSERT", "UPDATE", "DELETE"):
            table = words[0] if kind == "UPDATE" else words[1]
            found.add(table.strip('"'))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield lambda: found - {"django_session"}


def test_every_public_address_is_in_the_table():
    known = PUBLIC | SERVICE | CHOICES
    assert [name for name, route in ADDRESSES if name not in known and route not in known] == []


def test_every_row_of_the_table_is_an_address():
    there = {name for name, _ in ADDRESSES}
    assert PUBLIC - there == set()
    assert CHOICES - there == set()


@pytest.mark.usefixtures("desk")
class TestPublic:
    @pytest.fixture(scope="class")
    def readings(self, desk):
        """What somebody without an account is answered."""
        return {route: self.answers(Client(), route) for _, route in ADDRESSES}

    def answers(self, client, route):
        got, head = (getattr(client, method.lower())(path_of(route)) for method in READS)
        body = b"".join(got) if got.streaming else got.content
        token = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
        return got.status_code, head.status_code, got.get("ETag"), token.sub(b"", body)

    # Each may do what the one before it may.
    @pytest.mark.parametrize("person", [STRANGER, VIEWER, SUPERUSER])
    def test_is_the_same_for_everybody(self, desk, readings, person, written):
        with transaction.atomic():
            client = made(person)
            told = written().copy()
            wrong = [
                route for _, route in ADDRESSES if self.answers(client, route) != readings[route]
            ]
            assert written() == told
            transaction.set_rollback(True)
        assert wrong == []

    @pytest.mark.parametrize(
        ("person", "method"),
        [*((ANONYMOUS, each) for each in ("POST", *OTHERS)), (SUPERUSER, "POST")],
    )
    def test_takes_nothing_from_anybody(self, desk, person, method, written):
        with transaction.atomic():
            client = made(person)
            told = written().copy()
            wrong = {}
            for name, route in ADDRESSES:
                status = client.generic(method, path_of(route)).status_code
                if method == "OPTIONS":
                    taken = status not in (200, 204, 404, 405)
                else:
                    taken = status not in (404, 405)
                if taken and not (name in CHOICES and status == 302):
                    wrong[route] = status
            assert written() == told
            transaction.set_rollback(True)
        assert wrong == {}


# Every method with whoever may do least, those that name a change with everybody.
@pytest.mark.usefixtures("desk")
class TestOtherMethods:
    @pytest.mark.parametrize(
        ("person", "methods"),
        [
            (ANONYMOUS, ("HEAD", *OTHERS)),
            (STRANGER, ("HEAD", "PUT", "DELETE")),
            (VIEWER, ("HEAD", *OTHERS)),
            (ADMINISTRATOR, ("PUT", "DELETE")),
        ],
    )
    def test_open_nothing_that_reading_does_not(self, desk, person, methods, written):
        with transaction.atomic():
            client = made(person)
            cookies = client.cookies.output(header="", attrs=[])
            told = written().copy()
            wrong = {}
            for name, route in DOORS:
                known = door(name, route)
                if ALLOWED in (known.expected(person, "GET"), known.expected(person, "POST")):
                    continue
                for method in methods:
                    client.cookies.load(cookies)
                    path = address(route, desk)
                    response = client.generic(method, path, QUERY_STRING=QUERIES.get(name, ""))
                    if outcome(response) == ALLOWED and method != "OPTIONS":
                        wrong[name or route, method] = response.status_code
            assert written() == told
            transaction.set_rollback(True)
        assert wrong == {}

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    def test_write_nothing_where_a_viewer_may_read(self, desk, method, written):
        with transaction.atomic():
            client = made(VIEWER)
            told = written().copy()
            for name, route in DOORS:
                if door(name, route).expected(VIEWER, "GET") == ALLOWED and name not in IN_AND_OUT:
                    client.generic(method, address(route, desk), QUERY_STRING=QUERIES.get(name, ""))
            assert written() == told
            transaction.set_rollback(True)


# Somebody of the staff whom nobody has given a role yet.
NEWCOMER = "newcomer"
NO_ROW = "987654321"


def without_rows(value: object) -> str:
    """What stands in an address for a row, for one that is not there."""
    text = str(value)
    named = re.fullmatch(r"([a-z]+-)?[0-9]+", text)
    return f"{named[1] or ''}{NO_ROW}" if named else text


@pytest.mark.usefixtures("desk")
class TestRowsThatAreNotThere:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    @pytest.mark.parametrize("person", [NEWCOMER, VIEWER, REVIEWER])
    def test_are_not_told_from_those_that_are(self, desk, person, method):
        absent = {
            model: {name: without_rows(value) for name, value in values.items()}
            for model, values in desk.items()
        }
        with transaction.atomic():
            client = made(person)
            cookies = client.cookies.output(header="", attrs=[])
            wrong = {}
            for name, route in DOORS:
                # Whoever reads a list knows its rows.
                if "<" not in route or (person != NEWCOMER and "/auth/" not in route):
                    continue
                told = []
                for rows in (desk, absent):
                    client.cookies.load(cookies)
                    with transaction.atomic():
                        response = visited(client, method, name, address(route, rows))
                        transaction.set_rollback(True)
                    where = re.sub("[0-9]+", "#", response.get("Location", ""))
                    told.append((response.status_code, where))
                if told[0] != told[1]:
                    wrong[name or route] = told
            transaction.set_rollback(True)
        assert wrong == {}


REVIEWED = {
    **dict.fromkeys(EXPORTS, VIEWER),
    "submit_for_review": ANALYST,
    "delete_selected": ANALYST,
    **dict.fromkeys(STEPS, REVIEWER),
}
KINDS_REVIEWED = (
    *("agreement", "meeting", "exercise", "document", "reportedtotal"),
    *("country", "force", "topic", "series"),
)
NO_ACTIONS = (
    *("change", "fruitlesssearch", "engagement", "participant", "publication", "release"),
    "importmapping",
)
# Every action of every list, and from which role on it is there.
ACTIONS: dict[str, dict[str, str]] = {
    **{f"agreements_{kind}": REVIEWED for kind in KINDS_REVIEWED},
    **{f"agreements_{kind}": {} for kind in NO_ACTIONS},
    "agreements_person": {**dict.fromkeys(EXPORTS, VIEWER), "delete_selected": ANALYST},
    "auth_user": dict.fromkeys(
        ("delete_selected", "let_in_again", "remove_second_factor"), ADMINISTRATOR
    ),
    "auth_group": {"delete_selected": SUPERUSER},
}
LISTS = {f"{each._meta.app_label}_{each._meta.model_name}" for each in admin.site._registry}


def test_every_list_is_in_the_table_of_actions():
    assert ACTIONS.keys() == LISTS


@pytest.mark.usefixtures("desk")
class TestActions:
    @pytest.mark.parametrize("person", PEOPLE[2:])
    def test_are_offered_as_the_table_says_and_the_rest_refused(self, desk, person, written):
        with transaction.atomic():
            client = made(person)
            wrong, told = {}, written().copy()
            for model, actions in ACTIONS.items():
                path = reverse(f"admin:{model}_changelist")
                response = client.get(path)
                form = response.context and response.context.get("action_form")
                choices = form.fields["action"].choices if form else []
                offered = {value for value, _ in choices} - {""}
                least = {name: PEOPLE.index(role) for name, role in actions.items()}
                mine = {name for name, role in least.items() if PEOPLE.index(person) >= role}
                if offered != mine:
                    wrong[model] = offered ^ mine
                row = desk[model.split("_")[1]]["object_id"]
                for name in set().union(*ACTIONS.values()) - mine:
                    chosen = {"action": name, "_selected_action": [row], "post": "yes"}
                    client.post(path, {**chosen, "_confirmed": "1", "reason": "x"})
            assert written() == told
            transaction.set_rollback(True)
        assert wrong == {}
