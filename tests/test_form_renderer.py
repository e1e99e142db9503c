"""The fields that are written out in Python give what Django's own templates give."""

from html.parser import HTMLParser

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.forms.renderers import DjangoTemplates
from django.test import RequestFactory

from agreements.form_renderer import WRITTEN, DeskRenderer
from tests.admin_pages import LISTS

# The timeline and the ledger have no form.
ADMINS = {
    model._meta.model_name: model_admin
    for model, model_admin in admin.site._registry.items()
    if model._meta.model_name in {*LISTS} - {"engagement", "publication"}
}


class _Parts(HTMLParser):
    """A piece of HTML as tags with sorted attributes, and texts without the space around them."""

    def __init__(self, html):
        super().__init__()
        self.parts = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.parts.append((tag, sorted((name, value or "") for name, value in attrs)))

    def handle_endtag(self, tag):
        self.parts.append(f"/{tag}")

    def handle_data(self, data):
        if data.strip():
            self.parts.append(data.strip())


def same(ours, django):
    assert _Parts(str(ours)).parts == _Parts(str(django)).parts


class _Both(DeskRenderer):
    """Renders with both, and holds one against the other."""

    def __init__(self):
        super().__init__()
        self.django, self.seen = DjangoTemplates(), set()

    def render(self, template_name, context, request=None):
        ours = super().render(template_name, context, request)
        if template_name in WRITTEN:
            same(ours, self.django.render(template_name, context, request))
            self.seen.add(template_name)
        return ours


@pytest.fixture
def both():
    return _Both()


@pytest.fixture
def request_of(db):
    request = RequestFactory().get("/admin/")
    request.user = get_user_model().objects.create_superuser("administrator")
    return request


def render(form):
    for field in form:
        str(field), field.label_tag(), str(field.errors)
    str(form.non_field_errors())


@pytest.mark.parametrize("name", ADMINS)
def test_every_field_of_every_page(request_of, both, name):
    model_admin = ADMINS[name]
    page = model_admin.get_form(request_of)
    rows = [
        inline.get_formset(request_of) for inline in model_admin.get_inline_instances(request_of)
    ]
    for form in (page, *(formset.form for formset in rows)):
        form = type(form.__name__, (form,), {"default_renderer": both})
        for typed in (None, {}, dict.fromkeys(form.base_fields, '<b>"x"</b> & no choice\n')):
            render(form(typed))


def test_what_a_record_holds(request_of, both, shipped):
    for model_admin in ADMINS.values():
        form = type("Form", (model_admin.get_form(request_of),), {"default_renderer": both})
        for record in model_admin.model._default_manager.order_by("pk")[:2]:
            render(form(instance=record))
    assert both.seen >= {
        "django/forms/widgets/text.html",
        "django/forms/widgets/select.html",
        "django/forms/widgets/textarea.html",
        "django/forms/label.html",
        "admin/widgets/related_widget_wrapper.html",
    }


@pytest.mark.parametrize(
    ("template", "widget"),
    [
        ("input", {"type": "text", "name": "n", "value": None, "attrs": {"disabled": True}}),
        ("input", {"type": "text", "name": "n", "value": "<&>'\"", "attrs": {"checked": False}}),
        ("textarea", {"name": "n", "value": "\n</textarea>", "attrs": {"rows": "4"}}),
        ("textarea", {"name": "n", "value": None, "attrs": {}}),
    ],
)
def test_values_that_need_care(template, widget):
    name, context = f"django/forms/widgets/{template}.html", {"widget": widget}
    same(DeskRenderer().render(name, context), DjangoTemplates().render(name, context))


def test_choices_in_groups():
    field = forms.ChoiceField(choices=[("", "None"), ("Seas", [(1, "A & B"), (2, "<C>")])])
    for initial in (None, 2, "3"):
        shown = [
            field.widget.render("sea", initial, {"id": "sea"}, renderer)
            for renderer in (DeskRenderer(), DjangoTemplates())
        ]
        same(*shown)
