"""What reading a file gives, and why one is not read. Nothing here needs Django."""

from dataclasses import dataclass


@dataclass
class Found:
    """A file's text, and what the file says of itself: "" where it says nothing.

    `dates` are the texts that the file gives as its date of publication, the surest first.
    """

    text: str
    title: str = ""
    publisher: str = ""
    author: str = ""
    dates: tuple[str, ...] = ()
    language: str = ""
    url: str = ""


class Refused(Exception):
    """A file that is not read. `reason` is a key of `agreements.intake.extraction.REASONS`."""

    def __init__(self, reason: str, **values: object):
        self.reason = reason
        self.values = values
        super().__init__(reason)
