"""Found, edit and dissolve units. ``seat=None`` is the system (demo world, commands)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from hoctap.kernel.errors import Refusal
from hoctap.kernel.journal import record, record_all
from hoctap.kernel.vietnamese import tidy
from hoctap.orgs import roles, rules, tree
from hoctap.orgs.actions.renaming import MANY, give_name
from hoctap.orgs.actions.structure import (
    days,
    edges_in,
    first_edges,
    lock_structure,
    refuse,
    still_valid,
    write_edges,
)
from hoctap.orgs.enums import AreaType, Kind, Line
from hoctap.orgs.models import Seat, Unit, UnitName
from hoctap.orgs.tree import Stretch


@dataclass(frozen=True)
class Founding:
    """A unit to be: ``parents``, one a line; None makes it a root of that line."""

    code: str
    kind: Kind
    name: str
    short_name: str
    since: date
    parents: Mapping[Line, Unit | None]
    area_type: AreaType | str = ""
    place: str = ""
    email: str = ""
    is_demo: bool = False


def found_unit(
    *,
    seat: Seat | None,
    code: str,
    kind: Kind,
    name: str,
    short_name: str,
    since: date,
    parents: Mapping[Line, Unit | None],
    area_type: AreaType | str = "",
    place: str = "",
    email: str = "",
    is_demo: bool = False,
) -> Unit:
    """Thành lập: ``found_units`` of one."""
    founding = Founding(code, kind, name, short_name, since, parents, area_type, place, email, is_demo)
    return found_units(seat=seat, foundings=[founding])[0]


@transaction.atomic
def found_units(*, seat: Seat | None, foundings: Sequence[Founding]) -> list[Unit]:
    """Thành lập: new units under units that stand already; as many statements for thousands as for one.

    All or nothing: raises Refusal, ``WrongUnits`` with every wrong one where it hangs on single units.
    """
    lock_structure()
    if seat:
        rules.require(seat, roles.EDIT_UNIT)
    units = [_new_unit(founding) for founding in foundings]
    if wrong := [*_taken(units), *_stands_wrong(seat, units, foundings)]:
        raise refuse(wrong)
    Unit.objects.bulk_create(units, batch_size=MANY)
    both = list(zip(units, foundings, strict=True))
    UnitName.objects.bulk_create(
        (UnitName(unit=u, name=u.name, short_name=u.short_name, valid=days(f.since)) for u, f in both),
        batch_size=MANY,
    )
    for line in Line:
        entering = {unit: (f.parents[line], f.since) for unit, f in both if line in f.parents}
        if entering:
            first_edges(line, entering)
    acts = [("unit.found", u.pk, {"code": u.code, "since": f.since.isoformat()}) for u, f in both]
    record_all(Unit._meta.label_lower, acts, seat=seat)
    return units


def _new_unit(founding: Founding) -> Unit:
    unit = Unit(
        code=founding.code,
        kind=founding.kind,
        area_type=founding.area_type,
        place=tidy(founding.place),
        email=tidy(founding.email),
        is_demo=founding.is_demo,
    )
    give_name(unit, founding.name, founding.short_name)
    return unit


def _taken(units: Sequence[Unit]) -> Iterator[tuple[Unit, str]]:
    codes = [unit.code for unit in units]
    taken = set(Unit.objects.filter(code__in=codes).values_list("code", flat=True))
    taken |= {code for code, times in Counter(codes).items() if times > 1}
    for unit in units:
        if unit.code in taken:
            yield (
                unit,
                f"Mã đơn vị {unit.code} đã có. Mỗi đơn vị một mã: chọn mã khác, hoặc sửa đơn vị đang mang mã này.",
            )


def _stands_wrong(
    seat: Seat | None, units: Sequence[Unit], foundings: Sequence[Founding]
) -> Iterator[tuple[Unit, str]]:
    above = {parent.pk for founding in foundings for parent in founding.parents.values() if parent}
    reached = rules.reached_of(seat, above) if seat else above
    for unit, founding in zip(units, foundings, strict=True):
        parents = [parent for parent in founding.parents.values() if parent]
        outside = next((parent for parent in parents if parent.pk not in reached), None)
        if not founding.parents:
            yield unit, "Đơn vị mới chưa có tuyến trực thuộc nào. Ghi cấp trên ở ít nhất một tuyến."
        elif seat and outside:
            yield unit, rules.out_of_reach(seat, outside)
        elif seat and not parents:
            yield (
                unit,
                "Đơn vị mới phải trực thuộc một đơn vị trong phạm vi của anh/chị. Ghi cấp trên ở ít nhất một tuyến.",
            )


@dataclass(frozen=True)
class Facts:
    """What a unit has without history."""

    kind: Kind
    area_type: AreaType | str
    place: str
    email: str


def edit_unit(
    *, seat: Seat | None, unit: Unit, kind: Kind, area_type: AreaType | str, place: str, email: str
) -> None:
    """Sửa thông tin: ``edit_units`` of one."""
    edit_units(seat=seat, edits=[(unit, Facts(kind, area_type, place, email))])


@transaction.atomic
def edit_units(*, seat: Seat | None, edits: Sequence[tuple[Unit, Facts]]) -> None:
    """Sửa thông tin: what has no history, of many units at once. All or nothing, as ``found_units``."""
    if seat:
        rules.require(seat, roles.EDIT_UNIT)
        reached = rules.reached_of(seat, [unit.pk for unit, _ in edits])
        if outside := [(u, rules.out_of_reach(seat, u)) for u, _ in edits if u.pk not in reached]:
            raise refuse(outside)
    for unit, facts in edits:
        unit.kind, unit.area_type = facts.kind, facts.area_type
        unit.place, unit.email = tidy(facts.place), tidy(facts.email)
    edited = [unit for unit, _ in edits]
    Unit.objects.bulk_update(edited, ["kind", "area_type", "place", "email"], batch_size=MANY)
    record_all(Unit._meta.label_lower, [("unit.edit", unit.pk, {}) for unit in edited], seat=seat)


@transaction.atomic
def leave_line(*, seat: Seat | None, unit: Unit, line: Line, on: date) -> None:
    """Ra khỏi tuyến from ``on`` on; refused while units stand under it there, and for the unit's last line."""
    lock_structure()
    _may_edit(seat, unit)
    others = unit.subordinations.exclude(line=line).filter(valid__contains=on)
    if not others.exists():
        raise Refusal(
            f"{unit.name} chỉ còn tuyến {line.label}, nên không thể ra khỏi tuyến này. "
            "Nếu đơn vị thôi hoạt động, hãy giải thể đơn vị."
        )
    write_edges(line, _cut(unit, line, on), on)
    record("unit.leave", unit, seat=seat, line=line, on=on.isoformat())


@transaction.atomic
def dissolve_unit(*, seat: Seat | None, unit: Unit, on: date) -> None:
    """Giải thể: ``on`` is the first day the unit is no more. Its reports and documents stay."""
    lock_structure()
    _may_edit(seat, unit)
    if unit.dissolved_on:
        raise Refusal(f"{unit.name} đã giải thể từ ngày {unit.dissolved_on:%d/%m/%Y}.")
    for line in Line:
        write_edges(line, _cut(unit, line, on), on)
    _close_from(unit.names.all(), on)
    _close_from(unit.seats.all(), on)
    unit.dissolved_on = on
    unit.save(update_fields=["dissolved_on"])
    record("unit.dissolve", unit, seat=seat, on=on.isoformat())


def _cut(unit: Unit, line: Line, on: date) -> dict[Unit, list[Stretch]]:
    return {unit: tree.until(edges_in(line, [unit])[unit.pk], on)}


def _may_edit(seat: Seat | None, unit: Unit) -> None:
    if seat:
        rules.require(seat, roles.EDIT_UNIT)
        rules.require_reach(seat, unit)


def _close_from(rows: QuerySet, on: date) -> None:
    """End dated rows at ``on``; what would only begin later is left with no day at all."""
    for row in rows.filter(still_valid(on)).select_for_update():
        row.valid = days(row.valid.lower, on) if row.valid.lower < on else DateRange(empty=True)
        row.save(update_fields=["valid"])
