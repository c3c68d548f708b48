"""A sheet with one heading row, read row by row, and the cells of it that cannot be taken."""

from collections.abc import Sequence
from datetime import date, datetime

from hoctap.kernel.errors import Refusal
from hoctap.kernel.sheets import Sheet, Value, cell_name, text_of
from hoctap.kernel.vietnamese import fold

Wrong = tuple[str, str]  # ("Đơn vị!B5", what it holds and what it should hold), as Refusal.places


class Rows:
    """``wrong`` gathers what is said of single cells, so that a sheet is refused with all of it at once."""

    def __init__(self, sheet: Sheet, headers: Sequence[str]):
        self.name, self.rows, self.formulas = sheet.name, sheet.rows, sheet.formulas
        self.headers = headers
        self.wrong: list[Wrong] = []

    def filled(self) -> list[int]:
        """The rows under the heading in which anything stands, from 0 at the heading."""
        return [row for row in range(1, len(self.rows)) if any(self.texts(row))]

    def value(self, row: int, column: int) -> Value:
        values = self.rows[row]
        return values[column] if column < len(values) else ""

    def texts(self, row: int) -> list[str]:
        return [text_of(self.value(row, column)) for column in range(len(self.headers))]

    def complain(self, row: int, column: int, expected: str) -> None:
        found = text_of(self.value(row, column))
        holds = f"Đang ghi “{found[:60]}”" if found else "Đang trống"
        self.wrong.append((f"{self.name}!{cell_name(row, column)}", f"{holds}. {expected}"))

    def check_headers(self) -> None:
        """Refuse a sheet whose first row is not the headings; every wrong one is named."""
        if not self.rows:
            raise Refusal("Tệp trống. Tải mẫu từ Hoctap, ghi vào đó rồi gửi lại.")
        width = max(len(self.headers), len(self.rows[0]))
        for column, title in enumerate([*self.headers, *[""] * (width - len(self.headers))]):
            if fold(text_of(self.value(0, column))) != fold(title):
                expected = f"Tiêu đề cột phải là “{title}”." if title else "Cột thừa: xóa cột này."
                self.complain(0, column, expected)
        if self.wrong:
            cells = ", ".join(where.partition("!")[2] for where, _ in self.wrong)
            raise Refusal(
                f"Hàng tiêu đề không đúng mẫu (ô {cells}). Tải lại mẫu rồi chép dữ liệu sang.", self.wrong
            )

    def check_formulas(self, row: int) -> None:
        for column in range(len(self.headers)):
            if (row, column) in self.formulas:
                self.complain(row, column, "Ô này không nhận công thức; ghi thẳng giá trị.")

    def day(self, row: int, column: int) -> date | None:
        """The day in a cell, typed as a date or as 01/07/2025; None where it is neither."""
        value = self.value(row, column)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(text_of(value), "%d/%m/%Y").date()
        except ValueError:
            return None
