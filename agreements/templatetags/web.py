"""Addresses that people wrote: `{% if address|on_the_web %}` before one becomes a link."""

from django import template

register = template.Library()
_SCHEMES = ("http://", "https://")


@register.filter
def on_the_web(address: str) -> bool:
    """Whether an address leads to a page. Raw loads can write `javascript:`, which is a program."""
    return address.lower().startswith(_SCHEMES)
