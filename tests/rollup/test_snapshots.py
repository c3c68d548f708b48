"""Drawing and signing: exactly what was read is signed, and it never moves."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from hoctap.kernel import clock
from hoctap.kernel.clock import VIETNAM
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.obligations.actions import Due, extend
from hoctap.obligations.enums import DueRule
from hoctap.orgs.enums import Role
from hoctap.orgs.models import Seat
from hoctap.rollup.actions import draw_snapshot, fold, move, sign_snapshot
from hoctap.rollup.models import Snapshot, SnapshotItem
from hoctap.rollup.queries import signed_vs_live, table
from hoctap.rollup.recount import recount_snapshot
from tests.rollup.world import Tree

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tree(world):
    """0 ─┬─ 1 ─┬─ 3
    │     └─ 4
    └─ 2"""
    return world.open([0, 0, 1, 1])


def draw(tree: Tree, index: int = 0, **more) -> Snapshot:
    node = tree.node(index)
    return draw_snapshot(seat=tree.own(node), obligation=node, **more)


def sign(tree: Tree, snapshot: Snapshot) -> Snapshot:
    return sign_snapshot(seat=tree.own(snapshot.obligation), snapshot=snapshot)


def test_a_draft_freezes_figures_units_and_coverage(tree):
    tree.put(3, [1, None, 0])
    tree.submit(4, [9, 9, 9])
    tree.submit(3, [2, 2, 2])  # amended, waiting: the accepted one counts
    fold(tree.round.pk)
    tree.put(2, [10, None, 5])
    doc = {"doc_number": "12/BC", "doc_date": date(2023, 10, 13), "narrative": {"results": "Tốt"}}
    snapshot = draw(tree, doc=doc)
    assert snapshot.number == 1
    assert snapshot.signed_at is None
    assert snapshot.sums == [11, None, 5]
    assert snapshot.counts == [2, 0, 2]
    assert snapshot.coverage == {
        "expected": 4,
        "submitted": 3,
        "accepted": 2,
        "missing": 1,
        "late": 0,
        "overdue": 0,
    }
    assert snapshot.doc == {"doc_number": "12/BC", "doc_date": "2023-10-13", "narrative": {"results": "Tốt"}}
    items = {tree.pks.index(item.obligation_id): item for item in snapshot.items.all()}
    assert sorted(items) == [0, 1, 2, 3, 4]
    assert (items[1].revision, items[1].acceptance) == (None, None)
    assert (items[4].revision.figures, items[4].acceptance) == ([9, 9, 9], None)
    assert (items[3].revision.figures, items[3].acceptance.figures) == ([2, 2, 2], [1, None, 0])
    assert plain(snapshot) == recounted(snapshot)


def plain(snapshot: Snapshot) -> tuple:
    return snapshot.sums, snapshot.counts


def recounted(snapshot: Snapshot) -> tuple:
    tally = recount_snapshot(snapshot)
    return tally.sums, tally.counts


def test_a_unit_signs_its_own_part_as_it_sent_it(tree):
    """Nobody below accepts the consolidator's own part; once accepted above, that is what counts."""
    tree.put(3, [1, 1, 1])
    tree.submit(1, [5, 5, None])
    assert table(tree.node(1)).own.sums == (5, 5, None)
    assert table(tree.node(1)).total.sums == (6, 6, 1)
    assert table(tree.node(0)).total.sums == (1, 1, 1)
    assert draw(tree, 1).sums == [6, 6, 1]
    tree.accept(1, {0: 4})
    assert draw(tree, 1).sums == [5, 6, 1]
    assert table(tree.node(1)).total.sums == (5, 6, 1)


def test_a_total_names_the_signed_totals_it_contains(tree):
    tree.put(3, [1, 1, 1])
    signed = sign(tree, draw(tree, 1))
    draw(tree, 1, reason="bổ sung")  # only a draft
    items = draw(tree).items
    assert items.get(obligation=tree.pks[1]).child_snapshot == signed
    assert not items.exclude(obligation=tree.pks[1]).exclude(child_snapshot=None).exists()
    assert not draw(tree, 1, reason="lần nữa").items.exclude(child_snapshot=None).exists()


def test_signing_signs_the_draft_as_it_is(tree):
    tree.put(3, [1, 2, 3])
    drawn = draw(tree)
    signed = sign(tree, drawn)
    assert signed.pk == drawn.pk
    assert signed.signed_at is not None
    assert signed.signed_by == tree.world.seats[0]
    assert plain(signed) == plain(drawn)
    assert list(Act.objects.filter(verb__startswith="consolidation").values_list("verb", flat=True)) == [
        "consolidation.draw",
        "consolidation.sign",
    ]
    with pytest.raises(Refusal, match="đã ký rồi"):
        sign(tree, drawn)


@pytest.mark.parametrize(
    ("change", "who"),
    [
        (lambda tree: tree.submit(4, [1, 1, 1]), "Đơn vị 4"),
        (lambda tree: tree.send_back(3), "Đơn vị 3"),
        (lambda tree: (tree.submit(4, [1, 1, 1]), tree.withdraw(4)), "Đơn vị 4"),
        (lambda tree: tree.cascade(2), "Đơn vị 5"),
    ],
    ids=["sent", "returned", "sent and taken back", "added"],
)
def test_a_draft_that_is_no_longer_true_is_refused(tree, change, who):
    tree.put(3, [1, 2, 3])
    drawn = draw(tree)
    change(tree)
    with pytest.raises(Refusal, match=who):
        sign(tree, drawn)
    drawn.refresh_from_db()
    assert drawn.signed_at is None
    sign(tree, draw(tree))


def test_a_branch_moved_away_makes_a_draft_untrue_where_it_left(tree):
    tree.put(3, [1, 2, 3])
    here, above = draw(tree, 1), draw(tree, 0)
    move(seat=tree.world.seats[0], obligation=tree.node(3), parent=tree.node(2), reason="thử")
    with pytest.raises(Refusal, match="Đơn vị 3"):
        sign(tree, here)
    sign(tree, above)  # the whole is the same


def test_an_extension_that_changes_who_was_late_makes_a_draft_untrue(world):
    now = datetime(2023, 10, 13, 9, tzinfo=VIETNAM)
    tree = world.open([0], due=Due(DueRule.BEFORE, date(2023, 10, 13)))
    with clock.frozen(now):
        tree.put(1, [1, 1, 1])
        drawn = draw(tree)
        assert drawn.coverage["late"] == 1
        extend(
            seat=tree.own(tree.node(0)),
            obligation=tree.node(1),
            due_at=now + timedelta(hours=1),
            reason="mất điện",
        )
        with pytest.raises(Refusal, match="hạn báo cáo"):
            sign(tree, drawn)
        sign(tree, draw(tree))


def test_time_alone_does_not_make_a_draft_untrue(world):
    tree = world.open([0, 0], due=Due(DueRule.BEFORE, date(2023, 10, 13)))
    with clock.frozen(datetime(2023, 10, 12, 9, tzinfo=VIETNAM)):
        tree.put(1, [1, 1, 1])
        drawn = draw(tree)
    with clock.frozen(datetime(2023, 10, 14, 9, tzinfo=VIETNAM)):
        assert table(tree.node(0)).coverage.overdue == 1
        assert sign(tree, drawn).coverage["overdue"] == 0


def test_a_second_signing_needs_a_reason(tree):
    tree.put(3, [1, 2, 3])
    early = draw(tree)
    sign(tree, draw(tree))
    with pytest.raises(Refusal, match="Ghi lý do"):
        draw(tree)
    with pytest.raises(Refusal, match="Ghi lý do"):
        sign(tree, early)
    assert sign(tree, draw(tree, reason="Phường 10 gửi muộn")).number == 3


def test_only_the_units_own_leader_signs(tree, world):
    tree.put(3, [1, 2, 3])
    drawn = draw(tree, 1)
    with pytest.raises(Refusal, match="của Đơn vị 1"):
        sign_snapshot(seat=world.seats[0], snapshot=drawn)
    with pytest.raises(Refusal, match="của Đơn vị 1"):
        draw_snapshot(seat=world.seats[0], obligation=tree.node(1))
    officer = world.seats[1]
    Seat.objects.filter(pk=officer.pk).update(role=Role.OFFICER)
    officer.refresh_from_db()
    draw_snapshot(seat=officer, obligation=tree.node(1))
    with pytest.raises(Refusal, match="Ký báo cáo tổng hợp"):
        sign_snapshot(seat=officer, snapshot=drawn)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE rollup_snapshot SET sums = '{9,9,9}'",
        "UPDATE rollup_snapshot SET counts = '{9,9,9}'",
        "UPDATE rollup_snapshot SET doc = '{}', coverage = '{}'",
        "UPDATE rollup_snapshot SET signed_at = NULL, signed_by_id = NULL",
        "UPDATE rollup_snapshot SET signed_at = now()",
        "DELETE FROM rollup_snapshotitem",
        "UPDATE rollup_snapshotitem SET acceptance_id = NULL",
        "INSERT INTO rollup_snapshotitem (snapshot_id, obligation_id) SELECT min(s.id), max(o.id)"
        " FROM rollup_snapshot s, obligations_obligation o WHERE o.round_id > (SELECT min(id) FROM obligations_round)",
    ],
)
def test_the_database_keeps_what_was_signed(tree, world, change):
    world.open([0])
    tree.put(3, [1, 2, 3])
    before = sign(tree, draw(tree))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert plain(Snapshot.objects.get()) == plain(before)
    assert recounted(before) == ([1, 2, 3], [1, 1, 1])


def test_a_draft_cannot_be_changed_but_can_be_thrown_away(tree):
    drawn = draw(tree)
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.filter(pk=drawn.pk).update(sums=[1, 2, 3])
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.filter(pk=drawn.pk).update(sums=[1, 2, 3], signed_at=clock.now(), signed_by=1)
    drawn.delete()
    assert not SnapshotItem.objects.exists()


def test_what_changed_after_signing_is_shown_with_names(tree):
    """Signed stays; live is signed plus what each named unit changed, and nothing else."""
    tree.put(3, [100, 50, None])
    tree.put(2, [7, None, 0])
    tree.submit(4, [1, 1, 1])
    signed = sign(tree, draw(tree))
    assert signed_vs_live(signed).cells == signed_vs_live(signed).causes == ()

    tree.put(3, [105, 50, 3])  # amended and accepted
    tree.accept(4)  # was waiting
    tree.send_back(2)  # no longer counts
    tree.cascade(0)
    tree.put(5, [None, 2, None])
    for _ in range(2):  # pending, then folded
        difference = signed_vs_live(signed)
        assert [(c.position, c.signed, c.live, c.signed_count, c.live_count) for c in difference.cells] == [
            (0, 107, 106, 2, 2),
            (1, 50, 53, 1, 3),
            (2, 0, 4, 1, 2),
        ]
        assert [c.difference for c in difference.cells] == [-1, 3, 4]
        causes = {c.obligation.unit.name: c for c in difference.causes}
        assert list(causes) == ["Đơn vị 2", "Đơn vị 3", "Đơn vị 4", "Đơn vị 5"]
        assert causes["Đơn vị 2"].cells == {0: (7, None), 2: (0, None)}
        assert causes["Đơn vị 3"].cells == {0: (100, 105), 2: (None, 3)}
        assert causes["Đơn vị 4"].cells == {0: (None, 1), 1: (None, 1), 2: (None, 1)}
        assert (causes["Đơn vị 5"].kind, causes["Đơn vị 5"].cells) == ("added", {1: (None, 2)})
        assert causes["Đơn vị 2"].entry.act == "return"
        assert causes["Đơn vị 2"].entry.seat.unit.name == "Đơn vị 0"
        live = table(tree.node(0)).total
        assert [live.sums[c.position] for c in difference.cells] == [c.live for c in difference.cells]
        assert [live.counts[c.position] for c in difference.cells] == [c.live_count for c in difference.cells]
        signed.refresh_from_db()
        assert signed.sums == [107, 50, 0]
        fold(tree.round.pk)


def test_a_branch_that_left_is_named(tree):
    tree.put(3, [1, 2, 3])
    signed = sign(tree, draw(tree, 1))
    move(seat=tree.world.seats[0], obligation=tree.node(3), parent=tree.node(2), reason="thử")
    (cause,) = signed_vs_live(signed).causes
    assert (cause.kind, cause.obligation.unit.name) == ("gone", "Đơn vị 3")
    assert [(c.signed, c.live, c.live_count) for c in signed_vs_live(signed).cells] == [
        (1, None, 0),
        (2, None, 0),
        (3, None, 0),
    ]


def test_a_round_with_no_form_is_signed_too(world):
    tree = world.open([0, 0], form=False)
    tree.put(1, [])
    signed = sign(tree, draw(tree))
    assert (signed.sums, signed.counts) == ([], [])
    assert (signed.coverage["submitted"], signed.coverage["missing"]) == (1, 1)
    tree.put(2, [])
    difference = signed_vs_live(signed)
    assert (difference.cells, [c.obligation.unit.name for c in difference.causes]) == ((), ["Đơn vị 2"])
