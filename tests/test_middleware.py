"""What holds for every page: requests that can be read."""

import pytest

pytestmark = pytest.mark.django_db


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
