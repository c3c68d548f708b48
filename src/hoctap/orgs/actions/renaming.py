"""Names of units and since when they bear them. ``seat=None`` is the system."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.journal import record_all
from hoctap.kernel.vietnamese import sort_key, tidy
from hoctap.orgs import roles, rules
from hoctap.orgs.actions.structure import days, lock_structure, refuse
from hoctap.orgs.models import Seat, Unit, UnitName
from hoctap.orgs.naming import folded_name
from hoctap.orgs.tree import FOREVER

MANY = 1000  # rows a statement
_NAMES = ("name", "short_name", "name_folded", "sort_key")
_CLOSE = """
UPDATE orgs_unitname n SET valid = daterange(lower(n.valid), r.until)
FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, until date) WHERE n.id = r.id
"""
_RENAME = """
UPDATE orgs_unit u SET name = r.name, short_name = r.short_name, name_folded = r.name_folded, sort_key = r.sort_key
FROM jsonb_to_recordset(%s::jsonb)
  AS r(id bigint, name text, short_name text, name_folded text, sort_key text) WHERE u.id = r.id
"""
UNNAMED = "Tên đơn vị và tên gọn không được để trống."


@dataclass(frozen=True)
class Renaming:
    """``unit`` bears the name from ``on`` on."""

    unit: Unit
    name: str
    short_name: str
    on: date


def rename_unit(*, seat: Seat | None, unit: Unit, name: str, short_name: str, on: date) -> None:
    """Đổi tên: ``rename_units`` of one."""
    rename_units(seat=seat, renamings=[Renaming(unit, name, short_name, on)])


@transaction.atomic
def rename_units(*, seat: Seat | None, renamings: Sequence[Renaming]) -> None:
    """Đổi tên of many units at once, each from its own day up to the next change of name already written for it; earlier
    documents keep the old name. All or nothing: raises ``WrongUnits`` with every wrong one.
    """
    lock_structure()
    if seat:
        rules.require(seat, roles.EDIT_UNIT)
    if wrong := [*_out_of_reach(seat, renamings), *_doubled(renamings), *_wrong_name(renamings)]:
        raise refuse(wrong)
    borne = _borne([renaming.unit for renaming in renamings])
    closed, gone, new, renamed = [], [], [], []
    for r in renamings:
        rows = borne.get(r.unit.pk, [])
        later = [row.valid.lower for row in rows if not row.valid.isempty and row.valid.lower > r.on]
        gone += [row.pk for row in rows if row.valid.isempty or row.valid.lower == r.on]
        closed += [{"id": row.pk, "until": r.on} for row in rows if r.on in row.valid]
        if not later:
            give_name(r.unit, r.name, r.short_name)
            renamed.append({"id": r.unit.pk} | {field: getattr(r.unit, field) for field in _NAMES})
        valid = days(r.on, min(later, default=FOREVER))
        new.append(UnitName(unit=r.unit, name=tidy(r.name), short_name=tidy(r.short_name), valid=valid))
    UnitName.objects.filter(pk__in=gone).delete()
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [json.dumps(closed, default=date.isoformat)])
        cursor.execute(_RENAME, [json.dumps(renamed)])
    UnitName.objects.bulk_create(new, batch_size=MANY)
    acts = [("unit.rename", r.unit.pk, {"on": r.on.isoformat()}) for r in renamings]
    record_all(Unit._meta.label_lower, acts, seat=seat)


def give_name(unit: Unit, name: str, short_name: str) -> None:
    """Today's name, with what it is found by and its place in the order; not saved."""
    unit.name, unit.short_name = tidy(name), tidy(short_name)
    if not (unit.name and unit.short_name):
        raise Refusal(UNNAMED)
    unit.name_folded = folded_name(unit.name, unit.short_name, unit.code)
    unit.sort_key = sort_key(unit.name)[:600]


def _borne(units: Sequence[Unit]) -> dict[int, list[UnitName]]:
    """Every name written for each."""
    found: dict[int, list[UnitName]] = {}
    for row in UnitName.objects.filter(unit__in=[unit.pk for unit in units]):
        found.setdefault(row.unit_id, []).append(row)
    return found


def _out_of_reach(seat: Seat | None, renamings: Sequence[Renaming]) -> Iterator[tuple[Unit, str]]:
    if seat:
        reached = rules.reached_of(seat, [renaming.unit.pk for renaming in renamings])
        outside = (renaming.unit for renaming in renamings if renaming.unit.pk not in reached)
        yield from ((unit, rules.out_of_reach(seat, unit)) for unit in outside)


def _doubled(renamings: Sequence[Renaming]) -> Iterator[tuple[Unit, str]]:
    times = Counter(renaming.unit for renaming in renamings)
    for unit, count in times.items():
        if count > 1:
            yield (
                unit,
                f"{unit.name} có {count} tên mới trong một lần đổi tên. Giữ một tên, bỏ các tên còn lại.",
            )


def _wrong_name(renamings: Sequence[Renaming]) -> Iterator[tuple[Unit, str]]:
    today = clock.today()
    for r in renamings:
        if r.on > today:
            yield (
                r.unit,
                f"Tên mới có hiệu lực từ {r.on:%d/%m/%Y}, chưa đến ngày. Ghi tên mới vào đúng ngày đó.",
            )
        elif not (tidy(r.name) and tidy(r.short_name)):
            yield r.unit, UNNAMED
