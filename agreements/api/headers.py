"""The headers that readers may send and that answers have, for the OpenAPI description."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

_IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` of an answer that you have: 304 without a body while it holds.",
)


def _answer(name: str, shape: Any, statuses: list[int], description: str, always: bool) -> Any:
    return OpenApiParameter(
        name,
        shape,
        OpenApiParameter.HEADER,
        required=always,
        description=description,
        response=statuses,
    )


def described(view: Any, action: str) -> list[OpenApiParameter]:
    """Return the headers of what a view asks and answers; `action` as LedgerSchema has it."""
    declared = [status for status, _ in getattr(view, "answers", {(200, ""): None})]
    found_here = [*dict.fromkeys(status for status in declared if status < 300)]
    moves = [301] if action == "retrieve" else [status for status in declared if status == 302]
    gone = [410] if action in ("retrieve", "revision") else []
    refusals = [400, 404, 406, *([412] if found_here else []), *gone]
    refusals += [status for status in dict.fromkeys(declared) if status > 400]
    every = [*found_here, *([304] if found_here else []), *moves, *refusals]
    found = [
        *([_IF_NONE_MATCH] if found_here else []),
        _answer("ETag", str, every, "Strong: the same ETag is the same bytes.", True),
        _answer(
            "Cache-Control",
            str,
            every,
            "How long it may be kept: a revision and a release for ever, all else only if it is "
            "asked about again.",
            True,
        ),
    ]
    if view.reads_ledger and not view.unchanging:
        head = "The sequence of the last row of the ledger that the answer rests on."
        found.append(_answer("Ledger-Head", int, [200, 304], head, True))
    if found_here:
        lag = (
            "At most how many seconds the copy of the database that answered was behind; absent "
            "where the database itself did."
        )
        found.append(
            _answer("Replica-Lag", {"type": "number", "minimum": 0}, [*found_here, 304], lag, False)
        )
    if action in ("retrieve", "revision", "manifest") or len(view.get_renderers()) > 1:
        links = "Other forms, neighbours, the record's past and its licence (RFC 8288)."
        found.append(_answer("Link", str, [200], links, True))
    if action == "list":
        count = "How many records match in all; only with count=true."
        found.append(_answer("X-Total-Count", int, [200], count, False))
    if moves:
        found.append(
            _answer("Location", {"type": "string", "format": "uri"}, moves, "Where it is.", True)
        )
    return found
