"""Quotations looked up in the text that they were taken from."""

from django.utils.translation import gettext as _

from agreements.text import normalised, paragraph_number, paragraphs


class Text:
    """A document's text, normalised once, for looking up many quotations."""

    def __init__(self, text: str):
        self.paragraphs = paragraphs(text)
        self.whole = normalised(text)

    def fault(self, locator: str, quote: str) -> str | None:
        """Return what is wrong with a quotation at a locator, or None where it is found."""
        wanted = normalised(quote)
        number = paragraph_number(locator)
        if number is None:
            return None if wanted in self.whole else _("not in the text")
        if number > len(self.paragraphs):
            return _("the text has only %(count)d paragraphs") % {"count": len(self.paragraphs)}
        if wanted in self.paragraphs[number - 1]:
            return None
        stands = self.paragraph_of(quote)
        if stands is None:
            return _("not in the text")
        return _("it stands in paragraph %(number)d") % {"number": stands}

    def paragraph_of(self, quote: str) -> int | None:
        """Return the number of the first paragraph that has a quotation, None where none has."""
        wanted = normalised(quote)
        return next((n for n, each in enumerate(self.paragraphs, 1) if wanted in each), None)
