"""Completions from another platform as an Excel sheet: one row a completion. Pure reading and writing."""

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

import xlsxwriter

from hoctap.kernel.errors import Refusal
from hoctap.kernel.rows import Rows, Wrong
from hoctap.kernel.sheets import open_workbook, text_of

SHEET = "Kết quả học"
HEADERS = (
    "Họ và tên", "Năm sinh", "Nơi học", "Tên khóa học", "Ngày hoàn thành", "Số giờ", "Số chứng nhận", "Liên kết",
)  # fmt: skip
NAME, BORN, PLATFORM, TITLE, ON, HOURS, REFERENCE, LINK = range(len(HEADERS))
_WIDTHS = (28, 10, 26, 44, 16, 10, 22, 40)
_LENGTHS = {NAME: 120, PLATFORM: 120, TITLE: 250, REFERENCE: 120, LINK: 500}
_HINTS = {
    NAME: "Người đã có trong danh sách của đơn vị.",
    BORN: "Để nhận đúng người; trùng tên mà thiếu năm sinh thì Hoctap hỏi lại.",
    PLATFORM: "Ví dụ: binhdanhocvuso.gov.vn",
    ON: "Dạng 20/10/2023",
    HOURS: "Để trống nếu không rõ.",
    REFERENCE: "Cần số chứng nhận hoặc liên kết làm minh chứng.",
}
MOST_ROWS = 5_000
MOST_HOURS = 5_000


@dataclass(frozen=True)
class CompletionRow:
    """One row as the sheet says it; ``row`` where it stands, from 0."""

    name: str
    birth_year: int | None
    platform: str
    title: str
    on: date
    hours: Decimal | None
    reference: str
    link: str
    row: int


@dataclass(frozen=True)
class CompletionSheet:
    """What can be understood, and every cell that cannot: ("Kết quả học!E3", what it should hold)."""

    rows: list[CompletionRow]
    wrong: list[Wrong]


def blank_sheet() -> bytes:
    """The sheet to fill in, as .xlsx."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "dd/mm/yyyy"})
        for column, (title, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width, day if column == ON else text)
            sheet.write_string(0, column, title, heading)
            if hint := _HINTS.get(column):
                show = {"validate": "any", "input_title": title, "input_message": hint}
                sheet.data_validation(1, column, MOST_ROWS, column, show)
        sheet.freeze_panes(1, 1)
    return out.getvalue()


def read_completions(data: bytes) -> CompletionSheet:
    """Every row of an .xlsx made from ``blank_sheet``; a Refusal when the file itself cannot be taken."""
    sheets = [sheet for sheet in open_workbook(data) if any(map(any, sheet.rows))]
    if len(sheets) != 1:
        raise Refusal(f"Tệp phải có đúng một trang có dữ liệu, đang có {len(sheets)}. Tải mẫu rồi chép sang.")
    reader = _Reader(sheets[0], HEADERS)
    reader.check_headers()
    filled = reader.filled()
    if not filled:
        raise Refusal("Tệp chưa có hàng nào. Ghi mỗi kết quả học một hàng, từ hàng 2.")
    if len(filled) > MOST_ROWS:
        raise Refusal("Tệp có hơn 5.000 hàng. Chia thành nhiều tệp rồi gửi.")
    rows = [reader.read(row) for row in filled]
    return CompletionSheet([row for row in rows if row], reader.wrong)


class _Reader(Rows):
    """The sheet being read, and the wrong cells found so far."""

    def read(self, row: int) -> CompletionRow | None:
        before, texts = len(self.wrong), self.texts(row)
        self.check_formulas(row)
        for column, length in _LENGTHS.items():
            if len(texts[column]) > length:
                self.complain(row, column, f"Nhiều nhất {length} ký tự.")
        for column in (NAME, PLATFORM, TITLE):
            if not texts[column]:
                self.complain(row, column, f"Ghi {HEADERS[column].lower()}.")
        if texts[LINK] and not is_link(texts[LINK]):
            self.complain(row, LINK, "Liên kết phải bắt đầu bằng https:// hoặc http://.")
        if not texts[LINK] and not texts[REFERENCE]:
            self.complain(row, REFERENCE, "Cần số chứng nhận hoặc liên kết làm minh chứng.")
        born, on, hours = self._year(row), self._day(row), self._hours(row)
        if len(self.wrong) > before or on is None:
            return None
        return CompletionRow(
            texts[NAME], born, texts[PLATFORM], texts[TITLE], on, hours, texts[REFERENCE], texts[LINK], row
        )

    def _year(self, row: int) -> int | None:
        text = text_of(self.value(row, BORN))
        if not text:
            return None
        if text.isdecimal() and 1900 <= int(text[:9]) <= 2199:
            return int(text)
        self.complain(row, BORN, "Ghi năm sinh bốn chữ số, ví dụ 1985; không rõ thì để trống.")
        return None

    def _day(self, row: int) -> date | None:
        day = self.day(row, ON)
        if day is None:
            self.complain(row, ON, "Ghi ngày/tháng/năm, ví dụ 20/10/2023.")
        return day

    def _hours(self, row: int) -> Decimal | None:
        text = text_of(self.value(row, HOURS)).replace(",", ".")
        if not text:
            return None
        try:
            hours = Decimal(text).quantize(Decimal("0.1"))
        except InvalidOperation:
            hours = Decimal(-1)
        if 0 < hours <= MOST_HOURS:
            return hours
        self.complain(row, HOURS, "Ghi số giờ lớn hơn 0, ví dụ 12 hoặc 1,5; không rõ thì để trống.")
        return None


def is_link(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname)
