"""Paths against a plain recursive walk, over random trees with moves and dates."""

import random
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.kernel.errors import Refusal
from hoctap.orgs.actions import found_unit, leave_line, move_unit
from hoctap.orgs.enums import Kind, Line
from hoctap.orgs.models import Seat, Subordination, Unit
from hoctap.orgs.queries import children_of, is_under, subtree
from hoctap.orgs.rules import reachable_units

T, S = Line.TERRITORY, Line.SECTOR
START = date(2023, 1, 1)
DAYS = 8  # changes fall on these days; reads are tried on each

ROOTS = [("found", 0, T, None), ("found", 0, S, None), ("move", 0, S, 1, 0), ("move", 0, T, 0, 1)]


def _history(seed: int) -> list[tuple]:
    """Units 0 to 6 founded, then moved about; dense enough that changes meet (drawn one by one they rarely do)."""
    draw = random.Random(seed)
    founded: list[tuple] = []
    for n in range(2, 7):
        lines, day = draw.sample((T, S), 2), draw.randrange(2)
        founded.append(("found", day, lines[0], draw.randrange(n)))
        founded.append(("move", day, lines[1], draw.randrange(n), n))
    changes = []
    for _ in range(draw.randrange(2, 12)):
        verb = draw.choices(("move", "leave"), (5, 1))[0]
        parent = draw.choice((None, *range(7))) if verb == "move" else None
        changes.append((verb, draw.randrange(DAYS), draw.choice((T, S)), parent, draw.randrange(7)))
    return [*ROOTS, *founded, *changes]


histories = st.integers(0, 10**9).map(_history)


def _day(number: int) -> date:
    return START + timedelta(days=number)


class Model:
    """Who stands under whom, kept the slow way: one dictionary a line and a day, without end."""

    def __init__(self) -> None:
        self.above: dict[tuple[Line, int], dict[int, int | None]] = {
            (line, day): {} for line in (T, S) for day in range(DAYS)
        }
        self.founded: dict[int, int] = {}

    def place(self, unit: int, line: Line, parent: int | None, day: int) -> bool:
        """Put the unit under the parent up to its next change; False, nothing changed, when some day forbids it."""
        if day < self.founded.setdefault(unit, day):
            return False
        now = [self.above[line, d].get(unit, "absent") for d in range(DAYS)]
        until = next((d for d in range(day, DAYS) if now[d] != now[day]), DAYS)
        return self._try({d: {**self.above[line, d], unit: parent} for d in range(day, until)}, line)

    def leave(self, unit: int, line: Line, day: int) -> bool:
        other = S if line == T else T
        if unit not in self.above[other, day]:
            return False
        tried = {d: {u: p for u, p in self.above[line, d].items() if u != unit} for d in range(day, DAYS)}
        return self._try(tried, line)

    def _try(self, tried: dict[int, dict[int, int | None]], line: Line) -> bool:
        if not all(self._is_tree(above) for above in tried.values()):
            return False
        for day, above in tried.items():
            self.above[line, day] = above
        return True

    @staticmethod
    def _is_tree(above: dict[int, int | None]) -> bool:
        for unit in above:
            seen: set[int] = set()
            at: int | None = unit
            while at is not None:
                if at in seen or at not in above:
                    return False
                seen.add(at)
                at = above[at]
        return True

    def below(self, unit: int, line: Line, day: int) -> set[int]:
        """The plain recursive walk."""
        above = self.above[line, day]
        if unit not in above:
            return set()
        return {unit}.union(
            *(self.below(child, line, day) for child, parent in above.items() if parent == unit)
        )


def _play(history: list[tuple]) -> tuple[Model, list[Unit], int]:
    model, units, refused = Model(), [], 0
    for verb, day, line, parent, *who in history:
        above = units[parent % len(units)] if units and parent is not None else None
        if verb == "found":
            above_pk, pk = above.pk if above else None, len(units)
            done = _done(lambda a=above, d=day, n=line, k=pk: units.append(_found(k, n, a, _day(d))))
            key = units[-1].pk if done else -1
            assert model.place(key, line, above_pk, day) == done
        elif units:
            unit = units[who[0] % len(units)]
            if verb == "move":
                done = _done(
                    lambda u=unit, n=line, a=above, d=day: move_unit(
                        seat=None, unit=u, line=n, parent=a, on=_day(d)
                    )
                )
                assert model.place(unit.pk, line, above.pk if above else None, day) == done
            else:
                done = _done(lambda u=unit, n=line, d=day: leave_line(seat=None, unit=u, line=n, on=_day(d)))
                assert model.leave(unit.pk, line, day) == done
        refused += not done if units else 0
    return model, units, refused


def _found(number: int, line: Line, parent: Unit | None, since: date) -> Unit:
    return found_unit(
        seat=None,
        code=f"U{number}",
        kind=Kind.OTHER,
        name=f"Đơn vị {number}",
        short_name=f"ĐV {number}",
        since=since,
        parents={line: parent},
    )


def _done(act) -> bool:
    try:
        act()
    except Refusal:
        return False
    return True


@pytest.mark.postgres
@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_a_subtree_by_path_is_what_a_walk_finds(history):
    with transaction.atomic():
        model, units, _ = _play(history)
        for day in {0, DAYS - 1} | {change[1] for change in history}:
            for unit in units:
                _compare(model, units, unit, day)
        transaction.set_rollback(True)


def _compare(model: Model, units: list[Unit], unit: Unit, day: int) -> None:
    reached = {unit.pk}
    for line in (T, S):
        below = model.below(unit.pk, line, day)
        found = list(subtree(unit, line, _day(day)))
        assert {u.pk for u in found} == below
        assert len(found) == len(below)
        children = {child for child, above in model.above[line, day].items() if above == unit.pk}
        assert {u.pk for u in children_of(unit, line, _day(day))} == children
        reached |= below
    other = units[day % len(units)]
    assert is_under(other, unit, T, _day(day)) == (other != unit and other.pk in model.below(unit.pk, T, day))
    seat = Seat(unit=unit, role="viewer")
    assert set(reachable_units(seat, _day(day)).values_list("pk", flat=True)) == reached


@pytest.mark.django_db
def test_the_histories_tried_do_move_and_do_refuse():
    """The property above would say little if every change were refused, or none."""
    moves = refusals = 0

    @settings(max_examples=30, deadline=None, database=None, derandomize=True)
    @given(history=histories)
    def look(history):
        nonlocal moves, refusals
        with transaction.atomic():
            _, _, refused = _play(history)
            refusals += refused
            moves += Subordination.objects.filter(valid__upper_inf=False).count()
            transaction.set_rollback(True)

    look()
    assert moves > 30
    assert refusals > 30
