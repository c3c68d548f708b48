"""Found, rename and dissolve units. ``seat=None`` is the system (demo world, commands)."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.journal import record
from hoctap.kernel.vietnamese import fold, sort_key, tidy
from hoctap.orgs import roles, rules, tree
from hoctap.orgs.actions.structure import days, edges_in, first_edge, lock_structure, still_valid, write_edges
from hoctap.orgs.enums import AreaType, Kind, Line
from hoctap.orgs.models import Seat, Unit, UnitName
from hoctap.orgs.tree import FOREVER, Stretch


@transaction.atomic
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
    """Thành lập: a new unit under ``parents``, one a line; None makes it a root of that line."""
    lock_structure()
    _may_found(seat, parents)
    if Unit.objects.filter(code=code).exists():
        raise Refusal(
            f"Mã đơn vị {code} đã có. Mỗi đơn vị một mã: chọn mã khác, hoặc sửa đơn vị đang mang mã này."
        )
    unit = Unit(
        code=code, kind=kind, area_type=area_type, place=tidy(place), email=tidy(email), is_demo=is_demo
    )
    _write_name(unit, name, short_name)
    UnitName.objects.create(unit=unit, name=unit.name, short_name=unit.short_name, valid=days(since))
    for line, parent in parents.items():
        first_edge(unit, Line(line), parent, since)
    record("unit.found", unit, seat=seat, code=code, since=since.isoformat())
    return unit


def _may_found(seat: Seat | None, parents: Mapping[Line, Unit | None]) -> None:
    if not parents:
        raise Refusal("Đơn vị mới chưa có tuyến trực thuộc nào. Ghi cấp trên ở ít nhất một tuyến.")
    if seat is None:
        return
    rules.require(seat, roles.EDIT_UNIT)
    above = [parent for parent in parents.values() if parent]
    for parent in above:
        rules.require_reach(seat, parent)
    if not above:
        raise Refusal(
            "Đơn vị mới phải trực thuộc một đơn vị trong phạm vi của anh/chị. Ghi cấp trên ở ít nhất một tuyến."
        )


def _write_name(unit: Unit, name: str, short_name: str) -> None:
    unit.name, unit.short_name = tidy(name), tidy(short_name)
    if not (unit.name and unit.short_name):
        raise Refusal("Tên đơn vị và tên gọn không được để trống.")
    unit.name_folded = fold(f"{unit.name} {unit.short_name} {unit.code}")[:320]
    unit.sort_key = sort_key(unit.name)[:600]
    unit.save()


@transaction.atomic
def rename_unit(*, seat: Seat | None, unit: Unit, name: str, short_name: str, on: date) -> None:
    """Đổi tên from ``on`` up to the next change of name already written; earlier documents keep the old name."""
    lock_structure()
    _may_edit(seat, unit)
    if on > clock.today():
        raise Refusal(f"Tên mới có hiệu lực từ {on:%d/%m/%Y}, chưa đến ngày. Ghi tên mới vào đúng ngày đó.")
    later = unit.names.filter(valid__startswith__gt=on).order_by("valid").first()
    end = later.valid.lower if later else FOREVER
    _close_from(unit.names.filter(valid__startswith__lte=on), on)
    unit.names.filter(valid__isempty=True).delete()
    if not later:
        _write_name(unit, name, short_name)
    UnitName.objects.create(unit=unit, name=tidy(name), short_name=tidy(short_name), valid=days(on, end))
    record("unit.rename", unit, seat=seat, on=on.isoformat())


@transaction.atomic
def edit_unit(
    *, seat: Seat | None, unit: Unit, kind: Kind, area_type: AreaType | str, place: str, email: str
) -> None:
    """Sửa thông tin: what has no history."""
    _may_edit(seat, unit)
    unit.kind, unit.area_type, unit.place, unit.email = kind, area_type, tidy(place), tidy(email)
    unit.save(update_fields=["kind", "area_type", "place", "email"])
    record("unit.edit", unit, seat=seat)


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
