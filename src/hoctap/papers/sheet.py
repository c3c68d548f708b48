"""Figure tables as XLSX: the form's labels and order, figures as numbers.

Rows are streamed (XlsxWriter ``constant_memory``), so heading cells are joined by their borders
instead of being merged over two rows. Every text cell is marked as text: nothing becomes a formula.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from math import ceil

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from .content import Cell, FigureTable, TableAppendix, UnitStanding
from .tables import Band, head, lay_out
from .wording import DEMO, caps, cell_text, clean, figure

EXACT = 10**15  # Excel keeps 15 digits; a longer figure would be changed silently
LONGEST = 32_767  # letters in a cell
_WIDE = (
    "Số có trên 15 chữ số được ghi dạng chữ (ô tô vàng) vì Excel chỉ giữ đúng 15 chữ số: "
    "không cộng được bằng công thức."
)
_PAPER_WIDTH = 252.0  # millimetres, as in the printed appendix
_LETTERS_IN_MM = 0.55
_LINE_HEIGHT, _MOST_LINES = 16, 25  # points; Excel allows rows of 409 points
_BROAD = 0.88  # Times New Roman 12 against the letter Excel counts widths in


def render_xlsx(sheet: TableAppendix, *, units: Iterable[UnitStanding] = (), demo: bool = False) -> bytes:
    """The table of an appendix as a workbook, and on a second sheet the units it covers, if given."""
    out = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": clean(sheet.title).replace("\n", " ")})
        styles = _styles(book)
        _Figures(book.add_worksheet("Số liệu"), styles, sheet, demo).write()
        units = list(units)
        if units:
            _write_units(book.add_worksheet("Đơn vị"), styles, units, demo)
    return out.getvalue()


class _Figures:
    """The first sheet, written from top to bottom."""

    def __init__(self, page: Worksheet, styles: dict[str, Format], sheet: TableAppendix, demo: bool):
        self.page, self.styles, self.sheet, self.demo = page, styles, sheet, demo
        self.table = sheet.table
        self.widths = [_letters(self.table, place) for place in range(len(self.table.columns))]
        self.line = 0

    def write(self) -> None:
        _set_page(self.page, self.demo, wide=len(lay_out(self.table, _PAPER_WIDTH).bands))
        for place, width in enumerate(self.widths):
            self.page.set_column(place, place, width)
        self._write_top()
        first = self.line
        self._write_head()
        self.page.repeat_rows(first, self.line - 1)
        self.page.repeat_columns(0, self.table.key - 1)
        self.page.freeze_panes(self.line, self.table.key)
        wide = [self._write_row(row.cells, row.lead) for row in self.table.rows]
        for note in (*([_WIDE] if any(wide) else []), *self.sheet.notes):
            self._write_note(clean(note))

    def _write_top(self) -> None:
        parts = [*((line, "title") for line in caps(self.sheet.title).split("\n"))]
        parts += [(clean(self.sheet.caption), "caption")] if self.sheet.caption else []
        parts += [(DEMO, "caption")] if self.demo else []
        for text, style in parts:
            self.page.write_string(self.line, 0, _cut(text), self.styles[style])
            self.line += 1
        self.line += 1

    def _write_head(self) -> None:
        width = len(self.table.columns)
        cells = head(self.table, Band(tuple(range(width)), ()))
        deep = 1 + max(cell.line for cell in cells)
        for line in range(deep):
            labels = [cell.text for cell in cells if cell.line == line and cell.rows == 1]
            self._set_height([(label, 11.0) for label in labels])
            for cell in (cell for cell in cells if cell.line <= line < cell.line + cell.rows):
                bottom = line == cell.line + cell.rows - 1
                style = "head" if cell.rows == 1 else "head_low" if bottom else "head_high"
                text = clean(cell.text) if bottom else ""
                if cell.columns > 1:
                    last = cell.column + cell.columns - 1
                    self.page.merge_range(self.line, cell.column, self.line, last, text, self.styles[style])
                else:
                    self.page.write_string(self.line, cell.column, text, self.styles[style])
            self.line += 1

    def _write_row(self, cells: tuple[Cell, ...], lead: bool) -> bool:
        """One line of the table; whether it holds a figure Excel cannot keep."""
        wide = False
        texts = zip(map(cell_text, cells), self.widths, strict=True)
        self._set_height(texts)
        for place, (value, column) in enumerate(zip(cells, self.table.columns, strict=True)):
            style = self.styles[f"{column.kind}_lead" if lead else column.kind]
            if value is None:
                self.page.write_blank(self.line, place, None, style)
            elif isinstance(value, str):
                self.page.write_string(self.line, place, _cut(clean(value)), style)
            elif abs(value) < EXACT:
                self.page.write_number(self.line, place, value, style)
            else:
                wide = True
                self.page.write_string(self.line, place, figure(value), self.styles["wide"])
                self.page.write_comment(self.line, place, _WIDE)
        self.line += 1
        return wide

    def _write_note(self, text: str) -> None:
        last = self.table.main - 1
        self._set_height([(text, sum(self.widths[: last + 1]))])
        self.page.merge_range(self.line, 0, self.line, last, _cut(text), self.styles["note"])
        self.line += 1

    def _set_height(self, texts: Iterable[tuple[str, float]]) -> None:
        """Room for wrapped texts in columns so many letters wide; not every program finds it by itself."""
        lines = max((sum(map(_lines(width), text.split("\n"))) for text, width in texts), default=1)
        self.page.set_row(self.line, _LINE_HEIGHT * min(lines, _MOST_LINES))


def _lines(width: float) -> Callable[[str], int]:
    return lambda text: max(1, ceil(len(text) * _BROAD / width))


def _write_units(page: Worksheet, styles: dict[str, Format], units: list[UnitStanding], demo: bool) -> None:
    _set_page(page, demo, wide=1)
    covered = sum(unit.covered for unit in units)
    title = f"Số liệu gồm {figure(covered)}/{figure(len(units))} đơn vị"
    page.write_string(0, 0, title, styles["title"])
    page.write_string(1, 0, DEMO if demo else "", styles["caption"])
    heads = (("STT", 6), ("Đơn vị", 50), ("Có trong số tổng hợp", 16), ("Tình trạng", 24), ("Ghi chú", 40))
    for place, (label, width) in enumerate(heads):
        page.set_column(place, place, width)
        page.write_string(2, place, label, styles["head"])
    page.repeat_rows(2)
    page.freeze_panes(3, 2)
    page.autofilter(2, 0, 2 + len(units), len(heads) - 1)
    for place, unit in enumerate(units, 1):
        line = place + 2
        page.write_number(line, 0, place, styles["centre"])
        page.write_string(line, 1, _cut(clean(unit.name)), styles["text"])
        page.write_string(line, 2, "Có" if unit.covered else "Chưa", styles["centre"])
        page.write_string(line, 3, _cut(clean(unit.state)), styles["text"])
        page.write_string(line, 4, _cut(clean(unit.note)), styles["text"])


def _set_page(page: Worksheet, demo: bool, *, wide: int) -> None:
    """A4 on its side, ``wide`` sheets side by side and as many below each other as needed."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(wide, 0)
    page.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    page.set_footer(f"&L{DEMO if demo else ''}&RTrang &P/&N")


def _styles(book: Workbook) -> dict[str, Format]:
    face = {"font_name": "Times New Roman", "font_size": 12}
    cell = face | {"border": 1, "valign": "vcenter", "text_wrap": True}
    text = cell | {"quote_prefix": True}
    title = cell | {"bold": True, "align": "center", "bg_color": "#EFECE6"}
    made = {
        "title": face | {"bold": True, "font_size": 14},
        "caption": face | {"italic": True},
        "note": face | {"italic": True, "text_wrap": True, "valign": "top", "quote_prefix": True},
        "head": title,
        "head_high": title | {"bottom": 0},
        "head_low": title | {"top": 0},
        "wide": cell | {"align": "right", "bg_color": "#FFF2CC", "num_format": "@"},
        "text": text,
        "centre": text | {"align": "center"},
        "number": cell | {"align": "right", "num_format": "#,##0"},
    }
    for kind in ("text", "centre", "number"):
        made[f"{kind}_lead"] = made[kind] | {"bold": True}
    return {name: book.add_format(shape) for name, shape in made.items()}


def _letters(table: FigureTable, place: int) -> float:
    """The width of a column in letters, Excel's unit."""
    column = table.columns[place]
    width = column.width * (1.2 if column.grow else 1) * _LETTERS_IN_MM
    if column.kind != "number":
        return width
    figures = (row.cells[place] for row in table.rows)
    return max(width, 2 + max((len(figure(v)) for v in figures if isinstance(v, int)), default=0))


def _cut(text: str) -> str:
    """Excel refuses longer texts, and XlsxWriter would leave the cell empty without a word."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
