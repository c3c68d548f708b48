"""Writes the dated tree: from the edges decided for one unit to the rows, paths included, of all under it."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from hoctap.kernel.errors import Refusal
from hoctap.orgs import tree
from hoctap.orgs.enums import Line
from hoctap.orgs.models import Subordination, Unit
from hoctap.orgs.tree import FOREVER, Stretch

_LOCK = 0x686F6374  # "hoct": any number, the same in every process


def lock_structure() -> None:
    """One change of the tree at a time: two moves side by side could each be right and together a circle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def still_valid(on: date) -> Q:
    """Dated rows with a day on or after ``on``."""
    return Q(valid__endswith__gt=on) | Q(valid__upper_inf=True)


def days(start: date, end: date = FOREVER) -> DateRange:
    return DateRange(start, None if end == FOREVER else end)


def edges_in(unit: Unit, line: Line) -> list[Stretch]:
    return tree.edges_of(_stretch(row) for row in Subordination.objects.filter(unit=unit, line=line))


def write_edges(unit: Unit, line: Line, edges: list[Stretch], since: date) -> None:
    """Make ``edges`` the decided parents of ``unit``; rewrite it and all under it from ``since`` on."""
    _write(unit, line, edges, since, _affected(unit, line, since))


def first_edge(unit: Unit, line: Line, parent: Unit | None, since: date) -> None:
    """The same for a unit just founded, which has no rows and nothing under it."""
    _write(unit, line, [Stretch(since, FOREVER, parent.pk if parent else None)], since, [])


def _write(unit: Unit, line: Line, edges: list[Stretch], since: date, rows: list[Subordination]) -> None:
    old = _by_unit(rows)
    known = {pk: tree.edges_of(found) for pk, found in old.items()} | {unit.pk: edges}
    known |= _above(line, known)
    new = {pk: _lay(unit, pk, line, known, old.get(pk, []), since) for pk in {*old, unit.pk}}
    stale = [row.pk for row in rows if _stretch(row) not in new[row.unit_id]]
    if stale:
        Subordination.objects.filter(pk__in=stale).delete()
    Subordination.objects.bulk_create(
        Subordination(unit_id=pk, parent_id=s.parent, line=line, valid=days(s.start, s.end), path=s.path)
        for pk, found in new.items()
        for s in found
        if s not in old.get(pk, [])
    )


def _stretch(row: Subordination) -> Stretch:
    return Stretch(row.valid.lower, row.valid.upper or FOREVER, row.parent_id, row.path)


def _by_unit(rows: Iterable[Subordination]) -> dict[int, list[Stretch]]:
    found: dict[int, list[Stretch]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(_stretch(row))
    return found


def _affected(unit: Unit, line: Line, since: date) -> list[Subordination]:
    """All rows of the unit and of every unit that is under it on some day from ``since`` on."""
    rows = Subordination.objects.filter(line=line)
    later = rows.filter(still_valid(since))
    under = Q(unit=unit)
    for path in later.filter(unit=unit).values_list("path", flat=True):
        under |= Q(path__startswith=path)
    return list(rows.filter(unit__in=later.filter(under).values("unit")))


def _above(line: Line, known: dict[int, list[Stretch]]) -> dict[int, list[Stretch]]:
    parents = {edge.parent for edges in known.values() for edge in edges if edge.parent} - known.keys()
    return _by_unit(Subordination.objects.filter(line=line, unit__in=parents)) if parents else {}


def _lay(
    mover: Unit, pk: int, line: Line, known: dict[int, list[Stretch]], old: list[Stretch], since: date
) -> list[Stretch]:
    """One unit's rows, past ones as they were."""
    try:
        laid = list(tree.lay(pk, since, FOREVER, known))
    except tree.Cycle as circle:
        raise Refusal(
            f"Không chuyển được: từ ngày {circle.day:%d/%m/%Y}, {mover.name} sẽ trực thuộc chính đơn vị dưới mình "
            f"(tuyến {line.label}). Chọn cấp trên khác, không nằm dưới {mover.short_name}."
        ) from None
    gap = tree.first_gap([*tree.until(known[pk], since), *laid], known[pk])
    if gap:
        _refuse_gap(mover, pk, line, known[pk], gap)
    return tree.joined([*tree.until(old, since), *laid])


def _refuse_gap(mover: Unit, pk: int, line: Line, edges: list[Stretch], gap: date) -> None:
    if pk != mover.pk:
        child = Unit.objects.get(pk=pk)
        raise Refusal(
            f"Còn đơn vị trực thuộc: {child.name} vẫn thuộc {mover.name} (tuyến {line.label}) từ ngày "
            f"{gap:%d/%m/%Y}. Chuyển hoặc giải thể đơn vị này trước."
        )
    parent = Unit.objects.get(pk__in=[e.parent for e in edges if e.start <= gap < e.end])
    raise Refusal(
        f"{parent.name} không có trong tuyến {line.label} vào ngày {gap:%d/%m/%Y} nên chưa thể làm cấp trên. "
        "Chọn ngày khác, hoặc đưa cấp trên vào tuyến này trước."
    )
