"""What a seat reaches and may do."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles, rules
from hoctap.orgs.actions import (
    edit_unit,
    found_unit,
    grant_seat,
    leave_line,
    move_unit,
    rename_unit,
    revoke_seat,
)
from hoctap.orgs.enums import Kind, Line, Role
from hoctap.orgs.models import Seat, Unit
from hoctap.orgs.queries import acting_seat, seats_of
from hoctap.people.models import User
from tests.cast import Cast

T, S, U = Line.TERRITORY, Line.SECTOR, Line.UNION
REACH = {
    "pgd_officer": {"pgd", "thcs"},
    "sgd_officer": {"sgd", "pgd", "thcs"},
    "q3_viewer": {"q3", "pgd", "thcs", "p1", "p2"},
    "p1_leader": {"p1"},
    "ldld_officer": {"ldld"},
    "stranger_leader": {"stranger"},
}
ALL = ("tp", "sgd", "q3", "pgd", "p1", "p2", "thcs", "ldld_tp", "ldld", "q1", "stranger")


@pytest.mark.parametrize("who", REACH)
def test_a_seat_reaches_its_subtree_in_any_line_and_nothing_else(cast: Cast, who: str):
    seat: Seat = getattr(cast, who)
    expected = {getattr(cast, name).pk for name in REACH[who]}
    assert set(rules.reachable_units(seat).values_list("pk", flat=True)) == expected
    assert {getattr(cast, name).pk for name in ALL if rules.reaches(seat, getattr(cast, name))} == expected


def test_reach_is_as_of_a_day(cast: Cast):
    day = date(2023, 7, 1)
    move_unit(seat=None, unit=cast.p2, line=T, parent=cast.q1, on=day)
    assert rules.reaches(cast.q3_officer, cast.p2, date(2023, 6, 30))
    assert not rules.reaches(cast.q3_officer, cast.p2, day)
    assert cast.p2 not in rules.reachable_units(cast.q3_officer, day)


def test_a_unit_in_no_line_that_day_still_reaches_itself(cast: Cast):
    day = date(2019, 1, 1)
    assert list(rules.reachable_units(cast.pgd_officer, day)) == [cast.pgd]
    assert rules.reaches(cast.pgd_officer, cast.pgd, day)
    assert not rules.reaches(cast.pgd_officer, cast.thcs, day)


def test_reading_reach_takes_two_queries_and_asking_takes_one(cast: Cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        list(rules.reachable_units(cast.q3_officer))
    with django_assert_num_queries(1):
        rules.reaches(cast.q3_officer, cast.thcs)


def test_the_role_table_decides(cast: Cast):
    assert rules.allows(cast.pgd_leader, roles.SIGN_CONSOLIDATION)
    assert not rules.allows(cast.pgd_officer, roles.SIGN_CONSOLIDATION)
    with pytest.raises(
        Refusal, match=r"Chuyên viên tại Phòng GD&ĐT Quận 3 .*Ký báo cáo tổng hợp.*: Lãnh đạo"
    ):
        rules.require(cast.pgd_officer, roles.SIGN_CONSOLIDATION)


def _new(seat: Seat, parents: dict) -> Unit:
    return found_unit(
        seat=seat,
        code="NEW",
        kind=Kind.SCHOOL,
        name="Trường Mới",
        short_name="Mới",
        since=date(2023, 1, 1),
        parents=parents,
    )


def test_an_admin_founds_under_its_own_subtree_only(cast: Cast):
    with pytest.raises(Refusal, match="ngoài phạm vi"):
        _new(cast.pgd_admin, {S: cast.pgd, T: cast.q3})
    with pytest.raises(Refusal, match="phải trực thuộc"):
        _new(cast.pgd_admin, {U: None})
    with pytest.raises(Refusal, match="chưa có tuyến"):
        _new(cast.pgd_admin, {})
    assert rules.reaches(cast.pgd_admin, _new(cast.pgd_admin, {S: cast.pgd}))


@pytest.mark.parametrize("who", ["pgd_officer", "pgd_leader", "pgd_clerk", "q3_viewer"])
def test_only_admins_change_units_and_seats(cast: Cast, who: str):
    seat = getattr(cast, who)
    with pytest.raises(Refusal, match="không có quyền “Sửa đơn vị”"):
        rename_unit(seat=seat, unit=cast.thcs, name="A", short_name="A", on=date(2023, 1, 1))
    with pytest.raises(Refusal, match="không có quyền “Cấp vị trí”"):
        grant_seat(seat=seat, user=seat.user, unit=cast.thcs, role=Role.ADMIN, since=date(2023, 1, 1))


def test_an_admin_changes_nothing_out_of_reach(cast: Cast):
    admin, day = cast.pgd_admin, date(2023, 1, 1)
    for unit in (cast.q3, cast.p1, cast.stranger):
        with pytest.raises(Refusal, match="ngoài phạm vi"):
            rename_unit(seat=admin, unit=unit, name="A", short_name="A", on=day)
        with pytest.raises(Refusal, match="ngoài phạm vi"):
            leave_line(seat=admin, unit=unit, line=T, on=day)
        with pytest.raises(Refusal, match="ngoài phạm vi"):
            edit_unit(seat=admin, unit=unit, kind=Kind.OTHER, area_type="", place="", email="")
        with pytest.raises(Refusal, match="ngoài phạm vi"):
            grant_seat(seat=admin, user=admin.user, unit=unit, role=Role.ADMIN, since=day)
        with pytest.raises(Refusal, match="ngoài phạm vi"):
            move_unit(seat=admin, unit=cast.thcs, line=S, parent=unit, on=day)
    with pytest.raises(Refusal, match="ngoài phạm vi"):
        revoke_seat(seat=admin, granted=cast.q3_leader, on=day)


def test_a_seat_is_granted_once_and_revoked_from_a_day(cast: Cast):
    today = clock.today()
    user = User.objects.create_user("moi", "Người mới")
    granted = grant_seat(seat=cast.pgd_admin, user=user, unit=cast.thcs, role=Role.OFFICER, since=today)
    with pytest.raises(Refusal, match="đã có vị trí Chuyên viên"):
        grant_seat(seat=cast.pgd_admin, user=user, unit=cast.thcs, role=Role.OFFICER, since=today)
    assert acting_seat(user, None) == granted

    revoke_seat(seat=cast.pgd_admin, granted=granted, on=today)
    assert acting_seat(user, granted.pk) is None
    with pytest.raises(Refusal, match="đã thôi"):
        revoke_seat(seat=cast.pgd_admin, granted=granted, on=today)


def test_the_acting_seat_is_ones_own_valid_and_read_in_one_query(cast: Cast, django_assert_num_queries):
    user = cast.pgd_officer.user
    second = grant_seat(seat=None, user=user, unit=cast.thcs, role=Role.VIEWER, since=date(2020, 1, 1))
    with django_assert_num_queries(1):
        seat = acting_seat(user, second.pk)
        assert (seat, seat.unit.code, seat.user.full_name) == (
            second,
            "HCM-Q3-LQD",
            "Chuyên viên Phòng GD&ĐT Quận 3",
        )
    assert acting_seat(user, cast.q3_leader.pk) == cast.pgd_officer
    Seat.objects.filter(pk=second.pk).update(valid=DateRange(date(2020, 1, 1), date(2021, 1, 1)))
    assert acting_seat(user, second.pk) == cast.pgd_officer
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not seats_of(user).exists()


def test_no_seat_on_a_dissolved_unit(cast: Cast):
    from hoctap.orgs.actions import dissolve_unit

    dissolve_unit(seat=None, unit=cast.p1, on=date(2023, 7, 1))
    with pytest.raises(Refusal, match="đã giải thể"):
        grant_seat(
            seat=None, user=cast.p2_officer.user, unit=cast.p1, role=Role.OFFICER, since=date(2023, 7, 1)
        )
