"""Every way of reading, compared with the recount."""

from hoctap.kernel import clock
from hoctap.obligations.models import Obligation
from hoctap.reports import rules as report_rules
from hoctap.rollup.queries import ConsolidationTable, Coverage, Pending, Sums, lineage, pending, table, totals
from hoctap.rollup.queries.sources import Value
from hoctap.rollup.recount import Recount, Tally, recount
from tests.rollup.world import Tree


def assert_exact(tree: Tree, nodes: list[int]) -> Pending:
    """Sums of all nodes, and the whole tables of ``nodes``, equal a recount; how far the folds were behind."""
    counted = assert_sums_exact(tree)
    obligations = {
        o.pk: o for o in Obligation.objects.filter(round=tree.round).select_related("report__sent")
    }
    for index in nodes:
        _assert_table(obligations[tree.pks[index]], counted, obligations)
    return pending(tree.round.pk)


def assert_sums_exact(tree: Tree) -> dict[int, Recount]:
    now = clock.now()
    counted = dict(recount(tree.round.pk, now))
    assert set(counted) == set(tree.pks)
    read = totals(tree.round.pk, tree.pks, now)
    for pk in tree.pks:
        assert plain(read[pk].sent) == plain(counted[pk].sent)
        assert plain(read[pk].accepted) == plain(counted[pk].accepted)
        assert (read[pk].late, read[pk].overdue) == (counted[pk].late, counted[pk].overdue)
    return counted


def plain(sums: Sums | Tally) -> tuple:
    """Comparable whether the vectors are absent (nothing came yet) or all null."""
    sums_, counts = list(sums.sums), list(sums.counts)
    return (sums_, counts, sums.reports) if any(counts) else ([], [], sums.reports)


def _assert_table(node: Obligation, counted: dict[int, Recount], obligations: dict) -> None:
    for basis in ("sent", "accepted"):
        read = table(node, basis)
        expected = _copy(getattr(counted[node.pk], basis))
        report = getattr(node, "report", None)
        if basis == "accepted" and report and report.sent_id and not report.acceptance_id:
            expected.count(report.sent.figures)  # its own part as it sent it
        assert plain(read.total) == plain(expected)
        for position in list(range(len(read.total.sums)))[:: max(1, len(read.total.sums) - 1)]:
            _assert_lineage(node, position, read)
        children = [o for o in obligations.values() if o.parent_id == node.pk]
        assert {c.obligation.pk for c in read.children} == {o.pk for o in children}
        assert read.child_count == len(children)
        for column in read.children:
            branch = counted[column.obligation.pk]
            assert plain(column.sums) == plain(getattr(branch, basis))
            below = [o for o in obligations.values() if o.path.startswith(column.obligation.path)]
            assert column.coverage == _coverage(below)
        assert read.coverage == _coverage(
            [o for o in obligations.values() if o.path.startswith(node.path) and o.pk != node.pk]
        )


def _assert_lineage(node: Obligation, position: int, read: ConsolidationTable) -> None:
    """The way down from one figure says the same as the table."""

    def of(sums: Sums) -> Value:
        return Value(sums.sums[position], sums.counts[position])

    found = lineage(node, position, read.basis)
    assert (found.total, found.own, found.branch_count) == (of(read.total), of(read.own), read.child_count)
    with_figure = {c.obligation.pk: of(c.sums) for c in read.children if c.sums.counts[position]}
    assert {branch.obligation_id: branch.value for branch in found.branches} == with_figure
    assert (found.counted, found.others) == (len(with_figure), Value(0, 0))


def _copy(tally: Tally) -> Tally:
    copy = Tally()
    copy.include(tally)
    return copy


def _coverage(obligations: list[Obligation]) -> Coverage:
    now = clock.now()
    reports = [(o, getattr(o, "report", None)) for o in obligations]
    return Coverage(
        expected=len(reports),
        submitted=sum(bool(r and r.sent_id) for _, r in reports),
        accepted=sum(bool(r and r.acceptance_id) for _, r in reports),
        late=sum(bool(r and r.sent_id and report_rules.is_late_for(o, r)) for o, r in reports),
        overdue=sum(report_rules.is_overdue(o, r, now) for o, r in reports),
    )
