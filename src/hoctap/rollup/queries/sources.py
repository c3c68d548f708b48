"""From a figure to what it was counted from: children → unit → revisions and acts."""

from dataclasses import dataclass

from hoctap.obligations.models import Obligation
from hoctap.reports.models import Acceptance, ReportEntry, Revision
from hoctap.rollup.queries.consolidation import table
from hoctap.rollup.queries.shapes import Sums


@dataclass(frozen=True)
class Value:
    """One cell over a subtree: None where no report has it, and how many reports do."""

    sum: int | None
    count: int


@dataclass(frozen=True)
class Branch:
    """One who reports to the node, with its subtree's value."""

    obligation: Obligation
    value: Value


@dataclass(frozen=True)
class Step:
    """One revision of the node's own report at this cell. ``accepted`` is the reviewer's last figure for it."""

    revision: Revision
    reported: int | None
    acceptance: Acceptance | None
    accepted: int | None
    counts: bool  # whether it is what counts now, on this basis

    @property
    def difference(self) -> int:
        """Chênh lệch: accepted − reported; 0 while nothing is accepted."""
        return (self.accepted or 0) - (self.reported or 0) if self.acceptance else 0

    @property
    def reason(self) -> str:
        """Why the reviewer's figure differs, position by position in ``acceptance.reasons``."""
        return "" if self.acceptance is None else self.acceptance.reasons.get(str(self.position), "")

    position: int = 0


@dataclass(frozen=True)
class Lineage:
    """Nguồn gốc một con số: total = own + all branches (a page of ``branch_count``)."""

    obligation: Obligation
    position: int
    basis: str
    total: Value
    own: Value
    branches: tuple[Branch, ...]
    branch_count: int
    steps: tuple[Step, ...]  # newest first
    entries: tuple[ReportEntry, ...]  # newest first, with seat, user and unit


def lineage(
    obligation: Obligation, position: int, basis: str = "accepted", *, first: int = 0, limit: int = 100
) -> Lineage:
    """What the cell at ``position`` of a node's consolidation is made of; raises IndexError outside the form."""
    whole = table(obligation, basis, first=first, limit=limit)
    node = whole.obligation
    return Lineage(
        node,
        position,
        basis,
        _value(whole.total, position),
        _value(whole.own, position),
        tuple(Branch(c.obligation, _value(c.sums, position)) for c in whole.children),
        whole.child_count,
        _steps(node, position, basis),
        tuple(
            ReportEntry.objects.filter(obligation=node)
            .select_related("seat__user", "seat__unit", "sent_after", "accepted_after")
            .order_by("-id")
        ),
    )


def _steps(node: Obligation, position: int, basis: str) -> tuple[Step, ...]:
    report = getattr(node, "report", None)
    if report is None:
        return ()
    last = {a.revision_id: a for a in Acceptance.objects.filter(revision__report=report).order_by("id")}
    steps = []
    for revision in report.revisions.select_related("made_by__user").order_by("-number"):
        acceptance = last.get(revision.pk)
        if basis == "accepted" and report.acceptance_id:
            counts = acceptance is not None and acceptance.pk == report.acceptance_id
        else:
            counts = revision.pk == report.sent_id
        steps.append(
            Step(
                revision,
                revision.figures[position],
                acceptance,
                acceptance.figures[position] if acceptance else None,
                counts,
                position,
            )
        )
    return tuple(steps)


def _value(sums: Sums, position: int) -> Value:
    return Value(sums.sums[position], sums.counts[position])
