"""From a figure to what it was counted from: children → unit → revisions."""

from dataclasses import dataclass

from hoctap.kernel.replicas import reading
from hoctap.obligations.models import Obligation
from hoctap.reports.models import Acceptance, Revision
from hoctap.rollup.sql import BASES, PENDING, WANTED_NODES, delta

# The node first, then its children, the largest first; ``whose`` and ``counted`` speak of all children.
_FIGURE = """
WITH <pending>,
wanted AS MATERIALIZED (
  SELECT id, round_id, path, unit_id, relation FROM obligations_obligation WHERE id = %(node)s OR parent_id = %(node)s
),
<delta>,
share AS (
  SELECT w.id, w.unit_id, w.relation, w.id = %(node)s AS is_node,
    coalesce(k.BASIS_sums[%(cell)s], 0) + coalesce(d.BASIS_sums[%(cell)s], 0) AS sum,
    coalesce(k.BASIS_counts[%(cell)s], 0) + coalesce(d.BASIS_counts[%(cell)s], 0) AS count
  FROM wanted w
  LEFT JOIN rollup_fold k ON k.obligation_id = w.id
  LEFT JOIN delta d ON d.node_id = w.id
),
shown AS (
  SELECT *, count(*) OVER () - 1 AS children, count(*) FILTER (WHERE count > 0 AND NOT is_node) OVER () AS counted
  FROM share ORDER BY is_node DESC, count > 0 DESC, sum DESC, id LIMIT %(limit)s + 1
)
SELECT n.id, u.short_name, n.relation, n.sum, n.count, n.children, n.counted,
  r.sent_id, s.figures[%(cell)s], r.acceptance_id, a.figures[%(cell)s]
FROM shown n
JOIN orgs_unit u ON u.id = n.unit_id
LEFT JOIN reports_report r ON r.obligation_id = n.id AND n.is_node
LEFT JOIN reports_revision s ON s.id = r.sent_id
LEFT JOIN reports_acceptance a ON a.id = r.acceptance_id
ORDER BY n.is_node DESC, n.count > 0 DESC, n.sum DESC, u.sort_key, n.id
"""
_SQL = {
    basis: _FIGURE.replace("<pending>", PENDING)
    .replace("<delta>", delta(WANTED_NODES, basis).lstrip())
    .replace("BASIS", basis)
    for basis in BASES
}


@dataclass(frozen=True)
class Value:
    """One cell over a subtree: None where no report has it, and how many reports do."""

    sum: int | None
    count: int


@dataclass(frozen=True)
class Branch:
    """One who reports to the node, by its obligation's id, unit's name and relation, with its subtree's value."""

    obligation_id: int
    unit: str
    relation: str
    value: Value


@dataclass(frozen=True)
class Lineage:
    """Nguồn gốc một con số: total = own + all branches. ``branches``: the largest of the ``counted`` that have
    the figure, of ``branch_count`` who report to the node."""

    total: Value
    own: Value
    branches: tuple[Branch, ...]
    counted: int
    branch_count: int

    @property
    def others(self) -> Value:
        """What the branches left out have together."""
        shown = [self.own, *(branch.value for branch in self.branches)]
        return Value(
            (self.total.sum or 0) - sum(value.sum or 0 for value in shown),
            self.total.count - sum(value.count for value in shown),
        )


@dataclass(frozen=True)
class Step:
    """One revision of a unit's own report at one cell. ``accepted`` is the reviewer's last figure for it."""

    revision: Revision
    position: int
    acceptance: Acceptance | None
    counts: bool  # whether it is what counts now, on this basis

    @property
    def reported(self) -> int | None:
        return self.revision.figures[self.position]

    @property
    def deeds(self) -> list[int]:
        """Ids of the activities it was counted from; none where it was typed."""
        return self.revision.content.get("sources", {}).get(str(self.position), [])

    @property
    def said(self) -> int | None:
        """What the deeds gave, whether it was sent so or amended."""
        return self.revision.content.get("facts", {}).get(str(self.position))

    @property
    def accepted(self) -> int | None:
        return self.acceptance.figures[self.position] if self.acceptance else None

    @property
    def difference(self) -> int:
        """Chênh lệch: accepted − reported; 0 while nothing is accepted."""
        return (self.accepted or 0) - (self.reported or 0) if self.acceptance else 0

    @property
    def reason(self) -> str:
        """Why the reviewer's figure differs."""
        return self.acceptance.reasons.get(str(self.position), "") if self.acceptance else ""


def lineage(
    obligation: Obligation, position: int, basis: str = "accepted", *, limit: int = 100, below: bool = False
) -> Lineage:
    """What the cell at ``position`` of a node's consolidation is made of, from one statement, exact at any moment.

    ``below``: as it counts one level up, where the node's own part counts only once it is accepted.
    """
    given = {
        "round": obligation.round_id,
        "node": obligation.pk,
        "cell": position + 1,  # PostgreSQL counts from 1
        "limit": limit,
    }
    with reading().cursor() as cursor:
        cursor.execute(_SQL[basis], given)
        top, *rest = cursor.fetchall()
    _, _, _, total, count, children, counted, sent, sent_figure, accepted, accepted_figure = top
    own = None
    if basis == "accepted" and accepted:
        own = accepted_figure
    elif sent and not (below and basis == "accepted"):
        own = sent_figure
        if (
            basis == "accepted" and own is not None
        ):  # nobody below accepts the node's own part (rollup.queries.table)
            total, count = total + own, count + 1
    branches = (Branch(pk, unit, how, _value(s, n)) for pk, unit, how, s, n, *_ in rest if n)
    return Lineage(
        _value(total, count), _value(own or 0, int(own is not None)), tuple(branches), counted, children
    )


def steps(
    obligation: Obligation, position: int, basis: str = "accepted", *, below: bool = False
) -> tuple[Step, ...]:
    """The revisions of the unit's own report at one cell, newest first; ``below`` as in ``lineage``."""
    revisions = list(
        Revision.objects.filter(report__obligation=obligation)
        .select_related("report", "made_by__user")
        .order_by("-number")
    )
    last = {a.revision_id: a for a in Acceptance.objects.filter(revision__in=revisions).order_by("id")}
    made = []
    for revision in revisions:
        acceptance, report = last.get(revision.pk), revision.report
        if basis == "accepted" and (report.acceptance_id or below):
            counts = acceptance is not None and acceptance.pk == report.acceptance_id
        else:
            counts = revision.pk == report.sent_id
        made.append(Step(revision, position, acceptance, counts))
    return tuple(made)


def _value(total: int, count: int) -> Value:
    return Value(total if count else None, count)
