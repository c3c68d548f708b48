"""Moving units: one, or thousands by one decision. ``seat=None`` is the system."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models.functions import Lower

from hoctap.kernel.journal import record_all
from hoctap.orgs import roles, rules, tree
from hoctap.orgs.actions.structure import edges_in, lock_structure, refuse, write_edges
from hoctap.orgs.enums import Line
from hoctap.orgs.models import Seat, Unit, UnitName


@dataclass(frozen=True)
class Move:
    """``unit`` stands under ``parent`` from ``on`` on; None makes it a root of the line."""

    unit: Unit
    parent: Unit | None
    on: date


@dataclass(frozen=True)
class Decision:
    """Quyết định, nghị quyết sắp xếp: number as printed and day."""

    number: str
    on: date


@transaction.atomic
def move_units(
    *, seat: Seat | None, line: Line, moves: Sequence[Move], decision: Decision | None = None
) -> None:
    """Sắp xếp: change the superiors of many units in one line at once, each from its own day on.

    Each change holds up to the next already decided for its unit; a unit not yet in the line enters it; everything under
    a unit moves along. Only the whole is judged: two units may change places. All or nothing: raises Refusal with every
    wrong unit as ``places``. Rounds already laid out keep their own tree.
    """
    if not moves:
        return
    if seat:
        rules.require(seat, roles.EDIT_UNIT)
    lock_structure()
    wrong = [*_doubled(moves), *_out_of_reach(seat, moves), *_out_of_time(moves)]
    if wrong:
        raise refuse(wrong)
    now = edges_in(line, [move.unit for move in moves])
    edges = {m.unit: tree.moved(now[m.unit.pk], m.parent.pk if m.parent else None, m.on) for m in moves}
    write_edges(line, edges, min(move.on for move in moves))
    by = {"decision": decision.number, "decided_on": decision.on} if decision else {}
    record_all(
        Unit._meta.label_lower, [("unit.move", m.unit.pk, _told(line, m) | by) for m in moves], seat=seat
    )


def move_unit(*, seat: Seat | None, unit: Unit, line: Line, parent: Unit | None, on: date) -> None:
    """Chuyển cấp trên of one unit: ``move_units`` of one."""
    move_units(seat=seat, line=line, moves=[Move(unit, parent, on)])


def _told(line: Line, move: Move) -> dict:
    return {"line": line, "parent": move.parent.pk if move.parent else None, "on": move.on}


def _doubled(moves: Sequence[Move]) -> Iterator[tuple[Unit, str]]:
    times = Counter(move.unit for move in moves)
    for unit, count in times.items():
        if count > 1:
            yield unit, f"{unit.name} có {count} lần trong một lần sắp xếp. Giữ một lần, bỏ các lần còn lại."


def _out_of_reach(seat: Seat | None, moves: Sequence[Move]) -> Iterator[tuple[Unit, str]]:
    if seat is None:
        return
    named = {move.unit for move in moves} | {move.parent for move in moves if move.parent}
    reached = rules.reached_of(seat, [unit.pk for unit in named])
    for move in moves:
        outside = next((unit for unit in (move.unit, move.parent) if unit and unit.pk not in reached), None)
        if outside:
            yield move.unit, rules.out_of_reach(seat, outside)


def _out_of_time(moves: Sequence[Move]) -> Iterator[tuple[Unit, str]]:
    named = UnitName.objects.filter(unit__in=[move.unit.pk for move in moves], valid__isempty=False)
    rows = named.annotate(since=Lower("valid")).order_by("unit", "since").distinct("unit")
    founded = dict(rows.values_list("unit", "since"))
    for move in moves:
        unit, since = move.unit, founded.get(move.unit.pk)
        if since and move.on < since:
            yield (
                unit,
                f"{unit.name} thành lập ngày {since:%d/%m/%Y}, sau ngày chuyển. Ghi ngày từ đó về sau.",
            )
        elif unit.dissolved_on and move.on >= unit.dissolved_on:
            yield (
                unit,
                f"{unit.name} đã giải thể từ ngày {unit.dissolved_on:%d/%m/%Y} nên không chuyển được nữa.",
            )
