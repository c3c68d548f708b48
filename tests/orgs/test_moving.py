"""Thousands of units moved by one decision: the same as one by one, all or nothing."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.orgs.actions import Decision, Move, dissolve_unit, found_unit, move_unit, move_units
from hoctap.orgs.enums import Kind, Line, Role
from hoctap.orgs.models import Seat, Subordination, Unit
from hoctap.orgs.queries import is_under
from tests.cast import Cast

T, S = Line.TERRITORY, Line.SECTOR
DAY, START, DAYS = date(2025, 7, 1), date(2025, 1, 1), 6


def _rows() -> set[tuple]:
    rows = Subordination.objects.values_list("unit", "parent", "line", "valid", "path")
    return {(*row[:3], row[3].lower, row[3].upper, row[4]) for row in rows}


def _world(draw: random.Random) -> list[Unit]:
    """Eight units of one line, moved about a little, some with changes already decided for later."""
    units: list[Unit] = []
    for n in range(8):
        parent = draw.choice(units) if units else None
        since = START + timedelta(days=draw.randrange(2))
        try:
            with transaction.atomic():
                made = found_unit(
                    seat=None, code=f"U{n}", kind=Kind.OTHER, name=f"Đơn vị {n}", short_name=f"ĐV {n}",
                    since=since, parents={T: parent, S: None},
                )  # fmt: skip
        except Refusal:
            continue
        units.append(made)
    for _ in range(4):
        _tried([_drawn(draw, units)], one_by_one=True)
    return units


def _drawn(draw: random.Random, units: list[Unit]) -> Move:
    unit = draw.choice(units)
    parent = draw.choice([None, *units])
    return Move(unit, parent, START + timedelta(days=draw.randrange(DAYS)))


def _tried(moves: list[Move], *, one_by_one: bool) -> set[tuple] | None:
    """The tree afterwards; None, nothing changed, when refused."""
    try:
        with transaction.atomic():
            if one_by_one:
                for move in moves:
                    move_unit(seat=None, unit=move.unit, line=T, parent=move.parent, on=move.on)
            else:
                move_units(seat=None, line=T, moves=moves)
    except Refusal:
        return None
    return _rows()


def _is_tree(units: list[Unit]) -> bool:
    """Every row's path is its parent's on that day and itself; the plain walk."""
    for day in range(DAYS + 1):
        on = START + timedelta(days=day)
        rows = {row.unit_id: row for row in Subordination.objects.filter(line=T, valid__contains=on)}
        for row in rows.values():
            above, trail = row, []
            while above is not None:
                trail.append(above.unit_id)
                if len(trail) > len(units):
                    return False
                above = rows[above.parent_id] if above.parent_id else None
            if [int(part, 36) for part in row.path.split(".")[:-1]] != trail[::-1]:
                return False
    return True


@pytest.mark.postgres
@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_at_once_is_what_one_by_one_comes_to(seed):
    draw = random.Random(seed)
    with transaction.atomic():
        units = _world(draw)
        moves = list({move.unit: move for move in (_drawn(draw, units) for _ in range(4))}.values())
        before, point = _rows(), transaction.savepoint()
        one_by_one = _tried(moves, one_by_one=True)
        transaction.savepoint_rollback(point)
        assert _rows() == before
        at_once = _tried(moves, one_by_one=False)
        if one_by_one is not None:
            assert at_once == one_by_one
        assert at_once is not None or _rows() == before
        assert _is_tree(units)
        transaction.set_rollback(True)


def test_two_may_change_places_though_neither_move_stands_alone(cast: Cast):
    move_unit(seat=None, unit=cast.p2, line=T, parent=cast.p1, on=DAY)
    later = DAY + timedelta(days=1)
    swap = [Move(cast.p1, cast.p2, later), Move(cast.p2, cast.q3, later)]
    with pytest.raises(Refusal):
        move_unit(seat=None, unit=cast.p1, line=T, parent=cast.p2, on=later)
    move_units(seat=None, line=T, moves=swap)
    assert is_under(cast.p1, cast.p2, T, later) and not is_under(cast.p2, cast.p1, T, later)
    assert is_under(cast.p2, cast.p1, T, DAY)


def test_each_from_its_own_day_by_one_decision(cast: Cast):
    later = DAY + timedelta(days=30)
    decision = Decision("1685/NQ-UBTVQH15", date(2025, 6, 16))
    move_units(
        seat=None,
        line=T,
        moves=[Move(cast.p1, cast.q1, DAY), Move(cast.pgd, cast.q1, later)],
        decision=decision,
    )
    assert is_under(cast.p1, cast.q1, T, DAY) and is_under(cast.pgd, cast.q3, T, DAY)
    assert is_under(cast.thcs, cast.q1, T, later) and is_under(cast.thcs, cast.q3, T, DAY)
    acts = Act.objects.filter(verb="unit.move").order_by("pk")
    assert [act.object_id for act in acts] == [cast.p1.pk, cast.pgd.pk]
    assert {act.details["decision"] for act in acts} == {"1685/NQ-UBTVQH15"}
    assert acts[1].details == {
        "line": "territory", "parent": cast.q1.pk, "on": later.isoformat(),
        "decision": "1685/NQ-UBTVQH15", "decided_on": "2025-06-16",
    }  # fmt: skip


class TestRefusedWhole:
    @pytest.fixture(autouse=True)
    def unchanged(self, cast: Cast):
        before = _rows()
        yield
        assert _rows() == before

    def refused(self, moves: list[Move], seat: Seat | None = None) -> dict[str, str]:
        with pytest.raises(Refusal) as refusal:
            move_units(seat=seat, line=T, moves=moves)
        return dict(refusal.value.places)

    def test_a_unit_twice(self, cast: Cast):
        places = self.refused(
            [Move(cast.p1, cast.q1, DAY), Move(cast.p2, cast.q1, DAY), Move(cast.p1, cast.tp, DAY)]
        )
        assert list(places) == [f"{cast.p1.name} ({cast.p1.code})"]
        assert "2 lần" in places[f"{cast.p1.name} ({cast.p1.code})"]

    def test_a_circle_of_two_moves_names_both(self, cast: Cast):
        places = self.refused(
            [Move(cast.p1, cast.p2, DAY), Move(cast.p2, cast.p1, DAY), Move(cast.pgd, cast.q1, DAY)]
        )
        assert list(places) == [f"{unit.name} ({unit.code})" for unit in (cast.p1, cast.p2)]
        assert all("dưới mình" in what for what in places.values())

    def test_before_it_was_founded_and_after_it_was_dissolved(self, cast: Cast):
        places = self.refused([Move(cast.p1, cast.q1, date(1990, 1, 1)), Move(cast.p2, cast.q1, DAY)])
        assert "thành lập ngày" in places[f"{cast.p1.name} ({cast.p1.code})"]
        assert len(places) == 1

    def test_out_of_reach(self, cast: Cast):
        admin = Seat(unit=cast.q3, user=cast.q3_leader.user, role=Role.ADMIN)
        places = self.refused([Move(cast.p1, cast.p2, DAY), Move(cast.p2, cast.q1, DAY)], admin)
        assert list(places) == [f"{cast.p2.name} ({cast.p2.code})"]
        assert cast.q1.name in places[f"{cast.p2.name} ({cast.p2.code})"]

    def test_several_wrong_are_all_told(self, cast: Cast):
        with pytest.raises(Refusal, match="Còn 1 đơn vị nữa phải sửa"):
            move_units(
                seat=None,
                line=T,
                moves=[Move(cast.p1, cast.q1, date(1990, 1, 1)), Move(cast.p2, cast.q1, date(1990, 1, 1))],
            )


def test_a_dissolved_unit_moves_no_more(cast: Cast):
    dissolve_unit(seat=None, unit=cast.p1, on=DAY)
    with pytest.raises(Refusal, match="đã giải thể"):
        move_unit(seat=None, unit=cast.p1, line=T, parent=cast.q1, on=DAY)


def test_under_one_that_is_not_in_the_line_only_the_cause_is_named(cast: Cast):
    with pytest.raises(Refusal, match="không có trong tuyến") as refusal:
        move_units(seat=None, line=S, moves=[Move(cast.thcs, cast.p2, DAY), Move(cast.p2, cast.p1, DAY)])
    assert [where for where, _ in refusal.value.places] == [f"{cast.p2.name} ({cast.p2.code})"]


def test_as_many_queries_for_many_as_for_one(cast: Cast):
    def asked(moves: list[Move]) -> int:
        count = 0

        def note(execute, *args):
            nonlocal count
            count += 1
            return execute(*args)

        with connection.execute_wrapper(note):
            move_units(seat=None, line=T, moves=moves)
        return count

    one = asked([Move(cast.p1, cast.q1, DAY)])
    assert asked([Move(cast.p2, cast.q1, DAY), Move(cast.pgd, cast.q1, DAY)]) == one
