"""What the service writes of its work: an object of JSON a line, with the request it belongs to.

Of an error it tells where it was and the first line of what it says: a database goes on with the
row that it refused, or with the query.
"""

import logging
from collections.abc import Iterator
from traceback import StackSummary, format_list, walk_tb
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from coastguard.request_ids import LONGEST, current


class Line(JsonFormatter):
    """A record of the log as one line: time, level, logger, message, request, and what else."""

    def __init__(self) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
            # A request that is handed over to be told of has more in it than may be told.
            reserved_attrs=[*vars(logging.makeLogRecord({})), "message", "request"],
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        asked = current()
        told = {"time": log_data.pop("time"), **log_data, **(vars(asked) if asked else {})}
        if "exc_info" in told:
            told["error"] = told.pop("exc_info")
        return told

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return "\n".join(_lines_of(ei[1]))


def _lines_of(error: BaseException) -> Iterator[str]:
    """Yield the lines of an error: those that it came from, where each was, and what it says."""
    above = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if above is not None:
        yield from _lines_of(above)
        yield "which led to:"
    frames = StackSummary.extract(walk_tb(error.__traceback__))
    yield from "".join(format_list(frames)).splitlines()
    first = next(iter(str(error).splitlines()), "")
    yield f"{type(error).__module__}.{type(error).__qualname__}: {first[:LONGEST]}"
