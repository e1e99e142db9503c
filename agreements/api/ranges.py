"""Parts of files: a single range of bytes, as readers of Parquet and broken downloads ask for."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from rest_framework import exceptions
from rest_framework.request import Request

_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))")
_AT_A_TIME = 64 * 1024


class NotInFile(exceptions.APIException):
    """A range that lies outside of the file: 416, with the file's size."""

    status_code = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE

    def __init__(self, size: int):
        self.size = size
        super().__init__(f"The file has {size} bytes.")


def asked_range(request: Request, size: int, etag: str) -> tuple[int, int] | None:
    """Return the first byte asked for and the one after the last; None asks for the whole.

    Several ranges, other units and what cannot be read are answered with the whole (RFC 9110), and
    so is a part of another file than the reader's `If-Range` names. Raises NotInFile.
    """
    found = _RANGE.fullmatch(request.META.get("HTTP_RANGE", ""))
    if request.method != "GET" or found is None or request.META.get("HTTP_IF_RANGE", etag) != etag:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        if int(suffix) == 0 or size == 0:
            raise NotInFile(size)
        return max(size - int(suffix), 0), size
    start = int(first)
    stop = min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    if start >= size:
        raise NotInFile(size)
    return start, stop


class FilePart:
    """The bytes of a file from one place to another, read some at a time."""

    def __init__(self, path: Path, start: int, stop: int):
        self._file = path.open("rb")
        self._file.seek(start)
        self._left = stop - start

    def __iter__(self) -> Iterator[bytes]:
        while self._left:
            some = self._file.read(min(self._left, _AT_A_TIME))
            if not some:
                return
            self._left -= len(some)
            yield some

    def close(self) -> None:
        self._file.close()
