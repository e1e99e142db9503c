"""The public page of releases: what there is to take away, and that it can be."""

import re

import pytest
from django.utils import timezone

from tests.builders import meeting, publish
from tests.released import released, releases_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path):
    publish(meeting("talks"))
    with releases_in(tmp_path):
        yield


def files_on(page):
    return re.findall(r'href="(/api/v1/releases/[^"]+/[^"/]+)"', page.content.decode())


def test_every_file_of_every_release_can_be_had(client):
    first = released("1.0.0")
    publish(meeting("visit"))
    second = released("1.1.0", notes="With the visit.")
    page = client.get("/en/releases/")
    found = files_on(page)
    expected = {
        f"/api/v1/releases/{each.name}/{file.name}"
        for each in (first, second)
        for file in each.iterdir()
    }
    assert set(found) == expected
    for address in found:
        response = client.get(address)
        assert response.status_code == 200
        assert len(b"".join(response.streaming_content)) == int(response["Content-Length"])
    text = page.content.decode()
    assert text.index("1.1.0") < text.index("1.0.0</h2>")
    assert "With the visit." in text
    assert found[0].endswith(".zip")


def test_it_says_where_to_look_before_there_is_one(client):
    page = client.get("/en/releases/")
    assert "No release was made yet" in page.content.decode()
    assert files_on(page) == []


def test_a_new_one_makes_a_page_that_is_held_old(client):
    before = client.get("/en/releases/")["ETag"]
    held = {"If-None-Match": before}
    assert client.get("/en/releases/", headers=held).status_code == 304
    released("1.0.0")
    assert client.get("/en/releases/", headers=held).status_code == 200


def test_the_past_has_those_that_were_made_by_then(client):
    moment = timezone.now().isoformat().replace("+00:00", "Z")
    released("1.0.0")
    assert files_on(client.get("/en/releases/", {"as_of": moment})) == []
    assert files_on(client.get("/en/releases/"))


def test_it_is_in_vietnamese(client):
    released("1.0.0")
    text = client.get("/vi/releases/").content.decode()
    assert "Các bản phát hành" in text
    assert "Tệp" in text
