"""Cells that a spreadsheet would run, made harmless in CSV and restored exactly.

A text that would be taken for a formula gets an apostrophe in front, as a person types it to say
that a cell is text. A text that begins with an apostrophe gets a second one, so that reading takes
away precisely what writing added.
"""

import re

# Spaces of any kind, and the wide forms that some spreadsheets take for the narrow ones.
_DANGEROUS = re.compile(r"'|[\t\r]|\s*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def guarded(text: str) -> str:
    """Return a text as a CSV file may hold it; plain numbers such as -9 stay as they are."""
    if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    """Return the text that was guarded; one that nobody guarded stays as it is."""
    if text.startswith("'") and guarded(text[1:]) == text:
        return text[1:]
    return text
