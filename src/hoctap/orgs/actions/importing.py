"""Units from an Excel sheet: planned by doing it all, kept only when nothing is refused and it is meant."""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.journal import record
from hoctap.orgs import roles, rules, sheets
from hoctap.orgs.actions.import_plan import ImportPlan, PlannedUnit
from hoctap.orgs.actions.moving import Move, move_units
from hoctap.orgs.actions.renaming import Renaming, rename_units
from hoctap.orgs.actions.structure import WrongUnits, lock_structure, still_valid
from hoctap.orgs.actions.units import Facts, Founding, edit_units, found_units, leave_line
from hoctap.orgs.enums import AreaType, Kind, Line
from hoctap.orgs.models import Seat, Subordination, Unit
from hoctap.orgs.sheets import (
    AREA,
    CODE,
    EMAIL,
    HEADERS,
    KIND,
    NAME,
    PARENT,
    PLACE,
    ROOT,
    SHORT_NAME,
    SINCE,
    UnitRow,
    UnitSheet,
)


def import_units(*, seat: Seat | None, data: bytes, dry_run: bool) -> ImportPlan:
    """Nhập đơn vị từ Excel: all rows or none, within the seat's subtree.

    A dry run tells what would happen, refused cells included, and changes nothing. A real run with any refused
    cell raises ``Refusal`` with all of them as ``places``. Units not in the sheet stay as they are.
    """
    if seat:
        rules.require(seat, roles.EDIT_UNIT)
    sheet = sheets.read_units(data)
    with transaction.atomic():
        lock_structure()
        plan = _Import(seat, sheet).run()
        if dry_run or plan.refused:
            transaction.set_rollback(True)
        else:
            record("unit.import", seat=seat, new=len(plan.new), changed=len(plan.changed))
    if plan.refused and not dry_run:
        raise plan.refusal()
    return plan


class _Import:
    """One sheet against what stands today, carried out level by level within the caller's transaction."""

    def __init__(self, seat: Seat | None, sheet: UnitSheet):
        self.seat, self.sheet = seat, sheet
        self.plan = ImportPlan(refused=list(sheet.wrong))
        self.rows = {row.code: row for row in sheet.rows}
        self.failed: set[str] = set()
        self.changes: dict[str, list[str]] = {}
        named = self.rows.keys() | {code for row in sheet.rows for code in row.parents.values()}
        self.units = {unit.code: unit for unit in Unit.objects.filter(code__in=named)}
        self.known = set(self.units)
        self.reach = None if seat is None else set(rules.reachable_units(seat).values_list("code", flat=True))
        self.parents = self._parents_now()

    def _parents_now(self) -> dict[tuple[str, Line], str]:
        """What each known unit of the sheet stands under, on the row's day or today, whichever is later."""
        found = {}
        rows = Subordination.objects.filter(still_valid(clock.today()), unit__code__in=self.rows.keys())
        for row in rows.select_related("unit", "parent"):
            since = self.rows[row.unit.code].since
            if max(since or clock.today(), clock.today()) in row.valid:
                found[row.unit.code, Line(row.line)] = row.parent.code if row.parent else ROOT
                if row.parent:
                    self.units.setdefault(row.parent.code, row.parent)
        return found

    def run(self) -> ImportPlan:
        for row in self.sheet.rows:
            self._check(row)
        for line in Line:
            for level in self._levels(line):
                self._place(level, line)
        self._together([row for row in self._kept() if self._is_renamed(row)], SINCE, self._rename)
        edited = [row for row in self._kept() if _facts_of(self.units[row.code]) != _facts_in(row)]
        self._together(edited, CODE, self._edit)
        for line in Line:
            leaving = [
                row for row in self._kept() if line not in row.parents and (row.code, line) in self.parents
            ]
            for row in reversed(leaving):
                self._attempt(row, PARENT[line], self._leave, row, line)
        self._sum_up()
        return self.plan

    def _kept(self) -> list[UnitRow]:
        return [row for row in self.sheet.rows if row.code in self.known and row.code not in self.failed]

    def refuse(self, row: UnitRow, column: int, why: str) -> None:
        self.failed.add(row.code)
        self.plan.refused.append((self.sheet.place(row, column), why))

    def _attempt(self, row: UnitRow, column: int, do, *args) -> None:
        if row.code in self.failed:
            return
        try:
            do(*args)
        except Refusal as refusal:
            self.refuse(row, column, refusal.message)

    def _together(self, rows: list[UnitRow], column: int, do: Callable[[list[UnitRow]], None]) -> None:
        """``do`` it for all rows at once, without those it refuses; one by one only where it does not say which."""
        while rows:
            try:
                with transaction.atomic():
                    return do(rows)
            except WrongUnits as refusal:
                told = {unit.code: what for unit, what in refusal.units}
            except Refusal:
                told = {}
            if not told.keys() & {row.code for row in rows}:
                break
            for row in rows:
                if row.code in told:
                    self.refuse(row, column, told[row.code])
            rows = [row for row in rows if row.code not in told]
        for row in rows:
            self._attempt(row, column, do, [row])

    def _check(self, row: UnitRow) -> None:
        unit = self.units.get(row.code)
        if unit and self.reach is not None and row.code not in self.reach:
            self.refuse(
                row, CODE, "Mã này của đơn vị ngoài phạm vi của anh/chị; chọn mã khác hoặc xóa hàng này."
            )
        elif unit and unit.dissolved_on:
            self.refuse(row, CODE, f"Đơn vị đã giải thể từ ngày {unit.dissolved_on:%d/%m/%Y}; xóa hàng này.")
        elif row.since is None and self._needs_day(row):
            self.refuse(row, SINCE, "Ghi ngày bắt đầu: cần khi thêm đơn vị, đổi tên, đổi cấp trên.")

    def _needs_day(self, row: UnitRow) -> bool:
        unit = self.units.get(row.code)
        if unit is None or (unit.name, unit.short_name) != (row.name, row.short_name):
            return True
        return any(row.parents.get(line) != self.parents.get((row.code, line)) for line in Line)

    def _levels(self, line: Line) -> list[list[UnitRow]]:
        """Rows whose parent in the line changes, superiors first: so no move meets a circle that a later one opens."""
        moving = [
            row
            for row in self.sheet.rows
            if line in row.parents
            and row.code not in self.failed
            and row.parents[line] != self.parents.get((row.code, line))
        ]
        if not moving:
            return []
        now = Subordination.objects.filter(line=line, valid__contains=clock.today(), parent__isnull=False)
        above = dict(now.values_list("unit__code", "parent__code"))
        above |= {row.code: row.parents.get(line, ROOT) for row in self.sheet.rows}
        levels: dict[int, list[UnitRow]] = {}
        for row in moving:
            chain = _chain(row.code, above)
            if chain[-1] in chain[:-1]:
                circle = " → ".join(self._short_name(code) for code in chain[chain.index(chain[-1]) :])
                self.refuse(row, PARENT[line], f"Cấp trên đi vòng: {circle}. Chọn cấp trên khác.")
            else:
                levels.setdefault(len(chain), []).append(row)
        return [levels[depth] for depth in sorted(levels)]

    def _place(self, rows: list[UnitRow], line: Line) -> None:
        """Units of one level, whose superiors stand already."""
        for row in rows:
            self._attempt(row, PARENT[line], self._parent, row.parents[line])
        sound = [row for row in rows if row.code not in self.failed]
        new = [row for row in sound if row.code not in self.units]
        old = [row for row in sound if row.code in self.units]
        self._together(new, PARENT[line], lambda some: self._found(some, line))
        self._together(old, PARENT[line], lambda some: self._move(some, line))

    def _found(self, rows: list[UnitRow], line: Line) -> None:
        foundings = [
            Founding(
                code=row.code,
                kind=row.kind,
                name=row.name,
                short_name=row.short_name,
                since=_day(row),
                parents={line: self._parent(row.parents[line])},
                area_type=row.area_type,
                place=row.place,
                email=row.email,
            )
            for row in rows
        ]
        self.units |= {unit.code: unit for unit in found_units(seat=self.seat, foundings=foundings)}

    def _move(self, rows: list[UnitRow], line: Line) -> None:
        moves = [Move(self.units[row.code], self._parent(row.parents[line]), _day(row)) for row in rows]
        move_units(seat=self.seat, line=line, moves=moves)
        for row in rows:
            before = self.parents.get((row.code, line), "")
            self._note(row, PARENT[line], self._short_name(before), self._short_name(row.parents[line]))

    def _parent(self, code: str) -> Unit | None:
        if code == ROOT:
            return None
        if code in self.failed:
            raise Refusal(
                f"Cấp trên {code} ở hàng {self.rows[code].row + 1} chưa nhận được; sửa hàng đó trước."
            )
        unit = self.units.get(code)
        if unit is None or (self.reach is not None and code in self.known and code not in self.reach):
            raise Refusal(f"Không có đơn vị nào mã {code} trong phạm vi của anh/chị. Ghi đúng mã cấp trên.")
        return unit

    def _is_renamed(self, row: UnitRow) -> bool:
        unit = self.units[row.code]
        return (unit.name, unit.short_name) != (row.name, row.short_name)

    def _rename(self, rows: list[UnitRow]) -> None:
        units = [self.units[row.code] for row in rows]
        before = [(unit.name, unit.short_name) for unit in units]
        both = list(zip(units, rows, strict=True))
        renamings = [Renaming(unit, row.name, row.short_name, _day(row)) for unit, row in both]
        rename_units(seat=self.seat, renamings=renamings)
        for row, (name, short_name) in zip(rows, before, strict=True):
            self._note(row, NAME, name, row.name)
            self._note(row, SHORT_NAME, short_name, row.short_name)

    def _edit(self, rows: list[UnitRow]) -> None:
        before = {row.code: _shown(self.units[row.code]) for row in rows}
        edit_units(seat=self.seat, edits=[(self.units[row.code], _facts_in(row)) for row in rows])
        for row in rows:
            now = _shown(self.units[row.code])
            for column, old, new in zip((KIND, AREA, PLACE, EMAIL), before[row.code], now, strict=True):
                self._note(row, column, old, new)

    def _leave(self, row: UnitRow, line: Line) -> None:
        leave_line(seat=self.seat, unit=self.units[row.code], line=line, on=_day(row))
        self._note(row, PARENT[line], self._short_name(self.parents[row.code, line]), "")

    def _note(self, row: UnitRow, column: int, old: str, new: str) -> None:
        if old != new:
            change = f"{HEADERS[column]}: {old or 'trống'} → {new or 'trống'}"
            self.changes.setdefault(row.code, []).append(change)

    def _short_name(self, code: str) -> str:
        if code in self.units:
            return self.units[code].short_name
        return self.rows[code].short_name if code in self.rows else code

    def _sum_up(self) -> None:
        for row in self.sheet.rows:
            if row.code in self.failed:
                continue
            changes = tuple(self.changes.get(row.code, ()))
            if row.code not in self.known:
                self.plan.new.append(PlannedUnit(row.row + 1, row.code, row.name))
            elif changes:
                self.plan.changed.append(PlannedUnit(row.row + 1, row.code, row.name, changes))
            else:
                self.plan.unchanged += 1


def _day(row: UnitRow) -> date:
    assert row.since  # asked for where it is needed, before anything is done
    return row.since


def _facts_of(unit: Unit) -> Facts:
    return Facts(Kind(unit.kind), AreaType(unit.area_type), unit.place, unit.email)


def _facts_in(row: UnitRow) -> Facts:
    return Facts(row.kind, row.area_type, row.place, row.email)


def _shown(unit: Unit) -> tuple[str, str, str, str]:
    return Kind(unit.kind).label, AreaType(unit.area_type).label, unit.place, unit.email


def _chain(code: str, above: dict[str, str]) -> list[str]:
    """From a unit upward to its root; ends with a repeated code when it goes in a circle."""
    chain = [code]
    while (code := above.get(code, ROOT)) != ROOT:
        chain.append(code)
        if code in chain[:-1]:
            break
    return chain
