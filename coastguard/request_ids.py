"""The request that is being answered, for all that is written down meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

# More of a path, or of what an error says, is not needed to find what it was.
LONGEST = 500


@dataclass(frozen=True)
class Asked:
    """A request as it is told of: its id, its method and its path."""

    request_id: str
    method: str
    path: str


_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


@contextmanager
def answering(asked: Asked) -> Iterator[None]:
    """Answer a request within."""
    token = _asked.set(asked)
    try:
        yield
    finally:
        _asked.reset(token)


def current() -> Asked | None:
    """Return the request that is being answered; None outside of one."""
    return _asked.get()


def request_id() -> str:
    """Return the id of the request that is being answered; "" outside of one."""
    asked = current()
    return asked.request_id if asked else ""
