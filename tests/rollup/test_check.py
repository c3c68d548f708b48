"""``hoctap check`` finds what was made wrong by hand, and names it."""

import argparse
from contextlib import closing, contextmanager

import pytest
from django.db import connection

from hoctap.cli import check
from hoctap.reports.models import Report
from hoctap.rollup.actions import draw_snapshot, fold, folding, sign_snapshot
from hoctap.rollup.models import Fold
from tests.waiting import eventually

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tree(world):
    """0 ─┬─ 1 ─┬─ 3
    │     └─ 4
    └─ 2"""
    tree = world.open([0, 0, 1, 1])
    tree.put(3, [1, None, 3])
    tree.put(2, [10, 0, None])
    fold(tree.round.pk)
    tree.submit(4, [100, 100, 100])
    return tree


@pytest.fixture(autouse=True)
def this_database(monkeypatch):
    """The command on the test's database, Django being loaded already."""

    @contextmanager
    def here(data, command):
        yield

    monkeypatch.setattr(check, "database", here)


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    check.add_arguments(parser)
    return check.run(parser.parse_args(words))


def execute(sql: str, *params) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def sign(tree) -> None:
    node, seat = tree.node(0), tree.world.seats[0]
    sign_snapshot(seat=seat, snapshot=draw_snapshot(seat=seat, obligation=node))


def test_everything_agrees(tree, world, capsys):
    sign(tree)
    world.open([0], form=False).put(1, [])
    assert run() == 0
    assert "2 đợt báo cáo và 1 bản tổng hợp đã ký đều khớp" in capsys.readouterr().out


def test_a_folded_sum_changed_by_hand(tree, capsys):
    execute("UPDATE rollup_fold SET accepted_sums[3] = 4 WHERE obligation_id = %s", tree.pks[1])
    assert run() == 1
    out = capsys.readouterr().out
    assert "Đợt 1: Đơn vị 1, số đã duyệt, dòng 3 (cuộc): đang ghi 4, đếm lại 3." in out
    assert "Có 1 chỗ không khớp" in out


def test_counts_and_report_numbers_are_compared_too(tree, capsys):
    Fold.objects.filter(pk=tree.pks[0]).update(sent_counts=[2, 0, 1], sent_reports=9)
    assert run() == 1
    out = capsys.readouterr().out
    assert "Đơn vị 0, số đã gửi, số báo cáo: đang ghi 10, đếm lại 3." in out
    assert "Đơn vị 0, số đã gửi, dòng 2 (cuộc): đang ghi 1 đơn vị có số, đếm lại 2." in out


def test_an_entry_folded_twice(tree, capsys):
    execute("UPDATE rollup_watermark SET snapshot = '3:3:'")
    assert run() == 1
    assert "Đơn vị 0, số đã duyệt, dòng 1 (cuộc): đang ghi 22, đếm lại 11." in capsys.readouterr().out


def test_a_report_that_does_not_stand_where_its_last_act_left_it(tree, capsys):
    Report.objects.filter(obligation=tree.pks[4]).update(sent=None)
    Report.objects.filter(obligation=tree.pks[3]).update(acceptance=None)
    assert run() == 1
    out = capsys.readouterr().out
    for unit in ("Đơn vị 3", "Đơn vị 4"):
        assert f"{unit}: tình trạng báo cáo không khớp thao tác cuối cùng." in out


def test_an_act_that_is_gone(tree, capsys):
    execute("DELETE FROM reports_reportentry WHERE act = 'submit' AND obligation_id = %s", tree.pks[3])
    assert run() == 1
    assert "Đơn vị 3: chuỗi thao tác trên báo cáo bị đứt quãng." in capsys.readouterr().out


def test_a_unit_hung_elsewhere_behind_the_roll_ups_back(tree, capsys):
    execute("UPDATE obligations_obligation SET parent_id = %s WHERE id = %s", tree.pks[2], tree.pks[3])
    assert run() == 1
    out = capsys.readouterr().out
    assert "Đơn vị 3: đường dẫn trong cây không khớp nơi tổng hợp." in out
    assert "Đơn vị 1, số đã duyệt, dòng 1 (cuộc): đang ghi 1, đếm lại không có số." in out
    assert "Đơn vị 2, số đã duyệt, dòng 1 (cuộc): đang ghi 10, đếm lại 11." in out


def test_a_number_of_units_below_that_is_not_theirs(tree, capsys):
    execute("UPDATE obligations_obligation SET below = 7 WHERE id = %s", tree.pks[1])
    assert run() == 1
    assert "Đơn vị 1: ghi 7 đơn vị bên dưới, đếm lại được 2." in capsys.readouterr().out


def test_units_that_hang_in_a_circle(tree, capsys):
    execute("UPDATE obligations_obligation SET parent_id = %s WHERE id = %s", tree.pks[3], tree.pks[1])
    assert run() == 1
    assert "Đơn vị 3: không nằm dưới đơn vị tổng hợp nào của đợt." in capsys.readouterr().out


def test_a_signed_figure_forced_past_the_database(tree, capsys):
    sign(tree)
    execute("ALTER TABLE rollup_snapshot DISABLE TRIGGER rollup_snapshot_frozen")
    try:
        execute("UPDATE rollup_snapshot SET sums[1] = 12")
    finally:
        execute("ALTER TABLE rollup_snapshot ENABLE TRIGGER rollup_snapshot_frozen")
    assert run() == 1
    assert "Đơn vị 0, bản đã ký số 1, dòng 1 (cuộc): đang ghi 12, đếm lại 11." in capsys.readouterr().out


def test_refold_builds_the_sums_anew(tree, capsys):
    execute("UPDATE rollup_fold SET sent_sums[1] = 77")
    assert run("--refold") == 0
    assert "Đã cộng dồn lại từ đầu 5 thao tác." in capsys.readouterr().out


def test_a_long_transaction_is_told_with_what_ends_it(tree, monkeypatch, capsys):
    monkeypatch.setattr(folding, "LONG", 0.0)

    def nothing_told() -> bool:
        assert run() == 0
        return "Lưu ý" not in capsys.readouterr().out

    eventually(nothing_told)  # autovacuum writes, too, for a moment now and then
    with closing(connection.copy()) as beside:
        beside.set_autocommit(False)
        with beside.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), pg_current_xact_id()")
            pid = cursor.fetchone()[0]
        assert run() == 0, "no figure is wrong for it"
    told = capsys.readouterr().out
    assert f"pg_terminate_backend({pid})" in told
    assert "Số liệu vẫn đúng" in told
