"""Each role at every door of the desk: a page that the table does not know fails the test."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from agreements import history, roles, workflow
from agreements.models import (
    Change,
    Document,
    DocumentText,
    FruitlessSearch,
    ImportMapping,
    Person,
    Publication,
    Release,
    ReportedTotal,
)
from agreements.models import Series as SeriesOfEngagements
from tests import builders
from tests.admin_pages import REVIEWABLES, changelist
from tests.readings import refused, run

pytestmark = pytest.mark.django_db

ANONYMOUS, STRANGER, SUPERUSER = "anonymous", "stranger", "superuser"
# From who may least to who may most; a stranger has an account, but no place on the desk.
PEOPLE = (ANONYMOUS, STRANGER, *roles.ROLES, SUPERUSER)
VIEWER, ANALYST, REVIEWER, ADMINISTRATOR = roles.ROLES
EVERYBODY, NOBODY = ANONYMOUS, "nobody"

ALLOWED, LOGIN, FORBIDDEN, NOT_FOUND = "allowed", "login", "forbidden", "not found"


@dataclass(frozen=True)
class Door:
    """From which role on a page may be read (GET) and used (POST); None where it has no such."""

    get: str | None
    post: str | None
    # What those on the desk get who may not.
    otherwise: str = FORBIDDEN

    def expected(self, person: str, method: str) -> str:
        least = self.get if method == "GET" else self.post
        if least is None:
            return ""
        if least == EVERYBODY:
            return ALLOWED
        if person in (ANONYMOUS, STRANGER):
            return LOGIN
        if least != NOBODY and PEOPLE.index(person) >= PEOPLE.index(least):
            return ALLOWED
        return self.otherwise


READ_ONLY = {
    "changelist": Door(VIEWER, VIEWER),
    "add": Door(NOBODY, NOBODY),
    "change": Door(VIEWER, NOBODY),
    "delete": Door(NOBODY, NOBODY),
    "history": Door(VIEWER, VIEWER),
    "": Door(VIEWER, VIEWER),
}
VERSIONED = {
    **READ_ONLY,
    "add": Door(ANALYST, ANALYST),
    "change": Door(VIEWER, ANALYST),
    "delete": Door(ANALYST, ANALYST),
    "restore": Door(ANALYST, ANALYST),
}
REVIEWED = {
    **VERSIONED,
    "review": Door(VIEWER, REVIEWER),
    "withdraw": Door(REVIEWER, REVIEWER),
}
MERGED = {
    **REVIEWED,
    "merge": Door(REVIEWER, REVIEWER),
    "merge_records": Door(REVIEWER, REVIEWER),
}
MANAGED = {
    name: Door(ADMINISTRATOR, ADMINISTRATOR)
    for name in ("changelist", "add", "change", "delete", "history", "password_change")
}
PAGES: dict[str, dict[str, Door]] = {
    **{f"agreements_{model}": MERGED for model in REVIEWABLES},
    "agreements_country": REVIEWED,
    "agreements_reportedtotal": REVIEWED,
    "agreements_person": VERSIONED,
    "agreements_participant": {**VERSIONED, "add": Door(NOBODY, NOBODY)},
    # The timeline leads to the page of the kind, whatever is posted.
    "agreements_engagement": {**READ_ONLY, "change": Door(VIEWER, VIEWER)},
    "agreements_publication": READ_ONLY,
    "agreements_change": READ_ONLY,
    "agreements_release": READ_ONLY,
    "auth_user": {**MANAGED, "": Door(VIEWER, VIEWER)},
    # Groups are the roles, and what a role may do is not given out by hand.
    "auth_group": {
        "changelist": Door(ADMINISTRATOR, ADMINISTRATOR),
        "history": Door(ADMINISTRATOR, ADMINISTRATOR),
        "add": Door(SUPERUSER, SUPERUSER),
        "change": Door(ADMINISTRATOR, SUPERUSER),
        "delete": Door(SUPERUSER, SUPERUSER),
        "": Door(VIEWER, VIEWER),
    },
}
READING = {name: Door(VIEWER, None) for name in ("text", "find", "no_record", "record")}
WRITING = {
    name: Door(None, ANALYST)
    for name in (
        *("begin", "cite", "citation", "discard", "force", "hand_over", "move", "propose"),
        *("save_document", "save_record", "add_side", "side", "topic", "use_value"),
        *("submit_document", "submit_record", "undo", "origin"),
    )
}
SUGGESTING = {
    "proposals": Door(VIEWER, None),
    **{
        name: Door(None, ANALYST)
        for name in ("accept", "accept_event", "cite_event", "add_delegate", "delegate")
    },
}
PAGES["agreements_importmapping"] = {
    **READ_ONLY,
    "add": Door(ANALYST, ANALYST),
    "change": Door(VIEWER, ANALYST),
    "delete": Door(ANALYST, ANALYST),
    **{
        name: Door(ANALYST, ANALYST)
        for name in ("begin", "columns", "values", "countries", "check")
    },
}
PAGES["agreements_document"] = {
    **MERGED,
    **READING,
    **WRITING,
    **SUGGESTING,
    # A new document begins with its text, on the page that reads it.
    "add": Door(VIEWER, ANALYST),
    "selection": Door(VIEWER, None),
    "read": Door(ANALYST, ANALYST),
    "replace": Door(ANALYST, ANALYST),
}
# Records in and out as files.
EXCHANGED = {
    "import": Door(ANALYST, ANALYST),
    "import_preview": Door(ANALYST, ANALYST),
    "export": Door(VIEWER, None),
}
for _model in (*REVIEWABLES, "country", "reportedtotal", "person", "document"):
    PAGES[f"agreements_{_model}"] = {**PAGES[f"agreements_{_model}"], **EXCHANGED}
PAGES["agreements_fruitlesssearch"] = {
    **READ_ONLY,
    "add": Door(ANALYST, ANALYST),
    # The one that is looked at is not their own.
    "delete": Door(ADMINISTRATOR, ADMINISTRATOR),
}
# Where they lead depends on who comes; test_everybody_can_come_and_go visits them.
IN_AND_OUT = ("admin:login", "admin:logout")
OTHERS = {
    "admin:index": Door(VIEWER, VIEWER),
    "admin:app_list": Door(VIEWER, VIEWER),
    **dict.fromkeys(IN_AND_OUT, Door(EVERYBODY, EVERYBODY)),
    "admin:password_change": Door(VIEWER, VIEWER),
    "admin:password_change_done": Door(VIEWER, None),
    "admin:autocomplete": Door(VIEWER, None),
    "admin:jsi18n": Door(VIEWER, None),
    "admin:view_on_site": Door(NOBODY, NOBODY, NOT_FOUND),
    "admin:": Door(NOBODY, NOBODY, NOT_FOUND),
    "handbook": Door(VIEWER, None),
    "interpret-date": Door(EVERYBODY, None),
    "presence": Door(None, ANALYST, NOT_FOUND),
    "possible_duplicates": Door(VIEWER, None),
    "front-page": Door(VIEWER, VIEWER),
    # Whoever has an account here; what they lead to is told in test_second_factor.py.
    "second-factor": Door(VIEWER, VIEWER),
    "second-factor-enrol": Door(VIEWER, VIEWER),
    "second-factor-codes": Door(None, VIEWER),
    "queue": Door(VIEWER, None),
    **{name: Door(None, ANALYST) for name in ("tell_apart", "bring_back", "hand_over_duplicate")},
    **{
        f"picture_{name}{file}": Door(VIEWER, None)
        for name in ("timeline", "matrix", "network", "map")
        for file in ("", "_svg", "_csv")
    },
}


def doors(patterns=None, namespace: str = "", above: str = "") -> Iterator[tuple[str, str]]:
    """Every address below /admin/, as (name, route)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{above}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from doors(pattern.url_patterns, namespace + inner, route)
        elif route.startswith("admin/"):
            yield f"{namespace}{pattern.name or ''}", route


def door(name: str, route: str) -> Door | None:
    """What the table says of an address; None where it says nothing."""
    if name in OTHERS and (name != "admin:" or "(?P<url>" in route):
        return OTHERS[name]
    if name == "admin:":
        app, model = route.split("/")[1:3]
        return PAGES.get(f"{app}_{model}", {}).get("")
    app, model, *action = name.removeprefix("admin:").split("_", 2)
    return PAGES.get(f"{app}_{model}", {}).get("_".join(action))


DOORS = list(doors())
# The actions of lists that only those have who approve.
STEPS = ("approve_and_publish", "return_to_draft", "withdraw_selected", "carry_name")
# Those that everybody has who reads.
EXPORTS = {"export_as_csv", "export_as_xlsx"}


def test_every_page_is_in_the_table():
    assert [name or route for name, route in DOORS if door(name, route) is None] == []


def test_every_row_of_the_table_is_a_page():
    known = {name.removeprefix("admin:") for name, _ in DOORS}
    listed = {f"{model}_{action}" for model, rows in PAGES.items() for action in rows if action}
    assert listed <= known
    assert {name.removeprefix("admin:") for name in OTHERS} <= known


@pytest.fixture(scope="class")
def desk(class_database) -> dict[str, dict[str, object]]:
    """A row of every kind; by the model's place in an address, what fills the address in."""
    country = builders.country("JP")
    workflow.publish([builders.approved(country)])
    meeting = builders.meeting()
    text = Document.objects.get(slug="news-report")
    Document.objects.filter(pk=text.pk).update(sha256="a" * 64)
    DocumentText.objects.create(document=text, text="They met.\n")
    records = [
        *(meeting, builders.agreement(), builders.exercise(), builders.force(), text),
        builders.topic(),
        SeriesOfEngagements.objects.create(slug="talks", title="Talks"),
        ReportedTotal.objects.create(
            slug="ten",
            title="Ten",
            what="x",
            count=1,
            counts="meetings",
            document=text,
            locator="1",
        ),
        Person.objects.create(slug="somebody", name="Somebody"),
        builders.country("KH"),
    ]
    found = {}
    for record in records:
        workflow.record_edit(record, "somebody-else")
        change = history.changes_of(record).first()
        found[record._meta.model_name] = {"object_id": record.pk, "change": change.pk}
        # A preview of an import that is not kept any more.
        found[record._meta.model_name]["held"] = "0" * 32
    side = meeting.participants.first()
    found["participant"] = {"object_id": side.pk, "change": found["meeting"]["change"]}
    found["engagement"] = {"object_id": meeting.pk}
    found["publication"] = {"object_id": Publication.objects.first().pk}
    head = Publication.objects.order_by("-sequence").first()
    release = Release.objects.create(
        version="1.0.0",
        head_sequence=head.sequence,
        head_sha256=head.sha256,
        published_at=head.published_at,
    )
    found["release"] = {"object_id": release.pk}
    found["change"] = {"object_id": Change.objects.first().pk}
    found["user"] = {"object_id": User.objects.create_user("another").pk}
    found["user"]["id"] = found["user"]["object_id"]
    found["group"] = {"object_id": Group.objects.get(name=roles.VIEWER).pk}
    citation = meeting.citations.first()
    found["document"] |= {
        "document": text.pk,
        "key": f"meeting-{meeting.pk}",
        "side": side.pk,
        "citation": citation.pk,
        "delegate": 1,
        "passage": f"citation-{citation.pk}",
    }
    mapping = ImportMapping.objects.create(
        name="A data set", kind="exercise", document=text, headers="a" * 64
    )
    # Nobody's file: whoever may import is sent to the first page.
    found["importmapping"] = {"object_id": mapping.pk, "key": "a" * 32}
    found["presence"] = {"kind": "meeting", "pk": meeting.pk}
    found["duplicates"] = {"pk": 1}
    found["queues"] = {"key": "overdue"}
    search = FruitlessSearch.objects.create(
        total=ReportedTotal.objects.get(),
        sought="x",
        places="x",
        searched_on="2026-05-01",
        by="somebody-else",
    )
    found["fruitlesssearch"] = {"object_id": search.pk}
    found["r"] = {
        "content_type_id": ContentType.objects.get_for_model(Person).pk,
        "object_id": found["person"]["object_id"],
    }
    return found


def address(route: str, desk: dict) -> str:
    """An address that a route leads to."""
    route = re.sub(r"\^\(\?P<app_label>[a-z|]+\)/\$", "agreements/", route)
    route = route.replace("(?P<url>.*)$", "nowhere/")
    parts = route.split("/")
    values = (
        desk.get(parts[2], {}) if parts[1] in ("agreements", "auth") else desk.get(parts[1], {})
    )
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), route)


QUERIES = {
    "admin:autocomplete": "app_label=agreements&model_name=force&field_name=country",
    "admin:agreements_document_find": "of=force&term=x",
}


# Posted where it matters who posts; everywhere else nothing is.
BODIES = {
    "admin:agreements_document_begin": "kind=meeting",
    "admin:agreements_document_accept_event": "kind=meeting",
}


def outcome(response) -> str:
    if response.get("Location", "").startswith("/admin/login/"):
        return LOGIN
    # What somebody sent who is nobody comes back, with the way to the login.
    if response.status_code == 403 and b'id="unsent"' in response.content:
        return LOGIN
    return {403: FORBIDDEN, 404: NOT_FOUND, 405: ""}.get(response.status_code, ALLOWED)


def visited(client: Client, method: str, name: str, path: str):
    if method == "GET":
        return client.get(path, QUERY_STRING=QUERIES.get(name, ""))
    form = "application/x-www-form-urlencoded"
    return client.post(path, BODIES.get(name, ""), content_type=form)


def made(person: str) -> Client:
    """The client of somebody in a role."""
    client = Client()
    if person == SUPERUSER:
        client.force_login(User.objects.create_superuser(person))
    elif person != ANONYMOUS:
        user = User.objects.create_user(person, is_staff=person != STRANGER)
        if person in roles.ROLES:
            user.groups.add(Group.objects.get(name=person))
        client.force_login(user)
    return client


@pytest.mark.usefixtures("desk")
class TestDoors:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    @pytest.mark.parametrize("person", PEOPLE)
    def test_opens_to_whom_the_table_says(self, desk, person, method):
        with transaction.atomic():
            client = made(person)
            cookies = client.cookies.output(header="", attrs=[])
            wrong = {}
            for name, route in DOORS:
                known = door(name, route)
                if known is None or name in IN_AND_OUT:
                    continue
                client.cookies.load(cookies)
                with transaction.atomic():
                    told = outcome(visited(client, method, name, address(route, desk)))
                    transaction.set_rollback(True)
                expected = known.expected(person, method)
                # Where there is nothing to be had, how that is told is the page's own affair.
                if told != expected and (expected or told == ALLOWED):
                    wrong[name or route, route] = f"{told}, not {expected or 'closed'}"
            transaction.set_rollback(True)
        assert wrong == {}

    @pytest.mark.parametrize("person", PEOPLE)
    def test_everybody_can_come_and_go(self, person):
        with transaction.atomic():
            client = made(person)
            assert client.get("/admin/login/").status_code in (200, 302)
            client.post("/admin/logout/")
            assert client.get("/admin/")["Location"].startswith("/admin/login/")
            transaction.set_rollback(True)

    @pytest.mark.parametrize(
        ("person", "offered"),
        [
            (VIEWER, set()),
            (ANALYST, {"submit_for_review", "delete_selected"}),
            (REVIEWER, {"submit_for_review", "delete_selected", *STEPS}),
            (ADMINISTRATOR, {"submit_for_review", "delete_selected", *STEPS}),
            (SUPERUSER, {"submit_for_review", "delete_selected", *STEPS}),
        ],
    )
    @pytest.mark.parametrize("model", REVIEWABLES)
    def test_lists_offer_and_take_the_actions_of_the_role(self, desk, model, person, offered):
        with transaction.atomic():
            client = made(person)
            listing = client.get(changelist(model))
            form = listing.context.get("action_form")
            actions = {value for value, _ in form.fields["action"].choices} if form else set()
            assert actions - {""} == offered | EXPORTS
            refused = {"submit_for_review", "delete_selected", *STEPS} - offered
            for action in refused:
                chosen = {"action": action, "_selected_action": [desk[model]["object_id"]]}
                response = client.post(changelist(model), chosen, follow=True)
                assert "step" not in response.context
            transaction.set_rollback(True)

    @pytest.mark.parametrize("model", [*REVIEWABLES, "person", "participant"])
    def test_viewers_read_without_buttons_that_change_anything(self, desk, model):
        with transaction.atomic():
            client = made(VIEWER)
            path = reverse(f"admin:agreements_{model}_change", args=[desk[model]["object_id"]])
            text = client.get(path).content.decode()
            for button in ("_save", "_continue", "_addanother", "_review_step"):
                assert f'name="{button}"' not in text
            for page in ("delete", "withdraw", "merge"):
                assert path.replace("/change/", f"/{page}/") not in text
            transaction.set_rollback(True)


class TestAccounts:
    @pytest.mark.parametrize("role", roles.ROLES)
    def test_an_account_is_made_with_its_role_and_a_password_that_is_told_once(self, role):
        told = run("create_account", "linh", "--role", role)
        name, password = told.removeprefix("Account created: ").split(" (")[0].split(" / ")
        user = User.objects.get()
        assert (user.username, user.is_staff, user.is_superuser) == (name, True, False)
        assert user.check_password(password)
        assert [group.name for group in user.groups.all()] == [role]
        assert told.endswith(f"({role})\n")

    @pytest.mark.parametrize(
        ("name", "role", "message"),
        [
            ("linh", "captain", "There is no role 'captain'; write one of viewer, analyst,"),
            ("Somebody", "analyst", "The user 'Somebody' exists already."),
            ("two words", "analyst", "Enter a valid username."),
            ("", "analyst", "This field cannot be blank."),
            ("x" * 151, "analyst", "at most 150 characters"),
        ],
    )
    def test_what_is_refused_is_refused_in_words(self, name, role, message):
        User.objects.create_user("somebody")
        assert message in refused("create_account", name, "--role", role)
        assert User.objects.count() == 1

    def test_the_role_is_asked_for(self):
        assert "--role" in refused("create_account", "linh")
