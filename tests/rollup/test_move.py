"""Moving a branch: its sums go with it, the words and the addressee follow, and nothing is counted twice."""

import threading
from datetime import date

import pytest
from django.db import transaction

from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.kernel.paths import segment
from hoctap.notify.models import Notice
from hoctap.obligations.actions import close_round
from hoctap.obligations.enums import Relation
from hoctap.obligations.models import Obligation, Recipient
from hoctap.orgs.enums import Line, Role
from hoctap.orgs.models import Seat, Subordination
from hoctap.rollup.actions import fold, move
from hoctap.rollup.queries import table
from tests.rollup.compare import assert_exact
from tests.rollup.folders import in_threads, somebody_waits
from tests.rollup.world import Tree
from tests.waiting import eventually

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tree(world):
    """0 ─┬─ 1 ─┬─ 3 ─── 5
    │     └─ 4
    └─ 2"""
    return world.open([0, 0, 1, 1, 3])


def move_(tree: Tree, index: int, to: int, by: int = 0, reason: str = "sắp xếp lại") -> Obligation:
    return move(seat=tree.world.seats[by], obligation=tree.node(index), parent=tree.node(to), reason=reason)


def sums(tree: Tree, index: int) -> tuple:
    return table(tree.node(index), "sent").total.sums


def test_a_branch_takes_its_folded_and_its_pending_figures_along(tree):
    tree.put(5, [1, None, 0])
    tree.submit(4, [10, 10, 10])
    fold(tree.round.pk)
    tree.put(3, [5, 5, 5])
    move_(tree, 3, 2)
    assert sums(tree, 1) == (10, 10, 10)
    assert sums(tree, 2) == (6, 5, 5)
    assert sums(tree, 0) == (16, 15, 15)
    assert_exact(tree, nodes=range(len(tree)))
    assert fold(tree.round.pk) == 2
    assert_exact(tree, nodes=range(len(tree)))
    moved, below = tree.node(3), tree.node(5)
    assert moved.parent_id == tree.pks[2]
    assert moved.path.startswith(tree.node(2).path)
    assert below.path.startswith(moved.path)


def test_a_move_up_and_back_again(tree):
    tree.put(5, [1, 2, 3])
    fold(tree.round.pk)
    for to in (0, 1, 3):
        move_(tree, 5, to)
        assert_exact(tree, nodes=range(len(tree)))


def test_relation_addressee_notices_and_journal_follow(tree):
    moved = tree.node(3)
    Subordination.objects.create(
        unit=moved.unit,
        parent=tree.node(2).unit,
        line=Line.TERRITORY,
        valid=(date(2020, 1, 1), None),
        path="x.",
    )
    Recipient.objects.create(obligation=moved, unit=tree.node(1).unit)
    assert move_(tree, 3, 2, reason="P3 về Q2").relation == Relation.SUPERIOR
    assert list(Recipient.objects.filter(obligation=moved).values_list("unit", flat=True)) == [
        tree.node(2).unit_id
    ]
    told = set(Notice.objects.filter(kind="moved").values_list("unit", flat=True))
    assert told == {tree.node(i).unit_id for i in (1, 2, 3)}
    act = Act.objects.get(verb="obligation.move")
    assert act.object_id == moved.pk
    assert act.details == {"parent_before": tree.pks[1], "parent": tree.pks[2], "reason": "P3 về Q2"}


@pytest.mark.parametrize(
    ("index", "to", "by", "words"),
    [
        (0, 2, 0, "tổng hợp chung"),
        (1, 5, 0, "đang báo cáo qua Đơn vị 1"),
        (1, 1, 0, "đang báo cáo qua Đơn vị 1"),
        (3, 1, 0, "đang báo cáo qua Đơn vị 1 rồi"),
        (3, 2, 1, "tổng hợp chung của cả hai nơi"),
        (3, 2, 3, "tổng hợp chung của cả hai nơi"),
    ],
)
def test_a_move_that_cannot_be(tree, index, to, by, words):
    with pytest.raises(Refusal, match=words):
        move_(tree, index, to, by)
    assert_exact(tree, nodes=[0])


def test_only_within_a_round_that_is_open_and_with_a_reason(tree, world):
    with pytest.raises(Refusal, match="Ghi lý do"):
        move_(tree, 3, 2, reason=" ")
    elsewhere = world.open([0])
    with pytest.raises(Refusal):
        move(seat=world.seats[0], obligation=tree.node(3), parent=elsewhere.node(1), reason="nhầm")
    close_round(seat=world.seats[0], opened=tree.round)
    with pytest.raises(Refusal, match="đã đóng"):
        move_(tree, 3, 2)


def test_a_role_that_may_not(tree):
    viewer = tree.world.seats[0]
    Seat.objects.filter(pk=viewer.pk).update(role=Role.VIEWER)
    viewer.refresh_from_db()
    with pytest.raises(Refusal, match="không có quyền"):
        move(seat=viewer, obligation=tree.node(3), parent=tree.node(2), reason="thử")


def test_never_under_a_report_already_sent(tree):
    tree.submit(2, [1, 1, 1])
    with pytest.raises(Refusal, match="đã gửi báo cáo"):
        move_(tree, 3, 2)
    tree.withdraw(2)
    move_(tree, 3, 2)
    assert_exact(tree, nodes=[0, 2])


def test_the_consolidator_between_both_places_may_move(tree):
    tree.put(5, [1, 1, 1])
    fold(tree.round.pk)
    move_(tree, 5, 4, by=1)
    assert sums(tree, 3) == (None, None, None)
    assert sums(tree, 4) == (1, 1, 1)


def test_a_unit_added_while_its_branch_is_moving_lands_in_the_new_place(tree):
    """Cascading waits for the move, then reads the path."""
    stale = tree.node(3)
    with transaction.atomic():
        move_(tree, 3, 2)
        thread = threading.Thread(target=in_threads, args=[[lambda: tree.cascade(3)]])
        thread.start()
        eventually(somebody_waits)
    thread.join()
    tree.refresh()
    added = tree.node(len(tree) - 1)
    assert added.parent_id == stale.pk
    assert added.path.startswith(tree.node(2).path)
    tree.put(len(tree) - 1, [1, 1, 1])
    fold(tree.round.pk)
    assert_exact(tree, nodes=range(len(tree)))


def test_a_fold_waits_for_the_move(tree):
    tree.put(5, [1, 1, 1])
    folded = []
    with transaction.atomic():
        move_(tree, 3, 2)
        thread = threading.Thread(target=in_threads, args=[[lambda: folded.append(fold(tree.round.pk))]])
        thread.start()
        eventually(somebody_waits)
    thread.join()
    assert folded == [2]
    assert_exact(tree, nodes=range(len(tree)))


def test_a_branch_that_would_hang_too_deep(tree, monkeypatch):
    monkeypatch.setattr(
        "hoctap.rollup.actions.moving.LONGEST_PATH", len(tree.node(4).path) + len(segment(tree.pks[5]))
    )
    with pytest.raises(Refusal, match="quá nhiều cấp"):
        move_(tree, 3, 4)
    move_(tree, 5, 4)
    assert_exact(tree, nodes=[0])
