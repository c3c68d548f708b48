"""The fold protocol: what is folded, once, and what every read sees meanwhile."""

import logging
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection, transaction

from hoctap.reports.models import ReportEntry
from hoctap.rollup.actions import fold, fold_busy_rounds, folding, warn_of_long_writer
from hoctap.rollup.actions.folding import busy_rounds
from hoctap.rollup.models import Fold, Watermark
from hoctap.rollup.queries import Pending, pending, table, totals
from tests.rollup.compare import assert_exact, assert_sums_exact, plain
from tests.rollup.folders import OtherFolder, in_threads, somebody_waits
from tests.rollup.world import Tree
from tests.waiting import eventually

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tree(world):
    """0 ─┬─ 1 ─┬─ 3
    │     └─ 4
    └─ 2"""
    return world.open([0, 0, 1, 1])


@pytest.fixture
def beside():
    """A second connection with a transaction of its own."""
    other = connection.copy()
    other.set_autocommit(False)
    yield other
    other.close()


def assert_read(tree, folded: int, entries: int) -> None:
    behind = assert_exact(tree, nodes=range(len(tree)))
    assert (behind.folded, behind.entries) == (folded, entries)


def test_an_entry_counts_at_its_node_and_every_node_above_it(tree):
    tree.submit(3, [5, None, 0])
    assert fold(tree.round.pk) == 1
    for index, sums in [(0, [5, 0, 0]), (1, [5, 0, 0]), (3, [5, 0, 0])]:
        kept = Fold.objects.get(pk=tree.pks[index])
        assert (kept.sent_sums, kept.sent_counts, kept.sent_reports) == (sums, [1, 0, 1], 1)
        assert (kept.accepted_sums, kept.accepted_counts, kept.accepted_reports) == ([], [], 0)
    assert set(Fold.objects.values_list("pk", flat=True)) == {tree.pks[i] for i in (0, 1, 3)}


def test_zero_is_not_the_same_as_not_reported(tree):
    tree.put(3, [0, None, 7])
    tree.put(4, [None, None, 0])
    for _ in range(2):  # pending, then folded
        total = table(tree.node(0)).total
        assert total.sums == (0, None, 7)
        assert total.counts == (1, 0, 2)
        assert total.reports == 2
        fold(tree.round.pk)


def test_what_is_taken_back_leaves_nothing_behind(tree):
    tree.submit(3, [5, 0, None])
    fold(tree.round.pk)
    tree.withdraw(3)
    for entries in (1, 0):
        total = table(tree.node(0), "sent").total
        assert (total.sums, total.counts, total.reports) == ((None, None, None), (0, 0, 0), 0)
        assert_read(tree, 2 - entries, entries)
        fold(tree.round.pk)


def test_the_reviewed_figure_is_what_counts_as_accepted(tree):
    tree.submit(3, [5, 6, None])
    tree.accept(3, {0: 4, 1: None})
    fold(tree.round.pk)
    tree.submit(3, [50, 60, 70])  # amended, waiting: what was accepted goes on counting
    root = tree.node(0)
    assert table(root, "accepted").total.sums == (4, None, None)
    assert table(root, "sent").total.sums == (50, 60, 70)
    assert_read(tree, 2, 1)


def test_a_round_with_no_form_counts_reports(world):
    tree = world.open([0, 0], form=False)
    tree.put(1, [])
    fold(tree.round.pk)
    tree.submit(2, [])
    read = table(tree.node(0), "sent")
    assert (read.total.sums, read.total.counts, read.total.reports) == ((), (), 2)
    assert (read.coverage.expected, read.coverage.submitted, read.coverage.accepted) == (2, 2, 1)
    assert Fold.objects.get(pk=tree.pks[0]).sent_sums == []
    assert_read(tree, 2, 1)


def test_folding_runs_in_a_transaction_of_its_own(tree):
    with transaction.atomic(), pytest.raises(RuntimeError):
        fold(tree.round.pk)


def test_an_entry_written_under_a_savepoint_counts_once(tree):
    with transaction.atomic():
        with transaction.atomic():
            tree.submit(3, [1, 1, 1])
        with transaction.atomic():
            tree.accept(3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_reportentry WHERE xid::text <> xmin::text")
        assert cursor.fetchone()[0] > 0, "the rows' xmin are savepoints, their xid is not"
    assert fold(tree.round.pk) == 2
    assert fold(tree.round.pk) == 0
    assert_read(tree, 2, 0)


def test_a_reader_sees_its_own_act_before_it_is_committed(tree):
    tree.submit(3, [1, 1, 1])
    fold(tree.round.pk)
    with transaction.atomic():
        tree.submit(4, [2, 2, 2])
        assert table(tree.node(0), "sent").total.sums == (3, 3, 3)


def test_an_entry_committed_late_is_folded_late_and_read_at_once(tree, beside):
    """Transaction ids are given out in one order and committed in another."""
    tree.submit(3, [1, 1, 1])
    with beside.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_reportentry (round_id, obligation_id, act, sent_before_id, sent_after_id, seat_id,"
            " reason) SELECT round_id, obligation_id, 'withdraw', sent_after_id, NULL, seat_id, ''"
            " FROM reports_reportentry WHERE obligation_id = %s",
            [tree.pks[3]],
        )
    tree.submit(4, [2, 2, 2])
    assert fold(tree.round.pk) == 2  # past the one that is still open
    assert plain(totals(tree.round.pk, tree.pks[:1])[tree.pks[0]].sent) == ([3, 3, 3], [2, 2, 2], 2)
    beside.commit()
    assert plain(totals(tree.round.pk, tree.pks[:1])[tree.pks[0]].sent) == ([2, 2, 2], [1, 1, 1], 1)
    assert (pending(tree.round.pk).folded, pending(tree.round.pk).entries) == (2, 1)
    assert fold(tree.round.pk) == 1
    assert plain(totals(tree.round.pk, tree.pks[:1])[tree.pks[0]].sent) == ([2, 2, 2], [1, 1, 1], 1)


def test_a_long_transaction_holds_the_low_edge_back_and_reads_stay_exact(tree, beside, monkeypatch, caplog):
    with beside.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")  # something long that will write
    for index in (2, 3, 4):
        tree.put(index, [index, 0, None])
        fold(tree.round.pk)
        assert pending(tree.round.pk).scanned == ReportEntry.objects.count()
        assert_read(tree, ReportEntry.objects.count(), 0)
    assert busy_rounds() == [], "nothing to gain while it runs"
    made = ReportEntry.objects.count()
    monkeypatch.setattr(folding, "LONG", 0.0)
    with caplog.at_level("WARNING", logger="hoctap.rollup"):
        warn_of_long_writer()
    assert (
        f"{beside.connection.info.backend_pid} has kept" in caplog.text
        and f"through {made} entries" in caplog.text
    )
    beside.rollback()

    def nothing_said() -> bool:
        caplog.clear()
        warn_of_long_writer()
        return not caplog.records

    eventually(nothing_said)  # autovacuum writes, too, for a moment now and then
    eventually(lambda: busy_rounds() == [tree.round.pk])  # the edge can move now, and other databases' too
    eventually(lambda: fold_busy_rounds() == 0 and pending(tree.round.pk).scanned == 0)
    assert_read(tree, 6, 0)


def test_a_folder_killed_half_way_folds_nothing(tree):
    tree.put(3, [1, 2, 3])
    fold(tree.round.pk)
    tree.put(4, [10, 20, 30])
    with OtherFolder(tree.round.pk) as killed, connection.cursor() as cursor:
        assert killed.fold() == 2
        killed.cursor.execute("SELECT pg_backend_pid()")
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [killed.cursor.fetchone()[0]])
    assert_read(tree, 2, 2)
    assert fold(tree.round.pk) == 2
    assert_read(tree, 4, 0)


def test_a_folder_that_waited_folds_only_what_the_other_left(tree):
    fold(tree.round.pk)  # the watermark is there
    tree.put(3, [1, 1, 1])
    waiting: list[int] = []
    second = threading.Thread(target=in_threads, args=[[lambda: waiting.append(fold(tree.round.pk))]])
    with OtherFolder(tree.round.pk) as first:
        tree.put(4, [2, 2, 2])
        second.start()
        eventually(somebody_waits)
        assert first.fold() == 4  # the snapshot is taken now, not when the lock was
        tree.submit(2, [4, 4, 4])
        first.commit()
    second.join()
    assert waiting == [1]
    assert_read(tree, 5, 0)


def test_folders_that_meet_at_the_first_fold_of_a_round(tree):
    tree.put(3, [1, 1, 1])
    folded = []
    in_threads([lambda: folded.append(fold(tree.round.pk))] * 4)
    assert sorted(folded) == [0, 0, 0, 2]
    assert_read(tree, 2, 0)


def test_writers_savepoints_folders_and_readers_at_once(world):
    """Eight writers, two folders; every read in one snapshot equals the recount in the same snapshot."""
    tree = world.open([0, 0, 1, 1, 1, 2, 2, 2])
    writing = threading.Event()
    seen: list[Pending] = []

    def write() -> None:
        """Until a reader came in between, which is a matter of luck on a machine with other things to do."""
        try:
            eventually(
                lambda: any(behind.folded > 0 and behind.entries > 0 for behind in seen),
                lambda: in_threads([partial(_write, tree, index) for index in range(1, 9)]),
            )
        finally:
            writing.clear()

    def while_writing(job: Callable[[], object]) -> Callable[[], None]:
        def work() -> None:
            while writing.is_set():
                job()
                time.sleep(0.01)

        return work

    fold_on = while_writing(fold_busy_rounds)
    writing.set()
    in_threads([write, fold_on, fold_on, while_writing(lambda: seen.append(_read_in_one_snapshot(tree)))])
    fold_busy_rounds()
    assert_read(tree, ReportEntry.objects.count(), 0)


def _write(tree: Tree, index: int) -> None:
    for turn in range(6):
        with transaction.atomic():
            with transaction.atomic():
                tree.submit(index, [turn, None if turn % 2 else index, 10**13])
            with transaction.atomic():
                if turn % 3 == 1:
                    tree.send_back(index)
                else:
                    tree.accept(index, {0: turn + 1} if turn % 3 else {})


def _read_in_one_snapshot(tree: Tree) -> Pending:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert_sums_exact(tree)
        return pending(tree.round.pk)


def test_only_rounds_with_something_new_are_folded(world):
    trees = [world.open([0]) for _ in range(3)]
    pks = [tree.round.pk for tree in trees]
    assert busy_rounds() == pks  # all are awaited
    assert fold_busy_rounds() == 0
    eventually(lambda: fold_busy_rounds() == 0 and busy_rounds() == [])  # once autovacuum lets the edge move
    trees[0].put(1, [1, 1, 1])
    trees[2].put(1, [1, 1, 1])
    assert busy_rounds() == [pks[0], pks[2]]
    assert fold_busy_rounds() == 4
    assert fold_busy_rounds() == 0
    assert dict(Watermark.objects.values_list("pk", "folded")) == {pks[0]: 2, pks[1]: 0, pks[2]: 2}


def test_one_round_that_cannot_be_folded_keeps_no_other_waiting(world, caplog):
    stuck, well = world.open([0]), world.open([0])
    Fold.objects.create(
        obligation_id=stuck.pks[0],
        sent_sums=[2**63 - 1] * 3,
        sent_counts=[0] * 3,
        sent_reports=0,
        accepted_sums=[0] * 3,
        accepted_counts=[0] * 3,
        accepted_reports=0,
    )
    stuck.submit(1, [1, 1, 1])
    well.submit(1, [1, 1, 1])
    with caplog.at_level(logging.ERROR, "hoctap.rollup"):
        assert fold_busy_rounds() == 1
    assert f"round {stuck.round.pk} was not folded" in caplog.text
    assert pending(well.round.pk).entries == 0
    assert pending(stuck.round.pk).entries == 1


def test_the_largest_figure_from_900000_units_fits(tree):
    """10¹³ × 900,000 < 2⁶³: with the bound on a cell no fold can overflow."""
    tree.put(3, [10**13, 0, 0])
    fold(tree.round.pk)
    others = 899_999 * 10**13
    Fold.objects.filter(pk=tree.pks[0]).update(sent_sums=[others, 0, 0], sent_counts=[899_999, 0, 0])
    tree.submit(2, [10**13, 0, 0])
    for _ in range(2):
        total = table(tree.node(0), "sent").total
        assert total.sums[0] == 900_000 * 10**13
        assert total.counts[0] == 900_000
        fold(tree.round.pk)
