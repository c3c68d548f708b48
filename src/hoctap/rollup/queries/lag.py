"""How far the folds are behind the entries. Reads are exact all the same; this is for warnings and gauges."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from hoctap.kernel.replicas import reading
from hoctap.rollup.sql import NOTHING_FOLDED


@dataclass(frozen=True)
class Pending:
    """Chờ cộng dồn: entries no fold has taken in yet, and since when.

    ``scanned`` is what every read has to look through to find them: it grows while a long writing transaction
    holds the stored snapshot's low edge back, even though the entries themselves are folded.
    """

    folded: int
    entries: int
    oldest_at: datetime | None
    scanned: int


_PENDING = f"""
WITH mark AS MATERIALIZED (
  SELECT coalesce(w.snapshot, '{NOTHING_FOLDED}'::pg_snapshot) AS old, coalesce(w.folded, 0) AS folded
  FROM (VALUES (%s::bigint)) AS r(id) LEFT JOIN rollup_watermark w ON w.round_id = r.id
)
SELECT (SELECT folded FROM mark), count(*) FILTER (WHERE NOT f.seen), min(f.at) FILTER (WHERE NOT f.seen), count(*)
FROM (
  SELECT e.at, pg_visible_in_snapshot(e.xid, (SELECT old FROM mark)) AS seen
  FROM reports_reportentry e
  WHERE e.round_id = %s AND e.xid >= pg_snapshot_xmin((SELECT old FROM mark))
) f
"""


def pending(round_id: int) -> Pending:
    with reading().cursor() as cursor:
        cursor.execute(_PENDING, [round_id, round_id])
        return Pending(*cursor.fetchone())


@dataclass(frozen=True)
class LongWriter:
    """Giao dịch ghi kéo dài: the server process, since when, and how many entries every read looks through meanwhile."""

    pid: int
    since: datetime
    scanned: int


_LONG_WRITER = """
SELECT a.pid, a.xact_start,
  (SELECT count(*) FROM rollup_watermark w
   JOIN reports_reportentry e ON e.round_id = w.round_id AND e.xid >= pg_snapshot_xmin(w.snapshot))
FROM pg_stat_activity a
WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid()
  AND a.xact_start < clock_timestamp() - %s * interval '1 second'
ORDER BY a.xact_start LIMIT 1
"""


def long_writer(seconds: float) -> LongWriter | None:
    """The writing transaction that has been open longest, when longer than so many seconds."""
    with connection.cursor() as cursor:  # of the primary: who reads only holds nothing back
        cursor.execute(_LONG_WRITER, [seconds])
        row = cursor.fetchone()
        return LongWriter(*row) if row else None
