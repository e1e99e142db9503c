"""An administrator keeps the accounts, and gives nobody more than a role holds."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from tests.admin_pages import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    account = User.objects.create_user("administrator", is_staff=True)
    account.groups.add(Group.objects.get(name="administrator"))
    client.force_login(account)
    return client


def page(account):
    return reverse("admin:auth_user_change", args=[account.pk])


def test_an_administrator_gives_roles(administrator):
    account = User.objects.create_user("writer")
    form = {**form_of(administrator, page(account)), "is_staff": "on"}
    role = Group.objects.get(name="analyst")
    assert administrator.post(page(account), {**form, "groups": [role.pk]}).status_code == 302
    account.refresh_from_db()
    assert account.is_staff
    assert account.has_perm("agreements.change_meeting")
    assert not User.objects.get(pk=account.pk).has_perm("agreements.approve_publication")


def test_but_makes_no_superuser_and_gives_no_single_right(administrator):
    account = User.objects.create_user("writer", is_staff=True)
    form = form_of(administrator, page(account))
    assert "is_superuser" not in form
    form |= {"is_superuser": "on", "user_permissions": [1, 2]}
    administrator.post(page(account), form)
    account.refresh_from_db()
    assert not account.is_superuser
    assert not account.user_permissions.exists()


@pytest.mark.parametrize("name", ["change", "delete", "password_change"])
def test_nor_touches_the_account_of_one(administrator, name):
    route = "auth_user_password_change" if name == "password_change" else f"auth_user_{name}"
    superuser = User.objects.create_superuser("superuser", password="before")
    url = reverse(f"admin:{route}", args=[superuser.pk])
    form = {"post": "yes", "username": "mine", "password1": "after-1234", "password2": "after-1234"}
    administrator.post(url, form)
    superuser.refresh_from_db()
    assert superuser.username == "superuser"
    assert superuser.check_password("before")


def test_nor_writes_a_role_of_its_own(administrator):
    role = Group.objects.get(name="viewer")
    url = reverse("admin:auth_group_change", args=[role.pk])
    assert administrator.post(url, {"name": "viewer", "permissions": [1]}).status_code == 403
