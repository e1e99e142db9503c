"""Wrong passwords: five a name and address are checked, however many come, and from wherever."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import requests
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from agreements.access import lockout
from tests.readings import run
from tests.servers import ACCOUNTS, PASSWORD

LOGIN = "/admin/login/"
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
HERE, THERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def analyst(db, settings):
    settings.PASSWORD_HASHERS = QUICK
    user = User.objects.create_user("analyst", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="analyst"))
    return user


def tried(password, name="analyst", at=HERE, **headers):
    form = {"username": name, "password": password}
    return Client(REMOTE_ADDR=at, headers=headers).post(LOGIN, form)


def fail(times, **where):
    return [tried("wrong", **where).status_code for _ in range(times)]


def is_in(response):
    return response.status_code == 302 and "sessionid" in response.cookies


@pytest.mark.usefixtures("analyst")
class TestFiveTries:
    def test_the_sixth_is_refused_with_the_right_password_too(self):
        assert fail(5) == [200] * 5
        refused = tried(PASSWORD)
        assert (refused.status_code, is_in(refused)) == (429, False)

    def test_the_fifth_is_checked(self):
        fail(4)
        assert is_in(tried(PASSWORD))

    def test_a_right_one_begins_the_count_anew(self):
        for _ in range(3):
            assert fail(4) == [200] * 4
            assert is_in(tried(PASSWORD))

    def test_what_was_refused_does_not_lengthen_the_wait(self):
        fail(5)
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
        assert fail(3) == [429] * 3
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15))
        assert is_in(tried(PASSWORD))

    def test_other_accounts_and_addresses_are_let_in(self):
        User.objects.create_user("another", password=PASSWORD, is_staff=True)
        fail(5)
        assert is_in(tried(PASSWORD, name="another"))
        assert is_in(tried(PASSWORD, at=THERE))

    @pytest.mark.parametrize("name", ["analyst ", "\tanalyst", "ａnalyst"])
    def test_spelling_the_name_otherwise_gives_no_more_tries(self, name):
        fail(5)
        assert tried(PASSWORD, name=name).status_code == 429

    def test_another_program_gives_no_more_tries(self):
        answers = [tried("wrong", user_agent=f"agent {n}").status_code for n in range(7)]
        assert answers == [200] * 5 + [429] * 2

    @pytest.mark.parametrize(
        "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP", "X-Client-IP"]
    )
    def test_a_forged_address_gives_no_more_tries_and_locks_nobody_out(self, header):
        answers = [tried("wrong", **{header: f"203.0.113.{n}"}).status_code for n in range(7)]
        assert answers == [200] * 5 + [429] * 2
        assert is_in(tried(PASSWORD, at="203.0.113.1"))

    def test_behind_a_proxy_the_address_that_it_saw_counts(self, settings):
        settings.TRUSTED_PROXIES = 1
        hops = [f"203.0.113.{n}, 192.0.2.1" for n in range(7)]
        answers = [tried("wrong", **{"X-Forwarded-For": each}).status_code for each in hops]
        assert answers == [200] * 5 + [429] * 2
        assert is_in(tried(PASSWORD, **{"X-Forwarded-For": "192.0.2.2"}))

    def test_a_network_of_ipv6_is_one_address(self):
        answers = [fail(1, at=f"2001:db8:0:1::{n}")[0] for n in range(1, 8)]
        assert answers == [200] * 5 + [429] * 2


@pytest.mark.usefixtures("analyst")
class TestWiderBounds:
    def test_one_address_tries_few_accounts(self):
        answers = [fail(1, name=f"name{n}")[0] for n in range(52)]
        assert answers == [200] * 50 + [429] * 2

    def test_one_account_is_tried_from_few_addresses(self):
        AccessAttempt.objects.bulk_create(
            AccessAttempt(username="analyst", ip_address=f"192.0.2.{n}", failures_since_start=5)
            for n in range(20)
        )
        assert tried(PASSWORD).status_code == 429

    def test_many_addresses_do_not_lock_somebody_out_where_they_work(self):
        assert is_in(tried(PASSWORD))
        self.test_one_account_is_tried_from_few_addresses_elsewhere()
        assert is_in(tried(PASSWORD))

    def test_one_account_is_tried_from_few_addresses_elsewhere(self):
        AccessAttempt.objects.bulk_create(
            AccessAttempt(username="analyst", ip_address=f"192.0.2.{n}", failures_since_start=5)
            for n in range(20)
        )
        assert tried(PASSWORD, at=THERE).status_code == 429


@pytest.mark.usefixtures("analyst")
class TestAnswers:
    def test_says_when_to_try_again_and_who_can_lift_it(self):
        fail(5)
        answer = tried("wrong")
        assert 0 < int(answer["Retry-After"]) <= 15 * 60
        assert answer["Cache-Control"] == "no-store"
        text = answer.content.decode()
        assert "Try again in 15 minutes." in text
        assert "An administrator of the desk can lift this at once" in text

    @pytest.mark.parametrize("kind", ["unknown", "inactive", "not staff"])
    def test_do_not_tell_whether_there_is_such_an_account(self, kind):
        password = "wrong"
        if kind != "unknown":
            user = User.objects.create_user("somebody", password=PASSWORD)
            User.objects.filter(pk=user.pk).update(
                is_active=kind != "inactive", is_staff=kind == "inactive"
            )
            password = PASSWORD
        theirs = [tried(password, name="somebody") for _ in range(7)]
        known = [tried("wrong") for _ in range(7)]
        for one, other in zip(theirs, known, strict=True):
            assert one.status_code == other.status_code
            assert plain(one, "somebody") == plain(other, "analyst")

    def test_nothing_is_kept_of_what_was_typed_but_the_name(self):
        tried("a secret")
        (attempt,) = AccessAttempt.objects.values()
        assert (attempt["get_data"], attempt["post_data"]) == ("", "")
        assert "secret" not in str(attempt)

    def test_the_login_is_noted(self):
        tried(PASSWORD)
        assert AccessLog.objects.values_list("username", "ip_address").get() == ("analyst", HERE)


def plain(response, name):
    """A page without what is new in each answer."""
    text = response.content.decode().replace(name, "NAME")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.usefixtures("analyst")
class TestLifting:
    def test_an_administrator_lifts_it(self):
        fail(5)
        fail(1, at=THERE)
        administrator = User.objects.create_superuser("administrator")
        client = Client()
        client.force_login(administrator)
        chosen = {
            "action": "let_in_again",
            "_selected_action": [User.objects.get(username="analyst").pk],
        }
        answer = client.post("/admin/auth/user/", chosen, follow=True)
        assert "They may try again now: analyst." in answer.content.decode()
        assert is_in(tried(PASSWORD))

    @pytest.mark.parametrize(
        "command", [["axes_reset"], ["axes_reset_username", "analyst"], ["axes_reset_ip", HERE]]
    )
    def test_a_command_lifts_it(self, command, capsys):
        fail(5)
        call_command(*command)
        assert is_in(tried(PASSWORD))

    def test_accounts_made_by_command_log_in(self):
        told = run("create_account", "linh", "--role", "analyst")
        password = told.split(" / ")[1].split(" ")[0]
        assert is_in(tried(password, name="linh"))


def test_in_a_shell_nobody_is_counted(analyst):
    for _ in range(7):
        assert authenticate(username="analyst", password="wrong") is None
    assert authenticate(username="analyst", password=PASSWORD) == analyst
    assert Client().login(username="analyst", password=PASSWORD)
    assert not AccessAttempt.objects.exists()


def test_a_place_is_given_back_to_who_still_owes_a_code(analyst, rf):
    who = lockout.Who("analyst", HERE)
    AccessAttempt.objects.create(username=who.name, ip_address=HERE, failures_since_start=3)
    lockout._give_back(who)
    assert AccessAttempt.objects.get().failures_since_start == 2


class TestManyAtOnce:
    """A server as operators run it: two processes of four threads."""

    def together(self, site, name, passwords, **headers):
        """Log in as often as there are passwords, all at once; return the status codes."""
        ready = Barrier(len(passwords))

        def attempt(numbered):
            number, password = numbered
            session = requests.Session()
            session.headers.update({key: value.format(number) for key, value in headers.items()})
            session.get(f"{site}{LOGIN}", timeout=60)
            form = {
                "username": name,
                "password": password,
                "csrfmiddlewaretoken": session.cookies["csrftoken"],
            }
            # One that did not come so far holds up nobody for ever.
            ready.wait(timeout=120)
            return session.post(
                f"{site}{LOGIN}", form, allow_redirects=False, timeout=60
            ).status_code

        with ThreadPoolExecutor(len(passwords)) as pool:
            return Counter(pool.map(attempt, enumerate(passwords)))

    def test_five_of_fifty_are_checked(self, site):
        assert ACCOUNTS["writer"] == "analyst"
        wrong = [f"wrong {number}" for number in range(50)]
        forged = {"X-Forwarded-For": "203.0.113.{}", "User-Agent": "agent {}"}
        assert self.together(site, "writer", wrong, **forged) == {200: 5, 429: 45}
        # Then the right one is refused, fifty times at once.
        assert self.together(site, "writer", [PASSWORD] * 50, **forged) == {429: 50}
        # Nobody else is.
        assert self.together(site, "viewer", [PASSWORD]) == {302: 1}
