"""Units as an Excel sheet: one row a unit, one column of parent codes for each line. Pure reading and writing."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

import xlsxwriter
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from xlsxwriter.worksheet import Worksheet

from hoctap.kernel.errors import Refusal
from hoctap.kernel.rows import Rows, Wrong
from hoctap.kernel.sheets import Sheet, cell_name, open_workbook, text_of
from hoctap.kernel.vietnamese import fold
from hoctap.orgs.enums import UNIT_CODE, AreaType, Kind, Line

SHEET, CATALOGUE = "Đơn vị", "Danh mục"
ROOT = "Cao nhất"  # in a parent column: a root of that line; blank: not in the line
LINES = tuple(Line)
HEADERS = (
    "Mã",
    "Tên đơn vị",
    "Tên gọn",
    "Loại hình",
    "Cấp",
    "Địa danh",
    "Thư điện tử",
    *(f"Cấp trên ({line.label})" for line in LINES),
    "Từ ngày",
)
CODE, NAME, SHORT_NAME, KIND, AREA, PLACE, EMAIL = range(7)
PARENT = {line: EMAIL + 1 + n for n, line in enumerate(LINES)}
SINCE = len(HEADERS) - 1
_LENGTHS = {CODE: 40, NAME: 200, SHORT_NAME: 80, PLACE: 80}
_WIDTHS = (16, 44, 26, 22, 18, 20, 26, *(18 for _ in LINES), 12)
_CHOICES = {KIND: [(k.value, str(k.label)) for k in Kind], AREA: [(a.value, str(a.label)) for a in AreaType]}
_MEANT = {column: {fold(label): value for value, label in pairs} for column, pairs in _CHOICES.items()}
_HINTS = {
    CODE: "Mã có sẵn: sửa đơn vị đó. Mã mới: thêm đơn vị.",
    SINCE: "Ngày bắt đầu, dạng 01/07/2025. Cần khi thêm đơn vị, đổi tên, đổi cấp trên.",
    **{
        column: f"Mã của cấp trên. Trống: không thuộc tuyến này. “{ROOT}”: đứng đầu tuyến."
        for column in PARENT.values()
    },
}
_MOST_ROWS = 20_000


@dataclass(frozen=True)
class UnitRow:
    """One unit as the sheet says it. ``parents``: code, ``ROOT``, or absent when the unit is not in the line."""

    code: str
    name: str
    short_name: str
    kind: Kind
    area_type: AreaType
    place: str
    email: str
    parents: dict[Line, str]
    since: date | None = None
    row: int = 0  # where it stands, from 0


@dataclass(frozen=True)
class UnitSheet:
    """What was read: the rows that can be understood, and every cell that cannot."""

    name: str
    rows: list[UnitRow]
    wrong: list[Wrong]

    def place(self, row: UnitRow, column: int) -> str:
        return f"{self.name}!{cell_name(row.row, column)}"


def write_units(rows: Iterable[UnitRow]) -> bytes:
    """The sheet, as .xlsx. "Từ ngày" stays blank: it says since when a *change* holds."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(SHEET)
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "dd/mm/yyyy"})
        for column, (title, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width, day if column == SINCE else text)
            sheet.write_string(0, column, title, heading)
        sheet.freeze_panes(1, 2)
        _help_filling(book, sheet)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(_texts(row)):
                if value:
                    sheet.write_string(number, column, value, text)
    return out.getvalue()


def _help_filling(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    """Choices from a second sheet (labels contain commas, which a list within the cell takes for separators)."""
    last = _MOST_ROWS - 1
    for column, hint in _HINTS.items():
        show = {"validate": "any", "input_title": HEADERS[column], "input_message": hint}
        sheet.data_validation(1, column, last, column, show)
    choices = {column: [label for value, label in found if value] for column, found in _CHOICES.items()}
    for column, labels in choices.items():
        letter = "A" if column == KIND else "B"
        source = f"='{CATALOGUE}'!${letter}$2:${letter}${len(labels) + 1}"
        sheet.data_validation(1, column, last, column, {"validate": "list", "source": source})
    catalogue = book.add_worksheet(CATALOGUE)
    lists = zip_longest((HEADERS[KIND], *choices[KIND]), (HEADERS[AREA], *choices[AREA]), fillvalue="")
    for number, pair in enumerate(lists):
        catalogue.write_row(number, 0, pair)


def _texts(row: UnitRow) -> list[str]:
    area = row.area_type.label if row.area_type else ""
    parents = [row.parents.get(line, "") for line in LINES]
    return [row.code, row.name, row.short_name, row.kind.label, area, row.place, row.email, *parents]


def read_units(data: bytes) -> UnitSheet:
    """Every row of an .xlsx written as ``write_units`` does; a Refusal when the file itself cannot be taken."""
    sheets = [sheet for sheet in open_workbook(data) if sheet.name != CATALOGUE]
    if len(sheets) != 1:
        names = ", ".join(f"“{sheet.name}”" for sheet in sheets) or "không trang nào"
        raise Refusal(
            f"Tệp phải có đúng một trang đơn vị, đang có {len(sheets)}: {names}. Bỏ trang thừa rồi gửi."
        )
    reader = _Reader(sheets[0])
    reader.check_headers()
    rows = [reader.read(number) for number in reader.filled()]
    if not rows:
        raise Refusal("Tệp chưa có đơn vị nào. Ghi mỗi đơn vị một hàng, từ hàng 2.")
    return UnitSheet(reader.name, [row for row in rows if row], reader.wrong)


class _Reader(Rows):
    """The sheet being read, and the wrong cells found so far."""

    def __init__(self, sheet: Sheet):
        super().__init__(sheet, HEADERS)
        self.seen: dict[str, int] = {}

    def read(self, row: int) -> UnitRow | None:
        before = len(self.wrong)
        texts = self.texts(row)
        self.check_formulas(row)
        for column, length in _LENGTHS.items():
            if len(texts[column]) > length:
                self.complain(row, column, f"Nhiều nhất {length} ký tự.")
        for column in (NAME, SHORT_NAME):
            if not texts[column]:
                self.complain(row, column, f"Ghi {HEADERS[column].lower()}.")
        self._check_code(row, texts[CODE])
        kind = self._choice(row, KIND, texts[KIND])
        area = self._choice(row, AREA, texts[AREA]) if texts[AREA] else AreaType.NONE
        email, parents, since = self._email(row, texts[EMAIL]), self._parents(row, texts), self._since(row)
        if len(self.wrong) > before or kind is None or area is None:
            return None
        code, name, short = texts[CODE], texts[NAME], texts[SHORT_NAME]
        return UnitRow(
            code, name, short, Kind(kind), AreaType(area), texts[PLACE], email, parents, since, row
        )

    def _check_code(self, row: int, code: str) -> None:
        if not re.fullmatch(UNIT_CODE, code):
            self.complain(row, CODE, "Ghi mã đơn vị, chỉ gồm chữ, số, dấu chấm, gạch nối.")
        elif code in self.seen:
            self.complain(row, CODE, f"Mã này đã ở hàng {self.seen[code] + 1}; mỗi đơn vị chỉ một hàng.")
        else:
            self.seen[code] = row

    def _choice(self, row: int, column: int, text: str) -> str | None:
        if (value := _MEANT[column].get(fold(text))) is not None:
            return value
        labels = ", ".join(label for value, label in _CHOICES[column] if value)
        self.complain(row, column, f"Chọn một trong: {labels}.")
        return None

    def _email(self, row: int, text: str) -> str:
        try:
            if text:
                validate_email(text)
        except ValidationError:
            self.complain(row, EMAIL, "Ghi một địa chỉ thư điện tử, ví dụ pgd.q3@hcm.edu.vn.")
        return text

    def _parents(self, row: int, texts: list[str]) -> dict[Line, str]:
        found = {line: texts[column] for line, column in PARENT.items() if texts[column]}
        if not found:
            self.complain(row, PARENT[LINES[0]], f"Ghi mã cấp trên ở ít nhất một tuyến, hoặc “{ROOT}”.")
        return {line: ROOT if fold(code) == fold(ROOT) else code for line, code in found.items()}

    def _since(self, row: int) -> date | None:
        day = self.day(row, SINCE)
        if day is None and text_of(self.value(row, SINCE)):
            self.complain(row, SINCE, "Ghi ngày dạng 01/07/2025.")
        return day
