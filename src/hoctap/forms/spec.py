"""A form version as data: what is printed, which cells hold figures, what is checked.

Pure: no Django here, so that `hoctap consolidate` and the sheets work with no database at all.
The definition is one JSON object; its canonical text and SHA-256 digest identify the version everywhere
(database row, hidden mark of an Excel file).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

MAX_FIGURE = 10**13
"""Largest figure a cell takes; totals over the whole country then still fit a 64-bit integer."""

FIXED_COLUMNS = ("stt", "label", "unit", "note")
LINE_KINDS = ("section", "lead", "line", "text")
VALUE_KINDS = ("count", "persons", "money", "unit_count")
CHECK_KINDS = ("parts_at_most", "parts_at_least", "needs")
SEVERITIES = ("error", "warning", "notice")


@dataclass(frozen=True, slots=True)
class Column:
    """Cột in trên biểu. ``group`` is the heading printed above several columns ("Số lượng"), or ""."""

    key: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Ô số liệu: one measure of one line, with its fixed place in the figures vector.

    ``measure`` is the word for one unit of it ("lớp", "người"); ``column`` the printed column it stands in.
    ``formula`` holds the positions summed when the cell is derived; an entered cell has ``()``.
    ``applies_to`` names the area types that fill the cell; ``()`` means every unit does.
    """

    position: int
    measure: str
    column: str
    value: str
    indicator: str
    formula: tuple[int, ...] = ()
    max: int = MAX_FIGURE
    applies_to: tuple[str, ...] = ()

    @property
    def derived(self) -> bool:
        return bool(self.formula)


@dataclass(frozen=True, slots=True)
class Line:
    """Dòng của biểu.

    ``number`` is the system's number ("1.7"), ``printed`` the paper's STT ("" on sub-lines).
    ``aliases`` are other spellings of the label, recognised when a sheet is read.
    """

    number: str
    printed: str
    label: str
    unit_of_measure: str
    kind: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """Kiểm tra số liệu (phép so giữa các ô).

    - ``parts_at_most``: found when the parts add up to more than the total;
    - ``parts_at_least``: found when the parts add up to less than the total;
    - ``needs``: found when the total has a figure above 0 and the parts have none.

    ``message`` is Vietnamese and may hold ``{total}``, ``{parts}``, ``{difference}``.
    """

    code: str
    kind: str
    total: int
    parts: tuple[int, ...]
    severity: str
    message: str


@dataclass(frozen=True, eq=False)
class FormSpec:
    """Biểu mẫu, một bản.

    ``title`` may hold several printed lines; ``source`` is the document and clause the form was taken from.
    ``canonical`` is the definition's canonical JSON, ``digest`` its SHA-256 in hex.
    """

    code: str
    version: int
    name: str
    title: str
    subtitle: str
    source: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    checks: tuple[Check, ...]
    canonical: str
    digest: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FormSpec) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, in order of position."""
        return tuple(cell for line in self.lines for cell in line.cells)

    @cached_property
    def line_of(self) -> tuple[Line, ...]:
        """The line each position stands in, indexed by position."""
        return tuple(line for line in self.lines for _ in line.cells)

    @cached_property
    def figure_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.key not in FIXED_COLUMNS)

    @property
    def size(self) -> int:
        """Length of the figures vector."""
        return len(self.cells)

    def line(self, number: str) -> Line:
        """The line with this system number; KeyError when the form has none."""
        return self._by_number[number]

    @cached_property
    def _by_number(self) -> dict[str, Line]:
        return {line.number: line for line in self.lines}
