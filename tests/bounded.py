"""A bound on what a reader may take, in time of the processor: no other load can fail a test."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class TooSlow(Exception):
    """What ran took more than it may."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise TooSlow in what takes more of the processor's time; regular expressions included."""

    def stop(_number: int, _frame: object) -> None:
        raise TooSlow(f"It took over {seconds:g} s of the processor's time.")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
