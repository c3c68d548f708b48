"""What a vector of figures must be (impossible values) and should be (unlikely ones). Pure.

A vector has one entry per cell of the form, in order of position: None = not reported, 0 = zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hoctap.forms.figures import FigureError, format_figure, parse_figure
from hoctap.forms.spec import Cell, Check, FormSpec, Line

__all__ = ["FigureError", "Finding", "cell_name", "check", "derive", "open_findings", "parse_figure"]

Figures = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """Điều cần xem lại ở một ô.

    ``severity``: "error" refuses; "warning" waits for a reason; "notice" only tells.
    ``code`` is the key under which the reason is kept; ``position`` the cell to look at.
    """

    code: str
    severity: str
    line: str
    position: int
    message: str
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it keeps the report from being sent."""
        return self.severity == "error" or (self.severity == "warning" and not self.reason)


def cell_name(line: Line, cell: Cell) -> str:
    """``"Dòng 1.7, người"``: how messages name a cell."""
    return f"Dòng {line.number}, {cell.measure}"


def derive(spec: FormSpec, figures: Figures) -> list[int | None]:
    """The vector with every derived cell counted anew: the sum of its parts, None when all are None."""
    _same_size(spec, figures)
    result = list(figures)
    for cell in spec.cells:
        if cell.derived:
            result[cell.position] = _sum(figures, cell.formula)
    return result


def check(
    spec: FormSpec,
    figures: Figures,
    reasons: Mapping[str, str] | None = None,
    area_type: str | None = None,
) -> list[Finding]:
    """Everything wrong or unlikely in one unit's own figures, in order of position.

    ``reasons`` maps a check's code to what the officer wrote. ``area_type`` is the reporting unit's
    (orgs.AreaType, "" when it has none); None leaves out the rule on who fills a cell.
    """
    _same_size(spec, figures)
    found = [f for cell in spec.cells if (f := _impossible(spec, cell, figures, area_type))]
    if not found:
        found = [f for rule in spec.checks if (f := _unlikely(spec, rule, figures, reasons or {}))]
    return sorted(found, key=lambda finding: finding.position)


def open_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Those that keep the report from being sent."""
    return [finding for finding in findings if finding.is_open]


def _same_size(spec: FormSpec, figures: Figures) -> None:
    if len(figures) != spec.size:
        raise ValueError(f"{len(figures)} figures for a form of {spec.size} cells")


def _sum(figures: Figures, positions: Iterable[int]) -> int | None:
    given = [value for p in positions if (value := figures[p]) is not None]
    return sum(given) if given else None


def _impossible(spec: FormSpec, cell: Cell, figures: Figures, area_type: str | None) -> Finding | None:
    value = figures[cell.position]
    if value is None:
        return None
    line = spec.line_of[cell.position]
    if type(value) is not int:
        problem = f"phải là số nguyên. Đang là {value}."
    elif value < 0:
        problem = f"không nhận số âm. Đang là {format_figure(value)}."
    elif cell.value == "unit_count" and value > cell.max:
        problem = f"chỉ ghi 0 hoặc 1: mỗi đơn vị chỉ tính một lần. Đang là {format_figure(value)}."
    elif value > cell.max:
        problem = f"lớn hơn mức cao nhất {format_figure(cell.max)}. Đang là {format_figure(value)}."
    elif cell.applies_to and area_type is not None and area_type not in cell.applies_to:
        problem = "không thuộc phần của đơn vị này; để trống ô này."
    else:
        return None
    message = f"{cell_name(line, cell)}: {problem}"
    return Finding(f"cell-{cell.position}", "error", line.number, cell.position, message)


def _unlikely(spec: FormSpec, rule: Check, figures: Figures, reasons: Mapping[str, str]) -> Finding | None:
    total, parts = figures[rule.total], _sum(figures, rule.parts)
    line, cell = spec.line_of[rule.total], spec.cells[rule.total]
    if rule.kind == "parts_at_most" and total is None and parts:
        message = (
            f"{cell_name(line, cell)}: ô tổng còn trống, các dòng con cộng lại đã có {format_figure(parts)}."
            " Ghi tổng, hoặc ghi lý do rồi gửi."
        )
    elif _breaks(rule.kind, total, parts):
        message = rule.message
        values = {"total": total or 0, "parts": parts or 0, "difference": abs((total or 0) - (parts or 0))}
        for name, value in values.items():
            message = message.replace("{" + name + "}", format_figure(value))
    else:
        return None
    reason = reasons.get(rule.code, "").strip()
    return Finding(rule.code, rule.severity, line.number, rule.total, message, reason)


def _breaks(kind: str, total: int | None, parts: int | None) -> bool:
    if total is None:
        return False
    if kind == "parts_at_most":
        return parts is not None and parts > total
    if kind == "parts_at_least":
        return (parts or 0) < total
    return total > 0 and not parts
