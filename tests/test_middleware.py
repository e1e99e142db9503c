"""What holds for every page: the content policy, requests that can be read, one language."""

import pytest
from django.test import Client

from coastguard.middleware import POLICY

pytestmark = pytest.mark.django_db

PAGES = [
    *(
        "/",
        "/en/",
        "/vi/",
        "/en/nothing/",
        "/api/v1/",
        "/api/v1/meetings/",
        "/api/v1/docs/",
        "/api/v1/docs/?script=",
    ),
    *("/api/v1/schema/", "/api/v1/nothing/", "/admin/", "/admin/login/", "/nothing/"),
    *("/api/v1/meetings/?q=%00", "/api/v1/meetings/?colour=red", "/admin/login/?next=%FF"),
    *("/static/admin/css/base.css", "/static/nothing.css"),
]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_comes_with_the_one_policy(client, page):
    response = client.get(page)
    assert response.status_code < 500
    assert response["Content-Security-Policy"] == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_failure_of_ours_comes_with_it_too(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("agreements.catalogue.asking.page_of", fail)
    response = Client(raise_request_exception=False).get("/api/v1/meetings/")
    assert response.status_code == 500
    assert response["Content-Security-Policy"] == POLICY


def test_the_policy_lets_no_inline_script_and_no_other_host_in():
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


@pytest.mark.parametrize(
    "page", ["/", "/admin/", "/admin/login/", "/api/v1/meetings/", "/nothing/"]
)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("term=%00", "term"),
        ("term=a%00b&q=1", "term"),
        ("q=1&term=%FF", "term"),
        ("term=%ED%A0%80", "term"),
        ("%00=1", "\ufffd"),
        ("term=caf%E9", "term"),
    ],
)
def test_a_query_that_is_not_text_is_refused_and_named(client, page, query, parameter):
    response = client.get(f"{page}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["title"]) == (400, "Bad Request")
    assert [fault["parameter"] for fault in problem["errors"]] == [parameter]


def test_raw_bytes_that_are_not_text_are_refused_too(client):
    # A server hands the bytes of a query over as Latin-1.
    assert client.get("/", QUERY_STRING="q=caf\xe9").status_code == 400
    page = "/admin/login/"
    assert client.get(page, QUERY_STRING="q=café".encode().decode("latin-1")).status_code == 200


@pytest.mark.parametrize(
    "query", ["q=c%E1%BA%A3nh", "q=a+b", "q=%F0%9F%9A%A2", "", "&&", "=", "%25"]
)
def test_text_passes(client, query):
    assert client.get(f"/admin/login/?{query}").status_code == 200


def test_a_format_that_is_not_text_is_an_unknown_format(client):
    assert client.get("/api/v1/meetings/?format=%00").status_code == 404
