"""Analysts at the desk over HTTP: they log in, open pages, and post what was on them, changed."""

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

import requests

from drills.desks import PASSWORD
from tests.admin_pages import fields_of

# A slow machine is no fault of the program's.
_TIMEOUT = 120


class Person:
    """Somebody at the desk, with a session of their own."""

    def __init__(self, address: str, name: str):
        self.address, self.name = address, name
        self.session = requests.Session()
        page = self.get("/admin/login/")
        form = {**fields_of(page.text, "login-form"), "username": name, "password": PASSWORD}
        answer = self.session.post(page.url, form, timeout=_TIMEOUT)
        assert "sessionid" in self.session.cookies, answer.text

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.address}{path}", timeout=_TIMEOUT)

    def post(self, path: str, form: Mapping[str, Any], **files: Any) -> requests.Response:
        """Post a form, as a browser does; what it leads to is not followed."""
        token = {"csrfmiddlewaretoken": self.session.cookies["csrftoken"]}
        where = f"{self.address}{path}"
        return self.session.post(
            where, {**form, **token}, files=files, allow_redirects=False, timeout=_TIMEOUT
        )

    def form(self, path: str, form_id: str) -> dict[str, Any]:
        """Return what the form on a page would send, unchanged."""
        page = self.get(path)
        found = fields_of(page.text, form_id)
        assert found, (path, page.status_code, page.text[:500])
        return found

    def bring(self, kind: str, rows: list[dict[str, str]]) -> requests.Response:
        """Bring a table to be imported; the answer leads to its preview."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        path = f"/admin/agreements/{kind}/import/"
        return self.post(path, {}, file=("table.csv", text.getvalue().encode()))

    def agree(self, preview: str, page: str) -> requests.Response:
        """Agree to a preview, at its path, as its page shows it."""
        agreed = re.search(r'name="_agreed" value="(\w+)"', page)
        assert agreed, page
        return self.post(preview, {"_agreed": agreed[1]})


def import_patrols(person: Person, turn: int, number: int = 50) -> requests.Response:
    """Bring a table of new exercises and agree to it; return the last answer."""
    rows = [
        {
            "slug": f"brought-{turn}-{each}",
            "title": f"Patrol {each} of table {turn}",
            "status": "held",
            "activity": "joint-patrol",
            "participants": "VN (host); JP (guest)",
        }
        for each in range(number)
    ]
    answer = person.bring("exercise", rows)
    if answer.status_code != 302:
        return answer
    preview = answer.headers["Location"]
    return person.agree(preview, person.get(preview).text)


def save_meeting(person: Person, number: int, form: dict[str, Any], text: str) -> requests.Response:
    """Save another summary of a meeting whose page was opened before."""
    path = f"/admin/agreements/meeting/{number}/change/"
    return person.post(path, {**form, "summary": text})
