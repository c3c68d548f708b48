"""Drawing a consolidation as a frozen draft, and signing exactly that draft."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from hoctap.kernel import clock, journal
from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.errors import Refusal
from hoctap.obligations.models import Obligation
from hoctap.orgs.models import Seat
from hoctap.rollup import rules
from hoctap.rollup.models import Snapshot
from hoctap.rollup.queries.consolidation import size_of
from hoctap.rollup.queries.difference import signed_vs_live
from hoctap.rollup.queries.signed import last_signed
from hoctap.rollup.sql import LATENESS, PENDING, WANTED_NODES, delta

# Below the node, itself left out.
_LATE = f"""
WITH {PENDING},
wanted AS MATERIALIZED (SELECT * FROM obligations_obligation WHERE id = %(node)s),
{delta(WANTED_NODES)}, {LATENESS}
SELECT coalesce(l.late, 0) - w.is_late::int AS late,
  coalesce(l.overdue, 0) - coalesce(w.overdue_at <= %(now)s, false)::int AS overdue
FROM wanted w LEFT JOIN lateness l ON true
"""
# Everything from one database snapshot: the units, what counts of each, its sums and the coverage.
_DRAW = f"""
WITH top AS MATERIALIZED (SELECT id, round_id, path FROM obligations_obligation WHERE id = %(node)s),
late AS MATERIALIZED ({_LATE}),
tree AS MATERIALIZED (
  SELECT o.id, r.sent_id, r.acceptance_id, coalesce(a.figures, own.figures) AS figures,
    (SELECT max(s.id) FROM rollup_snapshot s
     WHERE s.obligation_id = o.id AND s.signed_at IS NOT NULL AND o.id <> top.id) AS child_snapshot_id
  FROM top
  JOIN obligations_obligation o ON o.round_id = top.round_id
    AND o.path >= top.path AND o.path < rtrim(top.path, '.') || '/'
  LEFT JOIN reports_report r ON r.obligation_id = o.id
  LEFT JOIN reports_acceptance a ON a.id = r.acceptance_id
  LEFT JOIN reports_revision own ON own.id = r.sent_id AND o.id = top.id
),
cells AS (
  SELECT c.i, sum(c.value)::bigint AS total, count(c.value)::int AS units
  FROM tree CROSS JOIN LATERAL unnest(tree.figures) WITH ORDINALITY AS c(value, i)
  GROUP BY c.i
),
vectors AS (
  SELECT coalesce(array_agg(cells.total ORDER BY p.i), '{{}}') AS sums,
    coalesce(array_agg(coalesce(cells.units, 0) ORDER BY p.i), '{{}}') AS counts
  FROM generate_series(1, %(size)s) AS p(i) LEFT JOIN cells ON cells.i = p.i
),
coverage AS (
  SELECT count(*) AS expected, count(tree.sent_id) AS submitted, count(tree.acceptance_id) AS accepted,
    count(*) - count(tree.sent_id) AS missing,
    (SELECT late FROM late), (SELECT overdue FROM late)
  FROM tree, top WHERE tree.id <> top.id
),
drawn AS (
  INSERT INTO rollup_snapshot
    (obligation_id, number, drawn_at, drawn_by_id, last_entry_id, sums, counts, coverage, doc, reason)
  SELECT top.id,
    1 + coalesce((SELECT max(number) FROM rollup_snapshot s WHERE s.obligation_id = top.id), 0),
    hoctap_now(), %(seat)s,
    coalesce((SELECT max(e.id) FROM reports_reportentry e JOIN tree ON tree.id = e.obligation_id), 0),
    vectors.sums, vectors.counts, to_jsonb(coverage), %(doc)s::jsonb, %(reason)s
  FROM top, vectors, coverage
  RETURNING id
),
items AS (
  INSERT INTO rollup_snapshotitem (snapshot_id, obligation_id, revision_id, acceptance_id, child_snapshot_id)
  SELECT drawn.id, tree.id, tree.sent_id, tree.acceptance_id, tree.child_snapshot_id FROM drawn, tree
)
SELECT id FROM drawn
"""
_NEWER = """
SELECT u.name FROM obligations_obligation top
JOIN obligations_obligation o ON o.round_id = top.round_id
  AND o.path >= top.path AND o.path < rtrim(top.path, '.') || '/'
JOIN reports_reportentry e ON e.obligation_id = o.id AND e.id > %s
JOIN orgs_unit u ON u.id = o.unit_id
WHERE top.id = %s
GROUP BY u.id ORDER BY u.sort_key LIMIT 4
"""


@transaction.atomic
def draw_snapshot(
    *, seat: Seat, obligation: Obligation, doc: dict | None = None, reason: str = ""
) -> Snapshot:
    """Freeze the consolidation as it stands, to be read and then signed as it is.

    ``doc``: number, date, signer and narrative of the report to sign. After a first signing a ``reason`` is
    needed: the next one is a supplementary report.
    """
    rules.require_drawer(seat, obligation)
    node = _locked(obligation)
    _require_reason(node, reason)
    given: dict[str, Any] = {
        "now": clock.now(),
        "node": node.pk,
        "round": node.round_id,
        "size": size_of(node.round),
        "seat": seat.pk,
        "doc": json.dumps(doc or {}, cls=DjangoJSONEncoder, ensure_ascii=False),
        "reason": reason.strip(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, given)
        snapshot = Snapshot.objects.get(pk=cursor.fetchone()[0])
    journal.record("consolidation.draw", snapshot, seat=seat, number=snapshot.number)
    return snapshot


@transaction.atomic
def sign_snapshot(*, seat: Seat, snapshot: Snapshot) -> Snapshot:
    """Sign exactly what was drawn; refused when anything under it has changed since (ARCHITECTURE, Consolidation).

    The figures never move afterwards: the database refuses.
    """
    rules.require_signer(seat, snapshot.obligation)
    node = _locked(snapshot.obligation)
    snapshot = Snapshot.objects.get(pk=snapshot.pk)
    if snapshot.signed_at:
        raise Refusal(f"Bản tổng hợp số {snapshot.number} đã ký rồi. Muốn báo cáo lại thì lập bản bổ sung.")
    changed = _changed_since(snapshot)
    if changed:
        raise Refusal(
            f"Từ lúc lập bản này số liệu đã thay đổi: {changed}. Lập lại bản tổng hợp, xem lại rồi ký."
        )
    _require_reason(node, snapshot.reason)
    Snapshot.objects.filter(pk=snapshot.pk).update(signed_at=DatabaseNow(), signed_by=seat)
    journal.record("consolidation.sign", snapshot, seat=seat, number=snapshot.number)
    snapshot.refresh_from_db()
    return snapshot


def _locked(obligation: Obligation) -> Obligation:
    """The node, held in its place in the tree while we count; drawing and signing go one at a time."""
    return (
        Obligation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("round", "unit")
        .get(pk=obligation.pk)
    )


def _require_reason(node: Obligation, reason: str) -> None:
    if not reason.strip() and last_signed(node.pk):
        raise Refusal("Đã có bản tổng hợp được ký. Ghi lý do lập bản bổ sung: nơi nhận sẽ đọc.")


def _changed_since(snapshot: Snapshot) -> str:
    """Whose acts, or whose place in the tree or deadline, the draft does not hold; empty when it is up to date."""
    names = [cause.obligation.unit.name for cause in signed_vs_live(snapshot).causes]
    if not names:
        # An act may have been undone meanwhile: the figures are the same, yet the draft is not the newest word.
        with connection.cursor() as cursor:
            cursor.execute(_NEWER, [snapshot.last_entry_id, snapshot.obligation_id])
            names = [row[0] for row in cursor.fetchall()]
    if names:
        return ", ".join(names[:3]) + (f" và {len(names) - 3} đơn vị khác" if len(names) > 3 else "")
    return "" if _late_stands(snapshot) else "hạn báo cáo của đơn vị bên dưới"


def _late_stands(snapshot: Snapshot) -> bool:
    """Overdue grows with the clock alone; who was late changes by an extension, which is no act on a report."""
    with connection.cursor() as cursor:
        node = snapshot.obligation
        cursor.execute(_LATE, {"node": node.pk, "round": node.round_id, "now": clock.now()})
        return cursor.fetchone()[0] == snapshot.coverage["late"]
