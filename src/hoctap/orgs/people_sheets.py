"""Persons as an Excel sheet: one row a person. Pure reading and writing.

A column of ID numbers, of ethnicity or religion stops the whole file: what nobody asked for is not even kept for a look.
"""

import io
from dataclasses import dataclass
from datetime import date

import xlsxwriter

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.rows import Rows, Wrong
from hoctap.kernel.sheets import Sheet, cell_name, open_workbook, text_of
from hoctap.kernel.vietnamese import fold
from hoctap.orgs.enums import Standing
from hoctap.people import rules

SHEET = "Người học"
HEADERS = (
    "Họ và tên",
    "Năm sinh",
    "Mã đơn vị",
    "Tư cách",
    "Liên hệ",
    "Người giám hộ",
    "Liên hệ người giám hộ",
    "Từ ngày",
)
NAME, YEAR, UNIT, STANDING, CONTACT, GUARDIAN, GUARDIAN_CONTACT, SINCE = range(len(HEADERS))
_WIDTHS = (30, 10, 18, 34, 26, 30, 26, 12)
_LENGTHS = {NAME: 120, UNIT: 40, CONTACT: 120, GUARDIAN: 120, GUARDIAN_CONTACT: 120}
_STANDINGS = {fold(label): Standing(value) for value, label in Standing.choices}
_NEVER = (
    "cccd", "cmnd", "can cuoc", "chung minh", "dinh danh", "ho chieu", "dan toc", "ton giao", "bhxh", "bao hiem",
)  # fmt: skip
_HINTS = {
    YEAR: "Bốn chữ số, ví dụ 1985. Không biết thì để trống.",
    UNIT: "Trống: đơn vị chọn trên trang nhập.",
    CONTACT: "Điện thoại hoặc thư điện tử. Không bắt buộc.",
    GUARDIAN: "Cần khi người học có thể chưa đủ 16 tuổi.",
    SINCE: "Thuộc đơn vị từ ngày, dạng 01/09/2023. Trống: hôm nay.",
}
MOST_ROWS = 10_000


@dataclass(frozen=True)
class PersonRow:
    """One person as the sheet says. ``unit_code`` blank: the unit chosen on the page; ``row`` from 0."""

    row: int
    full_name: str
    birth_year: int | None
    unit_code: str
    standing: Standing
    contact: str
    guardian_name: str
    guardian_contact: str
    since: date | None


@dataclass(frozen=True)
class PeopleSheet:
    """What was read: the rows that can be understood, and every cell that cannot."""

    name: str
    rows: list[PersonRow]
    wrong: list[Wrong]

    def place(self, row: PersonRow, column: int) -> str:
        return f"{self.name}!{cell_name(row.row, column)}"


def write_template() -> bytes:
    """The empty sheet to fill in, with its hints and choices."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(SHEET)
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        text = book.add_format({"num_format": "@"})
        for column, (title, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, title, heading)
        for column, hint in _HINTS.items():
            show = {"validate": "any", "input_title": HEADERS[column], "input_message": hint}
            sheet.data_validation(1, column, MOST_ROWS, column, show)
        lists = book.add_worksheet("Danh mục")
        for number, label in enumerate(Standing.labels):
            lists.write_string(number, 0, str(label))
        source = f"='Danh mục'!$A$1:$A${len(Standing.labels)}"  # labels hold commas: no list within the cell
        sheet.data_validation(1, STANDING, MOST_ROWS, STANDING, {"validate": "list", "source": source})
        sheet.freeze_panes(1, 1)
    return out.getvalue()


def read_people(data: bytes) -> PeopleSheet:
    """Every row of an .xlsx laid out as ``write_template`` does; a Refusal when the file itself cannot be taken."""
    sheets = [sheet for sheet in open_workbook(data) if sheet.name != "Danh mục"]
    if len(sheets) != 1:
        names = ", ".join(f"“{sheet.name}”" for sheet in sheets) or "không trang nào"
        raise Refusal(
            f"Tệp phải có đúng một trang danh sách, đang có {len(sheets)}: {names}. Bỏ trang thừa rồi gửi."
        )
    reader = _Reader(sheets[0])
    reader.check_headers()
    rows = [reader.read(number) for number in reader.filled()]
    if not rows:
        raise Refusal("Tệp chưa có ai. Ghi mỗi người một hàng, từ hàng 2.")
    if len(rows) > MOST_ROWS:
        raise Refusal(f"Tệp có {len(rows)} người, mỗi lần nhận nhiều nhất {MOST_ROWS}. Chia thành nhiều tệp.")
    return PeopleSheet(reader.name, [row for row in rows if row], reader.wrong)


class _Reader(Rows):
    """The sheet being read, and the wrong cells found so far."""

    def __init__(self, sheet: Sheet):
        super().__init__(sheet, HEADERS)
        self.today = clock.today()

    def check_headers(self) -> None:
        titles = [text_of(value) for value in self.rows[0]] if self.rows else []
        for column, title in enumerate(titles):
            if any(word in fold(title) for word in _NEVER):
                place = f"{self.name}!{cell_name(0, column)}"
                raise Refusal(
                    f"Cột “{title}” (ô {place}): Hoctap không nhận số giấy tờ tùy thân, dân tộc, tôn giáo, vì ghi nhận "
                    "việc học không cần đến. Xóa cả cột này rồi gửi lại; tệp vừa gửi không được giữ.",
                    [(place, "Xóa cả cột này.")],
                )
        super().check_headers()

    def read(self, row: int) -> PersonRow | None:
        before, texts = len(self.wrong), self.texts(row)
        self.check_formulas(row)
        if len(self.wrong) > before:
            return None
        for column, length in _LENGTHS.items():
            if len(texts[column]) > length:
                self.complain(row, column, f"Nhiều nhất {length} ký tự.")
        if not texts[NAME]:
            self.complain(row, NAME, "Ghi họ và tên.")
        year, standing, since = self._year(row, texts[YEAR]), self._standing(row, texts), self._since(row)
        for _label, why in rules.guardian_problems(year, texts[GUARDIAN], self.today):
            self.complain(row, GUARDIAN, why)
        if len(self.wrong) > before or standing is None:
            return None
        return PersonRow(
            row, texts[NAME], year, texts[UNIT], standing, texts[CONTACT], texts[GUARDIAN],
            texts[GUARDIAN_CONTACT], since,
        )  # fmt: skip

    def _year(self, row: int, text: str) -> int | None:
        if not text:
            return None
        year = int(text) if text.isdecimal() and len(text) == 4 else 0
        if not year or rules.year_problems(year, self.today):
            this_year = self.today.year
            self.complain(row, YEAR, f"Ghi năm từ {rules.EARLIEST_BIRTH} đến {this_year}, hoặc để trống.")
            return None
        return year

    def _standing(self, row: int, texts: list[str]) -> Standing | None:
        found = _STANDINGS.get(fold(texts[STANDING]))
        if found is None:
            labels = "; ".join(map(str, Standing.labels))
            self.complain(row, STANDING, f"Chọn một trong: {labels}.")
        return found

    def _since(self, row: int) -> date | None:
        day = self.day(row, SINCE)
        if day is None and text_of(self.value(row, SINCE)):
            self.complain(row, SINCE, "Ghi ngày dạng 01/09/2023, hoặc để trống.")
        return day
