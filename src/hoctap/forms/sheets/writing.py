"""Write the form as an Excel file: printed as on paper, locked but for the cells to fill in."""

from __future__ import annotations

import io
import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hoctap.forms.figures import format_figure
from hoctap.forms.rules import derive
from hoctap.forms.sheets.layout import MARK, SHEET, Layout, layout_of
from hoctap.forms.sheets.mark import mark_rows
from hoctap.forms.sheets.stamp import NARRATIVE, Stamp, clean_text
from hoctap.forms.spec import FormSpec
from hoctap.kernel.sheets import Point, cell_name

EXACT_DIGITS = 10**15
"""From here on Excel rounds numbers, so a larger one is written as text."""

WIDTHS = {"stt": 5, "label": 50, "unit": 13, "note": 26}
FIGURE_WIDTH = 15
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_form(
    spec: FormSpec,
    stamp: Stamp,
    figures: Sequence[int | None] | None = None,
    notes: Mapping[str, str] | None = None,
    texts: Mapping[str, str] | None = None,
    narrative: Mapping[str, str] | None = None,
    closed: Collection[int] = (),
) -> bytes:
    """The form of one unit as the bytes of an .xlsx file.

    ``figures`` is a vector in order of position (None = blank); derived cells are counted anew. ``notes`` and
    ``texts`` go by line number, ``narrative`` by NARRATIVE's keys. ``closed`` holds the positions this unit does
    not fill; they are locked.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        writer = _FormWriter(book, spec, book.add_worksheet(SHEET), set(closed))
        writer.frame(stamp)
        writer.lines()
        writer.figures(derive(spec, figures if figures is not None else [None] * spec.size))
        writer.words({"note": notes or {}, "text": texts or {}, "narrative": narrative or {}})
        _write_mark(book.add_worksheet(MARK), spec, stamp)
    return buffer.getvalue()


def set_columns(sheet: Worksheet, spec: FormSpec) -> None:
    """Widths of the form's columns, the same in every sheet that shows it."""
    for col, column in enumerate(spec.columns):
        sheet.set_column(col, col, WIDTHS.get(column.key, FIGURE_WIDTH))


def print_on_a4(sheet: Worksheet, head_row: int, last_row: int, last_col: int) -> None:
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head_row, head_row + 1)
    sheet.print_area(0, 0, last_row, last_col)


def write_head(sheet: Worksheet, spec: FormSpec, row: int, head: Format) -> None:
    """Two heading rows: a column without a group spans both, a group spans its columns."""
    col = 0
    while col < len(spec.columns):
        column, last = spec.columns[col], col
        if not column.group:
            sheet.merge_range(row, col, row + 1, col, column.label, head)
        else:
            while last + 1 < len(spec.columns) and spec.columns[last + 1].group == column.group:
                last += 1
            merged(sheet, row, col, row, last, column.group, head)
            for inner in range(col, last + 1):
                sheet.write_string(row + 1, inner, spec.columns[inner].label, head)
        col = last + 1


def merged(
    sheet: Worksheet, row: int, col: int, last_row: int, last_col: int, text: str, style: Format
) -> None:
    """Text over a range; Excel has no range of a single cell."""
    if (row, col) != (last_row, last_col):
        sheet.merge_range(row, col, last_row, last_col, "", style)
    write_text(sheet, row, col, text, style)


def write_text(sheet: Worksheet, row: int, col: int, text: str, style: Format) -> None:
    """Text as text, whatever it looks like; none leaves a blank cell, not an empty string."""
    if text:
        sheet.write_string(row, col, text, style)
    else:
        sheet.write_blank(row, col, None, style)


def lines_of(text: str, width: float) -> int:
    """About how many lines text takes in a column of this width; files carry row heights, not how text wraps."""
    return sum(max(1, math.ceil(len(part) / (width * 1.1))) for part in text.split("\n"))


def make_tall(sheet: Worksheet, row: int, lines: int) -> None:
    if lines > 1:
        sheet.set_row(row, min(16 * lines + 1, 400))


def write_figure(sheet: Worksheet, row: int, col: int, value: int | None, style: Format) -> None:
    if value is None:
        sheet.write_blank(row, col, None, style)
    elif value < EXACT_DIGITS:
        sheet.write_number(row, col, value, style)
    else:
        sheet.write_string(row, col, format_figure(value), style)


class _FormWriter:
    """One sheet "Bieu" being written."""

    def __init__(self, book: xlsxwriter.Workbook, spec: FormSpec, sheet: Worksheet, closed: set[int]):
        self.book, self.spec, self.sheet, self.closed = book, spec, sheet, closed
        self.layout: Layout = layout_of(spec)
        self._styles: dict[tuple, Format] = {}
        self._heights: dict[int, int] = {}

    def style(self, **more) -> Format:
        """The form's common style with more on top; one Format for each different request."""
        key = tuple(sorted(more.items()))
        if key not in self._styles:
            if more.get("align") in ("left", "right"):
                more["indent"] = 1
            common = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", "text_wrap": True}
            self._styles[key] = self.book.add_format(common | more)
        return self._styles[key]

    def input(self, **more) -> Format:
        return self.style(border=1, locked=False, bg_color="#FFFBE6", **more)

    def frame(self, stamp: Stamp) -> None:
        """Titles, headings, column widths, printing and protection."""
        sheet, layout, last = self.sheet, self.layout, self.layout.last_col
        set_columns(sheet, self.spec)
        title, plain = self.style(bold=True, align="center"), self.style(italic=True, align="center")
        for (row, col), text in layout.places.printed.items():
            if row < layout.unit_row and col == 0:
                is_subtitle = bool(self.spec.subtitle) and row == layout.unit_row - 2
                sheet.merge_range(row, 0, row, last, text, plain if is_subtitle else title)
        merged(
            sheet,
            layout.unit_row,
            0,
            layout.unit_row,
            last,
            clean_text(stamp.heading()),
            self.style(bold=True),
        )
        hint = layout.places.printed[layout.hint_row, 0]
        sheet.merge_range(
            layout.hint_row, 0, layout.hint_row, last, hint, self.style(italic=True, font_size=11)
        )
        sheet.set_row(layout.hint_row, 32)
        head = self.style(bold=True, align="center", border=1, bg_color="#F2F2F2")
        write_head(sheet, self.spec, layout.head_row, head)
        sheet.set_row(layout.head_row + 1, 34)
        sheet.freeze_panes(layout.head_row + 2, 2)
        print_on_a4(sheet, layout.head_row, layout.narrative_row + len(NARRATIVE), last)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def lines(self) -> None:
        """Printed words of the lines, and borders of the cells nobody fills."""
        for line in self.spec.lines:
            row = self.layout.row_of[line.number]
            bold = line.kind in ("section", "lead", "text")
            for key, align in (("stt", "center"), ("label", "left"), ("unit", "center")):
                col = self.layout.col_of[key]
                style = self.style(border=1, bold=bold and key != "unit", align=align)
                write_text(self.sheet, row, col, self.layout.places.printed.get((row, col), ""), style)
            self._tall(row, WIDTHS["label"], line.label)
            for column in self.spec.figure_columns:
                if (row, self.layout.col_of[column.key]) not in self.layout.places.slots:
                    self.sheet.write_blank(row, self.layout.col_of[column.key], None, self.style(border=1))
        # The paper's STT is text to us; Excel would flag each as a number stored as text.
        self.sheet.ignore_errors({"number_stored_as_text": "A1:A2000"})
        for index in range(len(NARRATIVE) + 1):
            row = self.layout.narrative_row + index
            self.sheet.write_string(row, 1, self.layout.places.printed[row, 1], self.style(bold=True))

    def figures(self, figures: Sequence[int | None]) -> None:
        points = self.layout.places.points
        open_cells: dict[int, list[Point]] = defaultdict(list)
        for cell in self.spec.cells:
            row, col = points[cell.position]
            value = figures[cell.position]
            if cell.derived:
                self._formula(row, col, [points[part] for part in cell.formula], value)
            elif cell.position in self.closed:
                style = self.style(border=1, bg_color="#E4E4E4", num_format="#,##0")
                write_figure(self.sheet, row, col, value, style)
            else:
                write_figure(self.sheet, row, col, value, self.input(num_format="#,##0", align="right"))
                open_cells[cell.max].append((row, col))
        for most, places in open_cells.items():
            self._only_whole(places, most)

    def _only_whole(self, places: list[Point], most: int) -> None:
        allowed = "Chỉ ghi 0 hoặc 1." if most == 1 else f"Chỉ ghi số nguyên từ 0 đến {format_figure(most)}."
        rule = {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": most,
            "error_title": "Chưa nhận số này",
            "error_message": f"{allowed} Không có số liệu thì để trống.",
            "multi_range": " ".join(_ranges(places)),  # one rule for all: the file stays small
        }
        row, col = places[0]
        self.sheet.data_validation(row, col, row, col, rule)

    def _formula(self, row: int, col: int, parts: list[Point], value: int | None) -> None:
        """The sum of the parts, blank while every part is blank."""
        ranges = ",".join(_ranges(parts))
        style = self.style(border=1, bold=True, num_format="#,##0", align="right", bg_color="#F2F2F2")
        formula = f'=IF(COUNT({ranges})=0,"",SUM({ranges}))'
        self.sheet.write_formula(row, col, formula, style, "" if value is None else value)

    def words(self, given: Mapping[str, Mapping[str, str]]) -> None:
        """Notes, free text and narrative, into the first cell of the place each has."""
        last, done = self.layout.last_col, set()
        for (row, col), slot in self.layout.places.slots.items():
            if slot.kind == "figure" or slot in done:
                continue
            done.add(slot)
            text = clean_text(given[slot.kind].get(str(slot.key), ""))
            style = (
                self.input(align="left", valign="top") if slot.kind != "note" else self.input(align="left")
            )
            merged(self.sheet, row, col, row, last, text, style)
            if slot.kind == "note":
                self._tall(row, WIDTHS["note"], text)
            else:  # merged cells never grow by themselves
                self._tall(row, FIGURE_WIDTH * 4, text, at_least=4)

    def _tall(self, row: int, width: int, text: str, at_least: int = 1) -> None:
        """Give a row the height its text needs; a row of one line keeps growing by itself as one types."""
        lines = max(lines_of(text, width), at_least, self._heights.get(row, 1))
        self._heights[row] = lines
        make_tall(self.sheet, row, lines)


def _ranges(places: list[Point]) -> list[str]:
    """A1 references, touching cells of one column joined: ``["D8:D20", "E3"]``."""
    runs: list[list[Point]] = []
    for row, col in sorted(places, key=lambda place: (place[1], place[0])):
        if runs and runs[-1][-1] == (row - 1, col):
            runs[-1].append((row, col))
        else:
            runs.append([(row, col)])
    refs = [(cell_name(*run[0]), cell_name(*run[-1])) for run in runs]
    return [first if first == last else f"{first}:{last}" for first, last in refs]


def _write_mark(sheet: Worksheet, spec: FormSpec, stamp: Stamp) -> None:
    """The hidden mark: key in column A, value in column B, the definition in as many rows as it needs."""
    for row, (key, value) in enumerate(mark_rows(spec, stamp)):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    sheet.protect()
    sheet.very_hidden()
