"""Write a consolidation as an Excel file: the form with its totals, then one column per unit."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hoctap.forms.merge import Consolidation
from hoctap.forms.sheets.stamp import clean_text
from hoctap.forms.sheets.writing import (
    EXACT_DIGITS,
    FIGURE_WIDTH,
    OPTIONS,
    WIDTHS,
    lines_of,
    make_tall,
    merged,
    print_on_a4,
    set_columns,
    write_figure,
    write_head,
    write_text,
)

TOTAL_SHEET, UNITS_SHEET, NOTES_SHEET, REFUSED_SHEET = "Tong hop", "Tung don vi", "Ghi chu", "Chua nhan"
LONG_NOTES = 400
"""Notes of a line longer than this together go to their own sheet only."""

MAX_UNITS = 16_000
"""Excel has 16,384 columns."""


def write_consolidation(table: Consolidation, refused: Sequence[tuple[str, str]] = ()) -> bytes:
    """The consolidation as the bytes of an .xlsx file.

    Sheets: "Tong hop" as the form is printed, with totals and the number of units behind each; "Tung don vi" one
    row per cell and one column per unit; "Ghi chu" every note, "Chua nhan" the files left out, when there are any.
    Sums above 15 digits are text, since Excel would round them, and the sheet says so.
    """
    if len(table.units) > MAX_UNITS:
        raise ValueError(f"{len(table.units)} units do not fit the columns of a sheet")
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        styles = _Styles(book)
        notes = _notes_by_line(table)
        _write_totals(book.add_worksheet(TOTAL_SHEET), table, notes, styles)
        _write_units(book.add_worksheet(UNITS_SHEET), table, styles)
        if any(notes.values()):
            head = ["Đơn vị", "Dòng", "Các hoạt động", "Ghi chú"]
            rows = [
                [unit, line.number, line.label, words]
                for line in table.spec.lines
                for unit, words in notes[line.number]
            ]
            _write_list(book.add_worksheet(NOTES_SHEET), head, [36, 8, 50, 70], rows, styles)
        if refused:
            rows = [[clean_text(name), clean_text(why)] for name, why in refused]
            _write_list(
                book.add_worksheet(REFUSED_SHEET), ["Tệp", "Vì sao chưa nhận"], [40, 100], rows, styles
            )
    return buffer.getvalue()


class _Styles:
    def __init__(self, book: xlsxwriter.Workbook):
        common = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", "text_wrap": True}

        def add(**more) -> Format:
            margin = {"indent": 1} if more.get("align", "left") != "center" else {}
            return book.add_format(common | margin | more)

        self.title = add(bold=True, align="center")
        self.subtitle = add(italic=True, align="center")
        self.head = add(bold=True, align="center", border=1, bg_color="#F2F2F2")
        self.text = add(border=1, align="left")
        self.bold = add(border=1, bold=True, align="left")
        self.middle = add(border=1, align="center")
        self.figure = add(border=1, align="right", num_format="#,##0")
        self.total = add(border=1, align="right", num_format="#,##0", bold=True)
        self.warning = add(italic=True, text_wrap=False)


def _write_totals(
    sheet: Worksheet, table: Consolidation, notes: dict[str, list[tuple[str, str]]], styles: _Styles
) -> None:
    spec = table.spec
    figure_cols = {column.key: index for index, column in enumerate(spec.columns)}
    count_cols = {column.key: len(spec.columns) + i for i, column in enumerate(spec.figure_columns)}
    last_col = len(spec.columns) + len(count_cols) - 1
    set_columns(sheet, spec)
    sheet.set_column(len(spec.columns), last_col, FIGURE_WIDTH)
    titles = spec.title.split("\n")
    for row, text in enumerate(titles):
        sheet.merge_range(row, 0, row, len(spec.columns) - 1, text, styles.title)
    sheet.merge_range(len(titles), 0, len(titles), len(spec.columns) - 1, _coverage(table), styles.subtitle)
    head_row = len(titles) + 2
    write_head(sheet, spec, head_row, styles.head)
    merged(sheet, head_row, len(spec.columns), head_row, last_col, "Số đơn vị có số", styles.head)
    for column in spec.figure_columns:
        sheet.write_string(head_row + 1, count_cols[column.key], column.label, styles.head)
    sheet.set_row(head_row + 1, 34)
    sheet.freeze_panes(head_row + 2, 2)
    for row, line in enumerate(spec.lines, start=head_row + 2):
        bold = styles.text if line.kind == "line" else styles.bold
        for col in range(last_col + 1):
            sheet.write_blank(row, col, None, styles.text)
        write_text(sheet, row, 0, line.printed, styles.middle)
        sheet.write_string(row, 1, line.label, bold)
        write_text(sheet, row, 2, line.unit_of_measure, styles.middle)
        for cell in line.cells:
            write_figure(sheet, row, figure_cols[cell.column], table.totals[cell.position], styles.total)
            sheet.write_number(row, count_cols[cell.column], table.counts[cell.position], styles.figure)
        note = _short(notes[line.number])
        write_text(sheet, row, figure_cols["note"], note, styles.text)
        make_tall(sheet, row, max(lines_of(line.label, WIDTHS["label"]), lines_of(note, WIDTHS["note"])))
    sheet.ignore_errors({"number_stored_as_text": "A1:A2000"})
    last_row = head_row + 1 + len(spec.lines)
    print_on_a4(sheet, head_row, last_row, len(spec.columns) - 1)
    _warn_of_text(sheet, table, last_row + 2, styles)


def _coverage(table: Consolidation) -> str:
    have = len(table.units)
    return (
        f"Số tổng hợp của {have} đơn vị"
        if table.expected is None
        else f"Số tổng hợp của {have}/{table.expected} đơn vị"
    )


def _warn_of_text(sheet: Worksheet, table: Consolidation, row: int, styles: _Styles) -> None:
    if any(total is not None and total >= EXACT_DIGITS for total in table.totals):
        text = "Số dài hơn 15 chữ số được ghi dạng chữ, vì Excel sẽ làm tròn nếu ghi dạng số."
        sheet.write_string(row, 1, text, styles.warning)


def _write_units(sheet: Worksheet, table: Consolidation, styles: _Styles) -> None:
    """One row per cell of the form; a line with two measures takes two rows, its label on both."""
    heads = ["STT", table.spec.columns[1].label, "Đơn vị tính", "Tổng số", "Số đơn vị có số"]
    for col, text in enumerate(heads):
        sheet.merge_range(0, col, 1, col, text, styles.head)
    for col, unit in enumerate(table.units, start=len(heads)):
        sheet.write_string(0, col, clean_text(unit.name), styles.head)
        sheet.write_string(1, col, clean_text(unit.code), styles.middle)
    sheet.set_row(0, 66)
    sheet.set_column(0, 0, 7)
    sheet.set_column(1, 1, WIDTHS["label"])
    sheet.set_column(2, len(heads) + len(table.units), FIGURE_WIDTH)
    sheet.freeze_panes(2, len(heads))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0, 1)
    sheet.repeat_columns(0, 2)
    row = 2
    figures = list(zip(*(unit.figures for unit in table.units), strict=True))
    for line in table.spec.lines:
        bold = styles.text if line.kind == "line" else styles.bold
        for cell in line.cells or (None,):
            write_text(sheet, row, 0, line.printed, styles.middle)
            sheet.write_string(row, 1, line.label, bold)
            make_tall(sheet, row, lines_of(line.label, WIDTHS["label"]))
            if cell:
                sheet.write_string(row, 2, cell.measure, styles.middle)
                write_figure(sheet, row, 3, table.totals[cell.position], styles.total)
                sheet.write_number(row, 4, table.counts[cell.position], styles.figure)
                for col, value in enumerate(figures[cell.position], start=len(heads)):
                    if value is not None:
                        write_figure(sheet, row, col, value, styles.figure)
            row += 1
    sheet.ignore_errors({"number_stored_as_text": "A1:A2000"})


def _notes_by_line(table: Consolidation) -> dict[str, list[tuple[str, str]]]:
    """Line number → (unit's name, what it wrote there), lines and units in order."""
    found: dict[str, list[tuple[str, str]]] = {line.number: [] for line in table.spec.lines}
    for unit in table.units:
        for number, words in (*unit.notes.items(), *unit.texts.items()):
            found[number].append((clean_text(unit.name), clean_text(words)))
    return found


def _short(notes: list[tuple[str, str]]) -> str:
    """The notes on a line where they fit; else how many there are and where."""
    text = "\n".join(f"{unit}: {words}" for unit, words in notes)
    return text if len(text) <= LONG_NOTES else f"{len(notes)} ghi chú, xem trang “{NOTES_SHEET}”"


def _write_list(
    sheet: Worksheet,
    head: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Sequence[str]],
    styles: _Styles,
) -> None:
    for col, (text, width) in enumerate(zip(head, widths, strict=True)):
        sheet.set_column(col, col, width)
        sheet.write_string(0, col, text, styles.head)
    for row, values in enumerate(rows, start=1):
        for col, value in enumerate(values):
            sheet.write_string(row, col, value, styles.text)
        make_tall(sheet, row, max(map(lines_of, values, widths)))
    sheet.freeze_panes(1, 0)
