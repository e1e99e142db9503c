"""What the templates of public pages call for; `{% load pages %}`."""

from typing import Any

from django import template
from django.template import Context

from agreements.pages.addresses import address

register = template.Library()


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, *args: Any, **query: Any) -> str:
    """Return the address of a page. The moment that the reader asks about goes along."""
    return address(name, *args, **query, as_of=context.get("as_of", ""))
