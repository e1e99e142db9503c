"""Links to the handbook: `{% handbook_url "Q2" %}` is the address of that rule."""

from django import template

from agreements.handbook import handbook_url

register = template.Library()
register.simple_tag(handbook_url)
