"""The rows of a record's page, written out in Python: a page may hold hundreds of fields."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeString, mark_safe

from agreements.handbook import help_with_link

register = template.Library()


@register.filter
def filled(inline: Any) -> Iterator[tuple[Any, SafeString]]:
    """Yield each row of an inline with the HTML of its lines of fields.

    What rows have in common, as labels and help, is rendered for the first of them; it alone has
    links to the handbook.
    """
    shared: dict[str, _Shared] = {}
    for row in inline:
        lines = (_line(line, shared) for fieldset in row for line in fieldset)
        # Made of what Django's own widgets, labels and errors give.
        yield row, mark_safe("".join(lines))  # noqa: S308


class _Shared:
    """The label and the help of a field, of whichever row."""

    def __init__(self, name: str, field: Any):
        self._id, self._label = _id_of(field), field.label_tag()
        self._help = _value(field, "help_text")
        self._first_help = help_with_link(name, self._help)

    def label(self, field: Any) -> str:
        """Return the label of the same field of a row."""
        return self._label.replace(f'for="{self._id}"', f'for="{_id_of(field)}"')

    def help(self, field: Any) -> str:
        """Return the help of the same field of a row, "" where it has none."""
        name = _id_of(field)
        text = self._first_help if name == self._id else self._help
        named = f' id="{name}_helptext"' if name else ""
        return f'<div class="help"{named}><div>{text}</div></div>' if text else ""


def _id_of(field: Any) -> str:
    return _value(field, "id_for_label")


def _value(field: Any, name: str) -> Any:
    # A field that is only read is a dictionary.
    source = field.field
    return source.get(name, "") if field.is_readonly else getattr(source, name)


def _line(line: Any, shared: dict[str, _Shared]) -> str:
    fields = "".join(f"<div>{_field(field, shared)}</div>\n" for field in line)
    return (
        '<div class="form-row">\n'
        f'<div class="flex-container form-multiline">\n{fields}</div></div>\n'
    )


def _field(field: Any, shared: dict[str, _Shared]) -> str:
    name = _value(field, "name")
    if name not in shared:
        shared[name] = _Shared(name, field)
    common = shared[name]
    label, classes, errors = common.label(field), f"flex-container fieldBox field-{name}", ""
    if field.is_readonly:
        content = f'{label}<div class="readonly">{escaped(field.contents())}</div>'
    else:
        errors = field.errors()
        classes += " errors" * bool(errors) + " checkbox-row" * field.is_checkbox
        widget = str(field.field)
        content = widget + label if field.is_checkbox else label + widget
    return f'{errors}<div class="{classes}">{content}</div>\n{common.help(field)}'
