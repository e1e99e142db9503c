"""Which program this is: a fingerprint of its code, the same on every machine that runs it."""

import hashlib
from functools import cache

from django.conf import settings

_PARTS = ("agreements", "coastguard", "docs", "requirements.txt")
_KINDS = {".py", ".html", ".json", ".mo", ".css", ".js", ".svg", ".txt", ".md", ".yaml", ".tsv"}


@cache
def program_version() -> str:
    """Return a hash of the program's files, which changes whenever its answers may."""
    found = hashlib.sha256()
    for part in _PARTS:
        top = settings.BASE_DIR / part
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.suffix in _KINDS and path.is_file():
                found.update(path.relative_to(settings.BASE_DIR).as_posix().encode())
                found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
