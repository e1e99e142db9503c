"""What the templates of public pages call for; `{% load pages %}`."""

from typing import Any

from django import template
from django.template import Context
from django.utils.html import conditional_escape, format_html

from agreements.catalogue.names import Name
from agreements.pages import words
from agreements.pages.addresses import address

register = template.Library()
register.filter(words.whole_date)
register.filter(words.foreign)


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, *args: Any, **query: Any) -> str:
    """Return the address of a page. The moment that the reader asks about goes along."""
    return address(name, *args, **{"as_of": context.get("as_of", ""), **query})


@register.filter
def spoken(name: Name) -> str:
    """Return a name, marked with its language where that is not the page's."""
    language = words.foreign(name)
    if language:
        return format_html('<span lang="{}">{}</span>', language, name.text)
    return conditional_escape(name.text)
