"""What readers were answered, against what the primary has."""

import re
from collections.abc import Sequence
from datetime import UTC
from urllib.parse import quote

import psycopg

from drills.readers import Answer, Reader
from drills.report import Report
from drills.services import manage
from drills.topology import BOUND, BOUND_ALONE, WRITES, Service, counted


def everything_was_right(service: Service, report: Report, answers: Sequence[Answer]) -> None:
    """Compare each answer with what the primary has for the head that it states."""
    with psycopg.connect(service.cluster.primary.url) as connection:
        rows = connection.execute(
            "SELECT sequence, sha256, published_at FROM agreements_publication ORDER BY sequence"
        ).fetchall()
    published = {sequence: at for sequence, _, at in rows}
    hashes = {sequence: sha256 for sequence, sha256, _ in rows}
    acknowledged = [line.split() for line in service.lines.read_text().splitlines()]
    lost = [line for line in acknowledged if hashes.get(int(line[1])) != line[2]]
    report.check(not lost, "every acknowledged publication is there", len(acknowledged))
    verified = manage(service.settings, "verify_ledger").strip().partition(",")[0]
    report.check("rows" in verified, "every hash of the ledger is right", verified)
    digest = "SELECT md5(string_agg(sha256, '' ORDER BY sequence)) FROM agreements_publication"
    service.cluster.catch_up()
    same = {server.ask(digest) for server in service.cluster.servers}
    report.check(len(same) == 1, "the replicas hold the same", f"{len(rows)} rows each")

    found = [each for each in answers if each.status == 200]
    stated = {(each.path, each.head, each.sha256) for each in found if each.head is not None}
    truth, wrong = Reader("truth", service.truth), []
    for path, head, sha256 in sorted(stated):
        if "as_of" not in path:
            moment = quote(published[head].astimezone(UTC).isoformat())
            expected = truth.ask(f"{path}{'&' if '?' in path else '?'}as_of={moment}")
        else:
            expected = truth.ask(path)
        if (expected.sha256, expected.head) != (sha256, head):
            wrong.append((path, head))
    truth.close()
    compared = f"{len(found)} answers, {len(stated)} different ones; wrong: {wrong[:3] or 0}"
    report.check(bool(stated) and not wrong, "every answer is what the primary has", compared)
    lag_was_true(service, report, found, acknowledged)

    restarted = [each for each in answers if each.reader == "single" and each.lag is not None]
    heads = [each.head for each in restarted if each.head is not None]
    back = sum(one > other for one, other in zip(heads, heads[1:], strict=False))
    report.check(not back, "heads of one database never go back", f"{len(heads)} in order")


def lag_was_true(
    service: Service, report: Report, found: Sequence[Answer], acknowledged: list[list[str]]
) -> None:
    """No answer lacks what was acknowledged before it was asked for, less the lag that it tells."""
    times = [(float(at), int(sequence)) for at, sequence, _ in acknowledged]
    lacking = []
    for answer in found:
        # An answer about the past is as of its moment, whenever it is asked for.
        if answer.head is None or "as_of" in answer.path:
            continue
        until = answer.began - (answer.lag or 0)
        due = max((sequence for at, sequence in times if at <= until), default=0)
        if answer.head < due:
            lacking.append((answer.reader, answer.path, answer.head, due))
    report.check(
        not lacking, "no answer is older than the lag that it tells", f"wrong: {lacking[:3] or 0}"
    )
    # Of answers that the cache kept, the bound is told, and not how far a replica was.
    read = [each for each in found if each.lag is not None and each.cache != "REVALIDATED"]
    for what, bound, lags in (
        ("with the primary", BOUND, [each.lag for each in read if not while_away(service, each)]),
        ("without it", BOUND_ALONE, [each.lag for each in read if while_away(service, each)]),
    ):
        ordered = sorted(lag for lag in lags if lag is not None)
        middle, most = ordered[len(ordered) // 2], ordered[-1]
        text = f"{len(ordered)} told, median {middle} s, most {most} s"
        report.check(most <= bound, f"{what} no lag is over {bound} s", text)


def while_away(service: Service, answer: Answer) -> bool:
    """Return whether the primary was away when an answer was asked for."""
    return any(began <= answer.began <= ended for began, ended in service.away)


def writes_went_to_the_primary(service: Service, report: Report) -> None:
    _, *replicas = counted(service.cluster.servers, WRITES)
    refused = sum(
        len(re.findall("read-only transaction|during recovery", (each.folder / "log").read_text()))
        for each in service.cluster.replicas
    )
    report.check(
        not any(replicas) and not refused, "no write or lock was sent to a replica", replicas
    )
