"""Signed against live: what changed after signing, cell by cell and unit by unit."""

from collections.abc import Iterable
from dataclasses import dataclass

from hoctap.kernel.replicas import reading
from hoctap.obligations.models import Obligation
from hoctap.reports.models import ReportEntry
from hoctap.rollup.models import Snapshot

CHANGED, ADDED, GONE = "changed", "added", "gone"


@dataclass(frozen=True)
class CellDifference:
    """One cell: what was signed, what counts now, and how many reports have it."""

    position: int
    signed: int | None
    live: int | None
    signed_count: int
    live_count: int

    @property
    def difference(self) -> int:
        return (self.live or 0) - (self.signed or 0)


@dataclass(frozen=True)
class Cause:
    """One unit that made a difference. ``kind``: "changed"; "added" to the tree since, or "gone" from it.

    ``cells`` {position: (signed, live)} where they differ; empty for a unit that only sent, or was only asked.
    ``entry`` is its last act, with seat, user and unit; None when it never acted.
    """

    obligation: Obligation
    kind: str
    signed_revision_id: int | None
    live_revision_id: int | None
    cells: dict[int, tuple[int | None, int | None]]
    entry: ReportEntry | None


@dataclass(frozen=True)
class Difference:
    """Chênh lệch so với bản đã ký."""

    snapshot: Snapshot
    cells: tuple[CellDifference, ...]  # only those that differ, in cell order
    causes: tuple[Cause, ...]  # by unit name


# Every obligation of the subtree as it is now beside the snapshot's items; only what is not the same.
CHANGES = """
SELECT coalesce(n.id, i.obligation_id), n.id IS NULL, i.obligation_id IS NULL,
  i.revision_id, n.sent_id,
  coalesce(ia.figures, iv.figures), coalesce(na.figures, nv.figures)
FROM (
  SELECT o.id, r.sent_id, r.acceptance_id
  FROM obligations_obligation top
  JOIN obligations_obligation o ON o.round_id = top.round_id
    AND o.path >= top.path AND o.path < rtrim(top.path, '.') || '/'
  LEFT JOIN reports_report r ON r.obligation_id = o.id
  WHERE top.id = %(top)s
) n
FULL JOIN (
  SELECT obligation_id, revision_id, acceptance_id FROM rollup_snapshotitem WHERE snapshot_id = %(snapshot)s
) i ON i.obligation_id = n.id
LEFT JOIN reports_acceptance ia ON ia.id = i.acceptance_id
LEFT JOIN reports_revision iv ON iv.id = i.revision_id AND i.obligation_id = %(top)s
LEFT JOIN reports_acceptance na ON na.id = n.acceptance_id
LEFT JOIN reports_revision nv ON nv.id = n.sent_id AND n.id = %(top)s
WHERE n.id IS NULL OR i.obligation_id IS NULL
  OR i.revision_id IS DISTINCT FROM n.sent_id OR i.acceptance_id IS DISTINCT FROM n.acceptance_id
"""


def signed_vs_live(snapshot: Snapshot) -> Difference:
    """What counts now against what the snapshot froze, from one statement, with the units that made it so."""
    with reading().cursor() as cursor:
        cursor.execute(CHANGES, {"top": snapshot.obligation_id, "snapshot": snapshot.pk})
        rows = cursor.fetchall()
    ids = [row[0] for row in rows]
    obligations = Obligation.objects.select_related("unit").in_bulk(ids)
    last = _last_entries(ids)
    causes = [
        Cause(
            obligations[pk],
            GONE if gone else ADDED if added else CHANGED,
            signed_revision,
            live_revision,
            _cells(signed or [], live or []),
            last.get(pk),
        )
        for pk, gone, added, signed_revision, live_revision, signed, live in rows
    ]
    causes.sort(key=lambda cause: (cause.obligation.unit.sort_key, cause.obligation.pk))
    return Difference(snapshot, tuple(_cell_differences(snapshot, causes)), tuple(causes))


def _cells(signed: list, live: list) -> dict[int, tuple[int | None, int | None]]:
    size = max(len(signed), len(live))
    pairs = zip(signed or [None] * size, live or [None] * size, strict=True)
    return {i: pair for i, pair in enumerate(pairs) if pair[0] != pair[1]}


def _cell_differences(snapshot: Snapshot, causes: Iterable[Cause]) -> Iterable[CellDifference]:
    """The snapshot's figures plus what each unit changed: exact, since they are sums of the units."""
    moved: dict[int, list[int]] = {}
    for cause in causes:
        for position, (signed, now) in cause.cells.items():
            both = moved.setdefault(position, [0, 0])
            both[0] += (now or 0) - (signed or 0)
            both[1] += (now is not None) - (signed is not None)
    size = len(snapshot.sums) or max(moved, default=-1) + 1
    sums, counts = snapshot.sums or [None] * size, snapshot.counts or [0] * size
    for position, (change, count_change) in sorted(moved.items()):
        count = counts[position] + count_change
        live = (sums[position] or 0) + change if count else None
        if (live, count) != (sums[position], counts[position]):
            yield CellDifference(position, sums[position], live, counts[position], count)


def _last_entries(ids: list[int]) -> dict[int, ReportEntry]:
    newest = (
        ReportEntry.objects.filter(obligation_id__in=ids)
        .order_by("obligation_id", "-id")
        .distinct("obligation_id")
        .select_related("seat__user", "seat__unit")
    )
    return {entry.obligation_id: entry for entry in newest}
