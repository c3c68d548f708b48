"""Folding: bringing the entries since the watermark into the sums of every node above them.

Kept to the letter of ARCHITECTURE, "Live roll-up". READ COMMITTED gives each statement its own snapshot, and
the order matters: first the lock, alone, so that the second statement sees all that the folder before us did;
then one statement that takes its snapshot, folds exactly what became visible since the old one, and stores it.
A folding transaction writes no entry: its own id would look visible in the snapshot it stores.
"""

import logging

from django.db import connection, transaction

from hoctap.rollup.queries.lag import long_writer
from hoctap.rollup.sql import ADD_DELTA, ADD_DUE_DELTA, BASES, EVERY_NODE, NOTHING_FOLDED, delta, unseen

LONG = 60.0  # seconds a writing transaction may be open before it is worth a warning

log = logging.getLogger("hoctap.rollup")

_LOCK = "SELECT snapshot FROM rollup_watermark WHERE round_id = %s FOR UPDATE"
_BIRTH = f"""
INSERT INTO rollup_watermark (round_id, snapshot, folded) VALUES (%s, '{NOTHING_FOLDED}', 0)
ON CONFLICT (round_id) DO NOTHING
"""
_OLD = "%(old)s::pg_snapshot"
# Due changes are for folding alone: what every later read and fold is past goes.
_FOLD = f"""
WITH {unseen(_OLD, " AND pg_visible_in_snapshot(e.xid, pg_current_snapshot())")},
{delta(EVERY_NODE, *BASES)},
added AS ({ADD_DELTA}),
added_due AS ({ADD_DUE_DELTA}),
folded_before AS (DELETE FROM rollup_duechange WHERE round_id = %(round)s AND xid < pg_snapshot_xmin({_OLD}))
UPDATE rollup_watermark
SET snapshot = pg_current_snapshot(), folded = folded + (SELECT count(*) FROM fresh)
WHERE round_id = %(round)s
RETURNING (SELECT count(*) FROM fresh)
"""
# Busy: something is not folded yet, or the stored snapshot's low edge can now move past what is.
_BUSY_WITH = """EXISTS (
  SELECT 1 FROM {table} e
  WHERE e.round_id = r.id AND e.xid >= pg_snapshot_xmin(s.old)
    AND (NOT pg_visible_in_snapshot(e.xid, s.old) OR e.xid < pg_snapshot_xmin(pg_current_snapshot()))
)"""
_BUSY = f"""
SELECT r.id FROM obligations_round r
LEFT JOIN rollup_watermark w ON w.round_id = r.id
CROSS JOIN LATERAL (SELECT coalesce(w.snapshot, '{NOTHING_FOLDED}'::pg_snapshot) AS old) s
WHERE {_BUSY_WITH.format(table="reports_reportentry")} OR {_BUSY_WITH.format(table="rollup_duechange")}
ORDER BY r.id
"""


def fold(round_id: int) -> int:
    """Fold what the round's watermark does not cover yet; returns the number of entries folded.

    Runs in a transaction of its own (RuntimeError inside another one). Any number may run at once.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        old = lock_watermark(cursor, round_id)
        return fold_locked(cursor, round_id, old)


def lock_watermark(cursor, round_id: int) -> str:
    """Statement 1: lock the round's watermark row, and return its snapshot.

    The first one is born here, seeing nothing, so opening a round needs to know nothing of folding: two folders
    meeting at the birth wait for each other on the primary key, and submissions never touch the row.
    """
    cursor.execute(_LOCK, [round_id])
    row = cursor.fetchone()
    if row is None:
        cursor.execute(_BIRTH, [round_id])
        cursor.execute(_LOCK, [round_id])
        row = cursor.fetchone()
    return row[0]


def fold_locked(cursor, round_id: int, old: str) -> int:
    """Statement 2: take the snapshot and fold, in one; the caller holds the watermark's lock."""
    cursor.execute(_FOLD, {"round": round_id, "old": old})
    return cursor.fetchone()[0]


def busy_rounds() -> list[int]:
    """Rounds with something to fold."""
    with connection.cursor() as cursor:
        cursor.execute(_BUSY)
        return [row[0] for row in cursor.fetchall()]


def warn_of_long_writer() -> None:
    """Say in the log what keeps folding from moving on: sums stay exact, but reads grow slower until it ends."""
    writer = long_writer(LONG)
    if writer:
        log.warning(
            "database process %s has kept a writing transaction open since %s: every read of the roll-up looks through"
            " %s entries until it ends", writer.pid, writer.since.isoformat(timespec="seconds"), writer.scanned,
        )  # fmt: skip


def fold_busy_rounds() -> int:
    """Fold every round that has something to fold; returns the number of entries.

    One round that cannot be folded is logged and does not keep the others waiting.
    """
    total = 0
    for round_id in busy_rounds():
        try:
            total += fold(round_id)
        except Exception:
            log.exception("round %s was not folded", round_id)
    return total
