"""What is made of very many records, let go of once a part of them is done."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def let_go_by_part() -> Iterator[Callable[[], object]]:
    """Yield what is to be called after each part of a long task.

    Records and what belongs to them hold each other, so only Python's collector frees them. By
    itself it looks every few hundred objects whether any can be freed, through all that the
    process has, which takes more time than the task does; here it looks when a part is done, at
    what was made since.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield lambda: gc.collect(1)
    finally:
        if enabled:
            gc.enable()
