"""Find the form's table in a sheet that somebody typed from the paper (no mark of ours, any rows above)."""

from __future__ import annotations

from collections.abc import Sequence

from hoctap.forms.sheets.layout import Places, table_slots
from hoctap.forms.sheets.refusal import Place, SheetRefusal
from hoctap.forms.sheets.values import text_of
from hoctap.forms.sheets.words import plain, same_words
from hoctap.forms.spec import FormSpec, Line
from hoctap.kernel.sheets import Value, cell_name

Rows = Sequence[Sequence[Value]]


def find_table(sheet: str, rows: Rows, spec: FormSpec) -> Places:
    """Places of the lines' printed words and of their slots; every line must be there, in the form's order.

    Blank rows and repeated headings between lines (a page break on paper) are passed over.
    """
    texts = [[text_of(value) for value in row] for row in rows]
    head, first_col = _find_head(sheet, texts, spec)
    col_of = {column.key: first_col + index for index, column in enumerate(spec.columns)}
    label_col = col_of["label"]
    headings = {plain(word) for column in spec.columns for word in (column.label, column.group)}
    row_of: dict[str, int] = {}
    for row in range(head + 1, len(texts)):
        if len(row_of) == len(spec.lines):
            break
        label = _at(texts, row, label_col)
        if not plain(label) or plain(label) in headings:
            _pass_over(sheet, texts, row, headings)
            continue
        line = spec.lines[len(row_of)]
        if not _is(line, label):
            raise SheetRefusal(
                where=[Place(sheet, cell_name(row, label_col), label, _expected(spec, line, label))]
            )
        _check_unit(sheet, texts, row, col_of["unit"], line)
        row_of[line.number] = row
    if len(row_of) < len(spec.lines):
        missing = spec.lines[len(row_of)]
        raise SheetRefusal(
            f"trang “{sheet}” thiếu dòng “{missing.label}”. Bổ sung đủ các dòng của biểu rồi gửi."
        )
    printed = {
        (row, col_of[key]): _at(texts, row, col_of[key])
        for row in row_of.values()
        for key in ("stt", "label", "unit")
    }
    return Places(spec, printed, table_slots(spec, row_of, col_of))


def _at(texts: list[list[str]], row: int, col: int) -> str:
    return texts[row][col] if row < len(texts) and col < len(texts[row]) else ""


def _is(line: Line, label: str) -> bool:
    return any(same_words(label, spelling) for spelling in (line.label, *line.aliases))


def _find_head(sheet: str, texts: list[list[str]], spec: FormSpec) -> tuple[int, int]:
    """Row of the headings and column of the first one; grouped headings may stand one row lower."""
    label = spec.columns[1].label
    for row, values in enumerate(texts[:60]):
        for col, value in enumerate(values):
            if col and same_words(value, label):
                for index, column in enumerate(spec.columns):
                    place = (row, col - 1 + index)
                    found = [_at(texts, row, place[1]), _at(texts, row + 1, place[1])]
                    if not any(same_words(text, column.label) for text in found):
                        expected = f"Biểu in tên cột này là “{column.label}”. Sửa lại tên cột rồi gửi."
                        raise SheetRefusal(where=[Place(sheet, cell_name(*place), found[0], expected)])
                return row, col - 1
    raise SheetRefusal(
        f"trang “{sheet}” không có bảng với cột “{label}”. Đây không phải biểu của đợt báo cáo này."
    )


def _pass_over(sheet: str, texts: list[list[str]], row: int, headings: set[str]) -> None:
    """A row without a line's label may only be blank or repeat the headings."""
    for col, text in enumerate(texts[row]):
        if plain(text) and plain(text) not in headings:
            expected = (
                "Hàng này không có tên hoạt động nên không biết số của dòng nào. Ghi vào đúng dòng của biểu."
            )
            raise SheetRefusal(where=[Place(sheet, cell_name(row, col), text, expected)])


def _expected(spec: FormSpec, line: Line, label: str) -> str:
    known = any(_is(other, label) for other in spec.lines)
    why = "Thứ tự dòng khác biểu hoặc thiếu dòng" if known else "Biểu không có dòng này"
    return f"{why}; chỗ này phải là “{line.label}”. Sửa lại đúng biểu rồi gửi."


def _check_unit(sheet: str, texts: list[list[str]], row: int, col: int, line: Line) -> None:
    """A unit of measure left out is fine; another one (triệu đồng for đồng) would spoil the figures."""
    unit = _at(texts, row, col)
    if unit and not same_words(unit, line.unit_of_measure):
        expected = f"Đơn vị tính của dòng này là “{line.unit_of_measure}”. Đổi số theo đơn vị đó rồi gửi."
        raise SheetRefusal(where=[Place(sheet, cell_name(row, col), unit, expected)])
