"""Every unit's figures as one long table, one row a unit, written while the rows come in: XLSX or CSV.

XlsxWriter makes the workbook with its headings, styles and printing; the rows themselves are put into its sheet as text,
one after the other, which takes a tenth of its time and no memory (docs/decisions, exports).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from html import escape
from itertools import groupby, islice
from typing import BinaryIO, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format

from hoctap.forms.figures import format_figure
from hoctap.forms.sheets.stamp import clean_text
from hoctap.forms.sheets.writing import EXACT_DIGITS, OPTIONS, merged
from hoctap.forms.spec import Cell, FormSpec, Line

SHEET = "Số liệu"
FASTEST = 1  # zlib's level: the best one takes three times as long for a quarter less
TOGETHER = 100  # rows compressed at a time
LEAST_WIDTH = 12
_DAY_ZERO = date(1899, 12, 30)  # of Excel's calendar
_RISKY = ("=", "+", "-", "@")


class UnitRow(NamedTuple):
    """Một đơn vị: ``received_at`` in the zone to be shown; ``figures`` in cell order, None where nothing counts."""

    code: str
    name: str
    consolidator: str
    state: str
    received_at: datetime | None
    doc_number: str
    doc_date: date | None
    figures: Sequence[int | None] | None


@dataclass(frozen=True, slots=True)
class Listing:
    """What the table is of. ``lines`` stand below the title: whose figures, of which moment."""

    spec: FormSpec
    title: str
    lines: Sequence[str]


# What stands before the figures: heading, width, kind.
LEAD = (
    ("Mã đơn vị", 16, "text"),
    ("Tên đơn vị", 46, "text"),
    ("Đơn vị tổng hợp", 34, "text"),
    ("Trạng thái", 16, "text"),
    ("Nhận lúc", 17, "moment"),
    ("Số báo cáo", 18, "text"),
    ("Ngày báo cáo", 13, "day"),
)


def write_xlsx(out: BinaryIO, listing: Listing, rows: Iterable[UnitRow], count: int) -> None:
    """The table as an .xlsx file; ``count`` is how many rows will come.

    Figures are numbers (blank where there is none), times and days are dates, everything else is text and stays it.
    """
    frame, head = _frame(listing, count), len(listing.lines) + 4
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=FASTEST) as book:
        for part in frame.infolist():
            if not part.filename.startswith("xl/worksheets/sheet"):
                book.writestr(part.filename, frame.read(part))
                continue
            before, pattern, after = _apart(frame.read(part).decode(), head)
            write = _row_writer(pattern)
            numbered = (write(number, row) for number, row in enumerate(rows, head + 1))
            with book.open(part.filename, "w") as sheet:
                sheet.write(before.encode())
                while some := "".join(islice(numbered, TOGETHER)):
                    sheet.write(some.encode())
                sheet.write(after.encode())


def write_csv(out: BinaryIO, listing: Listing, rows: Iterable[UnitRow]) -> None:
    """The same rows as CSV: one heading row, UTF-8 with a mark by which Excel knows it; days as 2023-10-12."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    lines, blank = csv.writer(text), (None,) * listing.spec.size
    measures = [f"{_label(line)} ({cell.measure})" for line, cell in _cells(listing.spec)]
    lines.writerow([*(heading for heading, _, _ in LEAD), *measures])
    lines.writerows(
        [
            *map(_harmless, row[:4]),
            f"{row.received_at:%Y-%m-%d %H:%M}" if row.received_at else "",
            _harmless(row.doc_number),
            row.doc_date or "",
            *(row.figures or blank),
        ]
        for row in rows
    )
    text.flush()
    text.detach()  # ``out`` stays open


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = clean_text(text)
    return f"'{text}" if text.startswith(_RISKY) else text


def _cells(spec: FormSpec) -> Iterator[tuple[Line, Cell]]:
    return zip(spec.line_of, spec.cells, strict=True)


def _label(line: Line) -> str:
    """A line as one names it away from its form: by the system's number, since sub-lines are printed without."""
    return f"{line.number.removesuffix('T')}. {clean_text(line.label).rstrip(':')}"


def _frame(listing: Listing, count: int) -> zipfile.ZipFile:
    """The workbook with its headings, and below them one blank row that shows the style of every column."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        sheet, head = book.add_worksheet(SHEET), len(listing.lines) + 2
        last = len(LEAD) + listing.spec.size - 1
        face = {"font_name": "Times New Roman", "font_size": 12}
        sheet.write_string(0, 0, clean_text(listing.title), book.add_format(face | {"bold": True}))
        for row, line in enumerate(listing.lines, 1):
            sheet.write_string(row, 0, clean_text(line), book.add_format(face | {"italic": True}))
        box = face | {"border": 1, "valign": "vcenter"}
        style = book.add_format(
            box | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#F2F2F2"}
        )
        _write_head(sheet, listing.spec, head, style)
        for column, shape in enumerate(_shapes(book, box, listing.spec.size)):
            sheet.write_blank(head + 2, column, None, shape)
        sheet.set_row(head, 96)
        sheet.freeze_panes(head + 2, 2)
        sheet.autofilter(head + 1, 0, head + 1 + count, last)
        sheet.ignore_errors({"number_stored_as_text": f"A1:G{head + 2 + count}"})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(head, head + 1)
        sheet.repeat_columns(0, 1)
    return zipfile.ZipFile(buffer)


def _write_head(sheet, spec: FormSpec, head: int, style: Format) -> None:
    """Two rows: the form's lines, and below each of them what is counted."""
    for column, (heading, width, _) in enumerate(LEAD):
        sheet.set_column(column, column, width)
        sheet.merge_range(head, column, head + 1, column, heading, style)
    first = len(LEAD)
    for line, found in groupby(_cells(spec), key=lambda pair: pair[0]):
        cells = [cell for _, cell in found]
        last = first + len(cells) - 1
        sheet.set_column(first, last, max(LEAST_WIDTH, 24 // len(cells)))
        merged(sheet, head, first, head, last, _label(line), style)
        for column, cell in enumerate(cells, first):
            sheet.write_string(head + 1, column, cell.measure, style)
        first = last + 1


def _shapes(book: xlsxwriter.Workbook, box: dict, figures: int) -> list[Format]:
    """The style of each column's cells; text is marked as text, so that editing it makes no formula of it."""
    kinds = {
        "text": book.add_format(box | {"quote_prefix": True}),
        "moment": book.add_format(box | {"num_format": "dd/mm/yyyy hh:mm", "align": "center"}),
        "day": book.add_format(box | {"num_format": "dd/mm/yyyy", "align": "center"}),
    }
    figure = book.add_format(box | {"num_format": "#,##0"})
    return [*(kinds[kind] for _, _, kind in LEAD), *[figure] * figures]


def _apart(sheet: str, pattern_row: int) -> tuple[str, list[tuple[str, str]], str]:
    """The sheet before its pattern row, each of that row's cells as (column, style), and what follows.

    Its own note of how far it reaches goes: it ends at the pattern row.
    """
    sheet = re.sub(r"<dimension [^>]*/>", "", sheet)
    before, row, after = re.split(rf'(<row r="{pattern_row + 1}".*?</row>)', sheet, maxsplit=1)
    return before, re.findall(r'<c r="([A-Z]+)\d+" s="(\d+)"/>', row), after


def _row_writer(pattern: list[tuple[str, str]]) -> Callable[[int, UnitRow], str]:
    """One row of the sheet as text, by its number from 0 and its values."""
    lead, places = pattern[: len(LEAD)], pattern[len(LEAD) :]
    blank = (None,) * len(places)

    def write(n: int, row: UnitRow) -> str:
        cells = [
            _cell(f"{column}{n}", style, value) for (column, style), value in zip(lead, row[:7], strict=True)
        ]
        cells += [
            f'<c r="{column}{n}" s="{style}"/>' if value is None
            else f'<c r="{column}{n}" s="{style}"><v>{value}</v></c>' if value < EXACT_DIGITS
            else _text(f"{column}{n}", style, format_figure(value))
            for (column, style), value in zip(places, row.figures or blank, strict=True)
        ]  # fmt: skip
        return f'<row r="{n}">{"".join(cells)}</row>'

    return write


def _cell(place: str, style: str, value: str | date | datetime | None) -> str:
    if not value:
        return f'<c r="{place}" s="{style}"/>'
    if isinstance(value, str):
        return _text(place, style, value)
    return f'<c r="{place}" s="{style}"><v>{_days(value)}</v></c>'


def _text(place: str, style: str, value: str) -> str:
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{escape(clean_text(value), quote=False)}</t></is></c>'


def _days(value: date | datetime) -> float:
    """A day, or a moment to the minute, as Excel counts them."""
    if isinstance(value, datetime):
        at: time = value.time()
        return (value.date() - _DAY_ZERO).days + round((at.hour * 60 + at.minute) / 1440, 8)
    return (value - _DAY_ZERO).days
