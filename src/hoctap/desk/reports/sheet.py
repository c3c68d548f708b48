"""The figures table as rows ready to draw: what each cell shows, may take, and what is wrong with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from hoctap.forms import rules as form_rules
from hoctap.forms.figures import format_figure
from hoctap.forms.rules import Finding
from hoctap.forms.spec import Cell, FormSpec, Line
from hoctap.reports import filling
from hoctap.reports.actions import Content


@dataclass(frozen=True)
class CellView:
    """Một ô: ``text`` is what stands in it; ``open`` whether this unit fills it."""

    cell: Cell
    name: str
    text: str
    open: bool
    error: str = ""
    value: int | None = None
    reviewed: int | None = None
    changed: bool = False


@dataclass(frozen=True)
class Origin:
    """Số này từ đâu: one line's figures beside the deeds. ``said``, ``moved``: [(measure, from, to)].

    ``deeds``: how many are behind it; ``times``: lượt, where they are known and more than the people.
    """

    position: int  # of its first cell with deeds
    deeds: int
    times: int | None
    amended: list[tuple[str, int, int | None]]
    moved: list[tuple[str, int | None, int | None]]


@dataclass(frozen=True)
class Origins:
    """What the figures shown come from. ``sources`` {position: activity ids}; ``moved`` as in ``filling.Followed``."""

    sources: Mapping[int, Collection[int]] = field(default_factory=dict)
    times: Mapping[int, int | None] = field(default_factory=dict)
    moved: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """Một dòng, in the printed columns' order."""

    line: Line
    cells: list[CellView | None]
    note: str
    text: str
    findings: list[Finding] = field(default_factory=list)
    reason: str = ""  # the reviewer's, for changed figures
    origin: Origin | None = None
    said: dict[int, int] = field(default_factory=dict)  # by position, what deeds gave this page

    @property
    def anchor(self) -> str:
        return f"dong-{self.line.number}"

    @property
    def explained(self) -> bool:
        return all(f.reason or f.severity == "notice" for f in self.findings)


def rows(
    spec: FormSpec,
    content: Content,
    area_type: str,
    *,
    errors: Mapping[str, str] | None = None,
    reviewed: list[int | None] | None = None,
    reviewed_reasons: Mapping[str, str] | None = None,
    origins: Origins | None = None,
) -> list[Row]:
    """Every line of the form with this content; ``reviewed`` is the accepted vector where there is one."""
    figures = form_rules.derive(spec, content.figures or [None] * spec.size)
    found = form_rules.check(spec, figures, content.reasons, area_type) + filling.findings(spec, content)
    by_line: dict[str, list[Finding]] = {}
    for finding in found:
        by_line.setdefault(finding.line, []).append(finding)
    drawn = []
    for line in spec.lines:
        cells = [
            _cell(line, column.key, figures, content, area_type, errors or {}, reviewed)
            for column in spec.figure_columns
        ]
        reason = next((r for c in line.cells if (r := (reviewed_reasons or {}).get(str(c.position)))), "")
        drawn.append(
            Row(
                line=line,
                cells=cells,
                note=content.notes.get(line.number, ""),
                text=content.texts.get(line.number, ""),
                findings=by_line.get(line.number, []),
                reason=reason,
                origin=_origin(line, figures, content, origins or Origins()),
                said={
                    c.position: said
                    for c in line.cells
                    if (said := content.filled.get(str(c.position))) is not None
                },
            )
        )
    return drawn


def _origin(line: Line, figures, content: Content, origins: Origins) -> Origin | None:
    said = {c: content.filled[str(c.position)] for c in line.cells if str(c.position) in content.filled}
    moved = [
        (c.measure, origins.moved[c.position], figures[c.position])
        for c in line.cells
        if c.position in origins.moved
    ]
    behind = {activity for c in line.cells for activity in origins.sources.get(c.position, ())}
    if not (said or moved or behind):
        return None
    times = next((n for c in said if (n := origins.times.get(c.position)) and n != said[c]), None)
    amended = [
        (c.measure, value, figures[c.position]) for c, value in said.items() if figures[c.position] != value
    ]
    first = next(iter(said), line.cells[0])
    return Origin(first.position, len(behind), times, amended, moved)


def _cell(line: Line, column: str, figures, content: Content, area_type, errors, reviewed) -> CellView | None:
    cell = next((c for c in line.cells if c.column == column), None)
    if cell is None:
        return None
    value = figures[cell.position]
    name = f"c{cell.position}"
    typed = content.typed.get(str(cell.position))
    text = typed if typed is not None else (format_figure(value) if value is not None else "")
    final = reviewed[cell.position] if reviewed else None
    return CellView(
        cell=cell,
        name=name,
        text=text,
        open=not cell.derived and (not cell.applies_to or area_type in cell.applies_to),
        error=errors.get(name, ""),
        value=value,
        reviewed=final,
        changed=reviewed is not None and final != value,
    )
