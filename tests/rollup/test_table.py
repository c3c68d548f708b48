"""The consolidation table, its coverage, and where a figure comes from."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hoctap.kernel import clock
from hoctap.kernel.clock import VIETNAM
from hoctap.obligations.actions import Due, extend
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Obligation
from hoctap.rollup.actions import fold, move
from hoctap.rollup.queries import Coverage, consolidation, lineage, steps, table
from hoctap.rollup.queries.sources import Value
from hoctap.rollup.rules import json_sum
from tests.rollup.compare import assert_exact

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tree(world):
    """0 ─┬─ 1 ─┬─ 3
    │     └─ 4
    └─ 2"""
    return world.open([0, 0, 1, 1])


@pytest.mark.parametrize("children", [1, 3, 10])
def test_two_queries_however_many_children(world, children):
    tree = world.open([0] * children)
    tree.put(1, [1, 2, 3])
    table(tree.node(0))
    node = tree.node(0)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read = table(node)
        [(c.obligation.unit.name, c.obligation.report.state) for c in read.children[:1]]
    assert len(queries) == 2
    assert len(read.children) == children


def test_children_come_in_pages_by_name_and_the_total_is_whole(world):
    tree = world.open([0] * 10)
    for index in range(1, 11):
        tree.put(index, [index, 0, None])
    fold(tree.round.pk)
    pages = [table(tree.node(0), limit=4)]
    while pages[-1].more:
        pages.append(table(tree.node(0), after=pages[-1].children[-1].obligation.unit_id, limit=4))
    assert [len(page.children) for page in pages] == [4, 4, 2]
    names = [c.obligation.unit.name for page in pages for c in page.children]
    assert names == [f"Đơn vị {i}" for i in range(1, 11)]  # 2 before 10
    assert {page.child_count for page in pages} == {10}
    assert {page.total.sums for page in pages} == {(55, 0, None)}
    assert {page.coverage.expected for page in pages} == {10}
    assert sum(c.sums.sums[0] for page in pages for c in page.children) == 55


def test_own_part_and_children_make_the_total(tree):
    tree.put(0, [1, 1, None])
    tree.put(3, [10, None, None])
    tree.put(2, [100, 5, 0])
    read = table(tree.node(0))
    assert read.own.sums == (1, 1, None)
    assert [c.sums.sums for c in read.children] == [(10, None, None), (100, 5, 0)]
    assert read.total.sums == (111, 6, 0)
    assert read.total.counts == (3, 2, 1)
    assert read.below_counts == (2, 1, 1)
    assert (read.coverage.expected, read.coverage.accepted) == (4, 2)
    assert [(c.coverage.expected, c.coverage.accepted) for c in read.children] == [(3, 1), (1, 1)]


def test_a_node_nothing_ever_came_for(tree):
    read = table(tree.node(1), "sent")
    assert read.total.sums == (None, None, None)
    assert read.total.counts == (0, 0, 0)
    assert [c.sums.sums for c in read.children] == [(None, None, None)] * 2
    with pytest.raises(Obligation.DoesNotExist):
        table(Obligation(pk=0))


def test_late_missing_and_overdue_follow_the_deadlines_as_they_are(world):
    tree = world.open([0, 0, 0, 1], due=Due(DueRule.BEFORE, date(2023, 10, 13)))
    root = tree.node(0)
    with clock.frozen(datetime(2023, 10, 12, 23, 59, 59, tzinfo=VIETNAM)):
        tree.submit(1, [1, 1, 1])
        assert table(root).coverage == Coverage(4, 1, 0, 0, 0)
    midnight = datetime(2023, 10, 13, tzinfo=VIETNAM)
    with clock.frozen(midnight):
        tree.put(2, [1, 1, 1])
        assert table(root).coverage == Coverage(4, 2, 1, late=1, overdue=2)
        assert table(root).coverage.missing == 2
        extend(seat=tree.own(root), obligation=tree.node(3), due_at=midnight + timedelta(days=1), reason="lũ")
        assert table(root).coverage == Coverage(4, 2, 1, late=1, overdue=1)
        extend(seat=tree.own(root), obligation=tree.node(2), due_at=midnight + timedelta(days=1), reason="lũ")
        assert table(root).coverage == Coverage(4, 2, 1, late=0, overdue=1)
        assert_exact(tree, nodes=range(len(tree)))


def test_the_read_is_made_anew_when_a_branch_moves_in_between(tree, monkeypatch):
    """The subtree's bounds are read before its figures."""
    tree.put(3, [5, 5, 5])
    read, moved = consolidation._read, []

    def move_first(node, basis, children):
        if not moved:
            moved.append(
                move(seat=tree.world.seats[0], obligation=tree.node(3), parent=tree.node(2), reason="thử")
            )
        return read(node, basis, children)

    monkeypatch.setattr(consolidation, "_read", move_first)
    found = table(tree.node(1))
    assert moved
    assert found.total.sums == (None, None, None)
    assert [c.obligation.pk for c in found.children] == [tree.pks[4]]
    assert found.coverage.expected == 1


def test_lineage_leads_from_the_total_to_the_revisions(tree):
    tree.submit(3, [40, None, 1])
    tree.accept(3, {0: 38})
    tree.put(2, [7, 0, 0])
    tree.submit(3, [45, 0, 1])  # amended, waiting
    top = lineage(tree.node(0), 0)
    assert (top.total, top.own, top.counted, top.branch_count) == (Value(45, 2), Value(None, 0), 2, 2)
    assert [(b.unit, b.value.sum) for b in top.branches] == [("ĐV 1", 38), ("ĐV 2", 7)]
    assert [b.obligation_id for b in lineage(tree.node(1), 0).branches] == [tree.pks[3]]
    assert steps(tree.node(1), 0) == ()
    leaf = lineage(tree.node(3), 0)
    assert (leaf.branches, leaf.own, leaf.total) == ((), Value(38, 1), Value(38, 1))
    amended, first = steps(tree.node(3), 0)
    assert (first.reported, first.accepted, first.difference, first.counts) == (40, 38, -2, True)
    assert first.reason == "rà soát"
    assert (amended.reported, amended.accepted, amended.difference, amended.counts) == (45, None, 0, False)
    assert [step.counts for step in steps(tree.node(3), 0, "sent")] == [True, False]
    assert lineage(tree.node(3), 0, "sent").own.sum == 45


def test_lineage_shows_the_largest_and_adds_up_the_others(world):
    tree = world.open([0] * 5)
    tree.submit(0, [100, 0, 0])
    for index, figure in enumerate([3, 9, None, 4, 9], 1):
        tree.put(index, [figure, 0, 0])
    top = lineage(tree.node(0), 0, limit=3)
    assert [b.value.sum for b in top.branches] == [9, 9, 4]
    assert top.others == Value(3, 1)
    assert (top.total, top.own) == (Value(125, 5), Value(100, 1))  # nobody below accepts its own part
    assert (top.counted, top.branch_count) == (4, 5)


def test_sums_too_large_for_json_are_strings():
    assert json_sum(2**53 - 1) == 2**53 - 1
    assert json_sum(2**53) == "9007199254740992"
    assert json_sum(0) == 0
    assert json_sum(None) is None


def test_below_the_node_an_own_part_counts_only_once_accepted(tree):
    """0 ─ 1 ─ 3: what 1 has sent itself and 0 has not accepted is not in 0's figure."""
    tree.put(3, [10, 0, 0])
    tree.submit(1, [7, 0, 0])
    assert lineage(tree.node(0), 0).total.sum == 10
    assert lineage(tree.node(1), 0, below=True).total.sum == 10
    assert [step.counts for step in steps(tree.node(1), 0, below=True)] == [False]
    assert lineage(tree.node(1), 0).total.sum == 17  # on its own page it counts, as it will send it
    assert [step.counts for step in steps(tree.node(1), 0, "sent", below=True)] == [True]


def test_what_was_sent_late_and_returned_is_not_counted_as_sent_late(world):
    tree = world.open([0], due=Due(DueRule.BEFORE, date(2023, 10, 13)))
    with clock.frozen(datetime(2023, 10, 13, 9, tzinfo=VIETNAM)):
        tree.submit(1, [1, 1, 1])
        assert table(tree.node(0)).coverage.late == 1
        tree.send_back(1)
        assert table(tree.node(0)).coverage.late == 0
        assert_exact(tree, nodes=[0, 1])
