"""Sessions end: with the password, the account, the roles; after a while without use; at last."""

import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from agreements.access import sessions
from agreements.access.store import BEGAN
from agreements.models import Meeting
from tests.readings import run
from tests.servers import ROOT, environment_of

pytestmark = pytest.mark.django_db

PASSWORD, OTHER = "tide-and-time-wait", "wait-for-the-tide"
DESK = "/admin/agreements/meeting/"
LOGIN = "/admin/login/"


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def analyst():
    user = User.objects.create_user("analyst", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="analyst"))
    return user


@pytest.fixture
def administrator():
    client = Client()
    client.force_login(User.objects.create_superuser("administrator"))
    return client


def logged_in(name="analyst"):
    client = Client()
    client.post(LOGIN, {"username": name, "password": PASSWORD})
    assert is_in(client)
    return client


def is_in(client):
    return client.get(DESK).status_code == 200


def sessions_of(user):
    return [
        row for row in Session.objects.all() if row.get_decoded()["_auth_user_id"] == str(user.pk)
    ]


def account_form(user, **values):
    form = {
        "is_active": "on",
        "is_staff": "on",
        "groups": [group.pk for group in user.groups.all()],
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
        **values,
    }
    return {name: value for name, value in form.items() if value is not None}


class TestEnding:
    def test_a_new_password_ends_all_but_ones_own(self, analyst):
        own, other = logged_in(), logged_in()
        before = own.cookies["sessionid"].value
        form = {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER}
        assert own.post("/admin/password_change/", form).status_code == 302
        assert (is_in(own), is_in(other)) == (True, False)
        assert own.cookies["sessionid"].value != before
        assert len(sessions_of(analyst)) == 1

    def test_a_password_given_by_an_administrator_ends_all(self, analyst, administrator):
        client = logged_in()
        form = {"password1": OTHER, "password2": OTHER, "usable_password": "true"}
        path = f"/admin/auth/user/{analyst.pk}/password/"
        assert administrator.post(path, form).status_code == 302
        assert not is_in(client)
        assert sessions_of(analyst) == []
        assert is_in(administrator)

    def test_a_password_set_by_an_operator_ends_all(self, analyst, monkeypatch):
        client = logged_in()
        monkeypatch.setattr("getpass.getpass", lambda **asked: OTHER)
        call_command("changepassword", "analyst", verbosity=0)
        assert not is_in(client)
        assert sessions_of(analyst) == []

    @pytest.mark.parametrize("lost", ["is_active", "is_staff", "groups"])
    def test_losing_access_ends_all_for_good(self, analyst, administrator, lost):
        client = logged_in()
        page = f"/admin/auth/user/{analyst.pk}/change/"
        assert administrator.post(page, account_form(analyst, **{lost: None})).status_code == 302
        assert sessions_of(analyst) == []
        analyst.refresh_from_db()
        group = Group.objects.get(name="analyst")
        back = account_form(analyst, groups=[group.pk])
        assert administrator.post(page, back).status_code == 302
        assert analyst.groups.get() == group
        assert not is_in(client)
        assert is_in(logged_in())

    @pytest.mark.parametrize(
        "change",
        [
            lambda user, group: group.user_set.remove(user),
            lambda user, group: group.user_set.clear(),
            lambda user, group: user.groups.clear(),
            lambda user, group: user.groups.set([]),
            lambda user, group: user.delete(),
        ],
    )
    def test_whichever_way_it_is_lost(self, analyst, change):
        logged_in()
        number = str(analyst.pk)
        change(analyst, Group.objects.get(name="analyst"))
        held = [row.get_decoded()["_auth_user_id"] for row in Session.objects.all()]
        assert number not in held

    def test_another_role_and_a_new_address_end_none(self, analyst):
        client = logged_in()
        analyst.groups.set([Group.objects.get(name="viewer"), Group.objects.get(name="analyst")])
        analyst.email = "somebody@example.org"
        analyst.save()
        assert is_in(client)

    def test_what_was_changed_past_the_program_ends_with_its_next_request(self, analyst):
        client = logged_in()
        User.objects.filter(pk=analyst.pk).update(is_active=False)
        assert not is_in(client)
        User.objects.filter(pk=analyst.pk).update(is_active=True)
        assert not is_in(client)

    def test_a_login_while_the_account_is_closed_begins_no_session(self, analyst, rf):
        client = Client()
        request = rf.post(LOGIN)
        request.session = client.session
        request.session["_auth_user_id"] = str(analyst.pk)
        User.objects.filter(pk=analyst.pk).update(is_active=False)
        sessions._begin(request=request, user=analyst)
        assert not request.user.is_authenticated
        assert list(request.session.keys()) == []
        assert not Session.objects.exists()

    def test_an_account_keeps_its_name(self, analyst, administrator):
        page = f"/admin/auth/user/{analyst.pk}/change/"
        assert 'name="username"' not in administrator.get(page).content.decode()
        administrator.post(page, account_form(analyst, username="another"))
        analyst.refresh_from_db()
        assert analyst.username == "analyst"
        analyst.username = "another"
        with pytest.raises(sessions.NameKept, match="The account analyst keeps its name"):
            analyst.save()


class TestLimits:
    def aged(self, client, *, began=0, seen=0):
        """As if a session had begun and been used so many seconds earlier than it was."""
        session = client.session
        session[BEGAN] -= began
        session["seen_at"] = int(time.time()) - seen
        session.save()
        Session.objects.filter(pk=session.session_key).update(
            expire_date=timezone.now() + timedelta(seconds=session.get_expiry_age() - seen)
        )

    def test_ends_after_a_while_without_use(self, analyst, settings):
        client = logged_in()
        self.aged(client, seen=settings.SESSION_COOKIE_AGE - 5)
        assert is_in(client)
        self.aged(client, seen=settings.SESSION_COOKIE_AGE + 1)
        # The browser would still send its cookie.
        assert not is_in(client)

    def test_use_prolongs_it(self, analyst, settings):
        client = logged_in()
        self.aged(client, seen=settings.SESSION_COOKIE_AGE - 100)
        assert is_in(client)
        left = Session.objects.get().expire_date - timezone.now()
        assert left > timedelta(seconds=settings.SESSION_COOKIE_AGE - 100)

    def test_a_page_that_is_only_open_does_not(self, analyst, settings):
        client = logged_in()
        self.aged(client, seen=settings.SESSION_COOKIE_AGE - 100)
        before = Session.objects.get().expire_date
        client.post("/admin/presence/meeting/1/")
        assert Session.objects.get().expire_date == before

    def test_ends_in_the_end_however_much_it_is_used(self, analyst, settings):
        client = logged_in()
        self.aged(client, began=settings.SESSION_ABSOLUTE_AGE - 90, seen=61)
        assert is_in(client)
        assert Session.objects.get().expire_date <= timezone.now() + timedelta(seconds=90)
        self.aged(client, began=95)
        Session.objects.update(expire_date=timezone.now() + timedelta(days=1))
        assert not is_in(client)

    def test_one_of_which_nobody_knows_when_it_began_is_over(self, analyst):
        client = logged_in()
        session = client.session
        del session[BEGAN]
        session.save()
        Session.objects.update(expire_date=timezone.now() + timedelta(days=1))
        assert not is_in(client)

    def test_logging_in_gives_a_new_key(self, analyst):
        client = logged_in()
        first = client.cookies["sessionid"].value
        client.post(LOGIN, {"username": "analyst", "password": PASSWORD})
        assert client.cookies["sessionid"].value != first
        assert not Session.objects.filter(pk=first).exists()

    def test_a_key_that_somebody_else_chose_is_not_taken(self, analyst):
        client = Client()
        client.cookies["sessionid"] = "a" * 32
        client.post(LOGIN, {"username": "analyst", "password": PASSWORD})
        assert client.cookies["sessionid"].value != "a" * 32

    def test_the_cookie_is_for_the_server_alone(self, analyst):
        client = logged_in()
        cookie = client.cookies["sessionid"]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")

    def test_what_is_over_is_cleared(self, analyst):
        logged_in()
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        run("clearsessions")
        assert not Session.objects.exists()


class TestAFormThatIsSentAfterItsSessionEnded:
    ADD = "/admin/agreements/meeting/add/"

    def sent(self, data, url=ADD, **headers):
        return Client().post(url, data, headers=headers)

    def test_comes_back_with_what_was_typed(self):
        typed = {"title": 'Talks of <b>"two"</b>', "summary": "They met.", "_save": "Save"}
        response = self.sent({**typed, "participants-TOTAL_FORMS": "0"})
        assert response.status_code == 403
        assert response["Cache-Control"] == "no-store"
        page = response.content.decode()
        assert "They met.</textarea>" in page
        assert 'name="title" value="Talks of &lt;b&gt;&quot;two&quot;&lt;/b&gt;"' in page
        assert 'name="participants-TOTAL_FORMS" value="0"' in page
        assert "<dt>_save</dt>" not in page
        assert f'action="{self.ADD}"' in page
        assert Meeting.objects.count() == 0

    def test_of_one_with_a_file_the_texts_come_back(self):
        file = SimpleUploadedFile("text.txt", b"They met.")
        page = self.sent({"title": "The report", "file": file}).content.decode()
        assert "The report</textarea>" in page
        assert 'id="unsent"' not in page

    @pytest.mark.parametrize(
        ("data", "url", "headers"),
        [
            ({}, ADD, {}),
            ({"csrfmiddlewaretoken": "x"}, ADD, {}),
            ({"old_password": "x", "new_password1": "y"}, "/admin/password_change/", {}),
            ({"title": "Talks"}, ADD, {"accept": "application/json"}),
        ],
        ids=["nothing", "a token", "a password", "by a script"],
    )
    def test_what_is_nothing_to_be_shown_leads_to_the_login(self, data, url, headers):
        response = self.sent(data, url, **headers)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")

    def test_is_not_shown_to_whom_it_was_not_sent_by_a_page_of_ours(self):
        client = Client(enforce_csrf_checks=True)
        response = client.post(self.ADD, {"title": "Forged talks"})
        assert response.status_code == 403
        assert b"Forged talks" not in response.content

    def test_comes_back_too_where_only_the_second_factor_is_missing(self, settings):
        settings.REQUIRE_SECOND_FACTOR = True
        client = Client()
        client.force_login(User.objects.create_superuser("administrator"))
        assert "Talks</textarea>" in client.post(self.ADD, {"title": "Talks"}).content.decode()


def test_in_production_cookies_are_of_this_host_and_https_alone(tmp_path):
    given = {
        "COASTGUARD_ENV": "production",
        "SECRET_KEY": "tide and time wait for no coast guard and for no key of fifty",
        "ALLOWED_HOSTS": "example.org",
        "DATABASE_URL": "postgres://nobody@127.0.0.1/nothing",
    }
    told = subprocess.run(
        [
            *(sys.executable, "-c"),
            "from coastguard import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
            " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
            " s.REQUIRE_SECOND_FACTOR, s.SESSION_COOKIE_AGE, s.SESSION_ABSOLUTE_AGE)",
        ],
        cwd=ROOT,
        env=environment_of(tmp_path, **given),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert told.split() == [
        *("__Host-sessionid", "__Host-csrftoken", "True", "True", "True", "True"),
        *("7200", "43200"),
    ]
