"""The second factor: asked of whom it must be, at every door, and a code is good once."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from agreements.access import second_factor
from coastguard.access import SecondFactor
from tests.readings import refused, run
from tests.test_roles import ANALYST, DOORS, IN_AND_OUT, REVIEWER, VIEWER

pytestmark = pytest.mark.django_db

VERIFY, ENROL, CODES = (
    "/admin/second-factor/",
    "/admin/second-factor/enrol/",
    "/admin/second-factor/recovery-codes/",
)
PASSWORD = "tide-and-time-wait"
DESK = "/admin/agreements/meeting/"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.REQUIRE_SECOND_FACTOR = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def account(role):
    user = User.objects.create_user(role, password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def logged_in(user):
    """The client of somebody who gave their password, at the login page."""
    client = Client()
    form = {"username": user.get_username(), "password": PASSWORD}
    assert client.post("/admin/login/", form).status_code == 302
    return client


def code_of(device, steps=0):
    """The code that an app shows, or will show so many half minutes later."""
    return f"{totp(bytes.fromhex(device.key), t0=-30 * steps):06d}"


def enrolled(user):
    """Give somebody an app that has shown nothing yet, and a list of codes."""
    device = TOTPDevice.objects.create(user=user, key=second_factor.new_key(), confirmed=True)
    return device, second_factor.new_recovery_codes(user)


def wait_is_over(device):
    """As if the seconds were over for which a code is refused after a wrong one."""
    long_ago = timezone.now() - timedelta(hours=1)
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=device.user).update(throttling_failure_timestamp=long_ago)


def goes_to(response):
    return response.get("Location", "").partition("?")[0]


class TestWhoMustHaveOne:
    @pytest.mark.parametrize("role", ["reviewer", "administrator"])
    def test_reviewers_and_administrators_set_one_up_before_anything_else(self, role):
        client = logged_in(account(role))
        for page in ("/admin/", DESK, "/admin/handbook/", "/admin/password_change/"):
            assert goes_to(client.get(page)) == ENROL
        assert "any app for one-time codes (TOTP)" in client.get(ENROL).content.decode()

    def test_superusers_too(self):
        client = Client()
        client.force_login(User.objects.create_superuser("administrator"))
        assert goes_to(client.get("/admin/")) == ENROL

    @pytest.mark.parametrize("role", ["viewer", "analyst"])
    def test_others_may(self, role):
        client = logged_in(account(role))
        page = client.get("/admin/")
        assert page.status_code == 200
        assert f'href="{ENROL}"' in page.content.decode()

    def test_a_role_that_is_given_meanwhile_holds_at_the_next_request(self):
        user = account("analyst")
        client = logged_in(user)
        assert client.get(DESK).status_code == 200
        user.groups.add(Group.objects.get(name="reviewer"))
        assert goes_to(client.get(DESK)) == ENROL

    def test_a_permission_by_itself_weighs_as_much_as_the_role(self):
        user = account("analyst")
        user.user_permissions.add(Permission.objects.get(codename="approve_publication"))
        assert goes_to(logged_in(user).get(DESK)) == ENROL

    def test_where_it_is_not_required_a_password_is_enough(self, settings):
        settings.REQUIRE_SECOND_FACTOR = False
        assert logged_in(account("reviewer")).get(DESK).status_code == 200

    def test_whoever_has_one_shows_it_wherever(self, settings):
        settings.REQUIRE_SECOND_FACTOR = False
        user = account("viewer")
        enrolled(user)
        assert goes_to(logged_in(user).get(DESK)) == VERIFY


class TestEveryDoor:
    """Nothing of the desk answers to a password alone, whichever address and method."""

    @pytest.mark.parametrize(
        ("method", "has_one"),
        [("get", True), ("post", False), ("put", True), ("delete", False), ("head", True)],
    )
    def test_is_closed(self, method, has_one):
        user = account("administrator")
        if has_one:
            enrolled(user)
        client = logged_in(user)
        page = VERIFY if has_one else ENROL
        wrong = {}
        for name, route in DOORS:
            if name in IN_AND_OUT or name in ("second-factor", "second-factor-enrol"):
                continue
            path = "/" + re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "1", route).strip("^$")
            response = getattr(client, method)(path)
            if goes_to(response) != page:
                wrong[name or route] = response.status_code
        assert wrong == {}

    def test_logging_out_is_open(self):
        client = logged_in(account("reviewer"))
        assert client.post("/admin/logout/").status_code in (200, 302)
        assert not Session.objects.exists()


class TestEnrolment:
    def test_a_code_of_the_app_confirms_it_and_the_list_is_shown_once(self):
        user = account("reviewer")
        client = logged_in(user)
        page = client.get(f"{ENROL}?next={DESK}")
        key = client.session["second_factor_key"]
        assert second_factor.as_shown(key) in page.content.decode()
        assert '<div class="qr" role="img"' in page.content.decode()
        form = {"code": f"{totp(bytes.fromhex(key)):06d}", "next": DESK}
        shown = client.post(ENROL, form)
        codes = re.findall(r"<code>([a-z2-7-]{19})</code>", shown.content.decode())
        assert len(set(codes)) == 10
        assert f'href="{DESK}"' in shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        assert client.get(DESK).status_code == 200
        again = client.get(ENROL).content.decode()
        assert codes[0] not in again
        assert "10 recovery codes are left." in again

    def test_a_wrong_code_sets_nothing_up(self):
        user = account("reviewer")
        client = logged_in(user)
        client.get(ENROL)
        shown = client.post(ENROL, {"code": "000000"}).content.decode()
        assert "That is not the code that the app shows now." in shown
        assert not second_factor.is_enrolled(user)
        assert goes_to(client.get(DESK)) == ENROL

    def test_a_password_alone_does_not_replace_one(self):
        user = account("reviewer")
        device, _ = enrolled(user)
        client = logged_in(user)
        assert goes_to(client.get(ENROL)) == VERIFY
        assert goes_to(client.post(ENROL, {"code": "000000"})) == VERIFY
        assert goes_to(client.post(CODES)) == VERIFY
        assert second_factor.device_of(user) == device

    def test_moving_it_voids_the_former_and_ends_other_sessions(self):
        user = account("reviewer")
        device, _ = enrolled(user)
        client, other = logged_in(user), logged_in(user)
        client.post(VERIFY, {"code": code_of(device)})
        other.post(VERIFY, {"code": code_of(device, 1)})
        assert other.get(DESK).status_code == 200
        client.get(ENROL)
        key = client.session["second_factor_key"]
        client.post(ENROL, {"code": f"{totp(bytes.fromhex(key)):06d}"})
        assert client.get(DESK).status_code == 200
        assert goes_to(other.get(DESK)) == "/admin/login/"
        assert TOTPDevice.objects.get().key == key

    def test_nobody_reads_the_secrets_of_others(self):
        device, codes = enrolled(account("reviewer"))
        client = Client()
        client.force_login(User.objects.create_superuser("administrator"))
        session = client.session
        own = TOTPDevice.objects.create(user=User.objects.get(username="administrator"))
        session["otp_device_id"] = own.persistent_id
        session.save()
        assert client.get("/admin/").status_code == 200
        for page in ("otp_totp/totpdevice", "otp_static/staticdevice", "axes/accesslog"):
            assert client.get(f"/admin/{page}/").status_code == 404
        page = client.get(f"/admin/auth/user/{device.user.pk}/change/").content.decode()
        assert device.key not in page
        kept = StaticToken.objects.values_list("token", flat=True)
        assert not {code.replace("-", "") for code in codes} & set(kept)


class TestVerifying:
    def test_a_code_opens_the_desk_and_the_session_has_a_new_key(self):
        device, _ = enrolled(account("reviewer"))
        client = logged_in(device.user)
        before = client.cookies["sessionid"].value
        answer = client.post(VERIFY, {"code": code_of(device), "next": DESK})
        assert answer["Location"] == DESK
        assert client.cookies["sessionid"].value != before
        assert client.get(DESK).status_code == 200
        assert not Session.objects.filter(session_key=before).exists()

    def test_a_code_is_good_once(self):
        device, _ = enrolled(account("reviewer"))
        code = code_of(device)
        assert logged_in(device.user).post(VERIFY, {"code": code}).status_code == 302
        again = logged_in(device.user)
        shown = again.post(VERIFY, {"code": code})
        assert "That code is not right, or was used already." in shown.content.decode()
        assert goes_to(again.get(DESK)) == VERIFY

    @pytest.mark.parametrize(
        "written", [str, "{:>25}".format, lambda code: code.replace("-", "").upper()]
    )
    def test_a_recovery_code_is_good_once(self, written):
        device, codes = enrolled(account("reviewer"))
        code = written(codes[0])
        client = logged_in(device.user)
        assert client.post(VERIFY, {"code": code}).status_code == 302
        assert client.get(DESK).status_code == 200
        again = logged_in(device.user)
        again.post(VERIFY, {"code": code})
        assert goes_to(again.get(DESK)) == VERIFY
        assert second_factor.recovery_codes_left(device.user) == 9

    def test_each_login_asks_again(self):
        device, _ = enrolled(account("reviewer"))
        client = logged_in(device.user)
        client.post(VERIFY, {"code": code_of(device)})
        client.post("/admin/login/", {"username": "reviewer", "password": PASSWORD})
        assert goes_to(client.get(DESK)) == VERIFY

    def test_wrong_codes_lock_out_as_wrong_passwords_do(self):
        device, codes = enrolled(account("reviewer"))
        client = logged_in(device.user)
        for _ in range(5):
            wait_is_over(device)
            assert client.post(VERIFY, {"code": "000000"}).status_code == 200
        wait_is_over(device)
        refused_now = client.post(VERIFY, {"code": code_of(device)})
        assert (refused_now.status_code, refused_now["Retry-After"].isdigit()) == (429, True)
        assert client.post(VERIFY, {"code": codes[0]}).status_code == 429
        form = {"username": "reviewer", "password": PASSWORD}
        assert Client().post("/admin/login/", form).status_code == 429

    def test_giving_the_password_again_gives_no_more_tries(self):
        device, _ = enrolled(account("reviewer"))
        answers = []
        for _ in range(7):
            client = Client()
            form = {"username": "reviewer", "password": PASSWORD}
            if client.post("/admin/login/", form).status_code == 302:
                wait_is_over(device)
                answers.append(client.post(VERIFY, {"code": "000000"}).status_code)
        assert answers == [200] * 5

    def test_a_code_of_somebody_else_is_none(self):
        device, codes = enrolled(account("reviewer"))
        enrolled(account("administrator"))
        client = logged_in(User.objects.get(username="administrator"))
        client.post(VERIFY, {"code": codes[0]})
        assert goes_to(client.get(DESK)) == VERIFY

    @pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "x" * 41, "１２３４５６", "-1"])
    def test_what_is_no_code_is_refused_in_words(self, code):
        device, _ = enrolled(account("reviewer"))
        client = logged_in(device.user)
        assert client.post(VERIFY, {"code": code}).status_code == 200
        assert goes_to(client.get(DESK)) == VERIFY

    @pytest.mark.parametrize(
        "onwards", ["//elsewhere.example", "https://elsewhere.example/", "x:y"]
    )
    def test_leads_to_no_other_site(self, onwards):
        device, _ = enrolled(account("reviewer"))
        client = logged_in(device.user)
        answer = client.post(VERIFY, {"code": code_of(device), "next": onwards})
        assert answer["Location"] == "/admin/"


class TestLosingIt:
    def test_an_administrator_removes_it_and_all_sessions_end(self):
        device, _ = enrolled(account("reviewer"))
        lost = logged_in(device.user)
        lost.post(VERIFY, {"code": code_of(device)})
        own, _ = enrolled(account("administrator"))
        client = logged_in(own.user)
        client.post(VERIFY, {"code": code_of(own)})
        chosen = {
            "action": "remove_second_factor",
            "_selected_action": [device.user.pk, own.user.pk],
        }
        told = client.post("/admin/auth/user/", chosen, follow=True).content.decode()
        assert "Ask another administrator to remove your own second factor." in told
        assert "The second factor of 1 account is removed" in told
        assert second_factor.is_enrolled(own.user)
        assert not second_factor.is_enrolled(device.user)
        assert goes_to(lost.get(DESK)) == "/admin/login/"
        assert goes_to(logged_in(device.user).get(DESK)) == ENROL

    def test_an_operator_removes_it(self):
        device, _ = enrolled(account("reviewer"))
        client = logged_in(device.user)
        client.post(VERIFY, {"code": code_of(device)})
        assert run("reset_second_factor", "reviewer") == (
            "reviewer: the second factor is removed, and every session ended.\n"
        )
        assert goes_to(client.get(DESK)) == "/admin/login/"
        assert "'reviewer' has no second factor." in refused("reset_second_factor", "reviewer")
        assert "There is no account 'x'." in refused("reset_second_factor", "x")


@pytest.mark.parametrize("role", [VIEWER, ANALYST, REVIEWER])
def test_a_session_that_owes_a_code_is_nobodys_elsewhere(role, rf):
    """Outside of the desk nobody is known by half either."""
    user = account(role)
    enrolled(user)
    user.is_verified = lambda: False
    seen = []
    request = rf.get("/en/")
    request.user = user
    SecondFactor(lambda request: seen.append(request.user))(request)
    assert (seen[0].is_authenticated, seen[0].pk) == (False, None)
