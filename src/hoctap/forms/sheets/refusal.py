"""Why an Excel file was not taken, and where in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hoctap.kernel.sheets import WorkbookRefusal


@dataclass(frozen=True, slots=True)
class Place:
    """Ô sai: sheet, cell ("E12"), what it holds ("" = blank) and, as a sentence, what it should hold."""

    sheet: str
    cell: str
    found: str
    expected: str

    def holds(self) -> str:
        return f"ghi “{self.found}”" if self.found else "đang trống"


class SheetRefusal(WorkbookRefusal):
    """Tệp không nhận: nothing of the file was taken.

    ``message`` is complete and names the file; ``problem`` is its middle part, without the file;
    ``where`` lists every wrong cell that was found, ``places`` the same in Refusal's shape.
    """

    def __init__(self, problem: str = "", where: Sequence[Place] = (), *, file: str = ""):
        self.where = tuple(where)
        super().__init__(problem or _tell(self.where), file)
        self.places = [(f"{p.sheet}!{p.cell}", f"{p.holds().capitalize()}. {p.expected}") for p in self.where]


def _tell(where: Sequence[Place]) -> str:
    first, *others = where
    text = f"trang “{first.sheet}”, ô {first.cell} {first.holds()}. {first.expected}"
    if others:
        cells = ", ".join(place.cell for place in others[:8])
        text += f" Còn {len(others)} ô nữa phải sửa: {cells}{'…' if len(others) > 8 else ''}."
    return text
