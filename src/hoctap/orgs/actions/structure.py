"""Writes the dated tree: from the edges decided for some units to the rows, paths included, of all under them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from hoctap.kernel.errors import Refusal
from hoctap.orgs import tree
from hoctap.orgs.enums import Line
from hoctap.orgs.models import Unit
from hoctap.orgs.tree import FOREVER, Stretch

_LOCK = 0x686F6374  # "hoct": any number, the same in every process

# Every row of the units and of all that stand under one of them on some day from a day on.
_AFFECTED = """
WITH later AS (
  SELECT unit_id, path FROM orgs_subordination
  WHERE line = %(line)s AND unit_id = ANY(%(units)s) AND (upper_inf(valid) OR upper(valid) > %(since)s)
), under AS (
  SELECT unnest(%(units)s::bigint[]) AS unit_id
  UNION
  SELECT s.unit_id FROM later l JOIN orgs_subordination s
    ON s.line = %(line)s AND s.path > l.path AND s.path < rtrim(l.path, '.') || '/'
  WHERE upper_inf(s.valid) OR upper(s.valid) > %(since)s
)
SELECT s.id, s.unit_id, s.parent_id, s.valid, s.path
FROM under JOIN orgs_subordination s ON s.unit_id = under.unit_id AND s.line = %(line)s AND NOT isempty(s.valid)
"""
_OF_UNITS = """
SELECT id, unit_id, parent_id, valid, path FROM orgs_subordination
WHERE line = %(line)s AND unit_id = ANY(%(units)s) AND NOT isempty(valid)
"""
_INSERT = """
INSERT INTO orgs_subordination (unit_id, parent_id, line, valid, path)
SELECT r.unit, r.parent, %(line)s, daterange(r.since, r.until), r.path
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(unit bigint, parent bigint, since date, until date, path text)
"""

Rows = dict[int, dict[int, Stretch]]
"""Of each unit its rows, by their ids."""


class WrongUnits(Refusal):
    """Of many units at once some were wrong: ``units``, each with what is wrong with it, in words."""

    def __init__(self, message: str, units: Sequence[tuple[Unit, str]]):
        super().__init__(message, [(f"{unit.name} ({unit.code})", what) for unit, what in units])
        self.units = list(units)


def lock_structure() -> None:
    """One change of the tree at a time: two moves side by side could each be right and together a circle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def still_valid(on: date) -> Q:
    """Dated rows with a day on or after ``on``."""
    return Q(valid__endswith__gt=on) | Q(valid__upper_inf=True)


def days(start: date, end: date = FOREVER) -> DateRange:
    return DateRange(start, None if end == FOREVER else end)


def edges_in(line: Line, units: Iterable[Unit]) -> dict[int, list[Stretch]]:
    """Who each unit was decided to stand under, by its id; empty for one that was never in the line."""
    ids = [unit.pk for unit in units]
    found = _read(_OF_UNITS, line=line, units=ids)
    return {pk: tree.edges_of(found.get(pk, {}).values()) for pk in ids}


def write_edges(line: Line, edges: Mapping[Unit, list[Stretch]], since: date) -> None:
    """Make ``edges`` the decided parents of each unit; rewrite those units and all under them from ``since`` on.

    Raises Refusal, with every unit that makes it so as ``places``.
    """
    _write(line, edges, since, _read(_AFFECTED, line=line, units=[unit.pk for unit in edges], since=since))


def first_edges(line: Line, founded: Mapping[Unit, tuple[Unit | None, date]]) -> None:
    """The same for units just founded, which have no rows and nothing under them: under whom, since when."""
    edges = {
        unit: [Stretch(since, FOREVER, parent.pk if parent else None)]
        for unit, (parent, since) in founded.items()
    }
    _write(line, edges, min(since for _, since in founded.values()), {})


def refuse(places: Sequence[tuple[Unit, str]]) -> WrongUnits:
    """What is wrong with each unit, as one refusal."""
    (unit, what), more = places[0], len(places) - 1
    message = what
    if more:
        message = (
            f"Chưa thay đổi đơn vị nào. {unit.name} ({unit.code}): {what} Còn {more} đơn vị nữa phải sửa."
        )
    return WrongUnits(message, places)


def _write(line: Line, edges: Mapping[Unit, list[Stretch]], since: date, rows: Rows) -> None:
    old = {pk: list(found.values()) for pk, found in rows.items()}
    decided = {unit.pk: found for unit, found in edges.items()}
    known = {pk: tree.edges_of(found) for pk, found in old.items()} | decided
    known |= _above(line, known)
    new = _laid(list(edges), [*decided, *(old.keys() - decided.keys())], line, known, old, since)
    stale = [row for pk, found in rows.items() for row, stretch in found.items() if stretch not in new[pk]]
    if stale:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM orgs_subordination WHERE id = ANY(%s)", [stale])
    fresh = [
        {
            "unit": pk,
            "parent": s.parent,
            "since": s.start,
            "until": None if s.end == FOREVER else s.end,
            "path": s.path,
        }
        for pk, found in new.items()
        for s in found
        if s not in old.get(pk, [])
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {"line": line, "rows": json.dumps(fresh, default=date.isoformat)})


def _read(sql: str, **given) -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        for row, unit, parent, valid, path in cursor.fetchall():
            found.setdefault(unit, {})[row] = Stretch(valid.lower, valid.upper or FOREVER, parent, path)
    return found


def _above(line: Line, known: dict[int, list[Stretch]]) -> dict[int, list[Stretch]]:
    parents = {edge.parent for edges in known.values() for edge in edges if edge.parent} - known.keys()
    if not parents:
        return {}
    return {pk: list(rows.values()) for pk, rows in _read(_OF_UNITS, line=line, units=list(parents)).items()}


def _laid(
    movers: list[Unit],
    units: list[int],
    line: Line,
    known: dict[int, list[Stretch]],
    old: dict[int, list[Stretch]],
    since: date,
) -> dict[int, list[Stretch]]:
    """The rows of each unit, past ones as they were."""
    circles = [(unit, day) for unit in movers if (day := _circle(unit.pk, since, known))]
    if circles:
        raise refuse([(unit, _goes_round(unit, line, day)) for unit, day in circles])
    laid = {pk: list(tree.lay(pk, since, FOREVER, known)) for pk in units}
    gaps = {
        pk: gap
        for pk in units
        if (gap := tree.first_gap([*tree.until(known[pk], since), *laid[pk]], known[pk]))
    }
    if gaps:
        raise _refuse_gaps(movers, line, known, gaps)
    return {pk: tree.joined([*tree.until(old.get(pk, []), since), *laid[pk]]) for pk in units}


def _circle(pk: int, since: date, known: dict[int, list[Stretch]]) -> date | None:
    """The first day on which the unit would stand under itself."""
    try:
        list(tree.lay(pk, since, FOREVER, known))
    except tree.Cycle as circle:
        return circle.day if circle.unit == pk else None
    return None


def _goes_round(mover: Unit, line: Line, day: date) -> str:
    return (
        f"Không chuyển được: từ ngày {day:%d/%m/%Y}, {mover.name} sẽ trực thuộc chính đơn vị dưới mình "
        f"(tuyến {line.label}). Chọn cấp trên khác, không nằm dưới {mover.short_name}."
    )


def _refuse_gaps(
    movers: list[Unit], line: Line, known: dict[int, list[Stretch]], gaps: dict[int, date]
) -> Refusal:
    own = {unit.pk: unit for unit in movers}
    concerned = Unit.objects.in_bulk(
        {
            e.parent
            for pk, gap in gaps.items()
            if pk in own
            for e in known[pk]
            if e.start <= gap < e.end and e.parent
        }
    )
    places = [
        (own[pk], _stands_nowhere(concerned[_parent_on(known[pk], gap)], line, gap))
        for pk, gap in gaps.items()
        if pk in own and _parent_on(known[pk], gap) not in own.keys() & gaps.keys()
    ]
    if places:
        return refuse(places)
    children = Unit.objects.in_bulk(gaps.keys())
    return refuse(
        [(children[pk], _left_behind(children[pk], movers[0], line, gap)) for pk, gap in gaps.items()]
    )


def _parent_on(edges: list[Stretch], day: date) -> int | None:
    return next(e.parent for e in edges if e.start <= day < e.end)


def _stands_nowhere(parent: Unit, line: Line, gap: date) -> str:
    return (
        f"{parent.name} không có trong tuyến {line.label} vào ngày {gap:%d/%m/%Y} nên chưa thể làm cấp trên. "
        "Chọn ngày khác, hoặc đưa cấp trên vào tuyến này trước."
    )


def _left_behind(child: Unit, mover: Unit, line: Line, gap: date) -> str:
    return (
        f"Còn đơn vị trực thuộc: {child.name} vẫn thuộc {mover.name} (tuyến {line.label}) từ ngày "
        f"{gap:%d/%m/%Y}. Chuyển hoặc giải thể đơn vị này trước."
    )
