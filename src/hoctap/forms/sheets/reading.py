"""Read a filled form from an Excel file: everything or nothing."""

from __future__ import annotations

import os
from collections.abc import Set
from pathlib import Path

from hoctap.forms.figures import FigureError, format_figure
from hoctap.forms.rules import cell_name, derive
from hoctap.forms.sheets.layout import MARK, SHEET, Layout, Places, layout_of
from hoctap.forms.sheets.mark import read_mark
from hoctap.forms.sheets.paper import find_table
from hoctap.forms.sheets.refusal import Place, SheetRefusal
from hoctap.forms.sheets.stamp import Filled, Stamp, clean_text
from hoctap.forms.sheets.values import figure_of, text_of
from hoctap.forms.sheets.words import same_words
from hoctap.forms.spec import FormSpec
from hoctap.kernel.packages import MAX_BYTES
from hoctap.kernel.sheets import Point, Sheet, WorkbookRefusal, open_workbook
from hoctap.kernel.sheets import cell_name as cell_ref

_NO_MARK = (
    "không có dấu của biểu mẫu nên không biết là của đơn vị, đợt nào. Tải biểu của đơn vị rồi chép số sang."
)


def read_form(
    source: bytes | str | os.PathLike, expected: FormSpec | None = None, *, name: str | None = None
) -> Filled:
    """Read one filled form; raise SheetRefusal, naming every wrong place, when any of it cannot be taken.

    ``source`` is the file's bytes or its path. ``expected`` is the form the receiver waits for: a marked file must
    carry exactly that version, and a file without our mark (typed from the paper) is read against it. ``name`` is
    what messages call the file; by default the path's last part.
    """
    try:
        return _read(source if isinstance(source, bytes) else _load(source), expected)
    except WorkbookRefusal as refusal:
        if name is None:
            name = "" if isinstance(source, bytes) else Path(source).name
        raise SheetRefusal(refusal.problem, getattr(refusal, "where", ()), file=name) from None


def _load(path: str | os.PathLike) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(min(os.fstat(file.fileno()).st_size, MAX_BYTES) + 1)
    except FileNotFoundError:
        raise SheetRefusal("không có tệp này. Kiểm tra lại tên và thư mục.") from None
    except OSError as error:
        raise SheetRefusal(f"không đọc được ({error.strerror}).") from None


def _read(data: bytes, expected: FormSpec | None) -> Filled:
    sheets = {sheet.name: sheet for sheet in open_workbook(data)}
    mark = sheets.pop(MARK, None)
    if len(sheets) != 1:
        names = ", ".join(f"“{name}”" for name in sheets) or "không trang nào"
        raise SheetRefusal(
            f"phải có đúng một trang số liệu, đang có {len(sheets)}: {names}. Bỏ trang thừa rồi gửi."
        )
    (figures_sheet,) = sheets.values()
    page = _Page(figures_sheet)
    if mark:
        stamp, spec = read_mark(mark.rows, expected)
        return page.take(spec, stamp, page.ours(spec, stamp))
    if expected is None:
        raise SheetRefusal(_NO_MARK)
    return page.take(expected, None, page.paper(expected))


class _Page:
    """The sheet being read: where things should stand, and every wrong place found so far."""

    def __init__(self, sheet: Sheet):
        self.sheet, self.name = sheet, sheet.name
        self.cells = {
            (row, col): value
            for row, values in enumerate(sheet.rows)
            for col, value in enumerate(values)
            if value != ""
        }
        self.wrong: list[Place] = []

    def complain(self, point: Point, expected: str, found: str | None = None) -> None:
        text = text_of(self.cells.get(point, "")) if found is None else found
        text = text if len(text) <= 60 else text[:59] + "…"
        self.wrong.append(Place(self.name, cell_ref(*point), text, expected))

    def refuse_if_wrong(self) -> None:
        if self.wrong:
            raise SheetRefusal(where=self.wrong)

    def ours(self, spec: FormSpec, stamp: Stamp) -> Places:
        """A sheet we wrote: every printed word is where we put it, and nothing is anywhere else."""
        if self.name != SHEET:
            raise SheetRefusal(f"trang “{SHEET}” đã bị đổi tên thành “{self.name}”. Đặt lại tên cũ rồi gửi.")
        layout = layout_of(spec)
        heading = (layout.unit_row, 0)
        if not same_words(text_of(self.cells.get(heading, "")), clean_text(stamp.heading())):
            self.complain(heading, f"Tệp này cấp cho “{stamp.unit_name}”; mỗi đơn vị điền vào tệp của mình.")
        self._same_print(spec, layout)
        self._no_strays(layout.places.known | {heading})
        return layout.places

    def paper(self, spec: FormSpec) -> Places:
        """A sheet typed from the paper: the table is looked for; what stands around it is not read."""
        places = find_table(self.name, self.sheet.rows, spec)
        self._no_strays(places.known, {row for row, _ in places.printed})
        return places

    def _same_print(self, spec: FormSpec, layout: Layout) -> None:
        """Stop at the first printed word out of place: after an inserted row all others are."""
        for point, text in layout.places.printed.items():
            value = self.cells.get(point, "")
            if value == text or same_words(text_of(value), text):
                continue
            if any(same_words(text_of(value), alias) for alias in layout.aliases.get(point, ())):
                continue
            moved = (
                " Có thể có hàng, cột bị chen vào hoặc bị xóa." if self._moved(point, text, layout) else ""
            )
            self.complain(point, f"Biểu in là “{text}”.{moved} Tải lại biểu rồi chép số sang.")
            self.refuse_if_wrong()

    def _moved(self, point: Point, text: str, layout: Layout) -> bool:
        """Whether the word stands beside its place, or another printed word stands in it."""
        row, col = point
        near = [(row + step, col) for step in (-2, -1, 1, 2)] + [(row, col + step) for step in (-2, -1, 1, 2)]
        here = text_of(self.cells.get(point, ""))
        return any(same_words(text_of(self.cells.get(place, "")), text) for place in near) or any(
            here and same_words(here, other) for other in layout.places.printed.values()
        )

    def _no_strays(self, known: Set[Point], rows: Set[int] | None = None) -> None:
        """Nothing but blanks outside ``known``, in the given rows (None = in all)."""
        for row, col in sorted(self.cells.keys() - known):
            if (rows is None or row in rows) and text_of(self.cells[row, col]):
                self.complain((row, col), "Ô này nằm ngoài chỗ điền số; xóa hoặc chuyển vào cột Ghi chú.")
        self.refuse_if_wrong()

    def take(self, spec: FormSpec, stamp: Stamp | None, places: Places) -> Filled:
        """Every slot's content, or a refusal that names every wrong one."""
        self._no_tricks(places)
        figures = [
            None if point in places.derived else self._figure(point, self.cells.get(point, ""))
            for point in places.points
        ]
        words: dict[str, dict[str, str]] = {"note": {}, "text": {}, "narrative": {}}
        for point, slot in places.words.items():
            value = self.cells.get(point, "")
            if value != "" and (text := text_of(value)):
                given, key = words[slot.kind], str(slot.key)
                given[key] = f"{given[key]} {text}" if key in given else text
        counted = derive(spec, figures)
        if not self.wrong:
            self._derived_agree(spec, places, counted)
        self.refuse_if_wrong()
        return Filled(spec, stamp, tuple(counted), words["note"], words["text"], words["narrative"])

    def _figure(self, point: Point, value: object) -> int | None:
        try:
            return figure_of(value) if value != "" else None
        except FigureError as error:
            advice = f"; {error.advice}" if error.advice else ""
            self.complain(point, f"Ô này {error.rule}{advice}.")
            return None

    def _no_tricks(self, places: Places) -> None:
        """Formulas only in derived cells, no error values, no merged cells over figures."""
        for point in sorted((self.sheet.formulas & places.known) - places.derived):
            self.complain(point, "Ô này không nhận công thức; ghi thẳng con số.", "công thức")
        for point in sorted(self.sheet.errors & places.known):
            if point not in self.sheet.formulas or point in places.derived:
                self.complain(point, "Ô này đang báo lỗi của Excel; ghi lại con số.", "lỗi Excel")
        first, last = min(places.points)[0], max(places.points)[0]
        for top, left, bottom, right in self.sheet.merges:
            if bottom < first or top > last:
                continue
            for row, col in places.figures:
                if top <= row <= bottom and left <= col <= right:
                    self.complain((row, col), "Ô này bị gộp với ô khác; bỏ gộp ô rồi ghi lại số.")

    def _derived_agree(self, spec: FormSpec, places: Places, counted: list[int | None]) -> None:
        """A derived cell may be blank; what it shows must be what its parts add up to (0 for no parts at all)."""
        for point in places.derived:
            cell = places.figures[point]
            shown = text_of(self.cells.get(point, "")).replace(".", "").replace(" ", "")
            right = counted[cell.position]
            if shown and shown != str(right or 0):
                parts = "trống" if right is None else f"được {format_figure(right)}"
                name = cell_name(spec.line_of[cell.position], cell)
                self.complain(point, f"{name} do các dòng con cộng lại, đang cộng {parts}.")
