"""How many people a unit has, counted on a day; what was counted before stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import tidy
from hoctap.orgs import roles, rules
from hoctap.orgs.enums import HeadcountGroup
from hoctap.orgs.headcount_sheets import CODE, ON, TOTAL, TRADE, WOMEN, read_heads
from hoctap.orgs.models import Headcount, Seat, Unit

MOST = 10_000_000  # people of one unit: more is a slip of the keyboard
EARLIEST = 2000


@dataclass(frozen=True)
class Heads:
    """Số người of one group on a day, or of one trade in it; ``women``: None where nobody counted them apart."""

    unit: Unit
    on: date
    group: HeadcountGroup
    total: int
    women: int | None = None
    trade: str = ""


def problems(heads: Heads) -> list[tuple[str, str]]:
    """What cannot be so: ``[("total", why), …]``, by field."""
    found = []
    if heads.on > clock.today():
        found.append(("on", f"Ngày {heads.on:%d/%m/%Y} chưa tới; ghi ngày đã đếm."))
    elif heads.on.year < EARLIEST:
        found.append(("on", f"Năm {heads.on.year} quá xa; ghi từ năm {EARLIEST}."))
    if not 0 <= heads.total <= MOST:
        found.append(("total", "Tổng số phải là số nguyên từ 0 đến 10.000.000."))
    if heads.women is not None and not 0 <= heads.women <= heads.total:
        found.append(("women", f"Số nữ {heads.women} phải từ 0 đến tổng số {heads.total}."))
    if len(tidy(heads.trade)) > 80:
        found.append(("trade", "Ngành nghề dài nhất 80 ký tự."))
    return found


@transaction.atomic
def count_heads(*, seat: Seat, counts: Sequence[Heads]) -> list[Headcount]:
    """Ghi số người, of the seat's unit and of units under it; the same unit, day, group and trade again corrects it.

    All or nothing: Refusal, with ``places`` [(name of the unit, why)].
    """
    rules.require(seat, roles.COUNT_HEADS)
    reached = rules.reached_of(seat, {heads.unit.pk for heads in counts})
    wrong = [
        (heads.unit.name, rules.out_of_reach(seat, heads.unit))
        for heads in counts
        if heads.unit.pk not in reached
    ]
    wrong += [(heads.unit.name, why) for heads in counts for _field, why in problems(heads)]
    if wrong:
        raise Refusal(f"Chưa ghi số người. {wrong[0][0]}: {wrong[0][1]}", wrong)
    last = {(h.unit.pk, h.on, h.group, tidy(h.trade)): h for h in counts}
    rows = Headcount.objects.bulk_create(
        [
            Headcount(
                unit=h.unit, on=h.on, group=h.group, trade=tidy(h.trade), total=h.total, women=h.women,
                seat=seat, at=clock.now(),
            )
            for h in last.values()
        ],
        update_conflicts=True,
        unique_fields=["unit", "on", "group", "trade"],
        update_fields=["total", "women", "seat", "at"],
    )  # fmt: skip
    acts: list[tuple[str, int | None, dict]] = [
        ("headcount.count", unit, {}) for unit in {h.unit.pk for h in counts}
    ]
    journal.record_all(Unit._meta.label_lower, acts, seat=seat)
    return rows


@transaction.atomic
def drop_headcount(*, seat: Seat, headcount: Headcount) -> None:
    """Bỏ một lần đếm ghi nhầm."""
    rules.require(seat, roles.COUNT_HEADS)
    rules.require_reach(seat, headcount.unit)
    journal.record("headcount.drop", headcount.unit, seat=seat, on=headcount.on.isoformat())
    headcount.delete()


@dataclass(frozen=True)
class HeadcountPlan:
    """What a sheet would do: counts that are new, that correct an earlier one, that say what is known; wrong cells."""

    new: int
    changed: int
    unchanged: int
    refused: list[tuple[str, str]]


@transaction.atomic
def import_headcounts(*, seat: Seat, data: bytes, dry_run: bool) -> HeadcountPlan:
    """Nhập số người từ Excel: all rows or none. A dry run writes nothing; a real run with a wrong cell raises Refusal with
    all of them as ``places``."""
    rules.require(seat, roles.COUNT_HEADS)
    sheet = read_heads(data)
    units = {
        unit.code: unit for unit in rules.reachable_units(seat).filter(code__in={r.code for r in sheet.rows})
    }
    refused, counts = list(sheet.wrong), []
    seen: dict[tuple, int] = {}
    for row in sheet.rows:
        unit = units.get(row.code)
        if unit is None:
            refused.append(
                (sheet.place(row.row, CODE), f"Không có đơn vị mã “{row.code}” trong phạm vi của anh/chị.")
            )
            continue
        heads = Heads(unit, row.on, row.group, row.total or 0, row.women, tidy(row.trade))
        refused += [(sheet.place(row.row, _COLUMNS[name]), why) for name, why in problems(heads)]
        key = (unit.pk, row.on, row.group, heads.trade)
        if key in seen:
            refused.append(
                (sheet.place(row.row, TOTAL), f"Hàng {seen[key] + 1} đã ghi cùng đơn vị, ngày và nhóm này.")
            )
        seen[key] = row.row
        counts.append(heads)
    plan = _plan(counts, refused)
    if refused and not dry_run:
        raise Refusal(f"Chưa ghi gì: {len(refused)} ô phải sửa. {refused[0][0]}: {refused[0][1]}", refused)
    if not dry_run:
        count_heads(seat=seat, counts=counts)
    return plan


_COLUMNS = {"on": ON, "total": TOTAL, "women": WOMEN, "trade": TRADE}


def _plan(counts: list[Heads], refused: list[tuple[str, str]]) -> HeadcountPlan:
    known = {
        (row.unit_id, row.on, row.group, row.trade): (row.total, row.women)
        for row in Headcount.objects.filter(unit__in={h.unit for h in counts}, on__in={h.on for h in counts})
    }
    before = [known.get((h.unit.pk, h.on, h.group, h.trade)) for h in counts]
    same = sum(was == (h.total, h.women) for was, h in zip(before, counts, strict=True))
    new = before.count(None)
    return HeadcountPlan(new, len(counts) - new - same, same, refused)
