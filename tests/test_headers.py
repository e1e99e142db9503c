"""What every answer lets a browser do: its policies, on pages, files, refusals and failures."""

import re

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import reverse
from psycopg import OperationalError as Gone

from coastguard.headers import DESK, DOCS, FILES, PAGES
from tests import builders
from tests.released import released, releases_in

pytestmark = pytest.mark.django_db

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SAME, ANY = "same-origin", "cross-origin"
# Who answers, what is answered, and what a browser may do with it.
ANSWERS = [
    ("/", 302, PAGES, SAME),
    ("/en/", 200, PAGES, SAME),
    ("/vi/", 200, PAGES, SAME),
    ("/en/search/?colour=red", 400, PAGES, SAME),
    ("/en/nothing/", 404, PAGES, SAME),
    ("/nothing/", 404, PAGES, SAME),
    ("/en/timeline/", 200, PAGES, SAME),
    ("/en/timeline.svg", 200, FILES, ANY),
    ("/en/timeline.csv", 200, FILES, ANY),
    ("/en/timeline.svg?colour=red", 400, FILES, ANY),
    ("/en/feeds/changes.atom", 200, FILES, SAME),
    ("/en/cite.bib", 404, PAGES, SAME),
    ("/robots.txt", 200, FILES, SAME),
    ("/sitemap.xml", 200, FILES, SAME),
    ("/api/v1/", 200, FILES, ANY),
    ("/api/v1/meetings/", 200, FILES, ANY),
    ("/api/v1/meetings/?format=csv", 200, FILES, ANY),
    ("/api/v1/meetings/?colour=red", 400, FILES, ANY),
    ("/api/v1/meetings/?q=%00", 400, FILES, ANY),
    ("/api/v1/nothing/", 404, FILES, ANY),
    ("/api/v1/schema/", 200, FILES, ANY),
    ("/api/v1/docs/", 200, DOCS, SAME),
    ("/api/v1/docs/?script=", 200, FILES, ANY),
    ("/admin/", 302, DESK, SAME),
    ("/admin/login/", 200, DESK, SAME),
    ("/admin/login/?next=%FF", 400, FILES, ANY),
    ("/admin/interpret-date/?value=2024", 200, FILES, SAME),
    ("/static/admin/css/base.css", 200, FILES, SAME),
    ("/static/nothing.css", 404, PAGES, SAME),
]


def policies(response):
    for name, value in ALWAYS.items():
        assert response[name] == value
    assert "camera=()" in response["Permissions-Policy"]
    return response["Content-Security-Policy"], response["Cross-Origin-Resource-Policy"]


@pytest.mark.parametrize(("path", "status", "policy", "reach"), ANSWERS)
def test_every_answer_says_what_a_browser_may_do(client, path, status, policy, reach):
    response = client.get(path)
    assert response.status_code == status
    assert policies(response) == (policy, reach)


@pytest.mark.parametrize("path", ["/en/", "/api/v1/meetings/", "/api/v1/docs/", "/admin/login/"])
@pytest.mark.parametrize("method", ["head", "options", "post", "put", "delete"])
def test_whatever_the_method(path, method):
    response = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert response.status_code < 500
    policies(response)


@pytest.mark.parametrize(
    "path",
    ["/en/", "/en/timeline.svg", "/en/feeds/changes.atom", "/api/v1/meetings/", "/api/v1/docs/"],
)
def test_a_304_says_the_same_as_what_it_stands_for(client, path):
    # Browsers write its headers over those that they kept.
    whole = client.get(path)
    for _ in range(2):
        held = client.get(path, headers={"If-None-Match": whole["ETag"]})
        assert held.status_code == 304
        assert policies(held) == policies(whole)


def test_what_is_kept_comes_with_them_again(client):
    first, again = client.get("/en/"), client.get("/en/")
    assert policies(first) == policies(again) == (PAGES, SAME)


def test_a_failure_of_ours_comes_with_them(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("agreements.catalogue.asking.page_of", fail)
    response = Client(raise_request_exception=False).get("/api/v1/meetings/")
    assert response.status_code == 500
    policies(response)


@pytest.mark.parametrize("path", ["/en/", "/api/v1/meetings/", "/admin/login/"])
def test_an_answer_without_a_database_comes_with_them(monkeypatch, path):
    client = Client(raise_request_exception=False)

    def gone(*args, **kwargs):
        raise OperationalError from Gone("server closed the connection")

    monkeypatch.setattr("agreements.kept.heads.newest", gone)
    monkeypatch.setattr("agreements.heads.head_at", gone)
    monkeypatch.setattr("agreements.heads.snapshot", gone)
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
    client.cookies["sessionid"] = "x" * 32
    response = client.get(path)
    assert response.status_code == 503
    policies(response)


def test_a_wrong_host_and_a_way_to_https_come_with_them(client):
    refused = client.get("/en/", headers={"Host": "elsewhere.example"})
    assert refused.status_code == 400
    assert policies(refused) == (PAGES, SAME)
    with override_settings(SECURE_SSL_REDIRECT=True):
        sent_on = Client().get("/en/")
    assert (sent_on.status_code, sent_on["Location"]) == (301, "https://testserver/en/")
    assert policies(sent_on) == (PAGES, SAME)


def test_a_stream_and_a_file_to_keep_come_with_them(analyst):
    workbook = analyst.get("/admin/agreements/meeting/export/?_form=xlsx")
    table = analyst.get("/admin/agreements/meeting/export/")
    assert table.streaming
    for file in (table, workbook):
        assert file.status_code == 200
        assert file["Content-Disposition"].startswith("attachment; ")
        assert policies(file) == (FILES, SAME)


class TestPolicies:
    @pytest.mark.parametrize("policy", [PAGES, DESK, DOCS, FILES])
    def test_allow_nothing_unsafe_and_no_other_host(self, policy):
        rules = dict((*rule.split(" ", 1), "")[:2] for rule in policy.split("; "))
        assert rules["default-src"] == rules["object-src"] == rules["base-uri"] == "'none'"
        assert rules["frame-ancestors"] == "'none'"
        # Swagger's script writes HTML by no policy.
        assert (rules.get("require-trusted-types-for") == "'script'") == (policy != DOCS)
        assert not re.search(r"unsafe|https?:|\*|nonce|strict-dynamic", policy)
        assert rules.get("script-src", "'self'") == "'self'"
        assert "data:" not in rules.get("script-src", "") + rules.get("style-src", "")

    def test_pages_and_files_have_no_script_at_all(self):
        assert "script-src" not in PAGES + FILES
        assert "connect-src" not in PAGES + FILES
        assert FILES.endswith("; sandbox")

    def test_public_pages_hold_no_script(self, client, shipped):
        for path in ("/en/", "/en/meetings/", "/en/timeline/", "/en/map/", "/nothing/"):
            html = client.get(path).content.decode()
            assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html)


class TestOnTheDesk:
    PATHS = ("", "handbook/", "queues/overdue/", "duplicates/", "pictures/timeline/", "jsi18n/")

    @pytest.mark.parametrize("path", [*PATHS, "agreements/meeting/", "agreements/document/read/"])
    def test_nothing_is_kept_by_browsers(self, analyst, path):
        response = analyst.get(f"/admin/{path}")
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]

    def test_what_only_shows_what_is_public_may_be_kept_and_asked_about(self, analyst):
        response = analyst.get("/admin/pictures/timeline.svg")
        assert response["Cache-Control"] == "private, no-cache"
        assert policies(response) == (FILES, SAME)

    def test_who_is_turned_away_reads_so_on_a_page_of_ours(self, client, django_user_model):
        viewer = django_user_model.objects.create_user("viewer", is_staff=True)
        viewer.groups.add(Group.objects.get(name="viewer"))
        client.force_login(viewer)
        response = client.get(reverse("admin:auth_user_changelist"))
        assert response.status_code == 403
        assert "Your account may not do this" in response.content.decode()
        assert response["Cache-Control"] == "no-store"
        assert policies(response) == (DESK, SAME)

    def test_a_form_from_elsewhere_is_refused_on_a_page_of_ours(self):
        # Django's own has its style inside, which no policy of ours lets be.
        response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
        assert response.status_code == 403
        html = response.content.decode()
        assert "The form was not taken" in html
        assert "<style" not in html
        assert policies(response) == (DESK, SAME)

    def test_no_script_reads_a_cookie(self, client):
        cookies = client.get("/admin/login/").cookies
        assert cookies["csrftoken"]["httponly"]
        client.post("/i18n/setlang/", {"language": "vi"})
        assert client.cookies["django_language"]["httponly"]
        assert client.cookies["django_language"]["samesite"] == "Lax"


class TestAddressesThatAreWritten:
    @pytest.mark.parametrize(
        "address", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "\x01javascript:x", "data:,x"]
    )
    def test_lead_nowhere_where_they_are_programs(self, client, analyst, address):
        # Forms refuse them; a raw load does not.
        document = builders.document(url=address)
        builders.publish(document)
        desk = reverse("admin:agreements_document_text", args=[document.pk])
        change = reverse("admin:agreements_document_change", args=[document.pk])
        for path in (f"/en/documents/{document.slug}/", desk, change):
            html = client.get(path).content.decode()
            assert not re.search(r"""(?i)href=["']?[\x00-\x20]*(javascript|data):""", html)

    def test_lead_to_pages_where_they_are_pages(self, client, analyst):
        document = builders.document(url="https://news.example/talks")
        builders.publish(document)
        desk = reverse("admin:agreements_document_text", args=[document.pk])
        for path in (f"/en/documents/{document.slug}/", desk):
            assert '<a href="https://news.example/talks"' in client.get(path).content.decode()


def test_a_file_of_a_release_is_an_attachment(client, shipped, tmp_path):
    with releases_in(tmp_path):
        for name in ("README.md", released("1.0.0").glob("*.csv").__next__().name):
            response = client.get(f"/api/v1/releases/1.0.0/{name}")
            assert response["Content-Disposition"] == f'attachment; filename="{name}"'
            assert policies(response) == (FILES, ANY)
