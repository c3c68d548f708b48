"""Where everything stands in the sheet "Bieu". Rows and columns count from 0, as both libraries do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from hoctap.forms.sheets.stamp import NARRATIVE
from hoctap.forms.spec import FormSpec
from hoctap.kernel.sheets import Point

SHEET = "Bieu"
MARK = "_hoctap"
HINT = "Chỉ ghi vào ô nền vàng nhạt, bằng số nguyên. Không có số liệu thì để trống; có báo cáo mà bằng không thì ghi 0."
NARRATIVE_HEADING = "Phần lời của báo cáo"


class Slot(NamedTuple):
    """A place to fill in: a figure by position, or a text by line number or narrative key."""

    kind: Literal["figure", "note", "text", "narrative"]
    key: int | str


class Places:
    """Where a table stands: ``printed`` words by place, top to bottom, and what is filled in, by place.

    ``points`` gives the place of each position of the figures vector.
    """

    def __init__(self, spec: FormSpec, printed: dict[Point, str], slots: dict[Point, Slot]):
        self.printed, self.slots = printed, slots
        point_of = {slot.key: point for point, slot in slots.items() if slot.kind == "figure"}
        self.points = [point_of[position] for position in range(spec.size)]
        self.figures = dict(zip(self.points, spec.cells, strict=True))
        self.words = {point: slot for point, slot in slots.items() if slot.kind != "figure"}
        self.derived = frozenset(point for point, cell in self.figures.items() if cell.derived)
        self.known = frozenset(printed) | frozenset(slots)


@dataclass(frozen=True, slots=True)
class Layout:
    """The sheet as we write it."""

    unit_row: int
    hint_row: int
    head_row: int
    narrative_row: int
    row_of: dict[str, int]
    col_of: dict[str, int]
    aliases: dict[Point, tuple[str, ...]]
    places: Places

    @property
    def last_col(self) -> int:
        return len(self.col_of) - 1


@lru_cache(maxsize=64)
def layout_of(spec: FormSpec) -> Layout:
    """The sheet as we write it: titles, unit, hint, two heading rows, the lines, the narrative."""
    col_of = {column.key: index for index, column in enumerate(spec.columns)}
    printed: dict[Point, str] = {}
    heading = [*spec.title.split("\n"), *([spec.subtitle] if spec.subtitle else [])]
    for row, text in enumerate(heading):
        printed[row, 0] = text
    unit_row = len(heading) + 1
    hint_row, head_row = unit_row + 1, unit_row + 2
    printed[hint_row, 0] = HINT
    printed |= _head(spec, head_row)
    row_of = {line.number: head_row + 2 + index for index, line in enumerate(spec.lines)}
    printed |= table_print(spec, row_of, col_of)
    narrative_row = head_row + 2 + len(spec.lines) + 1
    printed[narrative_row, 1] = NARRATIVE_HEADING
    slots = table_slots(spec, row_of, col_of)
    for index, (key, label) in enumerate(NARRATIVE, start=1):
        printed[narrative_row + index, 1] = label
        slots[narrative_row + index, 2] = Slot("narrative", key)
    return Layout(
        unit_row=unit_row,
        hint_row=hint_row,
        head_row=head_row,
        narrative_row=narrative_row,
        row_of=row_of,
        col_of=col_of,
        aliases={(row_of[line.number], col_of["label"]): line.aliases for line in spec.lines},
        places=Places(spec, printed, slots),
    )


def _head(spec: FormSpec, row: int) -> dict[Point, str]:
    """Headings: a grouped column has its own name in the second row, the group's above its first column."""
    printed: dict[Point, str] = {}
    for col, column in enumerate(spec.columns):
        printed[row + 1 if column.group else row, col] = column.label
        if column.group and (col == 0 or spec.columns[col - 1].group != column.group):
            printed[row, col] = column.group
    return printed


def table_print(spec: FormSpec, row_of: Mapping[str, int], col_of: Mapping[str, int]) -> dict[Point, str]:
    """The printed words of the lines, wherever rows and columns are."""
    printed: dict[Point, str] = {}
    for line in spec.lines:
        for key, text in (("stt", line.printed), ("label", line.label), ("unit", line.unit_of_measure)):
            if text:
                printed[row_of[line.number], col_of[key]] = text
    return printed


def table_slots(spec: FormSpec, row_of: Mapping[str, int], col_of: Mapping[str, int]) -> dict[Point, Slot]:
    """What is filled in on the lines; a text line takes the whole width from the first figure column on."""
    slots: dict[Point, Slot] = {}
    for line in spec.lines:
        row = row_of[line.number]
        if line.kind == "text":
            keys = [column.key for column in spec.figure_columns] + ["note"]
            slots |= {(row, col_of[key]): Slot("text", line.number) for key in keys}
            continue
        slots |= {(row, col_of[cell.column]): Slot("figure", cell.position) for cell in line.cells}
        slots[row, col_of["note"]] = Slot("note", line.number)
    return slots
