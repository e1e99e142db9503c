"""What the cells of lists show."""

from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe


def in_cell(date: Any) -> SafeString:
    """Return a partial date as HTML that breaks between its ends and nowhere else."""
    first, slash, last = str(date or "").partition("/")
    parts = [(part,) for part in (first + slash, last) if part]
    return format_html_join(mark_safe("<wbr>"), '<span class="date-part">{}</span>', parts)
