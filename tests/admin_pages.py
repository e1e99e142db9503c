"""The admin's pages as a browser sees them: a form is read, changed and posted back."""

from html.parser import HTMLParser
from typing import Any

from django.urls import reverse


class _Fields(HTMLParser):
    """What a browser would send of the form with an id, without its buttons."""

    def __init__(self, form_id: str):
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.values: dict[str, Any] = {}
        self.select: tuple[str, bool] | None = None
        self.first = ""
        self.textarea: str | None = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if not self.inside or "disabled" in given:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self.select, self.first = (name, "multiple" in given), ""
            if "multiple" in given:
                self.values[name] = []
        elif tag == "option" and self.select:
            self._option(given)
        elif tag == "textarea":
            self.textarea, self.values[name] = name, ""

    def _input(self, name, given):
        kind = given.get("type", "text")
        if kind in ("submit", "button"):
            return
        if kind == "checkbox":
            if "checked" in given:
                self.values[name] = given.get("value", "on")
        else:
            self.values[name] = given.get("value", "")

    def _option(self, given):
        assert self.select is not None
        name, multiple = self.select
        if multiple:
            if "selected" in given:
                self.values[name].append(given["value"])
        elif "selected" in given or name not in self.values:
            self.values[name] = given.get("value", "")

    def handle_data(self, data):
        if self.textarea:
            self.values[self.textarea] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.textarea:
            # HTML drops the first line break, and browsers send CR LF.
            text = self.values[self.textarea].removeprefix("\n")
            self.values[self.textarea] = text.replace("\n", "\r\n")
            self.textarea = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False


def form_of(client: Any, url: str) -> dict[str, Any]:
    """Return what the form on a page would send, unchanged."""
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return fields_of(response.content.decode(), f"{response.context['opts'].model_name}_form")


def fields_of(html: str, form_id: str) -> dict[str, Any]:
    """Return what the form with an id would send, unchanged."""
    fields = _Fields(form_id)
    fields.feed(html)
    return {name: value for name, value in fields.values.items() if "__prefix__" not in name}


def add_row(form: dict[str, Any], prefix: str, **values: Any) -> None:
    """Fill in the next row of an inline, as "Add another" does."""
    total = int(form[f"{prefix}-TOTAL_FORMS"])
    row = total
    for number in range(int(form[f"{prefix}-INITIAL_FORMS"]), total):
        if not form.get(f"{prefix}-{number}-country") and f"{prefix}-{number}-country" in form:
            row = number
            break
    form[f"{prefix}-TOTAL_FORMS"] = str(max(total, row + 1))
    for name, value in values.items():
        form[f"{prefix}-{row}-{name}"] = value


def errors_of(response: Any) -> list[str]:
    """Return every error on a page, of its form and of its inlines."""
    found = []
    context = response.context
    for errors in context["adminform"].form.errors.values():
        found += errors
    for inline in context["inline_admin_formsets"]:
        found += inline.formset.non_form_errors()
        for errors in inline.formset.errors:
            for lines in errors.values():
                found += lines
    return found


def messages_of(response: Any) -> list[str]:
    """Return what a followed response tells its user."""
    return [str(message) for message in response.context["messages"]]


REVIEWABLES = [
    "country",
    "force",
    "topic",
    "series",
    "document",
    "agreement",
    "meeting",
    "exercise",
    "reportedtotal",
]
LISTS = [*REVIEWABLES, "person", "engagement", "publication", "participant"]


def changelist(model):
    return reverse(f"admin:agreements_{model}_changelist")


def add_page(model):
    # Documents begin with their text elsewhere, unless they come without one.
    query = "?without_text=1" if model == "document" else ""
    return reverse(f"admin:agreements_{model}_add") + query


def page(record):
    return reverse(f"admin:agreements_{record._meta.model_name}_change", args=[record.pk])


def saved(client, url, form):
    """Post a form that must be accepted; return the page that follows."""
    response = client.post(url, form, follow=True)
    assert response.redirect_chain, errors_of(response)
    return response


def refused(client, url, form):
    """Post a form that must come back; return its errors."""
    response = client.post(url, form)
    assert response.status_code == 200
    errors = errors_of(response)
    assert errors
    return errors


def act(client, model, action, *records, **answers):
    """Take an action with rows of a list, and confirm it on the page that asks; return the end."""
    form = {"action": action, "_selected_action": [record.pk for record in records]}
    response = client.post(changelist(model), form, follow=True)
    tokens = (response.context or {}).get("tokens")
    if tokens is None:
        return response
    form |= {"_confirmed": "1", "_version": list(tokens), **answers}
    return client.post(changelist(model), form, follow=True)


def review_page(record):
    return reverse(f"admin:agreements_{record._meta.model_name}_review", args=[record.pk])


def reviewed(client, record, step, **answers):
    """Open a record's review and press one of its buttons; return the page that follows."""
    tokens = client.get(review_page(record)).context["tokens"]
    form = {"_version": tokens, "_review_step": step, **answers}
    return client.post(review_page(record), form, follow=True)
