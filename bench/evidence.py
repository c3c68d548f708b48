"""What is in the database after a trial, compared with what the people remember."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from bench.people import CELLS, Sent

PATIENCE = 120.0  # seconds for the worker to come back and fold all


@dataclass(frozen=True)
class Evidence:
    """``found``: revisions in the round. ``lost``, ``doubled``: obligations; ``replays``: forms sent again whose
    first sending had arrived. ``exact``: the folded totals are the sums of what the people sent."""

    found: int
    lost: list[int]
    doubled: list[int]
    replays: int
    exact: bool


@dataclass(frozen=True)
class Kept:
    """One revision in the database."""

    token: str
    figures: list[int | None]
    made_at: float  # seconds on the wall clock

    def is_of(self, sent: Sent) -> bool:
        return self.token == sent.token and all(self.figures[cell] == n for cell, n in sent.figures.items())


def gather(connection: psycopg.Connection, told: dict, acknowledged: Sequence[Sent]) -> Evidence:
    _wait_for_folding(connection, told["round"])
    kept = _revisions(connection, told["round"])
    lost = [s.obligation for s in acknowledged if not any(k.is_of(s) for k in kept.get(s.obligation, []))]
    arrived = [s for s in acknowledged if s.tries > 1 and s.obligation not in lost]
    return Evidence(
        found=sum(map(len, kept.values())),
        lost=lost,
        doubled=_doubled(connection, told["round"], kept),
        replays=sum(kept[sent.obligation][0].made_at < sent.begun_at for sent in arrived),
        exact=_totals(connection, told["node"]) == _sums(acknowledged),
    )


def _wait_for_folding(connection: psycopg.Connection, round_id: int) -> None:
    """The worker must come back and fold all by itself."""
    query = """
    SELECT (SELECT count(*) FROM reports_reportentry WHERE round_id = %(round)s)
      - coalesce((SELECT folded FROM rollup_watermark WHERE round_id = %(round)s), 0)
    """
    deadline = time.monotonic() + PATIENCE
    while connection.execute(query, {"round": round_id}).fetchone()[0]:
        if time.monotonic() > deadline:
            raise AssertionError("The worker does not fold what came in.")
        time.sleep(0.1)


def _revisions(connection: psycopg.Connection, round_id: int) -> dict[int, list[Kept]]:
    query = """
    SELECT r.obligation_id, v.token::text, v.figures, extract(epoch FROM v.made_at)::float
    FROM reports_revision v JOIN reports_report r ON r.id = v.report_id
    JOIN obligations_obligation o ON o.id = r.obligation_id
    WHERE o.round_id = %s ORDER BY v.id
    """
    found: dict[int, list[Kept]] = {}
    for obligation, *row in connection.execute(query, [round_id]):
        found.setdefault(obligation, []).append(Kept(*row))
    return found


def _doubled(connection: psycopg.Connection, round_id: int, kept: dict[int, list[Kept]]) -> list[int]:
    """Obligations with a second revision or act, or of which the gathering unit was told twice or not at all."""
    query = """
    SELECT o.id FROM obligations_obligation o JOIN reports_report r ON r.obligation_id = o.id
    WHERE o.round_id = %s AND r.last_number > 0 AND (
      (SELECT count(*) FROM reports_reportentry e WHERE e.obligation_id = o.id) <> 1
      OR (SELECT count(*) FROM notify_notice n
          WHERE n.kind = 'submitted' AND n.url = '/bao-cao/' || o.id || '/') <> 1)
    """
    found = {pk for (pk,) in connection.execute(query, [round_id])}
    return sorted(found | {pk for pk, revisions in kept.items() if len(revisions) > 1})


def _totals(connection: psycopg.Connection, node: int) -> tuple[int, list[int]]:
    """Reports and sums of the gathering unit, as folded."""
    query = "SELECT sent_reports, sent_sums FROM rollup_fold WHERE obligation_id = %s"
    reports, sums = connection.execute(query, [node]).fetchone()
    return reports, [sums[cell] for cell in CELLS]


def _sums(sent: Sequence[Sent]) -> tuple[int, list[int]]:
    return len(sent), [sum(one.figures[cell] for one in sent) for cell in CELLS]
