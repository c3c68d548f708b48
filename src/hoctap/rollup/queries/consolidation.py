"""The consolidation table: sums, counts and coverage of a node and of those who report to it.

Every read of figures is one statement: the folded rows plus the entries the stored snapshot does not see, so it
is exact at any moment, whether or not anything folds (ARCHITECTURE, Live roll-up).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Subquery

from hoctap.forms import queries as form_queries
from hoctap.kernel import clock
from hoctap.kernel.replicas import reading
from hoctap.obligations.models import Obligation, Round
from hoctap.orgs.models import Unit
from hoctap.orgs.queries import BY_NAME_APART
from hoctap.rollup.queries.shapes import Column, ConsolidationTable, Coverage, Sums, Totals
from hoctap.rollup.sql import BASES, LATENESS, PENDING, WANTED_NODES, delta

_WANTED = (
    "wanted AS MATERIALIZED (SELECT id, round_id, path, below, is_late, overdue_at"
    " FROM obligations_obligation WHERE id = ANY(%(nodes)s))"
)
_FROM = """
FROM wanted w
LEFT JOIN rollup_fold k ON k.obligation_id = w.id
LEFT JOIN delta d ON d.node_id = w.id
LEFT JOIN lateness l ON l.node_id = w.id
"""
_TABLE = """
SELECT w.id, w.path, w.below + 1,
  CASE WHEN w.id = %(node)s THEN (SELECT count(*) FROM obligations_obligation o WHERE o.parent_id = w.id) END,
  coalesce(l.late, 0) - (w.is_late AND w.id = %(node)s)::int,
  coalesce(l.overdue, 0) - coalesce(w.overdue_at <= %(now)s AND w.id = %(node)s, false)::int,
  s.figures, r.sent_id IS NOT NULL, a.figures, r.acceptance_id IS NOT NULL,
  <figures>
<from>
LEFT JOIN reports_report r ON r.obligation_id = w.id AND w.id = %(node)s
LEFT JOIN reports_revision s ON s.id = r.sent_id
LEFT JOIN reports_acceptance a ON a.id = r.acceptance_id
"""


def _figures(*bases: str) -> str:
    """The number of reports on both bases, then four columns a basis; folded before pending."""
    reports = [f"coalesce(k.{b}_reports, 0) + coalesce(d.{b}_reports, 0)" for b in BASES]
    return ", ".join(
        reports + [f"{x}.{b}_{part}" for b in bases for x in "kd" for part in ("sums", "counts")]
    )


_TOTALS_SQL = (
    f"WITH {PENDING}, {_WANTED}, {delta(WANTED_NODES, *BASES)}, {LATENESS}"
    f" SELECT w.id, coalesce(l.late, 0), coalesce(l.overdue, 0), {_figures(*BASES)} {_FROM}"
)
_TABLE_SQL = {
    basis: f"WITH {PENDING}, {_WANTED}, {delta(WANTED_NODES, basis)}, {LATENESS}"
    + _TABLE.replace("<figures>", _figures(basis)).replace("<from>", _FROM)
    for basis in BASES
}


@dataclass(frozen=True)
class _Row:
    """What one statement says of one node; ``child_count`` and ``own_…`` only of the one the table is about."""

    path: str
    expected: int
    child_count: int
    late: int
    overdue: int
    own_sent: list
    is_sent: bool
    own_accepted: list
    is_accepted: bool
    reports: tuple[int, int]
    vectors: tuple

    @classmethod
    def of(cls, columns: Sequence) -> _Row:
        return cls(*[*columns[:9], (columns[9], columns[10]), tuple(columns[11:])])


def totals(round_id: int, obligation_ids: Iterable[int], now: datetime | None = None) -> dict[int, Totals]:
    """Each node's subtree in one round, from one statement; who is overdue ``now``."""
    given: dict[str, Any] = {"round": round_id, "nodes": list(obligation_ids), "now": now or clock.now()}
    with reading().cursor() as cursor:
        cursor.execute(_TOTALS_SQL, given)
        return {
            pk: Totals(_merged(sent, vectors[:4]), _merged(accepted, vectors[4:]), late, overdue)
            for pk, late, overdue, sent, accepted, *vectors in cursor.fetchall()
        }


def table(
    obligation: Obligation,
    basis: str = "accepted",
    *,
    after: int | None = None,
    limit: int = 100,
) -> ConsolidationTable:
    """The consolidation of a node with ``limit`` of its children, by name; two queries.

    ``after``: the id of the unit they come after.
    ``basis`` is "accepted" (Đã duyệt) or "sent" (Đã gửi: waiting or accepted). Raises Obligation.DoesNotExist.
    """
    if basis not in BASES:
        raise ValueError(basis)
    node = obligation
    while True:
        found = list(_children(node, after)[: limit + 1])
        children, more = found[:limit], len(found) > limit
        whole = after is None and not more  # the page holds all children
        rows = _read(node, basis, children)
        # The children were known before the figures. Has the tree changed in between, read again.
        if all(o.pk in rows and rows[o.pk].path == o.path for o in (node, *children)) and (
            not whole or rows[node.pk].child_count == len(children)
        ):
            return replace(_assembled(node, basis, children, rows), more=more)
        node = Obligation.objects.select_related("unit", "round").get(pk=obligation.pk)


def _children(node: Obligation, after: int | None) -> QuerySet[Obligation]:
    """In the order of their units, after the one with that id."""
    children = Obligation.objects.filter(parent=node).select_related("unit", "report")
    if after is not None:
        key = Subquery(Unit.objects.filter(pk=after).values("sort_key"))
        children = children.filter(Q(unit__sort_key__gt=key) | Q(unit__sort_key=key, unit_id__gt=after))
    return children.order_by(*BY_NAME_APART)


def size_of(opened: Round) -> int:
    """Length of the round's figures vectors; 0 when only a written report is asked for."""
    return form_queries.version_spec(opened.form_version_id).size if opened.form_version_id else 0


def _read(node: Obligation, basis: str, children: Sequence[Obligation]) -> dict[int, _Row]:
    ids = [node.pk, *(child.pk for child in children)]
    given: dict[str, Any] = {
        "round": node.round_id,
        "node": node.pk,
        "nodes": ids,
        "now": clock.now(),
    }
    with reading().cursor() as cursor:
        cursor.execute(_TABLE_SQL[basis], given)
        return {row[0]: _Row.of(row[1:]) for row in cursor.fetchall()}


def _assembled(node, basis: str, children, rows: dict[int, _Row]) -> ConsolidationTable:
    size = size_of(node.round)
    top = rows[node.pk]
    total = _sums(top, basis, size)
    own = Sums((None,) * size, (0,) * size)
    if basis == "accepted" and top.is_accepted:
        own = of_figures(top.own_accepted)
    elif top.is_sent:
        own = of_figures(top.own_sent)
        if basis == "accepted":
            total = added(total, own)
    columns = tuple(
        Column(child, _sums(rows[child.pk], basis, size), _coverage(rows[child.pk])) for child in children
    )
    below = replace(
        _coverage(top),
        expected=top.expected - 1,
        submitted=top.reports[0] - top.is_sent,
        accepted=top.reports[1] - top.is_accepted,
    )
    return ConsolidationTable(node, basis, total, own, below, columns, top.child_count)


def _coverage(row: _Row) -> Coverage:
    return Coverage(row.expected, *row.reports, row.late, row.overdue)


def of_figures(figures: Sequence[int | None]) -> Sums:
    """One report's own figures."""
    return Sums(tuple(figures), tuple(int(value is not None) for value in figures), 1)


def added(one: Sums, other: Sums) -> Sums:
    counts = tuple(a + b for a, b in zip(one.counts, other.counts, strict=True))
    sums = ((a or 0) + (b or 0) for a, b in zip(one.sums, other.sums, strict=True))
    return Sums(
        tuple(s if n else None for s, n in zip(sums, counts, strict=True)),
        counts,
        one.reports + other.reports,
    )


def _sums(row: _Row, basis: str, size: int) -> Sums:
    sums = _merged(row.reports[list(BASES).index(basis)], row.vectors)
    return sums if sums.counts else Sums((None,) * size, (0,) * size, sums.reports)


def _merged(reports: int, vectors: Sequence) -> Sums:
    """Folded sums and counts, then pending ones; either may be missing or, with nothing changed, empty."""
    sums, counts, more_sums, more_counts = (vector or [] for vector in vectors)
    if sums and more_sums:
        sums = [a + b for a, b in zip(sums, more_sums, strict=True)]
        counts = [a + b for a, b in zip(counts, more_counts, strict=True)]
    elif more_sums:
        sums, counts = more_sums, more_counts
    return Sums(tuple(s if n else None for s, n in zip(sums, counts, strict=True)), tuple(counts), reports)
