"""Founding, renaming, moving and dissolving, and what of the past stays."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.orgs.actions import (
    dissolve_unit,
    found_unit,
    leave_line,
    move_unit,
    rename_unit,
)
from hoctap.orgs.enums import Kind, Line
from hoctap.orgs.models import Seat, Subordination, Unit, UnitName
from hoctap.orgs.queries import children_of, direct_superiors, is_under, name_on, subtree
from tests.cast import SINCE, Cast

T, S, U = Line.TERRITORY, Line.SECTOR, Line.UNION
BEFORE, DAY = date(2023, 6, 30), date(2023, 7, 1)


def _codes(units) -> list[str]:
    return [unit.code for unit in units]


def test_a_unit_stands_in_several_lines_at_once(cast: Cast):
    assert direct_superiors(cast.pgd, DAY) == {cast.q3.pk, cast.sgd.pk}
    assert _codes(children_of(cast.q3, T, DAY)) == ["HCM-Q3-PGD", "HCM-Q3-P1", "HCM-Q3-P2"]
    assert _codes(subtree(cast.sgd, S, DAY)) == ["HCM-SGD", "HCM-Q3-PGD", "HCM-Q3-LQD"]
    assert is_under(cast.thcs, cast.tp, T, DAY)
    assert not is_under(cast.tp, cast.tp, T, DAY)
    assert not is_under(cast.p1, cast.sgd, S, DAY)


def test_nothing_stands_anywhere_before_it_was_founded(cast: Cast):
    assert not subtree(cast.tp, T, date(2019, 12, 31)).exists()
    assert direct_superiors(cast.pgd, date(2019, 12, 31)) == set()


def test_a_move_carries_the_subtree_and_leaves_the_past(cast: Cast):
    move_unit(seat=None, unit=cast.pgd, line=T, parent=cast.q1, on=DAY)

    assert is_under(cast.thcs, cast.q3, T, BEFORE)
    assert not is_under(cast.thcs, cast.q3, T, DAY)
    assert is_under(cast.thcs, cast.q1, T, DAY)
    assert direct_superiors(cast.thcs, DAY) == {cast.pgd.pk}
    assert _codes(subtree(cast.sgd, S, DAY)) == ["HCM-SGD", "HCM-Q3-PGD", "HCM-Q3-LQD"]


def test_a_move_back_on_the_same_day_leaves_no_trace_in_the_tree(cast: Cast):
    rows = lambda: set(Subordination.objects.values_list("unit", "parent", "line", "valid", "path"))  # noqa: E731
    before = rows()
    move_unit(seat=None, unit=cast.pgd, line=T, parent=cast.q1, on=DAY)
    assert rows() != before
    move_unit(seat=None, unit=cast.pgd, line=T, parent=cast.q3, on=DAY)
    assert rows() == before


def test_a_move_holds_up_to_the_next_one_already_decided(cast: Cast):
    move_unit(seat=None, unit=cast.pgd, line=T, parent=cast.q1, on=date(2025, 7, 1))
    move_unit(seat=None, unit=cast.pgd, line=T, parent=cast.tp, on=DAY)

    assert direct_superiors(cast.pgd, BEFORE) == {cast.q3.pk, cast.sgd.pk}
    assert direct_superiors(cast.pgd, DAY) == {cast.tp.pk, cast.sgd.pk}
    assert direct_superiors(cast.pgd, date(2025, 7, 1)) == {cast.q1.pk, cast.sgd.pk}


@pytest.mark.parametrize("below", ["q3", "pgd", "thcs"])
def test_a_circle_is_refused_and_changes_nothing(cast: Cast, below: str):
    with pytest.raises(Refusal, match="chính đơn vị dưới mình"):
        move_unit(seat=None, unit=cast.q3, line=T, parent=getattr(cast, below), on=DAY)
    assert direct_superiors(cast.q3, DAY) == {cast.tp.pk}


def test_a_circle_that_would_only_close_later_is_refused(cast: Cast):
    move_unit(seat=None, unit=cast.q1, line=T, parent=cast.p1, on=date(2025, 7, 1))
    with pytest.raises(Refusal, match="01/07/2025"):
        move_unit(seat=None, unit=cast.p1, line=T, parent=cast.stranger, on=DAY)


def test_a_parent_outside_the_line_is_refused(cast: Cast):
    with pytest.raises(Refusal, match="Liên đoàn Lao động Quận 3 không có trong tuyến Chính quyền"):
        move_unit(seat=None, unit=cast.p1, line=T, parent=cast.ldld, on=DAY)
    with pytest.raises(Refusal, match="01/01/2019"):
        found_unit(
            seat=None,
            code="X",
            kind=Kind.SCHOOL,
            name="Trường X",
            short_name="X",
            since=date(2019, 1, 1),
            parents={T: cast.p1},
        )
    assert not Unit.objects.filter(code="X").exists()


def test_a_code_is_given_once(cast: Cast):
    with pytest.raises(Refusal, match="HCM-Q3-P1 đã có"):
        found_unit(
            seat=None,
            code="HCM-Q3-P1",
            kind=Kind.COMMITTEE,
            name="UBND Phường 1",
            short_name="P1",
            since=DAY,
            parents={T: cast.q3},
        )


def test_documents_keep_the_name_of_their_day(cast: Cast):
    new = "Ủy ban nhân dân Phường Võ Thị Sáu"
    rename_unit(seat=None, unit=cast.p1, name=new, short_name="UBND Phường Võ Thị Sáu", on=DAY)

    assert name_on(cast.p1, BEFORE) == "Ủy ban nhân dân Phường 1"
    assert name_on(cast.p1, DAY) == new
    assert name_on(cast.p1, date(2010, 1, 1)) == "Ủy ban nhân dân Phường 1"
    assert Unit.objects.get(pk=cast.p1.pk).name == new


def test_a_name_found_in_the_archive_leaves_todays_name(cast: Cast):
    rename_unit(seat=None, unit=cast.p1, name="Tên thứ ba", short_name="Ba", on=DAY)
    rename_unit(seat=None, unit=cast.p1, name="Tên thứ hai", short_name="Hai", on=date(2022, 1, 1))

    assert [name_on(cast.p1, day) for day in (SINCE, date(2022, 1, 1), BEFORE, DAY)] == [
        "Ủy ban nhân dân Phường 1",
        "Tên thứ hai",
        "Tên thứ hai",
        "Tên thứ ba",
    ]
    assert Unit.objects.get(pk=cast.p1.pk).name == "Tên thứ ba"


def test_a_wrong_name_corrected_on_the_same_day_is_gone(cast: Cast):
    rename_unit(seat=None, unit=cast.p1, name="Tên gõ nhầm", short_name="Nhầm", on=DAY)
    rename_unit(seat=None, unit=cast.p1, name="Tên đúng", short_name="Đúng", on=DAY)
    assert list(cast.p1.names.order_by("valid").values_list("name", flat=True)) == [
        "Ủy ban nhân dân Phường 1",
        "Tên đúng",
    ]


def test_a_name_of_tomorrow_waits_for_its_day(cast: Cast):
    with pytest.raises(Refusal, match="chưa đến ngày"):
        rename_unit(seat=None, unit=cast.p1, name="Mai sau", short_name="Mai", on=date(2999, 1, 1))


def test_a_dissolved_unit_leaves_the_tree_and_its_seats(cast: Cast):
    dissolve_unit(seat=None, unit=cast.p1, on=DAY)

    assert is_under(cast.p1, cast.q3, T, BEFORE)
    assert cast.p1 not in children_of(cast.q3, T, DAY)
    assert not Seat.objects.filter(unit=cast.p1, valid__contains=DAY).exists()
    assert Seat.objects.filter(unit=cast.p1, valid__contains=BEFORE).count() == 2
    assert name_on(cast.p1, date(2024, 1, 1)) == "Ủy ban nhân dân Phường 1"
    with pytest.raises(Refusal, match="đã giải thể từ ngày 01/07/2023"):
        dissolve_unit(seat=None, unit=cast.p1, on=DAY)


def test_a_unit_with_others_under_it_is_not_dissolved(cast: Cast):
    with pytest.raises(Refusal, match="Trường Trung học cơ sở Lê Quý Đôn vẫn thuộc"):
        dissolve_unit(seat=None, unit=cast.pgd, on=DAY)
    assert Unit.objects.get(pk=cast.pgd.pk).dissolved_on is None
    assert is_under(cast.pgd, cast.q3, T, DAY)


def test_leaving_a_line(cast: Cast):
    leave_line(seat=None, unit=cast.thcs, line=T, on=DAY)
    assert direct_superiors(cast.thcs, DAY) == {cast.pgd.pk}
    assert not is_under(cast.thcs, cast.q3, T, DAY)
    with pytest.raises(Refusal, match="chỉ còn tuyến Ngành"):
        leave_line(seat=None, unit=cast.thcs, line=S, on=DAY)


def test_every_change_is_journalled_with_its_seat(cast: Cast):
    rename_unit(seat=cast.pgd_admin, unit=cast.thcs, name="Trường THCS Mới", short_name="Mới", on=DAY)
    act = Act.objects.latest("id")
    assert (act.verb, act.object_type, act.object_id) == ("unit.rename", "orgs.unit", cast.thcs.pk)
    assert (act.seat_id, act.unit_id) == (cast.pgd_admin.pk, cast.pgd.pk)


def _overlapping(cast: Cast, table: str) -> object:
    valid = DateRange(DAY, None)
    return {
        "subordination": lambda: Subordination.objects.create(
            unit=cast.p1, parent=cast.q1, line=T, valid=valid, path="x."
        ),
        "name": lambda: UnitName.objects.create(unit=cast.p1, name="Hai tên", short_name="Hai", valid=valid),
        "seat": lambda: Seat.objects.create(
            user=cast.p1_officer.user, unit=cast.p1, role="officer", valid=valid
        ),
    }[table]()


@pytest.mark.parametrize("table", ["subordination", "name", "seat"])
@pytest.mark.postgres
def test_the_database_itself_refuses_two_at_once(cast: Cast, table: str):
    with pytest.raises(IntegrityError, match="once_a_day"), transaction.atomic():
        _overlapping(cast, table)
