"""Headcounts of many units as an Excel sheet, out and in: one row a unit, day, group and trade."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

from hoctap.kernel.errors import Refusal
from hoctap.kernel.rows import Rows, Wrong
from hoctap.kernel.sheets import cell_name, open_workbook, text_of
from hoctap.kernel.vietnamese import fold
from hoctap.orgs.enums import HeadcountGroup

SHEET = "Số người"
HEADERS = ("Mã đơn vị", "Tên đơn vị", "Ngày đếm", "Nhóm", "Ngành nghề", "Tổng số", "Trong đó nữ")
CODE, NAME, ON, GROUP, TRADE, TOTAL, WOMEN = range(len(HEADERS))
MOST_ROWS = 20_000
_WIDTHS = (16, 48, 12, 22, 24, 10, 12)
_MEANT = {fold(label): group for group in HeadcountGroup for label in (group.label, group.value)}


@dataclass(frozen=True)
class HeadRow:
    """One count as the sheet says it; ``row`` from 0. ``total`` is None in a sheet to be filled in."""

    code: str
    name: str
    on: date
    group: HeadcountGroup
    trade: str
    total: int | None
    women: int | None
    row: int = 0


@dataclass(frozen=True)
class HeadSheet:
    """What was read: rows that can be understood, and every cell that cannot, as ``Refusal.places``."""

    name: str
    rows: list[HeadRow]
    wrong: list[Wrong]

    def place(self, row: int, column: int) -> str:
        return f"{self.name}!{cell_name(row, column)}"


def write_heads(rows: Iterable[HeadRow]) -> bytes:
    """The sheet, as .xlsx."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(SHEET)
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        day, text = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "@"})
        for column, (title, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, heading)
        sheet.freeze_panes(1, 2)
        choices = {"validate": "list", "source": [group.label for group in HeadcountGroup]}
        sheet.data_validation(1, GROUP, MOST_ROWS, GROUP, choices | {"ignore_blank": True})
        for line, row in enumerate(rows, 1):
            sheet.write_string(line, CODE, row.code, text)
            sheet.write_string(line, NAME, row.name)
            sheet.write_datetime(line, ON, datetime(row.on.year, row.on.month, row.on.day), day)
            sheet.write_string(line, GROUP, row.group.label)
            sheet.write_string(line, TRADE, row.trade)
            for column, number in ((TOTAL, row.total), (WOMEN, row.women)):
                if number is not None:
                    sheet.write_number(line, column, number)
    return out.getvalue()


def read_heads(data: bytes) -> HeadSheet:
    """Every row with a number of an .xlsx written as ``write_heads`` does; Refusal when the file itself cannot be taken."""
    sheets = open_workbook(data)
    if len(sheets) != 1:
        raise Refusal(f"Tệp phải có đúng một trang, đang có {len(sheets)}. Bỏ trang thừa rồi gửi.")
    [sheet] = sheets
    head = [text_of(value) for value in (sheet.rows[0] if sheet.rows else ())]
    if [fold(title) for title in head[: len(HEADERS)]] != [fold(title) for title in HEADERS]:
        raise Refusal(
            f"Hàng đầu phải là: {', '.join(HEADERS)}. Tải mẫu từ Hoctap, chép dữ liệu sang rồi gửi lại."
        )
    reader = _Reader(sheet, HEADERS)
    rows = [row for number in range(1, len(sheet.rows)) if (row := reader.read(number))]
    if not rows and not reader.wrong:
        raise Refusal("Tệp chưa có số người nào. Ghi cột Tổng số, từ hàng 2.")
    return HeadSheet(reader.name, rows, reader.wrong)


class _Reader(Rows):
    def read(self, row: int) -> HeadRow | None:
        """What the row says; None for one of the template that was not filled in, or that has a wrong cell."""
        before, texts = len(self.wrong), self.texts(row)
        if not texts[TOTAL] and not texts[WOMEN] and (row, TOTAL) not in self.formulas:
            return None
        self.check_formulas(row)
        on, group = self.day(row, ON), _MEANT.get(fold(texts[GROUP]))
        total, women = _whole(texts[TOTAL]), _whole(texts[WOMEN]) if texts[WOMEN] else None
        if not texts[CODE]:
            self.complain(row, CODE, "Ghi mã đơn vị.")
        if on is None:
            self.complain(row, ON, "Ghi ngày dạng 31/12/2025.")
        if group is None:
            self.complain(row, GROUP, f"Chọn một trong: {'; '.join(g.label for g in HeadcountGroup)}.")
        if total is None:
            self.complain(row, TOTAL, "Ghi số nguyên từ 0.")
        if texts[WOMEN] and women is None:
            self.complain(row, WOMEN, "Ghi số nguyên từ 0, hoặc để trống.")
        if len(self.wrong) > before or on is None or group is None or total is None:
            return None
        return HeadRow(texts[CODE], texts[NAME], on, group, texts[TRADE], total, women, row)


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 12 else None
