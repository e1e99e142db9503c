"""Whether a reader has an answer already, known before any record is read.

What is public changes with the ledger's head and with the program alone. So the ETag of an answer
is made of the head, of the question and of the program that answers, and is strong: the same ETag
is the same bytes.
"""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags, quote_etag

from agreements.heads import Head
from agreements.program import program_version


def etag_of(address: str, head: Head | None, *more: str) -> str:
    """Return the ETag of what is answered at an address, query included.

    Without a head the answer does not depend on the ledger. `more` is whatever else it depends on,
    such as its media type or the day.
    """
    parts = (program_version(), address, head.sha256 if head else "", *more)
    # Keyed, so that the ETags change with the key that signs the cursors in the answers.
    key = salted_hmac("agreements.etag", "\0".join(parts), algorithm="sha256")
    return quote_etag(key.hexdigest()[:32])


def is_held(request: HttpRequest, etag: str) -> bool:
    """Return whether If-None-Match names an ETag, also as the weak one that compression makes.

    `*` names none: it also fits where there is nothing, which is not known yet.
    """
    held = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return any(each.removeprefix("W/") == etag for each in held)
