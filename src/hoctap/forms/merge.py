"""Put filled forms side by side and add them up. Pure: no database; `rollup` does this inside Hoctap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from hoctap.forms.sheets.stamp import Filled
from hoctap.forms.spec import FormSpec


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """Số của một đơn vị: one column of the consolidation. ``source`` is the file they came from, "" when none."""

    code: str
    name: str
    figures: Sequence[int | None]
    notes: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True)
class Consolidation:
    """Bảng tổng hợp: units in order, their sums and how many units have a figure in each cell.

    ``expected`` is how many units should be in it, None when nobody knows (files put together by hand).
    """

    spec: FormSpec
    units: Sequence[UnitFigures]
    expected: int | None = None

    @cached_property
    def totals(self) -> list[int | None]:
        """By position: the sum of the units' figures, None where no unit has one."""
        given = ([value for value in column if value is not None] for column in self._by_cell())
        return [sum(values) if values else None for values in given]

    @cached_property
    def counts(self) -> list[int]:
        """By position: how many units have a figure there (0 counts, blank does not)."""
        return [sum(value is not None for value in column) for column in self._by_cell()]

    def _by_cell(self) -> Sequence[Sequence[int | None]]:
        return list(zip(*(unit.figures for unit in self.units), strict=True)) or [()] * self.spec.size


@dataclass(frozen=True, slots=True)
class Merged:
    """What could be put together of a pile of files. ``refused`` gives each file left out and why (Vietnamese)."""

    consolidation: Consolidation | None
    refused: list[tuple[str, str]]
    remarks: list[str]


def merge(files: Sequence[tuple[str, Filled]]) -> Merged:
    """Merge marked files, in order. Each unit counts once; all must be of one form version and one round.

    When they are not, the version and round that most files have is taken (the first, if two are level).
    """
    refused: list[tuple[str, str]] = []
    same = _of_one_form(files, refused)
    units: dict[str, UnitFigures] = {}
    for name, filled in same:
        stamp = filled.stamp
        assert stamp is not None
        if first := units.get(stamp.unit_code):
            who = f"“{stamp.unit_name}” (mã {stamp.unit_code})"
            refused.append((name, f"đơn vị {who} đã có trong tệp {first.source}; tệp này không cộng thêm."))
            continue
        units[stamp.unit_code] = UnitFigures(
            stamp.unit_code, stamp.unit_name, filled.figures, filled.notes, filled.texts, name
        )
    if not units:
        return Merged(None, refused, [])
    return Merged(Consolidation(same[0][1].spec, list(units.values())), refused, _remarks(same))


def _of_one_form(
    files: Sequence[tuple[str, Filled]], refused: list[tuple[str, str]]
) -> list[tuple[str, Filled]]:
    """The files of the commonest form version, and among them of the commonest round."""
    if not files:
        return []
    spec = _commonest([filled.spec for _, filled in files])
    rounds = [filled.stamp.round_id for _, filled in files if filled.spec == spec and filled.stamp]
    the_round = _commonest(rounds)
    kept = []
    for name, filled in files:
        if filled.spec != spec:
            refused.append((name, f"là {_form_name(filled.spec)}; các tệp khác là {_form_name(spec)}."))
        elif filled.stamp and filled.stamp.round_id != the_round:
            refused.append((name, "thuộc đợt báo cáo khác với các tệp còn lại."))
        else:
            kept.append((name, filled))
    return kept


def _commonest(values: list):
    return Counter(values).most_common(1)[0][0]


def _form_name(spec: FormSpec) -> str:
    return f"biểu “{spec.name}” bản {spec.version} ({spec.digest[:8]})"


def _remarks(files: Sequence[tuple[str, Filled]]) -> list[str]:
    totals = [name for name, filled in files if filled.stamp and filled.stamp.kind == "total"]
    if not totals:
        return []
    return [
        f"{len(totals)} tệp là số tổng hợp, đã gồm đơn vị cấp dưới ({', '.join(totals[:5])}"
        f"{'…' if len(totals) > 5 else ''}): không gộp thêm tệp của các đơn vị cấp dưới đó, kẻo cộng hai lần."
    ]
