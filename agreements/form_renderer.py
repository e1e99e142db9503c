"""Django's form templates; those of single fields written out in Python.

A page of the desk shows hundreds of small fields, and spends most of its time on rendering a
template for each. A test holds what is written here against what Django's templates give.
"""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.templatetags.static import static
from django.utils.translation import gettext

Context = Mapping[str, Any]


def escaped(value: Any) -> str:
    """Return a value as HTML: escaped, unless it is HTML already."""
    text = str(value)
    return text if hasattr(text, "__html__") else escape(text)


def attributes(values: Mapping[str, Any]) -> str:
    """Return HTML attributes, each led by a space; False is none, and True one without a value."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escaped(value)}"'
        for name, value in values.items()
        if value is not False
    )


def input_box(context: Context) -> str:
    widget = context["widget"]
    value = {} if widget["value"] is None else {"value": str(widget["value"])}
    named = {"type": widget["type"], "name": widget["name"], **value, **widget["attrs"]}
    return f"<input{attributes(named)}>"


def select(context: Context) -> str:
    widget = context["widget"]
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    named = attributes({"name": widget["name"], **widget["attrs"]})
    return f"<select{named}>{groups}\n</select>"


def _group(name: Any, options: Iterable[Context]) -> str:
    inside = "".join(f"\n  {_option(option)}" for option in options)
    return f'\n  <optgroup label="{escaped(name)}">{inside}\n  </optgroup>' if name else inside


def _option(widget: Context) -> str:
    named = attributes({"value": str(widget["value"]), **widget["attrs"]})
    return f"<option{named}>{escaped(widget['label'])}</option>"


def text_area(context: Context) -> str:
    widget = context["widget"]
    named = attributes({"name": widget["name"], **widget["attrs"]})
    return f"<textarea{named}>\n{escaped(widget['value'] or '')}</textarea>"


def label(context: Context) -> str:
    text = escaped(context["label"])
    if not context["use_tag"]:
        return text
    return f"<{context['tag']}{attributes(context['attrs'] or {})}>{text}</{context['tag']}>"


def errors(context: Context) -> str:
    found = context["errors"]
    if not found:
        return ""
    rows = "".join(f"<li>{escaped(error)}</li>" for error in found)
    named = {"class": context["error_class"]}
    if found.field_id:
        named["id"] = f"{found.field_id}_error"
    return f"<ul{attributes(named)}>{rows}</ul>"


# Django's own messages and images, by what a link beside a select does.
_LINKS = {
    "change": ("Change selected %(model)s", "admin/img/icon-changelink.svg"),
    "add": ("Add another %(model)s", "admin/img/icon-addlink.svg"),
    "delete": ("Delete selected %(model)s", "admin/img/icon-deletelink.svg"),
    "view": ("View selected %(model)s", "admin/img/icon-viewlink.svg"),
}


def related(context: Context) -> str:
    """Return a select with links to the records that it chooses from."""
    shown = (
        [] if context["is_hidden"] else [each for each in _LINKS if context[f"can_{each}_related"]]
    )
    links = "".join(_link(each, context) for each in shown)
    named = (
        {} if context["model_has_limit_choices_to"] else {"data-model-ref": context["model_name"]}
    )
    widget = escaped(context["rendered_widget"])
    return f'<div class="related-widget-wrapper"{attributes(named)}>\n{widget}\n{links}\n</div>'


def _link(action: str, context: Context) -> str:
    title, image = _LINKS[action]
    # A record that is looked at is no popup, and has the address of its page.
    page = "change" if action == "view" else action
    query = context["view_related_url_params" if action == "view" else "url_params"]
    url = context["add_related_url" if action == "add" else f"{page}_related_template_url"]
    named = {
        "class": f"related-widget-wrapper-link {action}-related",
        "id": f"{action}_id_{context['name']}",
        **({} if action == "view" else {"data-popup": "yes"}),
        "href" if action == "add" else "data-href-template": f"{url}?{query}",
        "title": gettext(title) % {"model": context["model"]},
    }
    icon = attributes({"src": static(image), "alt": "", "width": "24", "height": "24"})
    return f"<a{attributes(named)}><img{icon}></a>"


_INPUTS = ("checkbox", "date", "email", "hidden", "input", "number", "text")
WRITTEN: dict[str, Callable[[Context], str]] = {
    **{f"django/forms/widgets/{name}.html": input_box for name in _INPUTS},
    "django/forms/widgets/select.html": select,
    "django/forms/widgets/textarea.html": text_area,
    "admin/widgets/related_widget_wrapper.html": related,
    "django/forms/label.html": label,
    "django/forms/errors/list/default.html": errors,
    "django/forms/errors/list/ul.html": errors,
}


class DeskRenderer(DjangoTemplates):
    """Renders forms; quickly what stands on a page many times."""

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        write = WRITTEN.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return write(context)
