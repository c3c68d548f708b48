"""Headcounts of many units as an Excel sheet, out and in: one row a unit, day, group and trade."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import xlsxwriter

from hoctap.kernel.errors import Refusal
from hoctap.kernel.sheets import Sheet, cell_name, open_workbook, text_of
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


@dataclass
class HeadSheet:
    """What was read: rows that can be understood, and every cell that cannot, as ``Refusal.places``."""

    name: str
    rows: list[HeadRow] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)

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
    found = HeadSheet(sheet.name)
    head = [text_of(value) for value in (sheet.rows[0] if sheet.rows else ())]
    if [fold(title) for title in head[: len(HEADERS)]] != [fold(title) for title in HEADERS]:
        raise Refusal(
            f"Hàng đầu phải là: {', '.join(HEADERS)}. Tải mẫu từ Hoctap, chép dữ liệu sang rồi gửi lại."
        )
    for number in range(1, len(sheet.rows)):
        _read(sheet, number, found)
    if not found.rows and not found.wrong:
        raise Refusal("Tệp chưa có số người nào. Ghi cột Tổng số, từ hàng 2.")
    return found


def _read(sheet: Sheet, number: int, found: HeadSheet) -> None:
    values = [*sheet.rows[number], *[""] * len(HEADERS)][: len(HEADERS)]
    texts = [text_of(value) for value in values]
    if not texts[TOTAL] and not texts[WOMEN] and (number, TOTAL) not in sheet.formulas:
        return  # a row of the template that was not filled in
    wrong: list[tuple[int, str]] = [
        (column, "Ô này không nhận công thức; ghi thẳng giá trị.")
        for column in range(len(HEADERS))
        if (number, column) in sheet.formulas
    ]
    on, group = _day(values[ON]), _MEANT.get(fold(texts[GROUP]))
    total, women = _whole(texts[TOTAL]), _whole(texts[WOMEN]) if texts[WOMEN] else None
    if not texts[CODE]:
        wrong.append((CODE, "Ghi mã đơn vị."))
    if on is None:
        wrong.append((ON, "Ghi ngày dạng 31/12/2025."))
    if group is None:
        wrong.append((GROUP, f"Chọn một trong: {'; '.join(g.label for g in HeadcountGroup)}."))
    if total is None:
        wrong.append((TOTAL, "Ghi số nguyên từ 0."))
    if texts[WOMEN] and women is None:
        wrong.append((WOMEN, "Ghi số nguyên từ 0, hoặc để trống."))
    for column, why in wrong:
        holds = f"Đang ghi “{texts[column][:60]}”" if texts[column] else "Đang trống"
        found.wrong.append((found.place(number, column), f"{holds}. {why}"))
    if not wrong and on and group and total is not None:
        found.rows.append(HeadRow(texts[CODE], texts[NAME], on, group, texts[TRADE], total, women, number))


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 12 else None


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.strptime(text_of(value), "%d/%m/%Y").date()
    except ValueError:
        return None
