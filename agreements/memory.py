"""What is made of very many records, let go of once a part of them is done."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def let_go_by_part() -> Iterator[Callable[..., None]]:
    """Yield what is to be called after each part of a long task, with its records where it has any.

    Records and what belongs to them hold each other, so that only Python's collector would free
    them. By itself it looks every few hundred objects whether any can be freed, through all that
    the process has, which takes more time than the task does; here records are told to let go,
    and it looks when a part is done, at what was made since.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield _let_go
    finally:
        if enabled:
            gc.enable()


def _let_go(records: Iterable[Any] = ()) -> None:
    for record in records:
        record.__dict__.pop("_prefetched_objects_cache", None)
    gc.collect(1)
