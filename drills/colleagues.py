"""Colleagues at the desk over HTTP: they open a form, post it changed, and take actions."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import requests

from drills.processes import DrillError
from tests.admin_pages import fields_of

# A slow machine is no fault of the program's.
_TIMEOUT = 120
_LOG_IN = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.get(username={name!r}))
print(client.cookies["sessionid"].value)
"""


def session_of(name: str, manage: Callable[..., str]) -> str:
    """Log somebody in by the program's own shell; return their session's key."""
    return manage("shell", "--command", _LOG_IN.format(name=name)).split()[-1]


class Colleague:
    """Somebody with a session at the desk, or with none."""

    def __init__(self, address: str, session: str):
        self.address = address
        self.http = requests.Session()
        if session:
            self.http.cookies["sessionid"] = session

    def get(self, path: str) -> requests.Response:
        return self.http.get(f"{self.address}{path}", timeout=_TIMEOUT)

    def numbers(self, kind: str) -> list[int]:
        """Return the numbers of the records of a kind, as the first page of their list has them."""
        found = re.findall(
            rf"/admin/agreements/{kind}/(\d+)/change/", self.get(f"/admin/agreements/{kind}/").text
        )
        return sorted(set(map(int, found)))

    def edit(self, kind: str, number: int, **values: str) -> None:
        """Change fields of a record in its form; raise a DrillError where that is refused."""
        path = f"/admin/agreements/{kind}/{number}/change/"
        form = fields_of(self.get(path).text, f"{kind}_form")
        if not form:
            raise DrillError(f"{path}: no form")
        answer = self._post(path, {**form, **values})
        if answer.status_code != 200 or "/change/" in answer.url:
            raise DrillError(f"{path}: {answer.status_code} {_errors(answer.text)}")

    def act(self, kind: str, action: str, *numbers: int) -> None:
        """Take an action with records of a list, and confirm it where it asks."""
        path = f"/admin/agreements/{kind}/"
        self.get(path)
        form: dict[str, Any] = {"action": action, "_selected_action": list(numbers)}
        answer = self._post(path, form)
        tokens = re.findall(r'name="_version" value="([^"]+)"', answer.text)
        if tokens:
            answer = self._post(path, {**form, "_confirmed": "1", "_version": tokens})
        if answer.status_code != 200 or "errornote" in answer.text:
            raise DrillError(f"{action}: {answer.status_code} {_errors(answer.text)}")

    def _post(self, path: str, form: dict[str, Any]) -> requests.Response:
        token = {"csrfmiddlewaretoken": self.http.cookies.get("csrftoken", "")}
        return self.http.post(f"{self.address}{path}", {**form, **token}, timeout=_TIMEOUT)


def _errors(page: str) -> str:
    found = re.findall(
        r'class="(?:errorlist|errornote|error|warning)[^>]*>(.*?)</(?:ul|p|li)>', page, re.S
    )
    return " ".join(unescape(re.sub(r"<[^>]+>|\s+", " ", each)) for each in found)[:300]
