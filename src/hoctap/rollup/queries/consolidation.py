"""The consolidation table: sums, counts and coverage of a node and of those who report to it.

Every read of figures is one statement: the folded rows plus the entries the stored snapshot does not see, so it
is exact at any moment, whether or not anything folds (ARCHITECTURE, Live roll-up).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Left, StrIndex, Substr

from hoctap.forms import queries as form_queries
from hoctap.kernel import clock
from hoctap.obligations.models import Obligation, Round
from hoctap.reports import rules as report_rules
from hoctap.rollup.queries.shapes import Column, ConsolidationTable, Coverage, Sums, Totals
from hoctap.rollup.rules import BASES
from hoctap.rollup.sql import DELTA_OF_WANTED, PENDING

_SOURCES = f"""
{PENDING},
wanted AS MATERIALIZED (SELECT id, path FROM obligations_obligation WHERE id = ANY(%s)),
{DELTA_OF_WANTED}
"""
_FIGURES = """
  k.sent_sums, k.sent_counts, k.sent_reports, k.accepted_sums, k.accepted_counts, k.accepted_reports,
  d.sent_sums, d.sent_counts, d.sent_reports, d.accepted_sums, d.accepted_counts, d.accepted_reports
"""
_FROM = """
FROM wanted w
LEFT JOIN rollup_fold k ON k.obligation_id = w.id
LEFT JOIN delta d ON d.node_id = w.id
"""
_TOTALS = f"WITH {_SOURCES} SELECT w.id, {_FIGURES} {_FROM}"
_TABLE = f"""
WITH {_SOURCES},
branch AS MATERIALIZED (<branch>),
cover AS (
  SELECT step, expected, submitted, accepted, late, overdue FROM branch
  UNION ALL
  SELECT %s, coalesce(sum(expected), 0), coalesce(sum(submitted), 0), coalesce(sum(accepted), 0),
    coalesce(sum(late), 0), coalesce(sum(overdue), 0) FROM branch
)
SELECT w.id, w.path, (SELECT count(*) FROM obligations_obligation o WHERE o.parent_id = w.id AND w.id = %s),
  s.figures, r.sent_id IS NOT NULL, a.figures, r.acceptance_id IS NOT NULL,
  c.expected::int, c.submitted::int, c.accepted::int, c.late::int, c.overdue::int, {_FIGURES}
{_FROM}
LEFT JOIN cover c ON c.step = w.path
LEFT JOIN reports_report r ON r.obligation_id = w.id AND w.id = %s
LEFT JOIN reports_revision s ON s.id = r.sent_id
LEFT JOIN reports_acceptance a ON a.id = r.acceptance_id
"""


def totals(round_id: int, obligation_ids: Iterable[int]) -> dict[int, Totals]:
    """Sums of each node's subtree in one round, from one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [round_id, round_id, list(obligation_ids)])
        return {row[0]: _totals(row[1:]) for row in cursor.fetchall()}


def table(
    obligation: Obligation, basis: str = "accepted", *, first: int = 0, limit: int = 100
) -> ConsolidationTable:
    """The consolidation of a node with ``limit`` children from ``first`` on, by name; three queries.

    ``basis`` is "accepted" (Đã duyệt) or "sent" (Đã gửi: waiting or accepted). Raises Obligation.DoesNotExist.
    """
    if basis not in BASES:
        raise ValueError(basis)
    while True:
        node = Obligation.objects.select_related("unit", "round", "report").get(pk=obligation.pk)
        children = list(
            Obligation.objects.filter(parent=node)
            .select_related("unit", "report")
            .order_by("unit__sort_key", "id")[first : first + limit]
        )
        rows = _read(node, children)
        # The bounds were read before the figures. Was a branch moved in between, read again.
        if all(o.pk in rows and rows[o.pk][0] == o.path for o in (node, *children)):
            return _assembled(node, basis, children, rows)


def coverage_of(node: Obligation, now: datetime | None = None) -> QuerySet:
    """Coverage below ``node``, a row for each branch: ``step`` (the path of the child it hangs on) and counts.

    The subtree's bounds are literals, so that the index on paths is used.
    """
    length = len(node.path)
    return (
        Obligation.objects.filter(
            round_id=node.round_id, path__gt=node.path, path__lt=node.path.rstrip(".") + "/"
        )
        .order_by()
        .values(step=Left(F("path"), StrIndex(Substr("path", length + 1), Value(".")) + length))
        .annotate(
            expected=Count("pk"),
            submitted=Count("pk", filter=report_rules.SENT),
            accepted=Count("pk", filter=report_rules.ACCEPTED),
            late=Count("pk", filter=report_rules.LATE),
            overdue=Count("pk", filter=report_rules.overdue(now or clock.now())),
        )
    )


def size_of(opened: Round) -> int:
    """Length of the round's figures vectors; 0 when only a written report is asked for."""
    return form_queries.version_spec(opened.form_version_id).size if opened.form_version_id else 0


def _read(node: Obligation, children: Sequence[Obligation]) -> dict[int, tuple]:
    branch, branch_params = coverage_of(node).query.sql_with_params()
    ids = [node.pk, *(child.pk for child in children)]
    with connection.cursor() as cursor:
        cursor.execute(
            _TABLE.replace("<branch>", branch),
            [node.round_id, node.round_id, ids, *branch_params, node.path, node.pk, node.pk],
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _assembled(node, basis: str, children, rows: dict[int, tuple]) -> ConsolidationTable:
    size = size_of(node.round)
    _, child_count, sent, is_sent, accepted, is_accepted, *_ = rows[node.pk]
    total = _padded(getattr(_totals(rows[node.pk][11:]), basis), size)
    own = Sums((None,) * size, (0,) * size)
    if basis == "accepted" and is_accepted:
        own = of_figures(accepted)
    elif is_sent:
        own = of_figures(sent)
        if basis == "accepted":
            total = added(total, own)
    columns = tuple(
        Column(
            child,
            _padded(getattr(_totals(rows[child.pk][11:]), basis), size),
            Coverage(*(count or 0 for count in rows[child.pk][6:11])),
        )
        for child in children
    )
    return ConsolidationTable(node, basis, total, own, Coverage(*rows[node.pk][6:11]), columns, child_count)


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


def _totals(row: Sequence) -> Totals:
    """From the twelve columns of _FIGURES: folded, then pending; either side may be missing."""
    return Totals(_merged(row[0:3], row[6:9]), _merged(row[3:6], row[9:12]))


def _merged(folded: Sequence, pending: Sequence) -> Sums:
    """The folded row plus the pending change, whose vectors are empty or as long as the form."""
    sums, counts = folded[0] or [], folded[1] or []
    if pending[0]:
        sums = [a + b for a, b in zip(sums, pending[0], strict=True)] if sums else pending[0]
        counts = [a + b for a, b in zip(counts, pending[1], strict=True)] if counts else pending[1]
    return Sums(
        tuple(s if n else None for s, n in zip(sums, counts, strict=True)),
        tuple(counts),
        (folded[2] or 0) + (pending[2] or 0),
    )


def _padded(sums: Sums, size: int) -> Sums:
    return sums if sums.counts else Sums((None,) * size, (0,) * size, sums.reports)
